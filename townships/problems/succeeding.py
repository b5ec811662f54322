"""Of a unit that was split: the problems that it was given and has not solved."""

from django.db.models import QuerySet
from django.utils import timezone

from core.dates import DateSpan
from core.write import Door
from townships.problems.models import Problem, ProblemStep
from townships.problems.steps import Act, Stage
from townships.succeeding import SUCCEED, Heir, Holding, holding_of


def _problems() -> QuerySet:
    return Problem.objects.current().exclude(stage__in=[Stage.RAISED, Stage.CLOSED]).select_related("responsible")


def give_problem(writing: Door, problem: Problem, heir: Heir) -> None:
    """With its deadline: that its unit was split makes nothing late and nothing early."""
    writing.change(problem, action=heir.act, permission=SUCCEED, responsible=heir.successor)
    text = f"{heir.predecessor}分设，由{heir.successor}继续办理。"
    on = timezone.localdate(writing.at)
    writing.add(ProblemStep(problem=problem, act=Act.REASSIGN, on=on, text=text), permission=SUCCEED)


def _until(problem: Problem) -> str:
    return f"{problem.get_stage_display()}，{DateSpan.day(problem.deadline).label}前"


holding_of(Holding("problems", "未销号问题", "件", _problems, "responsible", give_problem, _until))
