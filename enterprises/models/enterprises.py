"""Enterprises of the county, and their way into the statistics office's library (四上入库)."""

from collections.abc import Callable
from datetime import date
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, Value, When

from core.fields import MoneyField, money_range
from core.identifiers import read_uscc
from core.models import Evidence
from core.readings import Reading
from core.records import STILL_STANDS, DatedRecord, Verdict
from core.withheld import Withheld
from enterprises.industries import read_industry
from enterprises.models.groups import AboveScaleGroup, ExitCause, Route
from enterprises.models.windows import DeclarationWindow, outside
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


class EnterpriseQuerySet(TownshipQuerySet):
    amounts = ("registered_capital",)

    def registered_until(self, day: date | None) -> QuerySet:
        """Those registered by the end of that day; who has no date yet can't be said to have been there."""
        return self.filter(registered_on__lte=day) if day else self

    def with_listing(self, day: date | None = None) -> QuerySet:
        """`listing`: whether in or out by the last verified step up to that day (None: all that is known), as 入库 or
        退库; None for neither."""
        return self.annotate(listing=Subquery(side_of("pk", day)))


def side_of(enterprise: str, day: date | None) -> QuerySet:
    """The side of the library on which the last verified step up to that day left the outer row's `enterprise`."""
    moves = Declaration.objects.current().filter(enterprise=OuterRef(enterprise), verdict=Verdict.ACCEPTED)
    moves = moves.filter(step__in=LIBRARY_STEPS)
    moves = moves.filter(happened_until__lte=day) if day else moves
    side = Case(When(step__in=ENTERING, then=Value("listed")), default=Value("delisted"))
    return moves.order_by("-happened_on", "-pk").annotate(side=side).values("side")[:1]


class Enterprise(CountyRecord):
    """企业. What happens to it (申报、入库、退库) lives on dated rows of its own."""

    code_prefix = "QY"
    withheld_fields: ClassVar = {"contact": Withheld.CONTACT, "phone": Withheld.CONTACT}
    own_to = ("township_id",)

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
    CHANGED = "changed", "专业变更"
    MOVED_IN = "moved_in", "县外迁入"
    MOVED_OUT = "moved_out", "迁出县外"


ENTERING = (DeclarationStep.LISTED, DeclarationStep.MOVED_IN)
LEAVING = (DeclarationStep.DELISTED, DeclarationStep.MOVED_OUT)
LIBRARY_STEPS = (*ENTERING, *LEAVING)
"""The steps that change whether an enterprise is in the library; they take turns. 专业变更 changes nothing of it, and
none but 入库 and 退库 count as entry or exit."""

CONFIRMED_BY = {
    DeclarationStep.LISTED: ("统计局入库名单",),
    DeclarationStep.DELISTED: ("统计局退库名单",),
    DeclarationStep.CHANGED: ("统计局变更名单",),
    DeclarationStep.MOVED_IN: ("统计局变更名单",),
    DeclarationStep.MOVED_OUT: ("统计局变更名单",),
}
"""step → the evidence without which an acceptance needs a note: what counts is what the statistics office confirmed."""


class DeclarationQuerySet(TownshipQuerySet):
    """A step counts for the township in which the enterprise stood then, wherever it moves later."""


class WhereItStood(models.Model):
    """What happened to an enterprise belongs to the township in which that stood then, wherever it moves later."""

    own_to = ("township_id", "enterprise__township_id")

    township = models.ForeignKey(Unit, models.PROTECT, related_name="+", blank=True, verbose_name="当时所在乡镇")

    class Meta:
        abstract = True

    @classmethod
    def seen_by(cls, unit_id):
        """The township where it happened, and the one to which the enterprise has moved since."""
        return Q(township=unit_id) | Q(enterprise__township=unit_id)

    def edited_by(self):
        return {self.township_id or self.enterprise.township_id} if self._knows_enterprise else {None}

    def content_changed(self, user_id, fields):
        """Where nobody says otherwise, it was where the enterprise stands."""
        super().content_changed(user_id, fields)
        if self.township_id is None and self._knows_enterprise:
            self.township = self.enterprise.township

    @property
    def _knows_enterprise(self):
        return type(self).enterprise.is_cached(self) or self.enterprise_id is not None


