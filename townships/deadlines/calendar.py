"""报送日历: a year's deadlines, ledger by ledger. Where the office set no day, a ledger's usual one holds, or none."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from core.ledgers.ledger import Ledger, all_ledgers
from core.periods import Period, month_label
from core.write import Door, Refused
from townships.deadlines.models import LedgerDeadline

ONE_DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True)
class Month:
    """One month of a ledger; `fixed` is the row by which the office set its day, `usual` what holds without."""

    first: date
    fixed: LedgerDeadline | None
    usual: date | None

    @property
    def due_on(self) -> date | None:
        return self.fixed.due_on if self.fixed else self.usual

    @property
    def label(self) -> str:
        return month_label(self.first)


@dataclass(frozen=True)
class Year:
    """A ledger's twelve months; `gaps` are those for which nobody set a day, where somebody did for others."""

    ledger: Ledger
    months: list[Month]

    @property
    def gaps(self) -> list[Month]:
        missing = [month for month in self.months if month.fixed is None]
        return missing if len(missing) < len(self.months) else []

    @property
    def told_gaps(self) -> str:
        """3月、5月."""
        return "、".join(f"{month.first.month}月" for month in self.gaps)


def ledgers_with_deadlines() -> list[Ledger]:
    """Those that close by the month; a department's figures have a day for each of their series."""
    return [ledger for ledger in all_ledgers() if ledger.model.closes_with and ledger.takes_deadlines]


def usual_deadline(ledger: Ledger, month: date) -> date | None:
    if not ledger.usual_due_day:
        return None
    return Period.containing(month, "month").next().first_day.replace(day=ledger.usual_due_day)


def years_of(county_id: int, year: int, ledgers: Iterable[Ledger]) -> list[Year]:
    """The table of that year, in one query."""
    rows = LedgerDeadline.objects.current().in_county(county_id).filter(month__year=year)
    fixed = {(row.ledger, row.month): row for row in rows}
    months = Period("year", year).months()
    return [
        Year(one, [Month(month, fixed.get((one.key, month)), usual_deadline(one, month)) for month in months])
        for one in ledgers
    ]


def deadline_of(county_id: int, ledger: Ledger, month: date) -> date | None:
    row = LedgerDeadline.objects.current().in_county(county_id).filter(ledger=ledger.key, month=month).first()
    return Month(month, row, usual_deadline(ledger, month)).due_on


def workday_from(day: date, off: Collection[date]) -> date:
    """That day, or the first one after it that is neither on a weekend nor off."""
    while day.weekday() >= SATURDAY or day in off:
        day += ONE_DAY
    return day


def filled(year: Year, day: int, off: Collection[date]) -> dict[date, date]:
    """{first of month: that day of the next month, moved on to a workday} of the months that nobody set."""
    return {
        month.first: workday_from(Period.containing(month.first, "month").next().first_day.replace(day=day), off)
        for month in year.months
        if month.fixed is None
    }


def set_deadlines(writing: Door, *, ledger: Ledger, year: int, days: Mapping[date, date | None]) -> int:
    """{first of month: due day, None for the usual one} of that year; counts the months that changed.

    Raises Refused, and then nothing is set.
    """
    if not writing.actor.may("set_deadlines", LedgerDeadline(county_id=writing.actor.county_id)):
        raise Refused(f"您当前的身份（{writing.actor.label}）不能设定报送期限。")
    (held,) = years_of(writing.actor.county_id, year, [ledger])
    changed = [month.first for month in held.months if _set(writing, ledger, month, days.get(month.first))]
    ledger.deadlines_moved(writing, changed)
    return len(changed)


def _set(writing: Door, ledger: Ledger, month: Month, day: date | None) -> bool:
    wanted = None if day == month.usual else day
    if wanted == (month.fixed.due_on if month.fixed else None):
        return False
    if wanted is None and month.fixed:
        writing.void(month.fixed, reason="取消另行设定的期限", permission="set_deadlines")
    elif month.fixed:
        writing.change(month.fixed, permission="set_deadlines", due_on=wanted)
    else:
        writing.add(LedgerDeadline(ledger=ledger.key, month=month.first, due_on=wanted), permission="set_deadlines")
    return True
