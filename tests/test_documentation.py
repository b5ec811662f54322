"""Lists in the documentation are complete, because they are compared with the code."""

import re

import pytest
from django.conf import settings

from core.ledgers.ledger import all_ledgers

ROOT = settings.BASE_DIR
CODE = ("config", "core", "townships", "enterprises", "projects", "reporting", "scripts", "benchmarks", "tests")
READ_IN_PYTHON = re.compile(r"""(?:environ\.get\(|environ\.pop\(|environ\[|getenv\()\s*["'](\w+)["']""")
READ_IN_SHELL = re.compile(r"\$\{([A-Z_]+):-")


def environment_variables():
    python = [path.read_text() for folder in CODE for path in (ROOT / folder).rglob("*.py")]
    shell = [path.read_text() for path in (ROOT / "scripts").glob("*.sh")]
    found = [READ_IN_PYTHON.findall(text) for text in python] + [READ_IN_SHELL.findall(text) for text in shell]
    return {name for names in found for name in names}


@pytest.mark.parametrize("document", ["README.md", "docs/operating.md"])
def test_every_environment_variable_is_documented(document):
    rows = set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / document).read_text(), flags=re.MULTILINE))
    assert rows == environment_variables()


def test_every_make_target_is_in_the_readme():
    targets = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    named = set(re.findall(r"`make ([a-z-]+)", (ROOT / "README.md").read_text()))
    assert targets - {"help"} == named - {"help"}


MANUAL = (ROOT / "docs" / "用户手册.md").read_text()
PICTURES = ROOT / "docs" / "pictures"
MOST_BYTES = 150_000


def test_every_picture_of_the_manual_is_there_and_every_one_there_is_named():
    named = re.findall(r"!\[[^]]+\]\(pictures/([^)]+)\)", MANUAL)
    assert sorted(named) == sorted(path.name for path in PICTURES.iterdir())


def test_pictures_are_small_enough_to_send():
    assert {path.name for path in PICTURES.iterdir() if path.stat().st_size > MOST_BYTES} == set()


def test_what_the_manual_tells_to_click_is_on_the_pages():
    """In 【】 stands what a button or link says; 新增 and 登记 are followed by what a ledger calls its rows."""
    code = [path for app in CODE[:6] for path in (ROOT / app).rglob("*.py")]
    shown = "\n".join(path.read_text() for path in [*(ROOT / "templates").rglob("*.html"), *code])
    composed = {f"{act}{ledger.noun}" for act in ("新增", "登记") for ledger in all_ledgers()}
    assert {word for word in re.findall("【(.+?)】", MANUAL) if word not in shown} - composed == set()


def test_the_manual_speaks_as_the_office_does():
    assert [mark for mark in "!！;" if mark in MANUAL.replace("![", "[")] == []
