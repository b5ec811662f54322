"""固投项目: what the statistics office counts as investment, how it came into its library, and what it says of a month.

A contract (招商项目) is never one listed project: it may come in phases or parts, and an investment project may have no
contract at all. By the location principle it counts whole for the unit where it is built.
"""

from datetime import date
from itertools import pairwise
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.lookups import LessThanOrEqual

from core.fields import MoneyField, first_of_month, money_range, month_number
from core.models import Evidence
from core.periods import month_end, month_label
from core.records import STILL_STANDS, DatedRecord, Verdict, VerifiedAmount
from projects.models.projects import Project
from projects.tracks import all_materials, lowest, materials_for, stopped_after, track_of
from townships.credits import TownshipQuerySet
from townships.models import CountyRecord, Unit, listed_by_code, unique_code

LEDGER = "investment_projects"
FAR_TOO_MUCH = 2
"""Times the planned investment from which on a running sum is rather a slip of the unit than an overrun."""


class Part(models.TextChoices):
    """How much of a contract's project it is."""

    WHOLE = "whole", "整体"
    PHASE = "phase", "分期"
    PIECE = "piece", "子项目"


class InvestmentStep(models.TextChoices):
    """Its way into the statistics office's library; 退回 is that office's, not a verdict on the row."""

    APPLIED = "applied", "已申报"
    RETURNED = "returned", "退回"
    LISTED = "listed", "入库"
    REMOVED = "removed", "出库"


LIBRARY_STEPS = (InvestmentStep.LISTED, InvestmentStep.REMOVED)
CONFIRMED_BY = {InvestmentStep.LISTED: "固投入库名单", InvestmentStep.REMOVED: "固投出库名单"}
"""step → the statistics office's paper, without which an acceptance needs a note."""


class State(models.TextChoices):
    """Where it stands on a day."""

    EARLY = "early", "未到入库条件"
    DUE = "due", "可入库未入库"
    APPLIED = "applied", "已申报待入库"
    RETURNED = "returned", "申报被退回"
    REPORTING = "reporting", "在库有数据"
    SILENT = "silent", "在库无数据"
    STOPPED = "stopped", "停报"
    REMOVED = "removed", "已出库"


TO_BE_LISTED = (State.DUE, State.APPLIED, State.RETURNED)
IN_LIBRARY = (State.REPORTING, State.SILENT, State.STOPPED)


class InvestmentQuerySet(TownshipQuerySet):
    amounts = ("planned",)
    township_path = "unit"

    def with_state(self, day: date) -> QuerySet:
        """`state`, `listed_on` (last 入库), `last_month` with a figure, `reported` (万元 so far) as of that day.

        What is silent is told by the last month of which the statistics office gave back anything: before its
        figures are here nobody owes any.
        """
        steps = InvestmentMove.objects.current().filter(STILL_STANDS, project=OuterRef("pk"), happened_until__lte=day)
        known = steps.filter(Q(verdict=Verdict.ACCEPTED) | ~Q(step__in=LIBRARY_STEPS)).order_by("-happened_on", "-pk")
        listed = steps.filter(verdict=Verdict.ACCEPTED, step=InvestmentStep.LISTED).order_by("-happened_on", "-pk")
        rows = self.annotate(
            step=Subquery(known.values("step")[:1]),
            listed_on=Subquery(listed.values("happened_on")[:1]),
            last_month=Subquery(_of_months(day, Max("happened_on", filter=~Q(amount=0)), models.DateField())),
            reported=Subquery(_of_months(day, Sum("amount"), MoneyField())),
            asked_month=Subquery(_given_back(day)),
        )
        return rows.annotate(state=_state(day))

    def with_papers(self) -> QuerySet:
        """`paper_<n>`: whether the n-th of all materials is there."""
        papers = Evidence.objects.current().filter(
            ledger=LEDGER, county_id=OuterRef("county_id"), record_id=OuterRef("pk")
        )
        found = {f"paper_{n}": Exists(papers.filter(slot=slot)) for n, slot in enumerate(all_materials())}
        return self.annotate(**found)


def _of_months(day: date, what: Any, field: models.Field) -> QuerySet:
    rows = InvestmentMonth.objects.current().filter(STILL_STANDS, project=OuterRef("pk"), happened_on__lte=day)
    return rows.order_by().values("project").annotate(found=what).values("found")


