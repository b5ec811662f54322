"""Lists and templates written as the office prints them: typed cells, header, filter, page set-up."""

import datetime
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, islice
from typing import Any, BinaryIO, Literal

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from rustpy_xlsxwriter import FastExcel, Format

from core.spreadsheet.fitting import A3_WIDTH, A4_WIDTH, fitting_columns, height_of, lines_of, needed_width

Kind = Literal["text", "integer", "amount", "number", "rate", "date", "month"]
# 万元 are exact to the 元, four places; a rate is a share of one
NUMBER_FORMATS: Mapping[Kind, str] = {
    "text": "@",
    "integer": "0",
    "amount": "#,##0.00##",
    "number": "General",  # a pattern with optional places leaves a bare point behind whole numbers
    "rate": "0.00%",
    "date": "yyyy-mm-dd",
    "month": "@",
}
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
UNWRITABLE = re.compile(FORBIDDEN.pattern[:-1] + "\r]")
"""What has to be looked at more closely before it goes into a cell."""
FONT = "宋体"
HEADER_FILL = "E7EDF5"
LONGEST_TEXT = 32767
SURELY_SHORT = LONGEST_TEXT // 2  # marks, be each of two UTF-16 units
AT_ONCE = 500
NUMBERS = frozenset([int, float, Decimal])
LONGEST_SHEET_NAME = 31
SHEET_NAME_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
A3, A4 = 8, 9
WIDEST_TEXT = 40  # characters; a longer text stands on several lines
MEASURED, PRINTED = 200, 2000
"""So many rows are looked at for the widths of their columns; of a list of so many at most, which is as long as lists
are printed, each row is given the height of its texts."""
PAGE_FOOTER = "&C第&P页，共&N页"
LONGEST_INLINE_LIST = 255
TEMPLATE_ROWS = 2000
INSTRUCTIONS, INSTRUCTION_WIDTHS = "填写说明", (24, 10, 50, 50)


@dataclass(frozen=True)
class OutColumn:
    """A column to write. `width` is in characters of the Latin alphabet, a Chinese one counts two.

    `hint`, `choices` and `required` are for templates alone.
    """

    header: str
    kind: Kind = "text"
    width: int = 14
    unit: str = ""
    hint: str = ""
    choices: tuple[str, ...] = ()
    required: bool = False

    @property
    def caption(self) -> str:
        return f"{self.header}（{self.unit}）" if self.unit else self.header


@dataclass(frozen=True)
class OutTable:
    """A sheet to write; `rows` are asked for once, when the sheet's turn comes."""

    title: str
    columns: Sequence[OutColumn]
    rows: Iterable[Sequence[object]]
    caption_lines: Sequence[str] = ()


@dataclass
class Written:
    """What was written, and what Excel could not hold: forbidden characters taken out, texts cut to 32767."""

    rows: int = 0
    removed_characters: int = 0
    shortened_texts: int = 0

    @property
    def losses(self) -> list[str]:
        """What the file lacks of the list, a sentence each."""
        removed = f"原文中有{self.removed_characters}个Excel不能保存的字符，已去掉。"
        cut = f"有{self.shortened_texts}个单元格超过Excel允许的长度，只写了前{LONGEST_TEXT}个字。"
        return [removed] * bool(self.removed_characters) + [cut] * bool(self.shortened_texts)

    def clean(self, value: object) -> str:
        text, removed = FORBIDDEN.subn("", str(value).replace("\r\n", "\n").replace("\r", "\n"))
        self.removed_characters += removed
        # Excel counts UTF-16 units, of which a rare character takes two
        units = text.encode("utf-16-le")
        if len(units) > 2 * LONGEST_TEXT:
            self.shortened_texts += 1
            return units[: 2 * LONGEST_TEXT].decode("utf-16-le", "ignore")
        return text


def write_table(
    target: BinaryIO | str,
    sheet_title: str,
    columns: Sequence[OutColumn],
    rows: Iterable[Sequence[object]],
    *,
    made_at: datetime.datetime,
    caption_lines: Sequence[str] = (),
) -> Written:
    """Stream rows into one sheet of a file or a buffer: title, caption lines, 制表时间, header, rows.

    A cell is written by its column's kind: numbers (int, float, Decimal) as numbers, text and codes as
    text. A date goes in as a date where the day is known; months, quarters and years are passed as text
    (2023年5月), so that reading the file again gives the same precision. A value that does not suit its
    kind is written as text, never dropped. Texts that begin with = + - @ stay texts. Memory stays flat,
    however many rows there are.
    """
    return write_tables(target, [OutTable(sheet_title, columns, rows, caption_lines)], made_at=made_at)


