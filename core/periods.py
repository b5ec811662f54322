"""Months, quarters, half-years and years as values: what a figure is counted over.

Pure: no clock, no database. A period is written in one way only (``2024-05``, ``2024Q1``, ``2024H1``, ``2024``),
since its code stands in addresses, stored conditions and publications.
"""

import re
from calendar import monthrange
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import total_ordering
from typing import Literal, Self

from core.readings import quoted

PeriodKind = Literal["month", "quarter", "half_year", "year"]

FIRST_YEAR = 1990
LAST_YEAR = 2100

MONTHS_COVERED: dict[PeriodKind, int] = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
KIND_LABELS: dict[PeriodKind, str] = {"month": "月度", "quarter": "季度", "half_year": "半年度", "year": "年度"}
QUARTER_LABELS = ("一季度", "二季度", "三季度", "四季度")
HALF_YEAR_LABELS = ("上半年", "下半年")

CODE_PATTERNS: tuple[tuple[PeriodKind, re.Pattern[str]], ...] = (
    ("month", re.compile(r"([0-9]{4})-([0-9]{2})")),
    ("quarter", re.compile(r"([0-9]{4})Q([0-9])")),
    ("half_year", re.compile(r"([0-9]{4})H([0-9])")),
    ("year", re.compile(r"([0-9]{4})")),
)


class PeriodError(ValueError):
    """A period that does not exist, or is written in an unknown way; the message is a Chinese sentence."""


def month_of(day: date) -> date:
    """The first day of the day's month: how a month is stored."""
    return day.replace(day=1)


