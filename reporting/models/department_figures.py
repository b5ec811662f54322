"""部门数据: one figure for each unit and month, given by the department whose figure it is.

Sources: 统计, 税务, 文旅 … have monthly tables of their own; a township cannot know these figures, nor enter them.
"""

from datetime import timedelta
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import (
    Case,
    DateField,
    DateTimeField,
    DurationField,
    Exists,
    Expression,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce

from core.fields import QuantityField, first_of_month, money_range
from core.periods import month_label
from core.records import STILL_STANDS, DatedRecord, Verdict
from townships.credits import TownshipQuerySet
from townships.models import CountyRecord, Unit, UnitKind, UnitSuccession, unique_code

LAST_DUE_DAY = 28
NOTHING_BEFORE = Value(0, output_field=QuantityField())


class SeriesKind(models.TextChoices):
    """How the department writes its figure down; a month's own figure follows from it."""

    FLOW = "flow", "当月数"
    CUMULATIVE = "cumulative", "本年累计数"
    STOCK = "stock", "期末存量"


class Reply(models.TextChoices):
    """What a department may say in place of a number that the law keeps confidential."""

    AGREES = "agrees", "一致"
    DIFFERS = "differs", "不一致"
    CHECK = "check", "建议核实"


class FigureSeries(CountyRecord):
    """数据项: whose figure it is, in which unit and kind, and by when it is due each month."""

    code_prefix = "SX"

    name = models.CharField("数据项", max_length=40)
    owner = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="归口部门")
    unit_of_measure = models.CharField("计量单位", max_length=10, default="万元")
    kind = models.CharField("填报方式", max_length=12, choices=SeriesKind, default=SeriesKind.CUMULATIVE)
    due_day = models.PositiveSmallIntegerField("次月几日前报", default=20)
    source = models.CharField("数据来源", max_length=100, blank=True)
    joint_january = models.BooleanField("1—2月合并统计", default=False)
    restricted = models.BooleanField("数值限归口部门和县级查看", default=False)
    by_reply = models.BooleanField("只答复是否一致，不报数", default=False)

    class Meta:
        verbose_name = "部门数据项"
        constraints: ClassVar = unique_code(
            "figure_series",
            models.UniqueConstraint(
                fields=["county", "name"],
                condition=Q(voided_at=None),
                name="figure_series_once",
                violation_error_message="已有同名数据项。",
            ),
            models.CheckConstraint(
                condition=Q(due_day__range=(1, LAST_DUE_DAY)),
                name="figure_series_due_day",
                violation_error_message=f"报送日期写1至{LAST_DUE_DAY}之间的数。",
            ),
        )

    def __str__(self):
        return self.name

    @classmethod
    def seen_by(cls, unit_id):
        return Q(restricted=False) | Q(owner=unit_id)

    def clean(self):
        if self.owner.kind != UnitKind.DEPARTMENT:
            raise ValidationError({"owner": "归口单位要选部门。"})


class FigureQuerySet(TownshipQuerySet):
    township_path = "unit"
    amounts = ("month_amount", "counted_amount")

    def with_months(self) -> QuerySet:
        """`month_amount`, the month's own figure as reported, and `counted_amount`, as checked; None where unchecked.

        Derived each time from the figures before, so that a revised month can't leave a stale one behind it.
        """
        standing = DepartmentFigure.objects.current().filter(STILL_STANDS)
        checked = Case(
            When(verdict=Verdict.ACCEPTED, then=_of_month(standing.filter(verdict=Verdict.ACCEPTED))),
            default=None,
            output_field=QuantityField(),
        )
        return self.annotate(month_amount=_of_month(standing), counted_amount=checked)


def _of_month(others: QuerySet) -> Case:
    """A sum since January is less what stood before in that year; a stock, less the last one that is known."""
    earlier = others.filter(
        series=OuterRef("series"), unit=OuterRef("unit"), happened_on__lt=OuterRef("happened_on")
    ).order_by("-happened_on")
    this_year = earlier.filter(happened_on__year=OuterRef("happened_on__year"))
    since_january = F("reported") - _last(this_year) - _taken_over(others, within_year=True)
    return Case(
        When(series__kind=SeriesKind.FLOW, then=F("reported")),
        When(series__kind=SeriesKind.CUMULATIVE, then=since_january),
        default=F("reported") - _last(earlier) - _taken_over(others, within_year=False),
        output_field=QuantityField(),
    )


