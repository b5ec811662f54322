"""到位资金: what arrived for a project in a month, on which voucher."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, Sum

from core.fields import MoneyField, first_of_month, money_range
from core.periods import month_label
from core.records import DatedRecord, Verdict, VerifiedAmount
from core.withheld import Withheld
from projects.credits import SharedQuerySet
from projects.models.projects import OfProject, Origin
from townships.models import CountyRecord, listed_by_code, unique_code


class VoucherKind(models.TextChoices):
    BANK = "bank", "银行凭证"
    INVOICE = "invoice", "发票"
    PROGRESS = "progress", "进度单"
    STATISTICS = "statistics", "统计在库"


class Voucher(CountyRecord):
    """A slip of paper that proves money; it may be split over projects, never beyond its amount."""

    code_prefix = "PZ"
    shared = True
    withheld_fields: ClassVar = dict.fromkeys(("kind", "issuer", "number", "amount"), Withheld.VOUCHER)

    kind = models.CharField("凭证种类", max_length=12, choices=VoucherKind)
    issuer = models.CharField("出具单位", max_length=100)
    number = models.CharField("凭证号", max_length=60)
    amount = MoneyField("凭证金额")

    class Meta:
        verbose_name = "凭证"
        constraints: ClassVar = unique_code(
            "voucher",
            money_range("amount"),
            models.UniqueConstraint(
                fields=["county", "kind", "issuer", "number"],
                condition=Q(voided_at=None),
                name="voucher_once",
                violation_error_message="这张凭证已登记，请直接选用，不要重复登记。",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0), name="voucher_positive", violation_error_message="凭证金额要大于零。"
            ),
        )

    def __str__(self):
        return f"{self.get_kind_display()} {self.number}"

    @property
    def name(self) -> str:
        return self.number

    @classmethod
    def seen_by(cls, unit_id):
        own = Arrival.objects.filter(Arrival.seen_by(unit_id), voucher=models.OuterRef("pk"))
        return Q(models.Exists(own))

    def left(self, besides: int | None = None):
        """万元 not yet claimed on it, besides the arrival of that key."""
        claims = self.arrivals.current().exclude(pk=besides).exclude(verdict=Verdict.REFUSED)
        return self.amount - (claims.aggregate(total=Sum("amount"))["total"] or 0)


class Nature(models.TextChoices):
    LAND = "land", "土地"
    BUILDING = "building", "建安"
    EQUIPMENT = "equipment", "设备"
    WORKING = "working", "流动"
    CAPITAL = "capital", "注册资本"
    FIXED = "fixed", "固定资产未细分"


class Basis(models.TextChoices):
    """A project is booked on money arriving or on money spent, never on both."""

    ARRIVAL = "arrival", "到账"
    SPENDING = "spending", "支出"


class ArrivalQuerySet(SharedQuerySet):
    amounts = ("amount", "verified_amount")


class Arrival(OfProject, VerifiedAmount, DatedRecord, CountyRecord):
    """One project's money of one month; 累计 is always a sum of these rows. 冲减 is a negative row with a reason."""

    code_prefix = "DZ"
    closes_with = "arrivals"
    withheld_fields: ClassVar = {"voucher": Withheld.VOUCHER}

    amount = MoneyField("到位金额")
    origin = models.CharField("资金来源", max_length=10, choices=Origin, blank=True)
    nature = models.CharField("资金性质", max_length=10, choices=Nature, default=Nature.FIXED)
    basis = models.CharField("口径", max_length=10, choices=Basis, default=Basis.ARRIVAL)
    voucher = models.ForeignKey(
        Voucher, models.PROTECT, null=True, blank=True, related_name="arrivals", verbose_name="凭证"
    )
    remark = models.CharField("备注", max_length=200, blank=True)

    objects = ArrivalQuerySet.as_manager()

    class Meta:
        verbose_name = "到位资金"
        constraints: ClassVar = unique_code(
            "arrival",
            *DatedRecord.Meta.constraints,
            *VerifiedAmount.Meta.constraints,
            money_range("amount"),
            first_of_month("happened_on"),
            models.CheckConstraint(
                condition=Q(amount__gte=0) | ~Q(remark=""),
                name="arrival_reversal_reason",
                violation_error_message="冲减（负数）要在备注中写明原因。",
            ),
            models.CheckConstraint(
                condition=~Q(amount=0), name="arrival_not_zero", violation_error_message="到位金额不能为零。"
            ),
        )
        indexes: ClassVar = [
            listed_by_code("arrival"),
            models.Index(fields=["county", "happened_on"], name="arrival_month"),
            models.Index(fields=["project", "happened_on"], name="arrival_project"),
        ]

    def __str__(self):
        return f"{self.project}{month_label(self.happened_on)}到位资金"

    @property
    def claimed(self):
        return self.amount

    @property
    def month(self):
        return self.happened_on

    def clean(self):
        self._one_basis()
        self._within_voucher()

    def _one_basis(self):
        others = Arrival.objects.current().filter(project=self.project_id).exclude(pk=self.pk)
        if others.exclude(basis=self.basis).exists():
            raise ValidationError({"basis": "这个项目已按另一种口径登记，同一项目不能到账、支出两种口径混用。"})

    def _within_voucher(self):
        """The message names no other unit's rows: only what is left on the voucher."""
        if self.voucher and self.amount > (left := self.voucher.left(besides=self.pk)):
            raise ValidationError({"amount": f"超过凭证余额：这张凭证还可登记 {left:f} 万元。"})
