"""What of a row is not for everybody who sees the row: telephone numbers, vouchers, an enterprise's tax and power.

Models say which of their fields are withheld (`Record.withheld_fields`) and whose own a row is (`Record.own_to`); a
seat says what it reads (`Actor.reads`). Lists, pages, workbooks, history and search all go by these three.
"""

from django.core.exceptions import FieldDoesNotExist
from django.db import models

NOT_SHOWN = "不显示"
"""What stands in the place of a value."""


class Withheld(models.TextChoices):
    CONTACT = "contact", "联系方式"
    VOUCHER = "voucher", "凭证"
    TAX = "tax", "税收"
    UTILITIES = "utilities", "水电气"


def withheld_at(model: type[models.Model], path: str) -> str:
    """The kind of what stands at that path (`voucher.number`, `voucher__number`); empty where it is for everybody."""
    *relations, last = path.replace("__", ".").split(".")
    for name in relations:
        try:
            related = model._meta.get_field(name).related_model
        except FieldDoesNotExist:
            return ""
        if related is None:
            return ""
        model = related
    return getattr(model, "withheld_fields", {}).get(last, "")
