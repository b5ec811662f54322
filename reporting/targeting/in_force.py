"""目标 as they hold on a day, and what is due of them: the one place where versions and plans are read.

A period is held against the version that is in force on its last day, so an adjustment counts from the period on
that ends on its first day or later.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import FilteredRelation, Q

from core.periods import Period
from reporting.models import Target
from reporting.models.metrics import Spread as SpreadRule
from reporting.plans import MONTHS_OF_YEAR, Part, planned
from reporting.progress import Spread, due

Key = tuple[int, int | None]
"""(metric key, unit key; None for the county itself)"""
COLUMNS = ("pk", "year", "metric", "unit", "basic", "spread", "since")
"""What a version is read from, in the order of its fields."""


@dataclass(frozen=True)
class Version:
    """One version of a target with its plan, as bare values: a county has hundreds of them."""

    pk: int
    year: int
    metric: int
    unit: int | None
    basic: Decimal
    spread: Spread
    since: date | None
    parts: tuple[Part, ...] = ()

    def plan(self, first: int, last: int) -> Decimal | None:
        """What is planned for these months; None where the target is spread by its 分摊."""
        return planned(self.parts, first, last, self.spread)


@dataclass(frozen=True)
class Aim:
    """A year's target and what the plan says is due of it by then; `plan` is None where the spread says it."""

    basic: Decimal
    spread: Spread
    plan: Decimal | None = None

    def due(self, months: int) -> Decimal | None:
        return due(self.basic, months, self.spread) if self.plan is None else self.plan

    def and_(self, other: "Aim", months: int) -> "Aim":
        """Both together: planned as soon as one of them is."""
        parts = [aim.due(months) or Decimal(0) for aim in (self, other)]
        by_plan = self.plan is not None or other.plan is not None
        return Aim(self.basic + other.basic, self.spread, sum(parts, Decimal(0)) if by_plan else None)


def versions(county_id: int, years: Collection[int], metrics: Iterable[int]) -> list[Version]:
    """All versions of those years and metrics in their turn, with their plans, in one statement."""
    rows = Target.objects.current().in_county(county_id).filter(year__in=years, metric__in=list(metrics))
    planned_now = FilteredRelation("parts", condition=Q(parts__voided_at=None))
    told = (
        rows.annotate(part=planned_now).in_turn().values_list(*COLUMNS, "part__month", "part__months", "part__amount")
    )
    alike = groupby(told, key=lambda row: row[: len(COLUMNS)])
    return [Version(*version, parts=tuple(_parts(lines))) for version, lines in alike]


def _parts(lines: Iterable[tuple[Any, ...]]) -> Iterator[Part]:
    """A version without a plan is one line without a part."""
    for line in lines:
        month, months, amount = line[len(COLUMNS) :]
        if month is not None:
            yield Part(month, months, amount)


def in_force(listed: Iterable[Version], year: int, day: date) -> dict[Key, Version]:
    """Of that year's targets the versions that hold at the end of the day. `listed` in their turn."""
    return {
        (one.metric, one.unit): one for one in listed if one.year == year and (one.since is None or one.since <= day)
    }


def aims(county_id: int, metrics: Iterable[int], until: Period) -> dict[Key, Aim]:
    """What is to be reached in the year, and by the end of `until` of it.

    A county without a target of its own has what its units' add up to, unless the target is a rate or a stock.
    """
    held = in_force(versions(county_id, [until.year], metrics), until.year, until.last_day)
    return _aims(held, until.months_elapsed)


def pace(county_id: int, metric: int, unit: int | None, until: Period) -> tuple[Decimal | None, ...]:
    """What is due of one target by the end of each month of the year, as it stands at the end of `until`; empty
    where there is none."""
    held = in_force(versions(county_id, [until.year], [metric]), until.year, until.last_day)
    found = [(months, _aims(held, months).get((metric, unit))) for months in range(1, MONTHS_OF_YEAR + 1)]
    return tuple(aim.due(months) for months, aim in found if aim)


def _aims(held: Mapping[Key, Version], months: int) -> dict[Key, Aim]:
    own = {key: Aim(one.basic, one.spread, one.plan(1, months)) for key, one in held.items()}
    added: dict[Key, Aim] = {}
    for (metric, unit), aim in own.items():
        if unit is not None and aim.spread != SpreadRule.NONE:
            before = added.get((metric, None))
            added[metric, None] = before.and_(aim, months) if before else aim
    return {**added, **own}
