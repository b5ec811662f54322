"""新型农业经营主体: how many of each kind a township gained and lost in a month, as its own department counts them."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from core.fields import QuantityField, first_of_month, money_range
from core.periods import month_label
from core.records import DatedRecord
from townships.credits import TownshipQuerySet
from townships.models import CountyRecord, Unit, listed_by_code, unique_code


class FarmKind(models.TextChoices):
    COOPERATIVE = "cooperative", "农民合作社"
    FAMILY_FARM = "family_farm", "家庭农场"
    LEADING = "leading", "农业产业化龙头企业"
    SERVICE = "service", "农业社会化服务组织"
    OTHER = "other", "其他主体"


COUNTS = ("added", "removed")


class FarmQuerySet(TownshipQuerySet):
    amounts = COUNTS
    township_path = "unit"


class FarmMonth(DatedRecord, CountyRecord):
    """One township, month and kind: whole 户, registered anew and struck off in that month."""

    code_prefix = "NJ"
    closes_with = "farm_months"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="乡镇")
    kind = models.CharField("主体类型", max_length=12, choices=FarmKind)
    added = QuantityField("本月新增")
    removed = QuantityField("本月注销", default=0)
    remark = models.CharField("备注", max_length=200, blank=True)

    objects = FarmQuerySet.as_manager()

    class Meta:
        verbose_name = "新型农业经营主体月度数"
        constraints: ClassVar = unique_code(
            "farm_month",
            *DatedRecord.Meta.constraints,
            *(money_range(name) for name in COUNTS),
            first_of_month("happened_on"),
            models.UniqueConstraint(
                fields=["county", "unit", "happened_on", "kind"],
                condition=Q(voided_at=None),
                name="farm_month_once",
                violation_error_message="这个乡镇这个月的这类主体已登记过，有变动请修改原来那条。",
            ),
            models.CheckConstraint(
                condition=Q(added__gte=0, removed__gte=0),
                name="farm_month_not_negative",
                violation_error_message="新增和注销的户数都不能为负，减少的填在本月注销。",
            ),
        )
        indexes: ClassVar = [
            listed_by_code("farm_month"),
            models.Index(fields=["county", "happened_on", "kind"], name="farm_month_month"),
        ]

    def __str__(self):
        return f"{self.unit}{month_label(self.happened_on)}{self.get_kind_display()}"

    @property
    def month(self):
        return self.happened_on

    @classmethod
    def seen_by(cls, unit_id):
        return Q(unit=unit_id)

    def edited_by(self):
        return {self.unit_id}

    def clean(self):
        for name in COUNTS:
            if getattr(self, name) % 1:
                raise ValidationError({name: "户数请填整数。"})
