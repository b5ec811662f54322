"""企业月度数据 of the demo: some enterprises with the months of half a year, and the 供电 figures they allow."""

from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

from core.dates import DateSpan
from core.records import Verdict
from core.verification import give_verdict
from core.write import door
from enterprises.models import Enterprise, EnterpriseMonth, Mandate
from enterprises.models.months import Origin
from reporting.demo.stories import LAST_MONTH, later
from townships.models import County, Seat

Seats = dict[tuple[str, str | None], Seat]
ENTERPRISES = 16
MONTHS = 6
ALLOWING = 3
"""Every third enterprise signed a 授权书 for the power supplier."""
SLIPPED, STANDING_STILL = 7, 6
"""Which enterprise wrote a digit too many, and which used no power, in the last month: both are asked about."""


def fill_enterprise_months(county: County, seats: Seats) -> None:
    """The months before the last accepted; of the last one some have not reported yet."""
    enterprises = list(Enterprise.objects.current().in_county(county.pk).order_by("code")[:ENTERPRISES])
    first = later(LAST_MONTH, 1 - MONTHS)
    with door(seats["county", None], at=_at(first, 4)) as writing:
        writing.add_many([_mandate(enterprise, first) for enterprise in enterprises[::ALLOWING]])
    for back in range(MONTHS - 1, -1, -1):
        month = later(LAST_MONTH, -back)
        reporting = list(enumerate(enterprises)) if back else list(enumerate(enterprises))[ALLOWING:]
        with door(seats["county", None], at=_at(later(month, 1), 6)) as writing:
            rows = writing.add_many([row for number, one in reporting for row in _rows(number, one, month, back)])
        if back:
            with door(seats["county2", None], at=_at(later(month, 1), 9)) as writing:
                give_verdict(writing, rows, verdict=Verdict.ACCEPTED, on=later(month, 1).replace(day=9))


def _mandate(enterprise: Enterprise, first: date) -> Mandate:
    return Mandate(enterprise=enterprise, origin=Origin.POWER, signed_on=first.replace(day=3), first_month=first)


def _rows(number: int, enterprise: Enterprise, month: date, back: int) -> list[EnterpriseMonth]:
    """Revenue grows a little each month; every fifth says what it said the month before. Two are odd at last."""
    step = 0 if number % 5 == 4 else MONTHS - back
    revenue = Decimal(90 + 37 * (number % 9) + 6 * step)
    told = revenue * 10 if number == SLIPPED and not back else revenue
    own = EnterpriseMonth(
        enterprise=enterprise, origin=Origin.SELF, revenue=told, output=revenue * 11 / 10, employees=18 + 7 * number
    )
    rows = [own]
    if number % ALLOWING == 0:
        power = 0 if number == STANDING_STILL and not back else int(revenue * (410 if number % 2 else 380))
        rows.append(EnterpriseMonth(enterprise=enterprise, origin=Origin.POWER, power=power))
    for row in rows:
        row.happened = DateSpan.month(month.year, month.month)
    return rows


def _at(day: date, of_month: int) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, of_month, 10))
