"""Workbooks of Excel 97–2003 (.xls): values, formats, merges and hidden rows, as the newer ones are read.

By xlrd, which is pure and keeps to what the file holds; calamine takes gigabytes for two cells far apart.
"""

import datetime
import io
import re
from collections.abc import Iterator
from typing import Any

import xlrd
from openpyxl.styles.numbers import BUILTIN_FORMATS
from xlrd.biffh import XL_CELL_BOOLEAN, XL_CELL_DATE, XL_CELL_ERROR, XL_CELL_NUMBER, XL_CELL_TEXT

from core.spreadsheet.package import DAMAGED, ENCRYPTED, HAS_MACROS, Limits, WorkbookError
from core.spreadsheet.structure import CHINESE_FORMATS, GENERAL, Merge, SheetStructure

MACRO_STREAM = "_VBA_PROJECT_CUR".encode("utf-16-le")
SAYS_ENCRYPTED = "encrypted"
KNOWN_FORMATS = {**BUILTIN_FORMATS, **CHINESE_FORMATS}
HOURS = "[h"
"""In a format: hours counted through, a length of time and no time of the day."""
NEEDLESS_ESCAPE = re.compile(r"\\([^A-Za-z])")
"""Some programs write yyyy\\-mm for yyyy-mm; an escaped letter is a letter and no part of a date."""

Rows = list[list[object]]


def read_old(content: bytes, limits: Limits) -> list[tuple[SheetStructure, Rows]]:
    """Each worksheet with its values by row. Raises WorkbookError with a Chinese sentence."""
    if MACRO_STREAM in content:
        raise WorkbookError(HAS_MACROS)
    book = _opened(content)
    if book.nsheets > limits.sheets:
        raise WorkbookError(f"工作簿有{book.nsheets}张工作表，多于{limits.sheets}张，请拆开后再导入。")
    try:
        return [_sheet(book, book.sheet_by_index(number), limits) for number in range(book.nsheets)]
    except WorkbookError:
        raise
    except Exception as failure:  # whatever a broken record makes the reader raise
        raise WorkbookError(DAMAGED) from failure


def _opened(content: bytes) -> Any:
    options = {"formatting_info": True, "ragged_rows": True, "on_demand": True, "logfile": io.StringIO()}
    try:
        return xlrd.open_workbook(file_contents=content, **options)
    except Exception as failure:  # a damaged file fails in every way a parser can
        raise WorkbookError(ENCRYPTED if SAYS_ENCRYPTED in str(failure) else DAMAGED) from failure


def _sheet(book: Any, sheet: Any, limits: Limits) -> tuple[SheetStructure, Rows]:
    structure = SheetStructure(sheet.name, hidden=bool(sheet.visibility))
    rows = [_row(book, sheet, structure, number) for number in range(sheet.nrows)]
    _within(structure, limits)
    structure.hidden_rows = {number + 1 for number, row in sheet.rowinfo_map.items() if row.hidden or row.height == 0}
    structure.hidden_columns = {number + 1 for number, column in sheet.colinfo_map.items() if column.hidden}
    structure.merges = list(_merges(sheet, structure))
    if sum(merge.area for merge in structure.merges) > limits.cells:
        raise WorkbookError(f"工作表“{structure.name}”的合并单元格过大，请取消多余的合并后再导入。")
    book.unload_sheet(sheet.number)
    return structure, rows[: structure.last_row]


def _row(book: Any, sheet: Any, structure: SheetStructure, number: int) -> list[object]:
    values: list[object] = []
    for column, (kind, value) in enumerate(zip(sheet.row_types(number), sheet.row_values(number), strict=True)):
        code = _format(book, sheet.cell_xf_index(number, column))
        read = _value(kind, value, code, book.datemode)
        values.append(read)
        if read is not None:
            _note(structure, (number + 1, column + 1), kind, code, read)
    return values


def _note(structure: SheetStructure, position: tuple[int, int], kind: int, code: str, value: object) -> None:
    structure.last_row = max(structure.last_row, position[0])
    structure.last_column = max(structure.last_column, position[1])
    if kind == XL_CELL_ERROR:
        structure.errors[position] = str(value)
    if code != GENERAL:
        structure.formats[position] = code


def _format(book: Any, style: int) -> str:
    key = book.xf_list[style].format_key
    own = book.format_map[key].format_str if key in book.format_map else ""
    return KNOWN_FORMATS.get(key) or NEEDLESS_ESCAPE.sub(r"\1", own) or GENERAL


def _value(kind: int, value: Any, code: str, datemode: int) -> object:
    """The cell's value in the few types a RawCell promises; None where there is nothing."""
    if kind == XL_CELL_TEXT:
        return value or None
    if kind == XL_CELL_DATE:
        return _moment(value, code, datemode)
    if kind == XL_CELL_BOOLEAN:
        return bool(value)
    if kind == XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(value, "#N/A")
    return value if kind == XL_CELL_NUMBER else None


def _moment(value: float, code: str, datemode: int) -> object:
    """A day, a time of the day or a length of time; what is no day at all stays the number it is."""
    if HOURS in code.lower():
        return datetime.timedelta(days=value)
    try:
        found = xlrd.xldate_as_datetime(value, datemode)
    except (ValueError, OverflowError):
        return value
    return found.time() if 0 <= value < 1 else found


def _within(structure: SheetStructure, limits: Limits) -> None:
    if structure.last_row * structure.last_column > limits.cells:
        raise WorkbookError(f"工作表“{structure.name}”内容过多，请拆开后再导入。")


def _merges(sheet: Any, structure: SheetStructure) -> Iterator[Merge]:
    """What a merge covers beyond the last value says nothing."""
    for top, below, left, right in sheet.merged_cells:
        bottom, last = min(below, structure.last_row), min(right, structure.last_column)
        if bottom > top and last > left:
            yield Merge(top + 1, left + 1, bottom, last)
