"""新建入规通报: who was confirmed into the library in a month, township by township, with the year so far."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core.ledgers.ledger import ledger_for
from core.periods import Period
from core.records import Verdict
from enterprises.models import Declaration, DeclarationStep
from townships.models import Unit

TOLD = (DeclarationStep.LISTED, DeclarationStep.DELISTED)


@dataclass
class NoticeLine:
    """One township, or the county as `unit` None: entries and exits of the month and of the year so far, in 户."""

    unit: Unit | None
    entered: int = 0
    left: int = 0
    year_entered: int = 0
    year_left: int = 0

    @property
    def net(self) -> int:
        return self.entered - self.left

    @property
    def year_net(self) -> int:
        return self.year_entered - self.year_left

    @property
    def shown_net(self) -> str:
        return signed(self.net)

    @property
    def shown_year_net(self) -> str:
        return signed(self.year_net)

    def count(self, row: Declaration, in_month: bool) -> None:
        entered = row.step == DeclarationStep.LISTED
        self.year_entered += entered
        self.year_left += not entered
        self.entered += entered and in_month
        self.left += in_month and not entered


@dataclass(frozen=True)
class Notice:
    month: Period
    lines: list[NoticeLine]
    total: NoticeLine
    rows: list[Declaration] = field(default_factory=list)
    """The month's entries and exits themselves."""

    @property
    def conditions(self) -> str:
        """The month's confirmed entries as the ledger's own list."""
        days = f"counted_from={self.month.first_day}&counted_to={self.month.last_day}"
        return f"step=listed&verdict=accepted&{days}"


def signed(number: int) -> str:
    """With a true minus."""
    return f"−{-number}" if number < 0 else str(number)


def notice_of(seat: Any, month: Period, units: Sequence[Unit]) -> Notice:
    """What this seat may see of it; a step counts in the month to which verification gave it, and for the township
    in which the enterprise stood then, be that dissolved meanwhile. Two statements.
    """
    ledger = ledger_for("declarations")
    rows = ledger.rows(seat).filter(step__in=TOLD, verdict=Verdict.ACCEPTED)
    rows = rows.filter(counted_from__gte=date(month.year, 1, 1), counted_until__lte=month.last_day)
    found = list(ledger.with_display(rows).order_by("township__position", "happened_on", "pk"))
    lines = {unit.pk: NoticeLine(unit) for unit in [*units, *(row.township for row in found)]}
    total = NoticeLine(None)
    for row in found:
        for line in (lines[row.township_id], total):
            line.count(row, inside(row, month))
    return Notice(month, list(lines.values()), total, [row for row in found if inside(row, month)])


def inside(row: Declaration, month: Period) -> bool:
    return bool(row.counted_from and row.counted_from >= month.first_day)
