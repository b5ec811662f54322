"""报送期限: one for each ledger and month, as the county office sets it; 放假调休, which moves those set by a rule."""

from datetime import date, timedelta
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from core.dates import DateSpan
from core.fields import MonthField, first_of_month
from core.periods import month_label
from townships.models import CountyRecord, listed_by_code, unique_code


class LedgerDeadline(CountyRecord):
    """报送期限: the last day on which a ledger's month is in time, where the county office set it."""

    code_prefix = "YQ"
    made_by = "set_deadlines"
    quiet_fields: ClassVar[frozenset[str]] = frozenset({"ledger"})

    ledger = models.CharField("台账", max_length=30)
    month = MonthField("月份")
    due_on = models.DateField("报送期限")
    rule_day = models.PositiveSmallIntegerField("按次月几日", null=True, blank=True)
    """The day of the next month out of which `due_on` was made by the rule; None where somebody set it."""

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


LONGEST_HOLIDAY = 31


class DayKind(models.TextChoices):
    OFF = "off", "放假"
    WORK = "work", "调休上班"


class Holiday(CountyRecord):
    """放假调休: days off, or a weekend's days at work in their place, as the year's notice arranges them.

    Source: 国务院办公厅 publishes it each autumn for the year to come; a region adds days of its own.
    """

    code_prefix = "JR"

    name = models.CharField("节日", max_length=40)
    kind = models.CharField("安排", max_length=4, choices=DayKind, default=DayKind.OFF)
    first_day = models.DateField("起始日")
    last_day = models.DateField("截止日")
    document = models.CharField("依据文件", max_length=100)

    class Meta:
        verbose_name = "放假调休"
        constraints: ClassVar = unique_code(
            "holiday",
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="holiday_days_in_order",
                violation_error_message="截止日不能早于起始日。",
            ),
        )
        indexes: ClassVar = [listed_by_code("holiday")]

    def __str__(self):
        return f"{self.first_day.year}年{self.name}{self.get_kind_display()}"

    @classmethod
    def seen_by(cls, unit_id):
        return Q()

    @property
    def days(self) -> list[date]:
        return [self.first_day + timedelta(days=count) for count in range((self.last_day - self.first_day).days + 1)]

    @property
    def said(self) -> str:
        """1月28日至2月4日."""
        first, last = (f"{day.month}月{day.day}日" for day in (self.first_day, self.last_day))
        return first if first == last else f"{first}至{last}"

    def clean(self):
        if (self.last_day - self.first_day).days >= LONGEST_HOLIDAY:
            raise ValidationError({"last_day": f"一次放假不超过{LONGEST_HOLIDAY}天，请核对起止日期。"})
        others = Holiday.objects.current().in_county(self.county_id).exclude(pk=self.pk)
        if met := others.filter(first_day__lte=self.last_day, last_day__gte=self.first_day).first():
            day = DateSpan.day(max(met.first_day, self.first_day)).label
            raise ValidationError({"first_day": f"{day}已登记为{met.name}{met.get_kind_display()}，请修改原来那条。"})
