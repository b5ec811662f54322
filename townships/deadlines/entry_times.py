"""补录和季末集中: how many rows of a quarter came late, and how many fall on its last days."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q

from core.ledgers.ledger import Ledger, all_ledgers
from core.periods import Period
from townships.deadlines.timing import LATE, OVERDUE, came_late
from townships.models import Seat

LAST_DAYS = 5


@dataclass(frozen=True)
class EntryTimes:
    """One ledger's quarter. `dated` are the rows known to the day, of which `last` fall on its last days."""

    ledger: Ledger
    rows: int
    late: int
    overdue: int
    dated: int
    last: int

    @property
    def share(self) -> int | None:
        """In hundredths of a percent; None where no day is known."""
        return round(self.last * 10_000 / self.dated) if self.dated else None


def last_days(quarter: Period) -> date:
    """The first of its last five days."""
    return quarter.last_day - timedelta(days=LAST_DAYS - 1)


def entry_times(seat: Seat, quarter: Period) -> list[EntryTimes]:
    """Of every ledger of dated rows that has any in the quarter; one statement a ledger."""
    found = (_times(ledger, seat, quarter) for ledger in all_ledgers() if ledger.verifiable)
    return [times for times in found if times.rows]


def _times(ledger: Ledger, seat: Seat, quarter: Period) -> EntryTimes:
    late, known = came_late(ledger.model), Q(happened_precision="day")
    inside = (
        ledger.model.objects.current()
        .visible_to(seat)
        .filter(happened_on__gte=quarter.first_day, happened_until__lte=quarter.last_day)
    )
    counts = inside.order_by().aggregate(
        rows=Count("pk"),
        late=Count("pk", filter=late[LATE]),
        overdue=Count("pk", filter=late[OVERDUE]),
        dated=Count("pk", filter=known),
        last=Count("pk", filter=known & Q(happened_on__gte=last_days(quarter))),
    )
    return EntryTimes(ledger, **counts)
