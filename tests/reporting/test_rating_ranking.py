"""Ratings in a draft ranking (P19), worked by hand: groups of 70 and 30 %, a trimmed mean, a veto, what is missing."""

from decimal import Decimal

import pytest

from core.periods import Period
from reporting.models import Metric
from reporting.models.ratings import OWN_GROUP
from reporting.ranking import draft_ranking
from reporting.services import add_metrics, add_scheme
from reporting.shipped import shipped_metrics
from tests import factories as make
from tests.publications import in_checking, published
from tests.ratings import closed, expert, new_sheet, reopened, say

pytestmark = pytest.mark.django_db
QUARTER = Period.parse("2024Q2")
SCHEME = {
    "name": "评分擂台",
    "year": 2024,
    "period": "quarter",
    "indicators": [
        {"name": "载体单位评分", "family": "定性", "points": 15, "formula": "园区评分*70%+乡镇评分*30%"},
        {"name": "服务", "family": "定性", "points": 20, "formula": "TRIMMEAN(评委打分, 40%)/100*满分"},
    ],
    "vetoes": [{"name": "一票否决", "when": "SUM(一票否决答复)>0", "effect": "zero"}],
    "ranking": {"tie_break": []},
}


@pytest.fixture
def scheme(county, township, neighbour):
    with make.writing_as(county) as writing:
        add_metrics(writing, [row for row in shipped_metrics() if row["ledger"] == "ratings"])
        return add_scheme(writing, body=SCHEME, participants=[(township, ""), (neighbour, "")])


@pytest.fixture
def experts(county):
    return [expert(county) for _ in range(5)]


@pytest.fixture
def hosts(county, township, neighbour, experts, clerk):
    """园区 13, 乡镇 11 for the first (the first reviewer had said 8 and corrected it); 14 and 15 for the second."""
    panel = [(experts[0], "园区"), (experts[1], "乡镇"), (clerk, OWN_GROUP)]
    sheet = new_sheet(county, [township, neighbour], panel, topic="载体单位评价", full_points=Decimal(15))
    say(sheet, experts[0], {township: 8, neighbour: 14})
    say(sheet, experts[0], {township: 13})
    say(sheet, experts[1], {township: 11, neighbour: 15})
    say(sheet, clerk, {township: 15})
    return closed(sheet)


@pytest.fixture
def service(county, township, neighbour, experts):
    """Five reviewers: 100, 90, 80, 70, 10 (without the ends 80) and 60, 60, 60, 61, 100 (without the ends 60.33…)."""
    sheet = new_sheet(county, [township, neighbour], [(seat, "专家") for seat in experts])
    for seat, first, second in zip(experts, (100, 90, 80, 70, 10), (60, 60, 60, 61, 100), strict=True):
        say(sheet, seat, {township: first, neighbour: second})
    return closed(sheet)


@pytest.fixture
def veto(county, township, neighbour, experts):
    sheet = new_sheet(
        county, [township, neighbour], [(experts[0], "纪委"), (experts[1], "环保")], kind="veto", topic="否决"
    )
    for seat in experts[:2]:
        say(sheet, seat, {township: 0, neighbour: 0})
    return closed(sheet)


def results(scheme):
    found = draft_ranking(scheme, QUARTER).results
    return {unit.unit: unit for unit in found.units}, {error.unit: error.message for error in found.errors}


def test_weights_of_groups_and_a_trimmed_mean(scheme, hosts, service, veto, township, neighbour):
    """芦溪镇: 13 × 70 % + 11 × 30 % = 12.4; 80 % of 20 = 16. 塔山镇: 14.3; 181/3 % of 20 = 12.0667."""
    found, errors = results(scheme)
    assert errors == {}
    points = {name: [item.score for item in result.indicators] for name, result in found.items()}
    assert points["芦溪镇"] == [Decimal("12.4"), Decimal(16)]
    assert [round(one, 4) for one in points["塔山镇"]] == [Decimal("14.3"), Decimal("12.0667")]
    assert [(name, result.rank, str(result.total)) for name, result in found.items()] == [
        ("芦溪镇", 1, "28.40"),
        ("塔山镇", 2, "26.37"),
    ]


def test_the_page_shows_the_formula_with_the_numbers(scheme, hosts, service, veto, township, office, client_for):
    shown = client_for(office).get(f"/reports/ranking/2024Q2/{township.code}/").content.decode()
    assert "13 × 70% + 11 × 30% = 12.4" in shown
    assert "= 16" in shown


def test_a_correction_while_reopened_takes_effect_once_it_is_closed_again(
    scheme, hosts, service, veto, experts, township
):
    again = reopened(hosts)
    found, errors = results(scheme)
    assert "芦溪镇" not in found or found["芦溪镇"].total is None
    assert "缺少数据：园区评分" in errors["芦溪镇"]
    say(again, experts[0], {township: 15})
    closed(again)
    assert results(scheme)[0]["芦溪镇"].indicators[0].score == Decimal("13.8")


def test_a_unit_that_nobody_scored_is_missing_and_not_zero(scheme, service, veto, county, township, neighbour, experts):
    panel = [(experts[0], "园区"), (experts[1], "乡镇")]
    sheet = new_sheet(county, [township, neighbour], panel, topic="载体单位评价", full_points=Decimal(15))
    for seat in experts[:2]:
        say(sheet, seat, {township: 12})
    closed(sheet)
    _, errors = results(scheme)
    assert errors == {"塔山镇": "缺少数据：园区评分"}


def test_a_veto_that_nobody_answered_is_missing_and_not_no(scheme, hosts, service):
    _, errors = results(scheme)
    assert set(errors) == {"芦溪镇", "塔山镇"}
    assert all("一票否决答复" in message for message in errors.values())


def test_one_yes_takes_the_points(scheme, hosts, service, county, township, neighbour, experts):
    sheet = new_sheet(
        county, [township, neighbour], [(experts[0], "纪委"), (experts[1], "环保")], kind="veto", topic="否决"
    )
    say(sheet, experts[0], {township: 0, neighbour: 0})
    say(sheet, experts[1], {township: (1, "环保督察通报"), neighbour: 0})
    closed(sheet)
    found, errors = results(scheme)
    assert errors == {}
    assert (found["芦溪镇"].total, found["芦溪镇"].vetoed) == (0, "一票否决")
    assert found["塔山镇"].rank == 1


def test_rows_are_for_the_unit_and_the_county_on_drafts_and_publications_alike(
    scheme, hosts, service, veto, township, neighbour, clerk, experts, office, client_for, files_root
):
    metric = Metric.objects.get(name="园区评分")
    row = published(scheme, "2024Q2")
    checked = in_checking(scheme, "2024Q2", correction="补一位评委")
    pages = [
        f"/reports/metrics/{metric.code}/2024Q2/{township.code}/",
        f"/reports/publications/{row.code}/figures/{metric.code}/{township.code}/",
    ]
    question = f"/reports/publications/{checked.code}/dispute/{metric.code}/{township.code}/"
    own, other = client_for(clerk), client_for(make.township_seat(neighbour))
    assert [client_for(office).get(page).status_code for page in pages] == [200, 200]
    assert [own.get(page).status_code for page in [*pages, question]] == [200, 200, 200]
    assert [other.get(page).status_code for page in [*pages, question]] == [403, 403, 403]
    assert client_for(experts[0]).get(pages[0]).status_code == 403
    assert experts[0].user.full_name not in own.get(pages[1]).content.decode()