def _taken_over(others: QuerySet, *, within_year: bool) -> Coalesce:
    """What stood last of the units that were merged into the row's: its first figure afterwards holds theirs too."""
    of_series = others.filter(series=OuterRef(OuterRef("series")), happened_on__lt=OuterRef(OuterRef("happened_on")))
    before = of_series.filter(unit=OuterRef("predecessor")).order_by("-happened_on")
    if within_year:
        before = before.filter(happened_on__year=OuterRef(OuterRef("happened_on__year")))
    since = of_series.filter(unit=OuterRef("successor"), happened_until__gte=OuterRef("on"))
    merged = UnitSuccession.objects.current().mergers().filter(successor=OuterRef("unit"))
    merged = merged.filter(~Exists(since), on__lte=OuterRef("happened_until")).order_by()
    # Func, not Sum: an aggregate over an outer column would be summed in the outer query.
    total = Func(Subquery(before.values("reported")[:1]), function="SUM", output_field=QuantityField())
    return Coalesce(Subquery(merged.annotate(total=total).values("total")), NOTHING_BEFORE)


def _last(earlier: QuerySet) -> Coalesce:
    return Coalesce(Subquery(earlier.values("reported")[:1]), NOTHING_BEFORE)


class DepartmentFigure(DatedRecord, CountyRecord):
    """What a department reported for one unit and month, in the series' unit; a second person checks it."""

    code_prefix = "BS"
    closes_with = "department_figures"
    judged_under = "check_figures"

    series = models.ForeignKey(FigureSeries, models.PROTECT, related_name="figures", verbose_name="数据项")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    reported = QuantityField("上报数", null=True, blank=True)
    reply = models.CharField("答复", max_length=8, choices=Reply, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)

    objects = FigureQuerySet.as_manager()

    class Meta:
        verbose_name = "部门数据"
        constraints: ClassVar = unique_code(
            "department_figure",
            *DatedRecord.Meta.constraints,
            money_range("reported"),
            first_of_month("happened_on"),
            models.UniqueConstraint(
                fields=["county", "series", "unit", "happened_on"],
                condition=Q(voided_at=None),
                name="department_figure_once",
                violation_error_message="这个单位本月的这项数据已经报过，请在原记录上修改。",
            ),
            models.CheckConstraint(
                condition=Q(reported__isnull=False, reply="") | Q(reported=None) & ~Q(reply=""),
                name="department_figure_says_one",
                violation_error_message="每格填一个数；只答复是否一致的数据项选一个答复。",
            ),
        )
        indexes: ClassVar = [
            models.Index(fields=["series", "unit", "happened_on"], name="department_figure_months"),
            models.Index(fields=["county", "happened_on"], name="department_figure_month"),
        ]

    def __str__(self):
        return f"{self.unit}{month_label(self.happened_on)}{self.series}"

    @property
    def month(self):
        return self.happened_on

    @classmethod
    def due_on(cls) -> Expression:
        """Its series' day of the next month: so many days after its own month."""
        days = Cast("series__due_day", IntegerField()) * Value(timedelta(days=1))
        span = ExpressionWrapper(days, output_field=DurationField())
        return Cast(ExpressionWrapper(F("happened_until") + span, output_field=DateTimeField()), DateField())

    @classmethod
    def seen_by(cls, unit_id):
        return Q(series__owner=unit_id) | Q(unit=unit_id, series__restricted=False)

    @classmethod
    def mended_by(cls, unit_id):
        return Q(series__owner=unit_id)

    @classmethod
    def why_not_reopened(cls, unit):
        return "" if unit.kind == UnitKind.DEPARTMENT else f"部门数据由归口部门填报，不由{unit}填报，请选归口部门。"

    def edited_by(self):
        return {self.series.owner_id if self.series_id else None}

    def clean(self):
        if self.series.by_reply != bool(self.reply):
            wanted = "只答复是否一致，不填数" if self.series.by_reply else "要填数，不能只答复"
            raise ValidationError({"reported": f"“{self.series}”{wanted}。"})
        if self.reported is not None and self.reported < 0 and self.series.kind != SeriesKind.FLOW:
            raise ValidationError({"reported": f"{self.series.get_kind_display()}不能是负数，请核对。"})
        if self.series.joint_january and self.happened_on.month == 1:
            raise ValidationError({"month": f"“{self.series}”1—2月合并统计，请填在2月。"})
