"""月统计 through 核对, 审定 and 发布: what is frozen, what a correction tells, and that any edited byte is named."""

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal as D
from io import BytesIO

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from core.periods import Period
from core.write import Refused
from projects.models import Arrival
from reporting.models import Metric, Publication, PublishedScore
from reporting.monthly.freezing import published_statistics, statistics_parts
from reporting.monthly.statistics import WHOLE, month_statistics
from reporting.publishing import steps
from reporting.publishing.chain import canonical, digest
from reporting.publishing.proof import broken_publications
from reporting.publishing.thawing import frozen_lines
from tests import factories as make
from tests.publications import checked, published, published_month
from tests.reporting.test_publishing import edit, statements, verify

MAY = "2024-05"


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.FILES_ROOT = tmp_path


@pytest.fixture
def fund(contest):
    return Metric.objects.get(name="本年累计到位资金")


def more_money(unit, amount, month=date(2024, 5, 1)):
    project = Arrival.objects.credited_to(unit.pk).first().project
    return make.judge(make.new_arrival(project, amount, month))


def page(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status, address
    return b"".join(response).decode() if not response.streaming else b"".join(response.streaming_content)


def post(client, address, **given):
    response = client.post(address, given)
    assert response.status_code == 302, response.content.decode()
    return response["Location"]


def test_freezing_a_month_asks_as_often_for_one_unit_as_for_all(contest, county):
    found = month_statistics(county, Period.parse(MAY))
    alone = replace(found, participants=found.participants[:1])
    assert statements(lambda: dict(statistics_parts(alone))) == statements(lambda: dict(statistics_parts(found)))


def test_a_published_month_stays_as_it_was(contest, county, fund, township, neighbour):
    row = published_month(contest, MAY)
    before = month_statistics(county, Period.parse(MAY)).figures
    more_money(neighbour, "900")
    now = month_statistics(county, Period.parse(MAY)).figures
    frozen = published_statistics(make.fresh(row))
    assert now[fund.code, neighbour.code].month == D("1710.5")
    assert frozen.figures[fund.code, neighbour.code].month == D("810.5")
    assert frozen.figures.keys() == before.keys()
    assert frozen.figures[fund.code, WHOLE].target == 10000
    assert str(row) == "2024年5月统计第1版"
    assert not PublishedScore.objects.exists()


def test_every_figure_keeps_its_rows(contest, fund, township):
    earlier = more_money(township, "70", date(2024, 4, 1))
    row = published_month(contest, MAY)
    amounts = {
        slot: [line.amount for line in frozen_lines(row, township, f"{fund.code} {slot}")[0]]
        for slot in ("month", "month_before", "year", "year_before")
    }
    assert amounts["month"] == [4500]
    assert sorted(amounts["year"]) == [70, 4500]
    assert (amounts["month_before"], amounts["year_before"]) == ([70], [])
    assert frozen_lines(row, township, f"{fund.code} month_before")[0][0].code == earlier.code


def test_the_countys_own_figure_keeps_its_rows_each_once(contest, fund, township, neighbour, office, client_for):
    more_money(township, "70")
    row = published_month(contest, MAY)
    counted, _ = frozen_lines(row, None, f"{fund.code} month")
    whole = published_statistics(row).figures[fund.code, WHOLE].month
    assert sum(line.amount for line in counted) == whole == D("5380.5")
    assert {line.share for line in counted} == {1}
    shown = page(client_for(office), f"/reports/publications/{row.code}/month/{fund.code}/county/month/")
    assert "全县" in shown
    assert "5,380.50" in shown


def test_a_county_row_edited_together_with_its_sum(contest, fund):
    row = published_month(contest, MAY)
    part = row.parts.get(name="明细 全县")
    found = json.loads(part.text)
    found[f"{fund.code} month"]["counted"].pop()
    text = canonical(found)
    edit("reporting_frozenpart", "text", text, id=part.pk)
    edit("reporting_frozenpart", "sha256", digest(text), id=part.pk)
    assert any(
        "全县本年累计到位资金（本月）与所列记录之和不符" in told for told in broken_publications(contest.county_id)
    )


def test_a_ranking_and_a_month_stand_in_one_chain(contest):
    first, second = published(contest, "2024Q2"), published_month(contest, MAY)
    assert (second.position, second.previous, second.version) == (2, first.sha256, 1)
    assert list(broken_publications(contest.county_id)) == []


def test_a_correction_names_the_figures_that_changed(contest, fund, neighbour):
    published_month(contest, MAY)
    more_money(neighbour, "100")
    with pytest.raises(Refused, match="要写更正说明"):
        published_month(contest, MAY)
    row = published_month(contest, MAY, correction="漏计一笔")
    told = json.loads(row.parts.get(name="更正").text)
    assert (row.version, told["why"], told["results"]) == (2, "漏计一笔", [])
    assert told["figures"] == [
        "塔山镇到位资金本年累计：810.5 改为 910.5",
        "塔山镇到位资金本月：810.5 改为 910.5",
        "全县到位资金本年累计：5310.5 改为 5410.5",
        "全县到位资金本月：5310.5 改为 5410.5",
    ]
    assert list(broken_publications(contest.county_id)) == []


def test_a_metric_that_cannot_be_trusted_is_not_published(contest, fund):
    Metric.objects.filter(pk=fund.pk).update(conditions={"gone": ["1"]})
    with pytest.raises(Refused, match="有指标不能计算"):
        published_month(contest, MAY)


@pytest.mark.parametrize("name", ["考核方案", "参评单位", "指标", "输入", "结果"])
def test_one_byte_of_a_part_is_named(contest, name):
    row = published_month(contest, MAY)
    part = row.parts.get(name=name)
    edit("reporting_frozenpart", "text", part.text + " ", id=part.pk)
    assert verify() == (1, f"{row}：冻结的“{name}”已被改动。\n")


def test_a_figure_edited_together_with_its_sum(contest, fund):
    """The columns that follow from it and the rows behind it no longer fit."""
    row = published_month(contest, MAY)
    part = row.parts.get(name="输入")
    text = part.text.replace('"4500.0000"', '"4600.0000"')
    assert text != part.text
    edit("reporting_frozenpart", "text", text, id=part.pk)
    edit("reporting_frozenpart", "sha256", digest(text), id=part.pk)
    code, told = verify()
    assert code == 1
    assert "与校验码不符" in told
    assert "按冻结的输入重新计算，结果与发布的不同" in told
    assert "芦溪镇本年累计到位资金（本月）与所列记录之和不符" in told


def test_a_publication_passed_off_as_another_kind(contest):
    row = published_month(contest, MAY)
    edit("reporting_publication", "kind", "ranking", id=row.pk)
    code, told = verify()
    assert code == 1
    assert "与校验码不符" in told


def test_the_way_through_the_pages(contest, county, fund, township, neighbour, client_for):
    """核对 with a question and its answer, 审定, 发布; the published page has no live figure and every cell opens."""
    office = client_for(make.new_seat(county, "county", ["review", "publish"]))
    head, clerk = client_for(make.township_seat(township, ["review"])), client_for(make.township_seat(neighbour))
    assert "发起核对" in page(office, "/reports/months/2024-05/")
    due = (timezone.localdate() + timedelta(days=3)).isoformat()
    address = post(office, "/reports/months/2024-05/check/", answer_by=due)
    row = Publication.objects.get()
    assert "正在核对" in page(head, "/reports/months/2024-05/")
    assert "芦溪镇确认无误" in page(head, address)
    post(head, f"{address}confirm/")
    figure = f"/reports/metrics/{fund.code}/2024-05/{township.code}/?span=year"
    assert "申请复核" in page(clerk, figure)
    post(clerk, f"{address}dispute/{fund.code}/{township.code}/", row="", claim="请核对")
    more_money(township, "1")
    assert "确认后数字有变动" in page(office, address)
    asked = row.disputes.get()
    post(office, f"{address}disputes/{asked.code}/", outcome="rejected", reply="无误")
    post(office, f"{address}approve/", meeting="第1次会议", approved_on=timezone.localdate().isoformat())
    assert post(office, f"{address}publish/") == address
    assert "看月统计" in page(office, address)
    assert "月统计" in page(office, "/reports/publications/")
    more_money(township, "5000")
    shown = page(office, f"{address}month/")
    assert "tag-published" in shown
    assert "4,501.00" in shown
    behind = page(office, f"{address}month/{fund.code}/{township.code}/month/")
    assert "4,501.00" in behind
    assert "发布后新增，现在计入" in behind
    assert page(office, f"{address}table.xlsx")[:2] == b"PK"
    for wrong in ("ranking/", f"ranking/{township.code}/", f"month/{fund.code}/{township.code}/week/"):
        page(office, f"{address}{wrong}", status=404)


def test_a_month_published_within_itself_keeps_the_day_of_its_freezing(contest, fund, office, client_for):
    """make.NOW and six days: 2024-07-11. What was not over then stays so, whenever it is read or proved."""
    row = published_month(contest, "2024-07")
    client = client_for(office)
    assert "截至2024年7月11日" in page(client, f"/reports/publications/{row.code}/month/")
    behind = page(client, f"/reports/publications/{row.code}/month/{fund.code}/county/month/")
    assert "截至2024年7月11日" in behind
    book = load_workbook(BytesIO(page(client, f"/reports/publications/{row.code}/table.xlsx")))
    said = [value for line in book.active.iter_rows(values_only=True) for value in line if value]
    assert any("数据截至2024年7月11日" in str(value) for value in said)
    assert list(broken_publications(contest.county_id)) == []


def test_a_rankings_publication_has_no_month(contest, office, client_for):
    row = published(contest, "2024Q2")
    page(client_for(office), f"/reports/publications/{row.code}/month/", status=404)


def test_figures_that_moved_after_the_meeting_need_a_reason(contest, county, fund, township):
    """The county's own among them: it counts units that take no part, too."""
    found = month_statistics(county, Period.parse(MAY))
    row, after = checked(found), make.NOW + timedelta(days=6)
    with make.writing_as(county, at=after) as writing:
        row = steps.approve(writing, publication=row, draft=found, meeting="调度会", approved_on=make.TODAY)
    outside = make.new_project(make.new_township(county, name="外镇"))
    make.judge(make.new_arrival(outside, "7", date(2024, 5, 1)))
    today = month_statistics(county, Period.parse(MAY))
    with make.writing_as(county, at=after) as writing, pytest.raises(Refused) as refused:
        steps.publish(writing, publication=row, draft=today)
    assert "有变动（全县：数字与审定时不同）" in refused.value.message_dict["since_approval"][0]


def test_a_month_is_checked_once(contest, county):
    found = month_statistics(county, Period.parse(MAY))
    checked(found)
    with pytest.raises(Refused, match="正在核对中"):
        checked(found)
