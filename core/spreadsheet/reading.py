"""Workbooks read as a ledger's rows: open one, then find the sheets that fit the ledger."""

from core.spreadsheet.headers import FoundColumn, HeaderIndex
from core.spreadsheet.package import Limits, WorkbookError
from core.spreadsheet.tables import FoundBand, FoundRow, FoundTable, SkippedSheet, StatedTotal, read_sheet
from core.spreadsheet.workbook import Sheet, Workbook, open_workbook

__all__ = [
    "FoundBand",
    "FoundColumn",
    "FoundRow",
    "FoundTable",
    "HeaderIndex",
    "Limits",
    "Sheet",
    "SkippedSheet",
    "StatedTotal",
    "Workbook",
    "WorkbookError",
    "find_tables",
    "open_workbook",
    "read_sheet",
]


def find_tables(workbook: Workbook, headers: HeaderIndex) -> list[FoundTable | SkippedSheet]:
    """Every sheet in order: its tables of this ledger, or why it was left out; no sheet goes unsaid."""
    return [found for sheet in workbook.sheets for found in read_sheet(sheet, headers)]
