"""报送日历: a year's deadlines, ledger by ledger. Where the office set no day, a ledger's usual one holds, or none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.utils import timezone

from core.ledgers.ledger import Ledger, all_ledgers, ledger_for
from core.periods import Period, month_label
from core.write import Door, Refused
from townships.deadlines.models import DayKind, Holiday, LedgerDeadline

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


@dataclass(frozen=True)
class Workdays:
    """`off`: days of holidays; `shifted`: days of weekends that are worked in their place."""

    off: frozenset[date] = frozenset()
    shifted: frozenset[date] = frozenset()

    def holds(self, day: date) -> bool:
        return day in self.shifted or (day.weekday() < SATURDAY and day not in self.off)

    def since(self, day: date) -> date:
        """That day, or the first one after it that is worked."""
        while not self.holds(day):
            day += ONE_DAY
        return day

    def due(self, month: date, day: int) -> date:
        """That day of the month after, moved on to a workday."""
        return self.since(Period.containing(month, "month").next().first_day.replace(day=day))


def holidays_of(county_id: int, year: int) -> list[Holiday]:
    rows = Holiday.objects.current().in_county(county_id).filter(first_day__year=year)
    return list(rows.order_by("first_day", "kind"))


def workdays_of(county_id: int) -> Workdays:
    """As the county has put its holidays down; where it has none, weekends alone are passed over."""
    rows = list(Holiday.objects.current().in_county(county_id))
    off, shifted = (frozenset(day for row in rows if row.kind == kind for day in row.days) for kind in DayKind)
    return Workdays(off, shifted)


def filled(year: Year, day: int, workdays: Workdays) -> dict[date, date]:
    """{first of month: its due day by the rule} of the months that nobody set."""
    return {month.first: workdays.due(month.first, day) for month in year.months if month.fixed is None}


def set_deadlines(
    writing: Door, *, ledger: Ledger, year: int, days: Mapping[date, date | None], rule_day: int | None = None
) -> int:
    """{first of month: due day, None for the usual one} of that year; counts the months that changed.

    `rule_day`: 次月几日; a day that follows from it moves when holidays do, any other stays. Raises Refused, and
    then nothing is set.
    """
    _may_set(writing)
    (held,) = years_of(writing.actor.county_id, year, [ledger])
    workdays = workdays_of(writing.actor.county_id)
    changed = []
    for month in held.months:
        day = days.get(month.first)
        ruled = rule_day if rule_day and day == workdays.due(month.first, rule_day) else None
        if _set(writing, ledger, month, day, ruled):
            changed.append(month.first)
    ledger.deadlines_moved(writing, changed)
    return len(changed)


def _may_set(writing: Door) -> None:
    if not writing.actor.may("set_deadlines", LedgerDeadline(county_id=writing.actor.county_id)):
        raise Refused(f"您当前的身份（{writing.actor.label}）不能设定报送期限。")


def _set(writing: Door, ledger: Ledger, month: Month, day: date | None, ruled: int | None) -> bool:
    wanted = day if ruled or day != month.usual else None
    if day == month.fixed.due_on if month.fixed else wanted is None:
        return False
    if wanted is None and month.fixed:
        writing.void(month.fixed, reason="取消另行设定的期限", permission="set_deadlines")
    elif month.fixed:
        writing.change(month.fixed, permission="set_deadlines", due_on=wanted, rule_day=ruled)
    else:
        row = LedgerDeadline(ledger=ledger.key, month=month.first, due_on=wanted, rule_day=ruled)
        writing.add(row, permission="set_deadlines")
    return True


# -- when holidays change ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Move:
    """A deadline that the rule would set on another day now."""

    row: LedgerDeadline
    due_on: date

    @property
    def ledger(self) -> Ledger:
        return ledger_for(self.row.ledger)

    @property
    def month(self) -> str:
        return month_label(self.row.month)


def moves(county_id: int, today: date) -> list[Move]:
    """Deadlines still ahead that no longer follow from their rule, and would not be over at once; those that
    somebody set stay, and so does what is past."""
    rows = LedgerDeadline.objects.current().in_county(county_id).filter(due_on__gte=today).exclude(rule_day=None)
    workdays = workdays_of(county_id)
    found = [Move(row, workdays.due(row.month, row.rule_day)) for row in rows.order_by("ledger", "month")]
    return [move for move in found if move.due_on != move.row.due_on and move.due_on >= today]


def move_deadlines(writing: Door) -> int:
    """Set them on their new days; counts them. Raises Refused."""
    _may_set(writing)
    found = moves(writing.actor.county_id, timezone.localdate(writing.at))
    for move in found:
        writing.change(move.row, action="按放假调休调整", permission="set_deadlines", due_on=move.due_on)
    for key, moved in groupby(found, key=lambda move: move.row.ledger):
        ledger_for(key).deadlines_moved(writing, [move.row.month for move in moved])
    return len(found)
