"""Which months are missing, and which say nothing new: filters of the ledgers of enterprises."""

from datetime import date

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, QuerySet

from core.ledgers.kinds import ReadField, read_month
from enterprises.models import EnterpriseMonth, Origin, RegistrationStatus
from enterprises.models.months import FIGURES


class MonthFilter(django_filters.Filter):
    """One month, typed as people type months."""

    @property
    def field(self) -> forms.Field:
        widget = forms.TextInput(attrs={"autocomplete": "off", "placeholder": "2024-03"})
        return ReadField(reader=read_month, label=self.label, required=False, widget=widget, max_length=20)


class RepeatedFilter(MonthFilter):
    """与上月雷同: the rows of a month whose every figure is the one of the month before, from the same source."""

    def __init__(self):
        super().__init__(label="与上月雷同的月份", method=lambda rows, name, month: repeated(rows, month))


class UnreportedFilter(MonthFilter):
    """尚未提交的月份: enterprises in business that have not reported that month themselves."""

    def __init__(self):
        super().__init__(label="尚未提交的月份", method=lambda rows, name, month: unreported(rows, month))


def repeated(rows: QuerySet, month: date) -> QuerySet:
    """A question, no verdict: nothing forbids two months from being alike."""
    before = date(month.year - (month.month == 1), month.month - 1 or 12, 1)
    told = EnterpriseMonth.objects.current().filter(happened_on=before, enterprise__in=rows.values("enterprise"))
    earlier = {line[1:] for line in told.values_list("pk", "enterprise", "origin", *FIGURES)}
    now = rows.filter(happened_on=month).order_by().values_list("pk", "enterprise", "origin", *FIGURES)
    alike = [line[0] for line in now if line[1:] in earlier and any(value is not None for value in line[3:])]
    return rows.filter(pk__in=alike)


def unreported(rows: QuerySet, month: date) -> QuerySet:
    told = EnterpriseMonth.objects.current().filter(enterprise=OuterRef("pk"), happened_on=month, origin=Origin.SELF)
    return rows.filter(~Exists(told), status=RegistrationStatus.ACTIVE)
