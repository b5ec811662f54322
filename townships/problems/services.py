"""Acts on problems; each takes the open door first and leaves a row that tells the step."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from core.files import store
from core.models import Evidence
from core.write import Door, Refused
from townships.models import Unit
from townships.problems.models import Cooperation, Problem, ProblemStep
from townships.problems.steps import RULES, Act, Stage, permission

LEDGER = "problems"
SLOT = "佐证材料"


def raise_problem(writing: Door, *, assignment: Mapping[str, Any] | None = None, **values: Any) -> Problem:
    """提出, and 交办 in the same act where `assignment` says to whom and until when."""
    if values["raised_on"] > today(writing):
        raise Refused({"raised_on": "提出日期不能晚于今天。"})
    problem = writing.add(Problem(raised_unit_id=writing.actor.unit_id, **values))
    return assign(writing, problem=problem, **assignment) if assignment else problem


def change_problem(writing: Door, *, problem: Problem, version: int | None = None, **values: Any) -> Problem:
    """Its words alone; where it stands is changed by the acts below."""
    if problem.stage == Stage.CLOSED:
        raise Refused("这个问题已经销号，不能再改；确需更正的，请先重新办理。")
    if values.get("raised_on", problem.raised_on) > today(writing):
        raise Refused({"raised_on": "提出日期不能晚于今天。"})
    return writing.change(problem, version=version, **values)


def void_problem(writing: Door, *, problem: Problem, reason: str) -> Problem:
    """With the problem goes what hangs on it."""
    for model in (ProblemStep, Cooperation):
        for row in model.objects.current().filter(problem=problem).order_by("pk"):
            writing.void(row, reason=reason)
    return writing.void(problem, reason=reason)


def assign(
    writing: Door,
    *,
    problem: Problem,
    responsible: Unit,
    deadline: date,
    on: date | None = None,
    leader: str = "",
    document: str = "",
    cooperating: Iterable[Unit] = (),
    text: str = "",
    version: int | None = None,
) -> Problem:
    """交办（点球）: to one unit, until a day; `on` is the day of the paper, today unless said otherwise."""
    given_on, helpers = on or today(writing), list(cooperating)
    if given_on > today(writing):
        raise Refused({"on": "交办日期不能晚于今天。"})
    _helps_another(responsible, helpers)
    _open(writing, problem, Act.ASSIGN)
    values = {"responsible": responsible, "deadline": deadline, "assigned_on": given_on}
    moved = _move(writing, problem, Act.ASSIGN, version, leader=leader, document=document, **values)
    for unit in helpers:
        writing.add(Cooperation(problem=problem, unit=unit), permission=permission(Act.ASSIGN))
    _tell(writing, problem, Act.ASSIGN, text, on=given_on, deadline_after=deadline)
    return moved


def reassign(
    writing: Door,
    *,
    problem: Problem,
    responsible: Unit,
    deadline: date,
    text: str,
    cooperating: Iterable[Unit] = (),
    leader: str = "",
    document: str = "",
    version: int | None = None,
) -> Problem:
    """改派 of what was given to the wrong unit, with its reason. What was overdue before stays marked."""
    helpers = list(cooperating)
    _helps_another(responsible, helpers)
    _open(writing, problem, Act.REASSIGN)
    if responsible == problem.responsible:
        raise Refused({"responsible": f"责任单位已经是{responsible}，只改期限的请办理延期。"})
    if deadline < today(writing):
        raise Refused({"deadline": "办理期限不能早于今天。"})
    if not text.strip():
        raise Refused({"text": "请写明改派的理由。"})
    told = f"由{problem.responsible}改派{responsible}：{text.strip()}"
    values = {"responsible": responsible, "deadline": deadline, "leader": leader, "document": document}
    late = problem.late or today(writing) > problem.deadline
    moved = _move(writing, problem, Act.REASSIGN, version, returned=False, late=late, **values)
    for row in Cooperation.objects.current().filter(problem=problem).select_related("problem").order_by("pk"):
        writing.void(row, reason="改派", permission=permission(Act.REASSIGN))
    for unit in helpers:
        writing.add(Cooperation(problem=problem, unit=unit), permission=permission(Act.REASSIGN))
    _tell(writing, problem, Act.REASSIGN, told, deadline_before=problem.deadline, deadline_after=deadline)
    return moved


def _helps_another(responsible: Unit, helpers: Sequence[Unit]) -> None:
    if responsible in helpers:
        raise Refused({"cooperating": f"{responsible}已经是责任单位，不用再列为配合单位。"})


def reply(writing: Door, *, problem: Problem, text: str, on: date | None = None, version: int | None = None) -> Problem:
    """办理情况 of a day; as many as there are."""
    told_on = on or today(writing)
    if told_on > today(writing):
        raise Refused({"on": "日期不能晚于今天。"})
    _open(writing, problem, Act.REPLY)
    if told_on < problem.assigned_on:
        raise Refused({"on": "日期不能早于交办日期。"})
    _tell(writing, problem, Act.REPLY, text, on=told_on)
    return problem


def apply_to_close(writing: Door, *, problem: Problem, text: str, version: int | None = None) -> Problem:
    """申请销号: from this day on the time of the unit no longer runs."""
    _open(writing, problem, Act.APPLY)
    applied = {"done_on": today(writing), "applied_by_id": writing.actor.user_id, "returned": False}
    moved = _move(writing, problem, Act.APPLY, version, **applied)
    _tell(writing, problem, Act.APPLY, text)
    return moved


def accept(writing: Door, *, problem: Problem, text: str = "", version: int | None = None) -> Problem:
    """销号 by somebody else; whether it came in time is settled here, for good."""
    _open(writing, problem, Act.ACCEPT)
    _somebody_else(writing, problem)
    late = problem.late or problem.done_on > problem.deadline
    closed = {"closed_on": today(writing), "closed_by_id": writing.actor.user_id, "late": late}
    moved = _move(writing, problem, Act.ACCEPT, version, **closed)
    _tell(writing, problem, Act.ACCEPT, text)
    return moved


def send_back(writing: Door, *, problem: Problem, text: str, version: int | None = None) -> Problem:
    """退回: not solved yet; the deadline stays."""
    _open(writing, problem, Act.RETURN)
    _somebody_else(writing, problem)
    moved = _move(writing, problem, Act.RETURN, version, returned=True, done_on=None, applied_by=None)
    _tell(writing, problem, Act.RETURN, text)
    return moved


def extend(writing: Door, *, problem: Problem, text: str, deadline: date, version: int | None = None) -> Problem:
    """延期 with its reason. What was overdue before stays marked."""
    _open(writing, problem, Act.EXTEND)
    if deadline <= problem.deadline:
        raise Refused({"deadline": "新期限要晚于原期限。"})
    late = problem.late or today(writing) > problem.deadline
    moved = _move(writing, problem, Act.EXTEND, version, deadline=deadline, late=late)
    _tell(writing, problem, Act.EXTEND, text, deadline_before=problem.deadline, deadline_after=deadline)
    return moved


def reopen(writing: Door, *, problem: Problem, text: str, deadline: date, version: int | None = None) -> Problem:
    """重新办理 of what was closed, with its reason and a deadline of its own."""
    _open(writing, problem, Act.REOPEN)
    if deadline < today(writing):
        raise Refused({"deadline": "新期限不能早于今天。"})
    again = {"done_on": None, "applied_by": None, "closed_on": None, "closed_by": None, "returned": False}
    moved = _move(writing, problem, Act.REOPEN, version, deadline=deadline, **again)
    _tell(writing, problem, Act.REOPEN, text, deadline_before=problem.deadline, deadline_after=deadline)
    return moved


def keep_paper(writing: Door, *, problem: Problem, chunks: Iterable[bytes], name: str) -> Evidence:
    """Evidence by whoever answers for the problem; that they may, the act that brings it has asked."""
    stored = store(chunks, name=name, at=writing.at)
    paper = Evidence(
        unit_id=writing.actor.unit_id, ledger=LEDGER, record_id=problem.pk, slot=SLOT, name=name[:200], file=stored
    )
    return writing.add(paper)


def set_due_soon_days(writing: Door, *, days: int) -> None:
    """How many days before the deadline a problem of this county turns yellow."""
    if not writing.actor.may("set_due_soon", Problem(county_id=writing.actor.county_id)):
        raise Refused(f"您当前的身份（{writing.actor.label}）不能设定临期提醒。")
    county = writing.actor.county
    writing.keep(county, action="设定临期提醒", due_soon_days=days)


def today(writing: Door) -> date:
    return timezone.localdate(writing.at)


def _open(writing: Door, problem: Problem, act: Act) -> None:
    if problem.stage != RULES[act].at:
        raise Refused(f"这个问题现在是“{problem.get_stage_display()}”，不能{act.label}。")
    if not writing.actor.may(permission(act), problem):
        raise Refused(f"您当前的身份（{writing.actor.label}）不能对这个问题{act.label}。")


def _somebody_else(writing: Door, problem: Problem) -> None:
    if writing.actor.user_id is not None and writing.actor.user_id == problem.applied_by_id:
        raise Refused("这次销号是您本人申请的，请由另一位同事验收。")


def _tell(writing: Door, problem: Problem, act: Act, text: str, **values: Any) -> ProblemStep:
    """The step's own row, after the problem moved: what an import wrote last is taken back first. `problem` is as
    it stood before, since that opened the act."""
    step = ProblemStep(problem=problem, act=act, text=text.strip(), **{"on": today(writing), **values})
    return writing.add(step, permission=permission(act))


def _move(writing: Door, problem: Problem, act: Act, version: int | None, **values: Any) -> Problem:
    moved = {**values, "stage": RULES[act].leads_to}
    return writing.change(problem, version=version, action=act.label, permission=permission(act), **moved)
