"""评分: what no ledger can give, said by named people: scores of qualitative indicators, and 有 or 无 for vetoes."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, F, Q, QuerySet, Value, When

from core.fields import QuantityField
from core.ledgers.kinds import plain_number
from core.models import StoredFile
from core.periods import Period
from core.readings import Unreadable
from reporting.models.schemes import PeriodKind
from reporting.rating.means import read_weights
from townships.credits import TownshipQuerySet
from townships.models import CountyRecord, Seat, Unit, unique_code

OWN_GROUP = "自评"
"""The group in which a unit's own people score their unit, and nobody else does."""
YES, NO = Decimal(1), Decimal(0)


class RatingKind(models.TextChoices):
    SCORE = "score", "打分"
    VETO = "veto", "有无"


class RatingStage(models.TextChoices):
    """While answers are collected nothing of them counts; a closed sheet counts and changes no more."""

    COLLECTING = "collecting", "收集中"
    CLOSED = "closed", "已截止"


class Side(models.TextChoices):
    PANEL = "panel", "评委评分"
    OWN = "own", "自评"


class RatingSheet(CountyRecord):
    """评分表: one topic of one period, asked of named reviewers about named units until a day.

    `weights` (园区70%，乡镇30%) says how the groups of reviewers weigh in the sheet's own summary; in a ranking the
    scheme's formula says it.
    """

    code_prefix = "PB"
    made_by = "arrange_ratings"
    quiet_fields: ClassVar[frozenset[str]] = frozenset({"period_kind", "first_day", "last_day"})

    topic = models.CharField("评分事项", max_length=40)
    period = models.CharField("期间", max_length=7)
    period_kind = models.CharField("周期", max_length=10, choices=PeriodKind, editable=False)
    first_day = models.DateField("期间起", editable=False)
    last_day = models.DateField("期间止", editable=False)
    kind = models.CharField("评法", max_length=10, choices=RatingKind, default=RatingKind.SCORE)
    full_points = QuantityField("满分", null=True, blank=True)
    criteria = models.CharField("评分标准", max_length=1000, blank=True)
    weights = models.CharField("各组权重", max_length=200, blank=True)
    answer_by = models.DateField("截止日期")
    document = models.CharField("依据", max_length=100, blank=True)
    stage = models.CharField("进度", max_length=10, choices=RatingStage, default=RatingStage.COLLECTING)
    selection = models.ForeignKey(
        "reporting.Selection", models.PROTECT, null=True, editable=False, related_name="sheets", verbose_name="遴选"
    )
    reopened_because = models.CharField("重新收集原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "评分表"
        constraints: ClassVar = unique_code(
            "rating_sheet",
            models.UniqueConstraint(
                fields=["county", "topic", "period"],
                condition=Q(voided_at=None),
                name="rating_sheet_once",
                violation_error_message="这个期间已有同一事项的评分表。",
            ),
            models.CheckConstraint(
                condition=Q(kind=RatingKind.SCORE, full_points__gt=0) | Q(kind=RatingKind.VETO, full_points=None),
                name="rating_sheet_full_points",
                violation_error_message="打分的要填写大于0的满分，答有无的不填满分。",
            ),
        )

    def __str__(self):
        return f"{self.when.label}{self.topic}"

    @classmethod
    def seen_by(cls, unit_id):
        """The sheets on which one of the unit's people is a reviewer."""
        asked = Reviewer.objects.current().filter(seat__unit=unit_id)
        return Q(pk__in=asked.values("sheet"))

    @property
    def when(self) -> Period:
        return Period.parse(self.period)

    @property
    def is_open(self) -> bool:
        return self.stage == RatingStage.COLLECTING

    @property
    def is_veto(self) -> bool:
        return self.kind == RatingKind.VETO

    @property
    def weight_of(self) -> dict[str, Decimal]:
        """{group: percent}, 100 together; empty where no weights are given."""
        return read_weights(self.weights)

    def clean(self):
        try:
            read_weights(self.weights)
        except Unreadable as error:
            raise ValidationError({"weights": str(error)}) from error

    def takes_answers_on(self, day: date) -> bool:
        return self.is_open and day <= self.answer_by

    def said(self, value: Decimal | None) -> str:
        """A value as people say it: 13.5; 有 or 无 where that is what was asked."""
        if value is None:
            return "—"
        return ("有" if value else "无") if self.is_veto else plain_number(value)

    def problems(self, value: Decimal | None, reason: str) -> dict[str, str]:
        """{"value": sentence, "reason": sentence} of what is wrong with such an answer; empty where nothing is."""
        if value is None:
            return {"value": "请选择有或无。" if self.is_veto else "请填写分值。"}
        if self.is_veto:
            return {"reason": "答“有”的要写明事由。"} if value == YES and not reason.strip() else {}
        if not 0 <= value <= self.full_points:
            return {"value": f"分值应在0分至{plain_number(self.full_points)}分之间。"}
        return {}


class RatedUnit(CountyRecord):
    """被评单位: whom the sheet is about."""

    code_prefix = "BP"
    made_by = "arrange_ratings"

    sheet = models.ForeignKey(RatingSheet, models.PROTECT, related_name="rated_units", verbose_name="评分表")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")

    class Meta:
        verbose_name = "被评单位"
        constraints: ClassVar = unique_code(
            "rated_unit",
            models.UniqueConstraint(
                fields=["county", "sheet", "unit"],
                condition=Q(voided_at=None),
                name="rated_unit_once",
                violation_error_message="这个单位已在被评名单里。",
            ),
        )

    def __str__(self):
        return str(self.unit)

    @property
    def history_subject(self) -> RatingSheet:
        return self.sheet


class Reviewer(CountyRecord):
    """评委: the seat that is to score, by name, and for which group it speaks."""

    code_prefix = "PW"
    made_by = "arrange_ratings"

    sheet = models.ForeignKey(RatingSheet, models.PROTECT, related_name="reviewers", verbose_name="评分表")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="+", verbose_name="岗位")
    group = models.CharField("评委组", max_length=20)

    class Meta:
        verbose_name = "评委"
        constraints: ClassVar = unique_code(
            "reviewer",
            models.UniqueConstraint(
                fields=["county", "sheet", "seat", "group"],
                condition=Q(voided_at=None),
                name="reviewer_once",
                violation_error_message="这个岗位已是这一组的评委。",
            ),
        )

    def __str__(self):
        return f"{self.seat.user}（{self.group}）"

    @property
    def history_subject(self) -> RatingSheet:
        return self.sheet

    @property
    def rates_own(self) -> bool:
        return self.group == OWN_GROUP

    def may_rate(self, unit_id: int) -> bool:
        """Nobody scores their own unit, except in the group that does nothing else."""
        return (self.seat.unit_id == unit_id) == self.rates_own

    def asked_about(self, units: Iterable[Unit]) -> list[Unit]:
        return [unit for unit in units if self.may_rate(unit.pk)]


