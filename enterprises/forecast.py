"""What an enterprise's year will come to, seen from one of its months; pure, all amounts 万元.

Two methods, each shown by its name: the run rate, which takes every month to be alike, and last year's share, which
takes the year to run like the one before. Nothing here is a figure to be reported by anybody: it says where help is
needed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

MONTHS = 12
PLACES = Decimal("0.01")


class Method(StrEnum):
    RUN_RATE = "按月均推算"
    LAST_YEAR = "按上年同月占比推算"


class Outlook(StrEnum):
    REACHED = "已达标"
    WILL_REACH = "预计达标"
    GAP = "有差距"
    UNKNOWN = "无法预计"


@dataclass(frozen=True)
class Needed:
    """`gap`: threshold less what was reached so far, never negative; `monthly`: what each month that is left would
    need on average for it, None once none is left."""

    gap: Decimal
    monthly: Decimal | None


@dataclass(frozen=True)
class Forecast:
    """`until`: the last month with a figure; `year_end`: what the year comes to by `method`, None without months;
    `gap` and `monthly` as `Needed` has them."""

    outlook: Outlook
    method: Method
    until: int
    reached: Decimal
    year_end: Decimal | None
    gap: Decimal
    monthly: Decimal | None


def forecast(
    months: Mapping[int, Decimal], threshold: Decimal, last_year: Mapping[int, Decimal] | None = None
) -> Forecast:
    """The outlook of a year of which `months` (1 to 12 → 万元) are known.

    By last year's share where all twelve of its months are known and those of the same months are not nothing, else
    by the run rate. Only months that were reported divide a sum: a missing month is no zero.
    """
    reached = sum(months.values(), Decimal(0))
    until = max(months, default=0)
    method = _method(months, last_year or {})
    year_end = _year_end(months, last_year or {}, method) if months else None
    short = needed(reached, threshold, until)
    return Forecast(
        outlook=_outlook(reached, year_end, threshold),
        method=method,
        until=until,
        reached=reached,
        year_end=year_end,
        gap=short.gap,
        monthly=short.monthly,
    )


def needed(reached: Decimal, threshold: Decimal, until: int) -> Needed:
    """What a year that has come to `reached` by its month `until` lacks of the threshold."""
    gap, left = max(threshold - reached, Decimal(0)), MONTHS - until
    return Needed(gap, _rounded(gap / left) if left else None)


def _method(months: Mapping[int, Decimal], last_year: Mapping[int, Decimal]) -> Method:
    same = sum((last_year[month] for month in months if month in last_year), Decimal(0))
    whole = len(last_year) == MONTHS and same > 0
    return Method.LAST_YEAR if whole else Method.RUN_RATE


def _year_end(months: Mapping[int, Decimal], last_year: Mapping[int, Decimal], method: Method) -> Decimal:
    reached = sum(months.values(), Decimal(0))
    if method == Method.RUN_RATE:
        return _rounded(reached * MONTHS / len(months))
    same = sum((last_year[month] for month in months), Decimal(0))
    return _rounded(reached * sum(last_year.values(), Decimal(0)) / same)


def _outlook(reached: Decimal, year_end: Decimal | None, threshold: Decimal) -> Outlook:
    if reached >= threshold:
        return Outlook.REACHED
    if year_end is None:
        return Outlook.UNKNOWN
    return Outlook.WILL_REACH if year_end >= threshold else Outlook.GAP


@dataclass(frozen=True)
class Judged:
    """A past year: what was to be expected of it after the month in question, and what came. `error`: (estimate −
    actual) ÷ actual; 0.05 is five percent too high."""

    year: int
    method: Method
    estimate: Decimal
    actual: Decimal
    error: Decimal


def looked_back(years: Mapping[int, Mapping[int, Decimal]], until: int) -> tuple[Judged, ...]:
    """How good forecasts after month `until` were in each of these years that is whole, the latest first.

    `years`: year → month (1 to 12) → 万元. Each estimate knows only what was known then.
    """
    found = (_judged(year, years[year], until, years.get(year - 1)) for year in sorted(years, reverse=True))
    return tuple(one for one in found if one)


def _judged(
    number: int, year: Mapping[int, Decimal], until: int, last_year: Mapping[int, Decimal] | None
) -> Judged | None:
    """None where the year is not whole, came to nothing, or had no month by then."""
    actual = sum(year.values(), Decimal(0))
    known = {month: amount for month, amount in year.items() if month <= until}
    if len(year) < MONTHS or actual == 0 or not known:
        return None
    made = forecast(known, actual, last_year)
    assert made.year_end is not None
    error = ((made.year_end - actual) / actual).quantize(Decimal("0.0001"), ROUND_HALF_UP)
    return Judged(number, made.method, made.year_end, actual, error)


def _rounded(amount: Decimal) -> Decimal:
    return amount.quantize(PLACES, ROUND_HALF_UP)


class Tier(StrEnum):
    """培育梯次, the nearest to the threshold first."""

    DUE = "due"
    SPRINT = "sprint"
    KEY = "key"
    RESERVE = "reserve"
    NO_LINE = "no_line"


TIER_LABELS = {
    Tier.DUE: "达标应入",
    Tier.SPRINT: "冲刺",
    Tier.KEY: "重点培育",
    Tier.RESERVE: "储备",
    Tier.NO_LINE: "无收入标准",
}
Limits = tuple[tuple[Decimal, Tier], ...]
LIMITS: Limits = (
    (Decimal("1.0"), Tier.DUE),
    (Decimal("0.8"), Tier.SPRINT),
    (Decimal("0.5"), Tier.KEY),
)
"""Rolling revenue ÷ threshold → tier, from the highest down; what reaches none is 储备."""


def tier_of(revenue: Decimal, threshold: Decimal | None, limits: Limits = LIMITS) -> Tier:
    """The tier by the revenue of the last twelve months against the year's threshold, both 万元; None: the industry
    is asked for no revenue, or its standard is not known."""
    if threshold is None:
        return Tier.NO_LINE
    return next((tier for share, tier in limits if revenue >= share * threshold), Tier.RESERVE)
