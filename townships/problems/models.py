"""Problems, who helps to solve them, and every step that was taken."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from core.records import RecordQuerySet
from townships.credits import TownshipQuerySet
from townships.models import OWN_UNIT, CountyRecord, Role, Seat, Unit, listed_by_code, unique_code
from townships.problems.steps import ACT_OF, RULES, Act, Part, Stage, permission


class Source(models.TextChoices):
    PROJECT = "project", "项目"
    ENTERPRISE = "enterprise", "企业"
    UNIT = "unit", "单位"
    MEETING = "meeting", "会议议定事项"
    INSTRUCTION = "instruction", "领导批示"
    INSPECTION = "inspection", "检查发现"
    VISIT = "visit", "走访"


class Topic(models.TextChoices):
    LAND = "land", "用地"
    POWER = "power", "用电"
    WATER = "water", "用水用气"
    APPROVAL = "approval", "审批"
    FINANCE = "finance", "融资"
    LABOUR = "labour", "用工"
    ENVIRONMENT = "environment", "环保"
    CLEARANCE = "clearance", "征地拆迁"
    POLICY = "policy", "政策兑现"
    OTHER = "other", "其他"


class Light(models.TextChoices):
    """亮灯, as of a day. The deadline itself is still in time."""

    UNASSIGNED = "unassigned", "未交办"
    GREEN = "green", "正常"
    YELLOW = "yellow", "临期"
    RED = "red", "逾期"
    DONE = "done", "按期办结"
    LATE = "late", "逾期办结"


def by_deadline(day: date, soon_days: int) -> tuple[When, When]:
    """逾期 and 临期 of what is not done yet; else it is in time."""
    soon = day + timedelta(days=soon_days)
    return When(deadline__lt=day, then=Value(Light.RED)), When(deadline__lte=soon, then=Value(Light.YELLOW))


class ProblemQuerySet(TownshipQuerySet):
    township_path = "responsible"

    def with_light(self, day: date, soon_days: int) -> QuerySet:
        """`light` at the end of that day; `soon_days` before the deadline it turns yellow.

        What was asked to be closed is judged by the day on which it was asked: the unit has no part in how long
        the acceptance takes.
        """
        closed, done = Q(closed_on__lte=day), Q(done_on__lte=day)
        return self.annotate(
            light=Case(
                When(Q(assigned_on=None) | Q(assigned_on__gt=day), then=Value(Light.UNASSIGNED)),
                When(closed & Q(late=True), then=Value(Light.LATE)),
                When(closed, then=Value(Light.DONE)),
                When(done & Q(done_on__gt=F("deadline")), then=Value(Light.RED)),
                When(done, then=Value(Light.GREEN)),
                *by_deadline(day, soon_days),
                default=Value(Light.GREEN),
                output_field=models.CharField(max_length=10),
            )
        )

    def with_told(self, day: date) -> QuerySet:
        """`told`: what was last said about it until that day, empty where nothing was."""
        steps = ProblemStep.objects.current().filter(problem=OuterRef("pk"), on__lte=day).exclude(text="")
        last = Subquery(steps.order_by("-on", "-pk").values("text")[:1])
        return self.annotate(told=Coalesce(last, Value(""), output_field=models.TextField()))

    def by_unit(self, **options: Any) -> QuerySet:
        """A problem counts for nobody before it was given to somebody."""
        return TownshipQuerySet.by_unit(self.filter(responsible__isnull=False), **options)


class Problem(CountyRecord):
    """问题. `subject_…` names the row of a ledger that it is about, as it was called then; the steps that were taken
    stand on rows of their own.

    `done_on`: when its closing was asked for; `late`: it was overdue once, which no extension takes back.
    """

    code_prefix = "WT"
    acts = frozenset(ACT_OF)
    quiet_fields: ClassVar[frozenset[str]] = frozenset(
        {"subject_ledger", "subject_id", "subject_code", "applied_by", "closed_by"}
    )

    title = models.CharField("问题事项", max_length=100)
    source = models.CharField("来源", max_length=12, choices=Source)
    source_note = models.CharField("来源说明", max_length=200, blank=True)
    topic = models.CharField("问题类型", max_length=12, choices=Topic, blank=True)
    description = models.TextField("问题描述", max_length=2000)
    subject_ledger = models.CharField("所涉台账", max_length=30, blank=True)
    subject_id = models.BigIntegerField(null=True, blank=True)
    subject_code = models.CharField("所涉编号", max_length=32, blank=True)
    subject_label = models.CharField("涉及项目或企业", max_length=200, blank=True)
    township = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="涉及乡镇")
    raised_on = models.DateField("提出日期")
    raised_by = models.CharField("提出人", max_length=50, blank=True)
    raised_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="提出单位"
    )
    stage = models.CharField("办理阶段", max_length=10, choices=Stage, default=Stage.RAISED)
    responsible = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="责任单位"
    )
    leader = models.CharField("责任领导", max_length=30, blank=True)
    document = models.CharField("交办文号", max_length=60, blank=True)
    assigned_on = models.DateField("交办日期", null=True, blank=True)
    deadline = models.DateField("办理期限", null=True, blank=True)
    returned = models.BooleanField("验收退回", default=False)
    done_on = models.DateField("申请销号日期", null=True, blank=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="申请销号人"
    )
    closed_on = models.DateField("销号日期", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="销号人"
    )
    late = models.BooleanField("逾期标记", default=False)

    objects = ProblemQuerySet.as_manager()

    class Meta:
        verbose_name = "问题"
        constraints: ClassVar = unique_code(
            "problem",
            models.CheckConstraint(
                condition=Q(stage=Stage.RAISED, responsible=None, assigned_on=None, deadline=None)
                | (
                    ~Q(stage=Stage.RAISED)
                    & Q(responsible__isnull=False, assigned_on__isnull=False, deadline__isnull=False)
                ),
                name="problem_assigned_whole",
                violation_error_message="交办要写明责任单位、交办日期和办理期限。",
            ),
            models.CheckConstraint(
                condition=Q(assigned_on=None) | Q(assigned_on__gte=F("raised_on")),
                name="problem_assigned_after_raised",
                violation_error_message="交办日期不能早于提出日期。",
            ),
            models.CheckConstraint(
                condition=Q(deadline=None) | Q(deadline__gte=F("assigned_on")),
                name="problem_deadline_after_assigned",
                violation_error_message="办理期限不能早于交办日期。",
            ),
            models.CheckConstraint(
                condition=Q(stage__in=[Stage.APPLIED, Stage.CLOSED], done_on__isnull=False)
                | (~Q(stage__in=[Stage.APPLIED, Stage.CLOSED]) & Q(done_on=None)),
                name="problem_done_if_applied",
                violation_error_message="申请销号要有申请日期。",
            ),
            models.CheckConstraint(
                condition=Q(stage=Stage.CLOSED, closed_on__isnull=False) | (~Q(stage=Stage.CLOSED) & Q(closed_on=None)),
                name="problem_closed_on_a_day",
                violation_error_message="销号要有销号日期。",
            ),
            models.CheckConstraint(
                condition=Q(closed_by=None) | Q(applied_by=None) | ~Q(closed_by=F("applied_by")),
                name="problem_second_person",
                violation_error_message="申请销号的人不能自己同意销号，请由另一位同事验收。",
            ),
            models.CheckConstraint(
                condition=Q(subject_ledger="", subject_id=None) | (~Q(subject_ledger="") & Q(subject_id__isnull=False)),
                name="problem_subject_whole",
                violation_error_message="涉及的项目或企业没有记全，请重新填写。",
            ),
        )
        indexes: ClassVar = [
            listed_by_code("problem"),
            models.Index(fields=["county", "subject_ledger", "subject_id"], name="problem_subject"),
        ]

    def __str__(self):
        return self.title

    @classmethod
    def seen_by(cls, unit_id):
        helped = Cooperation.objects.current().filter(unit=unit_id).values("problem")
        return Q(township=unit_id) | Q(responsible=unit_id) | Q(raised_unit=unit_id) | Q(pk__in=helped)

    def edited_by(self):
        """Who raised it, until it is given to somebody: from then on its words stand, save for the county."""
        return {self.raised_unit_id} - {None} if self.stage == Stage.RAISED else set()

    @property
    def helpers(self) -> list[Unit]:
        """配合单位. From memory where `cooperations` was fetched before."""
        return [row.unit for row in self.cooperations.all() if row.voided_at is None]

    def parts_of(self, seat: Seat) -> Iterator[Part]:
        """How this seat stands to the problem. Who is to solve it doesn't judge that it is solved."""
        if seat.role == Role.COUNTY:
            yield Part.OFFICE
        if seat.role not in OWN_UNIT:
            return
        if self.responsible_id in seat.stands_for:
            yield Part.RESPONSIBLE
            return
        if self.raised_unit_id in seat.stands_for:
            yield Part.RAISER
        if self.pk and any(unit.pk in seat.stands_for for unit in self.helpers):
            yield Part.COOPERATING

    def opens(self, permission: str, seat: Seat) -> bool:
        rule = RULES[ACT_OF[permission]]
        if self.voided_at or self.stage != rule.at:
            return False
        return any(rule.who.get(part, frozenset()).intersection(seat.duties) for part in self.parts_of(seat))

    def open_acts(self, seat: Seat) -> list[Act]:
        """What this person may do now."""
        judging = () if self.applied_by_id is None or self.applied_by_id != seat.user_id else (Act.ACCEPT, Act.RETURN)
        return [act for act in Act if act not in judging and seat.may(permission(act), self)]


