"""The contract that guards the idea: for every metric × unit × period × seat,

metric = list total = Σ drill-down lines = exported cell,
counted and 未计入 are disjoint and together all candidates, and every excluded row says why.
"""

from datetime import date
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.db import transaction
from django.utils import timezone

from core.closing import close_month
from core.dates import DateSpan
from core.ledgers.exporting import write_list
from core.ledgers.ledger import ledger_for
from core.periods import Period
from core.records import Verdict
from enterprises.cultivating import leave
from projects.lifecycle import Step
from projects.models import MonthlyReport
from projects.models.investment import InvestmentStep
from projects.models.projects import Contract, CreditScope, ShareRole
from projects.services import set_shares
from reporting.measures import PER_DATES, CreditRule, Measure
from reporting.metrics import (
    candidates,
    counted,
    counted_of,
    list_query,
    not_counted,
    not_counted_of,
    nothing,
    value,
    values,
)
from reporting.models import Metric
from reporting.record_figures import displayed, record_value
from reporting.services import add_metrics
from reporting.shipped import shipped_metrics
from tests import factories as make
from tests.ratings import closed, expert, new_sheet, say
from townships.deadlines.calendar import set_deadlines
from townships.models import UnitSuccession
from townships.problems.services import accept, apply_to_close

PERIODS = ["2024-01", "2024-02", "2024Q1", "2024Q2", "2024", "2025Q1"]
DAY = DateSpan.day


@pytest.fixture(scope="module")
def contested(django_db_setup, django_db_blocker):
    """Filled once for this file and undone at its end; each test runs inside and changes nothing."""
    with django_db_blocker.unblock(), transaction.atomic():
        county = make.new_county()
        units = [make.new_township(county) for _ in range(3)]
        series = series_of(county)
        with make.writing_as(county) as writing:
            add_metrics(writing, [*shipped_metrics(), *CUSTOM])
        rows = history_of(county, units)
        figures_of(series, units)
        gone = merged_away(county, units, series)
        yield {"county": county, "units": units, "gone": gone, "history": rows}
        transaction.set_rollback(True)


@pytest.fixture
def county(contested, db):
    return contested["county"]


@pytest.fixture
def units(contested, db):
    return contested["units"]


@pytest.fixture
def everybody(contested, db):
    """With the one that went into another on 2024-04-01."""
    return [*contested["units"], contested["gone"]]


@pytest.fixture
def history(contested, db):
    return contested["history"]


@pytest.fixture
def metrics(county):
    return list(Metric.objects.current().in_county(county.pk).order_by("pk"))


CUSTOM = (
    {
        "name": "有签约的月份数",
        "ledger": "projects",
        "measure": "months",
        "conditions": {"contract": ["formal", "framework"]},
        "basis": "happened",
        "span": "year_to_date",
    },
    *(
        {
            "name": f"共享项目{name}",
            "ledger": ledger,
            "measure": measure,
            "column": column,
            "conditions": {"shared": ["yes"]},
            "basis": "happened",
            "span": "year_to_date",
            "credit": credit,
            "credit_scope": scope,
        }
        for name, ledger, measure, column, credit, scope in (
            ("个数", "projects", "count", "", "whole", "number"),
            ("申报", "arrivals", "sum", "amount", "share", "funds"),
            ("投资", "agreements", "average", "total_investment", "share", "contract"),
        )
    ),
    {
        "name": "主体数据逾期月份",
        "ledger": "farm_months",
        "measure": "months",
        "conditions": {"timing": ["overdue"]},
        "basis": "happened",
        "span": "year_to_date",
        "credit": "whole",
    },
    *(
        {
            "name": f"{name}逾期天数",
            "ledger": ledger,
            "measure": "formula",
            "formula": "逾期天数",
            "conditions": {"timing": ["overdue"]},
            "basis": "happened",
            "span": "year_to_date",
            "has_target": False,
        }
        for name, ledger in (("主体数据", "farm_months"), ("部门数据", "department_figures"), ("到位资金", "arrivals"))
    ),
    {"name": "平均到位", "ledger": "arrivals", "measure": "average", "column": "verified_amount", "basis": "verified"},
    {"name": "各笔签约", "ledger": "agreements", "measure": "list", "column": "total_investment", "has_target": False},
    {"name": "认定总投资", "ledger": "projects", "measure": "sum", "column": "verified_investment"},
    {"name": "行业数", "ledger": "projects", "measure": "distinct", "column": "local_industry", "basis": "happened"},
    {
        "name": "怪指标",
        "ledger": "milestones",
        "measure": "formula",
        "formula": "IF(AND(节点=“开工”, 认定状态=“已认定”), 1, -1)/3*(落户乡镇<>“”)",
        "conditions": {"q": ["第"], "step": ["start", "ended"]},
        "basis": "happened",
        "span": "all_time",
    },
)
"""Measures that no shipped metric has, and an unusual mixture: by 发生日期, of all years, by words, in thirds."""


