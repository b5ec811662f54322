"""Rows of a workbook that meet a closed month: who brings them says why they come late, or hears which they are."""

from collections.abc import Iterator
from typing import Any

from core.dates import DateSpan
from core.ledgers.columns import Column
from core.ledgers.ledger import Ledger
from core.locks import MonthLocks
from core.periods import month_of
from core.records import Record


def late_cells(ledger: Ledger, values: dict[str, Any], locks: MonthLocks) -> Iterator[tuple[Column, str]]:
    """(column, sentence) of each cell that would date a new row into a closed month."""
    for name, model in ledger.closings.items():
        if sentence := values.get(name) and locks.against_new(ledger.row_to_be(model, values), [_month(values[name])]):
            yield ledger.column(name), sentence


def locked_cells(
    ledger: Ledger, record: Record, changed: dict[str, Any], locks: MonthLocks
) -> Iterator[tuple[Column, str]]:
    """(column, sentence) of each cell whose change would reach into a closed month."""
    for name, value in changed.items():
        row = ledger.row_behind(record, name)
        into = [_month(value)] if name in ledger.closings and not getattr(row, "late_reason", "") else []
        if sentence := row and locks.against_change([row], {name}, into):
            yield ledger.column(name), sentence


def _month(value: Any) -> Any:
    """First day of the month in which a span ends, or of the month that the cell names."""
    return month_of(value.last if isinstance(value, DateSpan) else value)
