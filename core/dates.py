"""Dates as people know them: to the day, the month, the quarter or the year, and how they write them.

Pure: no clock, so that a year which is not written is never guessed.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal, Self

from core.periods import QUARTER_LABELS, month_end, month_label
from core.readings import Unclear, Unreadable, half_width, quoted

Precision = Literal["day", "month", "quarter", "year"]

PRECISION_LABELS: dict[Precision, str] = {"day": "日", "month": "月", "quarter": "季度", "year": "年"}
FIRST_YEAR = 1900
LAST_YEAR = 2100
ADVICE = "请改为类似2023.5.1、2023年5月、2023年三季度或2023年的写法。"


@dataclass(frozen=True, order=True)
class DateSpan:
    """The days an imprecise date may mean, first and last included; ``DateSpan.month(2023, 5)`` and so on make one.

    Orders by first day. Raises ValueError when the days are not exactly one day, month, quarter or year.
    """

    first: date
    last: date
    precision: Precision

    def __post_init__(self) -> None:
        if (self.first, self.last) != _bounds(self.first, self.precision):
            raise ValueError(f"{self.first} to {self.last} is not one {self.precision}")

    @classmethod
    def of(cls, day: date, precision: Precision) -> Self:
        """The day, month, quarter or year in which the day lies."""
        return cls(*_bounds(day, precision), precision)

    @classmethod
    def day(cls, day: date) -> Self:
        return cls.of(day, "day")

    @classmethod
    def month(cls, year: int, month: int) -> Self:
        return cls.of(date(year, month, 1), "month")

    @classmethod
    def quarter(cls, year: int, quarter: int) -> Self:
        return cls.of(date(year, quarter * 3, 1), "quarter")

    @classmethod
    def year(cls, year: int) -> Self:
        return cls.of(date(year, 1, 1), "year")

    @property
    def label(self) -> str:
        """2023年5月1日, 2023年5月, 2023年三季度 or 2023年; ``read_date`` reads it back."""
        labels: dict[Precision, str] = {
            "day": f"{month_label(self.first)}{self.first.day}日",
            "month": month_label(self.first),
            "quarter": f"{self.first.year}年{QUARTER_LABELS[self._quarter - 1]}",
            "year": f"{self.first.year}年",
        }
        return labels[self.precision]

    @property
    def code(self) -> str:
        """2023-05-01, 2023-05 (month), 2023-Q3 (quarter) or 2023 (year): for logs and stored raw values."""
        codes: dict[Precision, str] = {
            "day": self.first.isoformat(),
            "month": f"{self.first.year:04}-{self.first.month:02} (month)",
            "quarter": f"{self.first.year:04}-Q{self._quarter} (quarter)",
            "year": f"{self.first.year:04} (year)",
        }
        return codes[self.precision]

    @property
    def _quarter(self) -> int:
        return (self.first.month - 1) // 3 + 1

    def __str__(self) -> str:
        return self.label


def _bounds(day: date, precision: Precision) -> tuple[date, date]:
    """First and last day of the day's own day, month, quarter or year."""
    if precision == "day":
        return day, day
    months = {"month": 1, "quarter": 3, "year": 12}[precision]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    return first, month_end(first.replace(month=first.month + months - 1))


def read_date(text: str) -> DateSpan:
    """The date that a person wrote in a form or a text cell, as precise as it was written.

    Raises Unreadable (no date, no year, an impossible day) or Unclear (a stretch of time, two-digit years),
    each with a sentence that quotes the text. Source of the forms: ledgers met in practice.
    """
    written = _tidied(text)
    for pattern, read in FORMS:
        if match := pattern.fullmatch(written):
            return read(text, match)
    raise Unreadable(f"写的是{quoted(text)}，看不出是什么日期，{ADVICE}")


def _tidied(text: str) -> str:
    """Half-width, without clock time and spaces.

    The time goes first, or 2023-5-1 00:00:00 would turn into 2023-5-100:00:00; a space between two digits separates
    them, or 2023 1 2 would turn into December.
    """
    written = CLOCK_TIME.sub("", half_width(text))
    written = re.sub(r"(?<=[0-9])\s+(?=[0-9])", "-", written)
    return re.sub(r"\s", "", written).replace("。", ".").rstrip(".").upper()


