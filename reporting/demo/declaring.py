"""What the demo shows of declarations besides the way in: one sent back, one that left, one that changed its trade."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from core.dates import DateSpan
from core.records import Verdict
from core.verification import give_verdict
from core.write import door
from enterprises.models import Declaration, DeclarationStep, Enterprise
from reporting.demo.stories import LAST_MONTH
from townships.models import County, Seat

Seats = dict[tuple[str, str | None], Seat]
SEEN = "统计局名单原件已核对（演示）。"


def fill_declaring(county: County, seats: Seats) -> None:
    """In the last month, whose ledger is still open."""
    rows = [
        *_steps(_waiting(county)[:1], DeclarationStep.RETURNED, 18, remark="缺最近一个月利润表"),
        *_steps(_inside(county)[:1], DeclarationStep.DELISTED, 20, cause="suspended", library_year=LAST_MONTH.year),
        *_steps(_inside(county)[1:2], DeclarationStep.CHANGED, 20, remark="由制造业变更为批发业"),
    ]
    with door(seats["county", None], at=_at(LAST_MONTH.replace(day=25))) as writing:
        added = [writing.add(row) for row in rows]
    with door(seats["county2", None], at=_at(LAST_MONTH + timedelta(days=33))) as writing:
        give_verdict(writing, added, verdict=Verdict.ACCEPTED, on=LAST_MONTH + timedelta(days=33), note=SEEN)


def _steps(enterprises: QuerySet, step: DeclarationStep, of_month: int, **values: Any) -> list[Declaration]:
    day = DateSpan.day(LAST_MONTH.replace(day=of_month))
    return [Declaration(enterprise=enterprise, step=step, happened=day, **values) for enterprise in enterprises]


def _waiting(county: County) -> QuerySet:
    """Those that are to be declared and are not in."""
    rows = Enterprise.objects.current().in_county(county.pk).with_listing().filter(listing=None)
    intended = Declaration.objects.current().filter(step=DeclarationStep.INTENDED, verdict=Verdict.ACCEPTED)
    return rows.filter(pk__in=intended.values("enterprise")).order_by("code")


def _inside(county: County) -> QuerySet:
    rows = Enterprise.objects.current().in_county(county.pk).with_listing()
    return rows.filter(listing=DeclarationStep.LISTED).order_by("code")


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, 10))
