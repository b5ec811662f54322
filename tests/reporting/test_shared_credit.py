"""A project that two groups share 50/50: every page reckons it by its shares, the county once."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from core.periods import Period
from projects.models.projects import CreditScope, ShareRole
from projects.services import set_shares
from reporting.metrics import not_counted, value, values
from reporting.models import Metric
from reporting.ranking import draft_ranking
from reporting.services import add_metrics
from tests import factories as make

pytestmark = pytest.mark.django_db
QUARTER = Period.parse("2024Q2")


@pytest.fixture
def shared(contest, county, township, neighbour):
    """1000.0001 万元 in June for a project of 芦溪镇; half of it 塔山镇's by the agreement on funds alone."""
    project = make.new_project(township, name="共享项目", total_investment="20000")
    make.judge(make.signing_of(project))
    make.judge(make.new_arrival(project, "1000.0001", date(2024, 6, 1)))
    make.new_arrival(project, "7.0001", date(2024, 6, 1))
    with make.writing_as(county) as writing:
        halves = [(township, ShareRole.LANDING, 5000), (neighbour, ShareRole.REFERRAL, 5000)]
        set_shares(writing, project=project, shares=halves, scope=CreditScope.FUNDS, since=date(2024, 6, 1))
    return project


def figures(metric, *units):
    found = values(metric, QUARTER)
    return [found.get(unit.pk, Decimal(0)) for unit in units]


def figure_page(client, metric, unit):
    return client.get(reverse("figure", args=[metric.code, QUARTER.code, unit.code])).content.decode()


def test_both_groups_count_their_half_and_the_county_counts_once(shared, metrics, township, neighbour):
    assert figures(metrics["到位资金"], township, neighbour) == [Decimal("5000.0001"), Decimal("1310.5")]
    assert value(metrics["到位资金"], QUARTER) == Decimal("6310.5001")


def test_what_is_agreed_for_money_leaves_the_number_of_projects_alone(shared, metrics, township, neighbour):
    before = figures(metrics["新签约项目数"], township, neighbour)
    assert before == [Decimal(1), Decimal(1)]  # those of May; the shared one was signed in March


def test_the_draft_ranks_both_groups_by_their_shares(shared, contest, township, neighbour):
    draft = draft_ranking(contest, QUARTER)
    found = {unit.name: unit.actual["本年累计到位资金"] for unit in draft.inputs.units}
    assert found == {"芦溪镇": Decimal("5000.0001"), "塔山镇": Decimal("1310.5")}


def test_the_opened_figure_shows_the_share(shared, metrics, neighbour, office, client_for):
    shown = figure_page(client_for(office), metrics["到位资金"], neighbour)
    for text in ("共享项目", "50%", "500.00", "1,310.50"):
        assert text in shown, text


def test_what_does_not_count_is_divided_too(shared, metrics, neighbour):
    (line,) = not_counted(metrics["到位资金"], QUARTER, neighbour)
    assert (line.label, line.share, line.claimed) == ("共享项目", Decimal("0.5"), Decimal("3.5"))


def test_the_list_behind_the_figure_has_its_total(shared, metrics, neighbour, office, client_for):
    metric = metrics["到位资金"]
    address = f"/ledgers/arrivals/?verdict=accepted&credit_scope=funds&credit={neighbour.code}&counted_from=2024-04-01"
    assert "计入认定金额 1,310.50 万元" in client_for(office).get(address).content.decode()
    assert "分成口径：" in client_for(office).get(address).content.decode()
    assert metric.credit_scope == CreditScope.FUNDS


def test_the_workbook_has_the_same_figures(shared, contest, metrics, office, client_for):
    answer = client_for(office).get(reverse("ranking-export", args=[QUARTER.code]))
    book = openpyxl.load_workbook(BytesIO(b"".join(answer) if answer.streaming else answer.content))
    cells = {str(v) for sheet in book for row in sheet.iter_rows(values_only=True) for v in row if v is not None}
    assert {"5000.0001", "1310.5"} <= cells


@pytest.mark.parametrize(("credit", "each"), [("share", Decimal("0.5")), ("whole", Decimal(1))])
def test_a_start_counts_by_share_or_whole_and_once_in_the_county(
    credit, each, shared, county, township, neighbour, office, client_for
):
    definition = {
        "name": "共享开工",
        "ledger": "milestones",
        "conditions": {"shared": ["yes"]},
        "credit": credit,
        "credit_scope": "funds",
    }
    with make.writing_as(county) as writing:
        (metric,) = add_metrics(writing, [definition])
    make.judge(make.new_milestone(shared))  # in May, before the agreement
    assert figures(metric, township, neighbour) == [0, 0]
    make.judge(make.new_milestone(shared, "production", happened=make.DateSpan.day(date(2024, 6, 2))))
    assert figures(metric, township, neighbour) == [each, each]
    assert value(metric, QUARTER) == 1
    page = client_for(office).get(reverse("county-figure", args=[metric.code, QUARTER.code])).content.decode()
    assert ("共享项目在每个单位各计一次，全县只计一次" in page) == (credit == "whole")


def test_a_metric_over_rows_of_one_unit_takes_no_scope(county):
    metric = Metric(county=county, name="入库数", ledger="declarations", credit_scope="funds")
    with pytest.raises(Exception, match="分成口径只能是通用"):
        metric.clean()


def test_the_builder_asks_for_the_scope_where_there_is_one(county, metrics, office, client_for):
    client = client_for(office)
    assert "按哪种分成" in client.get("/reports/metrics/new/?ledger=arrivals").content.decode()
    assert "按哪种分成" not in client.get("/reports/metrics/new/?ledger=enterprises").content.decode()
