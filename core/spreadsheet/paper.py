"""One worksheet as official paper: the formats, the print set-up, and cells that carry formula and value."""

import datetime
import math
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import accumulate
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from core.spreadsheet.fitting import A4_WIDTH, height_of, lines_of
from core.spreadsheet.writing import A3, A4, FORBIDDEN, PAGE_FOOTER, Written

OPTIONS = {
    "in_memory": True,
    # What a person typed stays text, whatever its first character.
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    # Columns are counted in digits of this font. Excel's own is missing where there is no Microsoft Office, and what
    # stands for it is a third wider; this one has a twin of the same widths everywhere.
    "default_format_properties": {"font_name": "Arial", "font_size": 10},
}
LONGEST_FORMULA = 8192
NOT_AVAILABLE = "#N/A"
BASE = {"font_name": "仿宋", "font_size": 11, "valign": "vcenter"}
BOX = {**BASE, "border": 1, "align": "center", "text_wrap": True}
DIGITS = {**BOX, "text_wrap": False, "shrink": True}
"""Numbers and days, which a program shows as ### where its font makes them too wide."""
STYLES: dict[str, dict[str, Any]] = {
    "title": {**BASE, "font_name": "方正小标宋简体", "font_size": 20, "align": "center"},
    "left": BASE,
    "middle": {**BASE, "align": "center"},
    "right": {**BASE, "align": "right"},
    "header": {**BOX, "font_name": "黑体", "bg_color": "#EDEDED"},
    "group": {**BOX, "font_name": "楷体", "align": "left", "bold": True},
    "text": BOX,
    "name": {**BOX, "align": "left"},
    "number": {**DIGITS, "align": "right"},
    "count": DIGITS,
    "total": {**BOX, "bold": True},
    "sum": {**DIGITS, "align": "right", "bold": True},
    "note": {**BASE, "text_wrap": True, "valign": "top"},
}
Value = Decimal | int | str | None

TITLE_ROW, PAPER_ROW, HEADER_ROW = 0, 1, 2
LOWEST_ROW, AROUND = 22, 5
"""Points: of a row of one line, and what every row has around its lines."""
TITLE_HEIGHT, PAPER_HEIGHT, UNWRITTEN = 40, 24, 15
SHEETS = {A3: (1190, 842), A4: (842, 595)}
"""Width and height in points of the paper, lying."""
SIDE, EDGE = 0.6, 0.8
"""Inches: margins at the sides, above and below."""
POINTS_TO_AN_INCH = 72
REPEATED = 2
"""So many columns stand on each page, and stay when one scrolls."""
LEAST_SCALE = 0.8
SURE = 0.97
"""So much of a page is surely there, whatever the program takes for a column's width."""


