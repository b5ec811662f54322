"""Exact numbers: one decimal context, and the nine-place rule that keeps Excel's binary numbers in step with it."""

from decimal import (
    ROUND_DOWN,
    ROUND_HALF_UP,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from functools import lru_cache

# Division keeps 60 digits. Inputs stay below 10^18, so 400 is far beyond any sum or product that a formula can mean.
CONTEXT = Context(
    prec=60, rounding=ROUND_HALF_UP, Emax=400, Emin=-999_999, traps=[DivisionByZero, InvalidOperation, Overflow]
)
LIMIT = Decimal(10) ** 18
NINE = 9
SHOWN_PLACES = 6
# Rounding to tens of more digits than this gives 0 for every number that can occur.
COARSEST_PLACES = -40


def nine_places(value: Decimal) -> Decimal:
    """`value` rounded half up (away from zero) to 9 places, as `ROUND(…, 9)` does in the exported cell."""
    return _quantized(value, NINE, ROUND_HALF_UP)


def rounded(value: Decimal, places: int, rounding: str = ROUND_HALF_UP) -> Decimal:
    """`value` at `places` (negative: tens), by one of decimal's rounding names, after the nine-place rule."""
    return _quantized(nine_places(value), max(places, COARSEST_PLACES), rounding)


def _quantized(value: Decimal, places: int, rounding: str) -> Decimal:
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent >= -places:
        return value
    return value.quantize(_unit_at(places), rounding=rounding, context=CONTEXT)


@lru_cache(maxsize=64)
def _unit_at(places: int) -> Decimal:
    return Decimal(1).scaleb(-places)


def truncated(value: Decimal) -> int:
    """The whole part of `value`, for arguments that count places."""
    return int(rounded(value, 0, ROUND_DOWN))


def plain(value: Decimal) -> str:
    """`value` with at most 6 places and no trailing zeros, for people: `0.9`, `22.5`, `-3`."""
    text = format(rounded(value, SHOWN_PLACES), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def at_places(value: Decimal, places: int, rounding: str = ROUND_HALF_UP) -> str:
    """`value` with exactly `places` decimals: `87.50`."""
    text = f"{rounded(value, places, rounding):.{places}f}"
    return text.removeprefix("-") if not text.strip("-0.") else text
