"""企业月度数据: an enterprise's month as one source tells it, and the 授权书 that lets a department give figures."""

from datetime import date
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, QuerySet

from core.fields import MoneyField, MonthField, first_of_month, money_range
from core.periods import month_label
from core.records import DatedRecord
from core.withheld import Withheld
from enterprises.models.enterprises import Enterprise
from townships.credits import TownshipQuerySet
from townships.models import CountyRecord, listed_by_code, unique_code


class Origin(models.TextChoices):
    """来源: who says so. Each has its own row, and none writes over another's."""

    SELF = "self", "企业自报"
    TAX = "tax", "税务"
    POWER = "power", "供电"
    WATER = "water", "供水供气"
    LABOUR = "labour", "人社"
    VISIT = "visit", "走访"


DEPARTMENTS = (Origin.TAX, Origin.POWER, Origin.WATER, Origin.LABOUR)
"""Who may give figures of an enterprise only where its 授权书 says so."""


class Answer(models.TextChoices):
    """What a department says of the enterprise's own report where it gives no number."""

    AGREES = "agrees", "一致"
    DIFFERS = "differs", "不一致"
    CHECK = "check", "建议核实"


MONEY = ("revenue", "output", "invoiced", "tax", "wages")
QUANTITIES = ("power", "water", "gas", "employees")
FIGURES = (*MONEY, *QUANTITIES)
NO_FIGURE = Q(**dict.fromkeys(FIGURES))


class MandateQuerySet(TownshipQuerySet):
    township_path = "enterprise__township"

    def covering(self, month: date) -> QuerySet:
        return self.filter(Q(last_month=None) | Q(last_month__gte=month), first_month__lte=month)


