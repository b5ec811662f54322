"""报送日历: until which day a month's reports are due. Where the office set no day, it is the 5th of the next month."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from core.locks import MonthLocks
from core.periods import Period, month_label
from core.write import Door, Refused
from projects.models import MonthlyReport, ReportDeadline
from projects.monthly.steps import OPEN_STAGES, Act, permission

DUE_DAY = 5


@dataclass(frozen=True)
class Month:
    """One month of the calendar; `fixed` is the row by which the office set its day."""

    first: date
    fixed: ReportDeadline | None

    @property
    def due_on(self) -> date:
        return self.fixed.due_on if self.fixed else usual_deadline(self.first)

    @property
    def label(self) -> str:
        return month_label(self.first)


def usual_deadline(month: date) -> date:
    return Period.containing(month, "month").next().first_day.replace(day=DUE_DAY)


def calendar_of(county_id: int, year: int) -> list[Month]:
    """The twelve months of that year, in one query."""
    rows = ReportDeadline.objects.current().in_county(county_id).filter(month__year=year)
    fixed = {row.month: row for row in rows}
    return [Month(month, fixed.get(month)) for month in Period("year", year).months()]


def deadline_of(county_id: int, month: date) -> date:
    row = ReportDeadline.objects.current().in_county(county_id).filter(month=month).first()
    return Month(month, row).due_on


def is_closed(county_id: int, month: date, on: date, unit_id: int | None = None) -> bool:
    """锁定: whether the month's reports are closed that day, to this unit where one is named."""
    return month in MonthLocks(county_id, on).closed_to(MonthlyReport.closes_with, unit_id)


def set_deadlines(writing: Door, *, year: int, days: Mapping[date, date | None]) -> int:
    """{first of month: due day, None for the usual one} of that year; counts the months that changed.

    Reports of these months that have not gone up take the new day. Raises Refused, and then nothing is set.
    """
    if not writing.actor.may("set_deadlines", ReportDeadline(county_id=writing.actor.county_id)):
        raise Refused(f"您当前的身份（{writing.actor.label}）不能设定报送期限。")
    changed = [m for m in calendar_of(writing.actor.county_id, year) if _set(writing, m, days.get(m.first))]
    for month in changed:
        _move_reports(writing, month.first)
    return len(changed)


def _set(writing: Door, month: Month, day: date | None) -> bool:
    wanted = None if day == usual_deadline(month.first) else day
    if wanted == (month.fixed.due_on if month.fixed else None):
        return False
    if wanted is None and month.fixed:
        writing.void(month.fixed, reason="恢复为次月5日", permission="set_deadlines")
    elif month.fixed:
        writing.change(month.fixed, permission="set_deadlines", due_on=wanted)
    else:
        writing.add(ReportDeadline(month=month.first, due_on=wanted), permission="set_deadlines")
    return True


def _move_reports(writing: Door, month: date) -> None:
    county_id = writing.actor.county_id
    rows = MonthlyReport.objects.current().in_county(county_id).filter(month=month, stage__in=OPEN_STAGES)
    due_on = deadline_of(county_id, month)
    moved = list(rows.select_related("unit").order_by("pk"))
    writing.change_many(moved, action=Act.REDATE.label, permission=permission(Act.REDATE), due_on=due_on)
