"""官方表样: a table as the office prints it, between a title in the middle and a line of signatures.

    标题
    填报单位：…      制表时间：…      单位：万元
    序号 | columns under one or two header rows
    合计
    notes, footer lines, 制表人：  审核人：  负责人：

A form says what stands on the paper; where its rows come from is its caller's affair.
"""

import datetime
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any, BinaryIO

import xlsxwriter

from core.spreadsheet.paper import A3, A4, Paper, address
from core.spreadsheet.writing import A4_WIDTH, NUMBER_FORMATS, Kind, Written, display_width, sheet_name

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
SIGNED_BY = (("制表人", ""), ("审核人", ""), ("负责人", ""))
TITLE_ROW, PAPER_ROW, HEADER_ROW = 0, 1, 2
LINE_HEIGHT, LOWEST_ROW, HIGHEST_ROW = 15, 22, 400
"""Points: what a line of text takes, and between what a row may be high (Excel allows 409)."""
WIDER = 1.15
"""So much more a Chinese font takes than the Latin one in which Excel counts a column's width."""
ROOM_TO_SIGN = "　" * 6


@dataclass(frozen=True)
class FormColumn:
    """`band` is the upper header that neighbours share; `width` counts a Chinese character as two."""

    heading: str
    kind: Kind = "text"
    band: str = ""
    width: int = 12
    summed: bool = False


NUMBER = FormColumn("序号", "integer", width=6)


@dataclass(frozen=True)
class Band:
    """A heading over the rows under it, across the whole table; 序号 begins anew, unless it divides them only."""

    text: str
    restarts: bool = True


@dataclass(frozen=True)
class Whole:
    """A row that says what the rows above come to, where adding them up would not say it."""

    cells: Sequence[object]


@dataclass(frozen=True)
class Figure:
    """A number with a number format of its own."""

    number: Decimal
    number_format: str


Line = Sequence[object] | Band | Whole
Look = Mapping[str, str]
PLAIN: Look = {"text": "text", "name": "name", "number": "number"}
STRONG: Look = {"text": "total", "name": "total", "number": "sum"}
"""What a cell is → the paper's style for it."""


@dataclass(frozen=True)
class Wording:
    """What a county words itself: the title, lines under the table, and who signs (label, name)."""

    title: str
    footer_lines: tuple[str, ...] = ()
    signatures: tuple[tuple[str, str], ...] = SIGNED_BY


@dataclass(frozen=True)
class FormSheet:
    """One form with its rows, of two columns at least. `notes` stand under the table, before the county's own lines.

    `numbered`: whether 序号 stands first, or the columns say which row is which.
    A cell is what its column's kind takes: numbers as Decimal or int, days as dates, all else as text; None is empty.
    """

    wording: Wording
    reporter: str
    made_on: datetime.date
    columns: Sequence[FormColumn]
    lines: Iterable[Line]
    unit: str = "万元"
    notes: tuple[str, ...] = ()
    numbered: bool = True


def write_form(stream: BinaryIO, form: FormSheet) -> Written:
    """Writes it, and says under the table what Excel could not hold."""
    with xlsxwriter.Workbook(stream, OPTIONS) as book:
        drawing = _Drawing(book, form)
        drawing.write()
    return drawing.written