def month_end(day: date) -> date:
    """The last day of the day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def months_ended(day: date, count: int) -> tuple[date, ...]:
    """First days of the last months that are over at the end of that day, the latest last."""
    after = (day + timedelta(days=1)).replace(day=1)
    last = after.year * 12 + after.month - 2
    return tuple(date(number // 12, number % 12 + 1, 1) for number in range(last - count + 1, last + 1))


def year_earlier(day: date) -> date:
    """The same day of the year before; the last day of a month stays its last, also of February."""
    first = day.replace(year=day.year - 1, day=1)
    return month_end(first) if day == month_end(day) else first.replace(day=day.day)


def month_label(day: date) -> str:
    """2024年3月, for any day of that month."""
    return f"{day.year}年{day.month}月"


@dataclass(frozen=True, order=True)
class Span:
    """The days from ``first_day`` to ``last_day``, both included."""

    first_day: date
    last_day: date

    def __post_init__(self) -> None:
        if self.last_day < self.first_day:
            raise PeriodError(f"结束日期{self.last_day}早于开始日期{self.first_day}。")

    def contains(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day

    def covers(self, first_day: date, last_day: date) -> bool:
        """Whether the whole of an imprecise date lies inside: only then does it count here."""
        return self.first_day <= first_day and last_day <= self.last_day

    def months(self) -> tuple[date, ...]:
        """First-of-month dates of the months that the span touches."""
        start = self.first_day.year * 12 + self.first_day.month - 1
        end = self.last_day.year * 12 + self.last_day.month - 1
        return tuple(date(index // 12, index % 12 + 1, 1) for index in range(start, end + 1))


@total_ordering
@dataclass(frozen=True)
class Period:
    """One month, quarter, half-year or year. ``number`` counts within the year from 1 (a year has number 1).

    Ordered by the day it ends, the shorter first: 2024-03 < 2024Q1 < 2024-04 < … < 2024Q4 < 2024H2 < 2024.
    Raises PeriodError outside 1990–2100, also when ``previous`` or ``next`` would leave those years.
    """

    kind: PeriodKind
    year: int
    number: int = 1
    seen: date | None = field(default=None, kw_only=True)
    """The later day from which it is looked back upon, where that is not its own end."""

    def __post_init__(self) -> None:
        if self.kind not in MONTHS_COVERED:
            raise PeriodError(f"没有“{self.kind}”这种期间。")
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise PeriodError(f"期间应在{FIRST_YEAR}年至{LAST_YEAR}年之间，不能是{self.year}年。")
        if not 1 <= self.number <= self.per_year:
            raise PeriodError(f"一年只有{self.per_year}个{KIND_LABELS[self.kind]}期间，没有第{self.number}个。")

    @classmethod
    def parse(cls, code: str) -> Self:
        """The period written as 2024-05, 2024Q1, 2024H1 or 2024, and in no other way."""
        for kind, pattern in CODE_PATTERNS:
            if match := pattern.fullmatch(code):
                return cls._from_code(code, kind, [int(part) for part in match.groups()])
        raise PeriodError(f"期间写的是{quoted(code)}，请改为类似2024-05、2024Q1、2024H1或2024的写法。")

    @classmethod
    def _from_code(cls, code: str, kind: PeriodKind, parts: list[int]) -> Self:
        try:
            return cls(kind, *parts)
        except PeriodError as error:
            raise PeriodError(f"期间写的是{quoted(code)}，{error}") from None

    @classmethod
    def containing(cls, day: date, kind: PeriodKind) -> Self:
        """The period of this kind in which the day lies."""
        return cls(kind, day.year, (day.month - 1) // MONTHS_COVERED[kind] + 1)

    @property
    def code(self) -> str:
        suffixes = {"month": f"-{self.number:02}", "quarter": f"Q{self.number}", "half_year": f"H{self.number}"}
        return f"{self.year}{suffixes.get(self.kind, '')}"

    @property
    def label(self) -> str:
        """What people say: 2024年5月, 2024年一季度, 2024年上半年, 2024年."""
        if self.kind == "month":
            return month_label(self.first_day)
        names: dict[PeriodKind, tuple[str, ...]] = {"quarter": QUARTER_LABELS, "half_year": HALF_YEAR_LABELS}
        return f"{self.year}年{names.get(self.kind, ('',))[self.number - 1]}"

    @property
    def kind_label(self) -> str:
        return KIND_LABELS[self.kind]

    @property
    def months_covered(self) -> int:
        """How many months the period is long."""
        return MONTHS_COVERED[self.kind]

    @property
    def months_elapsed(self) -> int:
        """Months of the year gone when the period ends: 6 for 2024Q2."""
        return self.number * self.months_covered

    @property
    def per_year(self) -> int:
        return 12 // MONTHS_COVERED[self.kind]

    @property
    def first_day(self) -> date:
        return date(self.year, self.months_elapsed - self.months_covered + 1, 1)

    @property
    def first_month(self) -> date:
        """The first month as it is stored: the same day as ``first_day``."""
        return self.first_day

    @property
    def last_month(self) -> date:
        return date(self.year, self.months_elapsed, 1)

    @property
    def last_day(self) -> date:
        return month_end(self.last_month)

    @property
    def span(self) -> Span:
        return Span(self.first_day, self.last_day)

    def months(self) -> tuple[date, ...]:
        """First-of-month dates of its months."""
        return self.span.months()

    def contains(self, day: date) -> bool:
        return self.span.contains(day)

    def covers(self, first_day: date, last_day: date) -> bool:
        return self.span.covers(first_day, last_day)

    def previous(self) -> Self:
        """The period of the same kind before this one: what 环比 compares with."""
        return self._moved(-1)

    def next(self) -> Self:
        return self._moved(1)

    def year_earlier(self) -> Self:
        """The same period a year before: what 同比 compares with."""
        return self._moved(-self.per_year)

    @property
    def seen_on(self) -> date:
        """As of which day one looks at it: its own end, unless a later period looks back."""
        return self.seen or self.last_day

    def counted_until(self, day: date) -> date:
        """Up to which day its figures count, as of `day`: its end, or that day while the end is still ahead."""
        return min(self.last_day, day)

    def seen_from(self, later: "Period") -> Self:
        """The same period, looked back upon by the later one: 上年同期 of what stands by then."""
        return replace(self, seen=later.seen_on)

    def year_to_date(self) -> Span:
        """From 1 January to the end of the period: what 累计 is counted over."""
        return Span(date(self.year, 1, 1), self.last_day)

    def _moved(self, steps: int) -> Self:
        year, index = divmod(self.year * self.per_year + self.number - 1 + steps, self.per_year)
        return type(self)(self.kind, year, index + 1)

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Period):
            return NotImplemented
        return (self.last_day, self.months_covered) < (other.last_day, other.months_covered)

    def __str__(self) -> str:
        return self.code
