"""问题台账 in the browser: from a project's page to 销号, the to-do of everybody on the way, the paper, the list."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.ledgers.ledger import ledger_for
from core.models import Evidence
from tests import factories as make
from townships.problems import services
from townships.problems.models import Problem

pytestmark = pytest.mark.django_db


def page_of(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def told(client):
    """What the first page says of problems, without its markup."""
    found = re.search(r'<p class="answer">问题：(.*?)</p>', page_of(client, "/"), re.DOTALL)
    return "".join(re.sub("<[^>]+>", "", found[1]).split()) if found else ""


def act(client, problem, name, **data):
    return client.post(f"/ledgers/problems/records/{problem.code}/acts/{name}/", data)


def test_the_way_of_a_problem(county, office, reviewer, clerk, township, land, power, solver, pdf, client_for):
    project = make.new_project(township, name="芦溪食品园")
    raising, giving, solving, judging = (client_for(seat) for seat in (clerk, office, solver, reviewer))
    today = timezone.localdate()

    shown = page_of(raising, f"/ledgers/projects/records/{project.code}/")
    assert f'href="/ledgers/problems/new/?subject={project.code}">新增问题</a>' in shown
    form = page_of(raising, f"/ledgers/problems/new/?subject={project.code}")
    assert f'value="{project.code} 芦溪食品园"' in form
    data = {"title": "用地指标未落实", "source": "project", "description": "缺15亩。", "raised_on": f"{today}"}
    assert raising.post("/ledgers/problems/new/", {**data, "subject": project.code}).status_code == 302
    problem = Problem.objects.get()
    assert (problem.township, problem.raised_unit, problem.subject_label) == (township, township, "芦溪食品园")
    assert "用地指标未落实" in page_of(raising, f"/ledgers/projects/records/{project.code}/")
    page_of(raising, f"/ledgers/problems/records/{problem.code}/sheet/", 404)

    assert told(giving) == "待交办1件。"
    data = {"responsible": land.pk, "cooperating": [power.pk], "leader": "王局长", "document": "督查〔2024〕3号"}
    answer = act(giving, problem, "assign", **data, deadline=f"{today + timedelta(days=7)}", text="请抓紧")
    assert answer.status_code == 302
    sheet = page_of(giving, f"/ledgers/problems/records/{problem.code}/sheet/")
    for words in ("问题交办单", problem.code, "督查〔2024〕3号", "县自然资源局", "王局长", "县经信局", "签收人："):
        assert words in sheet

    assert told(solving) == "临期1件。"
    assert act(solving, problem, "reply", text="已上报预审", paper=pdf).status_code == 302
    assert [(paper.name, paper.unit_id) for paper in Evidence.objects.filter(ledger="problems")] == [
        ("扫描件.pdf", land.pk)
    ]
    assert act(solving, problem, "apply", text="指标已下达").status_code == 302
    assert told(solving) == ""

    assert (told(judging), told(raising)) == ("待验收1件。", "待本单位验收1件。")
    assert act(judging, problem, "return", text="缺批文").status_code == 302
    assert told(solving) == "临期1件，验收退回1件。"
    assert act(solving, problem, "apply", text="批文已附").status_code == 302
    shown = page_of(judging, f"/ledgers/problems/records/{problem.code}/acts/accept/")
    assert "批文已附" in shown
    assert act(judging, problem, "accept").status_code == 302
    assert make.fresh(problem).stage == "closed"
    assert [told(client) for client in (raising, giving, solving, judging)] == [""] * 4
    shown = page_of(solving, f"/ledgers/problems/records/{problem.code}/")
    assert "按期办结" in shown
    assert "缺批文" in shown


def test_the_to_do_counts_exactly_what_its_link_lists(office, township, land, solver, client_for):
    today = timezone.localdate()
    for days in (-3, -1, 0, 7, 8):
        make.new_problem(township, assigned_to=land, deadline=today + timedelta(days=days))
    make.new_problem(township)
    for seat, wanted in ((solver, {"逾期": 2, "临期": 2, "在期限内": 1}), (office, {"待交办": 1, "逾期": 2})):
        client = client_for(seat)
        waiting = dict(client.get("/").context["waits"])[ledger_for("problems")]
        assert {kind.word: kind.count for kind in waiting} == wanted
        for kind in waiting:
            listed = client.get(f"/ledgers/problems/?{kind.query}").context["query"]
            assert listed.totals["count"] == kind.count, kind.word


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("light=red", ["甲"]),
        ("light=unassigned", ["丙"]),
        ("stage=handling", ["乙", "甲"]),
        ("source=visit", ["丙"]),
        ("counted_to=2024-06-30", ["甲"]),
        ("as_of=2024-06-30&light=yellow", []),
        ("as_of=2024-06-30&light=green", ["乙"]),
        ("q=道路", ["丙", "乙", "甲"]),
    ],
)
def test_filters(query, titles, office, township, land, client_for):
    make.new_problem(township, title="甲", assigned_to=land, deadline=date(2024, 6, 1))
    make.new_problem(township, title="乙", assigned_to=land, deadline=date(2099, 1, 1))
    make.new_problem(township, title="丙", source="visit")
    shown = client_for(office).get(f"/ledgers/problems/?{query}").context["table"].body
    assert [row.cells[0].text for row in shown] == titles


def test_units_filter_by_their_part(office, township, neighbour, land, power, client_for):
    make.new_problem(township, title="甲", assigned_to=land)
    make.new_problem(neighbour, title="乙", assigned_to=power)
    for query, title in ((f"responsible={land.code}", "甲"), (f"township={neighbour.code}", "乙")):
        shown = client_for(office).get(f"/ledgers/problems/?{query}").context["table"].body
        assert [row.cells[0].text for row in shown] == [title]


def test_panels_of_enterprise_and_unit(office, township, land, client_for):
    enterprise = make.new_enterprise(township)
    about = {"subject_ledger": "enterprises", "subject_id": enterprise.pk, "subject_code": enterprise.code}
    make.new_problem(township, title="缺电", source="enterprise", assigned_to=land, **about)
    make.new_problem(make.new_township(township.county), title="别处的事")
    for key, row in (("enterprises", enterprise), ("units", township), ("units", land)):
        shown = page_of(client_for(office), f"/ledgers/{key}/records/{row.code}/")
        assert "缺电" in shown
        assert "别处的事" not in shown
        assert f"?subject={row.code}" in shown


@pytest.mark.parametrize(
    ("written", "sentence"),
    [("XM2024-99999", "没有找到"), ("没有的企业", "没有找到"), ("同名项目", "不止一条")],
)
def test_what_a_problem_is_about_must_be_there_once(written, sentence, office, township, client_for):
    make.new_project(township, name="同名项目"), make.new_project(township, name="同名项目")
    data = {"title": "事", "source": "project", "description": "情况", "raised_on": "2024-05-01", "subject": written}
    answer = client_for(office).post("/ledgers/problems/new/", data)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


@pytest.mark.parametrize("written", ["XM%00", "%00", "", "XM2024-99999", "%F0%9F%98%80", "芦溪"])
def test_a_form_begins_with_whatever_the_address_says(written, office, client_for):
    page_of(client_for(office), f"/ledgers/problems/new/?subject={written}")


def test_a_clerk_names_no_project_of_another_township(clerk, neighbour, client_for):
    project = make.new_project(neighbour)
    data = {"title": "事", "source": "project", "description": "情况", "raised_on": "2024-05-01"}
    answer = client_for(clerk).post("/ledgers/problems/new/", {**data, "subject": project.code})
    assert "没有找到" in answer.content.decode()


def test_the_county_sets_how_soon_is_soon(reviewer, township, land, client_for):
    problem = make.new_problem(township, assigned_to=land, deadline=timezone.localdate() + timedelta(days=10))
    client = client_for(reviewer)
    detail = f"/ledgers/problems/records/{problem.code}/"
    assert client.get(detail).context["light"] == "正常"
    assert client.post("/ledgers/problems/due-soon/", {"days": "91"}).status_code == 422
    assert client.post("/ledgers/problems/due-soon/", {"days": "10"}).status_code == 302
    assert client.get(detail).context["light"] == "临期"


def test_an_act_that_is_not_open_is_refused_in_words(solver, township, land, client_for):
    problem = make.new_problem(township, assigned_to=land)
    assert "现在是“办理中”，您当前的身份不能同意销号" in page_of(
        client_for(solver), f"/ledgers/problems/records/{problem.code}/acts/accept/", 403
    )
    page_of(client_for(solver), f"/ledgers/problems/records/{problem.code}/acts/nothing/", 404)


def test_a_problem_with_many_steps_asks_no_more(office, township, land, power, client_for):
    problem = make.new_problem(township, assigned_to=land)
    client, address = client_for(office), f"/ledgers/problems/records/{problem.code}/"

    def asked():
        with CaptureQueriesContext(connection) as queries:
            page_of(client, address)
        return len(queries)

    few = asked()
    with make.writing_as(problem.county_id) as writing:
        for _ in range(3):
            services.reply(writing, problem=problem, text="在办")
    assert asked() == few <= 20


def test_the_first_page_asks_about_all_ledgers_at_once(solver, township, land, client_for):
    client = client_for(solver)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            page_of(client, "/")
        return [q["sql"] for q in queries if "problems_problem" in q["sql"] and " UNION ALL " in q["sql"]]

    for _ in range(2):
        make.new_problem(township, assigned_to=land)
        assert len(asked()) == 1


def test_giving_it_to_another_unit_begins_with_what_holds(office, township, land, power, client_for):
    problem = make.new_problem(township, assigned_to=land, deadline=date(2099, 7, 31))
    client = client_for(office)
    shown = page_of(client, f"/ledgers/problems/records/{problem.code}/acts/reassign/")
    assert 'value="2099-07-31"' in shown
    assert "交办日期" not in shown.split("<form")[1]
    answer = act(client, problem, "reassign", responsible=power.pk, deadline="2099-07-31", text="职责不在该局")
    assert answer.status_code == 302
    assert make.fresh(problem).responsible == power
    assert "由县自然资源局改派县经信局" in page_of(client, f"/ledgers/problems/records/{problem.code}/sheet/")


def test_what_an_act_refuses_stands_beside_its_answer(office, reviewer, township, land, client_for):
    problem = make.new_problem(township, assigned_to=land)
    answer = act(client_for(reviewer), problem, "extend", text="等批复", deadline="2024-07-31")
    assert answer.status_code == 422
    assert "新期限要晚于原期限。" in answer.content.decode()
    stale = act(client_for(office), problem, "apply", text="好了", version="1")
    assert "别人已修改了这条记录" in stale.content.decode()
