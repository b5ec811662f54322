"""Lists and templates written as the office prints them: typed cells, header, filter, page set-up."""

import datetime
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, BinaryIO, Literal

import xlsxwriter
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

Kind = Literal["text", "integer", "amount", "number", "rate", "date", "month"]
# 万元 are exact to the 元, four places; a rate is a share of one
NUMBER_FORMATS: Mapping[Kind, str] = {
    "text": "@",
    "integer": "0",
    "amount": "#,##0.00##",
    "number": "#,##0.######",
    "rate": "0.00%",
    "date": "yyyy-mm-dd",
    "month": "@",
}
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
FORMULA_STARTS = ("=", "+", "-", "@")
FONT = "宋体"
HEADER_FILL = "E7EDF5"
LONGEST_TEXT = 32767
LONGEST_SHEET_NAME = 31
SHEET_NAME_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
A3, A4 = 8, 9
A4_WIDTH = 140  # characters a landscape A4 page still shows legibly; wider tables go on A3
PAGE_FOOTER = "&C第&P页，共&N页"
LONGEST_INLINE_LIST = 255
TEMPLATE_ROWS = 2000
INSTRUCTIONS = "填写说明"


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


@dataclass
class Written:
    """What was written, and what Excel could not hold: forbidden characters taken out, texts cut to 32767."""

    rows: int = 0
    removed_characters: int = 0
    shortened_texts: int = 0

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
    stream: BinaryIO,
    sheet_title: str,
    columns: Sequence[OutColumn],
    rows: Iterable[Sequence[object]],
    *,
    made_at: datetime.datetime,
    caption_lines: Sequence[str] = (),
    footer: Sequence[str] = (),
) -> Written:
    """Stream rows into one sheet: title, caption lines, 制表时间, header, rows, footer lines.

    A cell is written by its column's kind: numbers (int, float, Decimal) as numbers, text and codes as
    text. A date goes in as a date where the day is known; months, quarters and years are passed as text
    (2023年5月), so that reading the file again gives the same precision. A value that does not suit its
    kind is written as text, never dropped. Texts that begin with = + - @ stay texts.
    """
    with xlsxwriter.Workbook(stream, {"constant_memory": True}) as workbook:
        workbook.set_properties({"created": made_at})
        sheet = _TableSheet(workbook, sheet_title, columns)
        sheet.write_captions([sheet_title, *caption_lines, f"制表时间：{made_at:%Y-%m-%d %H:%M}"])
        sheet.write_header()
        sheet.write_rows(rows)
        sheet.write_footer(footer)
        sheet.set_up_page()
    return sheet.written


def sheet_name(title: str) -> str:
    """The title as Excel takes it for a sheet: without []:*?/\\ and not longer than 31 UTF-16 units."""
    name = FORBIDDEN.sub("", SHEET_NAME_FORBIDDEN.sub("", title)).strip("' ") or "Sheet1"
    return name.encode("utf-16-le")[: 2 * LONGEST_SHEET_NAME].decode("utf-16-le", "ignore").strip("' ")


