"""Two readings of one workbook, cell by cell."""

from collections.abc import Mapping
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

TOLERANCE = Decimal("1e-8")


def cells_that_differ(written: Workbook, recalculated: Mapping[str, Worksheet]) -> list[str]:
    """Every cell whose value as written (the engine's) is not the one that the spreadsheet program found."""
    return [
        f"{sheet.title}!{cell.coordinate}: {other!r} ≠ {cell.value!r}"
        for sheet in written
        for row in sheet.iter_rows()
        for cell in row
        if not same(other := recalculated[sheet.title][cell.coordinate].value, cell.value)
    ]


def same(found: object, expected: object) -> bool:
    """Any error stands for any other: the engine's cells say #N/A, Excel's own may say #DIV/0!."""
    if isinstance(expected, str) and expected.startswith("#"):
        return isinstance(found, str) and found.startswith("#")
    if isinstance(expected, bool) or not isinstance(expected, int | float):
        return (found or None) == (expected or None)
    return isinstance(found, int | float) and abs(Decimal(repr(found)) - Decimal(repr(expected))) < TOLERANCE
