"""From how much on an enterprise is 四上: thresholds by industry and day, a pure lookup over dated rows.

The shipped rows hold the standard since 2021 and the one of 2017 and 2018; for the years between them, and before,
the services have none, and the answer is None rather than a guess.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from core.readings import Unreadable, half_width, quoted

FIXTURE = Path(__file__).resolve().parent.parent / "fixtures" / "stat-thresholds.json"
PART = re.compile(r"(?P<first>[0-9]{2,4})(?:-(?P<last>[0-9]{2,4}))?")


@dataclass(frozen=True)
class Threshold:
    """One row of the standard. `amount`: 万元 a year, None where a qualification decides and no revenue.

    `codes`: leading digits of GB/T 4754 codes. `employees`: as many suffice instead of the revenue (until 2018).
    `valid_until`: the last day, None where the row still holds.
    """

    group: str
    name: str
    codes: tuple[str, ...]
    indicator: str
    amount: Decimal | None
    employees: int | None
    valid_from: date
    valid_until: date | None
    source: str

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)

    def match(self, industry: str) -> int:
        """How many digits of the industry this row names; 0 where it is about others."""
        return max((len(code) for code in self.codes if industry.startswith(code)), default=0)

    @property
    def label(self) -> str:
        """限上零售业（年主营业务收入500万元）."""
        wanted = "" if self.amount is None else f"{self.amount:f}万元"
        instead = f"或从业人员{self.employees}人" if self.employees else ""
        return f"{self.name}（{self.indicator}{wanted}{instead}）"


def read_scope(text: str) -> tuple[str, ...]:
    """Which industries a row is about: 06-46、701 → 06, 07, … 46, 701. Raises Unreadable."""
    parts = re.split("[、，,]", "".join(half_width(text).split()))
    return tuple(code for part in parts for code in _codes(part))


def _codes(part: str) -> Iterable[str]:
    match = PART.fullmatch(part)
    if match is None:
        raise Unreadable(f"写的是{quoted(part)}，不是行业代码，请写成类似06-46、701的写法。")
    first, last = match["first"], match["last"] or match["first"]
    if len(first) != len(last) or first > last:
        raise Unreadable(f"写的是{quoted(part)}，起止要位数相同、从小到大。")
    return (f"{number:0{len(first)}}" for number in range(int(first), int(last) + 1))


@cache
def shipped() -> tuple[Threshold, ...]:
    """The rows that come with the product."""
    return tuple(_threshold(row) for row in json.loads(FIXTURE.read_text("utf-8")))


def _threshold(row: dict[str, Any]) -> Threshold:
    until = row.get("valid_until")
    return Threshold(
        group=row["group"],
        name=row["name"],
        codes=read_scope(row["scope"]),
        indicator=row["indicator"],
        amount=Decimal(row["amount"]) if "amount" in row else None,
        employees=row.get("employees"),
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_until=date.fromisoformat(until) if until else None,
        source=row["source"],
    )


def threshold_of(industry: str, day: date, rows: Iterable[Threshold] | None = None) -> Threshold | None:
    """The row for that industry (digits of GB/T 4754) on that day; the one that names most of its digits goes first.

    None: the industry is not among the 四上, is not told finely enough (70 alone), or the standard of that day is
    not known.
    """
    held = [row for row in (shipped() if rows is None else rows) if row.holds_on(day) and row.match(industry)]
    return max(held, key=lambda row: row.match(industry), default=None)


def group_of(industry: str, day: date, rows: Iterable[Threshold] | None = None) -> str:
    """The group of 四上 into which that industry falls on that day; empty where `threshold_of` gives none."""
    row = threshold_of(industry, day, rows)
    return row.group if row else ""
