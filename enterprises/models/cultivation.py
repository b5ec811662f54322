"""培育库: which enterprises the county brings up to the threshold, who looks after each, and what is done for it."""

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Left
from django.db.models.lookups import GreaterThan, GreaterThanOrEqual, In

from core.fields import MoneyField, MonthField, first_of_month, month_number
from core.periods import month_of, months_ended
from core.records import STILL_STANDS, DatedRecord, RecordQuerySet, Verdict
from core.withheld import Withheld
from enterprises.forecast import MONTHS, TIER_LABELS, Limits, Tier
from enterprises.models.enterprises import Enterprise, WhereItStood, side_of
from enterprises.models.groups import Route
from enterprises.models.months import EnterpriseMonth, Origin
from enterprises.thresholds import Threshold
from townships.credits import TownshipQuerySet
from townships.models import CountyRecord, Unit, listed_by_code, unique_code
from townships.problems.models import Light, by_deadline

LEAVE = "leave_cultivation"
DIGITS = (4, 3, 2)
"""Lengths of industry codes in a standard, the finest first: it wins."""
TIERS = tuple((tier.value, TIER_LABELS[tier]) for tier in Tier)


class Standing(models.TextChoices):
    """培育状态, as of a day."""

    INSIDE = "inside", "在培育"
    LISTED = "listed", "已入规上库"
    LEFT = "left", "已出培育库"


class LeavingCause(models.TextChoices):
    LISTED = "listed", "已入规上库"
    CEASED = "ceased", "停产、注销或吊销"
    MOVED = "moved", "迁出"
    UNFIT = "unfit", "不再具备培育条件"
    OTHER = "other", "其他"


LEAVING = frozenset({"left_on", "left_cause", "left_note"})
WORKING = frozenset({"year", "route", "target_month", "liaison", "liaison_unit", "liaison_phone", "remark"})
"""What the work on an entry changes as it goes: neither its verdict nor a closed month rests on it."""


class CultivationQuerySet(TownshipQuerySet):
    def with_standing(self, day: date) -> QuerySet:
        """`standing` at the end of that day; who has entered the 四上 library is no longer brought up to it."""
        return self.annotate(
            listing=Subquery(side_of("enterprise", day)),
            standing=Case(
                When(left_on__lte=day, then=Value(Standing.LEFT)),
                When(listing="listed", then=Value(Standing.LISTED)),
                default=Value(Standing.INSIDE),
                output_field=models.CharField(max_length=10),
            ),
        )

    def with_tier(self, day: date, standard: Iterable[Threshold], limits: Limits) -> QuerySet:
        """`tier` at the end of that day, and what it rests on: `line` (万元 a year), `last_month` reported, `rolling`
        (万元 of the twelve months up to that), `reported` of them, `so_far` (万元 since that year's January).

        Only what enterprises report themselves, once accepted, in the month to which it counts: so that nothing that
        comes late or is judged late changes what a closed month said.
        """
        told, months = _told(day), months_ended(day, MONTHS)
        last = told.filter(happened_on__gte=months[0]).order_by("-happened_on").values("happened_on")[:1]
        line = _line("enterprise__industry", [row for row in standard if row.holds_on(day)])
        known = self.annotate(last_month=Subquery(last), line=line)
        year = told.filter(GreaterThan(month_number("happened_on"), month_number(OuterRef("last_month")) - MONTHS))
        measured = known.annotate(
            rolling=Subquery(_summed(year, Sum("revenue")), MoneyField()),
            reported=Subquery(_summed(year, Count("pk")), models.IntegerField()),
            so_far=Subquery(_summed(told.filter(happened_on__year=months[-1].year), Sum("revenue")), MoneyField()),
        )
        return measured.annotate(tier=_tier(limits))


def _told(day: date) -> QuerySet:
    """The months of the outer row's enterprise whose revenue counts by the end of that day: what was not accepted
    counts nowhere yet."""
    rows = EnterpriseMonth.objects.current().filter(enterprise=OuterRef("enterprise"), origin=Origin.SELF)
    return rows.filter(revenue__isnull=False, happened_until__lte=day, counted_until__lte=day)


def _summed(rows: QuerySet, what: Any) -> QuerySet:
    return rows.order_by().values("enterprise").annotate(found=what).values("found")


