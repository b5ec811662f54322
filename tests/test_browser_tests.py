"""No browser test looks at a page before it stands: what does not wait is left to tests/browser/acts.py.

Such a test passes on a quick machine and fails on a busy one, and says nothing of the product either way.
"""

import ast
from pathlib import Path

import pytest

from tests.source import Source, dotted

TEXTS = ("all", "all_inner_texts", "all_text_contents", "content", "count", "evaluate", "evaluate_all", "title")
STATES = ("is_checked", "is_disabled", "is_editable", "is_enabled", "is_hidden", "is_visible", "query_selector")
AT_ONCE = frozenset([*TEXTS, *STATES])
"""What playwright answers from whatever page is there; `expect(…)` looks until it sees."""
UNSAID = frozenset(["click", "dblclick", "wait_for_load_state", "wait_for_timeout"])
"""Where a click leads is said by `go` or `touch`; the others return while the old page is still there, or too late."""
ACTS = "acts.py"
MAY: dict[str, frozenset[str]] = {
    ACTS: AT_ONCE | UNSAID,
    "test_pages.py": frozenset({"content", "count", "evaluate", "title"}),  # of pages that `goto` waited for
    "test_supposing.py": frozenset({"evaluate"}),  # the script itself waits for the picture
}
"""file → what it may do nonetheless."""


def hasty(files: list[Source]) -> list[str]:
    """Calls that look or go on before a page stands."""
    return [
        f"{file.name}:{call.lineno} {verb}"
        for file in files
        for call in file.calls
        if (verb := _verb(call)) in AT_ONCE | UNSAID and verb not in MAY.get(file.name, ())
    ]


def _verb(call: ast.Call) -> str:
    """The last name of a chain of calls, unless the chain reads the database."""
    chain = dotted(call.func)
    return "" if ".objects" in chain else chain.rpartition(".")[2]


def browser_tests() -> list[Source]:
    folder = Path(__file__).parent / "browser"
    return [Source(path.name, path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.py"))]


def test_browser_tests_wait_for_what_they_look_at():
    assert hasty(browser_tests()) == []


def test_every_exception_is_still_needed():
    done = {(file.name, _verb(call)) for file in browser_tests() for call in file.calls}
    assert [(name, verb) for name in MAY for verb in MAY[name] if name != ACTS and (name, verb) not in done] == []


@pytest.mark.parametrize(
    "text",
    [
        'page.locator("#trial tr").all()',
        'assert page.locator(".wrong").count() == 1',
        'page.get_by_role("link", name="排名").click()',
        "page.wait_for_load_state()",
    ],
)
def test_haste_is_seen(text):
    assert len(hasty([Source("test_flow.py", text)])) == 1
    assert hasty([Source("test_flow.py", "Unit.objects.filter(name=name).count()")]) == []
