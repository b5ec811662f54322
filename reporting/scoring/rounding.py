"""The scheme's own two roundings: of an indicator's score and of the total."""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from reporting.formula.exact import rounded
from reporting.scoring.scheme import Rounding

ROUNDING_MODES = {"half_up": ROUND_HALF_UP, "down": ROUND_DOWN}


def rounded_score(score: Decimal, rounding: Rounding) -> Decimal:
    if rounding.indicator is None:
        return score
    return rounded(score, rounding.indicator, ROUNDING_MODES[rounding.mode])


def rounded_total(total: Decimal, rounding: Rounding) -> Decimal:
    return rounded(total, rounding.total, ROUNDING_MODES[rounding.mode])
