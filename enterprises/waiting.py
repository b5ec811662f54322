"""申报窗口 that are open or about to be: the countdown of first page, lists and enterprises' pages."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from enterprises.models import DeclarationWindow

AHEAD = 15
"""Days before its beginning from which a window is told of."""
MOST_TOLD = 3


@dataclass(frozen=True)
class Countdown:
    name: str
    state: str
    open: bool

    @property
    def sentence(self) -> str:
        return f"{self.name}{self.state}"


def countdown(of: Any, day: date) -> list[Countdown]:
    """The windows that are open that day or begin soon, the nearest first, in the county `of` a seat or a record.

    One statement.
    """
    rows = DeclarationWindow.objects.current().in_county(of.county_id).not_over(day)
    near = rows.filter(first_day__lte=day + timedelta(days=AHEAD))[:MOST_TOLD]
    return [Countdown(row.name, row.state_on(day), row.first_day <= day) for row in near]