def history_of(county, units):
    """Everything that makes a figure disputable, once each."""
    first, second, third = units
    investors = [make.new_investor(county) for _ in range(2)]
    shared = make.new_project(
        first, investor=investors[0], total_investment="12345.6789", signed=DAY(date(2024, 1, 15))
    )
    with make.writing_as(county) as writing:
        set_shares(
            writing,
            project=shared,
            shares=[
                (first, ShareRole.LANDING, 3334),
                (second, ShareRole.FIRST_TALK, 3333),
                (third, ShareRole.REFERRAL, 3333),
            ],
        )
    divided_anew(county, first, second, third)
    framework = make.new_project(first, agreement={"kind": Contract.FRAMEWORK}, signed=DAY(date(2024, 2, 1)))
    make.new_project(first, signed=DAY(date(2024, 2, 2)))
    refused = make.new_project(second, signed=DAY(date(2024, 2, 3)))
    year_only = make.new_project(second, signed=DateSpan.year(2024))
    at_threshold = make.new_project(
        second, investor=investors[0], total_investment="10000", signed=DAY(date(2024, 3, 31))
    )
    below = make.new_project(third, investor=investors[1], total_investment="9999.9999", signed=DAY(date(2024, 4, 1)))
    make.judge(make.signing_of(refused), verdict=Verdict.REFUSED, note="房地产项目")
    for project in (shared, framework, year_only, at_threshold, below):
        make.judge(make.signing_of(project))
    for project, amount, month in (
        (shared, "1000.0001", 1),
        (shared, "-0.0007", 2),
        (at_threshold, "333.3333", 3),
        (below, "77", 4),
    ):
        make.judge(make.new_arrival(project, amount, date(2024, month, 1), remark="按凭证"))
    make.new_arrival(below, "500", date(2024, 4, 1))
    for project, amount, month in ((shared, "100.0001", 1), (shared, "-7", 3), (below, "20", 4)):
        make.judge(make.new_month(project, amount, date(2024, month, 1), remark="按进度单"))
    with make.writing_as(county) as writing:
        for ledger in ("arrivals", "milestones", "agreements"):
            close_month(writing, ledger=ledger, month=date(2024, 1, 1))
    late = make.new_arrival(shared, "50", date(2024, 1, 1), late_reason="凭证迟到")
    make.judge(late)
    make.judge(make.new_milestone(shared, Step.START, DAY(date(2024, 3, 2))))
    make.judge(make.new_milestone(at_threshold, Step.START, DateSpan.quarter(2024, 2)))
    make.new_milestone(below, Step.START, DAY(date(2024, 4, 2)))
    make.judge(make.new_milestone(below, Step.ENDED, DAY(date(2024, 5, 2)), reason="投资方撤资"))
    enterprises_of(first, second)
    cultivations_of(first, second)
    scores_of(units)
    ratings_of(units)
    problems_of(units)
    reports_of(units)
    deadlines_of(units)
    money_of(units)
    investments_of(units)
    return {"shared": shared, "late": late, "year_only": year_only, "below": below}


