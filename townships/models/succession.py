"""单位沿革: which unit took over from which, and so whose past counts for whom on a day."""

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from core.records import RecordQuerySet
from townships.lineage import Step, resolved
from townships.models.units import CountyRecord, Unit, unique_code


class SuccessionKind(models.TextChoices):
    MERGER = "merger", "合并"
    SPLIT = "split", "分设"


class SuccessionQuerySet(RecordQuerySet):
    def mergers(self):
        return self.filter(kind=SuccessionKind.MERGER)

    def splits(self):
        return self.filter(kind=SuccessionKind.SPLIT)

    def until(self, day: date | None):
        """What had happened by the end of that day; None: all that is known."""
        return self.filter(on__lte=day) if day else self

    def steps(self) -> tuple[Step, ...]:
        return tuple(Step(*row) for row in self.order_by("on", "pk").values_list("predecessor", "successor", "on"))

    def heirs(self, county_id: int, day: date | None = None) -> Mapping[int, int]:
        """{unit that was merged: unit for which its past counts}, as seen on that day, chains followed to their end."""
        return resolved(self.current().in_county(county_id).mergers().until(day).steps())


class UnitSuccession(CountyRecord):
    """One unit that took over from another, from the day `on` on: by a merger all of it, by a split a part of it.

    A merger is one row for each unit that goes, a split one for each that takes over. What a split unit leaves is
    given to its heirs one by one (`townships.succession`); what a merged one did counts for its heir as it stands.
    """

    code_prefix = "YG"
    made_by = "succeed"

    kind = models.CharField("方式", max_length=6, choices=SuccessionKind, default=SuccessionKind.MERGER)
    predecessor = models.ForeignKey(Unit, models.PROTECT, related_name="successions", verbose_name="原单位")
    successor = models.ForeignKey(Unit, models.PROTECT, related_name="predecessions", verbose_name="承接单位")
    on = models.DateField("承接日期")
    document = models.CharField("依据文件", max_length=100, blank=True)

    objects = SuccessionQuerySet.as_manager()

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
            models.UniqueConstraint(
                fields=["county", "predecessor"],
                condition=Q(voided_at=None, kind=SuccessionKind.MERGER),
                name="succession_one_heir",
                violation_error_message="合并只有一个承接单位；由几个单位承接的，方式请选分设。",
            ),
            models.CheckConstraint(
                condition=~Q(predecessor=F("successor")),
                name="succession_of_another",
                violation_error_message="单位不能承接自己。",
            ),
        )

    def __str__(self):
        return f"{self.predecessor}{'并入' if self.kind == SuccessionKind.MERGER else '分出'}{self.successor}"

    @classmethod
    def seen_by(cls, unit_id):
        return Q()
