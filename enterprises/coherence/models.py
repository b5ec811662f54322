"""疑点规则 with their limits, and 疑点: what was asked about one enterprise's month, and what was answered."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, Count, F, Q, QuerySet, Value, When

from core.fields import MonthField, first_of_month
from core.periods import month_label
from core.records import RecordQuerySet
from enterprises.coherence.rules import LIMITS, Kind, Terms
from enterprises.coherence.series import FIGURES
from enterprises.coherence.steps import ACT_OF, ASK, RULES, Act, Outcome, Part, Stage, permission
from enterprises.models import Enterprise
from townships.credits import TownshipQuerySet
from townships.models import OWN_UNIT, CountyRecord, Role, Seat, Unit, listed_by_code, unique_code
from townships.problems.models import Light, by_deadline

KIND_NAMES = [
    (Kind.RATIO.value, "两项指标变化不一致"),
    (Kind.ZERO.value, "有收入无投入"),
    (Kind.PEERS.value, "明显高于同行"),
    (Kind.SLIP.value, "疑似单位错位"),
    (Kind.REPEAT.value, "与上月雷同"),
    (Kind.LAST_YEAR.value, "与上年同月雷同"),
    (Kind.NEGATIVE.value, "出现负数"),
    (Kind.SKIPPED.value, "月份不连续"),
]
FIGURE_NAMES = [(name, label) for name, (label, _) in FIGURES.items()]
WITH_TWO = (Kind.RATIO.value, Kind.ZERO.value, Kind.PEERS.value)
"""Kinds that compare two figures."""


class CoherenceRuleQuerySet(RecordQuerySet):
    def with_outcomes(self) -> QuerySet:
        """`asked`, `closed` and `false`: how many questions came of the rule, were closed, were false alarms."""
        current = Q(questions__voided_at=None)
        closed = current & Q(questions__stage=Stage.CLOSED)
        return self.annotate(
            asked=Count("questions", filter=current),
            closed=Count("questions", filter=closed),
            false=Count("questions", filter=closed & Q(questions__outcome=Outcome.FALSE)),
        )


class CoherenceRule(CountyRecord):
    """疑点规则: one kind of comparison with the county's limits; history keeps each change of them.

    `limit`, `least` and `months` mean what `rules.LIMITS` says for the kind. `rest`: months in which the same
    enterprise isn't asked the same again.
    """

    code_prefix = "HX"

    key = models.SlugField("随附编码", max_length=40, blank=True, editable=False)
    name = models.CharField("规则名称", max_length=60)
    kind = models.CharField("规则类型", max_length=12, choices=KIND_NAMES)
    figure = models.CharField("指标", max_length=12, choices=FIGURE_NAMES, blank=True)
    other = models.CharField("对照指标", max_length=12, choices=FIGURE_NAMES, blank=True)
    limit = models.DecimalField(
        "界限", max_digits=8, decimal_places=2, default=Decimal(0), validators=[MinValueValidator(0)]
    )
    least = models.DecimalField(
        "幅度（%）", max_digits=8, decimal_places=2, default=Decimal(0), validators=[MinValueValidator(0)]
    )
    months = models.PositiveSmallIntegerField(
        "个数", default=1, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    rest = models.PositiveSmallIntegerField("间隔月数", default=0, validators=[MaxValueValidator(36)])
    active = models.BooleanField("启用", default=True)
    source = models.CharField("依据", max_length=200, blank=True)

    objects = CoherenceRuleQuerySet.as_manager()

    class Meta:
        verbose_name = "疑点规则"
        constraints: ClassVar = unique_code(
            "coherence_rule",
            models.UniqueConstraint(
                fields=["county", "name"],
                condition=Q(voided_at=None),
                name="coherence_rule_name_once",
                violation_error_message="已有同名的疑点规则，请换一个名称。",
            ),
            models.UniqueConstraint(
                fields=["county", "key"],
                condition=Q(voided_at=None) & ~Q(key=""),
                name="coherence_rule_key_once",
                violation_error_message="这条随附规则已经载入。",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=WITH_TWO) | (~Q(figure="") & ~Q(other="") & ~Q(figure=F("other"))),
                name="coherence_rule_two_figures",
                violation_error_message="这类规则比较两项指标，请选择指标和对照指标，两者不能相同。",
            ),
        )
        indexes: ClassVar = [listed_by_code("coherence_rule")]

    def __str__(self):
        return self.name

    def clean(self):
        """Without a limit everything would be odd."""
        words = LIMITS[Kind(self.kind)] if self.kind in LIMITS else ("", "", "")
        for name, word in zip(("limit", "least"), words, strict=False):
            if word and not getattr(self, name):
                raise ValidationError({name: f"这类规则要填写“{word}”，并且大于零。"})

    @property
    def terms(self) -> Terms:
        """As the pure rules take it; `key` is the row's own number."""
        return Terms(str(self.pk), Kind(self.kind), self.figure, self.other, self.limit, self.least, self.months)


class QuestionQuerySet(TownshipQuerySet):
    township_path = "enterprise__township"

    def with_light(self, day: date, soon_days: int) -> QuerySet:
        """`light` at the end of that day, by the deadline and the day of the answer."""
        late = Q(answered_on__gt=F("deadline"))
        told = Q(stage__in=[Stage.ANSWERED, Stage.CLOSED])
        return self.annotate(
            light=Case(
                When(Q(stage=Stage.OPEN), then=Value(Light.UNASSIGNED)),
                When(told & late, then=Value(Light.LATE)),
                When(told, then=Value(Light.DONE)),
                *by_deadline(day, soon_days),
                default=Value(Light.GREEN),
                output_field=models.CharField(max_length=10),
            )
        )


