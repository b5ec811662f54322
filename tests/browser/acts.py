"""What people do on the pages and see there, one act a function.

A page is looked at once it stands whole. So a click says here what it does: it leads to another page (`go` and what is
made of it), or it stays (`touch`). What looks at once, without waiting, stands in this file alone
(tests/test_browser_tests.py); elsewhere playwright's `expect` looks until it sees.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Download, Locator, Page, Route, expect

from tests.browser.county import PASSWORD, QUARTER


def go(way: Locator) -> None:
    """Click what leads to another page, or to this one anew, and wait until that one stands whole."""
    with way.page.expect_navigation():
        way.click()


def touch(thing: Locator) -> None:
    """Click what changes this page itself: unfolds, adds a row, writes a name."""
    thing.click()


def press(page: Page, name: str) -> None:
    """Do what the form's button says; the next page tells that it was done."""
    go(page.get_by_role("main").get_by_role("button", name=name, exact=True))
    page.locator(".message").first.wait_for()


def save(page: Page) -> None:
    """The next page may be the same form with what is wrong in it."""
    go(page.get_by_role("button", name="保存", exact=True))


def downloaded(link: Locator) -> Download:
    with link.page.expect_download() as waiting:
        link.click()
    return waiting.value


def in_a_new_window(link: Locator) -> Page:
    with link.page.expect_popup() as waiting:
        link.click()
    waiting.value.wait_for_load_state()
    return waiting.value


@contextmanager
def replaced(part: Locator) -> Iterator[None]:
    """What is done inside asks for this part of the page anew; waits until the old one is gone."""
    old = part.element_handle()
    yield
    old.wait_for_element_state("hidden")


@contextmanager
def answered_backwards(page: Page, first: re.Pattern[str]) -> Iterator[None]:
    """What is done inside asks the server more than once; it answers when all is asked, and the last question first.

    `first` is the address of the first question, without which nothing would be held.
    """
    held: list[Route] = []
    page.route("**", lambda route: held.append(route))
    with page.expect_request(first):
        yield
    page.route("**", lambda route: route.continue_())
    for route in reversed(held):
        with page.expect_response(lambda response, asked=route.request: response.request == asked):
            route.continue_()


def log_in(page: Page, username: str) -> None:
    page.goto("/")
    page.get_by_label("账号").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    go(page.get_by_role("button", name="登录"))
    expect(page.get_by_label("密码")).to_have_count(0)


def fill(page: Page, **values: str) -> None:
    """Type into the form's fields, or choose in them, by the names under which they are sent."""
    for name, value in values.items():
        field = page.locator(f"main [name={name}]")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)


def typed(page: Page, *names: str) -> list[str]:
    return [page.locator(f"main [name={name}]").input_value() for name in names]


def message(page: Page) -> str:
    return page.locator(".message").inner_text()


def tick(page: Page, filter_label: str, choice: str) -> None:
    """Open one filter of a list's line, tick one choice, and wait for the list to follow."""
    touch(page.locator(".pick summary", has_text=filter_label))
    with replaced(page.locator("#results .words")):
        page.locator(".pick[open]").get_by_label(choice, exact=True).check()
    page.locator(".words li", has_text=choice).wait_for()


def accept_list(page: Page, note: str) -> None:
    """认定 of what the list shows now, as one action."""
    go(page.get_by_role("link", name="批量认定"))
    fill(page, note=note)
    go(page.get_by_role("button", name="下结论"))
    page.locator(".message").wait_for()


def ranking(page: Page) -> dict[str, tuple[str, str]]:
    """Unit → (rank, total) as the ranking page shows them."""
    page.goto(f"/reports/ranking/{QUARTER}/")
    rows = table(page.locator("table.ranking tbody tr:not(.group)"), ".rank, th.who a, td.score")
    return {name: (rank, total) for rank, name, total in rows}


def table(rows: Locator, cells: str) -> list[list[str]]:
    """The texts of those cells, row by row; there is at least one row."""
    rows.first.wait_for()
    return [[text.strip() for text in row.locator(cells).all_inner_texts()] for row in rows.all()]


def texts(parts: Locator) -> list[str]:
    """What each of them says; there is at least one."""
    parts.first.wait_for(state="attached")  # the choices of a closed box are not visible
    return [text.strip() for text in parts.all_inner_texts()]


def fits(page: Page) -> bool:
    """Whether nothing but a table in its own frame is wider than the window."""
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
