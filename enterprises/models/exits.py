"""退库预警规则: when an enterprise in the library shows which light, as a county wants it."""

from typing import ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from enterprises.models.enterprises import RegistrationStatus
from townships.models import CountyRecord, listed_by_code, unique_code


class Signal(models.TextChoices):
    """依据: what a rule looks at."""

    REVENUE = "revenue", "近12个月营业收入低于入库标准的百分之几"
    UNREPORTED = "unreported", "连续几个月没有报月度数据"
    STATUS = "status", "登记状态"


class WarningLight(models.TextChoices):
    RED = "red", "红色"
    AMBER = "amber", "橙色"
    YELLOW = "yellow", "黄色"


class ExitRule(CountyRecord):
    """One rule; a county that keeps none of its own is warned by the shipped ones."""

    code_prefix = "TK"

    signal = models.CharField("依据", max_length=10, choices=Signal)
    light = models.CharField("预警等级", max_length=6, choices=WarningLight)
    bound = models.PositiveSmallIntegerField("界限", default=0, validators=[MaxValueValidator(1000)])
    least_months = models.PositiveSmallIntegerField("至少已报月数", default=6, validators=[MaxValueValidator(12)])
    status = models.CharField("登记状态", max_length=10, choices=RegistrationStatus, blank=True)
    in_use = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = "退库预警规则"
        constraints: ClassVar = unique_code(
            "exit_rule",
            models.UniqueConstraint(
                fields=["county", "signal", "light", "status"],
                condition=Q(voided_at=None),
                name="exit_rule_once",
                violation_error_message="这个依据、这个等级的规则已登记过，请修改原来那条。",
            ),
            models.CheckConstraint(
                condition=(Q(signal=Signal.STATUS) & ~Q(status="")) | (~Q(signal=Signal.STATUS) & Q(status="")),
                name="exit_rule_status",
                violation_error_message="依据是登记状态的要选择登记状态，其他依据不选。",
            ),
            models.CheckConstraint(
                condition=Q(signal=Signal.STATUS) | Q(bound__gte=1),
                name="exit_rule_bound",
                violation_error_message="请填写界限：营业收入填百分比，没有报数填月数。",
            ),
        )
        indexes: ClassVar = [listed_by_code("exit_rule")]

    def __str__(self):
        return f"{self.get_light_display()}：{self.get_signal_display()}"

    @classmethod
    def seen_by(cls, unit_id):
        return Q()
