"""The month's grid of 部门数据: filled in, pasted, asked about, checked by a second person."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.closing import close_month
from core.periods import month_of
from core.records import Verdict
from reporting.department import services
from reporting.department.month import before_of, due_on, preceding
from reporting.department.pasting import Unplaced, placed
from reporting.department.questions import Before, question
from reporting.department.waiting import figure_tasks
from reporting.models import DepartmentFigure, FigureSeries, Metric
from reporting.models.department_figures import SeriesKind
from tests import factories as make
from townships.models import Duty, Role, UnitKind

JANUARY, FEBRUARY, MARCH = (date(2024, month, 1) for month in (1, 2, 3))
PAGE = "/reports/department-figures/2024-03/"


# -- questions and pasting, without a database --------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "before", "kind", "asked"),
    [
        ("1000", Before(last=Decimal(1)), "flow", "上千倍"),
        ("999.9", Before(last=Decimal(1)), "flow", ""),
        ("1", Before(last=Decimal(1000)), "flow", "千分之一"),
        ("1.1", Before(last=Decimal(1000)), "flow", ""),
        ("0", Before(last=Decimal(1000)), "flow", ""),
        ("5000000", Before(year_ago=Decimal(500)), "cumulative", "上年同期"),
        ("5000000", Before(plan=Decimal(5000)), "cumulative", "全年目标"),
        ("1", Before(plan=Decimal(5000)), "cumulative", ""),
        ("99", Before(last=Decimal(100)), "cumulative", "本月数将为负"),
        ("100", Before(last=Decimal(100)), "cumulative", "与上月报的数相同"),
        ("100", Before(last=Decimal(100)), "flow", "与上月报的数相同"),
        ("100", Before(last=Decimal(100)), "stock", ""),
        ("99", Before(last=Decimal(100)), "stock", ""),
        ("-1", Before(), "flow", "是负数"),
        ("120", Before(last=Decimal(100)), "cumulative", ""),
        ("120", Before(), "cumulative", ""),
    ],
)
def test_what_is_asked_about_a_figure(value, before, kind, asked):
    sentence = question(Decimal(value), before, kind)
    assert asked in sentence
    assert bool(sentence) == bool(asked)


UNITS, COLUMNS = ("芦溪镇", "塔山镇"), ("固定资产投资", "1—2月用电量")


@pytest.mark.parametrize(
    ("text", "block"),
    [
        ("塔山镇\t1\t2\n芦溪镇\t3\t4", {(1, 0): "1", (1, 1): "2", (0, 0): "3", (0, 1): "4"}),
        ("1\t2\n3\t4\n", {(0, 0): "1", (0, 1): "2", (1, 0): "3", (1, 1): "4"}),
        ("单位\t1—2月用电量\t固定资产投资\n芦溪镇\t2\t1\n合计\t2\t1", {(0, 1): "2", (0, 0): "1"}),
        ("单位\t甲\t乙\n芦溪镇\t1,200.5万元\t—", {(0, 0): "1,200.5万元", (0, 1): "—"}),
        ("芦 溪 镇\t1", {(0, 0): "1"}),
    ],
)
def test_a_block_finds_its_place(text, block):
    assert placed(text, units=UNITS, columns=COLUMNS) == block


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (" \n", "粘贴框是空的"),
        ("芦溪镇\t1\t2\t3", "粘贴了3列数，表里只有2项"),
        ("1\t2\t3", "粘贴了3列数"),
        ("芦溪镇\t1\n东山镇\t2", "没有“东山镇”这个单位"),
        ("芦溪镇\t1\n芦溪镇\t2", "“芦溪镇”粘贴了两次"),
        ("1\n2\n3", "粘贴了3行数，表里只有2个单位"),
        ("单位\t固定资产投资\t税收\n芦溪镇\t1\t2", "没有“税收”这一项"),
        ("单位\t固定资产投资\t固定资产投资\n芦溪镇\t1\t2", "粘贴了两列"),
    ],
)
def test_a_block_without_a_sure_place_is_refused(text, sentence):
    with pytest.raises(Unplaced, match=sentence):
        placed(text, units=UNITS, columns=COLUMNS)


def test_months_before_and_due_days():
    assert preceding(JANUARY) == date(2023, 12, 1)
    assert due_on(FigureSeries(due_day=20), date(2024, 12, 1)) == date(2025, 1, 20)
    assert before_of(FigureSeries(joint_january=True), FEBRUARY) == date(2023, 12, 1)
    assert before_of(FigureSeries(), FEBRUARY) == JANUARY


# -- the page -----------------------------------------------------------------------------------------


@pytest.fixture
def bureau(county):
    return make.new_unit(county, UnitKind.DEPARTMENT, name="县统计局")


@pytest.fixture
def writer(county, bureau):
    return make.new_seat(county, Role.DEPARTMENT, [Duty.ENTRY], unit=bureau)


@pytest.fixture
def checker(county, bureau):
    return make.new_seat(county, Role.DEPARTMENT, [Duty.REVIEW], unit=bureau)


def new_series(bureau, name="固定资产投资", **values):
    with make.writing_as(bureau.county) as writing:
        return services.add_series(writing, name=name, owner=bureau, **values)


@pytest.fixture
def series(bureau, township, neighbour):
    """With two townships to report of."""
    return new_series(bureau)


def give(actor, series, unit, value, month=MARCH):
    with make.writing_as(actor) as writing:
        services.report_month(writing, month=month, given={(series, unit): value})
    return DepartmentFigure.objects.current().get(series=series, unit=unit, happened_on=month)


def filled(client, page=PAGE, **changes):
    """The page's boxes as they are shown, with `changes` typed over them by name."""
    form = client.get(page).context["form"]
    boxes = {name: form[name].value() or "" for name in form.fields if name.startswith("f-")}
    return {**boxes, "token": form["token"].value(), "seen": form.versions, "act": "keep", **changes}


