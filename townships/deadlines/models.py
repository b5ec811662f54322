"""报送期限: one for each ledger and month, as the county office sets it."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from core.fields import MonthField, first_of_month
from core.periods import month_label
from townships.models import CountyRecord, unique_code


class LedgerDeadline(CountyRecord):
    """报送期限: the last day on which a ledger's month is in time, where the county office set it."""

    code_prefix = "YQ"
    made_by = "set_deadlines"
    quiet_fields: ClassVar[frozenset[str]] = frozenset({"ledger"})

    ledger = models.CharField("台账", max_length=30)
    month = MonthField("月份")
    due_on = models.DateField("报送期限")

    class Meta:
        verbose_name = "报送期限"
        constraints: ClassVar = unique_code(
            "ledger_deadline",
            first_of_month("month"),
            models.UniqueConstraint(
                fields=["county", "ledger", "month"],
                condition=Q(voided_at=None),
                name="ledger_deadline_once",
                violation_error_message="这个月的报送期限已经设定。",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gt=F("month")),
                name="ledger_deadline_after_month",
                violation_error_message="报送期限不能早于所报的月份。",
            ),
        )

    def __str__(self):
        return f"{month_label(self.month)}报送期限"

    @classmethod
    def seen_by(cls, unit_id):
        return Q()