def merged_away(county, units, series):
    """A unit with rows of every kind, and a share beside its heir's, that goes into the second on 2024-04-01."""
    heir = units[1]
    gone = make.new_township(county)
    project = make.new_project(gone, total_investment="900.0001", signed=DAY(date(2024, 2, 9)))
    thirds = [(gone, ShareRole.LANDING, 3334), (heir, ShareRole.REFERRAL, 6666)]
    with make.writing_as(county) as writing:
        set_shares(writing, project=project, shares=thirds)
        halves = [(heir, ShareRole.REFERRAL, 5000), (gone, ShareRole.LANDING, 5000)]
        set_shares(writing, project=project, shares=halves, scope=CreditScope.FUNDS, since=date(2024, 4, 1))
    make.judge(make.signing_of(project))
    for month in (2, 5):
        make.judge(make.new_arrival(project, f"{month}0.0001", date(2024, month, 1)))
        make.new_arrival(project, "7", date(2024, month, 1), remark="另一笔")
    make.judge(make.new_milestone(project, Step.START, DAY(date(2024, 3, 20))))
    make.judge(make.new_month(project, "12.0001", date(2024, 4, 1)))
    make.judge(make.new_declaration(make.new_enterprise(gone), "listed", DAY(date(2024, 2, 5))))
    make.judge(make.new_visit(make.new_enterprise(gone), happened=DAY(date(2024, 2, 6))))
    make.judge(make.new_farms(gone, month=date(2024, 2, 1)))
    make.new_problem(gone, assigned_to=gone, raised_on=date(2024, 1, 9), deadline=date(2024, 4, 30))
    make.new_score(gone, "66.5", "2024Q1")
    make.new_allocation(gone, "80", allocated_on=date(2024, 4, 2))
    make.new_move(make.new_investment(gone, "800"))
    for one in series:
        make.judge(make.new_figure(one, gone, "3.5", date(2024, 2, 1)))
    with make.writing_as(county) as writing:
        writing.add(UnitSuccession(predecessor=gone, successor=heir, on=date(2024, 4, 1)))
    return gone


def investments_of(units):
    """One reporting, one silent, one applied for, one only due, one too small, one gone from the library."""
    first, second, third = units
    reporting, silent = (make.new_move(make.new_investment(unit, "700")).project for unit in (first, second))
    for month, amount in ((2, "120.0001"), (3, "-3")):
        told = make.new_investment_month(reporting, amount, date(2024, month, 1), remark="按反馈表")
        make.judge(told)
    make.new_investment_month(silent, "5", date(2024, 2, 1))
    make.new_move(make.new_investment(third), InvestmentStep.APPLIED)
    make.new_investment(third, started_on=date(2024, 4, 1))
    make.new_investment(first, "499.9999")
    gone = make.new_move(make.new_investment(second)).project
    make.new_move(gone, InvestmentStep.REMOVED, date(2024, 3, 31))


def divided_anew(county, first, second, third):
    """Shared 50/50 from March on; its money all along by an agreement of its own, its number from February on."""
    project = make.new_project(first, total_investment="20000.0003", signed=DAY(date(2024, 2, 20)))
    half, whole = (ShareRole.LANDING, 5000), (ShareRole.REFERRAL, 10_000)
    with make.writing_as(county) as writing:
        agreed = [(first, *half), (second, ShareRole.SUPPORT, 5000)]
        set_shares(writing, project=project, shares=agreed, since=date(2024, 3, 1))
        set_shares(writing, project=project, shares=[(third, *whole)], scope=CreditScope.NUMBER, since=date(2024, 2, 1))
        thirds = [(third, ShareRole.REFERRAL, 6667), (second, ShareRole.FIRST_TALK, 3333)]
        set_shares(writing, project=project, shares=thirds, scope=CreditScope.FUNDS)
    make.judge(make.signing_of(project))
    for month in (2, 3, 4):
        make.judge(make.new_arrival(project, f"{month}00.0001", date(2024, month, 1)))
    make.judge(make.new_milestone(project, Step.START, DAY(date(2024, 3, 20))))


def enterprises_of(first, second):
    """One enters the library, another enters and leaves it, a third is refused; one has ceased."""
    entered, left = make.new_enterprise(first), make.new_enterprise(second)
    make.new_enterprise(second, status="cancelled")
    for enterprise, step, day in (
        (entered, "intended", date(2024, 1, 5)),
        (entered, "submitted", date(2024, 2, 5)),
        (entered, "listed", date(2024, 3, 5)),
        (left, "listed", date(2024, 1, 9)),
        (left, "delisted", date(2024, 4, 9)),
    ):
        make.judge(make.new_declaration(enterprise, step, DAY(day)))
    refused = make.new_declaration(make.new_enterprise(first), "listed", DAY(date(2024, 3, 6)))
    make.judge(refused, verdict=Verdict.REFUSED, note="不在统计名单")


