"""待办: one number beside 首页, the same as the first page tells, for every seat, at one statement a page."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from core.closing import close_month
from core.records import Verdict
from reporting.context import open_work
from reporting.models import Metric
from reporting.open_work import open_work_count, open_work_of
from reporting.publishing import steps
from reporting.services import add_metrics, add_scheme
from tests import factories as make
from tests.access import SCHEME
from tests.projects.reports import report_at
from tests.publications import in_checking
from townships.problems.services import assign

pytestmark = pytest.mark.django_db
SHOWN = '<b class="todo-count"'


def returned(township, count=2):
    project = make.new_project(township)
    for number in range(count):
        row = make.new_arrival(project, 10 + number, date(2024, 5, 1))
        make.judge(row, verdict=Verdict.RETURNED, note="缺凭证")


def test_a_clerk_is_told_of_what_came_back_and_what_is_to_be_filled(township, neighbour, clerk):
    returned(township)
    returned(neighbour, 3)
    report_at("returned", township)
    report_at("returned", neighbour)
    assert open_work_of(clerk, make.TODAY).count == 2 + 1
    august = date(2024, 8, 1)
    assert open_work_of(clerk, august).count == 2 + 1 + 1, "and the report of July, which nobody has begun"
    assert open_work_count(clerk, make.TODAY) == open_work_of(clerk, make.TODAY).count


def test_what_is_only_told_waits_for_nobody(township, county):
    make.new_arrival(make.new_project(township), 10, date(2024, 5, 1))
    leader, entering = make.new_seat(county, "leader", []), make.new_seat(county, duties=["entry"])
    judging = make.new_seat(county, duties=["review"])
    told = {seat: [count for _, count in open_work_of(seat, make.TODAY).waits.verdicts] for seat in (leader, entering)}
    assert told == {leader: [1, 1], entering: [1, 1]}
    assert [open_work_of(seat, make.TODAY).waits.count for seat in (leader, entering, judging)] == [0, 0, 2]


def test_a_row_that_waits_in_two_ways_is_counted_once(township, clerk):
    problem = make.new_problem(township)
    with make.writing_as(township.county) as writing:
        deadline = make.TODAY + timedelta(days=5)
        assign(writing, problem=problem, responsible=township, deadline=deadline, leader="", cooperating=[])
    late = make.TODAY + timedelta(days=6)
    assert open_work_of(clerk, make.TODAY).waits.count == open_work_of(clerk, late).waits.count == 1


@pytest.mark.parametrize("post", ["county", "county2", "township", "township2", "department", "leader", "inspector"])
def test_every_page_shows_the_number_of_the_first_page(post, seats, township, neighbour, client_for):
    returned(township)
    report_at("signing", township)
    report_at("accepting", neighbour)
    make.new_exception(closed(township), granted=False)
    client = client_for(seats[post])
    first, other = (client.get(page).content.decode() for page in ("/", "/ledgers/projects/"))
    shown = [page[page.index(SHOWN) :].split(">")[1].split("<")[0] if SHOWN in page else "0" for page in (first, other)]
    assert shown[0] == shown[1]
    assert (shown[0] == "0") is (post in ("leader", "inspector", "department"))


def closed(township):
    with make.writing_as(township.county) as writing:
        close_month(writing, ledger="arrivals", month=date(2024, 3, 1))
    return township


def test_an_officer_confirms_and_the_office_answers(county, township, seats):
    checking = in_checking(contest(county, [township]), "2024Q1")
    day, officer, publisher = checking.answer_by, seats["township2"], seats["county2"]

    def asked(seat, on=day):
        return [each.disputes for each in open_work_of(seat, on).to_answer]

    assert (asked(officer), asked(publisher), asked(seats["township"])) == ([0], [], [])
    assert asked(officer, day + timedelta(days=1)) == []
    with make.writing_as(officer) as writing:
        metric = Metric.objects.get()
        steps.dispute(writing, publication=checking, unit=township, about=township, metric=metric, claim="漏计一个项目")
    assert (asked(officer), asked(publisher), asked(seats["county"])) == ([], [1], [])
    assert open_work_of(publisher, day).count == 1


def contest(county, units):
    definition = {"name": "新签约项目数", "ledger": "projects", "conditions": {"contract": ["formal"]}}
    with make.writing_as(county) as writing:
        add_metrics(writing, [definition])
        return add_scheme(writing, body=SCHEME, participants=[(unit, "") for unit in units])


@pytest.mark.django_db(transaction=True)
def test_the_masthead_asks_one_statement_until_somebody_writes(township, clerk):
    returned(township)
    before = open_work_count(clerk, make.TODAY)
    with CaptureQueriesContext(connection) as kept:
        assert open_work_count(clerk, make.TODAY) == before == 2 + 1
    assert len(kept) == 1
    returned(township, 1)
    with CaptureQueriesContext(connection) as anew:
        assert open_work_count(clerk, make.TODAY) == 3 + 1
    assert 1 < len(anew) <= MOST
    with transaction.atomic(), CaptureQueriesContext(connection) as inside:
        assert open_work_count(clerk, make.TODAY) == 3 + 1
    assert len(inside) == len(anew) - 1


MOST = 9
"""Statements by which a seat's count is made anew; of all ledgers it is one."""


def test_another_seat_and_another_day_are_counted_apart(township, neighbour, clerk):
    returned(township)
    others = make.township_seat(neighbour)
    assert open_work_count(clerk, make.TODAY) != open_work_count(others, make.TODAY)


def test_who_does_no_business_is_told_no_number(county, rf):
    request = rf.get("/")
    for seat in (None, make.new_seat(county, "admin", []), make.new_seat(county, "auditor", [])):
        request.seat = seat
        assert open_work(request) == {"todo_count": 0}