def _read_day(text: str, match: re.Match[str]) -> DateSpan:
    year, month, day = (int(match[name]) for name in ("year", "month", "day"))
    _check_month(text, year, month)
    last = month_end(date(year, month, 1)).day
    if not 1 <= day <= last:
        raise Unreadable(f"写的是{quoted(text)}，{year}年{month}月没有{day}日，请改为类似{year}.{month}.{last}的写法。")
    return DateSpan.day(date(year, month, day))


def _read_month(text: str, match: re.Match[str]) -> DateSpan:
    year, month = int(match["year"]), int(match["month"])
    _check_month(text, year, month)
    return DateSpan.month(year, month)


def _read_quarter(text: str, match: re.Match[str]) -> DateSpan:
    year = int(match["year"])
    _check_year(text, year)
    return DateSpan.quarter(year, "1234一二三四".index(match["quarter"]) % 4 + 1)


def _read_year(text: str, match: re.Match[str]) -> DateSpan:
    year = int(match["year"])
    _check_year(text, year)
    return DateSpan.year(year)


def _check_month(text: str, year: int, month: int) -> None:
    _check_year(text, year)
    if not 1 <= month <= 12:
        raise Unreadable(f"写的是{quoted(text)}，没有{month}月，请改为类似{year}.12的写法。")


def _check_year(text: str, year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Unreadable(f"写的是{quoted(text)}，年份应在{FIRST_YEAR}年至{LAST_YEAR}年之间，{ADVICE}")


def _refuse_missing_year(text: str, match: re.Match[str]) -> DateSpan:
    raise Unreadable(f"写的是{quoted(text)}，没有年份，请改为类似2023年{int(match['month'])}月的写法。")


def _ask_short_year(text: str, match: re.Match[str]) -> DateSpan:
    raise Unclear(f"写的是{quoted(text)}，年份只有两位，请把年份写成四位，例如2023年5月。")


def _ask_half_year(text: str, match: re.Match[str]) -> DateSpan:
    raise Unclear(f"写的是{quoted(text)}，只写到半年，请写明季度或月份，例如2023年二季度或2023年5月。")


def _ask_time_zone(text: str, match: re.Match[str]) -> DateSpan:
    raise Unclear(f"写的是{quoted(text)}，时间带时区，可能差一天，请只写日期，例如2023.5.1。")


def _ask_stretch(text: str, match: re.Match[str]) -> DateSpan:
    raise Unclear(f"写的是{quoted(text)}，这是一段时间，请只写一个日期，例如2023.5.1或2023年5月。")


CLOCK_TIME = re.compile(r"(?:[\sT]+|(?<=[日号]))[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?$")

YEAR = r"(?P<year>[0-9]{4})"
MONTH = r"(?P<month>[0-9]{1,2})"
DAY = r"(?P<day>[0-9]{1,2})"
PART_OF_MONTH = "(?:初|上旬|中旬|中|下旬|底|末|份)?"
PART_OF_YEAR = "(?:初|底|末|内|度)?"

# Tried in this order; each takes the whole text.
FORMS: tuple[tuple[re.Pattern[str], Callable[[str, re.Match[str]], DateSpan]], ...] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (rf"{YEAR}年{MONTH}月{DAY}[日号]?", _read_day),
        (rf"{YEAR}(?P<mark>[-./]){MONTH}(?P=mark){DAY}日?", _read_day),
        (r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})", _read_day),
        (rf"{YEAR}年{MONTH}月{PART_OF_MONTH}", _read_month),
        (rf"{YEAR}[-./]{MONTH}月?", _read_month),
        (r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})", _read_month),
        (rf"{YEAR}年?-?(?:第?(?P<quarter>[1-4一二三四])季度?)", _read_quarter),
        (rf"{YEAR}年?-?Q(?P<quarter>[1-4])", _read_quarter),
        (rf"{YEAR}年?[上下]半年", _ask_half_year),
        (rf"{YEAR}年?{PART_OF_YEAR}", _read_year),
        (rf"{MONTH}月.*", _refuse_missing_year),
        (rf"{MONTH}[-./]{DAY}", _refuse_missing_year),
        (r"[0-9]{2}年.*|'[0-9]{2}\D.*|[0-9]{2}([-./])[0-9]{1,2}\1[0-9]{1,2}", _ask_short_year),
        (r".*[0-9]:[0-9].*(?:Z|[-+][0-9]{2}:?[0-9]{2})", _ask_time_zone),
        (r"[0-9]{4}.*(?:[-~至到]).*[0-9月日年].*", _ask_stretch),
    )
)
