"""What the engine answers, and its JSON shape."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

from reporting.formula.exact import at_places, plain
from reporting.scoring.rounding import ROUNDING_MODES
from reporting.scoring.scheme import Rounding


class Outcome(Enum):
    """入选, 未入选; 待定 where equals stand across the last place and the meeting has not decided yet."""

    CHOSEN = "chosen"
    NOT_CHOSEN = "not_chosen"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class ItemResult:
    """An indicator's, bonus's or deduction's score (after rounding or cap); None: 无任务 or an error.

    `value` is what the formula gave before that, also where it may not count.
    `full` is 满分, or the cap; `family` is an indicator's.
    """

    name: str
    family: str | None
    full: Decimal | None
    score: Decimal | None
    value: Decimal | None
    substituted: str | None
    note: str | None
    no_task: bool = False
    error: str | None = None

    def as_json(self, rounding: Rounding) -> dict[str, Any]:
        return {
            "name": self.name,
            "points": None if self.score is None else shown_score(self.score, rounding),
            "substituted": self.substituted,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class DerivedResult:
    """A derived metric; `problem` says why it has no value."""

    name: str
    value: Decimal | None
    substituted: str | None
    problem: str | None

    def as_json(self) -> dict[str, Any]:
        value = None if self.value is None else plain(self.value)
        return {"name": self.name, "value": value, "substituted": self.substituted}


@dataclass(frozen=True, slots=True)
class UnitResult:
    """One township's result. `total` is rounded; `factor` is (Σ points, Σ points with a task) if redistributed."""

    unit: str
    group: str | None
    rank: int | None
    tied: bool
    total: Decimal | None
    qualified: bool | None
    award: str | None
    amount: Decimal | None
    vetoed: str | None
    bonus: Decimal | None
    deduction: Decimal | None
    factor: tuple[Decimal, Decimal] | None
    lists: tuple[str, ...]
    notes: tuple[str, ...]
    indicators: tuple[ItemResult, ...]
    bonuses: tuple[ItemResult, ...]
    deductions: tuple[ItemResult, ...]
    derived: tuple[DerivedResult, ...]
    outcome: Outcome | None = None
    """Of a selection."""

    def family_subtotals(self) -> dict[str | None, Decimal]:
        """Family → the sum of its indicators' scores as shown, before redistribution."""
        subtotals: dict[str | None, Decimal] = {}
        for indicator in self.indicators:
            if indicator.score is not None:
                subtotals[indicator.family] = subtotals.get(indicator.family, Decimal(0)) + indicator.score
        return subtotals

    def as_json(self, rounding: Rounding) -> dict[str, Any]:
        return {
            "unit": self.unit,
            "group": self.group,
            "rank": self.rank,
            "tied": self.tied,
            "total": shown_total(self.total, rounding),
            "qualified": self.qualified,
            "award": self.award,
            "amount": None if self.amount is None else plain(self.amount),
            "vetoed": self.vetoed,
            "bonus": shown_total(self.bonus, rounding),
            "deduction": shown_total(self.deduction, rounding),
            "lists": list(self.lists),
            "notes": list(self.notes),
            "indicators": _all_as_json(self.indicators, rounding),
            "bonuses": _all_as_json(self.bonuses, rounding),
            "deductions": _all_as_json(self.deductions, rounding),
            "derived": [derived.as_json() for derived in self.derived],
            **({"outcome": self.outcome.value} if self.outcome else {}),
        }


@dataclass(frozen=True, slots=True)
class ScoreError:
    """Why a township has no total: `where` is the label of the rule, `message` a Chinese sentence."""

    unit: str
    where: str
    message: str

    def as_json(self) -> dict[str, str]:
        return {"unit": self.unit, "where": self.where, "message": self.message}


@dataclass(frozen=True, slots=True)
class Results:
    """All townships in the order of publication, and the errors in the order of the inputs."""

    scheme: str
    period: str
    rounding: Rounding
    units: tuple[UnitResult, ...]
    errors: tuple[ScoreError, ...]

    def as_json(self) -> dict[str, Any]:
        """The shape that the `score` command prints; decimals are strings."""
        return {
            "scheme": self.scheme,
            "period": self.period,
            "results": [unit.as_json(self.rounding) for unit in self.units],
            "errors": [error.as_json() for error in self.errors],
        }


def shown_score(score: Decimal, rounding: Rounding) -> str:
    """A score at the indicator's places; at most 6 where the scheme names none."""
    if rounding.indicator is None:
        return plain(score)
    return at_places(score, rounding.indicator, ROUNDING_MODES[rounding.mode])


def shown_total(total: Decimal | None, rounding: Rounding) -> str | None:
    """A total, bonus or deduction at the total's places."""
    return None if total is None else at_places(total, rounding.total, ROUNDING_MODES[rounding.mode])


def _all_as_json(items: Iterable[ItemResult], rounding: Rounding) -> list[dict[str, Any]]:
    return [item.as_json(rounding) for item in items]