def cultivations_of(first, second):
    """Due and not in; due and then listed; in reserve and then out; due by a month that was judged late; refused."""
    mills = [make.new_enterprise(unit, industry="1711") for unit in (first, second, first, second, first)]
    entered, listed, left, late, refused = (
        make.new_cultivation(mill, happened=DAY(date(2024, 1, 8))) for mill in mills
    )
    for row in (entered, listed, left, late):
        make.judge(row)
    make.judge(refused, verdict=Verdict.REFUSED, note="不符合条件")
    for mill, month in ((mills[0], 1), (mills[1], 1), (mills[4], 1)):
        make.judge(make.new_figures(mill, date(2024, month, 1), revenue=Decimal(2000)))
    make.new_figures(mills[3], date(2024, 1, 1), revenue=Decimal(2000))
    make.judge(make.new_declaration(mills[1], "listed", DAY(date(2024, 3, 8))))
    with make.writing_as(first.county) as writing:
        leave(writing, row=left, on=date(2024, 3, 31), cause="unfit")


def scores_of(units):
    """成绩 as publishing leaves them: two quarters of 2024, one of them corrected, and a failed year 2023."""
    for code, totals in (("2024Q1", ("86.2", "55", None)), ("2024Q2", ("90", "58.5", "70")), ("2023", ("50",))):
        for unit, total in zip(units, totals, strict=False):
            make.new_score(unit, total, code)
    make.void(make.new_score(units[2], "1", "2024Q2"), reason="由第2版更正")


def problems_of(units):
    """One closed in time, one closed late, one overdue; of another unit one overdue, and one that nobody was given."""
    first, second, _ = units
    given = {"raised_on": date(2024, 1, 9), "deadline": date(2024, 3, 31)}
    for unit, applied in ((first, date(2024, 3, 31)), (first, date(2024, 4, 1)), (first, None), (second, None)):
        problem = make.new_problem(unit, assigned_to=unit, **given)
        if applied:
            with make.writing_as(unit.county, at=make.NOW.replace(month=applied.month, day=applied.day)) as writing:
                accept(writing, problem=apply_to_close(writing, problem=problem, text="办好了"))
    make.new_problem(second, raised_on=given["raised_on"])


def deadlines_of(units):
    """Rows of 2024-07-05: months after the deadline, within it, and of a month without one."""
    first, second, _ = units
    days = {"farm_months": {2: date(2024, 3, 8), 3: date(2024, 7, 5)}, "arrivals": {2: date(2024, 7, 4)}}
    with make.writing_as(first.county) as writing:
        for key, due in days.items():
            given = {date(2024, month, 1): day for month, day in due.items()}
            set_deadlines(writing, ledger=ledger_for(key), year=2024, days=given)
    for unit, month in ((first, 2), (first, 3), (second, 2), (second, 4)):
        make.judge(make.new_farms(unit, month=date(2024, month, 1)))


def reports_of(units):
    """Of March one in time, one late, one that never came; of April one that is late and not yet accepted."""
    first, second, third = units
    accepted, due = {"stage": "accepted", "accepted_on": make.TODAY}, date(2024, 4, 5)
    with make.writing_as(first.county) as writing:
        for unit, month, values in (
            (first, 3, {**accepted, "sent_on": due}),
            (second, 3, {**accepted, "sent_on": date(2024, 4, 9), "late_days": 4}),
            (third, 3, {}),
            (first, 4, {"stage": "accepting", "sent_on": date(2024, 5, 7), "late_days": 2}),
        ):
            day = due.replace(month=month + 1)
            report = MonthlyReport(unit=unit, month=date(2024, month, 1), due_on=day, **values)
            writing.add(report, permission="report-open")


def money_of(units):
    """财政资金 paid, paid back and refused; of a platform company's money as much, which is never added to it."""
    first, second, _ = units
    for kind in ("province", "county", "platform"):
        document = make.new_document(first.county, "1000", kind=kind)
        given = make.new_allocation(first, "300.0001", document=document, allocated_on=date(2024, 1, 20))
        make.new_allocation(second, "200", document=document, allocated_on=date(2024, 4, 1))
        for amount, month, verdict in (("100", 2, None), ("-7.5", 3, None), ("20", 3, Verdict.REFUSED)):
            remark = {"remark": "多拨退回"} if amount.startswith("-") else {}
            paid = make.new_payment(given, amount, DAY(date(2024, month, 6)), **remark)
            make.judge(paid, **({"verdict": verdict, "note": "凭证不符"} if verdict else {}))
        make.new_payment(given, "30", DAY(date(2024, 4, 6)))


