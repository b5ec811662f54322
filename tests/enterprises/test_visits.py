"""走访台账: visits, their scope, and how a demand becomes a problem."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import reverse

from core.closing import close_month
from core.dates import DateSpan
from core.ledgers.ledger import ledger_for
from core.ledgers.query import ListQuery
from core.write import Refused
from enterprises.models import Visit
from enterprises.visiting import raise_demand, title_of
from tests import factories as make
from townships.problems.models import Problem
from townships.problems.services import void_problem


@pytest.fixture
def visits(db):
    return ledger_for("visits")


@pytest.fixture
def mill(township):
    return make.new_enterprise(township, name="纺织厂")


@pytest.fixture
def visit(mill):
    return make.new_visit(mill, demand="请增加用电容量。现有变压器已满载。", received_by="厂长")


def raised(visit, by):
    with make.writing_as(by) as writing:
        return raise_demand(writing, visit=visit, title=title_of(visit), topic="power")


def test_a_demand_becomes_a_problem_about_the_enterprise(visit, mill, clerk, township):
    problem = raised(visit, clerk)
    told = (problem.title, problem.topic, problem.source, problem.subject_code, problem.township)
    assert told == ("请增加用电容量", "power", "visit", mill.code, township)
    assert (problem.raised_on, problem.raised_by, problem.raised_unit) == (date(2024, 5, 8), "厂长", township)
    assert visit.code in problem.source_note
    assert make.fresh(visit).problem == problem


def test_it_is_passed_on_once_unless_that_problem_was_voided(visit, clerk, office):
    problem = raised(visit, clerk)
    with pytest.raises(Refused, match=f"已经转为问题{problem.code}"):
        raised(make.fresh(visit), clerk)
    with make.writing_as(office) as writing:
        void_problem(writing, problem=problem, reason="重复")
    assert raised(make.fresh(visit), clerk).pk != problem.pk


def test_a_visit_without_demand_has_nothing_to_pass_on(mill, clerk, client_for):
    quiet = make.new_visit(mill)
    with pytest.raises(Refused, match="没有登记企业诉求"):
        raised(quiet, clerk)
    assert client_for(clerk).get(reverse("visit-demand", args=[quiet.code])).status_code == 404


def test_passing_on_leaves_the_verdict_and_works_after_the_month_closed(visit, clerk, office):
    judged = make.judge(visit, by=office)
    with make.writing_as(office) as writing:
        close_month(writing, ledger="visits", month=date(2024, 5, 1))
    raised(judged, clerk)
    assert make.fresh(visit).verdict == "accepted"
    with pytest.raises(Refused, match="2024年5月"), make.writing_as(clerk) as writing:
        writing.change(make.fresh(visit), heard="改写")


def test_the_demand_stays_once_it_was_passed_on(visit, clerk):
    raised(visit, clerk)
    with pytest.raises(ValidationError, match="不能删去企业诉求"), make.writing_as(clerk) as writing:
        writing.change(make.fresh(visit), demand="")


def test_another_township_neither_sees_nor_passes_on(visit, neighbour, client_for):
    other = make.township_seat(neighbour)
    assert client_for(other).get(reverse("visit-demand", args=[visit.code])).status_code == 404
    with pytest.raises(Refused, match="不能"):
        raised(visit, other)
    assert not Problem.objects.exists()


def test_the_page_leads_to_the_act_and_then_to_the_problem(visit, clerk, client_for):
    client, page = client_for(clerk), f"/ledgers/visits/records/{visit.code}/"
    act = reverse("visit-demand", args=[visit.code])
    assert act in client.get(page).content.decode()
    assert "请增加用电容量" in client.get(act).content.decode()
    assert client.post(act, {"title": ""}).status_code == 422
    answer = client.post(act, {"title": "增加用电容量", "topic": "power"})
    problem = Problem.objects.get()
    assert answer.url == f"/ledgers/problems/records/{problem.code}/"
    assert answer.url in client.get(page).content.decode()
    assert act not in client.get(page).content.decode()


def test_a_leader_only_reads(visit, seats, client_for):
    client = client_for(seats["leader"])
    assert client.get(f"/ledgers/visits/records/{visit.code}/").status_code == 200
    assert client.post(reverse("visit-demand", args=[visit.code]), {"title": "x"}).status_code == 403


@pytest.mark.parametrize(("asked", "count"), [("waiting", 1), ("raised", 1), ("none", 1)])
def test_visits_by_what_became_of_the_demand(asked, count, visits, visit, mill, clerk, office):
    make.new_visit(mill, happened=DateSpan.day(date(2024, 6, 1)))
    raised(make.new_visit(mill, happened=DateSpan.day(date(2024, 6, 2)), demand="贷款"), clerk)
    assert ListQuery(visits, QueryDict(f"demand={asked}"), office).rows.count() == count


def test_the_same_visit_is_registered_once(visit, mill):
    with pytest.raises(ValidationError, match="已登记过"):
        make.new_visit(mill)
    assert make.new_visit(mill, visitors="县领导").pk


def test_a_visit_counts_where_the_enterprise_stood(visit, mill, office, township, neighbour):
    with make.writing_as(office) as writing:
        moved = writing.change(mill, township=neighbour)
    make.new_visit(moved, happened=DateSpan.day(date(2024, 6, 1)))
    rows = Visit.objects.current()
    assert [row.happened_on.month for row in rows.credited_to(township.pk)] == [5]
    assert [row.happened_on.month for row in rows.credited_to(neighbour.pk)] == [6]


def test_the_enterprises_page_tells_its_visits(visit, mill, clerk, client_for):
    page = client_for(clerk).get(f"/ledgers/enterprises/records/{mill.code}/").content.decode()
    assert "走访</h2>" in page
    assert f"/ledgers/visits/new/?enterprise={mill.code}" in page
