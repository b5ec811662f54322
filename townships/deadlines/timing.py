"""Whether a row came in time: 补录 after its month was closed, or entered after its deadline; how many days after."""

from typing import Any

import django_filters
from django.db.models import DateField, Expression, ExpressionWrapper, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate, TruncMonth
from django.db.models.lookups import GreaterThan
from django.utils import timezone

from core.ledgers.columns import Column
from core.ledgers.kinds import Integer
from townships.deadlines.models import LedgerDeadline

LATE, OVERDUE = "late", "overdue"
TIMINGS = ((LATE, "关账后补录"), (OVERDUE, "期限后录入"))


def came(rows: QuerySet, timing: str) -> QuerySet:
    """Those of the dated rows of one ledger that came late, in one of the two ways."""
    return rows.filter(came_late(rows.model)[timing])


def came_late(model: type[Model]) -> dict[str, Q]:
    """The two ways as conditions on rows of that kind."""
    entered = TruncDate("entered_at")
    return {LATE: ~Q(late_reason=""), OVERDUE: Q(GreaterThan(entered, due_of(model)))}


def due_of(model: type[Model]) -> Expression:
    """The last day in time of a dated row: as its kind says, else as the office set it for the ledger's month; NULL
    where nobody did."""
    if own := getattr(model, "due_on", None):
        return own()
    months = LedgerDeadline.objects.current().filter(
        county=OuterRef("county"),
        ledger=model.closes_with,
        month=TruncMonth(ExpressionWrapper(OuterRef("happened_until"), output_field=DateField())),
    )
    return Subquery(months.order_by().values("due_on")[:1], output_field=DateField())


def with_deadline(rows: QuerySet) -> QuerySet:
    """`deadline` of each row, or None."""
    return rows.annotate(deadline=due_of(rows.model))


def days_late(record: Any) -> int:
    """How many days after its deadline it was entered; 0 where it has none."""
    return max((timezone.localdate(record.entered_at) - record.deadline).days, 0) if record.deadline else 0


LATE_DAYS = Column(
    "late_days",
    "逾期天数",
    Integer(),
    unit="天",
    source=days_late,
    loads=with_deadline,
    on_request=True,
    in_list=False,
    in_form=False,
    in_import=False,
    in_export=False,
    in_detail=False,
)


class TimingFilter(django_filters.ChoiceFilter):
    """录入情况."""

    def __init__(self) -> None:
        super().__init__(choices=TIMINGS, label="录入情况", method=lambda rows, name, timing: came(rows, timing))
