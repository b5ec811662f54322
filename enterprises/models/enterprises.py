"""Enterprises of the county, and their way into the statistics office's library (四上入库)."""

from collections.abc import Callable
from datetime import date
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import OuterRef, Q, QuerySet, Subquery

from core.fields import MoneyField, money_range
from core.identifiers import read_uscc
from core.models import Evidence
from core.readings import Reading
from core.records import STILL_STANDS, DatedRecord, Verdict
from enterprises.industries import read_industry
from townships.credits import TownshipQuerySet
from townships.models import CountyRecord, Unit, listed_by_code, unique_code


def valid_uscc(value: str) -> None:
    _valid(value, read_uscc)


def valid_industry(value: str) -> None:
    _valid(value, read_industry)


def _valid(value: str, reader: Callable[[str], str]) -> None:
    """Stored codes are what their reader gives, whichever way the row came in."""
    try:
        cleaned = reader(value)
    except Reading as error:
        raise ValidationError(str(error)) from error
    if cleaned != value:
        raise ValidationError(f"写的是“{value}”，请写成“{cleaned}”。")


class RegistrationStatus(models.TextChoices):
    """登记状态, in the market authority's words."""

    ACTIVE = "active", "存续"
    SUSPENDED = "suspended", "停业"
    MOVED = "moved", "迁出"
    CANCELLED = "cancelled", "注销"
    REVOKED = "revoked", "吊销"


class AboveScaleGroup(models.TextChoices):
    """The group of 四上 that an enterprise falls into once it is large enough."""

    INDUSTRY = "industry", "规上工业"
    CONSTRUCTION = "construction", "资质建筑业"
    TRADE = "trade", "限上批零"
    CATERING = "catering", "限上住餐"
    REAL_ESTATE = "real_estate", "房地产"
    SERVICE = "service", "规上服务业"


class EnterpriseQuerySet(TownshipQuerySet):
    amounts = ("registered_capital",)

    def registered_until(self, day: date | None) -> QuerySet:
        """Those registered by the end of that day; who has no date yet can't be said to have been there."""
        return self.filter(registered_on__lte=day) if day else self

    def with_listing(self, day: date | None = None) -> QuerySet:
        """`listing`: the last verified 入库 or 退库 up to that day (None: all that is known), None for neither."""
        moves = Declaration.objects.current().filter(enterprise=OuterRef("pk"), verdict=Verdict.ACCEPTED)
        moves = moves.filter(step__in=LIBRARY_STEPS)
        moves = moves.filter(happened_until__lte=day) if day else moves
        return self.annotate(listing=Subquery(moves.order_by("-happened_on", "-pk").values("step")[:1]))


class Enterprise(CountyRecord):
    """企业. What happens to it (申报、入库、退库) lives on dated rows of its own."""

    code_prefix = "QY"

    name = models.CharField("企业名称", max_length=100)
    uscc = models.CharField("统一社会信用代码", max_length=18, blank=True, validators=[valid_uscc])
    township = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="所在乡镇")
    industry = models.CharField("国民经济行业", max_length=4, blank=True, validators=[valid_industry])
    registered_on = models.DateField("登记日期", null=True, blank=True)
    registered_capital = MoneyField("注册资本", null=True, blank=True)
    status = models.CharField("登记状态", max_length=10, choices=RegistrationStatus, default=RegistrationStatus.ACTIVE)
    scale_group = models.CharField("四上类别", max_length=12, choices=AboveScaleGroup, blank=True)
    contact = models.CharField("联系人", max_length=30, blank=True)
    phone = models.CharField("联系电话", max_length=20, blank=True)
    remark = models.TextField("备注", max_length=2000, blank=True)

    objects = EnterpriseQuerySet.as_manager()

    class Meta:
        verbose_name = "企业"
        constraints: ClassVar = unique_code(
            "enterprise",
            money_range("registered_capital"),
            models.UniqueConstraint(
                fields=["county", "uscc"],
                condition=Q(voided_at=None) & ~Q(uscc=""),
                name="enterprise_uscc_once",
                violation_error_message="这个统一社会信用代码已登记在另一家企业名下，请核对。",
            ),
            models.UniqueConstraint(
                fields=["county", "township", "name"],
                condition=Q(voided_at=None),
                name="enterprise_name_once",
                violation_error_message="这个乡镇已登记过同名企业，请核对后再新增。",
            ),
            models.CheckConstraint(
                condition=Q(registered_capital=None) | Q(registered_capital__gte=0),
                name="enterprise_capital_positive",
                violation_error_message="注册资本不能为负。",
            ),
        )
        indexes: ClassVar = [
            listed_by_code("enterprise"),
            models.Index(fields=["county", "township"], name="enterprise_township"),
            models.Index(fields=["county", "registered_on"], name="enterprise_registered"),
        ]

    def __str__(self):
        return self.name

    @classmethod
    def seen_by(cls, unit_id):
        return Q(township=unit_id)

    def edited_by(self):
        return {self.township_id}

    def stands_in(self):
        return self.township


