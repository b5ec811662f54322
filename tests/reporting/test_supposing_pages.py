"""The page of a supposition: what an address asks, what is said of wrong ones, and two rankings side by side."""

import html
import re
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.closing import close_month
from core.dates import DateSpan
from reporting.models import Scheme
from reporting.scheme_editing.services import change_rules, copy_scheme
from tests import factories as make
from tests.reporting.test_supposing import STARTS, everything

PERIOD = "2024Q2"
SUPPOSE = f"/reports/ranking/{PERIOD}/suppose/"
DAY = "2024-06-20"
ROW = re.compile(r'<tr>\s*<th scope="row" class="who">.*?</tr>', re.DOTALL)
CELL = re.compile(r"<t[dh][^>]*>(.*?)</t[dh]>", re.DOTALL)
TAG = re.compile(r"<[^>]*>")


@pytest.fixture
def starts(contest, county):
    """The contest in one group, in which starts count as well."""
    body = {**contest.body, "indicators": [*contest.body["indicators"], STARTS], "ranking": {"within": "all"}}
    with make.writing_as(county) as writing:
        change_rules(writing, scheme=contest, body=body)
    return make.fresh(contest)


@pytest.fixture
def waiting(neighbour):
    signed = DateSpan.day(date(2024, 4, 2))
    return [make.new_project(neighbour, name=f"待开工{n}", signed=signed) for n in ("甲", "乙")]


@pytest.fixture
def leader(seats, client_for):
    return client_for(seats["leader"])


def page(client, status=200, address=SUPPOSE, **given):
    """What is shown, after the address was tidied."""
    response = client.get(address, given, follow=True)
    assert response.status_code == status
    return html.unescape(response.content.decode())


def rows(shown):
    """Unit → the texts of its cells."""
    found = [[" ".join(TAG.sub(" ", cell).split()) for cell in CELL.findall(row)] for row in ROW.findall(shown)]
    return {cells[0]: cells[1:] for cells in found}


def beside(shown, box):
    """The sentences beside a box of the form."""
    found = re.search(rf'<ul class="errorlist"\s+id="id_{box}_error">(.*?)</ul>', shown, re.DOTALL)
    return TAG.sub("", found[1]) if found else ""


# -- who, and the address -----------------------------------------------------------------------------


def test_county_and_leaders_suppose_and_nobody_else(starts, seats, client_for):
    allowed = {name for name, seat in seats.items() if client_for(seat).get(SUPPOSE).status_code == 200}
    assert allowed == {"county", "county2", "leader"}


@pytest.mark.parametrize(("name", "there"), [("leader", True), ("county", True), ("township", False)])
def test_the_way_there_stands_where_it_may_be_gone(name, there, starts, seats, client_for):
    client = client_for(seats[name])
    assert (SUPPOSE in page(client, address=f"/reports/ranking/{PERIOD}/")) is there
    link = reverse("scheme-suppose", args=[starts.code])
    assert (link in page(client, address=f"/reports/schemes/{starts.code}/")) is there


def test_a_scheme_leads_to_the_last_period_with_figures(starts, leader):
    response = leader.get(reverse("scheme-suppose", args=[starts.code]))
    assert response["Location"] == f"{SUPPOSE}?scheme={starts.code}"


def test_the_address_holds_what_is_supposed_and_nothing_else(starts, waiting, leader):
    given = {
        "scheme": starts.code,
        "step": "start",
        "day": f" {DAY} ",
        "project-2": waiting[0].code,
        "project-5": "",
        "points-到位资金": "",
        "target-3": "",
        "colour": "red",
    }
    response = leader.get(SUPPOSE, given)
    assert response.status_code == 302
    assert parse_qs(urlsplit(response["Location"]).query) == {"day": [DAY], "project-1": [waiting[0].code]}
    assert leader.get(response["Location"]).status_code == 200
    assert leader.get(SUPPOSE, {"scheme": "", "step": "start", "day": ""})["Location"] == SUPPOSE


