"""What people do on the pages, one act a function."""

from playwright.sync_api import Locator, Page

from tests.browser.county import PASSWORD, QUARTER


def log_in(page: Page, username: str) -> None:
    page.goto("/")
    page.get_by_label("账号").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("heading", level=1).wait_for()


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


def save(page: Page) -> None:
    page.get_by_role("button", name="保存", exact=True).click()
    page.wait_for_load_state()


def message(page: Page) -> str:
    return page.locator(".message").inner_text()


def tick(page: Page, filter_label: str, choice: str) -> None:
    """Open one filter of a list's line, tick one choice, and wait for the list to follow."""
    page.locator(".pick summary", has_text=filter_label).click()
    with page.expect_response(lambda response: "HX-Request" in response.headers.get("vary", "")):
        page.locator(".pick[open]").get_by_label(choice, exact=True).check()
    page.locator(".words li", has_text=choice).wait_for()


def accept_list(page: Page, note: str) -> None:
    """认定 of what the list shows now, as one action."""
    page.get_by_role("link", name="批量认定").click()
    fill(page, note=note)
    page.get_by_role("button", name="下结论").click()
    page.locator(".message").wait_for()


def ranking(page: Page) -> dict[str, tuple[str, str]]:
    """Unit → (rank, total) as the ranking page shows them."""
    page.goto(f"/reports/ranking/{QUARTER}/")
    rows = page.locator("table.ranking tbody tr:not(.group)").all()
    return {name: (rank, total) for rank, name, total in map(_ranked, rows)}


def _ranked(row: Locator) -> list[str]:
    cells = row.locator(".rank, th.who a, td.score")
    return [text.strip() for text in cells.all_inner_texts()]
