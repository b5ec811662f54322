"""遴选: townships apply to be pilots; the county hears experts, ranks them and gives the places of each category."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from core.models import StoredFile
from core.periods import Period
from reporting.models.ratings import Reviewer
from reporting.models.schemes import Scheme
from townships.models import CountyRecord, PilotCategory, PilotType, Unit, unique_code


class Selection(CountyRecord):
    """One call to the townships; the scheme says by what they are compared and how many are chosen.

    `first_day` and `last_day`: the pilot term that the chosen are given.
    """

    code_prefix = "LX"
    made_by = "arrange_selection"

    name = models.CharField("遴选名称", max_length=60)
    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="selections", verbose_name="遴选方案")
    document = models.CharField("依据文件", max_length=100)
    notice = models.CharField("申报要求", max_length=1000, blank=True)
    apply_until = models.DateField("申报截止日期")
    first_day = models.DateField("试点起")
    last_day = models.DateField("试点止")

    class Meta:
        verbose_name = "遴选"
        constraints: ClassVar = unique_code(
            "selection",
            models.UniqueConstraint(
                fields=["county", "scheme"],
                condition=Q(voided_at=None),
                name="selection_scheme_once",
                violation_error_message="这份遴选方案已经用于另一次遴选，请另存为新版再用。",
            ),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="selection_dates_in_order",
                violation_error_message="试点止要不早于试点起。",
            ),
        )

    def __str__(self):
        return self.name

    @classmethod
    def seen_by(cls, unit_id):
        return Q()

    @property
    def when(self) -> Period:
        """The year under which the experts score and the figures are read: the scheme's."""
        return Period("year", self.scheme.year)

    def takes_applications_on(self, day: date) -> bool:
        return day <= self.apply_until


class ApplicationStage(models.TextChoices):
    """资格审查: who meets the conditions takes part."""

    APPLIED = "applied", "待审查"
    ACCEPTED = "accepted", "已受理"
    REFUSED = "refused", "不予受理"


class Application(CountyRecord):
    """申报: a township asks for a place of one category, in one track, with its 申报书.

    `decided`: what the meeting said where equals stand across the last place; None where it was not asked.
    """

    code_prefix = "LS"

    selection = models.ForeignKey(Selection, models.PROTECT, related_name="applications", verbose_name="遴选")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="乡镇")
    category = models.CharField("申报类别", max_length=10, choices=PilotCategory)
    type = models.CharField("试点类型", max_length=10, choices=PilotType)
    statement = models.CharField("申报理由", max_length=1000)
    paper = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="申报书")
    paper_name = models.CharField("申报书文件名", max_length=200)
    applied_on = models.DateField("申报日期")
    stage = models.CharField("审查", max_length=10, choices=ApplicationStage, default=ApplicationStage.APPLIED)
    reply = models.CharField("审查意见", max_length=500, blank=True)
    decided = models.BooleanField("会议决定入选", null=True, blank=True)
    decided_because = models.CharField("会议决定的理由", max_length=500, blank=True)

    class Meta:
        verbose_name = "申报"
        constraints: ClassVar = unique_code(
            "application",
            models.UniqueConstraint(
                fields=["county", "selection", "unit"],
                condition=Q(voided_at=None),
                name="application_once",
                violation_error_message="本乡镇已经申报，请在原来的申报上修改。",
            ),
            models.CheckConstraint(
                condition=~Q(stage="refused") | ~Q(reply=""),
                name="application_refused_with_reason",
                violation_error_message="不予受理要写明理由。",
            ),
            models.CheckConstraint(
                condition=Q(decided=None) | ~Q(decided_because=""),
                name="application_decided_with_reason",
                violation_error_message="会议的决定要写明理由。",
            ),
        )

    def __str__(self):
        return f"{self.unit}申报{self.get_category_display()}"

    @property
    def history_subject(self) -> Selection:
        return self.selection

    @classmethod
    def seen_by(cls, unit_id):
        return Q(unit=unit_id)

    @classmethod
    def seen_from(cls, seat):
        """One's own unit's, and those that one is asked to score."""
        asked = Reviewer.objects.current().filter(seat=seat.pk, sheet__voided_at=None)
        return super().seen_from(seat) | Q(selection__in=asked.values("sheet__selection"))

    def edited_by(self):
        return {self.unit_id}
