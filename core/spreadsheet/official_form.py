"""官方表样: a table as the office prints it, between a title in the middle and a line of signatures.

    标题
    填报单位：…      制表时间：…      单位：万元
    序号 | columns under one or two header rows
    合计, where the form compares: 上年同期, 同比
    notes, footer lines, 制表人：  审核人：  负责人：

A form says what stands on the paper; where its rows come from is its caller's affair.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any, BinaryIO

import xlsxwriter

from core.growth import growth
from core.spreadsheet.paper import HEADER_ROW, OPTIONS, Paper, address, quoted
from core.spreadsheet.writing import NUMBER_FORMATS, Kind, Written, sheet_name

SIGNED_BY = (("制表人", ""), ("审核人", ""), ("负责人", ""))
HEADER_HEIGHT, SIGNATURE_HEIGHT = 36, 30
"""Points: of the lower header, and of the line in which people sign."""
SIGNED_WITH = 3
"""So many rows at least stand on the page of the signatures."""
ROOM_TO_SIGN = "　" * 6
GROWTH, NO_GROWTH = "+0.0%;-0.0%;0.0%", "—"


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
PLAIN: Look = {"text": "text", "name": "name", "number": "number", "count": "count"}
STRONG: Look = {"text": "total", "name": "total", "number": "sum", "count": "total"}
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

    `numbered`: whether 序号 stands first, or the columns say which row is which. `count` is what 合计 says where no
    column is added up. `apart` is the place of a text column: amounts in rows of different words there are never added
    to each other. `earlier` holds 上年同期 for each summed column by its place, to stand under 合计 with the growth.
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
    count: str = ""
    apart: int | None = None
    earlier: Mapping[int, Decimal] | None = None


def write_form(stream: BinaryIO, form: FormSheet) -> Written:
    """Writes it, and says under the table what Excel could not hold."""
    with xlsxwriter.Workbook(stream, OPTIONS) as book:
        drawing = _Drawing(book, form)
        drawing.write()
    return drawing.paper.written


class _Drawing:
    def __init__(self, book: Any, form: FormSheet):
        self.form = form
        self.columns = (*([NUMBER] if form.numbered else []), *form.columns)
        widths = [column.width for column in self.columns]
        self.paper = Paper(book, book.add_worksheet(sheet_name(form.wording.title)), Written(), widths)
        self.last = len(self.columns) - 1
        self.banded = any(column.band for column in self.columns)
        self.first_row = HEADER_ROW + 1 + self.banded
        self.summed = [place for place, column in enumerate(self.columns) if column.summed]
        self.nothing = [Decimal(0)] * len(self.columns)
        self.sums: dict[str, list[Decimal]] = {}
        """What rows are added up together → the sum of each column; without `apart` all of them under no word."""
        self.below_rows = self.first_row

    def write(self) -> None:
        made = f"制表时间：{self.form.made_on.year}年{self.form.made_on.month}月{self.form.made_on.day}日"
        self.paper.head(self.form.wording.title, (f"填报单位：{self.form.reporter}", made, f"单位：{self.form.unit}"))
        self._write_header()
        row = self.paper.notes(
            self._write_totals(self._write_lines()), [*self.form.notes, *self.form.wording.footer_lines]
        )
        signatures = self.paper.written.clean(self._signatures())
        row = self.paper.notes(row, self.paper.written.losses)
        self.paper.notes(row, [signatures], "left")
        self.paper.make_room(row, SIGNATURE_HEIGHT)
        self.paper.keep(HEADER_ROW, self.first_row)
        self.paper.keep(max(self.first_row, self.below_rows - SIGNED_WITH), row)
        self.paper.set_up((HEADER_ROW, self.first_row - 1))

    def _write_header(self) -> None:
        lower, first = HEADER_ROW + self.banded, 0
        for band, grouped in groupby(self.columns, key=lambda column: column.band):
            headings = [member.heading for member in grouped]
            if band:
                self.paper.across(HEADER_ROW, first, HEADER_ROW, first + len(headings) - 1, band, "header")
            for number, heading in enumerate(headings, first):
                self.paper.across(lower if band else HEADER_ROW, number, lower, number, heading, "header")
            first += len(headings)
        self.paper.make_room(HEADER_ROW)
        self.paper.make_room(lower, HEADER_HEIGHT)

    def _write_lines(self) -> int:
        """The row below the last line."""
        row, number = self.first_row, 0
        for line in self.form.lines:
            if isinstance(line, Band):
                self.paper.across(row, 0, row, self.last, line.text, "group")
                self.paper.keep(row, row + 1)
                number = 0 if line.restarts else number
            elif isinstance(line, Whole):
                self._write_cells(row, self._placed("", line.cells), strong=True)
            else:
                number += 1
                self._write_cells(row, self._placed(number, line))
                self._add_up(self._placed(number, line))
                self.below_rows = row + 1
            row += 1
        return row

    def _placed(self, number: object, cells: Sequence[object]) -> Sequence[object]:
        return (number, *cells) if self.form.numbered else cells

    def _write_cells(self, row: int, cells: Sequence[object], *, strong: bool = False) -> None:
        for place, (column, value) in enumerate(zip(self.columns, cells, strict=True)):
            self._write_cell(row, place, column, value, STRONG if strong else PLAIN)

    def _write_cell(self, row: int, place: int, column: FormColumn, value: object, look: Look) -> None:
        """What a person typed stays text, whatever its first character; nothing is left out for its kind."""
        number_format = NUMBER_FORMATS[column.kind]
        match value:
            case None | "":
                self.paper.blank(row, place, look["text"])
            case Figure():
                self.paper.number(row, place, value.number, look["number"], value.number_format)
            case bool():
                self.paper.text(row, place, "是" if value else "否", look["text"])
            case int() | float() | Decimal() if column.kind != "text":
                where = "count" if column.kind == "integer" else "number"
                self.paper.number(row, place, value, look[where], number_format)
            case datetime.date() if column.kind == "date":
                self.paper.day(row, place, value, number_format)
            case _:
                self.paper.text(row, place, value, look[_place_of(column)], "@")

    def _add_up(self, cells: Sequence[object]) -> None:
        sums = self.sums.setdefault(self._kept_apart(cells), list(self.nothing))
        for place in self.summed:
            if isinstance(value := cells[place], Decimal | int):
                sums[place] += value

    def _kept_apart(self, cells: Sequence[object]) -> str:
        return "" if self.form.apart is None else Written().clean(cells[self.form.apart + self.form.numbered])

    def _write_totals(self, row: int) -> int:
        """合计, one for each word that is kept apart, and last year's beside it; the row below."""
        if not self.summed:
            return self._write_count(row)
        end = row
        for word, sums in (self.sums or {"": self.nothing}).items():
            self._write_label(row, f"{word}合计")
            for place in self.summed:
                self._write_sum(row, place, self._sum_formula(place, end, word), sums[place])
            row += 1
        return self._write_earlier(row, self.form.earlier) if self.form.earlier else row

    def _write_count(self, row: int) -> int:
        if not self.form.count:
            return row
        self.paper.across(row, 0, row, self.last, f"合计：{self.form.count}", "total")
        return row + 1

    def _write_label(self, row: int, text: str) -> None:
        """Over the columns before the first sum; what is not added up stays empty."""
        self.paper.across(row, 0, row, self.summed[0] - 1, text, "total")
        for place in range(self.summed[0], self.last + 1):
            self.paper.blank(row, place, "total")

    def _sum_formula(self, place: int, end: int, word: str) -> str:
        """Empty where there are no rows to add up."""
        if end == self.first_row:
            return ""
        amounts = f"{address(self.first_row, place)}:{address(end - 1, place)}"
        if self.form.apart is None:
            return f"SUM({amounts})"
        words = self.form.apart + self.form.numbered
        return f"SUMIF({address(self.first_row, words)}:{address(end - 1, words)},{quoted(word)},{amounts})"

    def _write_sum(self, row: int, place: int, formula: str, value: Decimal) -> None:
        number_format = NUMBER_FORMATS[self.columns[place].kind]
        if formula:
            self.paper.formula(row, place, formula, value, "sum", number_format)
        else:
            self.paper.number(row, place, value, "sum", number_format)

    def _write_earlier(self, row: int, earlier: Mapping[int, Decimal]) -> int:
        """上年同期 and 同比 under the one 合计; growth from zero or less is a dash."""
        self._write_label(row, "上年同期")
        self._write_label(row + 1, "同比")
        for place in self.summed:
            before = earlier[place - self.form.numbered]
            self._write_sum(row, place, "", before)
            last, this = address(row, place), address(row - 1, place)
            grown = growth(self.sums.get("", self.nothing)[place], before)
            formula = f'IF({last}>0,{this}/{last}-1,"{NO_GROWTH}")'
            self.paper.formula(row + 1, place, formula, NO_GROWTH if grown is None else grown, "sum", GROWTH)
        return row + 2

    def _signatures(self) -> str:
        parts = (f"{label}：{name or ROOM_TO_SIGN}" for label, name in self.form.wording.signatures)
        return ROOM_TO_SIGN.join(parts)


def _place_of(column: FormColumn) -> str:
    """Long texts begin at the left, short words stand in the middle, what is said in place of a number at the right."""
    if column.kind in ("amount", "number", "rate"):
        return "number"
    return "name" if column.width > 12 else "text"


def filled(pattern: str, words: Mapping[str, str]) -> str:
    """{县}2024年招商引资项目台账 with the county's name; braces that name nothing stay as typed."""
    for word, meaning in words.items():
        pattern = pattern.replace(f"{{{word}}}", meaning)
    return pattern
