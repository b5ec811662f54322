"""全市排位: typed from the city's notice, shown beside the county's figures, frozen with the month."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from core.periods import Period
from core.write import Refused
from reporting.city_ranks import GivenRank, ranked_metrics, set_city_ranks
from reporting.dashboards.city import city_standings
from reporting.metrics import what_it_counts
from reporting.models import CityRank, Metric
from reporting.monthly.freezing import changed_statistics, published_statistics
from reporting.monthly.statistics import month_statistics
from reporting.publishing.proof import broken_publications
from tests import factories as make
from tests.publications import published_month

MAY = "2024-05"
ADDRESS = f"/reports/city/{MAY}/"
NOTICE = "市政府办通报〔2024〕6期"


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.FILES_ROOT = tmp_path


@pytest.fixture
def fund(contest):
    return Metric.objects.get(name="本年累计到位资金")


def rank(county, metric, place, period=MAY, counties=13, document=NOTICE):
    given = {metric: GivenRank(place, counties) if place else None}
    with make.writing_as(county) as writing:
        return set_city_ranks(writing, period=Period.parse(period), given=given, document=document)


def standing(county, metric, day):
    return city_standings(county, day).get(what_it_counts(metric))


def page(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def grid(county, metric, **parts):
    metrics = ranked_metrics(county, Period.parse(MAY))
    empty = {f"{part}-{m.code}": "" for m in metrics for part in ("place", "counties", "figure")}
    typed = {f"{part}-{metric.code}": value for part, value in parts.items()}
    return {**empty, "document": NOTICE, "published_on": "2024-06-12", **typed}


# -- what is held --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("place", "counties"), [(0, 13), (14, 13)])
def test_a_place_lies_within_the_counties(fund, county, place, counties):
    row = CityRank(metric=fund, period=MAY, place=place, counties=counties, document=NOTICE)
    with pytest.raises(ValidationError), make.writing_as(county) as writing:
        writing.add(row, permission="set_targets")
    assert not CityRank.objects.exists()


def test_the_last_of_all_is_a_place_too(fund, county):
    assert rank(county, fund, 13) == 1


def test_a_period_that_does_not_exist_is_refused(fund, county):
    row = CityRank(metric=fund, period="2024-13", place=1, counties=13, document=NOTICE)
    with pytest.raises(ValidationError), make.writing_as(county) as writing:
        writing.add(row, permission="set_targets")


def test_a_grid_adds_changes_and_withdraws(fund, county):
    assert [rank(county, fund, place) for place in (4, 4, 3, None, None, 2)] == [1, 0, 1, 1, 0, 1]
    assert list(CityRank.objects.current().values_list("place", flat=True)) == [2]


def test_only_who_sets_targets_types_places(fund, clerk, reviewer):
    for seat in (clerk, reviewer):
        with pytest.raises(Refused), make.writing_as(seat) as writing:
            set_city_ranks(
                writing, period=Period.parse(MAY), given={fund: GivenRank(1, 13)}, document=NOTICE, published_on=None
            )


# -- what is read --------------------------------------------------------------------------------------


def test_places_are_of_the_periods_that_end_with_the_day(fund, county):
    rank(county, fund, 3)
    assert standing(county, fund, date(2024, 5, 31)).now.place == 3
    assert standing(county, fund, date(2024, 6, 30)) is None
    assert standing(county, fund, date(2024, 4, 30)) is None


def test_of_two_periods_that_end_together_the_shorter_speaks(fund, county):
    rank(county, fund, 5, "2024Q2")
    assert standing(county, fund, date(2024, 6, 30)).now.place == 5
    rank(county, fund, 6, "2024-06")
    assert standing(county, fund, date(2024, 6, 30)).now.place == 6


def test_four_earlier_places_of_the_same_kind(fund, county):
    for month, place in enumerate((9, 8, 7, 6, 5), start=1):
        rank(county, fund, place, f"2024-{month:02}")
    rank(county, fund, 12, "2023-12")
    rank(county, fund, 1, "2024Q1")
    found = standing(county, fund, date(2024, 5, 31))
    assert found.history == "2024年4月第6位，2024年3月第7位，2024年2月第8位，2024年1月第9位"


def test_one_place_speaks_for_both_spans_of_a_metric(fund, county):
    rank(county, fund, 3)
    assert standing(county, Metric.objects.get(name="到位资金"), date(2024, 5, 31)).now.place == 3


def test_another_county_has_places_of_its_own(fund, county, elsewhere):
    rank(county, fund, 3)
    assert city_standings(elsewhere, date(2024, 5, 31)) == {}


# -- pages ---------------------------------------------------------------------------------------------


def test_the_office_types_a_notice(fund, county, office, client_for):
    client = client_for(office)
    response = client.post(ADDRESS, grid(county, fund, place="3", counties="13", figure="5310.5"))
    assert response.status_code == 302, response.content.decode()
    row = CityRank.objects.get()
    assert (row.place, row.counties, row.figure, row.document) == (3, 13, Decimal("5310.5"), NOTICE)
    assert row.published_on == date(2024, 6, 12)
    assert f'value="{NOTICE}"' in page(client, ADDRESS)


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ({"place": "3"}, "第几位和一共几个县（市、区）要一起填写。"),
        ({"figure": "3"}, "第几位和一共几个县（市、区）要一起填写。"),
        ({"place": "14", "counties": "13"}, "一共13个县（市、区），不会排在第14位，请核对。"),
        ({"place": "3", "counties": "13", "document": ""}, "请填写。"),
    ],
)
def test_what_cannot_be_is_said(fund, county, office, client_for, parts, sentence):
    sent = grid(county, fund, **parts) | ({"document": ""} if "document" in parts else {})
    response = client_for(office).post(ADDRESS, sent)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not CityRank.objects.exists()


def test_a_grid_that_was_cut_short_withdraws_nothing(fund, county, office, client_for):
    rank(county, fund, 3)
    response = client_for(office).post(ADDRESS, {"document": NOTICE})
    assert response.status_code == 422
    assert "这张表没有完整提交" in response.content.decode()
    assert CityRank.objects.current().count() == 1


def test_others_read(fund, county, clerk, client_for):
    assert "2024年5月的全市排位还没有录入。" in page(client_for(clerk), ADDRESS)
    rank(county, fund, 3)
    shown = page(client_for(clerk), ADDRESS)
    assert "<form method=" not in shown.split("<main")[1]
    assert NOTICE in shown


def test_the_overview_says_where_the_county_stands(fund, county, office, client_for):
    client = client_for(office)
    address = f"/reports/overview/{MAY}/"
    assert "位</b>" not in page(client, address)
    rank(county, fund, 4, "2024-04")
    rank(county, fund, 3)
    shown = page(client, address)
    assert '<p title="2024年4月第4位">' in shown
    assert "第3位</b>" in shown
    opened = page(client, f"/reports/metrics/{fund.code}/{MAY}/?span=year")
    assert "第3位（共13个）" in opened
    assert "此前2024年4月第4位" in opened


def test_the_month_and_its_workbook_say_it(fund, county, office, client_for):
    rank(county, fund, 3)
    said = f"第3位（共13个），依据：{NOTICE}"
    assert said in page(client_for(office), f"/reports/months/{MAY}/")
    book = load_workbook(BytesIO(b"".join(client_for(office).get(f"/reports/months/{MAY}/table.xlsx"))))
    cells = [cell.value for row in book.active.iter_rows() for cell in row]
    assert f"全市排位：{said}" in cells


def test_a_published_month_keeps_its_place(contest, fund, county):
    rank(county, fund, 3)
    row = published_month(contest, MAY)
    rank(county, fund, 5)
    frozen = published_statistics(make.fresh(row))
    assert frozen.city[fund.code].place == 3
    assert list(broken_publications(county.pk)) == []
    now = month_statistics(county, Period.parse(MAY))
    assert "全县到位资金全市排位：3 改为 5" in list(changed_statistics(frozen, now))


@pytest.mark.parametrize(("address", "most"), [(ADDRESS, 20), (f"/reports/overview/{MAY}/", 90)])
def test_a_page_asks_as_often_for_many_metrics_as_for_one(fund, county, office, client_for, address, most):
    client = client_for(office)
    page(client, address)
    with CaptureQueriesContext(connection) as before:
        page(client, address)
    for metric in ranked_metrics(county, Period.parse(MAY)):
        rank(county, metric, 2)
    with CaptureQueriesContext(connection) as after:
        page(client, address)
    assert len(after) == len(before) <= most
