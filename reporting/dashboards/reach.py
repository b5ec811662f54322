"""How far a period's figures reach: a year under way is held against the months that are in, not against twelve."""

from dataclasses import dataclass
from datetime import date

from core.periods import Period
from reporting.ranking import latest_counted
from townships.models import County

QUARTER = 3


@dataclass(frozen=True)
class Reach:
    """`until`: the month up to whose end everything of this period is counted."""

    period: Period
    until: Period

    @property
    def complete(self) -> bool:
        return self.until.last_day == self.period.last_day

    @property
    def day(self) -> date:
        return self.until.last_day

    @property
    def months(self) -> int:
        """Months of the year that are gone."""
        return self.until.months_elapsed


def reach(county: County, period: Period) -> Reach:
    """Months and quarters reach to their end, as their rankings do, whenever the last row was counted."""
    latest = last_counted(county)
    if latest is not None and period.months_covered > QUARTER and period.contains(latest):
        return Reach(period, Period.containing(latest, "month"))
    return Reach(period, Period.containing(period.last_day, "month"))


def last_counted(county: County) -> date | None:
    """The last day into which anything was counted; None for a county that has verified nothing yet."""
    return max(latest_counted(county), default=None)