def write_tables(target: BinaryIO | str, tables: Iterable[OutTable], *, made_at: datetime.datetime) -> Written:
    """One sheet for each table, as `write_table` writes it; sheets have to be called differently.

    Of a single table the rows are streamed; of several they stand in memory.
    """
    tables = list(tables)
    written = Written()
    workbook = FastExcel(target)
    for table in tables:
        captions = [table.title, *table.caption_lines, f"制表时间：{made_at:%Y-%m-%d %H:%M}"]
        name, fitted = sheet_name(table.title), _Fitted(table)
        records = _records(table.columns, fitted.rows, written)
        # Of several sheets the writer takes no generators.
        workbook.sheet(name, records if len(tables) == 1 else list(records), **_set_up(fitted, captions, written))
        workbook.freeze(row=len(captions) + 1, sheet=name)
    workbook.save()
    return written


class _Fitted:
    """A table whose first rows have been looked at: how wide its columns are, how high its rows."""

    def __init__(self, table: OutTable):
        rows = iter(table.rows)
        first = list(islice(rows, PRINTED))
        self.columns = table.columns
        self.rows = chain(first, rows)
        self.widths = [self._width(place, first) for place in range(len(self.columns))]
        self.lines = self._lines(first) if len(first) < PRINTED else []
        """How many lines each row takes; none for a list that is longer than lists are printed."""

    def _width(self, place: int, first: Sequence[Sequence[object]]) -> int:
        column = self.columns[place]
        if column.kind != "text":
            return column.width
        return needed_width(column.width, (row[place] for row in first[:MEASURED]), WIDEST_TEXT)

    def _lines(self, first: Sequence[Sequence[object]]) -> list[int]:
        wrapped = [place for place, column in enumerate(self.columns) if column.kind == "text"]
        return [max((lines_of(row[place], self.widths[place]) for place in wrapped), default=1) for row in first]

    def heights(self, header_row: int) -> dict[int, float]:
        """{row, from 0: points} of the header and of rows that take more than a line."""
        headings = zip(self.columns, self.widths, strict=True)
        header = max(lines_of(column.caption, width) for column, width in headings)
        body = {header_row + place: lines for place, lines in enumerate(self.lines, 1) if lines > 1}
        return {row: float(height_of(lines)) for row, lines in {header_row: header, **body}.items()}


def _set_up(fitted: _Fitted, captions: Sequence[str], written: Written) -> dict[str, Any]:
    columns, header_row = fitted.columns, len(captions)
    on_first_page = fitting_columns(fitted.widths, A3_WIDTH)
    return {
        "header_row": header_row,
        "merge_ranges": _merged_captions([written.clean(text) for text in captions], on_first_page, len(columns)),
        "header_format": _style().set_bold().set_align("center").set_text_wrap().set_background_color(HEADER_FILL),
        "column_widths": fitted.widths,
        "row_heights": fitted.heights(header_row),
        "column_formats": [_column_style(column.kind) for column in columns],
        "autofilter": True,
        "ignore_errors": _texts_of_digits(columns),
        "page_setup": _page_setup(fitted.widths, header_row),
    }


def _records(
    columns: Sequence[OutColumn], rows: Iterable[Sequence[object]], written: Written
) -> Iterator[dict[str, object]]:
    """One dict a row; where there is none an empty one, for without any the writer leaves out the header."""
    names, before = _column_names(columns), written.rows
    for chunk in _chunks(rows):
        cells = [
            _cells(column, values, written) for column, values in zip(columns, zip(*chunk, strict=True), strict=True)
        ]
        written.rows += len(chunk)
        yield from (dict(zip(names, row, strict=True)) for row in zip(*cells, strict=True))
    if written.rows == before:
        yield dict.fromkeys(names, "")


def _chunks(rows: Iterable[Sequence[object]]) -> Iterator[list[Sequence[object]]]:
    """A column is looked through at once in so many rows: half the work of looking at each row."""
    rows = iter(rows)
    while chunk := list(islice(rows, AT_ONCE)):
        yield chunk


