"""Where a year will end: three estimates by three methods in words, and the pace that is still needed. Pure.

The three are sorted into low, middle and high; none is a promise, and each says how it was reckoned:

- 今年以来的进度: the months gone set the pace, so the year comes to actual × 12 ÷ months;
- 去年的季节: the year goes on as the last one did, so it comes to actual × last year's whole ÷ last year's part;
- 最近三个月的进度: the last three months' pace holds for the months to come.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from reporting.progress import MONTHS_OF_YEAR, ratio

RECENT = 3


@dataclass(frozen=True)
class YearSoFar:
    """Cumulative figures in one unit. `recent`: what the last three months brought; None where less are gone.

    `last_part`, `last_whole`: the year before up to the same month, and in all; None where nothing is known of it.
    """

    months: int
    actual: Decimal
    target: Decimal | None = None
    recent: Decimal | None = None
    last_part: Decimal | None = None
    last_whole: Decimal | None = None

    @property
    def months_left(self) -> int:
        return MONTHS_OF_YEAR - self.months


@dataclass(frozen=True)
class Estimate:
    """`reckoned`: the method with its numbers, as someone with a pocket calculator repeats it."""

    method: str
    amount: Decimal


@dataclass(frozen=True)
class Projection:
    """`estimates` from the lowest to the highest; `needed`: per month to come, 0 once the target is reached.

    `pace` is the monthly mean so far; `needed` is None without a target and when no month is left.
    """

    estimates: tuple[Estimate, ...]
    pace: Decimal
    needed: Decimal | None

    @property
    def low(self) -> Estimate:
        return self.estimates[0]

    @property
    def high(self) -> Estimate:
        return self.estimates[-1]

    @property
    def middle(self) -> Estimate:
        """Of three the one between; of two the lower, so that hope is not taken for the middle."""
        return self.estimates[(len(self.estimates) - 1) // 2]


SAME_PACE, SAME_SEASON, RECENT_PACE = "今年以来的进度", "去年的季节", "最近三个月的进度"
METHODS = {
    SAME_PACE: "按今年以来的月均水平推算到年底",
    SAME_SEASON: "按去年同期占去年全年的比重推算全年",
    RECENT_PACE: "已完成数加上按最近三个月的月均水平推算的剩余月份",
}
"""Each method in words, as the page says it."""


def projected(year: YearSoFar) -> Projection:
    """The estimates that can be made; when the year is over there is one, and it is what was reached."""
    found = sorted(_estimates(year), key=lambda estimate: estimate.amount)
    return Projection(tuple(found), year.actual / year.months, _needed(year))


def _estimates(year: YearSoFar) -> Iterator[Estimate]:
    yield Estimate(SAME_PACE, year.actual * MONTHS_OF_YEAR / year.months)
    if not year.months_left:
        return
    # A year before without anything by now says nothing about how the rest of a year goes.
    if year.last_part and year.last_part > 0 and year.last_whole is not None:
        yield Estimate(SAME_SEASON, year.actual * year.last_whole / year.last_part)
    if year.recent is not None:
        yield Estimate(RECENT_PACE, year.actual + year.recent * year.months_left / RECENT)


def _needed(year: YearSoFar) -> Decimal | None:
    if year.target is None or not year.months_left:
        return None
    return max(year.target - year.actual, Decimal(0)) / year.months_left


def half_way(actual: Decimal, target: Decimal | None) -> bool | None:
    """双过半: at least half of the year's target by mid-year; None without a target."""
    done = ratio(actual, target)
    return None if done is None else done >= Decimal("0.5")
