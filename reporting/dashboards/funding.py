"""专项资金 of one unit and what came of it, as this seat may see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from core.ledgers.filters import as_query
from core.ledgers.ledger import ledger_for
from core.ledgers.query import ListQuery
from core.records import Verdict
from projects.lifecycle import Step, stage_steps
from projects.models import Arrival, Project
from projects.models.funding import MoneyKind
from townships.models import Seat, Unit


@dataclass(frozen=True)
class Funded:
    """One kind of money, 万元; `conditions` are the list of its allocations."""

    kind: str
    allocated: Decimal
    paid: Decimal
    conditions: Mapping[str, list[str]]


@dataclass(frozen=True)
class Output:
    """Of the projects that were given some of it: how far they are, and what money (万元) arrived for them in all."""

    projects: int
    started: int
    producing: int
    arrived: Decimal


def funding_of(unit: Unit, day: date, seat: Seat) -> list[Funded]:
    """Different money is never added: one row for each kind, in the order of `MoneyKind`."""
    rows = _allocations(unit, day, seat).order_by().values("document__kind")
    sums = rows.annotate(given=Sum("amount"), spent=Sum("paid_then")).values_list("document__kind", "given", "spent")
    found = {kind: (given, spent) for kind, given, spent in sums}
    return [
        Funded(str(kind.label), *found[kind.value], _conditions(unit, day) | {"kind": [kind.value]})
        for kind in MoneyKind
        if kind.value in found
    ]


def output_of(unit: Unit, day: date, seat: Seat) -> Output:
    funded = _allocations(unit, day, seat).exclude(project=None).order_by().values("project")
    counts = (
        Project.objects.current()
        .visible_to(seat)
        .as_of(day)
        .filter(pk__in=funded)
        .aggregate(projects=Count("pk"), started=_reached(Step.START), producing=_reached(Step.PRODUCTION))
    )
    rows = Arrival.objects.current().visible_to(seat).filter(project__in=funded, verdict=Verdict.ACCEPTED)
    arrived = rows.filter(counted_until__lte=day).aggregate(sum=Sum("verified_amount"))["sum"]
    return Output(**counts, arrived=arrived or Decimal(0))


def _reached(step: Step) -> Count:
    stages = stage_steps()
    return Count("pk", filter=Q(stage__in=stages[stages.index(step) :]))


def _allocations(unit: Unit, day: date, seat: Seat) -> QuerySet:
    return ListQuery(ledger_for("allocations"), as_query(_conditions(unit, day)), seat).rows


def _conditions(unit: Unit, day: date) -> dict[str, list[str]]:
    return {"credit": [unit.code], "as_of": [day.isoformat()]}
