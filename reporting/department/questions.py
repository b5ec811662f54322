"""What a typed figure makes one ask before it is kept. Pure: a question never refuses, and never proposes a number.

Source: amounts pasted in 元 into a grid of 万元, or in 亿元, are the commonest slip of monthly tables.
"""

from dataclasses import dataclass
from decimal import Decimal

from core.ledgers.kinds import grouped_number

FLOW, CUMULATIVE = "flow", "cumulative"
SLIP = 1000
"""So many times larger or smaller than before is more likely another unit than another month: 万 is 10 000."""


@dataclass(frozen=True)
class Before:
    """What there is to compare with, in the series' unit, None where nothing is known.

    `last`: what was reported last, in the same year where a sum since January is reported; `year_ago`: the same
    month a year ago; `plan`: the year's target.
    """

    last: Decimal | None = None
    year_ago: Decimal | None = None
    plan: Decimal | None = None


def question(value: Decimal, before: Before, kind: str) -> str:
    """The first doubt about a figure of such a series as a sentence; empty for none."""
    return _size(value, before) or _course(value, before, kind)


def _size(value: Decimal, before: Before) -> str:
    known = (("上月", before.last), ("上年同期", before.year_ago), ("全年目标", before.plan))
    name, other = next(((name, other) for name, other in known if other), ("", Decimal(0)))
    if not other or not value:
        return ""
    if abs(value) >= SLIP * abs(other):
        return f"比{name}的{grouped_number(other)}大了上千倍，是否多写了单位（如把元填成万元）？"
    if name != "全年目标" and abs(value) * SLIP <= abs(other):
        return f"只有{name}{grouped_number(other)}的千分之一，是否用错了单位（如按亿元填）？"
    return ""


def _course(value: Decimal, before: Before, kind: str) -> str:
    if kind == FLOW and value < 0:
        return "是负数，确实是冲减的吗？"
    if kind == CUMULATIVE and before.last is not None and value < before.last:
        return f"累计数比上月的{grouped_number(before.last)}少，本月数将为负，确实核减了吗？"
    if kind in (FLOW, CUMULATIVE) and value and value == before.last:
        return "与上月报的数相同，确实没有变化吗？"
    return ""
