"""退库预警 of the demo as of the day it is filled: one enterprise in the library for every light and every reason."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import zip_longest

from django.utils import timezone

from core.dates import DateSpan
from core.write import Door, door
from enterprises.exit_watch import add_shipped_rules, months_before
from enterprises.models import (
    AboveScaleGroup,
    DeclarationStep,
    Enterprise,
    EnterpriseMonth,
    LocalThreshold,
    Origin,
    RegistrationStatus,
)
from townships.models import County, Seat

Seats = dict[tuple[str, str | None], Seat]
HEALTHY = 215
"""万元 a month, of whoever is not told of below; industry is asked for 2000 a year."""


@dataclass(frozen=True)
class Year:
    """万元 a month; the last months that were not reported; the registration."""

    revenue: int
    silent: int = 0
    status: str = RegistrationStatus.ACTIVE


YEARS = (Year(80), Year(120), Year(155), Year(210), Year(205, silent=2), Year(190, status=RegistrationStatus.SUSPENDED))
"""Red, amber, yellow and none by revenue; amber by silence; amber by registration."""
NEW_CLASS = {
    "name": "一新：软件和信息服务（演示）",
    "scale_group": AboveScaleGroup.LOCAL,
    "scope": "6510",
    "indicator": "年营业收入",
    "amount": Decimal(300),
    "valid_from": date(2024, 1, 1),
    "source": "演示办发〔2024〕3号",
}


def fill_exit_watch(county: County, seats: Seats) -> None:
    day = timezone.localdate()
    with door(seats["county", None], at=_now(day), reason="演示：退库预警") as writing:
        add_shipped_rules(writing)
        writing.add(LocalThreshold(**NEW_CLASS))
        months = months_before(day)
        for enterprise, year in zip_longest(_inside(county, months), YEARS, fillvalue=Year(HEALTHY)):
            if isinstance(enterprise, Enterprise):
                _live(writing, enterprise, year, months)


def _inside(county: County, months: tuple[date, ...]) -> list[Enterprise]:
    """Those in the library whose months nobody has told yet, industry first."""
    rows = Enterprise.objects.current().in_county(county.pk).with_listing()
    told = EnterpriseMonth.objects.current().in_county(county.pk).filter(happened_on__gte=months[0])
    listed = rows.filter(listing=DeclarationStep.LISTED).exclude(pk__in=told.values("enterprise"))
    found = listed.select_related("township").order_by("-code")
    return sorted(found, key=lambda enterprise: enterprise.scale_group != AboveScaleGroup.INDUSTRY)


def _live(writing: Door, enterprise: Enterprise, year: Year, months: tuple[date, ...]) -> None:
    one = writing.change(enterprise, status=year.status)
    told = months[: len(months) - year.silent]
    writing.add_many([_month(one, month, year.revenue) for month in told])


def _month(enterprise: Enterprise, month: date, revenue: int) -> EnterpriseMonth:
    row = EnterpriseMonth(enterprise=enterprise, origin=Origin.SELF, revenue=Decimal(revenue), employees=40)
    row.happened = DateSpan.month(month.year, month.month)
    return row


def _now(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, 9))
