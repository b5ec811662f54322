"""An enterprise's months as plain values, one history for each source: what the rules look at."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

MONTHS_SEEN = 12
"""How many months before the one in question a rule may look at."""
SELF = "self"

FIGURES = {
    "revenue": ("营业收入", "万元"),
    "output": ("工业总产值", "万元"),
    "invoiced": ("开票销售额", "万元"),
    "tax": ("入库税收", "万元"),
    "wages": ("工资总额", "万元"),
    "power": ("用电量", "千瓦时"),
    "water": ("用水量", "立方米"),
    "gas": ("用气量", "立方米"),
    "employees": ("从业人数", "人"),
}
"""field → what it is called, and its unit."""

Row = Mapping[str, Decimal]
"""Figure → value of one month; what was not given is left out."""
Series = Mapping[date, Decimal]


@dataclass(frozen=True)
class History:
    """What one source (`origin`) says of one enterprise, month by month."""

    origin: str
    rows: Mapping[date, Row]

    def series(self, figure: str) -> Series:
        return {month: row[figure] for month, row in self.rows.items() if figure in row}


@dataclass(frozen=True)
class Firm:
    """An enterprise with all that is said of it; `group` are those it may be held against (township, division)."""

    pk: int
    group: tuple[int, str]
    histories: tuple[History, ...]

    def telling(self, figure: str, month: date) -> Iterator[History]:
        """The histories with that figure in that month, the enterprise's own first: a question that its own report
        raises can be asked of its township, one on a department's figures can't."""
        own_first = sorted(self.histories, key=lambda history: history.origin != SELF)
        return (history for history in own_first if figure in history.rows.get(month, {}))

    @property
    def own(self) -> History | None:
        return next((history for history in self.histories if history.origin == SELF), None)


def earlier(month: date, back: int) -> date:
    """The month `back` months before."""
    number = month.year * 12 + month.month - 1 - back
    return date(number // 12, number % 12 + 1, 1)


def window(month: date, back: int = MONTHS_SEEN) -> list[date]:
    """The months before this one, oldest first, without it."""
    return [earlier(month, distance) for distance in range(back, 0, -1)]
