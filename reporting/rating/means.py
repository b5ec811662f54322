"""What the reviewers' values come to, in points. No ranking reads this: there the scheme's formula says how.

Pure: no database, no clock.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from core.readings import Unreadable, half_width, quoted

FEWEST_TO_TRIM = 3
"""With two values nothing would be left between the highest and the lowest."""
MOST_PLACES = 2
WEIGHT = re.compile(r"(?P<group>[^\d\s:=]+)[\s:=]*(?P<percent>\d+(?:\.\d+)?)%?")
WHOLE = Decimal(100)


def mean(values: Sequence[Decimal]) -> Decimal | None:
    """Sum ÷ count; None of no values: nothing was said, which is not 0."""
    return sum(values, Decimal(0)) / len(values) if values else None


def trimmed_mean(values: Sequence[Decimal]) -> Decimal | None:
    """The mean without one highest and one lowest (去掉一个最高分和一个最低分); None of fewer than three values."""
    return mean(sorted(values)[1:-1]) if len(values) >= FEWEST_TO_TRIM else None


def weighted_mean(groups: Mapping[str, Sequence[Decimal]], weights: Mapping[str, Decimal]) -> Decimal | None:
    """Σ group's mean × percent ÷ 100; None while a group that has a weight has said nothing."""
    means = {group: mean(groups.get(group, ())) for group in weights}
    if not means or any(value is None for value in means.values()):
        return None
    return sum((value * weights[group] for group, value in means.items() if value is not None), Decimal(0)) / WHOLE


def read_weights(text: str) -> dict[str, Decimal]:
    """园区70%，乡镇30% → {"园区": 70, "乡镇": 30} in percent, 100 together. Raises Unreadable."""
    parts = [part for part in re.split(r"[,、;，；]+|\s+(?=[^\d\s%:=])", half_width(text)) if part.strip()]
    found = [(part, WEIGHT.fullmatch(part.strip())) for part in parts]
    if wrong := next((part for part, match in found if match is None), None):
        raise Unreadable(f"各组权重里的{quoted(wrong)}看不懂，请写成“园区70%，乡镇30%”。")
    weights = {match["group"]: Decimal(match["percent"]) for _, match in found if match}
    if len(weights) < len(found):
        raise Unreadable("各组权重里有一个组写了两次，请核对。")
    if weights and sum(weights.values()) != WHOLE:
        raise Unreadable(f"各组权重合计为{sum(weights.values())}%，应为100%。")
    return weights


def read_score(text: str) -> Decimal:
    """A score as typed, full-width digits and 分 allowed, at most two places. Raises Unreadable."""
    written = half_width(text).removesuffix("分").strip()
    try:
        value = Decimal(written)
    except InvalidOperation as error:
        raise Unreadable(f"{quoted(text)}不是分值，请填写数字，例如13.5。") from error
    if not value.is_finite() or re.search(r"[eE_]", written):
        raise Unreadable(f"{quoted(text)}不是分值，请填写数字，例如13.5。")
    if value != round(value, MOST_PLACES):
        raise Unreadable("分值最多写两位小数。")
    return value
