"""Suppose that projects reach a step: written through the door as it would be in truth, for a rehearsal only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from core.dates import DateSpan
from core.locks import MonthLocks
from core.periods import month_of
from core.records import STILL_STANDS, Verdict
from core.verification import give_verdict
from core.write import Door, Refused
from projects.lifecycle import Step
from projects.models import Milestone, Project

SUPPOSED = "测算"
SUPPOSABLE = (Step.LANDING, Step.APPROVAL, Step.START, Step.COMPLETION, Step.PRODUCTION, Step.FULL_OUTPUT)
"""Steps that can be supposed; 签约 takes an agreement with its amounts."""


@dataclass(frozen=True)
class Reached:
    """`counted`: the month into which the step would count; `late`: because its own month is closed (补计)."""

    project: str
    counted: date
    late: bool


def suppose_reached(
    writing: Door, projects: Sequence[Project], *, step: Step, day: date, today: date
) -> tuple[Reached, ...]:
    """Write the step on that day and its verification today, for all the projects in a fixed number of statements.

    A step that waits for verification, or was accepted for a later day, moves to this day. Raises Refused with a
    sentence for each project (by its code) that is already there.
    """
    standing = _standing(projects, step)
    _not_there_yet(standing, day)
    known = {row.project_id for row in standing}
    late = SUPPOSED if _is_closed(writing, day, today) else ""
    shared = {"happened": DateSpan.day(day), "late_reason": late}
    new = [Milestone(project=p, step=step, reason=SUPPOSED, **shared) for p in projects if p.pk not in known]
    writing.add_many(new)
    writing.change_many(standing, action=SUPPOSED, **shared)
    keys = [row.pk for row in (*new, *standing)]
    give_verdict(writing, _rows(keys), verdict=Verdict.ACCEPTED, on=today, note=SUPPOSED)
    return tuple(Reached(str(row.project), row.counted_until, row.counted_until > day) for row in _rows(keys))


def not_yet(projects: QuerySet, step: Step) -> QuerySet:
    """Those of the projects for which the step is not accepted."""
    accepted = Milestone.objects.current().filter(project=OuterRef("pk"), step=step, verdict=Verdict.ACCEPTED)
    return projects.exclude(Exists(accepted))


def _rows(keys: Sequence[int]) -> list[Milestone]:
    rows = Milestone.objects.filter(pk__in=keys).select_related("project__landing_unit", "project__responsible_unit")
    return list(rows.order_by("pk"))


def _standing(projects: Sequence[Project], step: Step) -> list[Milestone]:
    """What each project already says of the step: one row a project, the accepted one before others."""
    rows = Milestone.objects.current().filter(STILL_STANDS, project__in=projects, step=step)
    rows = rows.select_related("project__landing_unit", "project__responsible_unit").order_by("pk")
    found: dict[int, Milestone] = {}
    for row in sorted(rows, key=lambda row: row.verdict != Verdict.ACCEPTED):
        found.setdefault(row.project_id, row)
    return list(found.values())


def _not_there_yet(standing: Sequence[Milestone], day: date) -> None:
    there = [row for row in standing if row.verdict == Verdict.ACCEPTED and row.happened_until <= day]
    said = {row.project.code: f"已认定{row.happened.label}{row.get_step_display()}，不用假设。" for row in there}
    if said:
        raise Refused(said)


def _is_closed(writing: Door, day: date, today: date) -> bool:
    return month_of(day) in MonthLocks(writing.actor.county_id, today).closed(Milestone.closes_with)
