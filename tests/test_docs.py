"""The glossary names every table and every ledger, and names nothing in the code that is not there."""

import re

import pytest
from django.apps import apps
from django.conf import settings

from core.ledgers.ledger import all_ledgers

OURS = ("core", "townships", "problems", "deadlines", "enterprises", "questions", "projects", "reporting")
GLOSSARY = (settings.BASE_DIR / "docs" / "glossary.md").read_text()
ROW = re.compile(r"^\| (?P<term>[^|]+?) \| (?P<name>[^|]+?) \| (?P<meaning>[^|]+?) \|$", re.MULTILINE)
ROWS = [match for match in ROW.finditer(GLOSSARY) if match["term"] != "Chinese"]
CHINESE = re.compile("[\u4e00-\u9fff]")


def spoken_names():
    """What pages call the tables and ledgers; tables of the machinery that no page names have no Chinese name."""
    tables = {str(model._meta.verbose_name) for model in apps.get_models() if model._meta.app_label in OURS}
    ledgers = {word for ledger in all_ledgers() for word in (ledger.name, ledger.noun)}
    return sorted(name for name in tables | ledgers if CHINESE.search(name))


@pytest.mark.parametrize("name", spoken_names())
def test_the_glossary_explains(name):
    assert name in {row["term"] for row in ROWS}


def test_no_term_is_explained_twice():
    terms = [row["term"] for row in ROWS]
    assert sorted(set(terms)) == sorted(terms)


def test_names_in_the_glossary_occur_in_the_code():
    code = "\n".join(path.read_text() for app in OURS for path in (settings.BASE_DIR / app).rglob("*.py"))
    named = [re.fullmatch("`(.+)`", row["name"]) for row in ROWS]
    missing = [match[1] for match in named if match and not re.search(rf"\b{match[1]}\b", code)]
    assert missing == []