def _given_back(day: date) -> QuerySet:
    rows = InvestmentMonth.objects.current().filter(STILL_STANDS, county=OuterRef("county"), happened_on__lte=day)
    return rows.order_by("-happened_on").values("happened_on")[:1]


def _state(day: date) -> Case:
    in_library, reported = Q(step=InvestmentStep.LISTED), Q(last_month__gte=F("asked_month"))
    reported_since = When(last_month__gt=F("listed_on"), then=month_number("last_month"))
    since = Case(reported_since, default=month_number("listed_on"))
    stopped = Q(LessThanOrEqual(since, month_number("asked_month") - stopped_after()))
    started = Q(started_on__lte=day, planned__gte=lowest())
    return Case(
        When(in_library & reported, then=Value(State.REPORTING)),
        When(in_library & stopped, then=Value(State.STOPPED)),
        When(in_library, then=Value(State.SILENT)),
        When(step=InvestmentStep.REMOVED, then=Value(State.REMOVED)),
        When(step=InvestmentStep.APPLIED, then=Value(State.APPLIED)),
        When(step=InvestmentStep.RETURNED, then=Value(State.RETURNED)),
        When(started, then=Value(State.DUE)),
        default=Value(State.EARLY),
        output_field=models.CharField(),
    )


class InvestmentProject(CountyRecord):
    """固投项目. Its way into the library and its monthly figures live on dated rows of their own; amounts in 万元."""

    code_prefix = "GT"

    name = models.CharField("固投项目名称", max_length=100)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="建设地点")
    contract = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="investments", verbose_name="招商项目"
    )
    part = models.CharField("与招商项目的关系", max_length=8, choices=Part, default=Part.WHOLE)
    split_reason = models.CharField("拆分原因", max_length=200, blank=True)
    library_code = models.CharField("统计项目编码", max_length=40, blank=True)
    planned = MoneyField("计划总投资")
    purchase_only = models.BooleanField("单纯购置", default=False)
    started_on = models.DateField("开工日期", null=True, blank=True)
    reporter = models.CharField("上报单位", max_length=100, blank=True)
    approval_number = models.CharField("立项文号", max_length=60, blank=True)
    approval_unit = models.CharField("批文单位", max_length=100, blank=True)
    approved_on = models.DateField("批文日期", null=True, blank=True)
    approved_total = MoneyField("批文总投资", null=True, blank=True)
    contract_party = models.CharField("合同甲方", max_length=100, blank=True)
    contract_on = models.DateField("施工合同日期", null=True, blank=True)
    remark = models.CharField("备注", max_length=200, blank=True)

    objects = InvestmentQuerySet.as_manager()

    class Meta:
        verbose_name = "固投项目"
        constraints: ClassVar = unique_code(
            "investment_project",
            money_range("planned"),
            money_range("approved_total"),
            models.CheckConstraint(
                condition=Q(planned__gt=0),
                name="investment_project_positive",
                violation_error_message="计划总投资要大于零。",
            ),
            models.UniqueConstraint(
                fields=["county", "unit", "name"],
                condition=Q(voided_at=None),
                name="investment_project_once",
                violation_error_message="这个单位已登记过同名的固投项目，请核对后再新增。",
            ),
            models.UniqueConstraint(
                fields=["county", "approval_number"],
                condition=Q(voided_at=None) & ~Q(approval_number=""),
                name="investment_project_own_approval",
                violation_error_message="这个立项文号已用于另一个固投项目，每个固投项目要有自己的立项。",
            ),
            models.UniqueConstraint(
                fields=["county", "library_code"],
                condition=Q(voided_at=None) & ~Q(library_code=""),
                name="investment_project_library_code_once",
                violation_error_message="这个统计项目编码已登记在另一个固投项目名下，请核对。",
            ),
            models.CheckConstraint(
                condition=Q(part=Part.WHOLE) | (~Q(split_reason="") & ~Q(approval_number="")),
                name="investment_project_split_founded",
                violation_error_message="分期、拆分的固投项目要有自己的立项文号，并写明拆分原因。",
            ),
        )
        indexes: ClassVar = [
            listed_by_code("investment_project"),
            models.Index(fields=["county", "unit"], name="investment_project_unit"),
            models.Index(fields=["contract"], name="investment_project_contract"),
        ]

    def __str__(self):
        return self.name

    @classmethod
    def seen_by(cls, unit_id):
        return Q(unit=unit_id)

    def edited_by(self):
        return {self.unit_id}

    def stands_in(self):
        return self.unit if self.unit_id else None

    def clean(self):
        if self.part != Part.WHOLE and self.contract_id is None:
            raise ValidationError({"contract": "分期、子项目要写明属于哪个招商项目。"})
        if self.contract_id and self.unit_id not in (self.contract.landing_unit_id, self.contract.responsible_unit_id):
            raise ValidationError({"unit": "建设地点要是这个招商项目的落户乡镇或责任单位。"})

    @property
    def track(self):
        return track_of(self.planned)

    def doubts(self) -> list[str]:
        """Where the papers do not fit together: questions to settle before the application, never corrections."""
        return [sentence for sentence in (_names(self), _days(self), _amounts(self)) if sentence]

    def lacking(self) -> list[str]:
        """Materials that its way into the library asks for and that are not there; needs `with_papers`."""
        place = {slot: number for number, slot in enumerate(all_materials())}
        wanted = materials_for(self.planned, self.purchase_only)
        return [slot for slot in wanted if not getattr(self, f"paper_{place[slot]}")]


