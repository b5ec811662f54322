"""评奖名单: the page in draft, in checking and published; provisional, then final; lists with their evidence."""

from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from core.files import path_of
from core.periods import Period
from core.write import Refused
from projects.models import Arrival
from reporting.models import PublishedScore
from reporting.publishing.proof import broken_publications
from reporting.ranking import latest_period, periods_with_scheme
from tests import factories as make
from tests.publications import in_checking
from tests.reporting.year import add_score_metrics, awarded, checked, year_scheme

LIVE = "/reports/ranking/2024/awards/"


@pytest.fixture
def scheme(contest, county, township, neighbour):
    """芦溪镇 has 75 % of its year's target, 塔山镇 20.26 % of its own, and failed the year before."""
    add_score_metrics(county)
    make.new_score(neighbour, "50", "2023")
    return year_scheme(county, [township, neighbour])


@pytest.fixture
def leader(county, client_for):
    return client_for(make.new_seat(county, "leader", []))


def page(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def words(client, address):
    return " ".join(page(client, address).split())


def address(row, rest="awards/"):
    return f"/reports/publications/{row.code}/{rest}"


# -- the page --------------------------------------------------------------------------------------


def test_the_draft_shows_what_the_awards_would_be(scheme, leader):
    shown = page(leader, LIVE)
    assert "2024年乡镇擂台评奖名单" in shown
    assert "草稿" in shown
    assert "2个单位参评，1个获奖：一等奖1个；奖金合计50万元。" in shown
    assert "第1，评二等奖（第1至第2）。" in shown
    figures = "（本年累计到位资金 4500万元，目标（本年累计到位资金） 6000万元）"
    assert f"晋1档：本年累计到位资金 ÷ 目标（本年累计到位资金）≥ 75%{figures}。" in shown
    assert "奖项由二等奖调整为一等奖。" in shown
    assert "总分20.26，低于合格线60，不合格。" in shown
    assert LIVE in page(leader, "/reports/ranking/2024/")


def test_every_unit_leads_to_its_score_and_every_figure_to_its_records(scheme, leader, township, metrics):
    shown = page(leader, LIVE)
    assert f'href="/reports/ranking/2024/{township.code}/"' in shown
    assert f'href="/reports/metrics/{metrics["本年累计到位资金"].code}/2024/{township.code}/"' in shown


def test_a_score_made_of_the_quarters_leads_to_each_of_them(scheme, county, leader, township):
    """A figure that is a list is not passed off as none."""
    for quarter, total in (("2024Q1", "81.5"), ("2024Q2", "90")):
        make.new_score(township, total, quarter)
    indicators = [{"name": "季度", "points": 70, "formula": "AVERAGE(季度总分)*70%"}]
    year_scheme(county, [township], name="后一份", indicators=indicators, promotions=[], demotions=[], lists=[])
    shown = words(leader, f"/reports/ranking/2024/{township.code}/")
    assert "AVERAGE(90, 81.5) × 70% = 60.025" in shown
    assert ">2个数</a>" in shown


def test_the_lists_are_those_of_the_scheme_by_its_own_names(scheme, leader):
    shown = words(leader, LIVE)
    assert "擂主（1个单位）" in shown
    assert "调整（1个单位）" in shown
    assert "表扬（0个单位）" in shown
    assert "没有单位符合" in shown
    assert "黑榜" not in shown


def test_two_failed_years_are_shown_with_both(scheme, leader, neighbour):
    shown = words(leader, LIVE)
    before = PublishedScore.objects.get(unit=neighbour, kind="year")
    assert f'href="/reports/publications/{before.publication.code}/ranking/{neighbour.code}/">塔山镇2023年' in shown
    assert f'href="/reports/ranking/2024/{neighbour.code}/">塔山镇2024年年度擂台' in shown


@pytest.mark.parametrize(("total", "listed"), [("59.9999", 1), ("60", 0)])
def test_a_year_that_was_passed_is_no_second_failure(contest, county, township, neighbour, leader, total, listed):
    add_score_metrics(county)
    make.new_score(neighbour, total, "2023")
    year_scheme(county, [township, neighbour])
    assert f"调整（{listed}个单位）" in words(leader, LIVE)


def test_a_failed_year_long_ago_is_no_second_failure(contest, county, township, neighbour, leader):
    add_score_metrics(county)
    make.new_score(neighbour, "50", "2022")
    year_scheme(county, [township, neighbour])
    assert "调整（0个单位）" in words(leader, LIVE)


def test_a_scheme_without_awards_and_lists_has_no_such_page(contest, leader):
    page(leader, "/reports/ranking/2024Q2/awards/", status=404)
    assert "评奖名单" not in page(leader, "/reports/ranking/2024Q2/")


def test_lists_without_awards_stand_alone(contest, county, township, neighbour, leader):
    add_score_metrics(county)
    year_scheme(county, [township, neighbour], awards=[])
    shown = words(leader, LIVE)
    assert "2024年乡镇擂台榜单" in shown
    assert "奖项" not in shown


def test_in_checking_it_is_still_a_draft(scheme, leader):
    row = checked(scheme)
    shown = page(leader, address(row))
    assert "草稿" in shown
    assert "评奖名单" in page(leader, address(row, ""))


def test_what_was_published_stays_when_the_records_move(scheme, leader, neighbour):
    row = awarded(scheme)
    shown = leader.get(address(row)).context["page"]
    make.judge(make.new_arrival(Arrival.objects.credited_to(neighbour.pk).get().project, "3000"))
    assert leader.get(address(row)).context["page"] == shown
    assert "已发布 第1版" in page(leader, address(row))
    assert "2个获奖" in page(leader, LIVE)
    assert list(broken_publications(scheme.county_id)) == []


def test_the_published_page_leads_to_published_scores(scheme, leader, township, neighbour):
    row = awarded(scheme)
    shown = page(leader, address(row))
    assert f'href="{address(row)[:-7]}ranking/{township.code}/"' in shown
    before = PublishedScore.objects.get(unit=neighbour, publication__period="2023")
    assert f"/reports/publications/{before.publication.code}/ranking/{neighbour.code}/" in shown
    assert address(row) in page(leader, address(row, "ranking/"))


def test_the_page_costs_a_fixed_number_of_queries(scheme, leader):
    row = awarded(scheme)
    for asked, most in ((LIVE, 20), (address(row), 18), (address(row, ""), 18)):
        page(leader, asked)
        with CaptureQueriesContext(connection) as captured:
            page(leader, asked)
        assert len(captured) <= most, asked


# -- the workbook ----------------------------------------------------------------------------------


def test_the_workbook_has_the_awards_as_a_sheet(scheme):
    row = awarded(scheme)
    book = load_workbook(BytesIO(path_of(row.workbook.sha256).read_bytes()), data_only=True)
    rows = [[cell for cell in line if cell is not None] for line in book["评奖名单"].iter_rows(values_only=True)]
    assert rows[0] == ["2024年乡镇擂台评奖名单"]
    assert rows[3][:5] == ["一等奖", "第1", "芦溪镇", 75, 50]
    assert rows[4][:5] == ["未获奖", "第2", "塔山镇", 20.26, "—"]
    assert "总分20.26，低于合格线60，不合格。" in rows[4][5]
    assert rows[5:8] == [["一等奖合计", 1, 50], ["二等奖合计", 0, 0], ["全部合计", 1, 50]]


# -- provisional, then final -----------------------------------------------------------------------


def test_a_provisional_result_says_so_on_every_page(scheme, leader, township, neighbour, metrics):
    row = awarded(scheme, provisional=True)
    figure = f"figures/{metrics['本年累计到位资金'].code}/{township.code}/"
    for rest in ("", "awards/", "ranking/", f"ranking/{township.code}/", figure):
        assert "暂定" in page(leader, address(row, rest)), rest
    assert "暂定" in page(leader, "/reports/publications/")
    assert "暂定" in page(leader, "/reports/ranking/2024/")
    assert "暂定" in page(leader, "/ledgers/scores/")
    assert "暂定" in page(leader, "/reports/trends/2024/")
    book = load_workbook(BytesIO(path_of(row.workbook.sha256).read_bytes()))
    assert book["排名"]["A1"].value == "2024年乡镇擂台排名表（暂定）"
    assert book["评奖名单"]["A1"].value == "2024年乡镇擂台评奖名单（暂定）"


def test_the_final_version_takes_its_place(scheme, leader, neighbour):
    awarded(scheme, provisional=True)
    make.judge(make.new_arrival(Arrival.objects.credited_to(neighbour.pk).get().project, "2789.5"))
    final = awarded(scheme, correction="年报定案")
    assert (final.version, final.provisional) == (2, False)
    shown = page(leader, address(final, ""))
    assert "塔山镇本年累计到位资金：810.5 改为 3600" in shown
    assert "奖项 无 改为 一等奖" in shown
    assert "第1版" in shown
    assert set(
        PublishedScore.objects.current().filter(publication__scheme=scheme).values_list("publication", flat=True)
    ) == {final.pk}
    assert list(broken_publications(scheme.county_id)) == []


def test_nothing_is_provisional_after_a_final_version(scheme):
    awarded(scheme)
    with pytest.raises(Refused, match="是正式的"):
        checked(scheme, correction="再改", provisional=True)


def test_a_second_provisional_version_may_follow_the_first(scheme):
    awarded(scheme, provisional=True)
    assert checked(scheme, correction="漏计一笔", provisional=True).version == 2


def test_only_a_year_may_be_provisional(contest):
    with pytest.raises(Refused, match="只有年度"):
        in_checking(contest, "2024Q2", provisional=True)


def test_the_form_asks_it_for_a_year_alone(scheme, county, client_for):
    publisher = client_for(make.new_seat(county, "county", ["publish"]))
    assert "暂定" in page(publisher, "/reports/publications/check/2024/")
    assert "暂定" not in page(publisher, "/reports/publications/check/2024Q2/")
    awarded(scheme)
    assert "暂定" not in page(publisher, "/reports/publications/check/2024/")


def test_it_is_bound_by_the_sum(scheme):
    row = awarded(scheme, provisional=True)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE reporting_publication SET provisional = %s WHERE id = %s", [False, row.pk])
    assert any("与校验码不符" in sentence for sentence in broken_publications(scheme.county_id))


# -- beside the quarters ---------------------------------------------------------------------------


def test_the_year_does_not_take_the_quarters_place(scheme, leader):
    """The year's scheme is the newer one; the latest ranking is the running quarter's all the same."""
    assert latest_period(scheme.county).code == "2024Q2"
    assert leader.get("/reports/ranking/")["Location"] == "/reports/ranking/2024Q2/"


def test_a_year_is_offered_beside_its_last_quarter(scheme, neighbour):
    assert Period.parse("2024") not in periods_with_scheme(scheme.county)
    make.judge(make.new_arrival(Arrival.objects.credited_to(neighbour.pk).get().project, "1", date(2024, 12, 1)))
    assert [period.code for period in periods_with_scheme(scheme.county)][:2] == ["2024", "2024Q4"]
