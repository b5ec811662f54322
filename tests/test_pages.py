"""Every page renders for whom it is meant, and asks nothing of the browser that the content policy forbids."""

import re

import pytest
from django.http import QueryDict
from django.urls import reverse

from core.ledgers import views
from core.ledgers.filter_line import SHOWN_FIRST, filter_line
from core.ledgers.ledger import all_ledgers, ledger_for
from core.ledgers.query import ListQuery
from core.ledgers.tables import PAGE_SIZE
from tests import factories
from townships.menu import ledgers_by_subject

FORBIDDEN = re.compile(r"""\sstyle=|<style|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:""")


def shown(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status
    page = response.content.decode()
    assert not FORBIDDEN.search(page)
    assert page.rstrip().endswith("</html>")
    return page


@pytest.fixture
def project(township):
    return factories.new_project(township)


LEDGERS = {
    "projects": ("招商项目台账", "新增项目"),
    "agreements": ("签约记录", "新增签约"),
    "milestones": ("项目节点", "新增节点"),
    "arrivals": ("到位资金台账", "新增到位资金"),
    "progress": ("项目进展台账", "新增项目月度进展"),
    "investment_projects": ("固投项目台账", "新增固投项目"),
    "investment_moves": ("固投入库台账", "新增固投入库记录"),
    "investment_months": ("固投填报数台账", "新增固投填报数"),
    "funding_documents": ("专项资金文件", "新增资金文件"),
    "allocations": ("资金分配台账", "新增资金分配"),
    "payments": ("资金拨付台账", "新增资金拨付"),
    "enterprises": ("企业台账", "新增企业"),
    "declarations": ("申报入库台账", "新增申报入库记录"),
    "declaration_windows": ("申报窗口", "新增申报窗口"),
    "declaration_materials": ("申报材料清单", "新增申报材料"),
    "exit_rules": ("退库预警规则", "新增退库预警规则"),
    "holidays": ("放假调休表", "新增放假调休"),
    "local_thresholds": ("本县标准", "新增本县标准"),
    "cultivation": ("培育台账", "新增培育记录"),
    "cultivation_measures": ("一企一策台账", "新增一企一策措施"),
    "cultivation_limits": ("培育梯次标准", "新增培育梯次标准"),
    "visits": ("走访台账", "新增走访记录"),
    "farm_months": ("新型农业经营主体台账", "新增新型农业经营主体月度数"),
    "enterprise_months": ("企业月度指标台账", "新增企业月度数据"),
    "mandates": ("数据授权书", "新增数据授权书"),
    "problems": ("问题台账", "新增问题"),
    "coherence_rules": ("疑点规则", "新增疑点规则"),
    "coherence_questions": ("疑点台账", None),
    "units": ("单位", "新增单位"),
    "successions": ("单位沿革", "新增单位沿革"),
    "pilots": ("试点期", "新增试点期"),
    "reports": ("月报台账", None),
    "targets": ("年度目标台账", "新增目标"),
    "base_figures": ("历史基数台账", "新增历史基数"),
    "figure_series": ("部门数据项", "新增数据项"),
    "department_figures": ("部门数据台账", "新增部门数据"),
    "scores": ("成绩台账", None),
    "ratings": ("评分台账", None),
    "award_proposals": ("奖补建议台账", None),
    "closing_exceptions": ("关账例外", None),
}
"""key: (its name, the title of its form; None where only publications, reviewers or acts write it)"""


def test_no_ledger_is_left_out_of_these_tests():
    assert {ledger.key for ledger in all_ledgers()} == set(LEDGERS)


REACHED_FROM_OTHER_PAGES = {
    "mandates",
    "cultivation_measures",
    "cultivation_limits",
    "declaration_windows",
    "declaration_materials",
    "exit_rules",
    "local_thresholds",
    "coherence_rules",
    "closing_exceptions",
    "holidays",
}


def test_the_menu_has_every_ledger_under_one_heading_or_another_page_leads_to_it():
    menu = ledgers_by_subject()
    keys = [ledger.key for _, ledgers in menu for ledger in ledgers]
    assert sorted([*keys, *REACHED_FROM_OTHER_PAGES]) == sorted(LEDGERS)
    assert all(ledgers for _, ledgers in menu)


@pytest.mark.parametrize("key", LEDGERS)
def test_each_ledger_shows_its_list_its_form_and_its_empty_search(key, office, client_for, project):
    client, (name, adding) = client_for(office), LEDGERS[key]
    assert f"<h1>{name}</h1>" in shown(client, f"/ledgers/{key}/")
    shown(client, f"/ledgers/{key}/?q=没有这一条")
    shown(client, f"/ledgers/{key}/?nothing=1", 400)
    if adding:
        assert f"<h1>{adding}</h1>" in shown(client, f"/ledgers/{key}/new/")
    else:
        shown(client, f"/ledgers/{key}/new/", 403)


def test_a_project_shows_its_story(reviewer, client_for, project):
    page = shown(client_for(reviewer), reverse("ledger-detail", args=["projects", project.code]))
    assert "项目进程" in page
    assert "签约记录" in page
    assert "基本情况" in page


@pytest.mark.parametrize(
    ("post", "names"),
    [
        ("county", ["home", "batches", "closing", "own-password"]),
        ("county2", ["home", "closing"]),
        ("township", ["home", "batches"]),
        ("leader", ["home"]),
        ("admin", ["accounts", "account-new"]),
        ("auditor", ["audit-log"]),
    ],
)
def test_each_person_sees_their_pages(post, names, seats, client_for):
    for name in names:
        shown(client_for(seats[post]), reverse(name))


@pytest.mark.parametrize(
    ("post", "title"),
    [("county", "县招商办 填报"), ("township", "芦溪镇 填报"), ("leader", "县领导"), ("inspector", "检查")],
)
def test_whoever_may_not_close_reads_who_may_and_why_not(post, title, seats, client_for):
    page = shown(client_for(seats[post]), reverse("closing"))
    assert "关账由县招商办有“审核”职责的岗位办理。" in page
    assert f"您现在的岗位是“{title}”，没有这项职责" in page
    assert "<form" not in page.split('<main id="main"')[1]


def test_whoever_may_close_is_told_nothing_of_the_kind(seats, client_for):
    page = shown(client_for(seats["county2"]), reverse("closing"))
    assert "没有这项职责" not in page
    assert "<form" in page.split('<main id="main"')[1]


def test_ledgers_closed_in_one_act_stand_in_one_line(reviewer, client_for):
    client = client_for(reviewer)
    for month, ledgers in (("2024-03", ["agreements", "arrivals"]), ("2024-04", ["arrivals"])):
        given = {"month": month, "ledgers": ledgers, "sure": "1"}
        assert client.post(reverse("closing"), given).status_code == 302
    page = shown(client, reverse("closing"))
    assert "签约记录、到位资金台账</td>" in page
    assert page.split('<main id="main"')[1].count('<th scope="row"') == 2


def test_refusals_are_pages_too(seats, client_for):
    shown(client_for(seats["county"]), reverse("accounts"), 403)
    shown(client_for(seats["county"]), "/nowhere/", 404)


def test_login_needs_nobody(client, db):
    assert "登录</button>" in shown(client, reverse("login"))


def test_paging_without_a_page_swaps_rows_and_actions_alone(office, client_for, project):
    response = client_for(office).get(reverse("ledger-list", args=["projects"]), headers={"HX-Request": "true"})
    page = response.content.decode()
    assert "<html" not in page
    assert 'id="list-actions" hx-swap-oob="true"' in " ".join(page.split())
    assert "HX-Request" in response.headers["Vary"]


def test_what_is_printed_is_the_whole_list_with_its_title_block(office, township, client_for):
    for _ in range(PAGE_SIZE + 1):
        factories.new_project(township)
    page = shown(client_for(office), reverse("ledger-print", args=["projects"]) + "?page=2&sort=name")
    assert page.count("<tr>") == 1 + PAGE_SIZE + 1
    for words in ("<h1>招商项目台账</h1>", f"填报单位：{township.county}", "单位：万元", "制表时间：", "共 51 个项目"):
        assert words in page
    assert "没有列出" not in page


def test_a_list_too_long_for_paper_says_what_is_left_out(office, township, client_for, monkeypatch):
    monkeypatch.setattr(views, "MOST_PRINTED", 2)
    for _ in range(3):
        factories.new_project(township)
    page = shown(client_for(office), reverse("ledger-print", args=["projects"]))
    assert "这里只列出前2个，另有1个没有列出；请缩小筛选范围，或导出Excel后打印。" in page


def test_a_list_that_is_not_whole_says_so_on_paper(office, township, client_for, project):
    address = reverse("ledger-list", args=["projects"])
    assert "要印全部" not in shown(client_for(office), address)
    for _ in range(PAGE_SIZE):
        factories.new_project(township)
    page = shown(client_for(office), f"{address}?sort=name")
    assert "只印出屏幕上的第1页，共2页；要印全部，请用列表右上方的“打印”。" in page
    assert f'href="{reverse("ledger-print", args=["projects"])}?sort=name"' in page


def test_words_name_the_chosen_rows(office, township, project):
    query = ListQuery(ledger_for("projects"), QueryDict(f"landing_unit={township.code}"), office)
    assert [(word["label"], word["value"]) for word in query.shown_words] == [("落户乡镇", "芦溪镇")]


def test_the_filter_line_ticks_what_is_on_and_keeps_the_order(office, township, neighbour):
    query = ListQuery(ledger_for("projects"), QueryDict(f"landing_unit={township.code}&sort=name"), office)
    line = filter_line(query)
    units = next(part for part in line.shown if part.name == "landing_unit")
    assert [(option.label, option.chosen) for option in units.options] == [("芦溪镇", True), ("塔山镇", False)]
    assert line.kept == (("sort", "name"),)


@pytest.mark.parametrize("key", [ledger.key for ledger in all_ledgers() if ledger.verifiable])
def test_what_waits_is_found_without_opening_more_filters(key, office, project):
    line = filter_line(ListQuery(ledger_for(key), QueryDict(), office))
    assert "verdict" in [part.name for part in line.shown]
    assert len(line.shown) <= SHOWN_FIRST


def test_a_missing_answer_is_asked_for_in_plain_words(office, client_for):
    response = client_for(office).post(reverse("ledger-new", args=["projects"]), {"name": ""})
    page = response.content.decode()
    assert response.status_code == 422
    assert "项目名称：请填写。" in page
    assert "落户乡镇：请选择。" in page
    assert "字段" not in page
