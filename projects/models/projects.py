"""Investors, projects, and what happens to a project: agreements, milestones, shares of credit."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from core.fields import MoneyField, MonthField, first_of_month, money_range
from core.identifiers import project_code_state
from core.models import Evidence
from core.periods import month_label
from core.records import STILL_STANDS, DatedRecord, RecordQuerySet, Verdict, VerifiedAmount
from core.withheld import Withheld
from enterprises.models import Enterprise, valid_industry
from projects.credits import EVER, FOREVER, WHOLE, SharedQuerySet
from projects.lifecycle import STEPS, Step, stage_steps, status_steps
from townships.models import CountyRecord, Unit, listed_by_code, unique_code


class Origin(models.TextChoices):
    """Where the money comes from, seen from the county."""

    COUNTY = "county", "县内"
    CITY = "city", "市内县外"
    PROVINCE = "province", "省内市外"
    NATION = "nation", "省外"
    ABROAD = "abroad", "境外"


class Standing(models.TextChoices):
    """What kind of investor it is, as cohort rules ask: the three lists of 500强, and the others that rules name."""

    WORLD_500 = "world_500", "世界500强"
    CHINA_500 = "china_500", "中国500强"
    PRIVATE_500 = "private_500", "民企500强"
    LISTED = "listed", "上市公司"
    CENTRAL = "central", "央企"
    CHAIN = "chain", "链主企业"


class Investor(CountyRecord):
    """投资方. A plain model for now: named by projects, kept once a county."""

    code_prefix = "TZ"
    shared = True

    name = models.CharField("投资方名称", max_length=100)
    uscc = models.CharField("统一社会信用代码", max_length=18, blank=True)
    place = models.CharField("来源地", max_length=50, blank=True)

    class Meta:
        verbose_name = "投资方"
        constraints: ClassVar = unique_code(
            "investor",
            models.UniqueConstraint(
                fields=["county", "name"],
                condition=Q(voided_at=None),
                name="investor_once",
                violation_error_message="已有同名投资方。",
            ),
        )

    def __str__(self):
        return self.name

    @classmethod
    def seen_by(cls, unit_id):
        return Q()


class ProjectQuerySet(SharedQuerySet):
    amounts = ("total_investment", "verified_investment")
    project_path = "pk"
    day_path = "credit_day"

    def with_credit_day(self) -> QuerySet:
        """An unsigned project goes by the shares agreed last. Of rows `as_of` a day."""
        return self.annotate(credit_day=Coalesce(F("signed_on"), models.Value(FOREVER)))

    def as_of(self, day: date | None = None) -> QuerySet:
        """With what the dated rows say of a project at the end of that day (None: all that is known).

        signed_on, signed_until, signed_precision, contract, signing_verdict, counted_from, counted_until
        (of the first formal agreement, else the first of any kind); total_investment, its verified part,
        fixed_assets and introduced (万元); stage and status (keys of `projects.lifecycle.STEPS`); ended (bool).
        """
        agreements = _until(Agreement.objects.current().filter(project=OuterRef("pk")), day)
        signing = agreements.order_by(F("kind").asc(), "happened_on", "pk")
        milestones = _until(Milestone.objects.current().filter(STILL_STANDS, project=OuterRef("pk")), day)
        return self.annotate(
            **{name: Subquery(signing.values(source)[:1]) for name, source in SIGNING.items()},
            total_investment=_sum_of(agreements, "total_investment"),
            verified_investment=_sum_of(agreements.filter(verdict=Verdict.ACCEPTED), "verified_amount"),
            fixed_assets=_sum_of(agreements, "fixed_assets"),
            introduced=_sum_of(agreements, "introduced"),
            stage=Coalesce(
                Subquery(_last(milestones, stage_steps())), Subquery(signing.values(stage=SIGNED_STAGE)[:1])
            ),
            status=Coalesce(Subquery(_last(milestones, status_steps())), models.Value(Step.RESUMED.value)),
        )


SIGNED_STAGE = models.Case(
    models.When(kind="formal", then=models.Value(Step.SIGNING.value)), default=models.Value(Step.TALKS.value)
)
"""Where a project stands that has a contract and no milestone yet: a framework is still talks."""
SIGNING = {
    "signed_on": "happened_on",
    "signed_until": "happened_until",
    "signed_precision": "happened_precision",
    "contract": "kind",
    "signing_verdict": "verdict",
    "signing_note": "verdict_note",
    "counted_from": "counted_from",
    "counted_until": "counted_until",
}


READ_BY_METRICS = frozenset({"landing_unit", "investor", "local_industry"})
"""What metrics read of a project that is not dated: it stands once a month that counts the project closes."""
CREDIT_STANDS = "项目的份额、落户乡镇、投资方和所属产业决定那个月怎么计，不能再改。"


class Project(CountyRecord):
    """招商项目. What changes with time (总投资, 签约, 阶段) lives on its agreements and milestones."""

    code_prefix = "XM"
    withheld_fields: ClassVar = {"contact": Withheld.CONTACT, "phone": Withheld.CONTACT}
    own_to = ("responsible_unit_id", "landing_unit_id")
    closed_says = CREDIT_STANDS

    name = models.CharField("项目名称", max_length=100)
    approval_code = models.CharField("投资项目代码", max_length=30, blank=True)
    investor = models.ForeignKey(
        Investor, models.PROTECT, null=True, blank=True, related_name="projects", verbose_name="投资方"
    )
    investor_standing = models.CharField("投资方类型", max_length=12, choices=Standing, blank=True)
    company = models.ForeignKey(
        Enterprise, models.PROTECT, null=True, blank=True, related_name="projects", verbose_name="项目公司"
    )
    origin = models.CharField("资金来源", max_length=10, choices=Origin, blank=True)
    local_industry = models.CharField("所属产业", max_length=40, blank=True)
    industry = models.CharField("国民经济行业", max_length=4, blank=True, validators=[valid_industry])
    content = models.TextField("建设内容", max_length=2000, blank=True)
    landing_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="落户单位")
    responsible_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="责任单位")
    county_leader = models.CharField("联系县领导", max_length=30, blank=True)
    township_leader = models.CharField("分管镇领导", max_length=30, blank=True)
    contact = models.CharField("企业联系人", max_length=30, blank=True)
    phone = models.CharField("联系电话", max_length=20, blank=True)
    progress = models.TextField("进展情况", max_length=2000, blank=True)
    remark = models.TextField("备注", max_length=2000, blank=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = "项目"
        constraints: ClassVar = unique_code("project")
        indexes: ClassVar = [
            listed_by_code("project"),
            models.Index(fields=["county", "landing_unit"], name="project_landing"),
            models.Index(fields=["county", "name"], name="project_name"),
        ]

    def __str__(self):
        return self.name

    @classmethod
    def seen_by(cls, unit_id):
        shares = ProjectShare.objects.current().filter(project=OuterRef("pk"), unit=unit_id)
        return Q(responsible_unit=unit_id) | Q(landing_unit=unit_id) | Q(Exists(shares))

    def edited_by(self):
        return {self.responsible_unit_id}

    def stands_in(self):
        return self.landing_unit

    @classmethod
    def locked_with(cls, records, fields):
        return _dated_rows_of([row.pk for row in records]) if fields & READ_BY_METRICS else []

    @property
    def approval_code_state(self) -> str:
        """Empty, `new`, `new_badcheck`, `old` or `bad`: a doubt is shown, never refused."""
        return project_code_state(self.approval_code) if self.approval_code else ""


class OfProject(models.Model):
    """A row that belongs to a project: seen, edited and told about with it."""

    own_to = ("project__responsible_unit_id", "project__landing_unit_id")

    project = models.ForeignKey(Project, models.PROTECT, related_name="%(class)ss", verbose_name="项目")

    class Meta:
        abstract = True

    @property
    def history_subject(self):
        return self.project

    @classmethod
    def seen_by(cls, unit_id):
        return Q(Exists(Project.objects.filter(Project.seen_by(unit_id), pk=OuterRef("project"))))

    def edited_by(self):
        known = self.project_id or type(self).project.is_cached(self)
        return self.project.edited_by() if known else {None}


class Contract(models.TextChoices):
    """Sorted so that a formal contract comes before a framework agreement."""

    FORMAL = "formal", "正式合同"
    FRAMEWORK = "framework", "框架协议"


class AgreementReason(models.TextChoices):
    NEW = "new", "新签约"
    UPGRADE = "upgrade", "框架转正式"
    INCREASE = "increase", "增资"
    REDUCTION = "reduction", "减资"


class AgreementQuerySet(SharedQuerySet):
    amounts = ("total_investment", "verified_amount")

    def total_of(self, projects: QuerySet, day: date | None = None) -> Decimal | None:
        """Σ 总投资 (万元) of these projects by the rule of `ProjectQuerySet.as_of`; None where there is nothing."""
        rows = _until(self.current(), day)
        formal = rows.filter(project=OuterRef("project"), kind=Contract.FORMAL)
        counting = rows.filter(project__in=projects).filter(Q(kind=Contract.FORMAL) | ~Exists(formal))
        return counting.aggregate(total=Sum("total_investment"))["total"]


class Agreement(OfProject, VerifiedAmount, DatedRecord, CountyRecord):
    """签约: a contract, its upgrade from a framework, or an increase; each is a dated row of its own.

    A project's 总投资 is the sum over its formal rows, or what the framework says while there is none.
    """

    code_prefix = "XY"
    closes_with = "agreements"

    kind = models.CharField("签约类型", max_length=10, choices=Contract, default=Contract.FORMAL)
    reason = models.CharField("事由", max_length=10, choices=AgreementReason, default=AgreementReason.NEW)
    total_investment = MoneyField("总投资")
    introduced = MoneyField("协议引资额", null=True, blank=True)
    fixed_assets = MoneyField("固定资产投资", null=True, blank=True)
    contract_number = models.CharField("合同编号", max_length=60, blank=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = "签约记录"
        constraints: ClassVar = unique_code(
            "agreement",
            *DatedRecord.Meta.constraints,
            *VerifiedAmount.Meta.constraints,
            money_range("total_investment"),
            money_range("introduced"),
            money_range("fixed_assets"),
            models.CheckConstraint(
                condition=Q(fixed_assets=None) | Q(reason="reduction") | Q(fixed_assets__lte=F("total_investment")),
                name="agreement_fixed_within_total",
                violation_error_message="固定资产投资不能大于总投资。",
            ),
            models.CheckConstraint(
                condition=Q(introduced=None) | Q(reason="reduction") | Q(introduced__lte=F("total_investment")),
                name="agreement_introduced_within_total",
                violation_error_message="协议引资额不能大于总投资。",
            ),
            models.CheckConstraint(
                condition=Q(reason="reduction", total_investment__lt=0)
                | (~Q(reason="reduction") & Q(total_investment__gte=0)),
                name="agreement_sign_of_amount",
                violation_error_message="减资填负数，其他事由的总投资不能为负。",
            ),
            models.UniqueConstraint(
                fields=["county", "project", "kind"],
                condition=Q(voided_at=None, reason__in=["new", "upgrade"]),
                name="agreement_signed_once",
                violation_error_message="这个项目已登记过同类签约，增资、减资请选相应的事由。",
            ),
        )
        indexes: ClassVar = [
            listed_by_code("agreement"),
            models.Index(fields=["county", "happened_on"], name="agreement_date"),
            # In the order in which `ProjectQuerySet.as_of` looks for the signing: the first entry is the answer.
            models.Index(fields=["project", "voided_at", "kind", "happened_on"], name="agreement_project"),
        ]

    def __str__(self):
        return f"{self.project}{self.get_kind_display()}"

    @property
    def claimed(self):
        return self.total_investment


class Milestone(OfProject, DatedRecord, CountyRecord):
    """A dated step of a project's life, or a change of its status, with the department that says so."""

    code_prefix = "JD"
    closes_with = "milestones"

    step = models.CharField("节点", max_length=12, choices=Step)
    source = models.CharField("来源部门", max_length=40, blank=True)
    reason = models.CharField("原因", max_length=200, blank=True)

    objects = SharedQuerySet.as_manager()

    class Meta:
        verbose_name = "节点"
        constraints: ClassVar = unique_code(
            "milestone",
            *DatedRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["county", "project", "step", "source"],
                condition=Q(voided_at=None) & ~Q(step__in=["halted", "resumed"]) & STILL_STANDS,
                name="milestone_once",
                violation_error_message="这个项目已登记过该节点，日期有误请修改原来那条。",
            ),
        )
        indexes: ClassVar = [
            listed_by_code("milestone"),
            models.Index(fields=["county", "step", "happened_on"], name="milestone_date"),
            models.Index(fields=["project", "step", "happened_on"], name="milestone_project"),
        ]

    def __str__(self):
        return f"{self.project}{self.get_step_display()}"

    @classmethod
    def missing_papers(cls, rows):
        """By the lifecycle's table, of the evidence that hangs on the projects."""
        projects = {row.project_id for row in rows}
        papers = Evidence.objects.current().filter(ledger="projects", record_id__in=projects)
        present = {(e.record_id, e.slot) for e in papers.filter(county_id=rows[0].county_id)}
        return {r.pk: [p for p in STEPS[Step(r.step)].evidence if (r.project_id, p) not in present] for r in rows}

    def clean(self):
        if STEPS[Step(self.step)].needs_reason and not self.reason.strip():
            raise ValidationError({"reason": f"{self.get_step_display()}要写明原因。"})


