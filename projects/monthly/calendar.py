"""The calendar of monthly reports: until which day a month's reports are due, and whether they are closed."""

from collections.abc import Mapping
from datetime import date

from core.ledgers.ledger import Ledger, ledger_for
from core.locks import MonthLocks
from core.write import Door
from projects.models import MonthlyReport
from projects.monthly.steps import OPEN_STAGES, Act, permission
from townships.deadlines import calendar

DUE_DAY = 5
LEDGER = "reports"


def reports() -> Ledger:
    return ledger_for(LEDGER)


def deadline_of(county_id: int, month: date) -> date:
    """Every month of reports has one: where the office set no day, it is the 5th of the next month."""
    found = calendar.deadline_of(county_id, reports(), month)
    assert found is not None
    return found


def set_deadlines(writing: Door, *, year: int, days: Mapping[date, date | None]) -> int:
    return calendar.set_deadlines(writing, ledger=reports(), year=year, days=days)


def is_closed(county_id: int, month: date, on: date, unit_id: int | None = None) -> bool:
    """锁定: whether the month's reports are closed that day, to this unit where one is named."""
    return month in MonthLocks(county_id, on).closed_to(MonthlyReport.closes_with, unit_id)


def move_reports(writing: Door, month: date) -> None:
    """Reports of the month that have not gone up take the new day."""
    county_id = writing.actor.county_id
    rows = MonthlyReport.objects.current().in_county(county_id).filter(month=month, stage__in=OPEN_STAGES)
    due_on = deadline_of(county_id, month)
    moved = list(rows.select_related("unit").order_by("pk"))
    writing.change_many(moved, action=Act.REDATE.label, permission=permission(Act.REDATE), due_on=due_on)
