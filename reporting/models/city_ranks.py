"""全市排位: where the city's own notice places the county among its counties; figures from outside, typed in."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from core.fields import QuantityField
from core.periods import Period, PeriodError
from reporting.models.metrics import Metric
from townships.models import CountyRecord, unique_code


class CityRank(CountyRecord):
    """One metric's place in one period; `figure` is the city's, in the metric's unit, which may differ from ours."""

    code_prefix = "PW"
    made_by = "set_targets"

    metric = models.ForeignKey(Metric, models.PROTECT, related_name="city_ranks", verbose_name="指标")
    period = models.CharField("期间", max_length=7)
    place = models.PositiveSmallIntegerField("全市第几位")
    counties = models.PositiveSmallIntegerField("参加排位的县（市、区）数")
    figure = QuantityField("通报数值", null=True, blank=True)
    document = models.CharField("来源文件", max_length=100)
    published_on = models.DateField("发布日期", null=True, blank=True)

    class Meta:
        verbose_name = "全市排位"
        constraints: ClassVar = unique_code(
            "city_rank",
            models.UniqueConstraint(
                fields=["county", "metric", "period"],
                condition=Q(voided_at=None),
                name="city_rank_once",
                violation_error_message="这一期的这项指标已经录过全市排位。",
            ),
            models.CheckConstraint(
                condition=Q(place__gte=1, place__lte=F("counties")),
                name="city_rank_within",
                violation_error_message="全市排位应在第1位和参加排位的县（市、区）数之间。",
            ),
        )

    def __str__(self):
        return f"{self.when.label}{self.metric}全市排位"

    @classmethod
    def seen_by(cls, unit_id):
        return Q()

    @property
    def when(self) -> Period:
        return Period.parse(self.period)

    def clean(self):
        try:
            Period.parse(self.period)
        except PeriodError as error:
            raise ValidationError({"period": str(error)}) from error
