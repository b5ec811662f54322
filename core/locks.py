"""What a closed month keeps from being written: one answer for the door, and for who asks it beforehand."""

from collections.abc import Iterable, Sequence, Set
from datetime import date
from functools import cached_property

from core.models import Closing, ClosingException
from core.periods import month_label
from core.records import Record

LATE = "确需补录的，请写明原因，它将计入尚未关账的月份。"


class MonthLocks:
    """The closed months of one county, each ledger's read once; `on` decides which 关账例外 are still open."""

    def __init__(self, county_id: int, on: date):
        self.county_id, self.on = county_id, on
        self.lifted = False
        """Whether an exception let anything through yet."""
        self._closed: dict[str, set[date]] = {}

    def closed(self, ledger: str) -> set[date]:
        """First days of the months of that ledger that are closed, exceptions or not."""
        if ledger not in self._closed:
            rows = Closing.objects.filter(county_id=self.county_id, ledger=ledger)
            self._closed[ledger] = set(rows.values_list("month", flat=True)) if ledger else set()
        return self._closed[ledger]

    def closed_to(self, ledger: str, unit_id: int | None) -> set[date]:
        """Those of them that are not open again for a whole unit."""
        closed = self.closed(ledger)
        if not closed:
            return closed
        return closed - {
            e.month for e in self._exceptions if e.ledger == ledger and not e.record_id and e.unit_id == unit_id
        }

    def closed_for(self, row: Record, months: Iterable[date]) -> set[date]:
        """Those of `months` that are closed to this very row."""
        met = self.closed(row.closes_with).intersection(months)
        return {month for month in met if self.exception_for(row, month) is None}

    def exception_for(self, row: Record, month: date) -> ClosingException | None:
        """The open exception whose cell this row and month lie in."""
        near = [e for e in self._exceptions if e.ledger == row.closes_with and e.month == month]
        units = row.reopened_for() if any(e.record_id is None for e in near) else set()
        # A new row has no key yet: an exception for a row is never its.
        found = next((e for e in near if (e.record_id == row.pk if e.record_id else e.unit_id in units)), None)
        self.lifted = self.lifted or found is not None
        return found

    def code_behind(self, records: Sequence[Record], fields: Set[str]) -> str:
        """The exception by which a write to these fields went through; empty where none was needed."""
        if not self.lifted:
            return ""
        for row in type(records[0]).locked_with(records, fields):
            for month in sorted(self.closed(row.closes_with).intersection(row.months_locked_for(fields))):
                if exception := self.exception_for(row, month):
                    return exception.code
        return ""

    def against_new(self, record: Record, months: Iterable[date]) -> str:
        """Why a new row of these months needs an explanation now: the first one closed, in words; empty for none."""
        closed = sorted(self.closed_for(record, months))
        return f"{_label(type(record), closed[0])}。{LATE}" if closed else ""

    def against_change(self, records: Sequence[Record], fields: Set[str], into: Iterable[date] = ()) -> str:
        """Why these fields of these rows can't be written, or the rows not moved `into` these months: the first
        closed month met, in words; empty for none."""
        for row in type(records[0]).locked_with(records, fields):
            if not self.closed(row.closes_with):
                continue
            if closed := sorted(self.closed_for(row, {*row.months_locked_for(fields), *into})):
                return f"{_label(type(row), closed[0])}，{records[0].closed_says}"
        return ""

    @cached_property
    def _exceptions(self) -> list[ClosingException]:
        return list(ClosingException.objects.in_county(self.county_id).open_on(self.on).order_by("pk"))


def _label(model: type[Record], month: date) -> str:
    return f"{month_label(month)}的{model._meta.verbose_name}已经关账"
