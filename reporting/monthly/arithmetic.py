"""One figure of a month and everything that follows from it. Pure, exact, in raw values."""

from dataclasses import dataclass
from decimal import Decimal

from core.growth import growth
from reporting.formula.exact import nine_places
from reporting.progress import Progress, Spread, progress

YEAR_BEFORE = "year_before"
SLOTS = ("month", "month_before", "year", YEAR_BEFORE)
"""本月, 上月, 本年累计, 上年同期累计: what is counted; all else is derived from them and the target."""
DERIVED = ("over_month", "over_year", "completion", "ahead", "ahead_amount")


@dataclass(frozen=True)
class MonthFigure:
    """One metric of one unit, or of the county. Figures in the metric's own unit, None where nothing can be averaged.

    `target` is the whole year's, None where none was set; `months` of that year are gone (1–12), and `plan` is what
    was planned for them, None where the target's spread says it.
    """

    month: Decimal | None
    month_before: Decimal | None
    year: Decimal | None
    year_before: Decimal | None
    target: Decimal | None
    months: int
    spread: Spread = "even"
    plan: Decimal | None = None

    @property
    def over_month(self) -> Decimal | None:
        """环比 as a ratio: this month against the one before; None from zero and from less."""
        return growth(self.month, self.month_before)

    @property
    def over_year(self) -> Decimal | None:
        """同比 as a ratio: the year so far against the same months of the year before."""
        return growth(self.year, self.year_before)

    @property
    def completion(self) -> Decimal | None:
        """完成率: the year so far ÷ the year's target."""
        return self._held.completion if self._held else None

    @property
    def due(self) -> Decimal | None:
        """时序目标: what should be there by now of the year's target; None where it has no pace."""
        return self._held.due if self._held else None

    @property
    def ahead(self) -> Decimal | None:
        """超(欠)进度: 完成率 − 时序目标 ÷ 年度目标, a difference of ratios."""
        return self._held.ahead if self._held else None

    @property
    def ahead_amount(self) -> Decimal | None:
        """超(欠)进度 as an amount: the year so far − 时序目标."""
        return self._held.ahead_amount if self._held else None

    @property
    def _held(self) -> Progress | None:
        return None if self.year is None else progress(self.year, self.target, self.months, self.spread, self.plan)

    @property
    def derived(self) -> dict[str, Decimal | None]:
        """What is not counted, at the nine places with which it is frozen."""
        found = {name: getattr(self, name) for name in DERIVED}
        return {name: None if value is None else nine_places(value) for name, value in found.items()}