def _cells(column: OutColumn, values: Sequence[object], written: Written) -> Sequence[object]:
    """A column's values as they are written, what Excel can't hold taken out."""
    found = set(map(type, values))
    if NOTHING in found:
        values = ["" if value is None else value for value in values]
    cells = values if found <= AS_THEY_ARE[column.kind] else [*map(CELL[column.kind], values)]
    if found <= HARMLESS or _holds_all("".join([cell for cell in cells if cell.__class__ is str])):
        return cells
    return [written.clean(cell) if isinstance(cell, str) else cell for cell in cells]


def _holds_all(text: str) -> bool:
    """Whether Excel surely holds cells of these texts; printable ones need no closer look."""
    return len(text) <= SURELY_SHORT and (text.isprintable() or not UNWRITABLE.search(text))


def _column_names(columns: Sequence[OutColumn]) -> list[str]:
    """The captions, which are the keys of a row: one that stands twice gets a space more."""
    names: list[str] = []
    for column in columns:
        name = FORBIDDEN.sub("", column.caption)
        while name in names:
            name += " "
        names.append(name)
    return names


def _text_cell(value: object) -> object:
    return value if value.__class__ is str else "" if value is None else str(value)


def _number_cell(value: object) -> object:
    return value if value.__class__ in NUMBERS or _is_number(value) else _text_cell(value)


def _date_cell(value: object) -> object:
    return _day(value) if isinstance(value, datetime.date) else _text_cell(value)


def _month_cell(value: object) -> object:
    return _text_cell(_month_text(value))


CELL: Mapping[Kind, Callable[[object], object]] = {
    "text": _text_cell,
    "integer": _number_cell,
    "amount": _number_cell,
    "number": _number_cell,
    "rate": _number_cell,
    "date": _date_cell,
    "month": _month_cell,
}
"""A value as its column writes it; an empty text is an empty cell with the column's border."""
NOTHING = type(None)
HARMLESS = NUMBERS | {NOTHING, datetime.date}
AS_THEY_ARE: Mapping[Kind, frozenset[type]] = {
    **dict.fromkeys(CELL, NUMBERS | {NOTHING, str}),
    "text": frozenset([NOTHING, str]),
    "date": frozenset([NOTHING, str, datetime.date]),
    "month": frozenset([NOTHING, str]),
}
"""Types that `CELL` leaves as they are, but for an empty text instead of nothing: a column of these alone, as most are,
is not looked at value by value."""


def _style() -> Format:
    return Format().set_font_name(FONT).set_font_size(10).set_align("vcenter").set_border("thin")


def _column_style(kind: Kind) -> Format:
    """Text columns are text to Excel too, so that =1+1 stays one when a person edits the cell."""
    style = _style().set_num_format(NUMBER_FORMATS[kind])
    return style.set_text_wrap() if kind == "text" else style


Merged = tuple[int, int, int, int, Any] | tuple[int, int, int, int, Any, Format | None]
"""First row and column, last row and column, what stands there, and its look."""


def _merged_captions(texts: Sequence[str], width: int, columns: int) -> list[Merged]:
    """Each over so many of the columns; of a single one over the next one too, since one cell is no range. What is
    right of them is one empty range: alone its cells would be drawn with the borders of their columns."""
    plain = Format().set_font_name(FONT).set_font_size(10).set_align("vcenter")
    title = Format().set_font_name(FONT).set_font_size(16).set_align("vcenter").set_align("center").set_bold()
    last = max(width - 1, 1)
    if last == columns - 2 > 1:
        last -= 1
    merged: list[Merged] = []
    for line, text in enumerate(texts):
        merged.append((line, 0, line, last, text, plain if line else title))
        if last < columns - 2:
            merged.append((line, last + 1, line, columns - 1, "", plain))
    return merged


def _texts_of_digits(columns: Sequence[OutColumn]) -> list[str]:
    """Where Excel would mark every cell with a green triangle."""
    return [name for name, column in zip(_column_names(columns), columns, strict=True) if column.kind == "text"]


def _page_setup(widths: Sequence[int], header_line: int) -> dict[str, object]:
    """As many sheets wide as it takes to be read; what stands first in a row stands on each of them."""
    return {
        "landscape": True,
        "paper_size": _paper(widths),
        "repeat_rows": header_line,
        "repeat_columns": 0,
        "fit_to_pages": (_pages_wide(widths), 0),
        "footer": PAGE_FOOTER,
    }


def _paper(widths: Sequence[int]) -> int:
    return A4 if sum(widths) <= A4_WIDTH else A3


