"""Of a unit that was split: the enterprises that stand in it. What happened to them stays where it happened."""

from django.db.models import QuerySet

from core.write import Door
from enterprises.models import Enterprise
from townships.succeeding import SUCCEED, Heir, Holding, holding_of


def _enterprises() -> QuerySet:
    return Enterprise.objects.current().select_related("township")


def give_enterprise(writing: Door, enterprise: Enterprise, heir: Heir) -> None:
    writing.change(enterprise, action=heir.act, permission=SUCCEED, township=heir.successor)


def _standing(enterprise: Enterprise) -> str:
    return "，".join(filter(None, (enterprise.get_status_display(), enterprise.get_scale_group_display())))


holding_of(Holding("enterprises", "企业", "家", _enterprises, "township", give_enterprise, _standing))
