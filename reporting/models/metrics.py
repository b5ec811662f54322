"""指标数据: what is counted, as data; and 目标: what a unit is to reach in a year."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse

from core.fields import QuantityField
from core.ledgers.filters import as_query
from core.ledgers.ledger import Ledger, all_ledgers, ledger_for
from townships.models import CountyRecord, Unit, unique_code


class Measure(models.TextChoices):
    COUNT = "count", "计数"
    SUM = "sum", "求和"
    AVERAGE = "average", "平均"
    DISTINCT = "distinct", "去重计数"


class SpanRule(models.TextChoices):
    """Over which days a metric looks, seen from the period it is asked for."""

    PERIOD = "period", "本期"
    YEAR_TO_DATE = "year_to_date", "本年累计"
    ALL_TIME = "all_time", "历年累计"
    COHORT = "cohort", "按签约年"


class DateBasis(models.TextChoices):
    """Which of a row's dates puts it into the span."""

    COUNTED = "counted", "归属期"
    HAPPENED = "happened", "发生日期"
    VERIFIED = "verified", "认定日期"


class CreditRule(models.TextChoices):
    SHARE = "share", "按份额"
    WHOLE = "whole", "每个单位各计一"


class Spread(models.TextChoices):
    """分摊: how much of a year's target is due when the year is not over."""

    EVEN = "even", "按月均分"
    CEIL = "ceil", "均分后进位"
    NONE = "none", "不分摊"


class Metric(CountyRecord):
    """A saved filter over a ledger, a measure and a span. Conditions are `{filter: [values]}` of that ledger's list.

    `name` is what formulas read. `cohort_age` is the age in years of the cohort (0: signed this year).
    """

    code_prefix = "ZB"

    name = models.CharField("指标名称", max_length=40)
    unit_of_measure = models.CharField("计量单位", max_length=10, default="个")
    ledger = models.CharField("台账", max_length=30)
    conditions = models.JSONField("计入条件", default=dict, blank=True)
    measure = models.CharField("算法", max_length=10, choices=Measure, default=Measure.COUNT)
    column = models.CharField("计算栏", max_length=40, blank=True)
    span = models.CharField("期间", max_length=14, choices=SpanRule, default=SpanRule.PERIOD)
    basis = models.CharField("以哪个日期为准", max_length=10, choices=DateBasis, default=DateBasis.COUNTED)
    cohort_age = models.PositiveSmallIntegerField("签约年距今", default=0)
    credit = models.CharField("共享项目", max_length=10, choices=CreditRule, default=CreditRule.SHARE)
    spread = models.CharField("目标分摊", max_length=5, choices=Spread, default=Spread.EVEN)
    has_target = models.BooleanField("下达目标", default=True)
    description = models.CharField("口径说明", max_length=300, blank=True)

    class Meta:
        verbose_name = "指标"
        constraints: ClassVar = unique_code(
            "metric",
            models.UniqueConstraint(
                fields=["county", "name"],
                condition=Q(voided_at=None),
                name="metric_once",
                violation_error_message="已有同名指标。",
            ),
            models.CheckConstraint(
                condition=Q(measure="count") | ~Q(column=""),
                name="metric_has_column",
                violation_error_message="求和、平均和去重计数要选定计算栏。",
            ),
        )

    def __str__(self):
        return self.name

    @classmethod
    def seen_by(cls, unit_id):
        return Q()

    @property
    def is_money(self) -> bool:
        return self.unit_of_measure == "万元"

    @property
    def book(self) -> Ledger:
        """The ledger whose rows it counts."""
        return ledger_for(self.ledger)

    def address(self, conditions: dict[str, list[str]]) -> str:
        """The ledger's list page with these conditions."""
        return f"{reverse('ledger-list', args=[self.ledger])}?{as_query(conditions).urlencode()}"

    def clean(self):
        if self.ledger not in {ledger.key for ledger in all_ledgers()}:
            raise ValidationError({"ledger": "没有这本台账。"})


class Target(CountyRecord):
    """目标: of one unit (or, without unit, of the county itself), one metric, one year; 基本 and 奋斗."""

    code_prefix = "MB"

    metric = models.ForeignKey(Metric, models.PROTECT, related_name="targets", verbose_name="指标")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="单位")
    year = models.PositiveSmallIntegerField("年度")
    basic = QuantityField("基本目标")
    stretch = QuantityField("奋斗目标", null=True, blank=True)
    spread = models.CharField("分摊", max_length=5, choices=Spread, default=Spread.EVEN)
    document = models.CharField("下达文号", max_length=100, blank=True)

    class Meta:
        verbose_name = "目标"
        constraints: ClassVar = unique_code(
            "target",
            models.UniqueConstraint(
                fields=["county", "metric", "unit", "year"],
                condition=Q(voided_at=None),
                name="target_once",
                violation_error_message="这个单位本年度的这项目标已经下达。",
            ),
            # Two NULLs differ in a unique key, so the county's own target needs a key without the unit.
            models.UniqueConstraint(
                fields=["county", "metric", "year"],
                condition=Q(voided_at=None, unit=None),
                name="target_once_for_county",
                violation_error_message="全县本年度的这项目标已经下达。",
            ),
            models.CheckConstraint(
                condition=Q(basic__gte=0), name="target_positive", violation_error_message="目标不能为负。"
            ),
            models.CheckConstraint(
                condition=Q(stretch=None) | Q(stretch__gte=models.F("basic")),
                name="target_stretch_above",
                violation_error_message="奋斗目标不能低于基本目标。",
            ),
        )

    def __str__(self):
        return f"{self.unit or '全县'}{self.year}年{self.metric}目标"

    @classmethod
    def seen_by(cls, unit_id):
        return Q()
