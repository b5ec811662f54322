"""One unit: its projects by stage and those in trouble, its enterprises; as this seat may see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count

from core.ledgers.filters import as_query
from core.ledgers.ledger import ledger_for
from core.ledgers.query import ListQuery
from core.records import Verdict
from enterprises.models import DeclarationStep
from projects.lifecycle import Status, Step, stage_steps
from projects.models import Milestone
from projects.models.projects import Contract
from townships.models import Seat, Unit
from townships.problems.models import Light

OPEN_LIGHTS = (Light.RED, Light.YELLOW, Light.GREEN, Light.UNASSIGNED)


@dataclass(frozen=True)
class Trouble:
    """`kind`: 停滞 or 逾期未开工; `since`: the day it began, or was signed; `reason` as it was recorded."""

    project: Any
    kind: str
    since: date | None
    reason: str


@dataclass(frozen=True)
class Counted:
    """A number with the list query that it is the count of."""

    label: str
    count: int
    ledger: str
    conditions: Mapping[str, list[str]]


def stages_of(unit: Unit, day: date, seat: Seat) -> list[Counted]:
    """Projects under a formal contract by the stage they had reached on that day; ended ones apart."""
    signed = {"credit": [unit.code], "contract": [Contract.FORMAL.value], "as_of": [day.isoformat()]}
    alive = {**signed, "status": [Status.NORMAL.value, Status.HALTED.value]}
    found = _count_by("projects", alive, seat, "stage")
    counts = [
        Counted(str(Step(step).label), found[step], "projects", {**alive, "stage": [step]})
        for step in stage_steps()
        if found.get(step)
    ]
    ended = {**signed, "status": [Status.ENDED.value]}
    number = _rows("projects", ended, seat).count()
    return [*counts, Counted(str(Status.ENDED.label), number, "projects", ended)] if number else counts


def troubled(unit: Unit, day: date, seat: Seat) -> list[Trouble]:
    """Halted projects with the reason, and those signed two calendar years ago that have not started."""
    signed = {"credit": [unit.code], "contract": [Contract.FORMAL.value], "as_of": [day.isoformat()]}
    halted = list(_rows("projects", {**signed, "status": [Status.HALTED.value]}, seat))
    stops = _stops([project.pk for project in halted], day)
    found = [Trouble(p, str(Status.HALTED.label), *stops.get(p.pk, (None, ""))) for p in halted]
    late = {
        **signed,
        "signing_verdict": [Verdict.ACCEPTED.value],
        "status": [Status.NORMAL.value],
        "happened_to": [date(day.year - 2, 12, 31).isoformat()],
        "stage": [s for s in stage_steps() if stage_steps().index(s) < stage_steps().index(Step.START)],
    }
    return found + [Trouble(p, "逾期未开工", p.signed_on, "") for p in _rows("projects", late, seat)]


def _stops(projects: list[int], day: date) -> dict[int, tuple[date, str]]:
    rows = Milestone.objects.current().filter(project__in=projects, step=Step.HALTED, happened_until__lte=day)
    rows = rows.exclude(verdict__in=[Verdict.RETURNED, Verdict.REFUSED])
    return {row.project_id: (row.happened_on, row.reason) for row in rows.order_by("happened_on", "pk")}


def enterprises_of(unit: Unit, day: date, seat: Seat) -> list[Counted]:
    """How many stand there, how many are in the library, and this year's verified steps of declaring."""
    all_of_it = {"credit": [unit.code], "as_of": [day.isoformat()]}
    listed = {**all_of_it, "listing": [DeclarationStep.LISTED.value]}
    year = {
        **all_of_it,
        "verdict": [Verdict.ACCEPTED.value],
        "counted_from": [date(day.year, 1, 1).isoformat()],
        "counted_to": [day.isoformat()],
    }
    steps = _count_by("declarations", year, seat, "step")
    return [
        Counted("企业", _rows("enterprises", all_of_it, seat).count(), "enterprises", all_of_it),
        Counted("在库四上", _rows("enterprises", listed, seat).count(), "enterprises", listed),
        *(
            Counted(f"本年{step.label}", steps.get(step.value, 0), "declarations", {**year, "step": [step.value]})
            for step in (DeclarationStep.INTENDED, DeclarationStep.SUBMITTED, DeclarationStep.LISTED)
        ),
    ]


def problems_of(unit: Unit, day: date, seat: Seat) -> list[Counted]:
    """Problems about it that were open on that day, by their light; no row where there is none."""
    about = {"township": [unit.code], "as_of": [day.isoformat()]}
    found = _count_by("problems", about, seat, "light")
    return [
        Counted(str(light.label), found[light.value], "problems", {**about, "light": [light.value]})
        for light in OPEN_LIGHTS
        if found.get(light.value)
    ]


def _rows(ledger: str, conditions: Mapping[str, list[str]], seat: Seat) -> Any:
    query = ListQuery(ledger_for(ledger), as_query(dict(conditions)), seat)
    return query.ledger.with_display(query.rows).order_by("code")


def _count_by(ledger: str, conditions: Mapping[str, list[str]], seat: Seat, column: str) -> dict[str, int]:
    rows = ListQuery(ledger_for(ledger), as_query(dict(conditions)), seat).rows
    return dict(rows.order_by().values(column).annotate(number=Count("pk")).values_list(column, "number"))
