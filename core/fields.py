"""Columns whose value people and the database write differently."""

from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.expressions import Combinable
from django.db.models.functions import ExtractMonth, ExtractYear

YUAN_PER_WAN = 10_000
MAX_WAN = Decimal("99999999.9999")
"""One yuan short of a trillion: anything larger in a county's ledger is a slip of the keyboard."""


def wan(yuan: int | Decimal) -> Decimal:
    """Whole 元 → 万元 with four places; an average of them is rounded to the 元."""
    if isinstance(yuan, int):
        return Decimal(yuan).scaleb(-4)
    return (Decimal(yuan) / YUAN_PER_WAN).quantize(Decimal("0.0001"))


class MoneyField(models.BigIntegerField):
    """Whole 元 in the database, `Decimal` 万元 with four places everywhere else.

    SQLite keeps decimals as binary floats and loses sums; a bigint of 元 is exact on both databases.
    """

    description = "金额（万元）"
    empty_values = (None,)

    def from_db_value(self, value, expression, connection):
        return None if value is None else wan(value)

    def to_python(self, value):
        if value is None or isinstance(value, Decimal):
            return value
        try:
            return Decimal(str(value))
        except InvalidOperation as error:
            raise ValidationError("请填写金额，例如 1200 或 1200.5。") from error

    def get_prep_value(self, value):
        value = self.to_python(value)
        if value is None:
            return None
        yuan = value * YUAN_PER_WAN
        whole = int(yuan)
        if whole != yuan:
            raise ValidationError("金额精确到元，以万元计最多四位小数。")
        return whole

    def validate(self, value, model_instance):
        super().validate(value, model_instance)
        if value is not None and abs(value) > MAX_WAN:
            raise ValidationError("金额超过一万亿元，请核对是否把元当成了万元。")
        self.get_prep_value(value)

    @property
    def validators(self):
        # The integer range validators of the parent compare 元; `validate` above speaks 万元.
        return self._validators


class QuantityField(MoneyField):
    """A count, a rate or an amount: the same exact four places, without saying that it is money."""

    description = "数量"


def money_range(name: str) -> models.CheckConstraint:
    """A row with an impossible amount cannot exist even by script."""
    return models.CheckConstraint(
        condition=Q(**{f"{name}__range": (-MAX_WAN, MAX_WAN)}) | Q(**{name: None}),
        name=f"%(app_label)s_%(class)s_{name}_range",
        violation_error_message="金额超过一万亿元，请核对是否把元当成了万元。",
    )


class MonthField(models.DateField):
    """A month, kept as its first day."""

    description = "月份"

    def validate(self, value, model_instance):
        super().validate(value, model_instance)
        if value is not None and value.day != 1:
            raise ValidationError("月份请写成类似 2024-03 的写法。")


def month_number(month: str | Combinable) -> Combinable:
    """Months counted through, to tell in the database how many lie between two."""
    return ExtractYear(month) * 12 + ExtractMonth(month)


def first_of_month(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(**{f"{name}__day": 1}) | Q(**{name: None}),
        name=f"%(app_label)s_%(class)s_{name}_first_day",
        violation_error_message="月份请写成类似 2024-03 的写法。",
    )