class Paper:
    """Rows and columns count from 0, as XlsxWriter's do; `widths` are the columns' in characters, three at least.

    A row is as high as the texts written into it. A table too wide for A3 breaks between columns, where one of `parts`
    begins (first columns of what belongs together; any column unless given). Rows that `keep` names are never parted
    by the end of a page.
    """

    def __init__(
        self, book: Any, sheet: Any, written: Written, widths: Sequence[int], parts: Sequence[int] = ()
    ) -> None:
        self.book, self.sheet, self.written = book, sheet, written
        self.widths = widths
        self.formats: dict[tuple[str, str], Any] = {}
        self.heights: dict[int, int] = {TITLE_ROW: TITLE_HEIGHT, PAPER_ROW: PAPER_HEIGHT}
        self.kept: set[int] = set()
        self.size = A4 if sum(widths) <= A4_WIDTH else A3
        self.starts = [] if self._scale() >= LEAST_SCALE else list(self._page_starts(parts or range(len(widths))))
        self.edge = (self.starts[0] if self.starts else len(widths)) - 1
        """The last column of the first page, to which titles and notes reach."""

    def _scale(self) -> float:
        return min(1.0, self._room_across() / points_of(self.widths))

    def _room_across(self) -> float:
        return SHEETS[self.size][0] - 2 * SIDE * POINTS_TO_AN_INCH

    def _page_starts(self, parts: Sequence[int]) -> Iterator[int]:
        """First columns of the pages beside the first; the first column stands on each of them."""
        room = SURE * self._room_across() / LEAST_SCALE
        begins = 0
        for part, following in zip(parts, [*parts[1:], len(self.widths)], strict=True):
            if begins < part and points_of(self.widths[begins:following]) > room:
                begins = part
                yield part
                room = SURE * self._room_across() / LEAST_SCALE - points_of(self.widths[:REPEATED])

    def style(self, name: str, number_format: str = "General") -> Any:
        key = name, number_format
        if key not in self.formats:
            self.formats[key] = self.book.add_format({**STYLES[name], "num_format": number_format})
        return self.formats[key]

    def set_up(self, header_rows: tuple[int, int]) -> None:
        """Lying, the header on each page, 第x页，共y页; called when all is written."""
        self.sheet.set_landscape()
        self.sheet.set_paper(self.size)
        self.sheet.repeat_rows(*header_rows)
        self.sheet.repeat_columns(0, REPEATED - 1)
        self.sheet.freeze_panes(header_rows[1] + 1, REPEATED)
        self.sheet.set_margins(left=SIDE, right=SIDE, top=EDGE, bottom=EDGE)
        self.sheet.center_horizontally()
        self.sheet.set_footer(PAGE_FOOTER)
        for column, width in enumerate(self.widths):
            self.sheet.set_column(column, column, width)
        for row, height in self.heights.items():
            self.sheet.set_row(row, height)
        self._break(header_rows)

    def _break(self, header_rows: tuple[int, int]) -> None:
        if self.starts:
            self.sheet.set_print_scale(int(LEAST_SCALE * 100))
            self.sheet.set_v_pagebreaks(self.starts)
        else:
            self.sheet.fit_to_pages(1, 0)
        self.sheet.set_h_pagebreaks(list(self._page_ends(header_rows)))

    def _page_ends(self, header_rows: tuple[int, int]) -> Iterator[int]:
        """First rows of the pages below the first. Every page's is given: a break that only some program would add
        might fall before the signatures."""
        scale = LEAST_SCALE if self.starts else self._scale()
        room = SURE * (SHEETS[self.size][1] - 2 * EDGE * POINTS_TO_AN_INCH) / scale
        repeated = sum(self.height(row) for row in range(header_rows[0], header_rows[1] + 1))
        used = 0.0
        for first, height in self._together():
            if used > repeated and used + height > room:
                yield first
                used = repeated
            used += height
            if used > room:
                used = repeated + (used - repeated) % (room - repeated)

    def _together(self) -> Iterator[tuple[int, float]]:
        """(first row, height) of rows that stay on one page."""
        first, height = 0, 0.0
        for row in range(max(self.heights) + 1):
            height += self.height(row)
            if row not in self.kept:
                yield first, height
                first, height = row + 1, 0.0
        if height:
            yield first, height

    def height(self, row: int) -> float:
        return self.heights.get(row, UNWRITTEN)

    def keep(self, first: int, last: int) -> None:
        """These rows stand on one page."""
        self.kept |= set(range(first, last))

    def head(self, title: str, parts: Sequence[str]) -> None:
        """The title, and under it what stands left, in the middle and right."""
        self.across(TITLE_ROW, 0, TITLE_ROW, self.edge, title, "title")
        edges = self._thirds()
        for text, style, first, end in zip(parts, ("left", "middle", "right"), edges[:-1], edges[1:], strict=True):
            self.across(PAPER_ROW, first, PAPER_ROW, end - 1, text, style)

    def _thirds(self) -> list[int]:
        """Where the three parts of the line under the title begin, nearest to thirds of the page, and where the last
        ends."""
        begins = [0, *accumulate(self.widths[: self.edge + 1])]
        second = min(range(1, self.edge), key=lambda column: abs(begins[column] - begins[-1] / 3))
        third = min(range(second + 1, self.edge + 1), key=lambda column: abs(begins[column] - begins[-1] * 2 / 3))
        return [0, second, third, self.edge + 1]

    def notes(self, row: int, lines: Sequence[str], style: str = "note") -> int:
        """A line across the page for each; the row below."""
        for number, line in enumerate(lines):
            self.across(row + number, 0, row + number, self.edge, line, style)
        return row + len(lines)

    def text(self, row: int, column: int, text: object, style: str = "text", number_format: str = "General") -> None:
        cleaned = self._measured(row, self.written.clean(text), column, column, style)
        self.sheet.write_string(row, column, cleaned, self.style(style, number_format))

    def across(self, first_row: int, first: int, last_row: int, last: int, text: str, style: str) -> None:
        """Text in one cell merged from many, or in one that is only one."""
        if (first_row, first) == (last_row, last):
            self.text(first_row, first, text, style)
            return
        cleaned = self.written.clean(text)
        if first_row == last_row:
            self._measured(first_row, cleaned, first, last, style)
        self.sheet.merge_range(first_row, first, last_row, last, cleaned, self.style(style))

    def _measured(self, row: int, text: str, first: int, last: int, style: str) -> str:
        """The text, for which its row is made high enough."""
        lines = lines_of(text, sum(self.widths[first : last + 1])) if STYLES[style].get("text_wrap") else 1
        self.make_room(row, height_of(lines, room=AROUND, lowest=LOWEST_ROW))
        return text

    def make_room(self, row: int, height: int = LOWEST_ROW) -> None:
        self.heights[row] = max(height, self.heights.get(row, 0))

    def blank(self, row: int, column: int, style: str = "text") -> None:
        self.make_room(row)
        self.sheet.write_blank(row, column, None, self.style(style))

    def day(self, row: int, column: int, day: datetime.date, number_format: str) -> None:
        self.make_room(row)
        self.sheet.write_datetime(row, column, day, self.style("count", number_format))

    def number(
        self, row: int, column: int, value: Decimal | float | None, style: str = "number", places: str = "General"
    ) -> None:
        """A figure; one that is absent is an error, never blank, which Excel would take for 0."""
        self.make_room(row)
        if value is None:
            self.sheet.write_formula(row, column, "=NA()", self.style(style), NOT_AVAILABLE)
        else:
            self.sheet.write_number(row, column, float(value), self.style(style, places))

    def formula(
        self, row: int, column: int, formula: str, value: Value, style: str = "number", places: str = "General"
    ) -> None:
        """A live cell with its value. Excel refuses a formula that is too long: there the value stands alone."""
        cached = float(value) if isinstance(value, Decimal) else value
        cached = self.written.clean(cached) if isinstance(cached, str) else cached
        if len(formula) < LONGEST_FORMULA:
            self.make_room(row)
            said = FORBIDDEN.sub("", formula)
            self.sheet.write_formula(row, column, f"={said}", self.style(style, places), cached)
        elif isinstance(cached, str):
            self.text(row, column, cached, style)
        else:
            self.number(row, column, cached, style, places)


def points_of(widths: Sequence[int]) -> float:
    """What columns of these widths take: Excel draws a character with 7 points of a screen's 96 to the inch."""
    return sum(math.floor(width * 7 + 5) for width in widths) * POINTS_TO_AN_INCH / 96


def address(row: int, column: int) -> str:
    return f"{xl_col_to_name(column)}{row + 1}"


def column_range(first_row: int, last_row: int, column: int) -> str:
    name = xl_col_to_name(column)
    return f"${name}${first_row + 1}:${name}${last_row + 1}"


def row_range(row: int, first: int, last: int) -> str:
    return f"{address(row, first)}:{address(row, last)}"


def places_format(places: int | None) -> str:
    """Excel's number format for so many decimals; General where they are not fixed."""
    if places is None:
        return "General"
    return "0." + "0" * places if places else "0"


def quoted(text: str) -> str:
    """`text` as a text in a formula, which may hold 255 characters."""
    return '"' + text[:200].replace('"', '""') + '"'
