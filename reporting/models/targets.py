"""目标: what a unit is to reach in a year, in every version that was set; and the plan that a version is given."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from core.fields import QuantityField, money_range
from core.records import RecordQuerySet
from reporting.measures import Spread
from reporting.models.metrics import Metric
from townships.models import CountyRecord, Unit, unique_code

MONTHS_OF_YEAR, QUARTER = 12, 3


class TargetQuerySet(RecordQuerySet):
    def in_turn(self):
        """The original first, then what it was adjusted to, in the order in which that took effect."""
        return self.order_by(F("since").asc(nulls_first=True), "pk")


class Target(CountyRecord):
    """One version of the target of one unit (or, without unit, of the county itself), one metric, one year.

    The original has no `since`; an adjustment holds from that day on and says by which document and why. 基本 and 奋斗.
    """

    code_prefix = "MB"

    metric = models.ForeignKey(Metric, models.PROTECT, related_name="targets", verbose_name="指标")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="单位")
    year = models.PositiveSmallIntegerField("年度")
    basic = QuantityField("基本目标")
    stretch = QuantityField("奋斗目标", null=True, blank=True)
    spread = models.CharField("分摊", max_length=5, choices=Spread, default=Spread.EVEN)
    document = models.CharField("下达文号", max_length=100, blank=True)
    since = models.DateField("自何时起", null=True, blank=True)
    reason = models.CharField("调整理由", max_length=200, blank=True)

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = "目标"
        constraints: ClassVar = unique_code(
            "target",
            # Two NULLs differ in a unique key, so what has no unit, or no day, needs keys without these columns.
            models.UniqueConstraint(
                fields=["county", "metric", "unit", "year"],
                condition=Q(voided_at=None, since=None),
                name="target_once",
                violation_error_message="这个单位本年度的这项目标已经下达。",
            ),
            models.UniqueConstraint(
                fields=["county", "metric", "year"],
                condition=Q(voided_at=None, since=None, unit=None),
                name="target_once_for_county",
                violation_error_message="全县本年度的这项目标已经下达。",
            ),
            models.UniqueConstraint(
                fields=["county", "metric", "unit", "year", "since"],
                condition=Q(voided_at=None),
                name="target_adjusted_once",
                violation_error_message="这个单位的这项目标同一天已经调整过，请在那一条上修改。",
            ),
            models.UniqueConstraint(
                fields=["county", "metric", "year", "since"],
                condition=Q(voided_at=None, unit=None),
                name="target_adjusted_once_for_county",
                violation_error_message="全县的这项目标同一天已经调整过，请在那一条上修改。",
            ),
            money_range("basic"),
            money_range("stretch"),
            models.CheckConstraint(
                condition=Q(basic__gte=0), name="target_positive", violation_error_message="目标不能为负。"
            ),
            models.CheckConstraint(
                condition=Q(stretch=None) | Q(stretch__gte=F("basic")),
                name="target_stretch_above",
                violation_error_message="奋斗目标不能低于基本目标。",
            ),
            models.CheckConstraint(
                condition=Q(since=None, reason="") | Q(since__isnull=False) & ~Q(reason="") & ~Q(document=""),
                name="target_adjustment_is_founded",
                violation_error_message="调整目标要写文号、自何时起和理由；原目标不填自何时起和理由。",
            ),
        )

    def __str__(self):
        return f"{self.unit or '全县'}{self.year}年{self.metric}目标"

    @classmethod
    def seen_by(cls, unit_id):
        return Q()

    def clean(self):
        """An adjustment lies in its year and changes a target that was set."""
        if self.since is None:
            return
        if self.since.year != self.year:
            raise ValidationError({"since": f"{self.year}年的目标，调整要从{self.year}年内的某一天起。"})
        whole = Target.objects.current().filter(county=self.county_id, metric=self.metric_id, year=self.year)
        if not whole.filter(unit=self.unit_id, since=None).exists():
            raise ValidationError(
                {"since": f"{self.unit or '全县'}{self.year}年的“{self.metric}”还没有原目标，不能调整。"}
            )


class TargetPart(CountyRecord):
    """下达计划: what is to be reached in one month or quarter of the year; of a rate or a stock, by its end.

    `month` is the first one (1–12), `months` how many: 1 or 3.
    """

    code_prefix = "JH"

    target = models.ForeignKey(Target, models.PROTECT, related_name="parts", verbose_name="目标")
    month = models.PositiveSmallIntegerField("起始月份")
    months = models.PositiveSmallIntegerField("月数")
    amount = QuantityField("计划")

    class Meta:
        verbose_name = "下达计划"
        constraints: ClassVar = unique_code(
            "target_part",
            models.UniqueConstraint(
                fields=["county", "target", "month"],
                condition=Q(voided_at=None),
                name="target_part_once",
                violation_error_message="这一期的计划已经下达。",
            ),
            models.CheckConstraint(
                condition=Q(months=1, month__range=(1, MONTHS_OF_YEAR)) | Q(months=QUARTER, month__in=(1, 4, 7, 10)),
                name="target_part_is_month_or_quarter",
                violation_error_message="计划只按月或按季下达。",
            ),
            money_range("amount"),
            models.CheckConstraint(
                condition=Q(amount__gte=0),
                name="target_part_positive",
                violation_error_message="计划不能为负。",
            ),
        )

    def __str__(self):
        return f"{self.target}{self.label}计划"

    @classmethod
    def seen_by(cls, unit_id):
        return Q()

    @property
    def label(self) -> str:
        """5月, 二季度."""
        return part_label(self.month, self.months)


def part_label(month: int, months: int) -> str:
    return f"{'一二三四'[(month - 1) // QUARTER]}季度" if months == QUARTER else f"{month}月"
