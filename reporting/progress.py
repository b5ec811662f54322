"""Completion, pace and share: the arithmetic of every notice on targets. Pure, exact, in raw values.

Rates are ratios (0.5394 for 53.94 %), differences of rates are ratios too; who shows them says 百分点.
Amounts are in whatever unit both sides share. None stands for what cannot be said: no target.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Literal

Spread = Literal["even", "ceil", "none"]
Rounding = Literal["half_up", "down"]

MONTHS_OF_YEAR = 12
MODES: dict[Rounding, str] = {"half_up": ROUND_HALF_UP, "down": ROUND_DOWN}
NINE_PLACES = Decimal("1e-9")


@dataclass(frozen=True)
class Progress:
    """A figure held against its year. `due`: what should be there by now, None where the target has no pace."""

    actual: Decimal
    target: Decimal | None
    due: Decimal | None

    @property
    def completion(self) -> Decimal | None:
        """完成率: actual ÷ the year's target."""
        return ratio(self.actual, self.target)

    @property
    def ahead(self) -> Decimal | None:
        """超(欠)进度 as a difference of rates: 完成率 − 时序目标 ÷ 年度目标; negative is 欠."""
        pace = ratio(self.due, self.target)
        return None if self.completion is None or pace is None else self.completion - pace

    @property
    def ahead_amount(self) -> Decimal | None:
        """超(欠)进度 as an amount: actual − 时序目标."""
        return None if self.due is None else self.actual - self.due


def progress(
    actual: Decimal,
    target: Decimal | None,
    months: int,
    spread: Spread = "even",
    plan: Decimal | None = None,
) -> Progress:
    """`months` of the year are gone (1–12); `plan`: what is planned for them, where that is said."""
    pace = plan if plan is not None or target is None else due(target, months, spread)
    return Progress(actual, target, None if target is None else pace)


def due(target: Decimal, months: int, spread: Spread = "even") -> Decimal | None:
    """时序目标 after `months`: even shares, the same rounded up for small counts; None for rates and stocks."""
    if spread == "none":
        return None
    part = target * months / MONTHS_OF_YEAR
    # First to nine places, so that a third of a whole that divides is no fraction more than itself.
    return part if spread == "even" else part.quantize(NINE_PLACES, ROUND_HALF_UP).quantize(Decimal(1), ROUND_UP)


def ratio(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """None where either is missing or the whole is 0."""
    return None if part is None or not whole else part / whole


def shares(parts: Sequence[Decimal]) -> tuple[Decimal | None, ...]:
    """占比: each part of their sum."""
    whole = sum(parts, Decimal(0))
    return tuple(ratio(part, whole) for part in parts)


def in_percent(rate: Decimal, places: int = 2, rounding: Rounding = "half_up") -> Decimal:
    """0.996575 → 99.66, or 99.65 where a notice cuts off what is beyond."""
    return (rate * 100).quantize(Decimal(1).scaleb(-places), MODES[rounding])