def box(series, unit):
    return f"f-{series.code}-{unit.code}"


def reported():
    rows = DepartmentFigure.objects.current().order_by("unit__position")
    return {row.unit.name: row.reported for row in rows.select_related("unit")}


def test_a_month_is_filled_in_at_once(writer, series, township, neighbour, client_for):
    client = client_for(writer)
    typed = {box(series, township): "1,200.5", box(series, neighbour): "30"}
    answer = client.post(PAGE, filled(client, **typed), follow=True)
    assert reported() == {"芦溪镇": Decimal("1200.5"), "塔山镇": 30}
    assert "改动 2 格" in answer.content.decode()
    assert answer.context["table"].sums == (("1,230.5", "本月 1,230.5（推算）"),)


def test_a_question_keeps_what_was_typed_and_saves_nothing(writer, series, township, neighbour, client_for):
    give(writer, series, township, Decimal(100), FEBRUARY)
    client, name = client_for(writer), box(series, township)
    typed = filled(client, **{name: "1500000", box(series, neighbour): "7"})
    answer = client.post(PAGE, typed)
    assert answer.status_code == 422
    assert "大了上千倍" in answer.content.decode()
    assert answer.context["form"][box(series, neighbour)].value() == "7"
    assert not DepartmentFigure.objects.filter(happened_on=MARCH).exists()
    confirmed = client.post(PAGE, {**typed, f"ok{name[1:]}": "1500000"})
    assert confirmed.status_code == 302
    assert DepartmentFigure.objects.get(unit=township, happened_on=MARCH).reported == 1500000


def test_a_confirmation_holds_for_the_number_it_was_given_for(writer, series, township, client_for):
    give(writer, series, township, Decimal(100), FEBRUARY)
    client, name = client_for(writer), box(series, township)
    answer = client.post(PAGE, filled(client, **{name: "1600000", f"ok{name[1:]}": "1500000"}))
    assert answer.status_code == 422


def test_what_stands_there_is_not_asked_about_again(writer, series, township, neighbour, client_for):
    give(writer, series, township, Decimal(100), FEBRUARY)
    give(writer, series, township, Decimal(90))
    client = client_for(writer)
    assert client.post(PAGE, filled(client, **{box(series, neighbour): "5"})).status_code == 302


def test_a_sum_may_fall_and_is_never_negative(writer, series, township, client_for):
    client = client_for(writer)
    answer = client.post(PAGE, filled(client, **{box(series, township): "-5"}))
    assert answer.status_code == 422
    assert "本年累计数不能是负数" in answer.content.decode()


def test_what_is_no_number_is_said_beside_its_box(writer, series, township, client_for):
    client = client_for(writer)
    answer = client.post(PAGE, filled(client, **{box(series, township): "约100"}))
    assert answer.context["form"].errors.keys() == {box(series, township)}


