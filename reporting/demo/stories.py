"""What a demo project lives through, before anything is written: plain values, no database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from core.dates import DateSpan
from core.records import Verdict
from reporting.demo.wording import InvestorStory

FIRST_MONTH = date(2023, 1, 1)
LAST_MONTH = date(2025, 6, 1)
"""This one is still open, its rows partly wait for verification."""
FIRST_CLOSED = date(2024, 1, 1)
"""Closing began with the pilot; what lies before can still be imported as history."""


@dataclass(frozen=True)
class Ruling:
    """What the county says to a row, `delay` months after the usual day; `amount` where it differs from the claim."""

    verdict: Verdict = Verdict.ACCEPTED
    note: str = ""
    amount: Decimal | None = None
    delay: int = 0


ACCEPTED = Ruling()
WAITING = Ruling(Verdict.PENDING)


@dataclass
class Slip:
    """A voucher to be."""

    number: str
    amount: Decimal


@dataclass
class Entry:
    """One dated row: entered in the month `entered`, about `happened`."""

    kind: Literal["agreement", "milestone", "arrival", "declaration"]
    entered: date
    happened: DateSpan
    values: Mapping[str, Any]
    ruling: Ruling = ACCEPTED
    slip: Slip | None = None

    @property
    def late(self) -> bool:
        """Whether its own month was closed when it was entered."""
        return FIRST_CLOSED <= self.happened.last < self.entered


@dataclass(frozen=True)
class Company:
    """An enterprise that a project founded when it landed."""

    name: str
    code: str
    registered_on: date
    entered: date
    capital: Decimal
    group: str


@dataclass
class Story:
    """One project with all its rows; the first is its first agreement."""

    name: str
    investor: InvestorStory
    division: str
    place: str
    content: str
    approval_code: str
    leader: str
    entries: list[Entry] = field(default_factory=list)
    partner: tuple[str, int] | None = None
    """A second unit with its share, in hundredths of a percent."""
    company: Company | None = None
    papers: bool = True
    """Whether scans were handed in; without them the county says that it saw the originals."""

    @property
    def entered(self) -> date:
        return self.entries[0].entered

    def of(self, kind: str) -> list[Entry]:
        return [entry for entry in self.entries if entry.kind == kind]


def later(month: date, months: int) -> date:
    index = month.year * 12 + month.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def months_until(last: date, first: date = FIRST_MONTH) -> list[date]:
    months = [first]
    while months[-1] < last:
        months.append(later(months[-1], 1))
    return months