def series_of(county):
    bureau = make.new_unit(county, "department")
    return [make.new_series(bureau, name=f"部门{kind}", kind=kind) for kind in ("flow", "cumulative", "stock")]


def figures_of(series, units):
    """A sum that falls, a stock, months of their own; the last month waits for its check."""
    for one in series:
        for unit, said in zip(units, (("10", "25.5", "24"), ("7", "7", "9")), strict=False):
            for month, amount in enumerate(said, 1):
                figure = make.new_figure(one, unit, amount, date(2024, month, 1))
                if month < 3:
                    make.judge(figure)


def ratings_of(units):
    """One topic of every shipped metric, answered in closed sheets; one of them corrected, one still open."""
    county, own = units[0].county, [make.township_seat(unit) for unit in units]
    parks, towns, team = (expert(county) for _ in range(3))
    panel = [(parks, "园区"), (towns, "乡镇"), (own[2], "乡镇"), (team, "工作队"), *((seat, "自评") for seat in own)]
    for topic, full in (("载体单位评价", "15"), ("工作队评价", "15"), ("服务和报送", "100")):
        sheet = new_sheet(county, units, panel, topic=topic, period="2024Q1", full_points=Decimal(full))
        for seat, said in ((parks, ("13", "14.5", "0")), (towns, ("11", "12.25", "15")), (own[2], ("9", "10"))):
            say(sheet, seat, dict(zip(units, said, strict=False)))
        say(sheet, own[0], {units[0]: "15"})
        say(sheet, team, {units[0]: "12"})
        say(sheet, parks, {units[0]: ("13.5", "更正")})
        closed(sheet)
    veto = new_sheet(county, units, [(team, "纪委"), (parks, "应急")], topic="一票否决", period="2024Q2", kind="veto")
    for seat in (team, parks):
        say(veto, seat, {units[0]: (1, "事由"), units[1]: 0, units[2]: 0})
    closed(veto)
    waiting = new_sheet(county, units, panel, topic="载体单位评价", period="2024Q2", full_points=Decimal(15))
    say(waiting, parks, {units[0]: "1"})


def everything(metrics, units):
    """Every metric and unit in every other period, by turns, so that each measure meets them all."""
    return [
        (metric, Period.parse(code), unit)
        for turn, metric in enumerate(metrics)
        for code in PERIODS[turn % 2 :: 2]
        for unit in units
    ]


def total_of(metric, query):
    """What the list page says above the rows and in them, read as the metric reads it."""
    totals, rows = query.totals, list(query.ordered)
    if metric.measure == Measure.SUM:
        return totals[f"credited_{metric.column}"] or Decimal(0)
    if metric.measure == Measure.AVERAGE:
        return (
            sum((getattr(row, f"credited_{metric.column}") for row in rows), Decimal(0)) / len(rows) if rows else None
        )
    if metric.measure == Measure.DISTINCT:
        return Decimal(len(set(query.rows.values_list(metric.column, flat=True)) - {None, ""}))
    if metric.measure in PER_DATES:
        return Decimal(len({dates_of(metric, row) for row in rows}))
    if metric.measure == Measure.LIST:
        return tuple(v for row in rows if (v := getattr(row, f"credited_{metric.column}")) is not None)
    if metric.measure == Measure.FORMULA:
        reckoned = displayed(metric, query.ledger, query.rows)
        parts = [record_value(metric, query.ledger, row) * row.credit_bp / 10_000 for row in reckoned]
        return sum(parts, Decimal(0))
    if metric.credit == CreditRule.WHOLE:
        return Decimal(totals["count"])
    return sum((Decimal(row.credit_bp) for row in rows), Decimal(0)) / 10_000