class CoherenceQuestion(CountyRecord):
    """疑点. `seen` keeps the figures as they stood when it was asked, texts of Decimals:
    {"months": ["2024-01", …], "lines": [{"figure", "origin", "values": ["100.0000", null, …]}, …]}.

    `settled_on`: since then the figures as they stand raise it no more; closing it stays a person's act.
    """

    code_prefix = "YD"
    acts = frozenset({*ACT_OF, ASK})
    made_by = ASK
    judged_under = permission(Act.CLOSE)
    quiet_fields: ClassVar[frozenset[str]] = frozenset({"seen", "answered_by", "closed_by"})

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="questions", verbose_name="企业名称")
    month = MonthField("月份")
    rule = models.ForeignKey(CoherenceRule, models.PROTECT, related_name="questions", verbose_name="疑点规则")
    sentence = models.CharField("疑点", max_length=300)
    seen = models.JSONField("当时数据", default=dict)
    from_departments = models.BooleanField("含部门数据", default=False)
    stage = models.CharField("办理阶段", max_length=10, choices=Stage, default=Stage.OPEN)
    asked_on = models.DateField("提出日期")
    responsible = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="答复单位"
    )
    deadline = models.DateField("答复期限", null=True, blank=True)
    answer = models.TextField("说明", max_length=2000, blank=True)
    answered_on = models.DateField("答复日期", null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="答复人"
    )
    opinion = models.TextField("核结意见", max_length=2000, blank=True)
    outcome = models.CharField("核实结果", max_length=10, choices=Outcome, blank=True)
    closed_on = models.DateField("核结日期", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="核结人"
    )
    settled_on = models.DateField("数据变动后不再出现", null=True, blank=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = "疑点"
        constraints: ClassVar = unique_code(
            "coherence_question",
            first_of_month("month"),
            models.UniqueConstraint(
                fields=["county", "enterprise", "month", "rule"],
                condition=Q(voided_at=None),
                name="coherence_question_once",
                violation_error_message="这家企业这个月的这个疑点已经提出过。",
            ),
            models.CheckConstraint(
                condition=~Q(stage=Stage.ASKED) | Q(responsible__isnull=False, deadline__isnull=False),
                name="coherence_question_assigned_whole",
                violation_error_message="交办要写明答复单位和答复期限。",
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=[Stage.ANSWERED, Stage.CLOSED]) | (~Q(answer="") & Q(answered_on__isnull=False)),
                name="coherence_question_answered_in_words",
                violation_error_message="请写明核实情况。",
            ),
            models.CheckConstraint(
                condition=Q(stage=Stage.CLOSED, closed_on__isnull=False) & ~Q(outcome="")
                | ~Q(stage=Stage.CLOSED) & Q(closed_on=None, outcome=""),
                name="coherence_question_closed_whole",
                violation_error_message="核结要写明核实结果。",
            ),
            models.CheckConstraint(
                condition=Q(closed_by=None) | Q(answered_by=None) | ~Q(closed_by=F("answered_by")),
                name="coherence_question_second_person",
                violation_error_message="答复的人不能自己核结，请由另一位同事办理。",
            ),
        )
        indexes: ClassVar = [
            listed_by_code("coherence_question"),
            models.Index(fields=["county", "month"], name="coherence_question_month"),
        ]

    def __str__(self):
        return f"{self.enterprise}{month_label(self.month)}：{self.rule}"

    @classmethod
    def seen_by(cls, unit_id: int) -> Q:
        """A township's people: of its enterprises, never what departments' figures gave rise to."""
        return Q(enterprise__township=unit_id, from_departments=False)

    @classmethod
    def seen_from(cls, seat: Seat) -> Q:
        """A department sees what it was asked, with the figures in it."""
        return Q(responsible__in=seat.stands_for) if seat.role == Role.DEPARTMENT else super().seen_from(seat)

    def edited_by(self):
        return {self.responsible_id} - {None}

    def parts_of(self, seat: Seat) -> Iterator[Part]:
        if seat.role == Role.COUNTY:
            yield Part.OFFICE
        elif seat.role in OWN_UNIT and self.responsible_id in seat.stands_for:
            yield Part.RESPONSIBLE

    def opens(self, act: str, seat: Seat) -> bool:
        if act == ASK:
            return seat.role == Role.COUNTY and "entry" in seat.duties
        rule = RULES[ACT_OF[act]]
        if self.voided_at or self.stage not in rule.at:
            return False
        return any(rule.who.get(part, frozenset()).intersection(seat.duties) for part in self.parts_of(seat))

    def open_acts(self, seat: Seat) -> list[Act]:
        """What this person may do now."""
        own = self.answered_by_id is not None and self.answered_by_id == seat.user_id
        judging = (Act.CLOSE, Act.RETURN) if own else ()
        return [act for act in Act if act not in judging and seat.may(permission(act), self)]


def kept(values: Any) -> list[str | None]:
    """Decimals as JSON keeps them exactly."""
    return [None if value is None else f"{value:f}" for value in values]
