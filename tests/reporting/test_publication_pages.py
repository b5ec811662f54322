"""核对, 审定, 发布 in the pages, as the office and the townships go through them."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from projects.models import Arrival
from reporting.models import Dispute, Metric, Publication
from reporting.services import add_scheme
from tests import factories as make
from tests.reporting.year import YEAR_SCHEME

RANKING = "/reports/ranking/2024Q2/"
OPEN = "/reports/publications/check/2024Q2/"


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.FILES_ROOT = tmp_path


@pytest.fixture
def publisher(county, client_for):
    return client_for(make.new_seat(county, "county", ["review", "publish"]))


@pytest.fixture
def head(township, client_for):
    """The township's 分管领导, who confirms."""
    return client_for(make.township_seat(township, ["review"]))


def in_days(count):
    return (timezone.localdate() + timedelta(days=count)).isoformat()


def post(client, address, status=302, **given):
    response = client.post(address, given)
    assert response.status_code == status, response.content.decode()
    return response.content.decode() if status != 302 else response["Location"]


def page(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


@pytest.fixture
def checking(contest, publisher):
    """The address of the publication that is being checked."""
    return post(publisher, OPEN, answer_by=in_days(3))


@pytest.fixture
def published(checking, publisher, head, township, neighbour, client_for):
    post(head, f"{checking}confirm/")
    post(client_for(make.township_seat(neighbour, ["review"])), f"{checking}confirm/")
    post(publisher, f"{checking}approve/", meeting="领导小组第2次会议", approved_on=in_days(0))
    assert post(publisher, f"{checking}publish/", token="once") == checking
    return checking


def test_the_draft_offers_checking_to_whoever_publishes(contest, publisher, head):
    assert "发起核对" in page(publisher, RANKING)
    assert "发起核对" not in page(head, RANKING)


def test_what_is_typed_wrong_is_said_beside_its_field(contest, publisher):
    said = post(publisher, OPEN, status=422, answer_by="下周")
    assert "核对截止日期" in said
    assert "没有保存，请先改好这几处" in said
    assert "要晚于今天" in post(publisher, OPEN, status=422, answer_by=in_days(0))
    assert not Publication.objects.exists()


def test_the_draft_says_that_it_is_being_checked(checking, head):
    assert "正在核对" in page(head, RANKING)
    assert "本镇" not in page(head, checking)
    assert "芦溪镇确认无误" in page(head, checking)


def test_a_unit_confirms_once(checking, head):
    post(head, f"{checking}confirm/")
    shown = page(head, checking)
    assert "2个单位中1个已确认" in shown
    assert "芦溪镇确认无误" not in shown
    response = head.post(f"{checking}confirm/", follow=True)
    assert "本单位已经确认过。" in response.content.decode()


def test_what_was_confirmed_stays_visible_when_the_draft_moves(checking, head, township, neighbour, client_for):
    other = client_for(make.township_seat(neighbour, ["review"]))
    post(other, f"{checking}confirm/")
    project = Arrival.objects.credited_to(neighbour.pk).get().project
    make.judge(make.new_arrival(project, "789.5"))
    assert "确认时总分56.74" in page(other, checking)


def test_a_row_is_disputed_and_answered(checking, publisher, township, neighbour, client_for):
    clerk = client_for(make.township_seat(neighbour))
    metric = Metric.objects.get(name="本年累计到位资金")
    row = Arrival.objects.credited_to(township.pk).get()
    figure = f"/reports/metrics/{metric.code}/2024Q2/{township.code}/"
    assert "申请复核" in page(clerk, figure)
    ask = f"{checking}dispute/{metric.code}/{township.code}/"
    assert row.code in page(clerk, ask)
    assert "请填写" in post(clerk, ask, status=422, row=row.code, claim="")
    post(clerk, ask, row=row.code, claim="这笔是贷款，不应计入")
    asked = Dispute.objects.get()
    assert (asked.row_code, asked.counted, asked.unit, asked.about) == (row.code, True, neighbour, township)
    assert "1条复核申请待答复" in page(publisher, checking)
    post(publisher, f"{checking}disputes/{asked.code}/", outcome="upheld", reply="已核减")
    assert "采纳" in page(clerk, checking)
    assert "已核减" in page(clerk, checking)
    again = post(publisher, f"{checking}disputes/{asked.code}/", status=422, outcome="rejected", reply="再答")
    assert "已经答复" in again


def test_a_row_that_is_not_of_this_figure_cannot_be_disputed(checking, neighbour, township, client_for):
    clerk = client_for(make.township_seat(neighbour))
    metric = Metric.objects.get(name="本年累计到位资金")
    ask = f"{checking}dispute/{metric.code}/{township.code}/"
    post(clerk, ask, status=422, row="DZ2024-99999", claim="请核对")
    assert not Dispute.objects.exists()


def test_what_moved_after_the_meeting_is_shown_and_explained(
    checking, publisher, head, neighbour, township, client_for
):
    other = client_for(make.township_seat(neighbour, ["review"]))
    for client in (head, other):
        post(client, f"{checking}confirm/")
    post(publisher, f"{checking}approve/", meeting="领导小组第2次会议", approved_on=in_days(0))
    assert "审定后的变动" not in page(head, checking)
    assert "领导小组第2次会议已经审定，还没有发布" in page(head, RANKING)
    project = Arrival.objects.credited_to(neighbour.pk).get().project
    make.judge(make.new_arrival(project, "789.5"))
    moved = "塔山镇：审定时总分56.74，第1，现在总分88.00，第1"
    assert moved in page(head, checking)
    assert moved in page(publisher, f"{checking}publish/")
    assert "请填写" in post(publisher, f"{checking}publish/", status=422, token="bare")
    post(publisher, f"{checking}publish/", token="why", since_approval="采纳异议，补计一笔")
    shown = page(head, checking)
    assert moved in shown
    assert "采纳异议，补计一笔" in shown


def test_after_the_deadline_nothing_more_is_asked(checking, head, publisher, neighbour, township):
    Publication.objects.update(answer_by=timezone.localdate() - timedelta(days=1))
    shown = page(head, checking)
    assert "确认无误" not in shown
    assert "到期未答复，视为同意" in shown
    assert "已经结束，等待审定" in page(head, RANKING)
    metric = Metric.objects.get(name="本年累计到位资金")
    assert "申请复核" not in page(head, f"/reports/metrics/{metric.code}/2024Q2/{neighbour.code}/")
    said = head.post(f"{checking}confirm/", follow=True).content.decode()
    assert "没有答复的视为同意" in said
    post(publisher, f"{checking}approve/", meeting="会议", approved_on=in_days(0))


def test_no_unit_is_cut_short(checking, publisher):
    said = post(publisher, f"{checking}approve/", status=422, meeting="会议", approved_on=in_days(0))
    assert "还没有确认。过期未答复的视为同意。" in said


def test_half_an_announcement_is_refused(checking, publisher):
    given = {"meeting": "会议", "approved_on": in_days(0), "announced_from": in_days(1)}
    assert "要一起填写" in post(publisher, f"{checking}approve/", status=422, **given)


def test_the_published_ranking_stands_beside_the_draft(published, publisher, head):
    assert "已发布 第1版" in page(head, f"{published}ranking/")
    assert "本期已发布" in page(head, RANKING)
    assert "发起更正" in page(publisher, RANKING)


def test_a_leaders_day_begins_with_what_was_published(published, county, neighbour, client_for):
    make.judge(make.new_arrival(make.new_project(neighbour), "9000"))
    home = page(client_for(make.new_seat(county, "leader", [])), "/")
    assert "已发布 第1版" in home
    assert f'href="{published}ranking/"' in home
    assert "草稿" not in home


def test_three_clicks_from_a_published_score_to_its_rows(published, head, township):
    metric = Metric.objects.get(name="本年累计到位资金")
    score = f"{published}ranking/{township.code}/"
    figure = f"{published}figures/{metric.code}/{township.code}/"
    assert score in page(head, f"{published}ranking/")
    assert figure in page(head, score)
    row = Arrival.objects.credited_to(township.pk).get()
    assert row.code in page(head, figure)


def test_a_published_figure_says_what_has_changed_since(published, publisher, neighbour):
    metric = Metric.objects.get(name="本年累计到位资金")
    figure = f"{published}figures/{metric.code}/{neighbour.code}/"
    assert "台账里今天的记录与发布时一致" in page(publisher, figure)
    added = make.new_arrival(Arrival.objects.credited_to(neighbour.pk).get().project, "789.5")
    assert f"（{added.code}）：发布后新增，未计入" in page(publisher, figure)
    make.judge(added)
    shown = page(publisher, figure)
    assert f"（{added.code}）：发布后新增，现在计入" in shown
    assert "810.5" in shown
    assert "1,600" not in shown


def test_the_files_are_those_that_were_frozen(published, head):
    response = head.get(f"{published}table.xlsx")
    assert b"".join(response.streaming_content)[:2] == b"PK"
    assert head.get(f"{published}signed-page/").status_code == 404


def test_a_correction_is_a_second_version(published, publisher, neighbour):
    assert "请填写" in post(publisher, OPEN, status=422, answer_by=in_days(1))
    second = post(publisher, OPEN, answer_by=in_days(1), correction="漏计一笔")
    assert "第2版" in page(publisher, second)
    assert "本期其他版次" in page(publisher, second)


def test_the_list_begins_with_what_is_newest_and_keeps_versions_together(published, publisher, contest, county):
    post(publisher, OPEN, answer_by=in_days(2), correction="漏计一笔")
    with make.writing_as(county) as writing:
        year = add_scheme(writing, body={**YEAR_SCHEME, "lists": []}, participants=[])
    for code, scheme in (("2024", year), ("2024Q4", contest), ("2024Q1", contest), ("2024-05", contest)):
        kind = "statistics" if "-" in code else "ranking"
        with make.writing_as(county) as writing:
            writing.add(Publication(kind=kind, scheme=scheme, period=code, answer_by=make.TODAY), permission="publish")
    shown = page(publisher, "/reports/publications/")
    listed = re.findall(r'<th scope="row"><a[^>]*>(.*?)</a>.*?第(\d)版', shown, re.DOTALL)
    assert listed == [
        ("2024年", "1"),
        ("2024年四季度", "1"),
        ("2024年二季度", "2"),
        ("2024年二季度", "1"),
        ("2024年5月", "1"),
        ("2024年一季度", "1"),
    ]


def test_a_publication_that_is_not_there_is_said_so_in_chinese(contest, publisher):
    shown = page(publisher, "/reports/publications/FB2024-99999/", status=404)
    assert "没有找到这一页" in shown
    assert "matches" not in shown


def test_what_was_opened_by_mistake_is_withdrawn(checking, publisher):
    post(publisher, f"{checking}withdraw/", reason="方案还要修改")
    assert "已撤回：方案还要修改" in page(publisher, checking)
    assert "没有保存" in post(publisher, f"{checking}approve/", status=422, meeting="会", approved_on=in_days(0))
    post(publisher, OPEN, answer_by=in_days(2))


def test_the_list_and_the_pages_cost_a_fixed_number_of_queries(published, publisher, head):
    few = [queries(publisher, address) for address in addresses(published)]
    second = post(publisher, OPEN, answer_by=in_days(1), correction="漏计一笔")
    assert [queries(publisher, address) for address in addresses(published)] == few
    assert second != published
    assert max(few[1:]) <= 16


def addresses(published):
    return [published, "/reports/publications/", f"{published}ranking/"]


def queries(client, address):
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)
