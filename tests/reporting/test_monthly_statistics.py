"""月统计: arithmetic, which metrics and units, the county's own figure, odd months."""

from datetime import date
from decimal import Decimal as D

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.dates import DateSpan
from core.periods import Period
from projects.models.projects import ShareRole
from projects.services import set_shares
from reporting.metrics import totals, value
from reporting.models import Metric
from reporting.monthly.arithmetic import MonthFigure
from reporting.monthly.statistics import WHOLE, month_statistics, shown_metrics, slot_queries
from reporting.services import add_scheme, set_targets
from tests import factories as make
from tests.reporting.contest import SCHEME

MAY = Period.parse("2024-05")


def number(text):
    return None if text is None else D(text)


def figure(month, month_before, year, year_before, target, months=5, spread="even"):
    return MonthFigure(*map(number, (month, month_before, year, year_before, target)), months, spread)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (("120", "100", "600", "500", "1200"), ("0.2", "0.2", "0.5", "0.083333333", "100")),
        (("120", "0", "600", "0", "1200"), (None, None, "0.5", "0.083333333", "100")),
        (("120", "-5", "600", "-5", "1200"), (None, None, "0.5", "0.083333333", "100")),
        (("-30", "60", "300", "500", "1200"), ("-1.5", "-0.4", "0.25", "-0.166666667", "-200")),
        (("0", "4", "0", "4", "1200"), ("-1", "-1", "0", "-0.416666667", "-500")),
        (("5", "4", "5", "4", None), ("0.25", "0.25", None, None, None)),
        (("5", "4", "5", "4", "0"), ("0.25", "0.25", None, None, "5")),
        ((None, "4", None, "4", "10"), (None, None, None, None, None)),
        (("5", None, "5", None, "10"), (None, None, "0.5", "0.083333333", "0.833333333")),
    ],
)
def test_what_follows_from_a_figure(given, expected):
    names = ("over_month", "over_year", "completion", "ahead", "ahead_amount")
    assert figure(*given).derived == {name: number(text) for name, text in zip(names, expected, strict=True)}


def test_a_rate_has_no_pace_and_a_small_count_is_rounded_up():
    rate = figure("0.5", "0.4", "0.5", "0.4", "0.8", spread="none").derived
    assert (rate["completion"], rate["ahead"], rate["ahead_amount"]) == (D("0.625"), None, None)
    assert figure("1", "1", "3", "2", "7", 3, "ceil").ahead_amount == D(1)


def statistics(county, period=MAY):
    return month_statistics(county, period)


def test_a_month_beside_the_one_before_and_the_year_before(contest, county, township, neighbour):
    """芦溪镇 has 4500 in May; 200 in April, 1000 in May of last year, 50 of which nobody has verified."""
    project = make.new_project(township)
    make.judge(make.new_arrival(project, "200", date(2024, 4, 1)))
    make.judge(make.new_arrival(project, "1000", date(2023, 5, 1)))
    make.new_arrival(project, "50", date(2024, 5, 1))
    fund = Metric.objects.get(name="本年累计到位资金")
    found = statistics(county).figures
    own = found[fund.code, township.code]
    assert (own.month, own.month_before, own.year, own.year_before, own.target) == (4500, 200, 4700, 1000, 6000)
    assert (own.over_month, own.over_year) == (D("21.5"), D("3.7"))
    assert own.ahead_amount == 4700 - 2500
    whole = found[fund.code, WHOLE]
    assert (whole.month, whole.year, whole.target) == (D("5310.5"), D("5510.5"), 10000)


def test_the_county_counts_a_shared_project_once(contest, county, township, neighbour):
    project = make.new_project(township, signed=DateSpan.day(date(2024, 5, 2)))
    with make.writing_as(county) as writing:
        shares = [(township, ShareRole.LANDING, 5000), (neighbour, ShareRole.REFERRAL, 5000)]
        set_shares(writing, project=project, shares=shares)
    make.judge(make.signing_of(project))
    signed = Metric.objects.get(name="新签约项目数")
    Metric.objects.filter(pk=signed.pk).update(credit="whole")
    found = statistics(county).figures
    assert [found[signed.code, unit.code].month for unit in (township, neighbour)] == [2, 2]
    assert found[signed.code, WHOLE].month == 3


def test_the_countys_figures_are_those_of_each_metric_alone(contest, county, metrics):
    asked = [pair for metric in metrics.values() for pair in slot_queries(metric, MAY).values()]
    assert totals(asked) == [value(metric, period) for metric, period in asked]


def test_metrics_are_those_that_are_read_and_those_that_have_targets(contest, county, metrics):
    assert [metric.name for metric in shown_metrics(county, 2024)] == ["本年累计到位资金", "新签约项目数"]
    with make.writing_as(county) as writing:
        set_targets(writing, year=2024, given={(metrics["新投产项目数"], None): D(5)})
    assert [metric.name for metric in shown_metrics(county, 2024)][2:] == ["新投产项目数"]


def test_what_counts_the_same_stands_once_under_the_name_that_has_targets(contest, county, metrics, township):
    body = {**SCHEME, "period": "month", "name": "月擂台", "derived": [], "ranking": {"within": "group"}}
    body["indicators"] = [{"name": "资金", "family": "招商引资", "points": 60, "formula": "MIN(到位资金, 1)*满分"}]
    with make.writing_as(county) as writing:
        add_scheme(writing, body=body, participants=[(township, "")])
    assert "到位资金" not in [metric.name for metric in shown_metrics(county, 2024)]
    assert [p.unit for p in statistics(county).participants] == [township]


def test_a_countys_own_target_goes_before_the_sum_of_its_units(contest, county, metrics):
    fund = metrics["本年累计到位资金"]
    with make.writing_as(county) as writing:
        set_targets(writing, year=2024, given={(fund, None): D(20000)})
    assert statistics(county).figures[fund.code, WHOLE].target == 20000


def test_a_dead_condition_stops_its_metric_alone(contest, county, metrics):
    Metric.objects.filter(pk=metrics["新签约项目数"].pk).update(conditions={"gone": ["x"]})
    found = statistics(county)
    assert list(found.broken) == ["新签约项目数"]
    assert {code for code, _ in found.figures} == {metrics["本年累计到位资金"].code}


def test_a_month_without_a_single_record_is_nothing(contest, county, township):
    found = statistics(county, Period.parse("2025-01")).figures.values()
    assert {(f.month, f.month_before, f.year) for f in found} == {(0, 0, 0)}


def test_before_any_scheme_there_is_no_month(contest, county):
    assert statistics(county, Period.parse("2023-12")) is None


def test_more_units_and_rows_ask_no_more(contest, county, township):
    def questions():
        with CaptureQueriesContext(connection) as asked:
            statistics(county)
        return len(asked)

    few = questions()
    for _ in range(3):
        unit = make.new_township(county)
        make.judge(make.new_arrival(make.new_project(unit), "10", date(2024, 5, 1)))
        with make.writing_as(county) as writing:
            writing.add(type(contest.participants.first())(scheme=contest, unit=unit, group="中心镇"))
    assert questions() == few <= 10
