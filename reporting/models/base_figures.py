"""历史基数: what a metric came to in a month of which the ledgers hold no records, as a document says it."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from core.fields import MonthField, QuantityField, first_of_month, money_range
from core.periods import month_label
from reporting.measures import ADDED_UP, SpanRule
from reporting.models.metrics import Metric
from townships.models import CountyRecord, Unit, listed_by_code, unique_code

OF_DEPARTMENTS = "department_figures"
"""Figures that a department may have to keep from the townships that they are about."""


class BaseFigure(CountyRecord):
    """One metric, unit and month, in the metric's unit of measure; `document` is where the figure stands."""

    code_prefix = "JS"

    metric = models.ForeignKey(Metric, models.PROTECT, related_name="+", verbose_name="指标")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    month = MonthField("月份")
    amount = QuantityField("基数")
    document = models.CharField("来源", max_length=100)
    remark = models.CharField("备注", max_length=200, blank=True)

    class Meta:
        verbose_name = "历史基数"
        constraints: ClassVar = unique_code(
            "base_figure",
            money_range("amount"),
            first_of_month("month"),
            models.UniqueConstraint(
                fields=["county", "metric", "unit", "month"],
                condition=Q(voided_at=None),
                name="base_figure_once",
                violation_error_message="这个单位这个月的这项历史基数已经登记，请在原记录上修改。",
            ),
            models.CheckConstraint(
                condition=~Q(document=""),
                name="base_figure_has_document",
                violation_error_message="请写明历史基数的来源，例如文件名称或年鉴页码。",
            ),
        )
        indexes: ClassVar = [
            listed_by_code("base_figure"),
            models.Index(fields=["county", "month"], name="base_figure_month"),
        ]

    def __str__(self):
        return f"{self.unit}{month_label(self.month)}{self.metric}历史基数"

    @classmethod
    def seen_by(cls, unit_id):
        return Q(unit=unit_id) & ~Q(metric__ledger=OF_DEPARTMENTS)

    def clean(self):
        if sentence := why_no_base(self.metric):
            raise ValidationError({"metric": sentence})


def why_no_base(metric: Metric) -> str:
    """Why months of this metric can't be added to its figures; empty where they can."""
    if metric.measure not in ADDED_UP:
        return f"“{metric}”是{metric.get_measure_display()}的指标，各月不能相加，不能用历史基数。"
    if metric.span not in (SpanRule.PERIOD, SpanRule.YEAR_TO_DATE):
        return f"“{metric}”按{metric.get_span_display()}计算，不分月，不能用历史基数。"
    return ""
