"""Which act is open to whom at which stage, and what an act refuses."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from core.write import Refused
from tests import factories as make
from townships.models import Role
from townships.problems import services
from townships.problems.models import Cooperation, Problem, ProblemStep
from townships.problems.steps import RULES, Act, Stage
from townships.problems.views import SERVICES

pytestmark = pytest.mark.django_db
TODAY, LATER = make.TODAY, date(2024, 12, 31)
OPEN = {
    Stage.RAISED: {"county": "assign"},
    Stage.HANDLING: {
        "county": "reply apply reassign",
        "county2": "extend",
        "responsible": "reply apply",
        "helper": "reply",
    },
    Stage.APPLIED: {
        "county2": "accept return",
        "raiser": "accept return",
        "raiser2": "accept return",
    },
    Stage.CLOSED: {"county2": "reopen"},
}
"""stage → who → acts; whoever is not named may do nothing."""


@pytest.fixture
def people(county, township, neighbour, land, power):
    raising = make.new_unit(county, "department", name="县督查室")

    def seat(unit, *duties):
        return make.new_seat(county, Role.DEPARTMENT, duties, unit=unit)

    return {
        "county": make.new_seat(county, duties=["entry"]),
        "county2": make.new_seat(county, duties=["review", "publish"]),
        "responsible": seat(land, "entry"),
        "responsible2": seat(land, "review"),
        "helper": seat(power, "entry"),
        "raiser": seat(raising, "entry"),
        "raiser2": seat(raising, "review"),
        "concerned": make.township_seat(township),
        "stranger": make.township_seat(neighbour),
        "leader": make.new_seat(county, Role.LEADER, []),
        "inspector": make.new_seat(county, Role.INSPECTOR, [], valid_until=LATER),
        "abroad": make.new_seat(make.new_county(), duties=["entry", "review"]),
    }


def problem_at(stage, people, township, land, power):
    """One that another clerk of the responsible unit brought as far as that stage."""
    problem = make.new_problem(township, by=people["raiser"])
    with make.writing_as(problem.county_id) as writing:
        if stage != Stage.RAISED:
            given = {"responsible": land, "deadline": date(2024, 7, 31), "cooperating": [power]}
            problem = services.assign(writing, problem=problem, **given)
        if stage in (Stage.APPLIED, Stage.CLOSED):
            problem = services.apply_to_close(writing, problem=problem, text="办好了")
        if stage == Stage.CLOSED:
            problem = services.accept(writing, problem=problem)
    return make.fresh(problem)


def arguments(act, land, power):
    return {
        Act.ASSIGN: {"responsible": land, "deadline": LATER},
        Act.REASSIGN: {"responsible": power, "deadline": LATER, "text": "职责不在该局"},
        Act.EXTEND: {"text": "等批复", "deadline": LATER},
        Act.REOPEN: {"text": "又发生了", "deadline": LATER},
    }.get(act, {"text": "写明情况"})


def succeeds(problem, act, seat, land, power):
    try:
        with transaction.atomic():
            with make.writing_as(seat) as writing:
                SERVICES[act](writing, problem=make.fresh(problem), **arguments(act, land, power))
            transaction.set_rollback(True)
    except Refused:
        return False
    return True


@pytest.mark.parametrize("stage", Stage)
def test_the_page_offers_what_the_service_takes_and_nothing_else(stage, people, township, land, power):
    problem = problem_at(stage, people, township, land, power)
    wanted = {who: set(OPEN[stage].get(who, "").split()) for who in people}
    assert {who: {str(act) for act in problem.open_acts(seat)} for who, seat in people.items()} == wanted
    taken = {who: {str(a) for a in Act if succeeds(problem, a, seat, land, power)} for who, seat in people.items()}
    assert taken == wanted


def test_every_act_has_its_rule_its_service_and_its_stage():
    assert set(RULES) == set(SERVICES) == set(Act)
    assert {rule.at for rule in RULES.values()} == set(Stage)


def test_nobody_accepts_or_returns_what_they_asked_for(county, township, land):
    both = make.new_seat(county, duties=["entry", "review"])
    problem = make.new_problem(township, assigned_to=land)
    with make.writing_as(both) as writing:
        problem = services.apply_to_close(writing, problem=problem, text="办好了")
    assert problem.open_acts(both) == []
    for service in (services.accept, services.send_back):
        with pytest.raises(Refused, match="您本人申请"), make.writing_as(both) as writing:
            service(writing, problem=problem, text="好")
    other = make.new_seat(county, duties=["review"])
    assert problem.open_acts(other) == [Act.ACCEPT, Act.RETURN]


def test_another_seat_of_the_same_person_is_the_same_person(county, township, land, solver):
    problem = make.new_problem(township, assigned_to=land)
    with make.writing_as(solver) as writing:
        problem = services.apply_to_close(writing, problem=problem, text="办好了")
    second = make.new_seat(county, duties=["review"], user=solver.user)
    with pytest.raises(Refused, match="您本人申请"), make.writing_as(second) as writing:
        services.accept(writing, problem=problem)


def test_the_table_itself_holds_the_second_person(county, township, land, solver):
    problem = make.new_problem(township, assigned_to=land)
    with make.writing_as(solver) as writing:
        problem = services.apply_to_close(writing, problem=problem, text="办好了")
    forced = {"stage": Stage.CLOSED, "closed_on": TODAY, "closed_by_id": solver.user_id}
    with pytest.raises(ValidationError, match="不能自己同意销号"), make.writing_as(county) as writing:
        writing.change(problem, **forced)


def test_a_unit_that_raised_its_own_problem_does_not_accept_it(county, land, township):
    own = make.new_seat(county, Role.DEPARTMENT, ["entry", "review"], unit=land)
    problem = make.new_problem(township, by=own)
    with make.writing_as(county) as writing:
        problem = services.assign(writing, problem=problem, responsible=land, deadline=LATER)
        problem = services.apply_to_close(writing, problem=problem, text="办好了")
    assert problem.open_acts(own) == []


@pytest.mark.parametrize(
    ("service", "given", "sentence"),
    [
        (services.extend, {"text": "等", "deadline": date(2024, 7, 31)}, "新期限要晚于原期限"),
        (services.extend, {"text": " ", "deadline": LATER}, "写明办理情况或理由"),
        (services.reply, {"text": "", "on": TODAY}, "写明办理情况或理由"),
        (services.reply, {"text": "在办", "on": date(2024, 7, 6)}, "不能晚于今天"),
        (services.reply, {"text": "在办", "on": date(2024, 5, 9)}, "不能早于交办日期"),
        (services.apply_to_close, {"text": ""}, "写明办理情况或理由"),
        (services.apply_to_close, {"text": "好了", "version": 1}, "别人已修改"),
    ],
)
def test_what_an_act_refuses(service, given, sentence, township, land):
    problem = make.new_problem(township, assigned_to=land)
    with pytest.raises(ValidationError, match=sentence), make.writing_as(problem.county_id) as writing:
        service(writing, problem=problem, **given)
    assert make.fresh(problem).stage == Stage.HANDLING


def test_what_was_given_to_the_wrong_unit_goes_to_another(people, township, land, power):
    problem = problem_at(Stage.HANDLING, people, township, land, power)
    given = {"responsible": power, "deadline": LATER, "text": "职责在经信局", "cooperating": [land]}
    with make.writing_as(people["county"]) as writing:
        services.reassign(writing, problem=problem, **given)
    problem = make.fresh(problem)
    assert (problem.responsible, problem.deadline, problem.helpers, problem.late) == (power, LATER, [land], False)
    step = problem.steps.get(act="reassign")
    assert step.text == "由县自然资源局改派县经信局：职责在经信局"
    assert (step.deadline_before, step.deadline_after) == (date(2024, 7, 31), LATER)
    assert problem.open_acts(people["helper"]) == [Act.REPLY, Act.APPLY]


def test_a_unit_that_was_late_leaves_its_mark_to_the_problem(county, township, land, power):
    problem = make.new_problem(township, assigned_to=land, deadline=date(2024, 7, 4))
    with make.writing_as(county) as writing:
        problem = services.reassign(writing, problem=problem, responsible=power, deadline=LATER, text="职责不符")
    assert problem.late


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"text": ""}, "写明改派的理由"),
        ({"deadline": date(2024, 7, 4)}, "不能早于今天"),
        ({"responsible": "itself"}, "请办理延期"),
        ({"cooperating": "itself"}, "不用再列为配合单位"),
    ],
)
def test_what_giving_to_another_refuses(given, sentence, county, township, land, power):
    problem = make.new_problem(township, assigned_to=land)
    values = {"responsible": power, "deadline": LATER, "text": "职责不符", **given}
    if given.get("responsible"):
        values["responsible"] = land
    if given.get("cooperating"):
        values["cooperating"] = [power]
    with pytest.raises(Refused, match=sentence), make.writing_as(county) as writing:
        services.reassign(writing, problem=problem, **values)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"deadline": date(2024, 7, 3), "on": date(2024, 7, 4)}, "办理期限不能早于交办日期"),
        ({"deadline": LATER, "on": date(2024, 7, 6)}, "交办日期不能晚于今天"),
        ({"deadline": LATER, "on": date(2024, 5, 9)}, "交办日期不能早于提出日期"),
        ({"deadline": LATER, "cooperating": "itself"}, "不用再列为配合单位"),
    ],
)
def test_what_assigning_refuses(given, sentence, township, land):
    problem = make.new_problem(township)
    if "cooperating" in given:
        given = {**given, "cooperating": [land]}
    with pytest.raises(ValidationError, match=sentence), make.writing_as(problem.county_id) as writing:
        services.assign(writing, problem=problem, responsible=land, **given)
    assert make.fresh(problem).responsible is None


def test_given_on_the_day_of_the_deadline_is_allowed(township, land):
    problem = make.new_problem(township, assigned_to=land, deadline=date(2024, 5, 10))
    assert problem.stage == Stage.HANDLING


def test_no_unit_of_another_county_is_made_responsible(township, elsewhere):
    problem = make.new_problem(township)
    abroad = make.new_unit(elsewhere, "department")
    with pytest.raises(Refused, match="不属于本县"), make.writing_as(problem.county_id) as writing:
        services.assign(writing, problem=problem, responsible=abroad, deadline=LATER)


def test_once_given_its_words_are_the_countys(county, township, land):
    clerk, office = make.township_seat(township), make.new_seat(county, duties=["entry"])
    problem = make.new_problem(township, by=clerk)
    with make.writing_as(clerk) as writing:
        services.change_problem(writing, problem=problem, title="改过的事项")
    with make.writing_as(office) as writing:
        problem = services.assign(writing, problem=make.fresh(problem), responsible=land, deadline=LATER)
    with pytest.raises(Refused), make.writing_as(clerk) as writing:
        services.change_problem(writing, problem=problem, title="再改")
    with make.writing_as(office) as writing:
        services.change_problem(writing, problem=problem, title="县里更正")
    assert make.fresh(problem).title == "县里更正"


def test_a_closed_problem_is_not_rewritten(county, people, township, land, power):
    problem = problem_at(Stage.CLOSED, people, township, land, power)
    with pytest.raises(Refused, match="已经销号"), make.writing_as(people["county"]) as writing:
        services.change_problem(writing, problem=problem, title="另一件事")


def test_a_problem_goes_with_what_hangs_on_it(people, township, land, power):
    problem = problem_at(Stage.APPLIED, people, township, land, power)
    with make.writing_as(people["county"]) as writing:
        services.void_problem(writing, problem=problem, reason="重复登记")
    for model in (Problem, ProblemStep, Cooperation):
        assert not model.objects.current().exists()


def test_who_sees_a_problem(people, township, land, power):
    problem_at(Stage.HANDLING, people, township, land, power)
    seeing = {who for who, seat in people.items() if Problem.objects.visible_to(seat).exists()}
    assert seeing == {*people} - {"stranger", "abroad"}
    steps = {who for who, seat in people.items() if ProblemStep.objects.visible_to(seat).exists()}
    assert steps == seeing