def test_a_pasted_block_fills_the_boxes_and_is_not_saved_yet(writer, series, township, neighbour, client_for):
    client = client_for(writer)
    answer = client.post(PAGE, filled(client, act="paste", paste="塔山镇\t20\n芦溪镇\t10"))
    form = answer.context["form"]
    assert [form[box(series, unit)].value() for unit in (township, neighbour)] == ["10", "20"]
    assert "还没有保存" in answer.content.decode()
    assert not DepartmentFigure.objects.exists()


def test_a_block_that_does_not_fit_leaves_what_was_typed(writer, series, township, client_for):
    client, name = client_for(writer), box(series, township)
    answer = client.post(PAGE, filled(client, act="paste", paste="芦溪镇\t1\t2", **{name: "8"}))
    assert "粘贴了2列数，表里只有1项数据" in answer.content.decode()
    assert answer.context["form"][name].value() == "8"


def test_series_of_another_department_are_refused(county, writer, series, township, client_for):
    tax = new_series(make.new_unit(county, UnitKind.DEPARTMENT, name="县税务局"), "税收收入", restricted=True)
    client = client_for(writer)
    assert "税收收入" not in client.get(PAGE).content.decode()
    answer = client.post(PAGE, filled(client, **{box(tax, township): "5"}))
    assert answer.status_code == 422
    assert "不归您填报" in answer.content.decode()
    assert not DepartmentFigure.objects.exists()


def test_a_department_without_series_and_a_township_do_not_fill_in(county, series, clerk, client_for):
    other = make.new_seat(
        county, Role.DEPARTMENT, [Duty.ENTRY], unit=make.new_unit(county, UnitKind.DEPARTMENT, name="县税务局")
    )
    for seat in (other, clerk):
        client = client_for(seat)
        assert client.get(PAGE).context["fills"] is False
        assert client.post(PAGE, {}).status_code == 403


def test_a_township_sees_itself_and_nothing_kept_back(bureau, writer, series, township, neighbour, clerk, client_for):
    secret = new_series(bureau, "税收收入", restricted=True)
    for one in (series, secret):
        for unit in (township, neighbour):
            give(writer, one, unit, Decimal(4711))
    table = client_for(clerk).get(PAGE).context["table"]
    assert [(unit.name, [cell.said for cell in cells]) for unit, cells in table.rows] == [("芦溪镇", ["4,711"])]
    assert [one.name for one, _ in table.heads] == ["固定资产投资"]


def test_the_county_sees_all_departments_side_by_side(county, office, series, client_for):
    new_series(make.new_unit(county, UnitKind.DEPARTMENT, name="县税务局"), "税收收入")
    page = client_for(office).get(PAGE)
    assert page.context["table"].owners == (("县统计局", 1), ("县税务局", 1))
    assert page.context["fills"] is True


def test_a_closed_month_says_so(county, reviewer, writer, series, township, client_for):
    client = client_for(writer)
    typed = filled(client, **{box(series, township): "5"})
    with make.writing_as(reviewer) as writing:
        close_month(writing, ledger="department_figures", month=MARCH)
    answer = client.post(PAGE, typed)
    assert answer.status_code == 422
    assert "已经关账" in answer.content.decode()
    assert client.get(PAGE).context["fills"] is False


def test_a_month_to_come_is_refused(writer, series, township, client_for):
    client = client_for(writer)
    page = f"/reports/department-figures/{timezone.localdate().year + 1}-12/"
    answer = client.post(page, filled(client, page, **{box(series, township): "5"}))
    assert "还没有到" in answer.content.decode()


@pytest.mark.parametrize("period", ["2024", "2024Q1", "2024-13", "x"])
def test_only_months_have_a_table(period, writer, client_for):
    assert client_for(writer).get(f"/reports/department-figures/{period}/").status_code == 404


def test_the_two_months_that_are_one_are_asked_for_in_the_second(writer, bureau, township, client_for):
    joint = new_series(bureau, "工业产值", joint_january=True)
    client = client_for(writer)
    assert box(joint, township) not in client.get("/reports/department-figures/2024-01/").context["form"].fields
    assert box(joint, township) in client.get("/reports/department-figures/2024-02/").context["form"].fields