class ShareRole(models.TextChoices):
    LANDING = "landing", "落地"
    FIRST_TALK = "first_talk", "首谈"
    REFERRAL = "referral", "引荐"
    SUPPORT = "support", "协同"


class CreditScope(models.TextChoices):
    """分成口径: for which figures a division holds. A metric names one; 通用 holds wherever no other is agreed."""

    GENERAL = "general", "通用"
    NUMBER = "number", "项目个数"
    CONTRACT = "contract", "签约金额"
    FUNDS = "funds", "到位资金"
    PROGRESS = "progress", "开工投产"


class ProjectShareQuerySet(RecordQuerySet):
    def in_order(self) -> QuerySet:
        """Set by set, the remainder's bearer first: as a person reads who shares what."""
        scope = models.Case(*(models.When(scope=s, then=models.Value(i)) for i, s in enumerate(CreditScope)))
        return self.order_by(scope, "since", "-landing", "-percent", "pk")

    def lasting(self) -> QuerySet:
        """Not superseded by a later agreement."""
        return self.filter(superseded_from=None)


def begun(since: date) -> str:
    return "从一开始" if since == EVER else f"{month_label(since)}起"


class ProjectShare(OfProject, CountyRecord):
    """Whose credit a project is, in hundredths of a percent; the `landing` row takes what does not divide.

    The rows of one scope and one `since` are a set that adds up to the whole. It holds for what happened from the
    month `since` on, and before `superseded_from` where a later set begins there. Without further rows the landing
    unit has the whole: that row is written with the project. See docs/adr/0008.
    """

    code_prefix = "FE"
    spoken_fields: ClassVar = {"percent": lambda hundredths: f"{hundredths / 100:g}%", "since": begun}
    closed_says = CREDIT_STANDS

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    role = models.CharField("贡献", max_length=12, choices=ShareRole, default=ShareRole.LANDING)
    landing = models.BooleanField("承担尾差", default=True)
    percent = models.PositiveIntegerField("份额", default=WHOLE)
    scope = models.CharField("分成口径", max_length=10, choices=CreditScope, default=CreditScope.GENERAL)
    since = MonthField("自何月起", default=EVER)
    superseded_from = MonthField("自何月起不再适用", null=True, blank=True)
    document = models.CharField("依据", max_length=100, blank=True)

    objects = ProjectShareQuerySet.as_manager()

    class Meta:
        verbose_name = "份额"
        constraints: ClassVar = unique_code(
            "share",
            models.UniqueConstraint(
                fields=["county", "project", "scope", "since", "unit"],
                condition=Q(voided_at=None),
                name="share_once",
                violation_error_message="这个单位在本项目已有份额。",
            ),
            models.UniqueConstraint(
                fields=["county", "project", "scope", "since"],
                condition=Q(voided_at=None, landing=True),
                name="share_one_landing",
                violation_error_message="一个项目只有一个单位承担尾差。",
            ),
            models.CheckConstraint(
                condition=Q(percent__range=(1, WHOLE)),
                name="share_range",
                violation_error_message="份额要大于0，不超过100%%。",
            ),
            models.CheckConstraint(
                condition=Q(superseded_from=None) | Q(superseded_from__gt=F("since")),
                name="share_months_in_order",
                violation_error_message="分成的止要晚于起。",
            ),
            first_of_month("since"),
            first_of_month("superseded_from"),
        )
        indexes: ClassVar = [
            models.Index(fields=["unit", "project"], name="share_unit"),
            models.Index(fields=["project", "scope"], name="share_scope"),
        ]

    def __str__(self):
        return f"{self.project}：{self.unit} {self.percent / 100:g}%"

    @property
    def when(self) -> str:
        """从一开始；2024年3月起；2024年3月起，到2024年6月止."""
        last = self.superseded_from and self.superseded_from - timedelta(days=1)
        return f"{begun(self.since)}，到{month_label(last)}止" if last else begun(self.since)

    @classmethod
    def locked_with(cls, records, fields):
        """What happened from the month on that the write is about; what came before keeps its credit."""
        begins: dict[int, date] = {}
        for row in records:
            begin = (row.superseded_from or date.max) if fields == {"superseded_from"} else row.since
            begins[row.project_id] = min(begin, begins.get(row.project_id, date.max))
        return (row for row in _dated_rows_of([*begins]) if row.happened_on >= begins[row.project_id])


