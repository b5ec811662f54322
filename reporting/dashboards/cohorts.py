"""The projects of several signing years as they stood on a day, read through the project ledger's own list."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum

from core.actors import SystemActor
from core.fields import MoneyField
from core.ledgers.filters import as_query
from core.ledgers.ledger import ledger_for
from core.ledgers.query import ListQuery
from core.records import Verdict
from projects.lifecycle import Status, Step
from projects.models import Arrival, Milestone
from projects.models.projects import Contract
from reporting.cohorts import CohortTarget, Group, Signed, read_rules
from townships.models import County

RULES = settings.BASE_DIR / "fixtures" / "cohorts.json"


@cache
def cohort_rules() -> tuple[tuple[Group, ...], tuple[CohortTarget, ...]]:
    """Which groups are looked at apart and what each cohort must reach."""
    return read_rules(json.loads(RULES.read_text(encoding="utf-8")))


def project_rows(actor: SystemActor, keys: Iterable[int], day: date) -> dict[int, Any]:
    """key → the project as it stood that day, with its place, to show in a line."""
    ledger = ledger_for("projects")
    return {row.pk: row for row in ledger.with_display(ledger.rows(actor, day).filter(pk__in=list(keys)))}


def conditions(years: Sequence[int], day: date) -> dict[str, list[str]]:
    """Formal, verified signings of these years: what every cohort's list has in common."""
    return {
        "contract": [Contract.FORMAL.value],
        "signing_verdict": [Verdict.ACCEPTED.value],
        "happened_from": [date(min(years), 1, 1).isoformat()],
        "happened_to": [min(date(max(years), 12, 31), day).isoformat()],
        "as_of": [day.isoformat()],
    }


def signed_projects(county: County, groups: Sequence[Group], years: Sequence[int], day: date) -> dict[int, Signed]:
    """project key → what it is in its cohort, for all of the county. A signing dated across two years is in neither."""
    members = {group.key: _keys(county, group, years, day) for group in groups}
    rows = _rows(county, {}, years, day)
    rows = rows.annotate(
        started=_reached(Step.START, day),
        produced=_reached(Step.PRODUCTION, day),
        landed=_reached(Step.LANDING, day),
        arrived=Subquery(_arrived(day), output_field=MoneyField()),
    )
    rows = rows.filter(signed_on__year__in=years).order_by("signed_on", "code")
    columns = ("pk", "code", "signed_on", "signed_until", "status", "verified_investment", "started", "produced")
    found = rows.values(*columns, "landed", "arrived", "company__registered_on")
    return {
        row["pk"]: _signed(row, day, frozenset(key for key, keys in members.items() if row["pk"] in keys))
        for row in found
        if row["signed_on"].year == row["signed_until"].year
    }


def _signed(row: dict[str, Any], day: date, groups: frozenset[str]) -> Signed:
    arrived = row["arrived"] or Decimal(0)
    registered = row["landed"] or (row["company__registered_on"] or date.max) <= day
    return Signed(
        code=row["code"],
        year=row["signed_on"].year,
        fulfilled=bool(registered or arrived > 0 or row["started"]),
        started=row["started"],
        produced=row["produced"],
        ended=row["status"] == Status.ENDED,
        contract=row["verified_investment"] or Decimal(0),
        arrived=arrived,
        groups=groups,
    )


def _rows(county: County, more: dict[str, Any], years: Sequence[int], day: date) -> QuerySet:
    given = {**conditions(years, day), **more}
    return ListQuery(ledger_for("projects"), as_query(given), SystemActor(county.pk)).rows


def _keys(county: County, group: Group, years: Sequence[int], day: date) -> frozenset[int]:
    rows = _rows(county, dict(group.conditions), years, day)
    return frozenset(rows.order_by().values_list("pk", flat=True))


def _reached(step: Step, day: date) -> Exists:
    rows = Milestone.objects.current().filter(project=OuterRef("pk"), step=step, happened_until__lte=day)
    return Exists(rows.filter(verdict=Verdict.ACCEPTED))


def _arrived(day: date) -> QuerySet:
    """Σ 认定 of what was counted by then."""
    rows = Arrival.objects.current().filter(Q(verdict=Verdict.ACCEPTED, counted_until__lte=day), project=OuterRef("pk"))
    return rows.order_by().values("project").annotate(total=Sum("verified_amount")).values("total")