class DeclarationStep(models.TextChoices):
    """申报入库 as it goes; 退回 is the statistics office's, not a verdict on the row."""

    INTENDED = "intended", "拟申报"
    SUBMITTED = "submitted", "已申报"
    RETURNED = "returned", "退回"
    LISTED = "listed", "入库"
    DELISTED = "delisted", "退库"


LIBRARY_STEPS = (DeclarationStep.LISTED, DeclarationStep.DELISTED)
"""The steps that change whether an enterprise is in the library; they take turns."""

CONFIRMED_BY = {
    DeclarationStep.LISTED: ("统计局入库名单",),
    DeclarationStep.DELISTED: ("统计局退库名单",),
}
"""step → the evidence without which an acceptance needs a note: what counts is what the statistics office confirmed."""


class DeclarationQuerySet(TownshipQuerySet):
    township_path = "enterprise__township"


class Declaration(DatedRecord, CountyRecord):
    """申报入库记录: one step of one enterprise on one day.

    入库 and 退库 take turns, so an enterprise may enter again after it has left, and never counts twice in between.
    """

    code_prefix = "SB"
    closes_with = "declarations"

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="declarations", verbose_name="企业名称")
    step = models.CharField("环节", max_length=10, choices=DeclarationStep)
    submission = models.CharField("申报批次", max_length=60, blank=True)
    remark = models.CharField("备注", max_length=200, blank=True)

    objects = DeclarationQuerySet.as_manager()

    class Meta:
        verbose_name = "申报入库记录"
        constraints: ClassVar = unique_code(
            "declaration",
            *DatedRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["county", "enterprise", "step", "happened_on"],
                condition=Q(voided_at=None) & STILL_STANDS,
                name="declaration_once",
                violation_error_message="这家企业当天的这个环节已登记过，请修改原来那条。",
            ),
        )
        indexes: ClassVar = [
            listed_by_code("declaration"),
            models.Index(fields=["county", "step", "happened_on"], name="declaration_date"),
            models.Index(fields=["enterprise", "happened_on"], name="declaration_enterprise"),
        ]

    def __str__(self):
        return f"{self.enterprise}{self.get_step_display()}"

    @property
    def history_subject(self):
        return self.enterprise

    @classmethod
    def seen_by(cls, unit_id):
        return Q(enterprise__township=unit_id)

    def edited_by(self):
        known = Declaration.enterprise.is_cached(self) or self.enterprise_id
        return {self.enterprise.township_id} if known else {None}

    @classmethod
    def missing_papers(cls, rows):
        papers = Evidence.objects.current().filter(ledger="declarations", record_id__in=[row.pk for row in rows])
        present = {(paper.record_id, paper.slot) for paper in papers.filter(county_id=rows[0].county_id)}
        needed = {row.pk: CONFIRMED_BY.get(DeclarationStep(row.step), ()) for row in rows}
        return {pk: [slot for slot in slots if (pk, slot) not in present] for pk, slots in needed.items()}

    def clean(self):
        """入库 after 入库, or 退库 after 退库, would count one enterprise twice."""
        if self.step not in LIBRARY_STEPS or self.verdict in (Verdict.RETURNED, Verdict.REFUSED):
            return
        moves = Declaration.objects.current().filter(STILL_STANDS, enterprise=self.enterprise, step__in=LIBRARY_STEPS)
        moves = moves.exclude(pk=self.pk)
        before = moves.filter(happened_on__lte=self.happened_on).order_by("-happened_on", "-pk").first()
        after = moves.filter(happened_on__gt=self.happened_on).order_by("happened_on", "pk").first()
        for other in (before, after):
            if other is not None and other.step == self.step:
                raise ValidationError({"step": TWICE[self.step].format(when=other.happened.label)})


TWICE = {
    DeclarationStep.LISTED: "这家企业已于{when}入库，其间没有退库，不能再次入库。",
    DeclarationStep.DELISTED: "这家企业已于{when}退库，其间没有入库，不能再次退库。",
}
