"""单位沿革: which unit took over from which."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from townships.models.units import CountyRecord, Unit, unique_code


class UnitSuccession(CountyRecord):
    """A unit that was merged or renamed, and the unit that took over."""

    code_prefix = "YG"

    predecessor = models.ForeignKey(Unit, models.PROTECT, related_name="successions", verbose_name="原单位")
    successor = models.ForeignKey(Unit, models.PROTECT, related_name="predecessions", verbose_name="承接单位")
    on = models.DateField("承接日期")

    class Meta:
        verbose_name = "单位沿革"
        constraints: ClassVar = unique_code(
            "succession",
            models.UniqueConstraint(
                fields=["county", "predecessor", "successor"],
                condition=Q(voided_at=None),
                name="succession_once",
                violation_error_message="这条沿革已登记。",
            ),
            models.CheckConstraint(
                condition=~Q(predecessor=F("successor")),
                name="succession_of_another",
                violation_error_message="单位不能承接自己。",
            ),
        )

    def __str__(self):
        return f"{self.predecessor}并入{self.successor}"

    @classmethod
    def seen_by(cls, unit_id):
        return Q()
