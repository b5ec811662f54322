"""One worksheet as official paper: the formats, the print set-up, and cells that carry formula and value."""

from decimal import Decimal
from typing import Any

from xlsxwriter.utility import xl_col_to_name

A3, A4 = 8, 9
LONGEST_FORMULA = 8192
NOT_AVAILABLE = "#N/A"
BASE = {"font_name": "仿宋", "font_size": 11, "valign": "vcenter"}
BOX = {**BASE, "border": 1, "align": "center", "text_wrap": True}
STYLES: dict[str, dict[str, Any]] = {
    "title": {**BASE, "font_name": "方正小标宋简体", "font_size": 20, "align": "center"},
    "left": BASE,
    "middle": {**BASE, "align": "center"},
    "right": {**BASE, "align": "right"},
    "header": {**BOX, "font_name": "黑体", "bg_color": "#EDEDED"},
    "group": {**BOX, "font_name": "楷体", "align": "left", "bold": True},
    "text": BOX,
    "name": {**BOX, "align": "left"},
    "number": {**BOX, "align": "right"},
    "total": {**BOX, "bold": True},
    "sum": {**BOX, "align": "right", "bold": True},
    "note": {**BASE, "text_wrap": True, "valign": "top"},
}
Value = Decimal | int | str | None


class Paper:
    """Rows and columns count from 0, as XlsxWriter's do."""

    def __init__(self, book: Any, sheet: Any) -> None:
        self.book = book
        self.sheet = sheet
        self.formats: dict[tuple[str, str], Any] = {}

    def style(self, name: str, number_format: str = "General") -> Any:
        key = name, number_format
        if key not in self.formats:
            self.formats[key] = self.book.add_format({**STYLES[name], "num_format": number_format})
        return self.formats[key]

    def set_up(
        self, *, header_rows: tuple[int, int], frozen: tuple[int, int], pages_wide: int = 1, size: int = A3
    ) -> None:
        """Landscape, so many pages wide (0: as many as it takes), the header on each page, 第x页，共y页."""
        self.sheet.set_landscape()
        self.sheet.set_paper(size)
        if pages_wide:
            self.sheet.fit_to_pages(pages_wide, 0)
        self.sheet.repeat_rows(*header_rows)
        self.sheet.repeat_columns(0, frozen[1] - 1)
        self.sheet.freeze_panes(*frozen)
        self.sheet.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.8)
        self.sheet.center_horizontally()
        self.sheet.set_footer("&C第&P页，共&N页")

    def text(self, row: int, column: int, text: str, style: str = "text") -> None:
        self.sheet.write_string(row, column, text, self.style(style))

    def across(self, first_row: int, first: int, last_row: int, last: int, text: str, style: str) -> None:
        """Text in one cell merged from many, or in one that is only one."""
        if (first_row, first) == (last_row, last):
            self.text(first_row, first, text, style)
        else:
            self.sheet.merge_range(first_row, first, last_row, last, text, self.style(style))

    def number(self, row: int, column: int, value: Decimal | None) -> None:
        """A figure; one that is absent is an error, never blank, which Excel would take for 0."""
        if value is None:
            self.sheet.write_formula(row, column, "=NA()", self.style("number"), NOT_AVAILABLE)
        else:
            self.sheet.write_number(row, column, float(value), self.style("number"))

    def formula(
        self, row: int, column: int, formula: str, value: Value, style: str = "number", places: str = "General"
    ) -> None:
        """A live cell with its value. Excel refuses a formula that is too long: there the value stands alone."""
        cached = float(value) if isinstance(value, Decimal) else value
        if len(formula) < LONGEST_FORMULA:
            self.sheet.write_formula(row, column, f"={formula}", self.style(style, places), cached)
        elif isinstance(cached, str):
            self.text(row, column, cached, style)
        else:
            self.sheet.write_number(row, column, cached, self.style(style, places))


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
