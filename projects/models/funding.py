"""专项资金: documents that bring money, its allocation to units and projects, and what was paid of it.

Σ allocations never passes a document's total, Σ payments never an allocation: the parent keeps the sum under a CHECK.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from core.fields import MoneyField, money_range
from core.ledgers.kinds import plain_number
from core.records import DatedRecord, RecordQuerySet, Verdict, VerifiedAmount
from core.running_sums import Summed
from core.withheld import Withheld
from projects.models.projects import Project
from townships.credits import TownshipQuerySet
from townships.models import CountyRecord, Duty, Role, Seat, Unit, UnitKind, listed_by_code, unique_code

NOTHING = Value(Decimal(0), output_field=MoneyField())


class MoneyKind(models.TextChoices):
    """Whose money it is. Money of different kinds is never added up."""

    CENTRAL = "central", "中央财政资金"
    PROVINCE = "province", "省级财政资金"
    CITY = "city", "市级财政资金"
    COUNTY = "county", "县级财政资金"
    WON = "won", "对上争取资金"
    PLATFORM = "platform", "平台公司协调资金"
    GUARANTEE = "guarantee", "融资担保"


class KeptByDepartment(models.Model):
    """Written by the county office and by the department that keeps the money; units only read of theirs."""

    acts: ClassVar[frozenset[str]] = frozenset({"add", "change", "void", "import"})
    kept_through: ClassVar[tuple[str, ...]] = ()
    """The relations that lead to the document whose department keeps the money."""

    class Meta:
        abstract = True

    def keeper_id(self) -> int | None:
        """The department's key; None while the row does not say yet."""
        row: Any = self
        for name in self.kept_through:
            if getattr(row, f"{name}_id") is None:
                return None
            row = getattr(row, name)
        return row.department_id

    def opens(self, act: str, seat: Seat) -> bool:
        if Duty.ENTRY not in seat.duties:
            return False
        if seat.role == Role.COUNTY:
            return True
        return seat.role == Role.DEPARTMENT and self.keeper_id() in (None, *seat.stands_for)


class FundingQuerySet(RecordQuerySet):
    def with_paid(self) -> QuerySet:
        """`paid`: 万元 paid of all its allocations."""
        own = Allocation.objects.current().filter(document=OuterRef("pk")).order_by().values("document")
        paid = Subquery(own.annotate(found=Sum("paid")).values("found"), output_field=MoneyField())
        return self.annotate(paid=Coalesce(paid, NOTHING))


class FundingDocument(KeptByDepartment, CountyRecord):
    """资金文件: a document by which money came down; `allocated` is kept by the door."""

    code_prefix = "ZX"
    quiet_fields: ClassVar[frozenset[str]] = frozenset({"allocated"})

    number = models.CharField("文号", max_length=60)
    batch_name = models.CharField("批次", max_length=40, blank=True)
    title = models.CharField("文件名称", max_length=200, blank=True)
    kind = models.CharField("资金类别", max_length=12, choices=MoneyKind)
    department = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="管理部门")
    total = MoneyField("下达总额")
    issued_on = models.DateField("下达日期")
    purpose = models.CharField("资金用途", max_length=200, blank=True)
    remark = models.CharField("备注", max_length=200, blank=True)
    allocated = MoneyField("已分配", default=Decimal(0), editable=False)

    objects = FundingQuerySet.as_manager()

    class Meta:
        verbose_name = "资金文件"
        constraints: ClassVar = unique_code(
            "funding_document",
            money_range("total"),
            models.UniqueConstraint(
                fields=["county", "number", "batch_name", "kind"],
                condition=Q(voided_at=None),
                name="funding_document_once",
                violation_error_message="这个文号、批次的资金已登记，请直接在它名下分配。",
            ),
            models.CheckConstraint(
                condition=Q(total__gt=0), name="funding_total_positive", violation_error_message="下达总额要大于零。"
            ),
            models.CheckConstraint(
                condition=Q(allocated__gte=0) & Q(allocated__lte=F("total")),
                name="funding_allocated_within_total",
                violation_error_message="分配合计超过了下达总额，请核对。",
            ),
        )
        indexes: ClassVar = [listed_by_code("funding_document")]

    def __str__(self):
        return f"{self.number}（{self.batch_name}）" if self.batch_name else self.number

    @classmethod
    def seen_by(cls, unit_id):
        own = Allocation.objects.current().filter(Allocation.of_unit(unit_id), document=OuterRef("pk"))
        return Q(department=unit_id) | Q(Exists(own))

    def left(self, besides: int | None = None) -> Decimal:
        """万元 not yet allocated, besides the allocation of that key."""
        others = self.allocations.current().exclude(pk=besides)
        return self.total - (others.aggregate(found=Sum("amount"))["found"] or 0)

    def clean(self):
        if self.department_id and self.department.kind != UnitKind.DEPARTMENT:
            raise ValidationError({"department": "管理部门要选部门，例如县财政局。"})


