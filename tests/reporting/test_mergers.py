"""After a merger whatever the predecessors did counts for their heir, also in 上年同期; earlier periods stay."""

from datetime import date
from decimal import Decimal

import pytest

from core.dates import DateSpan
from core.periods import Period
from projects.models.projects import ShareRole
from projects.services import set_shares
from reporting.metrics import candidates, conditions, counted, counted_of, figures, list_query, not_counted, value
from reporting.models import Metric
from reporting.services import add_metrics
from reporting.shipped import shipped_metrics
from tests import factories as make
from townships.models import UnitSuccession

MERGED_ON = date(2024, 7, 1)
BEFORE, AFTER = Period.parse("2024Q2"), Period.parse("2024Q3")


def merge(predecessor, successor, on=MERGED_ON):
    with make.writing_as(predecessor.county) as writing:
        return writing.add(UnitSuccession(predecessor=predecessor, successor=successor, on=on))


@pytest.fixture
def metrics(county):
    with make.writing_as(county) as writing:
        add_metrics(writing, shipped_metrics())
    return {metric.name: metric for metric in Metric.objects.current().in_county(county.pk)}


@pytest.fixture
def third(county):
    return make.new_township(county, name="龙泉镇")


def arrived(unit, amount, month):
    project = make.new_project(unit, signed=DateSpan.day(date(month.year, month.month, 3)))
    make.judge(make.signing_of(project))
    make.judge(make.new_arrival(project, amount, month))
    return project


@pytest.fixture
def money(township, neighbour, third):
    """万元 arrived: of each in April, and of each a year before."""
    for unit, amounts in ((township, ("100", "40")), (neighbour, ("30", "20")), (third, ("7", "2"))):
        arrived(unit, amounts[0], date(2024, 4, 1))
        arrived(unit, amounts[1], date(2023, 7, 1))


def funds(metrics, period, *units):
    return [value(metrics["到位资金"], period, unit) for unit in units]


def test_a_period_that_ended_before_the_merger_stays_as_it_was(money, metrics, township, neighbour, third):
    merge(township, neighbour)
    assert funds(metrics, BEFORE, township, neighbour, third) == [100, 30, 7]


def test_what_the_predecessor_did_counts_for_its_heir_afterwards(money, metrics, township, neighbour, third):
    merge(township, neighbour)
    assert funds(metrics, Period.parse("2024"), township, neighbour, third) == [0, 130, 7]


def test_last_year_is_the_sum_of_the_predecessors(money, metrics, township, neighbour, third):
    merge(township, neighbour)
    last_year = AFTER.year_earlier()
    assert funds(metrics, last_year, township, neighbour) == [40, 20]
    assert funds(metrics, last_year.seen_from(AFTER), township, neighbour, third) == [0, 60, 2]
    assert funds(metrics, AFTER.previous().seen_from(AFTER), township, neighbour, third) == [0, 130, 7]


@pytest.mark.parametrize(("on", "found"), [(date(2024, 6, 30), [0, 130]), (date(2024, 7, 1), [100, 30])])
def test_the_last_day_of_a_period_decides(money, metrics, township, neighbour, on, found):
    merge(township, neighbour, on)
    assert funds(metrics, BEFORE, township, neighbour) == found


def test_a_chain_ends_with_the_last_heir(money, metrics, township, neighbour, third):
    merge(township, neighbour, date(2024, 3, 1))
    merge(neighbour, third)
    assert funds(metrics, BEFORE, township, neighbour, third) == [0, 130, 7]
    assert funds(metrics, Period.parse("2024"), township, neighbour, third) == [0, 0, 137]


def test_many_periods_at_once_are_seen_each_from_its_own_day(money, metrics, township, neighbour):
    merge(township, neighbour)
    metric, last_year = metrics["到位资金"], AFTER.year_earlier()
    asked = [(metric, BEFORE), (metric, last_year), (metric, last_year.seen_from(AFTER))]
    assert [found.get(neighbour.pk) for found in figures(asked)] == [30, 20, 60]


@pytest.fixture
def shared(county, township, neighbour, third):
    """100.0001 万元 of which each has a third, the first of the merged with the remainder; and one of their own."""
    project = make.new_project(township, signed=DateSpan.day(date(2024, 4, 3)), total_investment="100.0001")
    with make.writing_as(county) as writing:
        parts = [
            (township, ShareRole.LANDING, 3334),
            (neighbour, ShareRole.REFERRAL, 3333),
            (third, ShareRole.SUPPORT, 3333),
        ]
        set_shares(writing, project=project, shares=parts)
    make.judge(make.signing_of(project))
    make.judge(make.new_arrival(project, "100.0001", date(2024, 7, 1)))
    make.new_arrival(project, "5", date(2024, 8, 1))
    return project


MERGERS = {
    "the bearer of the remainder goes": (0, 1),
    "the bearer of the remainder takes over": (1, 0),
    "neither bears it": (1, 2),
}


@pytest.fixture(params=MERGERS.values(), ids=MERGERS)
def merged(request, shared, township, neighbour, third):
    units = [township, neighbour, third]
    gone, heir = (units[place] for place in request.param)
    merge(gone, heir)
    return {"gone": gone, "heir": heir, "other": next(u for u in units if u not in (gone, heir))}


