"""An office clerk builds a scheme from nothing, tries it on real numbers, and puts it in force."""

import pytest

from reporting.models import Scheme
from tests.browser.acts import fill, message, save
from tests.browser.county import QUARTER

pytestmark = pytest.mark.browser


def begin(page):
    page.goto("/reports/schemes/")
    page.get_by_role("link", name="全部方案").click()
    page.get_by_role("link", name="新建方案").click()
    fill(page, name="芦塔擂台", year="2024", period="季")
    page.get_by_role("button", name="新建", exact=True).click()
    page.get_by_role("heading", name="启用前还差").wait_for()


def choose_units(page, *units):
    page.get_by_role("link", name="参评单位", exact=True).click()
    fill(page, document="县委办〔2024〕8号")
    ticked = page.locator("tbody input[type=checkbox]:checked").count()
    for unit in units:
        page.get_by_label(f"{unit}参评").check()
    save(page)
    return ticked


def pick(page, rule):
    """Choose a preset; the page brings its blanks."""
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.locator("[name=rule]").select_option(label=rule)
    page.locator("#rule .help", has_text="。").first.wait_for()


def add(page, what, **values):
    page.get_by_role("button", name=f"新增{what}").click()
    page.get_by_role("heading", level=1, name=f"新增{what}").wait_for()
    fill(page, **values)


def tried(page):
    """Unit → what the trial beside the form gives it."""
    rows = page.locator("#trial tbody tr").all()
    return {row.locator("th").inner_text().split()[0]: row.locator("td.number").inner_text() for row in rows}


def test_a_scheme_is_built_from_nothing_and_ranks(small, seated):
    page = seated(small.seats["county"])
    begin(page)
    assert choose_units(page, "塔山镇", "芦溪镇") == 2

    add(page, "指标", name="到位资金", family="项目建设", points="60")
    fill(page, slot_x="本年累计到位资金", slot_cap="100")
    page.locator("#trial tbody tr").first.wait_for()
    page.get_by_role("button", name="试算").click()
    assert tried(page) == {"塔山镇": "24", "芦溪镇": "0"}
    save(page)
    assert "新增指标“到位资金”" in message(page)

    add(page, "指标", name="签约", family="招商引资", points="40")
    pick(page, "分档")
    assert page.locator("[name=name]").input_value() == "签约"
    fill(page, slot_x="新签约金额", slot_p1="40", slot_p2="30", slot_p3="20")
    save(page)

    add(page, "加分项", name="新开工", cap="4")
    pick(page, "自己写算式")
    write_formula(page)
    save(page)
    assert "满分合计100分；加分1项" in page.locator(".answer").inner_text()

    page.get_by_role("button", name="上移：签约").click()
    page.wait_for_load_state()
    assert [box.input_value() for box in page.locator("#indicators td.cell-name input").all()] == ["签约", "到位资金"]

    page.get_by_role("link", name="启用", exact=True).click()
    page.get_by_role("button", name="启用").click()
    assert "已启用“芦塔擂台" in message(page)
    page.goto(f"/reports/ranking/{QUARTER}/")
    assert "芦塔擂台" in page.locator("main").inner_text()
    assert Scheme.objects.get(name="芦塔擂台").rules.bonuses[0].formula.text == "2*新开工项目数"


def write_formula(page):
    """Typed with the list of names beside it; a slip is said beside the box."""
    box = page.locator("[name=formula]")
    box.fill("2*新开工项目+")
    save(page)
    assert "公式没有写完" in page.locator(".field.wrong .errorlist").inner_text()
    box.fill("2*新开工")
    page.locator(".name-list").get_by_role("button", name="新签约金额").wait_for(state="hidden")
    page.locator(".name-list").get_by_role("button", name="新开工项目数").click()
    assert box.input_value() == "2*新开工项目数"


def test_it_is_built_without_javascript_too(small, seated):
    page = seated(small.seats["county"], java_script_enabled=False)
    begin(page)
    choose_units(page)
    add(page, "指标", name="签约", points="100", rule="全有全无")
    page.get_by_role("button", name="换成这种").click()
    page.wait_for_load_state()
    assert page.locator("[name=name]").input_value() == "签约"
    fill(page, slot_x="新签约金额")
    save(page)
    row = Scheme.objects.get(name="芦塔擂台")
    assert row.rules.indicators[0].formula.text == "IF(新签约金额>=时序目标(新签约金额), 满分, 0)"
    page.get_by_role("button", name="删除：签约").click()
    page.wait_for_load_state()
    assert "启用前还差1处" in page.locator("main").inner_text()