class Mandate(CountyRecord):
    """数据授权书: the enterprise lets one department give its figures of these months."""

    code_prefix = "SQ"

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="mandates", verbose_name="企业名称")
    origin = models.CharField(
        "授权部门", max_length=10, choices=[(origin.value, origin.label) for origin in DEPARTMENTS]
    )
    signed_on = models.DateField("签署日期")
    first_month = MonthField("授权起月")
    last_month = MonthField("授权止月", null=True, blank=True)
    remark = models.CharField("备注", max_length=200, blank=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = "数据授权书"
        constraints: ClassVar = unique_code(
            "mandate",
            first_of_month("first_month"),
            first_of_month("last_month"),
            models.UniqueConstraint(
                fields=["county", "enterprise", "origin", "first_month"],
                condition=Q(voided_at=None),
                name="mandate_once",
                violation_error_message="这家企业对这个部门从这个月起的授权书已登记过。",
            ),
            models.CheckConstraint(
                condition=Q(last_month=None) | Q(last_month__gte=F("first_month")),
                name="mandate_months_in_order",
                violation_error_message="授权止月不能早于授权起月。",
            ),
        )
        indexes: ClassVar = [listed_by_code("mandate")]

    def __str__(self):
        return f"{self.enterprise}授权{self.get_origin_display()}"

    @property
    def history_subject(self):
        return self.enterprise


class EnterpriseMonthQuerySet(TownshipQuerySet):
    amounts = MONEY
    township_path = "enterprise__township"


class EnterpriseMonth(DatedRecord, CountyRecord):
    """One enterprise's month as one source tells it. 万元; kWh; m³; people at the month's end.

    Townships see and enter what enterprises report themselves. A department's figures need a `Mandate` over that
    month; without one it answers in words.
    """

    code_prefix = "QZ"
    closes_with = "enterprise_months"
    withheld_fields: ClassVar = {"tax": Withheld.TAX, **dict.fromkeys(("power", "water", "gas"), Withheld.UTILITIES)}
    own_to = ("enterprise__township_id",)

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="months", verbose_name="企业名称")
    origin = models.CharField("来源", max_length=10, choices=Origin)
    revenue = MoneyField("营业收入", null=True, blank=True)
    output = MoneyField("工业总产值", null=True, blank=True)
    invoiced = MoneyField("开票销售额", null=True, blank=True)
    tax = MoneyField("入库税收", null=True, blank=True)
    wages = MoneyField("工资总额", null=True, blank=True)
    power = models.PositiveBigIntegerField("用电量", null=True, blank=True)
    water = models.PositiveBigIntegerField("用水量", null=True, blank=True)
    gas = models.PositiveBigIntegerField("用气量", null=True, blank=True)
    employees = models.PositiveIntegerField("从业人数", null=True, blank=True)
    answer = models.CharField("核对意见", max_length=10, choices=Answer, blank=True)
    remark = models.CharField("备注", max_length=200, blank=True)

    objects = EnterpriseMonthQuerySet.as_manager()

    class Meta:
        verbose_name = "企业月度数据"
        constraints: ClassVar = unique_code(
            "enterprise_month",
            *DatedRecord.Meta.constraints,
            *(money_range(name) for name in MONEY),
            first_of_month("happened_on"),
            models.UniqueConstraint(
                fields=["county", "enterprise", "happened_on", "origin"],
                condition=Q(voided_at=None),
                name="enterprise_month_once",
                violation_error_message="这家企业这个月的数据已按这个来源登记过，有变动请修改原来那条。",
            ),
            models.CheckConstraint(
                condition=~NO_FIGURE | ~Q(answer=""),
                name="enterprise_month_says_something",
                violation_error_message="请至少填写一项数据；部门没有授权、不便提供数据的，请填写核对意见。",
            ),
            models.CheckConstraint(
                condition=Q(answer="") | Q(origin__in=DEPARTMENTS),
                name="enterprise_month_answer_of_department",
                violation_error_message="核对意见由部门填写，企业自报和走访的数据不填。",
            ),
            models.CheckConstraint(
                condition=~Q(remark="") | ~Q(Q(revenue__lt=0) | Q(output__lt=0) | Q(invoiced__lt=0) | Q(tax__lt=0)),
                name="enterprise_month_negative_reason",
                violation_error_message="填了负数的，请核对；确属冲减、退税的，要在备注中写明原因。",
            ),
            models.CheckConstraint(
                condition=Q(wages=None) | Q(wages__gte=0),
                name="enterprise_month_wages_positive",
                violation_error_message="工资总额不能为负。",
            ),
        )
        indexes: ClassVar = [
            listed_by_code("enterprise_month"),
            models.Index(fields=["county", "happened_on", "origin"], name="enterprise_month_month"),
        ]

    def __str__(self):
        return f"{self.enterprise}{month_label(self.happened_on)}（{self.get_origin_display()}）"

    @property
    def month(self):
        return self.happened_on

    @property
    def history_subject(self):
        """Its own page: the enterprise's history is read by its township, which must not meet a department's
        figures there."""
        return self

    @classmethod
    def seen_by(cls, unit_id):
        return Q(enterprise__township=unit_id, origin=Origin.SELF)

    def edited_by(self):
        if self.origin not in ("", Origin.SELF):
            return set()
        return {self.enterprise.township_id} if self._of_an_enterprise else {None}

    def reopened_for(self):
        """A department's own is opened with the months of the township where the enterprise is."""
        return {self.enterprise.township_id} if self._of_an_enterprise else set()

    @property
    def _of_an_enterprise(self):
        return EnterpriseMonth.enterprise.is_cached(self) or self.enterprise_id is not None

    def clean(self):
        """A department gives no number that the enterprise has not agreed to."""
        if self.origin not in DEPARTMENTS or all(getattr(self, name) is None for name in FIGURES):
            return
        mandates = Mandate.objects.current().filter(enterprise=self.enterprise, origin=self.origin)
        if not mandates.covering(self.month).exists():
            raise ValidationError({"origin": NO_MANDATE.format(self.enterprise, self.get_origin_display())})


NO_MANDATE = "“{}”没有授权{}提供这个月的数据，请先登记授权书，或者不填数据、只填核对意见。"