@pytest.mark.parametrize("name", ["到位资金", "新签约项目数", "新签约金额"])
def test_a_project_shared_by_merged_units_is_one_row_of_the_heir(merged, metrics, name):
    metric, period = metrics[name], Period.parse("2024")
    heir, lines = merged["heir"], counted(metric, period, merged["heir"])
    query = list_query(metric, period, heir)
    assert len(lines) == query.rows.count() == len(query.ordered) == 1
    figure = value(metric, period, heir)
    (row,) = query.ordered
    if metric.measure == "count":
        assert figure == lines[0].share == Decimal(row.credit_bp) / 10_000
    else:
        assert figure == lines[0].amount == getattr(row, f"credited_{metric.column}")
    assert figure + value(metric, period, merged["other"]) == value(metric, period)
    assert value(metric, period, merged["gone"]) == 0
    assert list_query(metric, period, merged["gone"]).rows.count() == 0


def test_the_parts_of_merged_units_are_added_to_the_yuan(merged, metrics):
    parts = {"township": 33, "neighbour": 33, "third": 33}
    assert sum(parts.values()) == 99
    found = value(metrics["到位资金"], AFTER, merged["heir"]), value(metrics["到位资金"], AFTER, merged["other"])
    assert sum(found) == Decimal("100.0001")
    small = Decimal("33.3300")  # a third of 100.0001 万元, truncated to the 元
    assert found[1] == (Decimal("100.0001") - 2 * small if merged["other"].name == "芦溪镇" else small)


def test_what_does_not_count_is_told_once_for_the_heir(merged, metrics):
    metric = metrics["到位资金"]
    (line,) = not_counted(metric, AFTER, merged["heir"])
    assert (line.claimed, line.reasons) == (5 - not_counted(metric, AFTER, merged["other"])[0].claimed, ("未认定",))
    assert not not_counted(metric, AFTER, merged["gone"])
    told = {line.record.pk, *(found.record.pk for found in counted(metric, AFTER, merged["heir"]))}
    known = candidates(metric, AFTER).credited_to(merged["heir"].pk).values_list("pk", flat=True)
    assert sorted(known) == sorted(told)


def test_a_count_of_whole_projects_counts_a_shared_one_once(merged, metrics):
    metric = metrics["新签约项目数"]
    metric.credit = "whole"
    assert value(metric, AFTER.year_earlier(), merged["heir"]) == 0
    assert value(metric, Period.parse("2024"), merged["heir"]) == 1


def test_an_average_over_shared_rows_counts_each_once(merged, county):
    made = {"name": "平均到位", "ledger": "arrivals", "measure": "average", "column": "verified_amount"}
    with make.writing_as(county) as writing:
        add_metrics(writing, [{**made, "conditions": {"verdict": ["accepted"]}, "unit_of_measure": "万元"}])
    metric = Metric.objects.get(name="平均到位")
    (line,) = counted(metric, AFTER, merged["heir"])
    assert value(metric, AFTER, merged["heir"]) == line.amount


def test_lines_of_all_units_at_once_are_read_in_the_same_statements(merged, metrics, django_assert_max_num_queries):
    units = list(merged.values())
    with django_assert_max_num_queries(3):
        counted_of(metrics["到位资金"], AFTER, units)


def test_figures_of_a_county_without_mergers_take_one_statement_more_at_most(
    money, metrics, django_assert_max_num_queries
):
    with django_assert_max_num_queries(2):
        figures([(metrics["到位资金"], BEFORE), (metrics["新签约项目数"], BEFORE)])


def test_the_list_behind_last_years_figure_says_from_when_units_are_seen(money, metrics, office, township, neighbour):
    merge(township, neighbour)
    looked = AFTER.year_earlier().seen_from(AFTER)
    assert conditions(metrics["到位资金"], looked, neighbour)["units_on"] == ["2024-09-30"]
    assert "units_on" not in conditions(metrics["到位资金"], AFTER, neighbour)
    query = list_query(metrics["到位资金"], looked, neighbour, office)
    assert query.totals["credited_verified_amount"] == 60


def test_an_enterprise_and_a_problem_count_for_the_heir(metrics, township, neighbour):
    make.judge(make.new_declaration(make.new_enterprise(township), "listed", DateSpan.day(date(2024, 6, 3))))
    make.new_problem(township, assigned_to=township, raised_on=date(2024, 4, 1), deadline=date(2024, 5, 1))
    merge(township, neighbour)
    year = Period.parse("2024")
    for metric in (metrics["四上企业净增数"], metrics["逾期未销号数"]):
        assert value(metric, BEFORE, township) == value(metric, year, neighbour) != 0
        assert value(metric, year, township) == 0


def test_a_figure_of_last_year_opens_as_the_later_period_sees_it(
    money, metrics, office, client_for, township, neighbour
):
    merge(township, neighbour)
    page = f"/reports/metrics/{metrics['到位资金'].code}/2023Q3/{neighbour.code}/"
    client = client_for(office)
    assert "60.00万元" in client.get(f"{page}?seen=2024-09-30").content.decode()
    assert "20.00万元" in client.get(page).content.decode()
    assert "含芦溪镇并入以前的记录。" in client.get(f"{page}?seen=2024-09-30").content.decode()
    assert "并入以前的记录" not in client.get(page).content.decode()
    gone = page.replace(neighbour.code, township.code)
    told = client.get(f"{gone}?seen=2024-09-30").content.decode()
    assert "芦溪镇已由塔山镇承接，这一期间的数计入塔山镇。" in told
    assert client.get(f"{page}?seen=2023-09-29").status_code == 404
    assert client.get(f"{page}?seen=昨天").status_code == 404