def test_a_department_answers_where_it_gives_no_number(writer, bureau, township, client_for):
    asked = new_series(bureau, "用电量核对", by_reply=True)
    client = client_for(writer)
    client.post(PAGE, filled(client, **{box(asked, township): "check"}))
    assert DepartmentFigure.objects.get().get_reply_display() == "建议核实"
    assert client.get(PAGE).context["table"].sums == (("—", ""),)


def test_a_change_made_meanwhile_is_not_overwritten(county, writer, series, township, client_for):
    give(writer, series, township, Decimal(10))
    client = client_for(writer)
    stale = filled(client, **{box(series, township): "11"})
    give(make.new_seat(county), series, township, Decimal(12))
    answer = client.post(PAGE, stale)
    assert "别人刚改过这一格" in answer.content.decode()
    assert client.post(PAGE, {**stale, "seen": answer.context["form"].versions}).status_code == 302
    assert reported() == {"芦溪镇": 11}


def test_what_was_checked_changes_with_a_reason(writer, checker, series, township, client_for):
    row = give(writer, series, township, Decimal(10))
    with make.writing_as(checker) as writing:
        services.check_figures(writing, [row], verdict=Verdict.ACCEPTED, on=make.TODAY)
    client, name = client_for(writer), box(series, township)
    answer = client.post(PAGE, filled(client, **{name: "11"}))
    assert answer.context["form"].errors.keys() == {"reason"}
    client.post(PAGE, filled(client, **{name: "11", "reason": "年报修订"}))
    row = DepartmentFigure.objects.get()
    assert (row.reported, row.verdict, row.note) == (11, Verdict.PENDING, "年报修订")


# -- checking -----------------------------------------------------------------------------------------


def tick(row):
    return f"{row.code}:{row.row_version}"


def test_a_second_person_checks_some_and_returns_others(writer, checker, series, township, neighbour, client_for):
    good, bad = (give(writer, series, unit, Decimal(10)) for unit in (township, neighbour))
    client = client_for(checker)
    assert client.post(f"{PAGE}check/", {"cells": [tick(good)], "verdict": "accepted"}).status_code == 302
    assert client.post(f"{PAGE}check/", {"cells": [tick(bad)], "verdict": "returned"}).status_code == 422
    client.post(f"{PAGE}check/", {"cells": [tick(bad)], "verdict": "returned", "note": "填成了元"})
    verdicts = {row.pk: row.verdict for row in DepartmentFigure.objects.all()}
    assert verdicts == {good.pk: Verdict.ACCEPTED, bad.pk: Verdict.RETURNED}
    assert "填成了元" in client_for(writer).get(PAGE).content.decode()


def test_a_figure_changed_meanwhile_is_not_checked_unseen(writer, checker, series, township, client_for):
    seen = tick(give(writer, series, township, Decimal(10)))
    give(writer, series, township, Decimal(11))
    answer = client_for(checker).post(f"{PAGE}check/", {"cells": [seen], "verdict": "accepted"})
    assert "刚刚有改动" in answer.content.decode()
    assert DepartmentFigure.objects.get().verdict == Verdict.PENDING


def test_own_figures_wait_for_somebody_else(county, bureau, series, township, client_for):
    both = make.new_seat(county, Role.DEPARTMENT, [Duty.ENTRY, Duty.REVIEW], unit=bureau)
    row = give(both, series, township, Decimal(10))
    client = client_for(both)
    assert tick(row) not in client.get(f"{PAGE}check/").content.decode()
    assert client.post(f"{PAGE}check/", {"cells": [tick(row)], "verdict": "accepted"}).status_code == 422


def test_who_may_not_check_is_told_so(writer, clerk, series, client_for):
    for seat in (writer, clerk):
        assert client_for(seat).get(f"{PAGE}check/").status_code == 403


def test_more_units_ask_no_more_questions(county, office, reviewer, bureau, writer, series, township, client_for):
    client, checks = client_for(office), client_for(reviewer)
    give(writer, series, township, Decimal(10))
    few = asked_of(client, PAGE), asked_of(checks, f"{PAGE}check/")
    second = new_series(bureau, "工业投资", kind=SeriesKind.FLOW)
    for _ in range(30):
        unit = make.new_township(county)
        give(writer, series, unit, Decimal(10))
        give(writer, second, unit, Decimal(5), FEBRUARY)
    assert (asked_of(client, PAGE), asked_of(checks, f"{PAGE}check/")) == few
    assert max(few) <= 20


def asked_of(client, address):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


