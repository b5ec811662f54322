"""栏目可见范围: who, besides the county office and those whose own a row is, reads what rows withhold from others."""

from collections.abc import Mapping
from typing import Any

from django.db import models

from core.withheld import Withheld


class Audience(models.TextChoices):
    LEADER = "leader", "县领导"
    INSPECTOR = "inspector", "检查"
    OTHERS = "others", "其他单位"
    """Units that see a row which is not their own: they introduced the project, say."""


SHIPPED: Mapping[str, frozenset[str]] = {
    Withheld.CONTACT: frozenset({Audience.INSPECTOR}),
    Withheld.VOUCHER: frozenset({Audience.LEADER, Audience.INSPECTOR}),
    Withheld.TAX: frozenset({Audience.LEADER, Audience.INSPECTOR}),
    Withheld.UTILITIES: frozenset({Audience.LEADER, Audience.INSPECTOR}),
}
"""Until a county sets its own: nobody's telephone on a projector, nobody's voucher in another unit."""


def audiences_of(disclosed: Mapping[str, Any], kind: str) -> frozenset[str]:
    return frozenset(disclosed[kind]) if kind in disclosed else SHIPPED[kind]


def in_words(disclosed: Mapping[str, Any]) -> str:
    """联系方式：检查；凭证：县领导、检查；…"""
    return "；".join(f"{Withheld(kind).label}：{_names(audiences_of(disclosed, kind))}" for kind in Withheld)


def _names(audiences: frozenset[str]) -> str:
    return "、".join(str(one.label) for one in Audience if one in audiences) or "无"
