"""Lists in the documentation are complete, because they are compared with the code."""

import re

import pytest
from django.conf import settings

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
