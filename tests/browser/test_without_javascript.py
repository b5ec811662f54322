"""The daily work goes on where scripts are switched off or too new for the browser."""

import pytest

from tests import factories as make
from tests.browser.acts import log_in, message
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
    plain.locator(".pick summary", has_text="签约类型").click()
    plain.locator(".pick[open]").get_by_label("框架协议", exact=True).check()
    plain.locator(".pick[open]").get_by_role("button", name="筛选").click()
    plain.wait_for_url("**contract=framework**")
    assert plain.locator(".total").inner_text().startswith("共 1 个项目")
    assert plain.locator("tbody th").all_inner_texts() == ["芦溪光伏框架项目"]
    plain.get_by_role("link", name="去掉筛选条件：签约类型").click()
    assert plain.locator(".total").inner_text().startswith("共 2 个项目")


def test_a_list_is_paged_without_losing_or_repeating_a_row(small, plain):
    for _ in range(49):
        make.new_project(small.luxi)
    plain.goto("/ledgers/projects/")
    first = plain.locator("tbody th").all_inner_texts()
    plain.get_by_role("link", name="下一页").click()
    second = plain.locator("tbody th").all_inner_texts()
    assert (len(first), len(second), len({*first, *second})) == (50, 1, 51)


def test_a_project_is_entered(plain):
    plain.goto("/ledgers/projects/new/")
    plain.locator("[name=name]").fill("芦溪冷链物流项目")
    plain.locator("[name=landing_unit]").select_option(label="芦溪镇")
    plain.locator("[name=signed]").fill("2024年6月18日")
    plain.locator("[name=total_investment]").fill("5200")
    plain.get_by_role("button", name="保存", exact=True).click()
    assert "已新增项目“芦溪冷链物流项目”" in message(plain)
