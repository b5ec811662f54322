"""同比 and 环比: how much more there is than there was. Pure, exact, a ratio (0.25 for 25 %)."""

from decimal import Decimal


def growth(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    """now ÷ before − 1. None from zero and from less: such a base has no rate."""
    if now is None or before is None or before <= 0:
        return None
    return now / before - 1
