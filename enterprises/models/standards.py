"""本县标准: what a county adds to the national thresholds of 四上, its own 'new' class of 四上一新 above all."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from core.fields import MoneyField, money_range
from core.readings import Unreadable
from enterprises.models.groups import AboveScaleGroup
from enterprises.thresholds import read_scope
from townships.models import CountyRecord, listed_by_code, unique_code


class LocalThreshold(CountyRecord):
    """One row of a county's own standard; where it names as many digits of an industry as a national one, it goes
    first."""

    code_prefix = "MK"

    scale_group = models.CharField("四上类别", max_length=12, choices=AboveScaleGroup)
    name = models.CharField("标准名称", max_length=40)
    scope = models.CharField("行业范围", max_length=200)
    indicator = models.CharField("指标", max_length=40, default="年营业收入")
    amount = MoneyField("标准", null=True, blank=True)
    valid_from = models.DateField("起始日")
    valid_until = models.DateField("截止日", null=True, blank=True)
    source = models.CharField("依据文件", max_length=100)

    class Meta:
        verbose_name = "本县标准"
        constraints: ClassVar = unique_code(
            "local_threshold",
            money_range("amount"),
            models.UniqueConstraint(
                fields=["county", "name", "scope", "valid_from"],
                condition=Q(voided_at=None),
                name="local_threshold_once",
                violation_error_message="这条标准已登记过，有变动请修改原来那条。",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="local_threshold_days_in_order",
                violation_error_message="截止日不能早于起始日。",
            ),
            models.CheckConstraint(
                condition=Q(amount=None) | Q(amount__gt=0),
                name="local_threshold_amount_positive",
                violation_error_message="标准要大于零；以资质为准、没有收入门槛的不填。",
            ),
        )
        indexes: ClassVar = [listed_by_code("local_threshold")]

    def __str__(self):
        return self.name

    @classmethod
    def seen_by(cls, unit_id):
        return Q()

    def clean(self):
        try:
            read_scope(self.scope)
        except Unreadable as error:
            raise ValidationError({"scope": str(error)}) from error