def dates_of(metric, row):
    """The month or quarter in which the row's date ends."""
    last = getattr(row, {"projects": "signed_until"}.get(metric.ledger, f"{metric.basis}_until"))
    last = row.counted_until if metric.basis == "counted" else last
    return (last.year, (last.month - 1) // (3 if metric.measure == Measure.QUARTERS else 1))


def total_of_lines(metric, lines):
    amounts = [line.amount for line in lines if line.amount is not None]
    if metric.measure in (Measure.SUM, Measure.FORMULA):
        return sum(amounts, Decimal(0))
    if metric.measure == Measure.AVERAGE:
        return sum(amounts, Decimal(0)) / len(lines) if lines else None
    if metric.measure == Measure.DISTINCT:
        return Decimal(len({getattr(line.record, metric.column) for line in lines} - {None, ""}))
    if metric.measure in PER_DATES:
        return Decimal(len({dates_of(metric, line.record) for line in lines}))
    if metric.measure == Measure.LIST:
        return tuple(amounts)
    return Decimal(len(lines)) if metric.credit == CreditRule.WHOLE else sum((line.share for line in lines), Decimal(0))


def test_metric_equals_list_equals_lines_equals_workbook(history, metrics, everybody, county):
    seat = make.new_seat(county)
    at_once = {}
    for metric, period, unit in everything(metrics, everybody):
        key = metric.pk, period
        at_once[key] = at_once.get(key) or values(metric, period)
        figure = at_once[key].get(unit.pk, nothing(metric))
        query = list_query(metric, period, unit, seat)
        assert figure == total_of(metric, query), (metric, period.code, unit)
        assert figure == total_of_lines(metric, counted(metric, period, unit)), (metric, period.code, unit)
    assert {m.measure for m in metrics} == set(Measure)


@pytest.mark.parametrize(
    ("name", "header", "period"),
    [
        ("到位资金", "计入认定金额（万元）", "2024Q1"),
        ("省外到位资金", "计入认定金额（万元）", "2024"),
        ("本年新签约金额", "计入认定总投资（万元）", "2024Q2"),
        ("认定总投资", "计入认定总投资（万元）", "2024"),
        ("各笔签约", "计入总投资（万元）", "2024"),
        ("季度总分", "总分", "2024Q2"),
        ("评委打分", "分值", "2024Q1"),
        ("一票否决答复", "分值", "2024"),
    ],
)
def test_metric_equals_the_exported_column(history, metrics, units, county, name, header, period):
    seat, when = make.new_seat(county), Period.parse(period)
    metric = next(m for m in metrics if m.name == name)
    for unit in units:
        stream = BytesIO()
        write_list(stream, list_query(metric, when, unit, seat), at=timezone.localtime())
        figure = value(metric, when, unit)
        total = sum(figure, Decimal(0)) if isinstance(figure, tuple) else figure
        assert exported_sum(stream, header) == total, unit


def exported_sum(stream, header):
    sheet = openpyxl.load_workbook(stream).active
    rows = list(sheet.iter_rows(values_only=True))
    start = next(i for i, row in enumerate(rows) if header in row)
    column = rows[start].index(header)
    return sum((Decimal(str(row[column])) for row in rows[start + 1 :] if row[column] is not None), Decimal(0))


def test_counted_and_not_counted_are_disjoint_complete_and_explained(history, metrics, everybody):
    for metric, period in dict.fromkeys((metric, period) for metric, period, _ in everything(metrics, everybody)):
        inside, outside = counted_of(metric, period, everybody), not_counted_of(metric, period, everybody)
        for unit in everybody:
            told = {line.record.pk for line in inside[unit.pk]}, {line.record.pk for line in outside[unit.pk]}
            known = candidates(metric, period).credited_to(unit.pk).values_list("pk", flat=True)
            assert not told[0] & told[1]
            assert told[0] | told[1] == set(known)
            assert all(line.reasons and all(line.reasons) for line in outside[unit.pk]), (metric, period.code, unit)


def test_rows_of_all_units_at_once_are_those_of_each(history, metrics, units):
    for turn, metric in enumerate(metrics):
        period, unit = Period.parse(PERIODS[turn % len(PERIODS)]), units[turn % len(units)]
        assert counted_of(metric, period, units)[unit.pk] == counted(metric, period, unit)
        assert not_counted_of(metric, period, units)[unit.pk] == not_counted(metric, period, unit)


def test_one_query_for_all_units_gives_what_each_unit_gives(history, metrics, units):
    for turn, metric in enumerate(metrics):
        for code in PERIODS[turn % 2 :: 2]:
            period = Period.parse(code)
            at_once = values(metric, period)
            found = {u.pk: at_once.get(u.pk, nothing(metric)) for u in units}
            first = units[turn % len(units)]
            assert found[first.pk] == value(metric, period, first), (metric, code)


def test_a_merged_unit_counts_for_itself_before_and_for_its_heir_after(history, metrics, everybody):
    moved = 0
    for metric in metrics:
        own, after = (values(metric, Period.parse(code)) for code in ("2024Q1", "2024Q2"))
        moved += everybody[3].pk in own
        assert everybody[3].pk not in after, metric
    assert moved > 15


def test_shares_add_up_to_the_county_where_a_project_counts_once(history, metrics):
    metric = next(m for m in metrics if m.name == "到位资金")
    for code in PERIODS:
        period = Period.parse(code)
        assert sum(values(metric, period).values(), Decimal(0)) == value(metric, period)


@pytest.mark.parametrize("name", ["大项目分档加分", "四上企业净增数", "怪指标", "新签约金额"])
def test_formulas_and_amounts_add_up_to_the_county(history, metrics, name):
    metric = next(m for m in metrics if m.name == name)
    for code in PERIODS:
        period = Period.parse(code)
        parts = sum(values(metric, period).values(), Decimal(0))
        assert parts.quantize(Decimal("1e-9")) == value(metric, period).quantize(Decimal("1e-9")), code


def test_months_add_up_to_the_year_to_date(history, metrics, units):
    """As they are seen at its end: what was merged since counts for its heir in every one of them."""
    metric, year = next(m for m in metrics if m.name == "到位资金"), Period.parse("2024")
    months = [Period("month", 2024, number).seen_from(year) for number in range(1, 13)]
    for unit in units:
        assert sum(value(metric, month, unit) for month in months) == value(metric, year, unit)


def test_a_seat_of_one_township_changes_no_figure(history, metrics, units):
    """Metrics run with the county's eyes; the list of a township's own seat shows no more than its rows."""
    seat = make.township_seat(units[1])
    for metric, period, unit in everything(metrics, [units[0]]):
        seen = set(list_query(metric, period, unit, seat).rows.values_list("pk", flat=True))
        assert seen <= {line.record.pk for line in counted(metric, period, unit)}


def test_ratings_are_the_same_in_every_seat_that_may_open_them(history, metrics, units, county, client_for):
    """The county, its leaders and the rated unit see every row of a figure; whoever sees fewer may not open it."""
    county_seats = [make.new_seat(county), make.new_seat(county, "leader", [])]
    others = [make.township_seat(units[1]), expert(county)]
    for metric in (m for m in metrics if m.ledger == "ratings"):
        for code, period in (("2024Q1", Period.parse("2024Q1")), ("2024", Period.parse("2024"))):
            figure = values(metric, period).get(units[0].pk, nothing(metric))
            for seat in [*county_seats, make.township_seat(units[0])]:
                assert total_of(metric, list_query(metric, period, units[0], seat)) == figure, (metric, seat)
            address = f"/reports/metrics/{metric.code}/{code}/{units[0].code}/"
            assert client_for(county_seats[0]).get(address).status_code == 200
            assert [client_for(seat).get(address).status_code for seat in others] == [403, 403]


@pytest.mark.parametrize(
    ("name", "period", "figures"),
    [
        ("园区评分", "2024Q1", (Decimal("13.5"), Decimal("14.5"), Decimal(0))),
        ("乡镇评分", "2024Q1", (Decimal(10), Decimal("11.125"), Decimal(15))),
        ("园区评分", "2024Q2", (None, None, None)),
        ("自评分", "2024Q1", (Decimal(15), None, None)),
        ("评委打分", "2024Q1", ((11, 9, "13.5", 12), ("12.25", 10, "14.5"), (15, 0))),
        ("一票否决答复", "2024Q2", ((1, 1), (0, 0), (0, 0))),
        ("一票否决答复", "2024Q1", ((), (), ())),
    ],
)
def test_what_reviewers_said_as_figures(history, metrics, units, name, period, figures):
    """No answer is nothing, never 0; a correction counts once; an open sheet does not count at all."""
    metric, when = next(m for m in metrics if m.name == name), Period.parse(period)
    found = [value(metric, when, unit) for unit in units]
    wanted = [tuple(sorted(map(Decimal, f))) if isinstance(f, tuple) else f for f in figures]
    assert [tuple(sorted(f)) if isinstance(f, tuple) else f for f in found] == wanted


def test_ratings_that_do_not_count_say_why(history, metrics, units):
    assert "评委组是乡镇，不是园区" in reasons_of(metrics, "园区评分", "2024Q1", units[0])
    assert "谁评的是自评，不是评委评分" in reasons_of(metrics, "评委打分", "2024Q1", units[0])
    assert "评分事项是工作队评价，不是服务和报送" in reasons_of(metrics, "评委打分", "2024Q1", units[0])


@pytest.mark.parametrize(
    ("metric", "period", "reason"),
    [
        ("新签约项目数", "2024Q1", "是框架协议，不是正式合同"),
        ("新签约项目数", "2024Q1", "未认定"),
    ],
)
def test_reasons_of_the_first_township(history, metrics, units, metric, period, reason):
    assert reason in reasons_of(metrics, metric, period, units[0])


def test_reasons_name_refusals_imprecise_dates_thresholds_and_late_rows(history, metrics, units):
    assert "不予认定：房地产项目" in reasons_of(metrics, "新签约项目数", "2024Q1", units[1])
    assert "日期只精确到年（2024年）" in reasons_of(metrics, "新签约项目数", "2024Q1", units[1])
    assert "低于门槛：总投资 9,999.9999 万元，不足 10,000 万元" in reasons_of(
        metrics, "亿元以上新签约项目数", "2024Q2", units[2]
    )
    assert "计入2024年2月（补计）" in reasons_of(metrics, "到位资金", "2024-01", units[0])


def reasons_of(metrics, name, period, unit):
    metric = next(m for m in metrics if m.name == name)
    return [reason for line in not_counted(metric, Period.parse(period), unit) for reason in line.reasons]


def test_published_scores_are_read_as_records(history, metrics, units):
    def figure(name, period, unit):
        return value(next(m for m in metrics if m.name == name), Period.parse(period), unit)

    assert figure("季度总分", "2024Q2", units[0]) == (Decimal("90"), Decimal("86.2"))
    assert figure("季度总分", "2024Q2", units[2]) == (Decimal("70"),)  # unranked in the first, corrected in the second
    assert figure("季度总分", "2025Q1", units[0]) == ()
    assert figure("季度不合格次数", "2024Q2", units[1]) == 2
    assert figure("上年年度不合格", "2024", units[0]) == 1
    assert figure("上年年度不合格", "2024", units[1]) == 0
    assert "周期是年，不是季" in reasons_of(metrics, "季度总分", "2023", units[0])


@pytest.mark.parametrize(
    ("name", "period", "figures"),
    [
        ("培育库户数", "2024-01", (2, 2, 0)),
        ("培育库户数", "2024Q1", (1, 1, 0)),
        ("达标应入未入户数", "2024-01", (1, 1, 0)),
        ("达标应入未入户数", "2024Q1", (1, 0, 0)),
    ],
)
def test_cultivation_as_of_the_periods_end(history, metrics, units, name, period, figures):
    metric = next(m for m in metrics if m.name == name)
    assert tuple(value(metric, Period.parse(period), unit) for unit in units) == figures


def test_cultivations_that_do_not_count_say_why(history, metrics, units):
    assert "不予认定：不符合条件" in reasons_of(metrics, "培育库户数", "2024-01", units[0])
    assert "到期末培育状态不是在培育，现在是已入规上库" in reasons_of(metrics, "培育库户数", "2024Q1", units[1])


def test_a_quarter_counts_once_however_many_rows_it_has(history, metrics, units):
    metric = next(m for m in metrics if m.name == "有资金到位的季度数")
    periods = [Period.parse(code) for code in ("2024-01", "2024Q1", "2024Q2", "2025Q1")]
    assert [value(metric, period, units[1]) for period in periods] == [1, 1, 2, 0]


def test_one_project_is_in_one_bracket_and_shared(history, metrics, units):
    metric = next(m for m in metrics if m.name == "大项目分档加分")
    found = [value(metric, Period.parse("2024Q1"), unit) for unit in units]
    assert found == [
        Decimal("0.3334"),
        Decimal("1.3333"),
        Decimal("1.3333"),
    ]


def test_the_limit_itself_is_inside(history, metrics, units):
    metric = next(m for m in metrics if m.name == "亿元以上新签约项目数")
    assert value(metric, Period.parse("2024Q1"), units[1]) == Decimal("1.3333")  # one of its own, a third of another
    assert value(metric, Period.parse("2024Q2"), units[2]) == 0