def _names(row: InvestmentProject) -> str:
    said = {"批文单位": row.approval_unit, "上报单位": row.reporter, "合同甲方": row.contract_party}
    known = {what: "".join(name.split()) for what, name in said.items() if name}
    if len(set(known.values())) < 2:
        return ""
    return f"{'、'.join(known)}不一致（{'、'.join(said[what] for what in known)}）"


def _days(row: InvestmentProject) -> str:
    said = [("批文日期", row.approved_on), ("施工合同日期", row.contract_on), ("开工日期", row.started_on)]
    known = [(what, day) for what, day in said if day]
    for (first, before), (second, after) in pairwise(known):
        if before > after:
            return f"{first}晚于{second}"
    return ""


def _amounts(row: InvestmentProject) -> str:
    same = row.approved_total is None or row.approved_total == row.planned
    return "" if same else "批文总投资与计划总投资不一致"


class OfInvestment(models.Model):
    """A dated row that belongs to an investment project: seen, edited and told about with it."""

    own_to = ("project__unit_id",)

    project = models.ForeignKey(InvestmentProject, models.PROTECT, related_name="%(class)ss", verbose_name="固投项目")

    class Meta:
        abstract = True

    @property
    def history_subject(self):
        return self.project

    @classmethod
    def seen_by(cls, unit_id):
        return Q(project__unit=unit_id)

    def edited_by(self):
        return {self.project.unit_id} if self.project_id else {None}


class OfInvestmentQuerySet(TownshipQuerySet):
    township_path = "project__unit"


class InvestmentMove(OfInvestment, DatedRecord, CountyRecord):
    """固投入库: one step of one project on one day. 入库 and 出库 take turns and count once 统计 has confirmed them."""

    code_prefix = "GS"
    closes_with = "investment_moves"

    step = models.CharField("环节", max_length=10, choices=InvestmentStep)
    submission = models.CharField("申报批次", max_length=60, blank=True)
    remark = models.CharField("说明", max_length=200, blank=True)

    objects = OfInvestmentQuerySet.as_manager()

    class Meta:
        verbose_name = "固投入库记录"
        constraints: ClassVar = unique_code(
            "investment_move",
            *DatedRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["county", "project", "step", "happened_on"],
                condition=Q(voided_at=None) & STILL_STANDS,
                name="investment_move_once",
                violation_error_message="这个项目当天的这个环节已登记过，请修改原来那条。",
            ),
            models.CheckConstraint(
                condition=~Q(step=InvestmentStep.RETURNED) | ~Q(remark=""),
                name="investment_move_return_reason",
                violation_error_message="退回的要写明退回原因，以便补正后再报。",
            ),
        )
        indexes: ClassVar = [
            listed_by_code("investment_move"),
            models.Index(fields=["county", "step", "happened_on"], name="investment_move_date"),
            models.Index(fields=["project", "happened_on"], name="investment_move_project"),
        ]

    def __str__(self):
        return f"{self.project}{self.get_step_display()}"

    @classmethod
    def missing_papers(cls, rows):
        papers = Evidence.objects.current().filter(ledger="investment_moves", record_id__in=[row.pk for row in rows])
        present = {(paper.record_id, paper.slot) for paper in papers.filter(county_id=rows[0].county_id)}
        needed = {row.pk: CONFIRMED_BY.get(InvestmentStep(row.step)) for row in rows}
        return {pk: [slot] if slot and (pk, slot) not in present else [] for pk, slot in needed.items()}

    def clean(self):
        if self.verdict in (Verdict.RETURNED, Verdict.REFUSED):
            return
        if self.step in (InvestmentStep.APPLIED, InvestmentStep.LISTED) and self.project.track is None:
            raise ValidationError({"project": f"计划总投资不到{lowest():f}万元，达不到固定资产投资入库标准。"})
        self._in_turn()

    def _in_turn(self):
        """入库 after 入库, or 出库 without 入库, would count one project twice or none."""
        if self.step not in LIBRARY_STEPS:
            return
        moves = InvestmentMove.objects.current().filter(STILL_STANDS, project=self.project, step__in=LIBRARY_STEPS)
        moves = moves.exclude(pk=self.pk)
        before = moves.filter(happened_on__lte=self.happened_on).order_by("-happened_on", "-pk").first()
        after = moves.filter(happened_on__gt=self.happened_on).order_by("happened_on", "pk").first()
        if any(other is not None and other.step == self.step for other in (before, after)):
            other = before if before and before.step == self.step else after
            raise ValidationError(
                {"step": f"这个项目已于{other.happened.label}{other.get_step_display()}，不能重复登记。"}
            )
        if self.step == InvestmentStep.REMOVED and before is None:
            raise ValidationError({"step": "这个项目没有入库，不能登记出库。"})


