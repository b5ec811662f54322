"""A workbook given back with what is wrong in it: the same sheets, values and merges, cells filled and commented.

Hidden sheets come back visible: what is said of them should be seen.
"""

import contextlib
import datetime
import math
from collections.abc import Mapping
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.exceptions import OverlappingRange
from xlsxwriter.worksheet import Worksheet

from core.spreadsheet.fitting import needed_width
from core.spreadsheet.raw import RawCell
from core.spreadsheet.structure import GENERAL, Merge, Position
from core.spreadsheet.workbook import Sheet, Workbook
from core.spreadsheet.writing import A4, MEASURED, PAGE_FOOTER, WIDEST_TEXT, Written, sheet_name

FILL = "#FFE699"
COMMENT_SIZE = {"x_scale": 2.2, "y_scale": 1.2}
COMMENT_AUTHOR = "导入核对"
NARROWEST = 11
"""Characters: a day or an amount."""

Marks = Mapping[str, Mapping[Position, str]]


def write_marked(stream: BinaryIO, workbook: Workbook, marks: Marks) -> None:
    """`marks`: sheet name → {(row, column) counted from 1: what is said of the cell}. Formulas become values."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(stream, options) as out:
        for sheet in workbook.sheets:
            _Marked(out, sheet, marks.get(sheet.name, {})).write()


class _Marked:
    def __init__(self, out: xlsxwriter.Workbook, sheet: Sheet, marks: Mapping[Position, str]):
        self.out, self.source, self.marks = out, sheet, marks
        self.sheet: Worksheet = out.add_worksheet(_free_name(out, sheet.name))
        self.formats: dict[tuple[str, bool], Any] = {}
        self.written = Written()

    def write(self) -> None:
        for merge in self.source.structure.merges:
            self._merge(merge)
        for row in range(1, self.source.last_row + 1):
            for column in self.source.filled_columns(row):
                self._write_cell(row, column)
        for position, sentence in self.marks.items():
            self._mark(position, sentence)
        for row in self.source.structure.hidden_rows:
            self.sheet.set_row(row - 1, None, None, {"hidden": True})
        self._set_up()

    def _set_up(self) -> None:
        """Columns as wide as what stands in them: their own widths were not read. Lying, with page numbers."""
        texts: dict[int, list[object]] = {}
        merged = {(merge.top, merge.left) for merge in self.source.structure.merges}
        for row in range(1, min(self.source.last_row, MEASURED) + 1):
            for column in set(self.source.filled_columns(row)) - {left for top, left in merged if top == row}:
                texts.setdefault(column, []).append(self.source.cell(row, column).value)
        for column, found in texts.items():
            self.sheet.set_column(column - 1, column - 1, needed_width(NARROWEST, found, WIDEST_TEXT))
        self.sheet.set_landscape()
        self.sheet.set_paper(A4)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_footer(PAGE_FOOTER)

    def _merge(self, merge: Merge) -> None:
        """A damaged file's merges may overlap; the later one is left out."""
        if merge.area == 1:
            return
        with contextlib.suppress(OverlappingRange):
            self.sheet.merge_range(merge.top - 1, merge.left - 1, merge.bottom - 1, merge.right - 1, "")

    def _mark(self, position: Position, sentence: str) -> None:
        row, column = position
        self._write_cell(row, column)
        said = {"author": COMMENT_AUTHOR, **COMMENT_SIZE}
        self.sheet.write_comment(row - 1, column - 1, self.written.clean(sentence), said)

    def _write_cell(self, row: int, column: int) -> None:
        cell = self.source.cell(row, column)
        style = self._format(cell.number_format, (row, column) in self.marks)
        match cell.value:
            case None:
                self.sheet.write_blank(row - 1, column - 1, None, style)
            case bool():
                self.sheet.write_boolean(row - 1, column - 1, cell.value, style)
            case int() | float() if math.isfinite(cell.value):
                self.sheet.write_number(row - 1, column - 1, cell.value, style)
            case datetime.datetime():
                self.sheet.write_datetime(row - 1, column - 1, cell.value, style)
            case _:
                self.sheet.write_string(row - 1, column - 1, _text(self.written, cell), style)

    def _format(self, number_format: str, marked: bool) -> Any:
        key = number_format, marked
        if key not in self.formats:
            look = {} if number_format == GENERAL else {"num_format": number_format}
            self.formats[key] = self.out.add_format(look | ({"bg_color": FILL} if marked else {}))
        return self.formats[key]


def _free_name(out: xlsxwriter.Workbook, name: str) -> str:
    """The sheet's name; a damaged file may hold one twice, or one that Excel does not take."""
    taken = {sheet.get_name().lower() for sheet in out.worksheets()}
    name = sheet_name(name)
    return name if name.lower() not in taken else f"Sheet{len(taken) + 1}"


def _text(written: Written, cell: RawCell) -> str:
    return written.clean(cell.value)