# -- what waits ---------------------------------------------------------------------------------------


def set_up_in(series, year):
    """As if the series had been there for years."""
    FigureSeries.objects.filter(pk=series.pk).update(entered_at=series.entered_at.replace(year=year))


@pytest.mark.parametrize(
    ("today", "due"),
    [
        (date(2024, 4, 20), [(FEBRUARY, 2, 2), (MARCH, 1, 0)]),
        (date(2024, 4, 21), [(FEBRUARY, 2, 2), (MARCH, 1, 1)]),
        (date(2024, 5, 1), [(MARCH, 1, 1), (date(2024, 4, 1), 2, 0)]),
    ],
)
def test_a_department_hears_what_it_owes_and_what_is_late(today, due, writer, series, township):
    set_up_in(series, 2020)
    give(writer, series, township, Decimal(10))
    assert [(one.month, one.missing, one.late) for one in figure_tasks(writer, today).due] == due


def test_a_new_series_owes_nothing_of_before(writer, series):
    day = timezone.localdate(series.entered_at)
    months = [one.month for one in figure_tasks(writer, day).due]
    assert months == [month for month in (preceding(preceding(month_of(day))), preceding(month_of(day)))
                      if due_on(series, month) >= day]  # fmt: skip


def test_what_came_back_is_owed_again_by_the_department_alone(
    writer, checker, series, township, neighbour, clerk, client_for
):
    rows = [give(writer, series, unit, Decimal(10)) for unit in (township, neighbour)]
    with make.writing_as(checker) as writing:
        services.check_figures(writing, rows[:1], verdict=Verdict.RETURNED, on=make.TODAY, note="有误")
    set_up_in(series, 2020)
    assert [one.missing for one in figure_tasks(writer, date(2024, 4, 1)).due if one.month == MARCH] == [1]
    assert "部门数据" in client_for(writer).get("/").content.decode().partition("退回待改")[2][:600]
    assert "退回待改" not in client_for(clerk).get("/").content.decode()


def test_a_checker_hears_what_others_reported(writer, checker, series, township, neighbour, clerk, office):
    for unit in (township, neighbour):
        give(writer, series, unit, Decimal(10))
    assert figure_tasks(checker, make.TODAY).to_check == ((MARCH, 2),)
    assert figure_tasks(writer, make.TODAY).to_check == ()
    assert figure_tasks(clerk, make.TODAY) is figure_tasks(office, make.TODAY) is None


def test_the_home_page_says_it(writer, checker, series, township, client_for):
    set_up_in(series, 2020)
    assert "格没有报" in client_for(writer).get("/").content.decode()
    give(writer, series, township, Decimal(10))
    assert "等您核对" in client_for(checker).get("/").content.decode()


def test_a_figure_over_what_is_kept_back_is_kept_back(bureau, writer, clerk, office, township, client_for):
    open_, secret = new_series(bureau), new_series(bureau, "税收收入", restricted=True)
    codes = {one.name: Metric.objects.get(name=one.name).code for one in (open_, secret)}
    addresses = {name: f"/reports/metrics/{code}/2024Q1/{township.code}/" for name, code in codes.items()}
    answers = {
        (who, name): client_for(seat).get(address).status_code
        for who, seat in (("clerk", clerk), ("owner", writer), ("office", office))
        for name, address in addresses.items()
    }
    assert {key for key, status in answers.items() if status != 200} == {("clerk", "税收收入")}
    assert answers["clerk", "税收收入"] == 403


def test_a_list_says_a_count_as_a_count(writer, bureau, township, client_for):
    people = new_series(bureau, "游客人次", kind=SeriesKind.FLOW, unit_of_measure="人次")
    give(writer, people, township, Decimal(52_000))
    page = client_for(writer).get("/ledgers/department_figures/").content.decode()
    assert "本月数 52,000" in page
    assert "5.20 亿元" not in page


def test_a_figure_is_entered_in_its_ledger_too(writer, series, township, client_for):
    client = client_for(writer)
    told = {"unit": township.pk, "series": series.pk, "month": "2024-03"}
    for said in ("约100", "-5"):
        assert client.post("/ledgers/department_figures/new/", {**told, "reported": said}).status_code == 422
    assert client.post("/ledgers/department_figures/new/", {**told, "reported": "1,200.5"}).status_code == 302
    assert reported() == {"芦溪镇": Decimal("1200.5")}
