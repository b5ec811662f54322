"""What a closed month keeps from being written: one answer for the door, and for who asks it beforehand."""

from collections.abc import Iterable, Sequence
from datetime import date

from core.models import Closing
from core.periods import month_label
from core.records import Record

LATE = "确需补录的，请写明原因，它将计入尚未关账的月份。"


class MonthLocks:
    """The closed months of one county, each ledger's read once."""

    def __init__(self, county_id: int):
        self.county_id = county_id
        self._closed: dict[str, set[date]] = {}

    def closed(self, ledger: str) -> set[date]:
        """First days of the months of that ledger that are closed."""
        if ledger not in self._closed:
            rows = Closing.objects.filter(county_id=self.county_id, ledger=ledger)
            self._closed[ledger] = set(rows.values_list("month", flat=True)) if ledger else set()
        return self._closed[ledger]

    def against_new(self, model: type[Record], months: Iterable[date]) -> str:
        """Why a row of these months needs an explanation now: the first one closed, in words; empty for none."""
        closed = sorted(self.closed(model.closes_with).intersection(months))
        return f"{_label(model, closed[0])}。{LATE}" if closed else ""

    def against_change(self, records: Sequence[Record], fields: set[str], into: Iterable[date] = ()) -> str:
        """Why these fields of these rows can't be written, or the rows not moved `into` these months: the first
        closed month met, in words; empty for none."""
        for row in type(records[0]).locked_with(records, fields):
            if closed := sorted(self.closed(row.closes_with) & {*row.months_locked_for(fields), *into}):
                return f"{_label(type(row), closed[0])}，{records[0].closed_says}"
        return ""


def _label(model: type[Record], month: date) -> str:
    return f"{month_label(month)}的{model._meta.verbose_name}已经关账"
