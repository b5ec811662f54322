"""A whole month as its people go through it: opened, filled, signed, checked, returned, accepted, locked, counted."""

import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from core.dates import DateSpan
from core.periods import Period
from reporting.models import Metric
from reporting.targeting.services import set_targets
from tests import factories as make
from tests.browser.acts import accept_list, fill, go, in_a_new_window, message, press, save, touch
from townships.models import Duty, Role, UnitKind

pytestmark = pytest.mark.browser

PROJECT = "芦溪竹木家居项目"
SERIES = "税收收入"


@pytest.fixture
def month() -> Period:
    return Period.containing(timezone.localdate(), "month").previous()


@pytest.fixture
def people(small, month):
    """The small county with a running project and one series of a department, and everybody a month needs."""
    signed = DateSpan.day(month.previous().first_day)
    make.judge(make.signing_of(make.new_project(small.luxi, name=PROJECT, total_investment="9000", signed=signed)))
    bureau = make.new_unit(small.county, UnitKind.DEPARTMENT, name="县税务局")
    make.new_series(bureau, name=SERIES)
    taxes = Metric.objects.current().get(name=SERIES)
    with make.writing_as(small.county) as writing:
        given = {(taxes, unit): Decimal(1500) for unit in (small.luxi, small.tashan)}
        set_targets(writing, year=month.year, given=given, document="示例〔2026〕1号")
    return {
        "office": small.seats["county"],
        "reviewer": small.seats["county2"],
        "luxi": small.seats["township"],
        "luxi officer": small.seats["township2"],
        "tashan": make.township_seat(small.tashan, [Duty.ENTRY]),
        "bureau": make.new_seat(small.county, Role.DEPARTMENT, [Duty.ENTRY], unit=bureau),
        "bureau checker": make.new_seat(small.county, Role.DEPARTMENT, [Duty.REVIEW], unit=bureau),
        "leader": small.seats["leader"],
    }


@pytest.fixture
def desk(people, seated):
    """desk(name): that person's window, at their first page."""
    windows: dict[str, Page] = {}

    def open_window(name: str) -> Page:
        page = windows.get(name) or windows.setdefault(name, seated(people[name]))
        page.goto("/")
        return page

    return open_window


def follow(page: Page, name: str) -> None:
    go(page.locator("main a", has_text=re.compile(name)).first)


def open_row(page: Page, words: str) -> None:
    go(page.locator("main table a", has_text=words).first)


def my_report(page: Page, state: str, unit: str) -> None:
    """From the first page to the unit's report that waits there as `state`."""
    follow(page, f"^{state} ")
    open_row(page, unit)


def line_of(page: Page, project: str):
    return page.locator("fieldset.report-line", has=page.get_by_role("link", name=project))


def test_a_month_from_its_opening_to_the_statistics(small, people, desk, month, tmp_path):
    the_office_opens_the_month(desk("office"))
    the_clerk_fills_and_submits(desk("luxi"), month)
    the_officer_signs(desk("luxi officer"))
    the_other_township_has_nothing_and_signs_on_paper(desk("tashan"), tmp_path)
    the_department_pastes_its_figures(desk("bureau"), month)
    a_colleague_checks_them(desk("bureau checker"))
    the_reviewer_returns_one_report(desk("reviewer"))
    the_clerk_mends_it(desk("luxi"))
    the_officer_signs(desk("luxi officer"))
    the_reviewer_accepts_all(desk("reviewer"), small)
    the_month_is_locked(desk("reviewer"), month)
    nothing_more_can_be_filled_in(desk("luxi"))
    the_clerk_asks_for_one_row_again(desk("luxi"))
    the_reviewer_grants_it(desk("reviewer"))
    that_row_is_changed(desk("luxi"))
    the_leader_opens_a_figure(desk("leader"), month)


def the_office_opens_the_month(page):
    follow(page, "的月报还没有布置")
    press(page, "向没有月报的2个单位布置")
    assert message(page).startswith("已向2个单位布置")


def the_clerk_fills_and_submits(page, month):
    my_report(page, "待填报", "芦溪镇")
    follow(page, "^填报$")
    line = line_of(page, PROJECT)
    line.locator("[name$=-investment]").fill("350")
    line.locator("[name$=-progress]").fill("一号厂房主体封顶")
    line.locator("[name$=-next_step]").fill("下月安装设备")
    arrival = in_a_new_window(line.get_by_role("link", name="登记到位资金"))
    assert PROJECT in arrival.locator("[name=project]").input_value()
    fill(arrival, amount="600")
    save(arrival)
    assert "已新增到位资金" in message(arrival)
    arrival.close()
    press(page, "其余都无变化")
    assert "都已填报" in page.locator(".answer").inner_text()
    assert "本月到位资金600" in line_of(page, PROJECT).inner_text()
    go(page.get_by_role("button", name="保存并提交审核"))
    press(page, "提交审核")


