"""Whether a row came in time: 补录 after its month was closed, or entered after its ledger's deadline."""

import django_filters
from django.db.models import DateField, DateTimeField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate, TruncMonth

from townships.deadlines.models import LedgerDeadline

LATE, OVERDUE = "late", "overdue"
TIMINGS = ((LATE, "关账后补录"), (OVERDUE, "期限后录入"))


def came(rows: QuerySet, timing: str) -> QuerySet:
    """Those of the dated rows of one ledger that came late, in one of the two ways."""
    return rows.filter(came_late(rows.model.closes_with)[timing])


def came_late(ledger: str) -> dict[str, Q]:
    """The two ways as conditions on that ledger's rows."""
    missed = LedgerDeadline.objects.current().filter(
        county=OuterRef("county"),
        ledger=ledger,
        month=TruncMonth(ExpressionWrapper(OuterRef("happened_until"), output_field=DateField())),
        due_on__lt=TruncDate(ExpressionWrapper(OuterRef("entered_at"), output_field=DateTimeField())),
    )
    return {LATE: ~Q(late_reason=""), OVERDUE: Q(Exists(missed))}


class TimingFilter(django_filters.ChoiceFilter):
    """录入情况."""

    def __init__(self) -> None:
        super().__init__(choices=TIMINGS, label="录入情况", method=lambda rows, name, timing: came(rows, timing))