def _dated_rows_of(projects: list[int]) -> Iterator[DatedRecord]:
    """Whatever counts for these projects by its date, of every kind."""
    kinds = [relation.related_model for relation in Project._meta.related_objects]
    for kind in (kind for kind in kinds if issubclass(kind, DatedRecord)):
        yield from kind.objects.current().filter(project__in=projects).order_by("pk")


def _until(rows: QuerySet, day: date | None) -> QuerySet:
    return rows if day is None else rows.filter(happened_until__lte=day)


def _last(milestones: QuerySet, steps: list[str]) -> QuerySet:
    """The step reached last; where two fall on one day, the later step of the lifecycle."""
    order = models.Case(*(models.When(step=s, then=models.Value(i)) for i, s in enumerate(steps)))
    rows = milestones.filter(step__in=steps).annotate(order=order)
    return rows.order_by("-order" if steps == stage_steps() else "-happened_on", "-pk").values("step")[:1]


def _sum_of(agreements: QuerySet, amount: str) -> Any:
    """Σ over formal rows; while there is none, Σ over framework rows."""

    def total(kind: str) -> Subquery:
        rows = agreements.filter(kind=kind).order_by().values("project").annotate(total=Sum(amount)).values("total")
        return Subquery(rows, output_field=MoneyField())

    return Coalesce(total(Contract.FORMAL), total(Contract.FRAMEWORK))