class OfProblem(CountyRecord):
    """A row that hangs on a problem and is written by the acts on it alone."""

    acts = frozenset(ACT_OF)
    quiet_fields: ClassVar[frozenset[str]] = frozenset({"problem"})

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def history_subject(self):
        return self.problem

    def opens(self, permission, seat):
        return self.problem.opens(permission, seat)

    @classmethod
    def seen_by(cls, unit_id):
        return Q(problem__in=Problem.objects.filter(Problem.seen_by(unit_id)).values("pk"))


class Cooperation(OfProblem):
    """配合单位: a unit that helps the responsible one."""

    code_prefix = "WX"

    problem = models.ForeignKey(Problem, models.PROTECT, related_name="cooperations", verbose_name="问题")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="配合单位")

    class Meta:
        verbose_name = "配合单位"
        constraints: ClassVar = unique_code(
            "cooperation",
            models.UniqueConstraint(
                fields=["county", "problem", "unit"],
                condition=Q(voided_at=None),
                name="cooperation_once",
                violation_error_message="这个单位已经是配合单位。",
            ),
        )

    def __str__(self):
        return str(self.unit)


class ProblemStep(OfProblem):
    """办理记录: one step that was taken, by whom, and both deadlines where it moved one."""

    code_prefix = "WB"

    problem = models.ForeignKey(Problem, models.PROTECT, related_name="steps", verbose_name="问题")
    act = models.CharField("事项", max_length=10, choices=Act)
    on = models.DateField("日期")
    text = models.TextField("内容", max_length=2000, blank=True)
    deadline_before = models.DateField("原期限", null=True, blank=True)
    deadline_after = models.DateField("新期限", null=True, blank=True)

    class Meta:
        verbose_name = "办理记录"
        constraints: ClassVar = unique_code(
            "problem_step",
            models.CheckConstraint(
                condition=~Q(act=Act.EXTEND)
                | Q(deadline_before__isnull=False, deadline_after__gt=F("deadline_before")),
                name="problem_step_extends",
                violation_error_message="新期限要晚于原期限。",
            ),
            models.CheckConstraint(
                condition=Q(act__in=[Act.ASSIGN, Act.ACCEPT]) | ~Q(text=""),
                name="problem_step_in_words",
                violation_error_message="请写明办理情况或理由。",
            ),
        )

    def __str__(self):
        return self.get_act_display()