def _line(path: str, standard: list[Threshold]) -> Case:
    """What the industry asks of a year, as `threshold_of` finds it; nothing where no revenue is asked."""
    found = [
        When(In(Left(F(path), digits), codes), then=Value(row.amount, output_field=MoneyField()))
        for digits in DIGITS
        for row in standard
        if (codes := [code for code in row.codes if len(code) == digits])
    ]
    return Case(*found, default=Value(None, output_field=MoneyField()), output_field=MoneyField())


def _tier(limits: Limits) -> Case:
    """`forecast.tier_of` as the database reckons it, in whole 元 times whole percents."""
    reached = [
        When(GreaterThanOrEqual(_times("rolling", 100), _times("line", int(share * 100))), then=Value(tier))
        for share, tier in limits
    ]
    return Case(
        When(line=None, then=Value(Tier.NO_LINE)),
        *reached,
        default=Value(Tier.RESERVE),
        output_field=models.CharField(max_length=10),
    )


def _times(amount: str, factor: int) -> ExpressionWrapper:
    return ExpressionWrapper(F(amount) * Value(factor), output_field=BigIntegerField())


class Cultivation(WhereItStood, DatedRecord, CountyRecord):
    """One stay of one enterprise in the county's 培育库, from the day it was taken in until it leaves.

    `year`: for which year's entry into the 四上 library it is brought up. One person looks after it (一对一).
    """

    code_prefix = "PY"
    closes_with = "cultivation"
    withheld_fields: ClassVar = {"liaison_phone": Withheld.CONTACT}

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="cultivations", verbose_name="企业名称")
    year = models.PositiveSmallIntegerField("培育年度")
    route = models.CharField("培育方向", max_length=10, choices=Route, blank=True)
    target_month = MonthField("计划入规月份", null=True, blank=True)
    liaison = models.CharField("对接人", max_length=30)
    liaison_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="对接人单位")
    liaison_phone = models.CharField("对接人电话", max_length=20, blank=True)
    left_on = models.DateField("出培育库日期", null=True, blank=True)
    left_cause = models.CharField("出库原因", max_length=10, choices=LeavingCause, blank=True)
    left_note = models.CharField("出库说明", max_length=200, blank=True)
    remark = models.CharField("备注", max_length=200, blank=True)

    objects = CultivationQuerySet.as_manager()

    class Meta:
        verbose_name = "培育记录"
        constraints: ClassVar = unique_code(
            "cultivation",
            *DatedRecord.Meta.constraints,
            first_of_month("target_month"),
            models.UniqueConstraint(
                fields=["county", "enterprise"],
                condition=Q(voided_at=None, left_on=None) & STILL_STANDS,
                name="cultivation_once",
                violation_error_message="这家企业已在培育库中，请修改原来那条；再次培育的，先办理出库。",
            ),
            models.CheckConstraint(
                condition=Q(year__range=(1990, 2100)),
                name="cultivation_year",
                violation_error_message="培育年度请填四位年份，例如2024。",
            ),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=F("happened_until")),
                name="cultivation_days_in_order",
                violation_error_message="出培育库的日期不能早于进入培育库的日期。",
            ),
            models.CheckConstraint(
                condition=Q(left_on=None, left_cause="") | (Q(left_on__isnull=False) & ~Q(left_cause="")),
                name="cultivation_leaving_cause",
                violation_error_message="出培育库要同时写明日期和原因。",
            ),
        )
        indexes: ClassVar = [
            listed_by_code("cultivation"),
            models.Index(fields=["enterprise", "happened_on"], name="cultivation_enterprise"),
            models.Index(fields=["county", "township"], name="cultivation_township"),
        ]

    def __str__(self):
        return f"{self.enterprise}培育"

    @property
    def history_subject(self):
        return self.enterprise

    def months_locked_for(self, fields):
        """Leaving is a day of its own, locked by its own month."""
        if fields <= WORKING:
            return set()
        if fields <= LEAVING:
            return {month_of(self.left_on)} if self.left_on else set()
        return super().months_locked_for(fields)

    def content_changed(self, user_id, fields):
        if not fields or fields - WORKING:
            super().content_changed(user_id, fields)

    def clean(self):
        """Stays of one enterprise follow one another."""
        if self.verdict in (Verdict.RETURNED, Verdict.REFUSED):
            return
        others = Cultivation.objects.current().filter(STILL_STANDS, enterprise=self.enterprise).exclude(pk=self.pk)
        if self.left_on:
            others = others.filter(happened_on__lt=self.left_on)
        if others.filter(left_on__gt=self.happened_on).exists():
            raise ValidationError({"happened_on": "与这家企业上一次培育的时间重叠，请核对进入培育库的日期。"})


