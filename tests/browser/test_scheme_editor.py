"""An office clerk builds a scheme from nothing, tries it on real numbers, and puts it in force."""

import pytest
from playwright.sync_api import expect

from reporting.models import Scheme
from tests.browser.acts import fill, go, message, replaced, save, table, touch
from tests.browser.county import QUARTER

pytestmark = pytest.mark.browser


def begin(page):
    page.goto("/reports/schemes/")
    go(page.get_by_role("link", name="全部方案"))
    go(page.get_by_role("link", name="新建方案"))
    fill(page, name="芦塔擂台", year="2024", period="季")
    go(page.get_by_role("button", name="新建", exact=True))
    page.get_by_role("heading", name="启用前还差").wait_for()


def choose_units(page, *units, ticked):
    go(page.get_by_role("link", name="参评单位", exact=True))
    fill(page, document="县委办〔2024〕8号")
    expect(page.locator("tbody input[type=checkbox]:checked")).to_have_count(ticked)
    for unit in units:
        page.get_by_label(f"{unit}参评").check()
    save(page)


def pick(page, rule):
    """Choose a preset; the page brings its blanks."""
    with replaced(page.locator("#blanks")):
        page.locator("[name=rule]").select_option(label=rule)


def add(page, what, **values):
    go(page.get_by_role("button", name=f"新增{what}"))
    page.get_by_role("heading", level=1, name=f"新增{what}").wait_for()
    fill(page, **values)


def tried(page):
    """Unit → what the trial beside the form gives it."""
    rows = table(page.locator("#trial tbody tr"), "th, td.number")
    return {unit.split()[0]: value for unit, value in rows}


def test_a_scheme_is_built_from_nothing_and_ranks(small, seated):
    page = seated(small.seats["county"])
    begin(page)
    choose_units(page, "塔山镇", "芦溪镇", ticked=2)

    add(page, "指标", name="到位资金", family="项目建设", points="60")
    fill(page, slot_x="本年累计到位资金", slot_cap="100")
    page.locator("#trial tbody tr").first.wait_for()
    go(page.get_by_role("button", name="试算"))
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

    go(page.get_by_role("button", name="上移：签约"))
    for place, name in enumerate(["签约", "到位资金"]):
        expect(page.locator("#indicators td.cell-name input").nth(place)).to_have_value(name)

    go(page.get_by_role("link", name="启用", exact=True))
    go(page.get_by_role("button", name="启用"))
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
    touch(page.locator(".name-list").get_by_role("button", name="新开工项目数"))
    assert box.input_value() == "2*新开工项目数"


def test_it_is_built_without_javascript_too(small, seated):
    page = seated(small.seats["county"], java_script_enabled=False)
    begin(page)
    choose_units(page, ticked=2)
    add(page, "指标", name="签约", points="100", rule="全有全无")
    go(page.get_by_role("button", name="换成这种"))
    assert page.locator("[name=name]").input_value() == "签约"
    fill(page, slot_x="新签约金额")
    save(page)
    row = Scheme.objects.get(name="芦塔擂台")
    assert row.rules.indicators[0].formula.text == "IF(新签约金额>=时序目标(新签约金额), 满分, 0)"
    go(page.get_by_role("button", name="删除：签约"))
    assert "启用前还差1处" in page.locator("main").inner_text()