class RatingQuerySet(TownshipQuerySet):
    amounts = ("value",)
    township_path = "unit"

    def closed(self, until: date | None = None) -> QuerySet:
        """Those of closed sheets, of periods that had ended by that day, each with its sheet's days and its side."""
        rows = self.filter(reviewer__sheet__stage=RatingStage.CLOSED)
        rows = rows.filter(reviewer__sheet__last_day__lte=until) if until else rows
        return rows.annotate(
            first_day=F("reviewer__sheet__first_day"),
            last_day=F("reviewer__sheet__last_day"),
            side=Case(When(reviewer__group=OWN_GROUP, then=Value(Side.OWN)), default=Value(Side.PANEL)),
        )


class Rating(CountyRecord):
    """评分: what one reviewer says about one unit. `value` is in points; of a veto sheet 1 for 有, 0 for 无."""

    code_prefix = "PF"
    made_by = "rate"
    quiet_fields: ClassVar[frozenset[str]] = frozenset({"evidence"})

    reviewer = models.ForeignKey(Reviewer, models.PROTECT, related_name="ratings", verbose_name="评委")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    value = QuantityField("分值")
    reason = models.CharField("理由", max_length=300, blank=True)
    evidence = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="材料文件"
    )
    evidence_name = models.CharField("材料", max_length=200, blank=True)
    rated_on = models.DateField("评分日期")

    objects = RatingQuerySet.as_manager()

    class Meta:
        verbose_name = "评分"
        constraints: ClassVar = unique_code(
            "rating",
            models.UniqueConstraint(
                fields=["county", "reviewer", "unit"],
                condition=Q(voided_at=None),
                name="rating_once",
                violation_error_message="这位评委已评过这个单位，请改原来的评分。",
            ),
            models.CheckConstraint(
                condition=Q(value__gte=0), name="rating_not_negative", violation_error_message="分值不能为负。"
            ),
        )

    def __str__(self):
        return f"{self.unit}{self.sheet}（{self.reviewer.group}）"

    @classmethod
    def seen_by(cls, unit_id):
        return Q(unit=unit_id, reviewer__sheet__stage=RatingStage.CLOSED)

    @classmethod
    def seen_from(cls, seat):
        """One's own answers always; those about one's unit once nothing can be changed about them any more."""
        return super().seen_from(seat) | Q(reviewer__seat=seat.pk)

    def named_seats(self):
        return {self.reviewer.seat_id} if self.sheet.is_open and self.reviewer.may_rate(self.unit_id) else set()

    @property
    def sheet(self) -> RatingSheet:
        return self.reviewer.sheet

    @property
    def period(self) -> Period:
        return self.sheet.when

    @property
    def said(self) -> str:
        return self.sheet.said(self.value)

    def clean(self):
        if found := self.sheet.problems(self.value, self.reason):
            raise ValidationError(found)
