"""下达计划: what the parts of a year's plan come to over a span of its months. Pure, exact, in the target's unit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, ROUND_UP, Decimal

from reporting.progress import NINE_PLACES, Spread

MONTHS_OF_YEAR = 12


@dataclass(frozen=True, slots=True)
class Part:
    """What is planned for `months` months from `month` (1–12) on; of a rate or a stock, what it is to be by then."""

    month: int
    months: int
    amount: Decimal

    @property
    def last(self) -> int:
        return self.month + self.months - 1

    def inside(self, first: int, last: int) -> int:
        """How many of its months lie in that span."""
        return max(0, min(self.last, last) - max(self.month, first) + 1)


def planned(parts: Sequence[Part], first: int, last: int, spread: Spread = "even") -> Decimal | None:
    """The plan for the months `first` to `last`; None where a month of them has none: half a plan is no plan.

    A quarter that the span covers in part gives an even part of itself, of small counts (`ceil`) rounded up. A rate or
    a stock does not add up: it is to stand where the part in which the span ends says, whether that part is over or
    not.
    """
    if spread == "none":
        return next((part.amount for part in parts if part.inside(last, last)), None)
    if sum(part.inside(first, last) for part in parts) != last - first + 1:
        return None
    whole = sum((part.amount * part.inside(first, last) / part.months for part in parts), Decimal(0))
    exact = whole.quantize(NINE_PLACES, ROUND_HALF_UP)
    return exact.quantize(Decimal(1), ROUND_UP) if spread == "ceil" else exact


def comes_to(parts: Iterable[Part], spread: Spread = "even") -> Decimal | None:
    """What the plan says of the whole year, to be held against the target; None where there is no plan."""
    listed = sorted(parts, key=lambda part: part.month)
    if not listed:
        return None
    return listed[-1].amount if spread == "none" else sum((part.amount for part in listed), Decimal(0))
