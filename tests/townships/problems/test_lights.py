"""亮灯: which light burns on which day; the deadline itself is in time, and what was late once stays late."""

from datetime import date, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from tests import factories as make
from townships.problems import services
from townships.problems.models import Light, Problem

pytestmark = pytest.mark.django_db
DEADLINE = date(2024, 7, 20)
SOON = 7


def at(day):
    return datetime(day.year, day.month, day.day, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


def light(problem, day, soon=SOON):
    return Problem.objects.with_light(day, soon).get(pk=problem.pk).light


def act(problem, service, day, **given):
    with make.writing_as(problem.county_id, at=at(day)) as writing:
        return service(writing, problem=make.fresh(problem), **given)


@pytest.fixture
def problem(township, land):
    return make.new_problem(township, assigned_to=land, deadline=DEADLINE, raised_on=date(2024, 7, 1))


@pytest.fixture
def closed(problem):
    act(problem, services.apply_to_close, DEADLINE, text="已打通")
    return act(problem, services.accept, date(2024, 7, 25))


@pytest.mark.parametrize(
    ("day", "colour"),
    [
        (date(2024, 6, 30), Light.UNASSIGNED),
        (date(2024, 7, 1), Light.GREEN),
        (date(2024, 7, 12), Light.GREEN),
        (date(2024, 7, 13), Light.YELLOW),
        (DEADLINE, Light.YELLOW),
        (date(2024, 7, 21), Light.RED),
    ],
)
def test_an_open_problem_turns_with_the_days(problem, day, colour):
    assert light(problem, day) == colour


@pytest.mark.parametrize(("soon", "colour"), [(0, Light.GREEN), (1, Light.YELLOW), (90, Light.YELLOW)])
def test_the_county_says_how_soon_is_soon(problem, soon, colour):
    assert light(problem, date(2024, 7, 19), soon) == colour
    assert light(problem, DEADLINE, soon) == Light.YELLOW


def test_a_problem_nobody_was_given_has_no_light(township):
    assert light(make.new_problem(township), date(2030, 1, 1)) == Light.UNASSIGNED


@pytest.mark.parametrize(("applied", "colour"), [(DEADLINE, Light.GREEN), (date(2024, 7, 21), Light.RED)])
def test_waiting_for_acceptance_costs_no_time(problem, applied, colour):
    act(problem, services.apply_to_close, applied, text="已打通")
    assert light(problem, date(2024, 8, 30)) == colour


@pytest.mark.parametrize(("applied", "colour"), [(DEADLINE, Light.DONE), (date(2024, 7, 21), Light.LATE)])
def test_closed_in_time_is_what_was_asked_for_in_time(problem, applied, colour):
    act(problem, services.apply_to_close, applied, text="已打通")
    act(problem, services.accept, date(2024, 8, 30))
    assert light(problem, date(2024, 8, 30)) == colour
    assert light(problem, date(2024, 8, 29)) == (Light.GREEN if colour == Light.DONE else Light.RED)


def test_returned_it_runs_on_against_the_same_deadline(problem):
    act(problem, services.apply_to_close, DEADLINE, text="已打通")
    back = act(problem, services.send_back, date(2024, 7, 22), text="只通了一半")
    assert (back.returned, back.deadline, back.done_on, back.applied_by) == (True, DEADLINE, None, None)
    assert light(problem, date(2024, 7, 22)) == Light.RED


@pytest.mark.parametrize(("extended", "marked"), [(DEADLINE, False), (date(2024, 7, 21), True)])
def test_an_extension_does_not_wash_off_what_was_overdue(problem, extended, marked):
    act(problem, services.extend, extended, text="等待省厅批复", deadline=date(2024, 8, 31))
    act(problem, services.apply_to_close, date(2024, 8, 1), text="已打通")
    done = act(problem, services.accept, date(2024, 8, 2))
    assert done.late is marked
    assert light(problem, date(2024, 8, 2)) == (Light.LATE if marked else Light.DONE)
    step = problem.steps.get(act="extend")
    assert (step.deadline_before, step.deadline_after) == (DEADLINE, date(2024, 8, 31))


def test_reopened_it_begins_again_and_keeps_its_past(closed):
    again = act(closed, services.reopen, date(2024, 8, 1), text="又堵上了", deadline=date(2024, 8, 10))
    assert (again.stage, again.closed_on, again.closed_by, again.late) == ("handling", None, None, False)
    assert light(closed, date(2024, 8, 10)) == Light.YELLOW
    act(closed, services.apply_to_close, date(2024, 8, 11), text="再次打通")
    act(closed, services.accept, date(2024, 8, 12))
    assert light(closed, date(2024, 8, 12)) == Light.LATE
    acts = [step.act for step in closed.steps.order_by("pk")]
    assert acts == ["assign", "apply", "accept", "reopen", "apply", "accept"]


def test_late_once_is_late_for_good(problem):
    act(problem, services.apply_to_close, date(2024, 7, 21), text="已打通")
    act(problem, services.accept, date(2024, 7, 22))
    act(problem, services.reopen, date(2024, 8, 1), text="又堵上了", deadline=date(2024, 9, 1))
    act(problem, services.apply_to_close, date(2024, 8, 2), text="再次打通")
    act(problem, services.accept, date(2024, 8, 3))
    assert light(problem, date(2024, 8, 3)) == Light.LATE


def test_what_was_last_said_is_told_as_of_a_day(closed):
    """交办 and 同意销号 without a word say nothing."""
    told = {day: Problem.objects.with_told(day).get().told for day in (date(2024, 7, 19), DEADLINE, date(2024, 7, 26))}
    assert told == {date(2024, 7, 19): "", DEADLINE: "已打通", date(2024, 7, 26): "已打通"}


def test_the_form_of_a_closed_problem_says_who_closed_it_and_what_was_done(county, office, reviewer, land, client_for):
    problem = make.new_problem(make.new_township(county), assigned_to=land, deadline=DEADLINE)
    act(problem, services.apply_to_close, DEADLINE, text="=已打通")
    with make.writing_as(reviewer, at=at(date(2024, 7, 25))) as writing:
        services.accept(writing, problem=make.fresh(problem))
    answer = client_for(office).get("/ledgers/problems/form.xlsx")
    rows = list(load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert rows[0][0] == f"{county}问题交办销号台账"
    assert next(row for row in rows if row[0] == 1)[-5:] == (
        "=已打通", "已销号", "按期办结", datetime(2024, 7, 25), reviewer.user.full_name,
    )  # fmt: skip