class Declaration(WhereItStood, DatedRecord, CountyRecord):
    """申报入库记录: one step of one enterprise on one day.

    入库 and 退库 take turns, so an enterprise may enter again after it has left, and never counts twice in between.
    `library_year` is the year for whose library it was taken in, beside the day on which that was confirmed.
    """

    code_prefix = "SB"
    closes_with = "declarations"

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="declarations", verbose_name="企业名称")
    step = models.CharField("环节", max_length=10, choices=DeclarationStep)
    route = models.CharField("申报类型", max_length=10, choices=Route, blank=True)
    submission = models.CharField("申报批次", max_length=60, blank=True)
    library_year = models.PositiveSmallIntegerField("纳入年度", null=True, blank=True)
    cause = models.CharField("退库原因", max_length=10, choices=ExitCause, blank=True)
    window_reason = models.CharField("窗口外申报理由", max_length=200, blank=True)
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
            models.CheckConstraint(
                condition=Q(cause="") | Q(step=DeclarationStep.DELISTED),
                name="declaration_cause_of_exit",
                violation_error_message="退库原因只在退库时填写。",
            ),
            models.CheckConstraint(
                condition=Q(library_year=None) | Q(library_year__range=(1990, 2100)),
                name="declaration_library_year",
                violation_error_message="纳入年度请填四位年份，例如2024。",
            ),
        )
        indexes: ClassVar = [
            listed_by_code("declaration"),
            models.Index(fields=["county", "step", "happened_on"], name="declaration_date"),
            models.Index(fields=["enterprise", "happened_on"], name="declaration_enterprise"),
            models.Index(fields=["county", "township"], name="declaration_township"),
        ]

    def __str__(self):
        return f"{self.enterprise}{self.get_step_display()}"

    @property
    def history_subject(self):
        return self.enterprise

    @property
    def asked_of_acceptance(self):
        """A workbook of past years may tell no cause of an exit; whoever accepts it is asked for one."""
        unexplained = self.step == DeclarationStep.DELISTED and not self.cause
        return (*CONFIRMED_BY.get(DeclarationStep(self.step), ()), *(["退库原因"] if unexplained else []))

    @classmethod
    def missing_papers(cls, rows):
        papers = Evidence.objects.current().filter(ledger="declarations", record_id__in=[row.pk for row in rows])
        present = {(paper.record_id, paper.slot) for paper in papers.filter(county_id=rows[0].county_id)}
        needed = {row.pk: row.asked_of_acceptance for row in rows}
        return {pk: [slot for slot in slots if (pk, slot) not in present] for pk, slots in needed.items()}

    def clean(self):
        """Raises ValidationError for a second entry in a row and for a day outside the windows without reason."""
        if self.verdict in (Verdict.RETURNED, Verdict.REFUSED):
            return
        if self.step in LIBRARY_STEPS:
            self._in_turn()
        if self.step == DeclarationStep.SUBMITTED and not self.window_reason.strip():
            self._in_a_window()

    def _in_turn(self):
        """入库 after 入库, or 退库 after 退库, would count one enterprise twice."""
        moves = Declaration.objects.current().filter(STILL_STANDS, enterprise=self.enterprise, step__in=LIBRARY_STEPS)
        moves = moves.exclude(pk=self.pk)
        before = moves.filter(happened_on__lte=self.happened_on).order_by("-happened_on", "-pk").first()
        after = moves.filter(happened_on__gt=self.happened_on).order_by("happened_on", "pk").first()
        side = ENTERING if self.step in ENTERING else LEAVING
        for other in (before, after):
            if other is not None and other.step in side:
                told = {
                    "when": other.happened.label,
                    "other": other.get_step_display(),
                    "this": self.get_step_display(),
                }
                raise ValidationError({"step": TWICE[side].format(**told)})

    def _in_a_window(self):
        windows = DeclarationWindow.objects.current().in_county(self.county_id).of_year(self.happened_on.year)
        if told := outside(windows.order_by("pk"), self.happened, self.route, self.enterprise.scale_group):
            raise ValidationError({"window_reason": told})


TWICE = {
    ENTERING: "这家企业已于{when}{other}，其间没有退库，不能再次{this}。",
    LEAVING: "这家企业已于{when}{other}，其间没有入库，不能再次{this}。",
}