class Aging(models.TextChoices):
    """账龄: for how long allocated money has been waiting to be paid."""

    PAID = "paid", "已拨清"
    FRESH = "fresh", "未满90天"
    DAYS_90 = "days90", "满90天"
    DAYS_180 = "days180", "满180天"
    DAYS_365 = "days365", "满一年"


DAYS_OF = {Aging.DAYS_365: 365, Aging.DAYS_180: 180, Aging.DAYS_90: 90}


class AllocationQuerySet(TownshipQuerySet):
    township_path = "unit"
    amounts = ("amount",)

    def standing(self, day: date, *, past: bool) -> QuerySet:
        """`paid_then` (万元) and `aging` at the end of that day; `past`: payments after it are left out."""
        rows = self.annotate(paid_then=_paid_until(day) if past else F("paid"))
        waiting = [When(allocated_on__lte=day - timedelta(days=days), then=Value(age)) for age, days in DAYS_OF.items()]
        clear = When(paid_then__gte=F("amount"), then=Value(Aging.PAID))
        age = Case(clear, *waiting, default=Value(Aging.FRESH), output_field=models.CharField(max_length=8))
        return rows.annotate(aging=age)


def _paid_until(day: date) -> Coalesce:
    rows = Payment.objects.current().filter(allocation=OuterRef("pk"), happened_until__lte=day)
    rows = rows.exclude(verdict=Verdict.REFUSED).order_by().values("allocation")
    return Coalesce(Subquery(rows.annotate(found=Sum("amount")).values("found"), output_field=MoneyField()), NOTHING)


class Allocation(KeptByDepartment, CountyRecord):
    """资金分配: what a unit, or a project of it, has of a document's money; `paid` is kept by the door."""

    code_prefix = "FP"
    own_to = ("unit_id", "document__department_id", "project__responsible_unit_id", "project__landing_unit_id")
    kept_through: ClassVar[tuple[str, ...]] = ("document",)
    summed_in: ClassVar = (Summed("document", "allocated"),)
    quiet_fields: ClassVar[frozenset[str]] = frozenset({"paid"})

    document = models.ForeignKey(FundingDocument, models.PROTECT, related_name="allocations", verbose_name="资金文件")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="使用单位")
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="allocations", verbose_name="项目"
    )
    amount = MoneyField("分配金额")
    allocated_on = models.DateField("分配日期")
    purpose = models.CharField("具体用途", max_length=200, blank=True)
    proposal = models.CharField("奖补建议编号", max_length=32, blank=True)
    remark = models.CharField("备注", max_length=200, blank=True)
    paid = MoneyField("已拨付", default=Decimal(0), editable=False)

    objects = AllocationQuerySet.as_manager()

    class Meta:
        verbose_name = "资金分配"
        constraints: ClassVar = unique_code(
            "allocation",
            money_range("amount"),
            models.CheckConstraint(
                condition=Q(amount__gt=0), name="allocation_positive", violation_error_message="分配金额要大于零。"
            ),
            models.CheckConstraint(
                condition=Q(paid__gte=0) & Q(paid__lte=F("amount")),
                name="allocation_paid_within_amount",
                violation_error_message="拨付合计超过了分配金额，或者冲减超过了已拨付的金额，请核对。",
            ),
            models.UniqueConstraint(
                fields=["county", "proposal"],
                condition=Q(voided_at=None) & ~Q(proposal=""),
                name="allocation_of_proposal_once",
                violation_error_message="这条奖补建议已经分配过资金。",
            ),
        )
        indexes: ClassVar = [
            listed_by_code("allocation"),
            models.Index(fields=["county", "allocated_on"], name="allocation_day"),
        ]

    def __str__(self):
        whose = f"{self.unit}{self.project}" if self.project else f"{self.unit}"
        return f"{whose}（{self.document}）"

    @classmethod
    def of_unit(cls, unit_id):
        """Those that are of a unit, or of a project that it sees."""
        projects = Project.objects.filter(Project.seen_by(unit_id), pk=OuterRef("project"))
        return Q(unit=unit_id) | Q(Exists(projects))

    @classmethod
    def seen_by(cls, unit_id):
        return Q(document__department=unit_id) | cls.of_unit(unit_id)

    def stands_in(self):
        return self.unit.stands_in() if self.unit_id else None

    @property
    def adds_up(self) -> Decimal:
        return self.amount

    def left(self, besides: int | None = None) -> Decimal:
        """万元 not yet paid, besides the payment of that key."""
        others = self.payments.current().exclude(pk=besides).exclude(verdict=Verdict.REFUSED)
        return self.amount - (others.aggregate(found=Sum("amount"))["found"] or 0)

    def clean(self):
        if self.project and self.unit_id not in (self.project.landing_unit_id, self.project.responsible_unit_id):
            raise ValidationError({"unit": "使用单位要是这个项目的落户乡镇或责任单位。"})
        if self.allocated_on < self.document.issued_on:
            raise ValidationError({"allocated_on": "分配日期早于文件的下达日期，请核对。"})
        if self.amount > (left := self.document.left(besides=self.pk)):
            raise ValidationError({"amount": f"超过可分配余额：这份文件还可分配 {plain_number(left)} 万元。"})


