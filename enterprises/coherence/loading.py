"""The months of a county's enterprises, out of the database into what the rules look at: two statements."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from core.records import STILL_STANDS
from enterprises.coherence.series import FIGURES, MONTHS_SEEN, Firm, History, earlier
from enterprises.models import Enterprise, EnterpriseMonth

DIVISION = 2
"""Digits of GB/T 4754 that make a 大类: enterprises of one are held against one another."""


def firms_of(county_id: int, month: date) -> list[Firm]:
    """Those with a figure of that month, with all that was told of the year before it."""
    rows = month_rows(county_id).filter(happened_on__range=(earlier(month, MONTHS_SEEN), month))
    told: dict[int, dict[str, dict[date, dict[str, Decimal]]]] = {}
    for pk, origin, at, *values in rows.values_list("enterprise", "origin", "happened_on", *FIGURES):
        row = {name: Decimal(value) for name, value in zip(FIGURES, values, strict=True) if value is not None}
        if row:
            told.setdefault(pk, {}).setdefault(origin, {})[at] = row
    places = enterprises_of(county_id).values_list("pk", "township", "industry")
    return [
        firm(pk, (township, industry[:DIVISION]), told[pk].items())
        for pk, township, industry in places
        if any(month in history for history in told.get(pk, {}).values())
    ]


def firm(pk: int, group: tuple[int, str], histories: Iterable[tuple[str, dict]]) -> Firm:
    return Firm(pk, group, tuple(History(origin, rows) for origin, rows in sorted(histories)))


def month_rows(county_id: int) -> QuerySet:
    """What was refused or sent back says nothing."""
    return EnterpriseMonth.objects.current().in_county(county_id).filter(STILL_STANDS).order_by("happened_on", "pk")


def enterprises_of(county_id: int) -> QuerySet:
    return Enterprise.objects.current().in_county(county_id).order_by("code")