class _Drawing:
    def __init__(self, book: Any, form: FormSheet):
        self.form, self.written = form, Written()
        self.columns = (*([NUMBER] if form.numbered else []), *form.columns)
        self.paper = Paper(book, book.add_worksheet(sheet_name(form.wording.title)))
        self.last = len(self.columns) - 1
        self.banded = any(column.band for column in self.columns)
        self.first_row = HEADER_ROW + 1 + self.banded
        self.sums = [Decimal(0)] * len(self.columns)

    def write(self) -> None:
        self._write_head()
        self._write_header()
        row = self._write_lines()
        row = self._write_total(row)
        for text in (*self.form.notes, *self.form.wording.footer_lines):
            row = self._write_note(row, self.written.clean(text))
        signatures = self._signatures()
        for text in self.written.losses:
            row = self._write_note(row, text)
        self.paper.across(row, 0, row, self.last, signatures, "left")
        self.paper.sheet.set_row(row, 30)
        self._set_up()

    def _write_head(self) -> None:
        self.paper.across(TITLE_ROW, 0, TITLE_ROW, self.last, self.written.clean(self.form.wording.title), "title")
        self.paper.sheet.set_row(TITLE_ROW, 40)
        made = f"制表时间：{self.form.made_on.year}年{self.form.made_on.month}月{self.form.made_on.day}日"
        parts = (f"填报单位：{self.form.reporter}", "left"), (made, "middle"), (f"单位：{self.form.unit}", "right")
        edges = self._thirds()
        for (text, style), first, end in zip(parts, edges, edges[1:], strict=False):
            self.paper.across(PAPER_ROW, first, PAPER_ROW, end - 1, self.written.clean(text), style)
        self.paper.sheet.set_row(PAPER_ROW, 24)

    def _thirds(self) -> list[int]:
        """Where the three parts of the line under the title begin, by width, and where the last ends."""
        whole, edges, passed = sum(column.width for column in self.columns), [0], 0
        for number, column in enumerate(self.columns):
            if len(edges) < 3 and number > edges[-1] and passed >= whole * len(edges) / 3:
                edges.append(number)
            passed += column.width
        return [*(edges if len(edges) == 3 else (0, 1, 2)), self.last + 1]

    def _write_header(self) -> None:
        lower, first, lines = HEADER_ROW + self.banded, 0, 1
        for band, grouped in groupby(self.columns, key=lambda column: column.band):
            members = list(grouped)
            headings = [self.written.clean(member.heading) for member in members]
            lines = max(lines, lines_of(band, sum(member.width for member in members)))
            if band:
                text = self.written.clean(band)
                self.paper.across(HEADER_ROW, first, HEADER_ROW, first + len(headings) - 1, text, "header")
            for number, heading in enumerate(headings, first):
                self.paper.across(lower if band else HEADER_ROW, number, lower, number, heading, "header")
            first += len(headings)
        self.paper.sheet.set_row(HEADER_ROW, max(LOWEST_ROW, LINE_HEIGHT * lines + 5))
        self.paper.sheet.set_row(lower, 36)

    def _write_lines(self) -> int:
        """The row below the last line."""
        row, number = self.first_row, 0
        for line in self.form.lines:
            if isinstance(line, Band):
                self.paper.across(row, 0, row, self.last, self.written.clean(line.text), "group")
                self.paper.sheet.set_row(row, LOWEST_ROW)
                number = 0 if line.restarts else number
            elif isinstance(line, Whole):
                self._write_cells(row, self._placed("", line.cells), strong=True)
            else:
                number += 1
                self._write_cells(row, self._placed(number, line))
                self._add_up(self._placed(number, line))
            row += 1
        return row

    def _placed(self, number: object, cells: Sequence[object]) -> Sequence[object]:
        return (number, *cells) if self.form.numbered else cells

    def _write_cells(self, row: int, cells: Sequence[object], *, strong: bool = False) -> None:
        placed = list(zip(self.columns, cells, strict=True))
        for place, (column, value) in enumerate(placed):
            self._write_cell(row, place, column, value, STRONG if strong else PLAIN)
        # No program measures wrapped texts when it opens the file.
        lines = max(lines_of(value, column.width) for column, value in placed)
        self.paper.sheet.set_row(row, min(HIGHEST_ROW, max(LOWEST_ROW, LINE_HEIGHT * lines + 5)))

    def _write_cell(self, row: int, place: int, column: FormColumn, value: object, look: Look) -> None:
        """What a person typed stays text, whatever its first character; nothing is left out for its kind."""
        sheet = self.paper.sheet

        def style(name: str, number_format: str = "General") -> Any:
            return self.paper.style(look[name], number_format)

        number_format = NUMBER_FORMATS[column.kind]
        match value:
            case None | "":
                sheet.write_blank(row, place, None, style("text"))
            case Figure():
                sheet.write_number(row, place, float(value.number), style("number", value.number_format))
            case bool():
                sheet.write_string(row, place, "是" if value else "否", style("text"))
            case int() | float() | Decimal() if column.kind != "text":
                where = "text" if column.kind == "integer" else "number"
                sheet.write_number(row, place, float(value), style(where, number_format))
            case datetime.date() if column.kind == "date":
                sheet.write_datetime(row, place, value, style("text", number_format))
            case _:
                sheet.write_string(row, place, self.written.clean(value), style(_place_of(column), "@"))

    def _add_up(self, cells: Sequence[object]) -> None:
        for place, value in enumerate(cells):
            if self.columns[place].summed and isinstance(value, Decimal | int):
                self.sums[place] += value

    def _write_total(self, row: int) -> int:
        """合计 as live sums with their values; none where no column is added up."""
        summed = [place for place, column in enumerate(self.columns) if column.summed]
        if not summed:
            return row
        self.paper.across(row, 0, row, summed[0] - 1, "合计", "total")
        self.paper.sheet.set_row(row, LOWEST_ROW)
        for place in range(summed[0], self.last + 1):
            column = self.columns[place]
            if not column.summed:
                self.paper.sheet.write_blank(row, place, None, self.paper.style("total"))
            elif row == self.first_row:
                self.paper.sheet.write_number(row, place, 0, self.paper.style("sum", NUMBER_FORMATS[column.kind]))
            else:
                formula = f"SUM({address(self.first_row, place)}:{address(row - 1, place)})"
                self.paper.formula(row, place, formula, self.sums[place], "sum", NUMBER_FORMATS[column.kind])
        return row + 1

    def _write_note(self, row: int, text: str) -> int:
        self.paper.across(row, 0, row, self.last, text, "note")
        lines = lines_of(text, sum(column.width for column in self.columns))
        self.paper.sheet.set_row(row, min(HIGHEST_ROW, LINE_HEIGHT * lines + 5))
        return row + 1

    def _signatures(self) -> str:
        parts = (f"{label}：{name or ROOM_TO_SIGN}" for label, name in self.form.wording.signatures)
        return self.written.clean(ROOM_TO_SIGN.join(parts))

    def _set_up(self) -> None:
        for place, column in enumerate(self.columns):
            self.paper.sheet.set_column(place, place, column.width)
        size = A4 if sum(column.width for column in self.columns) <= A4_WIDTH else A3
        rows = HEADER_ROW, self.first_row - 1
        self.paper.set_up(header_rows=rows, frozen=(self.first_row, 2), size=size)


def _place_of(column: FormColumn) -> str:
    """Long texts begin at the left, short words stand in the middle, what is said in place of a number at the right."""
    if column.kind in ("amount", "number", "rate"):
        return "number"
    return "name" if column.width > 12 else "text"


def lines_of(value: object, width: int) -> int:
    """How many lines a text takes in a column of that width; anything else stands on one."""
    paragraphs = value.split("\n") if isinstance(value, str) else [""]
    return sum(max(1, math.ceil(display_width(part) * WIDER / width)) for part in paragraphs)


def filled(pattern: str, words: Mapping[str, str]) -> str:
    """{县}2024年招商引资项目台账 with the county's name; braces that name nothing stay as typed."""
    for word, meaning in words.items():
        pattern = pattern.replace(f"{{{word}}}", meaning)
    return pattern
