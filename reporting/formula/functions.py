"""Excel's functions that the language knows: how many arguments each takes, and the arithmetic of the eager ones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, ROUND_UP, Decimal

from reporting.formula.errors import CalculationError
from reporting.formula.exact import nine_places, rounded, truncated

ONE, ZERO = Decimal(1), Decimal(0)
MOST_ARGUMENTS = 255


@dataclass(frozen=True, slots=True)
class Arguments:
    """How many arguments a function takes; `paired`: an even number of them."""

    least: int
    most: int = MOST_ARGUMENTS
    paired: bool = False

    def fit(self, count: int) -> bool:
        return self.least <= count <= self.most and not (self.paired and count % 2)


ARGUMENTS = {
    "ABS": Arguments(1, 1),
    "AND": Arguments(1),
    "AVERAGE": Arguments(1),
    "COUNT": Arguments(1),
    "IF": Arguments(2, 3),
    "IFS": Arguments(2, paired=True),
    "INT": Arguments(1, 1),
    "MAX": Arguments(1),
    "MEDIAN": Arguments(1),
    "MIN": Arguments(1),
    "NOT": Arguments(1, 1),
    "OR": Arguments(1),
    "ROUND": Arguments(2, 2),
    "ROUNDDOWN": Arguments(2, 2),
    "ROUNDUP": Arguments(2, 2),
    "SUM": Arguments(1),
    "TRIMMEAN": Arguments(2, 2),
}


def truth(holds: bool) -> Decimal:
    """TRUE and FALSE where a number is wanted."""
    return ONE if holds else ZERO


def is_true(value: Decimal) -> bool:
    """A number other than 0 is true; by nine places, as Excel's binary 0.1+0.2-0.3 must be 0 too."""
    return nine_places(value) != 0


def average(values: Sequence[Decimal]) -> Decimal:
    return sum(values, ZERO) / len(values)


def median(values: Sequence[Decimal]) -> Decimal:
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else average(ordered[middle - 1 : middle + 1])


def trimmed_mean(values: Sequence[Decimal], share: Decimal) -> Decimal:
    """The mean without `INT(n × share ÷ 2)` numbers at each end; a share outside 0 to 1 has no meaning."""
    if not 0 <= nine_places(share) < 1:
        raise CalculationError("TRIMMEAN的比例应当不小于0且小于1")
    dropped = truncated(len(values) * share / 2)
    return average(sorted(values)[dropped : len(values) - dropped])


def _rounding(mode: str) -> Callable[[Decimal, Decimal], Decimal]:
    return lambda value, places: rounded(value, truncated(places), mode)


SCALAR: dict[str, Callable[..., Decimal]] = {
    "ABS": abs,
    "INT": lambda value: rounded(value, 0, ROUND_FLOOR),
    "NOT": lambda value: truth(not is_true(value)),
    "AND": lambda *values: truth(all(map(is_true, values))),
    "OR": lambda *values: truth(any(map(is_true, values))),
    "ROUND": _rounding(ROUND_HALF_UP),
    "ROUNDDOWN": _rounding(ROUND_DOWN),
    "ROUNDUP": _rounding(ROUND_UP),
}
# These alone take a metric that carries a list.
AGGREGATE: dict[str, Callable[[Sequence[Decimal]], Decimal]] = {
    "AVERAGE": average,
    "COUNT": lambda values: Decimal(len(values)),
    "MAX": max,
    "MEDIAN": median,
    "MIN": min,
    "SUM": lambda values: sum(values, ZERO),
}
