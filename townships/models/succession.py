"""单位沿革: which unit took over from which, and so whose past counts for whom on a day."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from core.dates import DateSpan
from core.models import Closing
from core.periods import month_label, month_of
from core.records import RecordQuerySet
from townships.lineage import Step, leads_to, resolved
from townships.models.units import PLACES, CountyRecord, Unit, unique_code


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
    `carried`: [{"title", "name", "code"}, …], what went over with it, as it was called then.
    """

    code_prefix = "YG"
    quiet_fields: ClassVar[frozenset[str]] = frozenset({"carried"})

    kind = models.CharField("方式", max_length=6, choices=SuccessionKind, default=SuccessionKind.MERGER)
    predecessor = models.ForeignKey(Unit, models.PROTECT, related_name="successions", verbose_name="原单位")
    successor = models.ForeignKey(Unit, models.PROTECT, related_name="predecessions", verbose_name="承接单位")
    on = models.DateField("承接日期")
    document = models.CharField("依据文件", max_length=100, blank=True)
    carried = models.JSONField("随之划转", default=list, blank=True, editable=False)

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

    @property
    def is_split(self) -> bool:
        return self.kind == SuccessionKind.SPLIT

    def clean(self):
        """Raises ValidationError, each sentence beside what it is about."""
        self._of_two_units()
        self._predecessor_ends_then()
        self._successor_stands_then()
        self._in_no_circle()
        self._in_an_open_month()

    def _of_two_units(self):
        if self.predecessor_id == self.successor_id:
            raise ValidationError({"successor": "单位不能承接自己，请另选承接单位。"})
        if kin_of(self.predecessor) != kin_of(self.successor):
            raise ValidationError({"successor": "乡镇、街道、园区之间才能互相承接，其他单位由同类单位承接。"})

    def _predecessor_ends_then(self):
        gone = Unit.objects.get(pk=self.predecessor_id)  # as it stands now: one act may register several heirs
        ended, last_day = gone.valid_until, self.on - timedelta(days=1)
        if last_day <= gone.valid_from:
            raise ValidationError({"on": f"{gone}设立于{told(gone.valid_from)}，承接日期要晚于那一天。"})
        if ended is not None and ended != last_day:
            begin = told(ended + timedelta(days=1))
            raise ValidationError({"on": f"{gone}已于{told(ended)}撤销，承接日期应为次日{begin}，请核对。"})
        others = UnitSuccession.objects.current().filter(predecessor=gone).exclude(pk=self.pk)
        if other := others.exclude(kind=self.kind).first():
            known = f"{other.get_kind_display()}（{other}）"
            raise ValidationError({"kind": f"{gone}已登记为{known}，不能又登记为{self.get_kind_display()}。"})

    def _successor_stands_then(self):
        heir = Unit.objects.get(pk=self.successor_id)
        if heir.valid_from > self.on:
            raise ValidationError({"successor": f"{heir}设立于{told(heir.valid_from)}，晚于承接日期，请核对。"})
        if heir.valid_until is not None and heir.valid_until < self.on:
            raise ValidationError({"successor": f"{heir}已于{told(heir.valid_until)}撤销，不能在{told(self.on)}承接。"})

    def _in_no_circle(self):
        known = UnitSuccession.objects.current().in_county(self.county_id).exclude(pk=self.pk).steps()
        if self.predecessor_id in leads_to(known, self.successor_id):
            raise ValidationError({"successor": f"{self.successor}后来由{self.predecessor}承接，不能反过来再承接它。"})

    def _in_an_open_month(self):
        """A closed month was counted with the units that stood then."""
        closed = Closing.objects.filter(county_id=self.county_id, month__gte=month_of(self.on)).order_by("month")
        if self.pk is None and (row := closed.first()):
            raise ValidationError({"on": f"{month_label(row.month)}已经关账，承接日期要在已关账的月份之后。"})


def kin_of(unit: Unit) -> str:
    """Units of one kin may take over from each other."""
    return "place" if unit.kind in PLACES else unit.kind


def told(day: date) -> str:
    return DateSpan.day(day).label