def test_nothing_supposed_asks_what_to_suppose(starts, leader):
    shown = page(leader)
    assert "只是测算，不影响任何正式数据" in shown
    assert "结果</h2>" not in shown


@pytest.mark.parametrize(("address", "status"), [("2024Q5", 404), ("2023", 404), ("nowhere", 404)])
def test_an_address_of_no_ranking_is_not_found(address, status, starts, leader):
    assert leader.get(f"/reports/ranking/{address}/suppose/").status_code == status


# -- what follows -------------------------------------------------------------------------------------


def test_two_starts_move_the_ranks_side_by_side(starts, waiting, leader):
    before = everything()
    shown = page(leader, **{"project-1": waiting[0].code, "project-2": "待开工乙", "day": DAY})
    assert "“待开工甲”、“待开工乙”2个项目2024年6月20日开工，并已认定。" in shown
    assert rows(shown)["塔山镇"][5] == "+20.00"
    assert rows(shown)["芦溪镇"][5] == "0.00"
    assert "MIN(2 ÷ 2, 1) × 20 = 20" in shown
    assert "MIN(0 ÷ 2, 1) × 20 = 0" in shown
    assert {k: v for k, v in everything().items() if k != "sessions.Session"} == {
        k: v for k, v in before.items() if k != "sessions.Session"
    }


def test_points_and_targets_are_told_and_counted(starts, leader, neighbour, metrics):
    fund = metrics["本年累计到位资金"]
    given = {"points-户均": "10", "unit-1": neighbour.code, "metric-1": fund.code, "target-1": "1621"}
    shown = page(leader, **given)
    assert "“户均”满分由40改为10。" in shown
    assert "塔山镇2024年“本年累计到位资金”目标由4,000改为1,621万元。" in shown
    assert "MIN(810.5 ÷ 810.5, 1) × 60 = 60" in shown


def test_a_draft_version_is_for_the_office_that_writes_it(starts, county, leader, office, client_for):
    with make.writing_as(county) as writing:
        draft = copy_scheme(writing, scheme=starts, name=starts.name, year=starts.year)
        half = [{**one, "points": 10} for one in starts.body["indicators"]]
        change_rules(writing, scheme=draft, body={**starts.body, "indicators": half})
    shown = page(client_for(office), scheme=draft.code)
    assert f"按“{draft}”（草稿）计算，不按现行的“{starts}”。" in shown
    assert rows(shown)["芦溪镇"][5].startswith("−")
    assert "没有这个选项，请重新选择。" in page(leader, scheme=draft.code)
    assert "结果</h2>" not in page(leader, scheme=draft.code)


def test_points_of_an_indicator_that_the_chosen_scheme_lacks_are_told(starts, county, office, client_for):
    with make.writing_as(county) as writing:
        draft = copy_scheme(writing, scheme=starts, name=starts.name, year=starts.year)
        change_rules(writing, scheme=draft, body={**starts.body, "indicators": starts.body["indicators"][:1]})
    shown = page(client_for(office), **{"scheme": draft.code, "points-户均": "10"})
    assert f"“{draft}”没有指标“户均”，改成10分没有带过来。" in shown
    assert "没有这一项" in shown


def test_a_closed_month_is_said_to_count_later(starts, waiting, leader, county):
    with make.writing_as(county) as writing:
        close_month(writing, ledger="milestones", month=date(2024, 6, 1))
    shown = page(leader, **{"project-1": waiting[0].code, "day": DAY})
    assert "2024年6月的节点已经关账，与真实认定一样补计到2024年7月，2024年二季度的排名里" in shown
    assert "名次和总分都没有变动。" in shown


def test_another_step_can_be_supposed(starts, waiting, leader):
    shown = page(leader, **{"project-1": waiting[0].code, "day": DAY, "step": "landing"})
    assert "“待开工甲”2024年6月20日落地，并已认定。" in shown


