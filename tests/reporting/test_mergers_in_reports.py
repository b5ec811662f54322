"""Rankings, months, comparisons and publications after a merger; and what of targets and schemes is left to do."""

from datetime import date
from decimal import Decimal

import pytest

from core.dates import DateSpan
from core.periods import Period
from reporting.metrics import counted_of
from reporting.models import Metric, Publication
from reporting.monthly.statistics import month_statistics, slot_queries
from reporting.publishing.proof import broken_publications
from reporting.ranking import draft_ranking
from reporting.services import add_scheme
from reporting.supposing.drafts import last_year_under
from tests import factories as make
from tests.publications import published, published_month

ON = date(2024, 7, 1)
QUARTER, MONTH = Period.parse("2024Q3"), Period.parse("2024-07")
GROWTH = {
    "name": "增长",
    "year": 2024,
    "period": "quarter",
    "indicators": [
        {
            "name": "增长",
            "family": "招商引资",
            "points": 100,
            "formula": "MIN(到位资金/(上年同期(到位资金)+上期(到位资金)+1), 1)*满分",
        }
    ],
}


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.FILES_ROOT = tmp_path


def arrived(unit, amount, month):
    project = make.new_project(unit, signed=DateSpan.day(month.replace(day=2)))
    make.judge(make.signing_of(project))
    return make.judge(make.new_arrival(project, amount, month))


@pytest.fixture
def money(contest, township, neighbour):
    """Beside the contest's own: last year's July, and this year's, of each."""
    for unit, before, now in ((township, "40", "70"), (neighbour, "20", "30")):
        arrived(unit, before, date(2023, 7, 1))
        arrived(unit, now, date(2024, 7, 1))


@pytest.fixture
def growth(money, county, neighbour):
    with make.writing_as(county) as writing:
        return add_scheme(writing, body=GROWTH, participants=[(neighbour, "")])


def test_a_ranking_reads_the_predecessors_in_last_years_and_the_last_period(growth, township, neighbour):
    make.new_merger(township, neighbour, on=ON)
    (unit,) = draft_ranking(growth, QUARTER).inputs.units
    read = unit.actual["到位资金"], unit.last_year["到位资金"], unit.last_period["到位资金"]
    assert read == (100, 60, Decimal("5310.5"))


def test_an_earlier_ranking_reads_as_before(growth, township, neighbour):
    before = draft_ranking(growth, Period.parse("2024Q2")).inputs
    make.new_merger(township, neighbour, on=ON)
    assert draft_ranking(growth, Period.parse("2024Q2")).inputs == before


def test_a_month_compares_with_the_sum_of_the_predecessors(money, county, contest, township, neighbour):
    make.new_merger(township, neighbour, on=ON)
    found = month_statistics(county, MONTH, contest)
    metric = next(metric for metric in found.metrics if metric.name == "本年累计到位资金")
    gone, heir = (found.figures[metric.code, unit.code] for unit in (township, neighbour))
    assert (heir.month, heir.month_before, heir.year_before) == (100, 0, 60)
    assert (gone.month, gone.month_before, gone.year_before) == (0, 0, 0)
    for slot, (asked, period) in slot_queries(metric, MONTH).items():
        lines = counted_of(asked, period, [neighbour])[neighbour.pk]
        assert sum(line.amount for line in lines) == getattr(heir, slot), slot


def test_a_month_page_leads_to_figures_that_are_the_same(money, office, client_for, contest, township, neighbour):
    make.new_merger(township, neighbour, on=ON)
    client = client_for(office)
    metric = Metric.objects.get(name="本年累计到位资金")
    address = f"/reports/metrics/{metric.code}/2023-07/{neighbour.code}/?span=year&seen=2024-07-31"
    assert address.replace("&", "&amp;") in client.get("/reports/months/2024-07/").content.decode()
    assert "60.00万元" in client.get(address).content.decode()


def test_what_was_published_stays_and_is_still_proved(money, contest, county, office, client_for, township, neighbour):
    before = published(contest, "2024Q2")
    digest = before.sha256
    make.new_merger(township, neighbour, on=ON)
    after = published(contest, "2024Q3")
    month = published_month(contest, "2024-07")
    assert list(broken_publications(county.pk)) == []
    assert Publication.objects.get(pk=before.pk).sha256 == digest
    assert {after.stage, month.stage} == {"published"}
    metric = Metric.objects.get(name="本年累计到位资金")
    page = client_for(office).get(f"/reports/publications/{before.code}/figures/{metric.code}/{township.code}/")
    assert "4,500.00" in page.content.decode()
    assert "台账里今天的记录与发布时一致" in page.content.decode()


def test_a_unit_founded_by_a_merger_is_compared_with_those_it_was_made_of(money, county, contest, township, neighbour):
    heir = make.new_township(county, name="新芦镇", valid_from=ON)
    for unit in (township, neighbour):
        make.new_merger(unit, heir, on=ON)
    with make.writing_as(county) as writing:
        body = {**GROWTH, "year": 2025}
        scheme = add_scheme(writing, body=body, participants=[(heir, "")])
    draft, absent = last_year_under(scheme, Period.parse("2025Q2"))
    assert absent == {}
    assert draft.inputs.units[0].actual["到位资金"] == Decimal("5310.5")


# -- what is left to do ------------------------------------------------------------------------------


def steps_of(client, row):
    return client.get(f"/ledgers/successions/records/{row.code}/").content.decode()


def test_targets_are_not_moved_and_the_page_says_so(contest, office, client_for, township, neighbour):
    row = make.new_merger(township, neighbour, on=ON)
    page = steps_of(client_for(office), row)
    assert "芦溪镇2024年有 1 项目标，不会自动转给塔山镇，请按文件重新下达。" in page
    assert 'href="/reports/targets/2024/"' in page
    assert "参评单位里还有芦溪镇" in page
    assert f'href="/reports/schemes/{contest.code}/"' in page


def test_what_ended_before_is_no_work_any_more(contest, office, client_for, county, township, neighbour):
    later = make.new_merger(township, neighbour, on=ON)
    with make.writing_as(county) as writing:
        writing.void(later, reason="登记有误")
    assert "还要办的" not in steps_of(client_for(office), later)
    unasked = make.new_merger(make.new_township(county), neighbour, on=ON)
    assert "还要办的" not in steps_of(client_for(office), unasked)


def test_the_page_asks_the_same_however_many_targets_there_are(
    contest, office, client_for, township, neighbour, django_assert_max_num_queries
):
    row = make.new_merger(township, neighbour, on=ON)
    client = client_for(office)
    with django_assert_max_num_queries(20):
        steps_of(client, row)