class InvestmentMonthQuerySet(OfInvestmentQuerySet):
    amounts = ("amount", "verified_amount")


class InvestmentMonth(OfInvestment, VerifiedAmount, DatedRecord, CountyRecord):
    """固投填报数: the month's investment as the statistics office gave it back, 万元; never reckoned here.

    Entered by the county office alone: what a township says of its projects is 项目进展.
    """

    code_prefix = "GR"
    closes_with = "investment_months"

    amount = MoneyField("本月完成投资")
    source = models.CharField("数据来源", max_length=100, blank=True)
    remark = models.CharField("备注", max_length=200, blank=True)

    objects = InvestmentMonthQuerySet.as_manager()

    class Meta:
        verbose_name = "固投填报数"
        constraints: ClassVar = unique_code(
            "investment_month",
            *DatedRecord.Meta.constraints,
            *VerifiedAmount.Meta.constraints,
            money_range("amount"),
            first_of_month("happened_on"),
            models.UniqueConstraint(
                fields=["county", "project", "happened_on"],
                condition=Q(voided_at=None),
                name="investment_month_once",
                violation_error_message="这个项目这个月的填报数已登记过，有变动请修改原来那条。",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0) | ~Q(remark=""),
                name="investment_month_reversal_reason",
                violation_error_message="本月完成投资为负数的，要在备注中写明原因。",
            ),
        )
        indexes: ClassVar = [
            listed_by_code("investment_month"),
            models.Index(fields=["county", "happened_on"], name="investment_month_month"),
            models.Index(fields=["project", "happened_on"], name="investment_month_project"),
        ]

    def __str__(self):
        return f"{self.project}{month_label(self.happened_on)}填报数"

    def edited_by(self):
        return set()

    def reopened_for(self):
        return {self.project.unit_id} if self.project_id else set()

    @property
    def claimed(self):
        return self.amount

    @property
    def month(self):
        return self.happened_on

    def clean(self):
        self._in_the_library()
        self._not_far_too_much()

    def _in_the_library(self):
        """先入库，后有数."""
        listed = InvestmentMove.objects.current().filter(STILL_STANDS, project=self.project, step=InvestmentStep.LISTED)
        if not listed.filter(happened_on__lte=month_end(self.happened_on)).exists():
            when = month_label(self.happened_on)
            raise ValidationError({"month": f"到{when}底这个项目还没有入库，不能有填报数，请先登记入库。"})

    def _not_far_too_much(self):
        others = InvestmentMonth.objects.current().filter(STILL_STANDS, project=self.project).exclude(pk=self.pk)
        total = self.amount + (others.aggregate(found=Sum("amount"))["found"] or 0)
        if total > FAR_TOO_MUCH * self.project.planned and not self.remark.strip():
            told = f"累计将超过计划总投资的{FAR_TOO_MUCH}倍，请核对单位是不是万元"
            raise ValidationError({"amount": f"{told}；确实如此的，在备注写明原因。"})
