"""考核方案: the rules of a ranking as data, and the units that it compares."""

import json
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, Q

from core.records import RecordQuerySet
from reporting.scoring.scheme import Scheme as Rules
from reporting.scoring.scheme import SchemeError, load_scheme, scheme_in
from townships.models import CountyRecord, Unit, unique_code


class PeriodKind(models.TextChoices):
    MONTH = "month", "月"
    QUARTER = "quarter", "季"
    HALF_YEAR = "half_year", "半年"
    YEAR = "year", "年"


class SchemePurpose(models.TextChoices):
    """考核 ranks the units of every period; 遴选 serves one selection of pilots and is asked for by its code."""

    ASSESSMENT = "assessment", "考核"
    SELECTION = "selection", "遴选"


class SchemeStage(models.TextChoices):
    """A draft ranks nobody until it is put in force; what is in force changes until it is published from."""

    DRAFT = "draft", "草稿"
    IN_FORCE = "in_force", "启用"


class SchemeQuerySet(RecordQuerySet):
    def in_force(self):
        return self.current().filter(stage=SchemeStage.IN_FORCE)

    def assessing(self):
        """Those that the rankings of periods follow."""
        return self.in_force().filter(purpose=SchemePurpose.ASSESSMENT)

    def with_use(self):
        """Annotates `published_from`: how many publications that stand name the version."""
        return self.annotate(published_from=Count("publications", filter=Q(publications__voided_at=None)))

    def newest_first(self):
        return self.order_by("-year", "-version", "-pk")


class Scheme(CountyRecord):
    """One version of a county's scheme; `body` is the scheme file as docs/scoring.md describes it.

    In `body` whole numbers are numbers and all others text: no database and no reader makes floats of them.
    """

    code_prefix = "FA"

    name = models.CharField("方案名称", max_length=100)
    year = models.PositiveSmallIntegerField("年度")
    period = models.CharField("周期", max_length=10, choices=PeriodKind)
    purpose = models.CharField("用途", max_length=10, choices=SchemePurpose, default=SchemePurpose.ASSESSMENT)
    version = models.PositiveSmallIntegerField("版次", default=1)
    body = models.JSONField("内容")
    document = models.CharField("依据文件", max_length=100, blank=True)
    stage = models.CharField("状态", max_length=10, choices=SchemeStage, default=SchemeStage.IN_FORCE)

    objects = SchemeQuerySet.as_manager()

    class Meta:
        verbose_name = "考核方案"
        constraints: ClassVar = unique_code(
            "scheme",
            models.UniqueConstraint(
                fields=["county", "name", "year", "period", "version"],
                condition=Q(voided_at=None),
                name="scheme_version_once",
                violation_error_message="这个方案已有同样的版次。",
            ),
        )

    def __str__(self):
        return f"{self.name}（{self.year}年，第{self.version}版）"

    @classmethod
    def seen_by(cls, unit_id):
        return Q()

    @property
    def is_draft(self) -> bool:
        return self.stage == SchemeStage.DRAFT

    @property
    def selects(self) -> bool:
        """Whether it chooses pilots among applicants, and ranks no period."""
        return self.purpose == SchemePurpose.SELECTION

    @property
    def rules(self) -> Rules:
        """What the body says. Raises SchemeError."""
        return scheme_in(json.dumps(self.body), unfinished=self.is_draft)

    def clean(self):
        try:
            load_scheme(self.body, unfinished=self.is_draft)
        except SchemeError as error:
            raise ValidationError({"body": str(error)}) from error


class Participant(CountyRecord):
    """A unit that the scheme compares, and in which group; not derived from the pilot's category."""

    code_prefix = "CP"

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="participants", verbose_name="考核方案")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    group = models.CharField("组别", max_length=40, blank=True)

    class Meta:
        verbose_name = "参评单位"
        constraints: ClassVar = unique_code(
            "participant",
            models.UniqueConstraint(
                fields=["county", "scheme", "unit"],
                condition=Q(voided_at=None),
                name="participant_once",
                violation_error_message="这个单位已在参评名单里。",
            ),
        )

    def __str__(self):
        return f"{self.unit}（{self.group}）" if self.group else str(self.unit)

    @classmethod
    def seen_by(cls, unit_id):
        return Q()
