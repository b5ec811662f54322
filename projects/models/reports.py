"""月报: one for each unit and month, its steps, each due until a day of the calendar."""

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, QuerySet, Value, When

from core.fields import MonthField, first_of_month
from core.locks import MonthLocks
from core.periods import month_label
from projects.monthly.steps import ACT_OF, BY_ANOTHER, ON_A_PAGE, RULES, WORKING, Act, Part, Stage, permission
from townships.credits import TownshipQuerySet
from townships.models import OWN_UNIT, CountyRecord, Role, Seat, Unit, listed_by_code, unique_code


class Timeliness(models.TextChoices):
    """Whether it went up in time, as of a day. The deadline itself is still in time."""

    DUE = "due", "未到期"
    MISSING = "missing", "逾期未报"
    ON_TIME = "on_time", "按期报送"
    LATE = "late", "逾期报送"


class ReportQuerySet(TownshipQuerySet):
    township_path = "unit"

    def with_timeliness(self, day: date) -> QuerySet:
        """`timeliness` as of that day. What was late once stays so, whatever deadline a return set later."""
        return self.annotate(
            timeliness=Case(
                When(Q(sent_on__isnull=False) & Q(late_days__gt=0), then=Value(Timeliness.LATE)),
                When(sent_on__isnull=False, then=Value(Timeliness.ON_TIME)),
                When(due_on__lt=day, then=Value(Timeliness.MISSING)),
                default=Value(Timeliness.DUE),
                output_field=models.CharField(max_length=10),
            )
        )


class MonthlyReport(CountyRecord):
    """月报. What the projects did stands in 项目进展 and 到位资金; this row says how far the month's report is.

    `sent_on`: when it last went up to the county, signed; `late_days`: the most days that it ever came late.
    `typed`: {project code: {field: text}} of what was typed and can't be kept as a figure yet.
    """

    code_prefix = "YB"
    closes_with = "reports"
    closed_says = "月报已经锁定，不能再改。"
    made_by = permission(Act.OPEN)
    acts = frozenset(ACT_OF)
    quiet_fields: ClassVar[frozenset[str]] = frozenset({"typed", "submitted_by", "signed_by"})

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="填报单位")
    month = MonthField("月份")
    stage = models.CharField("办理阶段", max_length=10, choices=Stage, default=Stage.FILLING)
    due_on = models.DateField("报送期限")
    zero = models.BooleanField("零报告", default=False)
    on_behalf = models.BooleanField("代录", default=False)
    signer = models.CharField("代签的分管领导", max_length=30, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="提交人"
    )
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="审核人"
    )
    sent_on = models.DateField("报送日期", null=True, blank=True)
    accepted_on = models.DateField("受理日期", null=True, blank=True)
    late_days = models.PositiveSmallIntegerField("逾期天数", default=0)
    typed = models.JSONField("未保存成数据的内容", default=dict, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = "月报"
        constraints: ClassVar = unique_code(
            "monthly_report",
            first_of_month("month"),
            models.UniqueConstraint(
                fields=["county", "unit", "month"],
                condition=Q(voided_at=None),
                name="monthly_report_once",
                violation_error_message="这个单位这个月的月报已经有了，请打开原来那份。",
            ),
            models.CheckConstraint(
                condition=Q(stage__in=[Stage.ACCEPTING, Stage.ACCEPTED], sent_on__isnull=False)
                | (~Q(stage__in=[Stage.ACCEPTING, Stage.ACCEPTED]) & Q(sent_on=None)),
                name="monthly_report_sent_if_signed",
                violation_error_message="审核后的月报要有报送日期。",
            ),
            models.CheckConstraint(
                condition=Q(stage=Stage.ACCEPTED, accepted_on__isnull=False)
                | (~Q(stage=Stage.ACCEPTED) & Q(accepted_on=None)),
                name="monthly_report_accepted_on_a_day",
                violation_error_message="受理的月报要有受理日期。",
            ),
            models.CheckConstraint(
                condition=Q(signed_by=None) | Q(submitted_by=None) | ~Q(signed_by=F("submitted_by")) | ~Q(signer=""),
                name="monthly_report_second_person",
                violation_error_message="月报要由提交人以外的分管领导审核。",
            ),
        )
        indexes: ClassVar = [
            listed_by_code("monthly_report"),
            models.Index(fields=["county", "month"], name="monthly_report_month"),
        ]

    def __str__(self):
        return f"{self.unit}{month_label(self.month)}月报"

    @classmethod
    def seen_by(cls, unit_id):
        return Q(unit=unit_id)

    def edited_by(self):
        return {self.unit_id}

    def stands_in(self):
        return self.unit.stands_in()

    def months_locked_for(self, fields):
        return {self.month}

    def is_closed(self, day: date) -> bool:
        """锁定: whether its month is closed to it that day."""
        return bool(MonthLocks(self.county_id, day).closed_for(self, [self.month]))

    def parts_of(self, seat: Seat) -> set[Part]:
        """How this seat stands to the report."""
        if seat.role == Role.COUNTY:
            return {Part.OFFICE}
        return {Part.UNIT} if seat.role in OWN_UNIT and self.unit_id in seat.stands_for else set()

    def opens(self, permission: str, seat: Seat) -> bool:
        rule = RULES[ACT_OF[permission]]
        if self.voided_at or self.stage not in rule.at:
            return False
        return any(rule.who.get(part, frozenset()).intersection(seat.duties) for part in self.parts_of(seat))

    def open_acts(self, seat: Seat) -> list[Act]:
        """What this person may do now, on pages of their own; empty once the month is closed is the page's affair."""
        own = seat.user_id is not None and seat.user_id in (self.submitted_by_id, self.signed_by_id)
        return [act for act in ON_A_PAGE if seat.may(permission(act), self) and not (own and act in BY_ANOTHER)]

    @property
    def last_reason(self) -> str:
        """Why it came back, as long as it is being put right."""
        if self.stage not in WORKING:
            return ""
        told = self.steps.current().filter(act__in=[Act.REFUSE, Act.RETURN]).order_by("pk").last()
        return f"{told.entered_as}{told.get_act_display()}：{told.text}" if told else ""


class ReportStep(CountyRecord):
    """办理记录: one step that was taken with a report, by whom, with the reason and the deadline it moved."""

    code_prefix = "YC"
    acts = frozenset(ACT_OF)
    quiet_fields: ClassVar[frozenset[str]] = frozenset({"report"})

    report = models.ForeignKey(MonthlyReport, models.PROTECT, related_name="steps", verbose_name="月报")
    act = models.CharField("事项", max_length=10, choices=Act)
    on = models.DateField("日期")
    text = models.CharField("内容", max_length=500, blank=True)
    deadline_before = models.DateField("原期限", null=True, blank=True)
    deadline_after = models.DateField("新期限", null=True, blank=True)

    class Meta:
        verbose_name = "月报办理记录"
        constraints: ClassVar = unique_code(
            "report_step",
            models.CheckConstraint(
                condition=~Q(act__in=[Act.REFUSE, Act.RETURN]) | ~Q(text=""),
                name="report_step_in_words",
                violation_error_message="请写明退回原因。",
            ),
        )

    def __str__(self):
        return self.get_act_display()

    @property
    def history_subject(self):
        return self.report

    @classmethod
    def seen_by(cls, unit_id):
        return Q(report__unit=unit_id)

    def opens(self, permission: str, seat: Any) -> bool:
        return self.report.opens(permission, seat)