class PayeeKind(models.TextChoices):
    """Never a person: award money goes to units."""

    UNIT = "unit", "使用单位账户"
    CONTRACTOR = "contractor", "施工、供货单位"
    ENTERPRISE = "enterprise", "企业"
    ACCOUNT = "account", "县级财政专户（报账制）"


class PaymentQuerySet(TownshipQuerySet):
    township_path = "allocation__unit"
    amounts = ("amount", "verified_amount")


class Payment(KeptByDepartment, VerifiedAmount, DatedRecord, CountyRecord):
    """拨付: money that left the purse on a voucher. 冲减 is a negative row with a reason."""

    code_prefix = "BF"
    closes_with = "payments"
    withheld_fields: ClassVar = {"voucher_number": Withheld.VOUCHER}
    own_to = tuple(f"allocation__{path}" for path in Allocation.own_to)
    kept_through: ClassVar[tuple[str, ...]] = ("allocation", "document")
    summed_in: ClassVar = (Summed("allocation", "paid"),)

    allocation = models.ForeignKey(Allocation, models.PROTECT, related_name="payments", verbose_name="资金分配")
    amount = MoneyField("拨付金额")
    payee_kind = models.CharField("收款方类别", max_length=12, choices=PayeeKind, default=PayeeKind.UNIT)
    payee = models.CharField("收款单位", max_length=100, blank=True)
    voucher_number = models.CharField("凭证号", max_length=60)
    remark = models.CharField("备注", max_length=200, blank=True)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = "资金拨付"
        constraints: ClassVar = unique_code(
            "payment",
            *DatedRecord.Meta.constraints,
            *VerifiedAmount.Meta.constraints,
            money_range("amount"),
            models.CheckConstraint(
                condition=~Q(amount=0), name="payment_not_zero", violation_error_message="拨付金额不能为零。"
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0) | ~Q(remark=""),
                name="payment_reversal_reason",
                violation_error_message="冲减（负数）要在备注中写明原因。",
            ),
            models.CheckConstraint(
                condition=~Q(voucher_number=""), name="payment_has_voucher", violation_error_message="请填写凭证号。"
            ),
        )
        indexes: ClassVar = [
            listed_by_code("payment"),
            models.Index(fields=["county", "happened_on"], name="payment_day"),
            models.Index(fields=["allocation", "happened_on"], name="payment_allocation"),
        ]

    def __str__(self):
        return f"{self.allocation.unit}{self.happened.label}拨付"

    @property
    def history_subject(self):
        return self.allocation

    @classmethod
    def seen_by(cls, unit_id):
        return Q(Exists(Allocation.objects.filter(Allocation.seen_by(unit_id), pk=OuterRef("allocation"))))

    def stands_in(self):
        return self.allocation.stands_in() if self.allocation_id else None

    @property
    def claimed(self):
        return self.amount

    @property
    def adds_up(self) -> Decimal:
        """What was refused takes no room of its allocation."""
        return Decimal(0) if self.verdict == Verdict.REFUSED else self.amount

    def clean(self):
        if self.happened_until < self.allocation.allocated_on:
            raise ValidationError({"happened": "拨付日期早于分配日期，请核对。"})
        if self.amount > (left := self.allocation.left(besides=self.pk)):
            raise ValidationError({"amount": f"超过未拨付余额：这笔分配还可拨付 {plain_number(left)} 万元。"})
