"""部门数据: months follow from what departments write down; only the owner reports, only another person checks."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from core.ledgers.ledger import ledger_for
from core.periods import Period
from core.records import Verdict
from reporting.department import services
from reporting.metrics import totals, value
from reporting.models import DepartmentFigure, Metric
from reporting.models.department_figures import Reply, SeriesKind
from tests import factories as make
from townships.models import Duty, Role, UnitKind

JANUARY, FEBRUARY, MARCH, APRIL = (date(2024, month, 1) for month in (1, 2, 3, 4))


@pytest.fixture
def county(db):
    return make.new_county()


@pytest.fixture
def bureau(county):
    return make.new_unit(county, UnitKind.DEPARTMENT, name="县统计局")


@pytest.fixture
def township(county):
    return make.new_township(county)


@pytest.fixture
def clerk(county, bureau):
    return make.new_seat(county, Role.DEPARTMENT, [Duty.ENTRY], unit=bureau)


@pytest.fixture
def checker(county, bureau):
    return make.new_seat(county, Role.DEPARTMENT, [Duty.REVIEW], unit=bureau)


def new_series(bureau, kind=SeriesKind.CUMULATIVE, name="固定资产投资", **values):
    with make.writing_as(bureau.county) as writing:
        return services.add_series(writing, name=name, owner=bureau, kind=kind, **values)


def report(clerk, series, unit, **months):
    """Months by their number, m1="100" and so on; a row each."""
    with make.writing_as(clerk) as writing:
        for name, said in months.items():
            month = date(2024, int(name[1:]), 1)
            services.report_month(writing, month=month, given={(series, unit): Decimal(said)})


def check(checker, verdict=Verdict.ACCEPTED, note="", **only):
    rows = DepartmentFigure.objects.current().filter(**only).select_related("series", "unit").order_by("pk")
    with make.writing_as(checker) as writing:
        return services.check_figures(writing, rows, verdict=verdict, on=make.TODAY, note=note)


def months_of(unit):
    rows = DepartmentFigure.objects.current().filter(unit=unit).with_months().order_by("happened_on")
    return [row.month_amount for row in rows]


@pytest.mark.parametrize(
    ("kind", "reported", "months"),
    [
        (SeriesKind.FLOW, ("100", "250", "240"), ("100", "250", "240")),
        (SeriesKind.CUMULATIVE, ("100", "250", "240"), ("100", "150", "-10")),
        (SeriesKind.STOCK, ("100", "250", "240"), ("100", "150", "-10")),
    ],
)
def test_a_month_follows_from_how_the_department_writes(clerk, bureau, township, kind, reported, months):
    series = new_series(bureau, kind)
    report(clerk, series, township, **{f"m{n}": said for n, said in enumerate(reported, start=1)})
    assert months_of(township) == [Decimal(month) for month in months]


def test_a_sum_begins_anew_in_january_and_a_stock_does_not(clerk, bureau, township):
    sums, stock = new_series(bureau), new_series(bureau, SeriesKind.STOCK, name="规上工业户数", unit_of_measure="户")
    with make.writing_as(clerk) as writing:
        for month, said in ((date(2023, 12, 1), "900"), (JANUARY, "950")):
            services.report_month(writing, month=month, given={(s, township): Decimal(said) for s in (sums, stock)})
    rows = DepartmentFigure.objects.filter(happened_on=JANUARY).with_months()
    assert {row.series_id: row.month_amount for row in rows} == {sums.pk: 950, stock.pk: 50}


def test_a_missing_month_is_made_up_by_the_next(clerk, bureau, township):
    series = new_series(bureau)
    report(clerk, series, township, m1="100", m3="240")
    assert months_of(township) == [100, 140]


def test_units_and_series_are_kept_apart(clerk, bureau, township, county):
    other, series, second = make.new_township(county), new_series(bureau), new_series(bureau, name="工业投资")
    report(clerk, series, township, m1="100")
    report(clerk, series, other, m2="70")
    report(clerk, second, township, m2="30")
    assert months_of(township) == [100, 30]
    assert months_of(other) == [70]


def test_the_metric_of_a_series_adds_up_to_what_was_reported(clerk, checker, bureau, township):
    series = new_series(bureau)
    report(clerk, series, township, m1="100", m2="250", m3="240")
    check(checker)
    metric = Metric.objects.get(name=series.name)
    figures = {period: value(metric, Period.parse(period), township) for period in ("2024-02", "2024Q1", "2024")}
    assert figures == {"2024-02": 150, "2024Q1": 240, "2024": 240}
    assert totals([(metric, Period.parse("2024Q1"))]) == [240]


def test_the_metric_of_a_stock_is_its_last_figure(clerk, checker, bureau, township):
    series = new_series(bureau, SeriesKind.STOCK, name="规上工业户数", unit_of_measure="户")
    report(clerk, series, township, m1="12", m2="14", m3="13")
    check(checker)
    metric = Metric.objects.get(name=series.name)
    assert [value(metric, Period.parse(p), township) for p in ("2024-01", "2024-02", "2024Q2")] == [12, 14, 13]


def test_what_nobody_checked_does_not_count_and_its_step_goes_to_the_next(clerk, checker, bureau, township):
    series = new_series(bureau)
    report(clerk, series, township, m1="100", m2="250", m3="240")
    check(checker, happened_on=JANUARY)
    check(checker, happened_on=MARCH)
    metric = Metric.objects.get(name=series.name)
    assert value(metric, Period.parse("2024-02"), township) == 0
    assert value(metric, Period.parse("2024-03"), township) == 140


def test_a_returned_figure_is_no_ground_for_the_next(clerk, checker, bureau, township):
    series = new_series(bureau)
    report(clerk, series, township, m1="100", m2="9999")
    check(checker, Verdict.RETURNED, note="单位填成了元", happened_on=FEBRUARY)
    report(clerk, series, township, m3="240")
    assert months_of(township) == [100, 9899, 140]


def test_a_department_reports_what_is_its_own_alone(county, bureau, township):
    stranger = make.new_seat(
        county, Role.DEPARTMENT, [Duty.ENTRY], unit=make.new_unit(county, UnitKind.DEPARTMENT, name="县税务局")
    )
    with pytest.raises(ValidationError, match="不能新增"):
        report(stranger, new_series(bureau), township, m1="100")


def test_a_township_reports_none_of_it(county, bureau, township):
    seat = make.new_seat(county, Role.TOWNSHIP, [Duty.ENTRY], unit=township)
    with pytest.raises(ValidationError, match="不能新增"):
        report(seat, new_series(bureau), township, m1="100")


def test_nobody_checks_their_own_figures(county, bureau, township):
    both = make.new_seat(county, Role.DEPARTMENT, [Duty.ENTRY, Duty.REVIEW], unit=bureau)
    report(both, new_series(bureau), township, m1="100")
    with pytest.raises(ValidationError, match="另一位同事"):
        check(both)


def test_another_department_does_not_check(county, clerk, bureau, township):
    stranger = make.new_seat(
        county, Role.DEPARTMENT, [Duty.REVIEW], unit=make.new_unit(county, UnitKind.DEPARTMENT, name="县税务局")
    )
    report(clerk, new_series(bureau), township, m1="100")
    with pytest.raises(ValidationError):
        check(stranger)


def test_the_county_office_may_enter_and_another_may_check_on_paper(county, checker, bureau, township):
    report(make.new_seat(county), new_series(bureau), township, m1="100")
    assert check(checker) == 1


def test_what_was_checked_changes_with_a_reason_and_waits_again(clerk, checker, bureau, township):
    series = new_series(bureau)
    report(clerk, series, township, m1="100")
    check(checker)
    with pytest.raises(ValidationError, match="写明原因"):
        report(clerk, series, township, m1="110")
    with make.writing_as(clerk) as writing:
        given = {(series, township): Decimal("110")}
        services.report_month(writing, month=JANUARY, given=given, reason="统计局修订")
    row = DepartmentFigure.objects.get(unit=township)
    assert (row.reported, row.verdict, row.note) == (110, Verdict.PENDING, "统计局修订")


def test_what_was_checked_is_not_emptied(clerk, checker, bureau, township):
    series = new_series(bureau)
    report(clerk, series, township, m1="100")
    check(checker)
    with pytest.raises(ValidationError, match="不能清空"), make.writing_as(clerk) as writing:
        services.report_month(writing, month=JANUARY, given={(series, township): None}, reason="没有")


def test_an_emptied_cell_withdraws_what_nobody_checked(clerk, bureau, township):
    series = new_series(bureau)
    report(clerk, series, township, m1="100")
    with make.writing_as(clerk) as writing:
        assert services.report_month(writing, month=JANUARY, given={(series, township): None}) == 1
    assert not DepartmentFigure.objects.current().exists()


def test_the_same_grid_again_changes_nothing(clerk, bureau, township):
    series = new_series(bureau)
    report(clerk, series, township, m1="100")
    with make.writing_as(clerk) as writing:
        assert services.report_month(writing, month=JANUARY, given={(series, township): Decimal("100")}) == 0


def test_a_joint_january_is_reported_in_february(clerk, bureau, township):
    series = new_series(bureau, joint_january=True)
    with pytest.raises(ValidationError, match="请填在2月"):
        report(clerk, series, township, m1="100")
    report(clerk, series, township, m2="100")
    assert months_of(township) == [100]


def test_a_department_may_reply_where_it_may_not_say_a_number(clerk, bureau, township):
    series = new_series(bureau, name="用电量核对", by_reply=True)
    with make.writing_as(clerk) as writing:
        services.report_month(writing, month=JANUARY, given={(series, township): Reply.CHECK.value})
    assert DepartmentFigure.objects.get().get_reply_display() == "建议核实"
    assert not Metric.objects.filter(name=series.name).exists()
    with pytest.raises(ValidationError, match="只答复是否一致"), make.writing_as(clerk) as writing:
        services.report(writing, month=FEBRUARY, series=series, unit=township, reported=Decimal(1))


def test_a_restricted_figure_stays_with_its_department_and_the_county(county, clerk, bureau, township):
    report(clerk, new_series(bureau, name="税收收入", restricted=True), township, m1="100")
    report(clerk, new_series(bureau), township, m1="200")
    own = make.new_seat(county, Role.TOWNSHIP, [Duty.ENTRY], unit=township)
    neighbour = make.new_seat(county, Role.TOWNSHIP, [Duty.ENTRY], unit=make.new_township(county))
    ledger = ledger_for("department_figures")
    seen = {seat: [row.reported for row in ledger.rows(seat).order_by("pk")] for seat in (clerk, own, neighbour)}
    assert seen == {clerk: [100, 200], own: [200], neighbour: []}


def test_a_series_with_figures_keeps_their_meaning(clerk, bureau, township):
    series = new_series(bureau)
    report(clerk, series, township, m1="100")
    with make.writing_as(bureau.county) as writing:
        with pytest.raises(ValidationError, match="不能再改"):
            services.change_series(writing, series, kind=SeriesKind.FLOW)
        with pytest.raises(ValidationError, match="不能改名"):
            services.change_series(writing, series, name="固投")
        assert services.change_series(writing, series, due_day=15).due_day == 15


def test_a_series_belongs_to_a_department(county, township):
    with pytest.raises(ValidationError, match="要选部门"):
        new_series(township)


def test_sums_of_different_series_are_not_said(clerk, bureau, township):
    series, second = new_series(bureau), new_series(bureau, name="旅游人次", unit_of_measure="万人次")
    report(clerk, series, township, m1="100")
    ledger = ledger_for("department_figures")
    assert ledger.totals(ledger.rows(clerk))["month_amount"] == 100
    report(clerk, second, township, m1="3")
    assert ledger.totals(ledger.rows(clerk)) == {"count": 2}