def _pages_wide(widths: Sequence[int]) -> int:
    return math.ceil(sum(widths) / A3_WIDTH)


def sheet_name(title: str) -> str:
    """The title as Excel takes it for a sheet: without []:*?/\\ and not longer than 31 UTF-16 units."""
    name = FORBIDDEN.sub("", SHEET_NAME_FORBIDDEN.sub("", title)).strip("' ") or "Sheet1"
    return name.encode("utf-16-le")[: 2 * LONGEST_SHEET_NAME].decode("utf-16-le", "ignore").strip("' ")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _day(value: datetime.date) -> datetime.date:
    return value.date() if isinstance(value, datetime.datetime) else value


def _month_text(value: object) -> object:
    return f"{value.year}年{value.month}月" if isinstance(value, datetime.date) else value


def write_template(stream: BinaryIO, sheet_title: str, columns: Sequence[OutColumn]) -> None:
    """An empty table to fill in, with the header a later import looks for.

    How to fill each column stands on a second sheet, one line a column, so that the first holds nothing
    an import must step over; short lists of choices become drop-downs, which warn and still let other
    words in, since the import checks them with a better sentence.
    """
    workbook = Workbook()
    table = workbook.active
    table.title = sheet_name(sheet_title)
    for number, column in enumerate(columns, 1):
        _write_template_column(table, number, column)
    table.freeze_panes = "A2"
    _set_up_template_page(table, [column.width for column in columns])
    _write_instructions(workbook.create_sheet(INSTRUCTIONS), columns)
    workbook.save(stream)


def _write_template_column(table: Worksheet, number: int, column: OutColumn) -> None:
    letter = get_column_letter(number)
    _style_header(table.cell(1, number, column.caption))
    table.column_dimensions[letter].width = column.width
    table.column_dimensions[letter].number_format = NUMBER_FORMATS[column.kind]
    if _fits_inline(column.choices):
        validation = DataValidation(type="list", formula1=f'"{",".join(column.choices)}"', errorStyle="warning")
        validation.error = "这一项不在可选范围内，请核对。"
        validation.add(f"{letter}2:{letter}{TEMPLATE_ROWS + 1}")
        table.add_data_validation(validation)


def _fits_inline(choices: Sequence[str]) -> bool:
    joined = ",".join(choices)
    return bool(choices) and len(joined) <= LONGEST_INLINE_LIST and not any(set(',"') & set(text) for text in choices)


def _style_header(cell: Any) -> None:
    cell.font = Font(name=FONT, size=10, bold=True)
    cell.fill = PatternFill("solid", fgColor=HEADER_FILL)
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    cell.border = _box()


def _set_up_template_page(table: Worksheet, widths: Sequence[int]) -> None:
    table.print_title_rows = "1:1"
    table.page_setup.orientation = "landscape"
    table.page_setup.paperSize = _paper(widths)
    table.page_setup.fitToWidth = _pages_wide(widths)
    table.page_setup.fitToHeight = 0
    table.sheet_properties.pageSetUpPr.fitToPage = True
    table.oddFooter.center.text = PAGE_FOOTER.removeprefix("&C")


def _write_instructions(sheet: Worksheet, columns: Sequence[OutColumn]) -> None:
    sheet.append(["栏目", "是否必填", "怎样填写", "可选内容"])
    for column in columns:
        sheet.append([column.caption, "必填" if column.required else "选填", column.hint, "、".join(column.choices)])
    _style_instructions(sheet)
    _set_up_template_page(sheet, INSTRUCTION_WIDTHS)


def _style_instructions(sheet: Worksheet) -> None:
    for letter, width in zip("ABCD", INSTRUCTION_WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    for cell in sheet[1]:
        _style_header(cell)
    for number, row in enumerate(sheet.iter_rows(min_row=2), 2):
        lines = max(lines_of(cell.value, width) for cell, width in zip(row, INSTRUCTION_WIDTHS, strict=True))
        sheet.row_dimensions[number].height = height_of(lines, room=3)
        for cell in row:
            _style_instruction(cell)


def _style_instruction(cell: Any) -> None:
    cell.font, cell.border = Font(name=FONT, size=10), _box()
    cell.alignment = Alignment(vertical="center", wrap_text=True)


def _box() -> Border:
    side = Side(style="thin")
    return Border(left=side, right=side, top=side, bottom=side)