@dataclass
class _TableSheet:
    """One sheet being written from top to bottom; `line` is the next row, counted from 0."""

    workbook: Any
    title: str
    columns: Sequence[OutColumn]
    written: Written = field(default_factory=Written)
    line: int = 0

    def __post_init__(self) -> None:
        self.sheet = self.workbook.add_worksheet(sheet_name(self.title))
        self.formats = {kind: self._format(num_format=code, border=1) for kind, code in NUMBER_FORMATS.items()}
        self.text = self._format(num_format="@", border=1, text_wrap=True)
        # keeps the text a text when a person edits the cell
        self.guarded = self._format(num_format="@", border=1, text_wrap=True, quote_prefix=True)
        self.plain = self._format()
        self.heading = self._format(bold=True, font_size=16, align="center")
        self.header = self._format(bold=True, border=1, align="center", text_wrap=True, bg_color=f"#{HEADER_FILL}")
        for number, column in enumerate(self.columns):
            self.sheet.set_column(number, number, column.width)

    def _format(self, **properties: object) -> Any:
        return self.workbook.add_format({"font_name": FONT, "font_size": 10, "valign": "vcenter", **properties})

    def write_captions(self, texts: Sequence[str]) -> None:
        for number, text in enumerate(texts):
            self._write_line(text, self.plain if number else self.heading)

    def _write_line(self, text: str, style: Any) -> None:
        """A text over the whole width of the table."""
        cleaned = self.written.clean(text)
        last_column = len(self.columns) - 1
        if last_column:
            self.sheet.merge_range(self.line, 0, self.line, last_column, "", style)
        self.sheet.write_string(self.line, 0, cleaned, style)
        self.line += 1

    def write_header(self) -> None:
        self.header_line = self.line
        for number, column in enumerate(self.columns):
            self.sheet.write_string(self.line, number, self.written.clean(column.caption), self.header)
        self.line += 1

    def write_rows(self, rows: Iterable[Sequence[object]]) -> None:
        for row in rows:
            for number, (column, value) in enumerate(zip(self.columns, row, strict=True)):
                self._write_cell(number, column.kind, value)
            self.line += 1
            self.written.rows += 1

    def _write_cell(self, number: int, kind: Kind, value: object) -> None:
        style = self.formats[kind]
        if value is None or value == "":
            self.sheet.write_blank(self.line, number, None, style)
        elif _is_number(value) and kind not in ("text", "date", "month"):
            self.sheet.write_number(self.line, number, value, style)
        elif isinstance(value, datetime.date) and kind == "date":
            self.sheet.write_datetime(self.line, number, _day(value), style)
        else:
            self._write_text(number, _month_text(value) if kind == "month" else value)

    def _write_text(self, number: int, value: object) -> None:
        text = self.written.clean(value)
        self.sheet.write_string(self.line, number, text, self.guarded if text.startswith(FORMULA_STARTS) else self.text)

    def write_footer(self, texts: Sequence[str]) -> None:
        self.last_row = max(self.line - 1, self.header_line)
        for text in texts:
            self._write_line(text, self.plain)

    def set_up_page(self) -> None:
        sheet, last_column = self.sheet, len(self.columns) - 1
        sheet.freeze_panes(self.header_line + 1, 0)
        sheet.autofilter(self.header_line, 0, self.last_row, last_column)
        sheet.repeat_rows(self.header_line)
        sheet.set_landscape()
        sheet.set_paper(_paper(self.columns))
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(PAGE_FOOTER)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _day(value: datetime.date) -> datetime.date:
    return value.date() if isinstance(value, datetime.datetime) else value


def _month_text(value: object) -> object:
    return f"{value.year}年{value.month}月" if isinstance(value, datetime.date) else value


def _paper(columns: Sequence[OutColumn]) -> int:
    return A4 if sum(column.width for column in columns) <= A4_WIDTH else A3


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
    _set_up_template_page(table, columns)
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
    side = Side(style="thin")
    cell.font = Font(name=FONT, size=10, bold=True)
    cell.fill = PatternFill("solid", fgColor=HEADER_FILL)
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    cell.border = Border(left=side, right=side, top=side, bottom=side)


def _set_up_template_page(table: Worksheet, columns: Sequence[OutColumn]) -> None:
    table.print_title_rows = "1:1"
    table.page_setup.orientation = "landscape"
    table.page_setup.paperSize = _paper(columns)
    table.page_setup.fitToHeight = 0
    table.sheet_properties.pageSetUpPr.fitToPage = True
    table.oddFooter.center.text = PAGE_FOOTER.removeprefix("&C")


def _write_instructions(sheet: Worksheet, columns: Sequence[OutColumn]) -> None:
    sheet.append(["栏目", "是否必填", "怎样填写", "可选内容"])
    for column in columns:
        sheet.append([column.caption, "必填" if column.required else "选填", column.hint, "、".join(column.choices)])
    for cell in sheet[1]:
        _style_header(cell)
    for letter, width in zip("ABCD", (24, 10, 60, 60), strict=True):
        sheet.column_dimensions[letter].width = width


def display_width(text: str) -> int:
    """Width in characters as `OutColumn.width` counts them."""
    return sum(2 if unicodedata.east_asian_width(mark) in "FWA" else 1 for mark in text)
