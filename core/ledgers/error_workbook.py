"""The workbook that was sent in, with a comment at each cell that a person should look at."""

from collections.abc import Iterable, Sequence
from typing import BinaryIO

from core.ledgers.importing import ImportPlan, Remark
from core.ledgers.layouts import ReadTable
from core.spreadsheet.marking import write_marked
from core.spreadsheet.reading import FoundColumn, open_workbook
from core.spreadsheet.structure import Position


def write_error_workbook(stream: BinaryIO, file: BinaryIO, plan: ImportPlan) -> None:
    """Raises WorkbookError where `file` is none."""
    write_marked(stream, open_workbook(file), marks(plan))


def marks(plan: ImportPlan) -> dict[str, dict[Position, str]]:
    """{sheet: {(row, column): every sentence about that cell}}; what names no cell stands at its row's beginning."""
    found: dict[str, dict[Position, str]] = {}
    for word, remarks in (("错误", plan.errors), ("提醒", plan.warnings)):
        for remark in remarks:
            if not remark.row:
                continue
            cells = found.setdefault(remark.sheet, {})
            place = (remark.row, _column_of(plan, remark))
            cells[place] = "\n".join(filter(None, [cells.get(place, ""), f"{word}：{remark.message}"]))
    return found


def _column_of(plan: ImportPlan, remark: Remark) -> int:
    table = _table_above(plan.tables, remark)
    if table is None:
        return 1
    names = {column.name: column.header for column in plan.ledger.import_columns}
    return next((c.index for c in table.columns if remark.column and _is_named(c, names, remark.column)), 1)


def _is_named(column: FoundColumn, headers: dict[str, str], said: str) -> bool:
    """A remark names a column as the ledger calls it, or one that the ledger does not know as the sheet does."""
    return (headers[column.name] if column.name else column.text) == said


def _table_above(tables: Sequence[ReadTable], remark: Remark) -> ReadTable | None:
    """Of several tables on one sheet, the last that begins above the row."""
    above: Iterable[ReadTable] = (t for t in tables if t.sheet == remark.sheet and t.header_rows[0] <= remark.row)
    return max(above, key=lambda table: table.header_rows[0], default=None)