class MeasureQuerySet(RecordQuerySet):
    def with_light(self, day: date, soon_days: int) -> QuerySet:
        """`light` at the end of that day, as problems have it; the deadline itself is still in time."""
        done = Q(done_on__lte=day)
        return self.annotate(
            light=Case(
                When(done & Q(done_on__gt=F("deadline")), then=Value(Light.LATE)),
                When(done, then=Value(Light.DONE)),
                *by_deadline(day, soon_days),
                default=Value(Light.GREEN),
                output_field=models.CharField(max_length=10),
            )
        )


class CultivationMeasure(CountyRecord):
    """一企一策: what is done for an enterprise in the 培育库, by whom, until when, and what came of it."""

    code_prefix = "CE"

    cultivation = models.ForeignKey(Cultivation, models.PROTECT, related_name="measures", verbose_name="培育企业")
    measure = models.CharField("培育措施", max_length=200)
    owner = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="责任单位")
    person = models.CharField("责任人", max_length=30, blank=True)
    deadline = models.DateField("完成时限")
    result = models.TextField("落实结果", max_length=2000, blank=True)
    done_on = models.DateField("办结日期", null=True, blank=True)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = "一企一策措施"
        constraints: ClassVar = unique_code(
            "cultivation_measure",
            models.UniqueConstraint(
                fields=["county", "cultivation", "measure"],
                condition=Q(voided_at=None),
                name="cultivation_measure_once",
                violation_error_message="这家企业的这条措施已登记过，请修改原来那条。",
            ),
            models.CheckConstraint(
                condition=Q(done_on=None) | ~Q(result=""),
                name="cultivation_measure_result",
                violation_error_message="办结的措施要写明落实结果。",
            ),
        )
        indexes: ClassVar = [
            listed_by_code("cultivation_measure"),
            models.Index(fields=["cultivation", "deadline"], name="cultivation_measure_of"),
            models.Index(fields=["county", "owner"], name="cultivation_measure_owner"),
        ]

    def __str__(self):
        return self.measure

    @property
    def history_subject(self):
        return self.cultivation.enterprise

    @classmethod
    def seen_by(cls, unit_id):
        """The township that cultivates, where the enterprise stands now, and whoever has to do it."""
        return Q(cultivation__township=unit_id) | Q(cultivation__enterprise__township=unit_id) | Q(owner=unit_id)

    def edited_by(self):
        if not self.cultivation_id:
            return {None}
        return {self.cultivation.township_id, self.owner_id}


class CultivationLimit(CountyRecord):
    """培育梯次标准: from which percent of the threshold on an enterprise is 冲刺 and 重点培育, since a day.

    达标应入 is no county's to set: it is the threshold itself.
    """

    code_prefix = "PT"

    valid_from = models.DateField("起始日")
    sprint = models.PositiveSmallIntegerField("冲刺（达到标准的百分比）")
    key = models.PositiveSmallIntegerField("重点培育（达到标准的百分比）")
    source = models.CharField("依据文件", max_length=100, blank=True)

    class Meta:
        verbose_name = "培育梯次标准"
        constraints: ClassVar = unique_code(
            "cultivation_limit",
            models.UniqueConstraint(
                fields=["county", "valid_from"],
                condition=Q(voided_at=None),
                name="cultivation_limit_once",
                violation_error_message="从这一天起的培育梯次标准已登记过，请修改原来那条。",
            ),
            models.CheckConstraint(
                condition=Q(sprint__lt=100, key__gte=1, key__lt=F("sprint")),
                name="cultivation_limit_in_order",
                violation_error_message="百分比要依次减小：达标应入为100，冲刺小于100，重点培育小于冲刺、不小于1。",
            ),
        )
        indexes: ClassVar = [listed_by_code("cultivation_limit")]

    def __str__(self):
        return f"冲刺{self.sprint}%，重点培育{self.key}%"

    @classmethod
    def seen_by(cls, unit_id):
        return Q()
