"""试点期: the time of a township as a pilot."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from townships.models.units import CountyRecord, Unit, unique_code


class PilotCategory(models.TextChoices):
    CENTRAL = "central", "中心镇"
    SPECIAL = "special", "特色镇"


class PilotType(models.TextChoices):
    LEADING = "leading", "示范引领型"
    RISING = "rising", "发展提升型"


class PilotTerm(CountyRecord):
    """A township's time as a pilot; terms of one township never overlap."""

    code_prefix = "SD"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="pilot_terms", verbose_name="乡镇")
    category = models.CharField("试点类别", max_length=10, choices=PilotCategory)
    type = models.CharField("试点类型", max_length=10, choices=PilotType)
    first_day = models.DateField("试点起")
    last_day = models.DateField("试点止", null=True, blank=True)
    document = models.CharField("依据文件", max_length=100, blank=True)

    class Meta:
        verbose_name = "试点期"
        constraints: ClassVar = unique_code(
            "pilot",
            models.CheckConstraint(
                condition=Q(last_day=None) | Q(last_day__gte=F("first_day")),
                name="pilot_dates_in_order",
                violation_error_message="试点止要不早于试点起。",
            ),
        )

    def __str__(self):
        return f"{self.unit}（{self.get_category_display()}）"

    @classmethod
    def seen_by(cls, unit_id):
        return Q()

    def clean(self):
        """Terms never overlap. (PostgreSQL also holds this as an exclusion constraint.)"""
        others = PilotTerm.objects.current().filter(unit=self.unit_id).exclude(pk=self.pk)
        overlapping = others.filter(Q(last_day=None) | Q(last_day__gte=self.first_day))
        if self.last_day:
            overlapping = overlapping.filter(first_day__lte=self.last_day)
        if overlapping.exists():
            raise ValidationError({"first_day": "与这个乡镇已有的试点期重叠，请先填写上一期的试点止。"})