def the_officer_signs(page):
    my_report(page, "待审核", "芦溪镇")
    assert "一号厂房主体封顶" in page.get_by_role("main").inner_text()
    follow(page, "^审核同意$")
    press(page, "审核同意")


def the_other_township_has_nothing_and_signs_on_paper(page, folder: Path):
    my_report(page, "待填报", "塔山镇")
    follow(page, "^零报告$")
    press(page, "零报告")
    follow(page, "^代签$")
    scan = folder / "签字页.pdf"
    scan.write_bytes(b"%PDF-1.7 scan")
    fill(page, signer="李镇长")
    page.locator("[name=paper]").set_input_files(scan)
    press(page, "代签")
    assert "李镇长代签" in page.locator(".title-line").inner_text()


def the_department_pastes_its_figures(page, month):
    follow(page, f"^{month.label}$")
    touch(page.get_by_text("已在Excel里填好的，从这里读入"))
    fill(page, paste="芦溪镇\t120\n塔山镇\t80")
    go(page.get_by_role("button", name="放进表里"))
    press(page, "保存")


def a_colleague_checks_them(page):
    follow(page, r"^\d+年\d+月$")
    press(page, "核对无误")


def the_reviewer_returns_one_report(page):
    my_report(page, "待受理", "芦溪镇")
    follow(page, "^退回乡镇$")
    fill(page, text="本月完成投资请附监理月报的口径")
    press(page, "退回乡镇")


def the_clerk_mends_it(page):
    my_report(page, "退回修改", "芦溪镇")
    assert "监理月报" in page.locator(".message.warning").inner_text()
    follow(page, "^填报$")
    line_of(page, PROJECT).locator("[name$=-progress]").fill("一号厂房主体封顶（监理月报第5期）")
    go(page.get_by_role("button", name="保存并提交审核"))
    press(page, "提交审核")


def the_reviewer_accepts_all(page, small):
    for unit in ("芦溪镇", "塔山镇"):
        page.goto("/")
        my_report(page, "待受理", unit)
        follow(page, "^受理$")
        press(page, "受理")
    page.goto(f"/ledgers/arrivals/?landing_unit={small.luxi.code}&verdict=pending")
    accept_list(page, "与凭证核对无误")
    assert message(page) == "已认定 1 笔到位资金。"


def the_month_is_locked(page, month):
    page.goto("/closing/")
    fill(page, month=month.code)
    for name in ("到位资金台账", "项目进展台账", "月报台账", "部门数据台账"):
        page.get_by_label(name, exact=True).check()
    go(page.get_by_role("main").get_by_role("button", name="下一步"))
    expect(page.locator("h1")).to_contain_text(f"{month.label}关账")
    press(page, "关账")
    assert month.label in page.locator("main table").inner_text()


def nothing_more_can_be_filled_in(page):
    page.goto("/ledgers/reports/")
    open_row(page, "芦溪镇")
    assert "已锁定" in page.locator(".title-line").inner_text()
    expect(page.locator(".actions a", has_text="填报")).to_have_count(0)


def the_clerk_asks_for_one_row_again(page):
    page.goto("/ledgers/arrivals/")
    open_row(page, PROJECT)
    follow(page, "^申请关账例外$")
    fill(page, reason="银行回单更换，需补充说明", wanted_until=f"{timezone.localdate() + timedelta(days=2):%Y-%m-%d}")
    press(page, "申请")


def the_reviewer_grants_it(page):
    assert int(page.locator(".todo-count").inner_text().split()[0]) >= 1
    follow(page, "^待批准 ")
    open_row(page, PROJECT)
    follow(page, "^批准$")
    press(page, "确定")
    assert message(page).startswith("已批准")


def that_row_is_changed(page):
    page.goto("/ledgers/arrivals/")
    open_row(page, PROJECT)
    follow(page, "^修改$")
    fill(page, remark="已更换回单")
    save(page)
    page.goto("/ledgers/closing_exceptions/")
    open_row(page, PROJECT)
    assert "备注：已更换回单" in page.get_by_role("main").inner_text()


def the_leader_opens_a_figure(page, month):
    follow(page, "^看最近一个月的月统计$")
    assert page.get_by_role("heading", level=1).inner_text() == f"{month.label}统计"
    taxes = page.locator("section.month-block", has=page.get_by_role("heading", name=SERIES))
    row = taxes.locator("tbody tr", has_text="芦溪镇")
    go(row.get_by_role("link", name="120", exact=False).first)
    assert "120" in page.locator(".sides > section").first.inner_text()
