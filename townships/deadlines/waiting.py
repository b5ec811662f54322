"""What of a month is due or overdue: said to a unit that has no row of it yet, and to the office for all units."""

from dataclasses import dataclass
from datetime import date, timedelta

from core.ledgers.ledger import Ledger, ledger_for
from core.periods import month_end
from townships.deadlines.calendar import ledgers_with_deadlines
from townships.deadlines.models import LedgerDeadline
from townships.models import Duty, Role, Seat, Unit

REMINDED = timedelta(days=45)
"""How long after its deadline a month is still asked for."""
ASKED = frozenset({Role.TOWNSHIP, Role.COUNTY})


@dataclass(frozen=True)
class DueMonth:
    """`lacking`: how many units have no row of the month."""

    ledger: Ledger
    month: date
    due_on: date
    late: bool
    lacking: int


def months_due(seat: Seat, today: date) -> list[DueMonth]:
    """The nearest deadline first; one statement for the calendar, and one for each month that is due."""
    if seat.role not in ASKED or Duty.ENTRY not in seat.duties:
        return []
    keys = [ledger.key for ledger in ledgers_with_deadlines() if not ledger.usual_due_day]
    soon = today + timedelta(days=seat.county.due_soon_days)
    rows = LedgerDeadline.objects.current().visible_to(seat).filter(ledger__in=keys, due_on__gte=today - REMINDED)
    due = [_due(seat, row, today) for row in rows.filter(due_on__lte=soon).order_by("due_on", "ledger")]
    return [one for one in due if one.lacking]


def _due(seat: Seat, row: LedgerDeadline, today: date) -> DueMonth:
    ledger = ledger_for(row.ledger)
    places = Unit.objects.current().visible_to(seat).places().valid_on(month_end(row.month))
    asked = places.filter(pk=seat.unit_id) if seat.unit_id else places
    held = ledger.model.objects.current().visible_to(seat)
    inside = held.filter(happened_on__lte=month_end(row.month), happened_until__gte=row.month)
    lacking = asked.exclude(pk__in=inside.by_unit().values("credited_unit")).count()
    return DueMonth(ledger, row.month, row.due_on, row.due_on < today, lacking)
