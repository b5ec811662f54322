"""What keeps the demo's months: deadlines of several ledgers with a gap, a closed month opened again by exceptions."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from itertools import product
from typing import Any

from django.utils import timezone

from core.closing import ask_exception, grant_exception
from core.ledgers.ledger import ledger_for
from core.records import Verdict
from core.verification import give_verdict
from core.write import door
from projects.models import Arrival
from reporting.demo.stories import LAST_MONTH, later
from reporting.shipped import shipped
from townships.deadlines.calendar import set_deadlines, workdays_of
from townships.models import County, Seat

Seats = Mapping[tuple[str, str | None], Seat]
UNIT, OTHER = "澜桥镇", "棠湾镇"
CLERK, COLLEAGUE = ("township", UNIT), ("township2", OTHER)
CLOSED = later(LAST_MONTH, -1)
DAYS = {"enterprise_months": 12, "farm_months": 8}
"""Ledgers that every township fills each month → the day of the next month by which they are due."""
GAP = 11
"""A month that the office forgot."""


def fill_deadlines(county: County, seats: Seats) -> None:
    with door(seats["county", None], at=_at(date(LAST_MONTH.year - 1, 12, 20))) as writing:
        ledger_for("holidays").add_all(writing, [_holiday(**row) for row in shipped("holidays")])
        workdays = workdays_of(county.pk)
        for year, (key, day) in product(sorted({LAST_MONTH.year, timezone.localdate().year}), DAYS.items()):
            months = [date(year, number, 1) for number in range(1, 13) if number != GAP]
            days: Mapping[date, date | None] = {month: workdays.due(month, day) for month in months}
            set_deadlines(writing, ledger=ledger_for(key), year=year, days=days, rule_day=day)


def _holiday(first_day: str, last_day: str, **told: str) -> dict[str, Any]:
    return {**told, "first_day": date.fromisoformat(first_day), "last_day": date.fromisoformat(last_day)}


def fill_exceptions(county: County, seats: Seats) -> None:
    """One that is over, with what was written under it; one that is open now, and one that waits."""
    asked_on = later(CLOSED, 1).replace(day=12)
    rows = Arrival.objects.current().filter(project__responsible_unit__name=UNIT, counted_until__month=CLOSED.month)
    row = rows.filter(happened_on=CLOSED, verdict=Verdict.ACCEPTED).select_related("project").order_by("pk").first()
    if row is None:
        return
    cell = {"ledger": "arrivals", "month": CLOSED, "unit": seats[CLERK].unit}
    told = {"row": row, "reason": "银行回单上的户名写错，已换回单，需补充说明。"}
    _granted(seats, CLERK, asked_on, asked_on + timedelta(days=3), **cell, **told)
    with door(seats[CLERK], at=_at(asked_on + timedelta(days=1))) as writing:
        changed = writing.change(row, remark="已更换银行回单，金额不变。")
    with door(seats["county2", None], at=_at(asked_on + timedelta(days=2))) as writing:
        give_verdict(
            writing, [changed], verdict=Verdict.ACCEPTED, on=asked_on + timedelta(days=2), note="更换后的回单已核对"
        )
    today = timezone.localdate()
    _granted(seats, CLERK, today, today + timedelta(days=5), **cell, reason="两个项目的到位资金漏报，凭证已补齐。")
    other = cell | {"unit": seats[COLLEAGUE].unit}
    with door(seats[COLLEAGUE], at=_at(today)) as writing:
        ask_exception(writing, **other, reason="到位金额多写一个零，需更正。", until=today + timedelta(days=3))


def _granted(seats: Seats, by: tuple[str, str | None], day: date, until: date, **cell: Any) -> None:
    with door(seats[by], at=_at(day)) as writing:
        asked = ask_exception(writing, until=until, **cell)
    with door(seats["county2", None], at=_at(day, 15)) as writing:
        grant_exception(writing, asked, until=until)


def _at(day: date, hour: int = 9) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))