# -- what is asked wrongly -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "box", "sentence"),
    [
        ({"project-1": "没有的项目", "day": DAY}, "project-1", "没有找到项目“没有的项目”"),
        ({"project-1": "待开工甲"}, "day", "请写明这些项目哪一天到达。"),
        ({"project-1": "待开工甲", "day": "2024-07-01"}, "day", "日期要在2024年1月1日至6月30日之间"),
        ({"project-1": "待开工甲", "day": "2023-12-31"}, "day", "日期要在2024年1月1日至6月30日之间"),
        ({"project-1": "待开工甲", "day": "六月"}, "day", "看不出是什么日期"),
        ({"project-1": "待开工甲", "day": "2024-06"}, "day", "请写到哪一天"),
        ({"project-1": "待开工甲", "day": DAY, "step": "signing"}, "step", "没有这个选项"),
        ({"points-户均": "-1"}, "points-户均", "不能是负数。"),
        ({"points-户均": "很多"}, "points-户均", "请填写数字"),
        ({"unit-1": "DW2024-99999", "target-1": "5"}, "unit-1", "没有这个选项"),
        ({"target-1": "五千"}, "target-1", "请填写数字"),
        ({"target-1": "5000"}, "unit-1", "请把单位、指标和目标填全。"),
        ({"scheme": "FA1999-00001"}, "scheme", "没有这个选项"),
    ],
)
def test_what_is_asked_wrongly_is_said_beside_its_box(given, box, sentence, starts, waiting, leader):
    shown = page(leader, **given)
    assert "没有测算，请先改好这几处" in shown
    assert sentence in beside(shown, box)
    assert "结果</h2>" not in shown
    for name in {"project-1", "day", "points-户均", "target-1"}.intersection(given):
        assert f'value="{given[name]}"' in shown


def test_a_project_that_started_says_so_beside_its_box(starts, waiting, leader):
    make.judge(make.new_milestone(waiting[1], "start", DateSpan.day(date(2024, 5, 6))))
    shown = page(leader, **{"project-1": waiting[0].code, "project-2": waiting[1].code, "day": DAY})
    assert "已认定2024年5月6日开工，不用假设。" in beside(shown, "project-2")
    assert "不用假设" not in beside(shown, "project-1")


def test_two_projects_of_one_name_are_told_apart_by_code(starts, waiting, leader, neighbour):
    make.new_project(neighbour, name="待开工甲")
    assert "有不止一个项目叫“待开工甲”，请填写编号。" in page(leader, **{"project-1": "待开工甲", "day": DAY})


def test_more_projects_than_fit_are_told(starts, waiting, leader):
    given = {f"project-{n}": waiting[n % 2].code for n in range(1, 23)}
    assert "一次最多假设20个项目，后面的2个没有带过来。" in page(leader, **given, day=DAY)


def test_projects_of_another_county_are_not_found(starts, leader, elsewhere):
    abroad = make.new_project(make.new_township(elsewhere), name="邻县项目")
    assert "没有找到项目" in page(leader, **{"project-1": abroad.name, "day": DAY})


# -- how much is asked ---------------------------------------------------------------------------------


def questions(client, address, **given):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address, given).status_code == 200
    return len(asked)


def test_a_supposition_asks_at_most_twice_a_ranking_and_a_constant(starts, waiting, leader, neighbour):
    ranking = questions(leader, f"/reports/ranking/{PERIOD}/")
    few = {"day": DAY, "project-1": waiting[0].code}
    many = {**few, **{f"project-{n}": make.new_project(neighbour).code for n in range(2, 10)}}
    assert questions(leader, SUPPOSE, **few) == questions(leader, SUPPOSE, **many) <= 2 * ranking + 22
    assert questions(leader, SUPPOSE, **{"points-户均": "10"}) <= ranking + 4
    assert Scheme.objects.count() == 1
