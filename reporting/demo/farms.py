"""新型农业经营主体 of the demo: half a year of counts by township and kind, the last month not yet accepted."""

from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

from core.dates import DateSpan
from core.records import Verdict
from core.verification import give_verdict
from core.write import door
from enterprises.models import FarmKind, FarmMonth
from reporting.demo.stories import LAST_MONTH, later
from townships.models import County, Seat, Unit, UnitKind

Seats = dict[tuple[str, str | None], Seat]
MONTHS = 6
KINDS = (FarmKind.COOPERATIVE, FarmKind.FAMILY_FARM, FarmKind.SERVICE)


def fill_farms(county: County, seats: Seats) -> None:
    rows = Unit.objects.current().in_county(county.pk).filter(kind=UnitKind.TOWNSHIP, valid_until=None).listed()
    units = list(rows)
    for back in range(MONTHS - 1, -1, -1):
        month = later(LAST_MONTH, -back)
        counted = [row for number, unit in enumerate(units) for row in _rows(number, unit, month, back)]
        with door(seats["county", None], at=_at(later(month, 1), 6)) as writing:
            added = writing.add_many(counted)
        if back and added:
            with door(seats["county2", None], at=_at(later(month, 1), 9)) as writing:
                give_verdict(writing, added, verdict=Verdict.ACCEPTED, on=later(month, 1).replace(day=9))


def _rows(number: int, unit: Unit, month: date, back: int) -> list[FarmMonth]:
    """A few of each kind, of the rarer kinds not in every month; now and then one is struck off."""
    span, found = DateSpan.month(month.year, month.month), []
    for place, kind in enumerate(KINDS):
        count = (number * 3 + back * 2 + place) % (4 - place)
        if count:
            gone = Decimal((number + back) % 7 == 0)
            found.append(FarmMonth(unit=unit, kind=kind, added=Decimal(count), removed=gone, happened=span))
    return found


def _at(day: date, of_month: int) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, of_month, 11))
