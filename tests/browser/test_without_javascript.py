"""The daily work goes on where scripts are switched off or too new for the browser."""

import pytest
from playwright.sync_api import expect

from tests import factories as make
from tests.browser.acts import go, log_in, message, save, texts, touch
from tests.browser.county import give_password

pytestmark = pytest.mark.browser


@pytest.fixture
def plain(small, opened):
    """A window without scripts, in which the clerk of 芦溪镇 has logged in."""
    give_password(small.seats["township"].user, "clerk")
    page = opened(java_script_enabled=False)
    log_in(page, "clerk")
    return page


def test_a_list_is_filtered_and_the_filter_taken_off_again(small, plain):
    plain.goto("/ledgers/projects/")
    assert plain.locator(".total").inner_text().startswith("共 2 个项目")
    touch(plain.locator(".pick summary", has_text="签约类型"))
    plain.locator(".pick[open]").get_by_label("框架协议", exact=True).check()
    go(plain.locator(".pick[open]").get_by_role("button", name="筛选"))
    assert plain.locator(".total").inner_text().startswith("共 1 个项目")
    expect(plain.locator("tbody th")).to_have_text(["芦溪光伏框架项目"])
    go(plain.get_by_role("link", name="去掉筛选条件：签约类型"))
    assert plain.locator(".total").inner_text().startswith("共 2 个项目")


def test_a_list_is_paged_without_losing_or_repeating_a_row(small, plain):
    for _ in range(49):
        make.new_project(small.luxi)
    plain.goto("/ledgers/projects/")
    first = texts(plain.locator("tbody th"))
    go(plain.get_by_role("link", name="下一页"))
    second = texts(plain.locator("tbody th"))
    assert (len(first), len(second), len({*first, *second})) == (50, 1, 51)


def test_a_project_is_entered(plain):
    plain.goto("/ledgers/projects/new/")
    plain.locator("[name=name]").fill("芦溪冷链物流项目")
    plain.locator("[name=landing_unit]").select_option(label="芦溪镇")
    plain.locator("[name=signed]").fill("2024年6月18日")
    plain.locator("[name=total_investment]").fill("5200")
    save(plain)
    assert "已新增项目“芦溪冷链物流项目”" in message(plain)
