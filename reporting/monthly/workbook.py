"""月统计 as an Excel workbook: one sheet, a block for each metric, numbers as numbers and equal to the page."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import BinaryIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from core.spreadsheet.writing import Written
from reporting.presentation.monthly import COLUMNS, Block, Cell, MonthPage, Row

SHEET = "月统计"
CITY = "全市排位"
TITLE_ROW, HEADER_ROWS = 1, (2, 3)
FIRST_ROW = 4
FIRST_COLUMN = 3
LAST_COLUMN = FIRST_COLUMN + len(COLUMNS) - 1
A3 = 8
MONEY, COUNT = "#,##0.00", "General"
FORMATS = {"growth": "+0.0%;-0.0%;0.0%", "rate": "0.0%", "points": "+0.0;-0.0;0.0"}
THIN = Side(style="thin")
BOX = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
GREY = PatternFill("solid", fgColor="EDEDED")
CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True)
RIGHT = Alignment(horizontal="right", vertical="center")
NAME = Font(name="仿宋", size=11)
HEAD = Font(name="黑体", size=11)
BOLD = Font(name="仿宋", size=11, bold=True)
TITLE = Font(name="方正小标宋简体", size=20)


def write_month_workbook(stream: BinaryIO, page: MonthPage, *, footnote_lines: Iterable[str]) -> None:
    """Writes `page`; its amounts are in each metric's own unit of measure, which stands beside its name."""
    book, written = Workbook(), Written()
    sheet = book.active
    sheet.title = SHEET
    page, lines = _holdable(page, written), [written.clean(line) for line in footnote_lines]
    _write_header(sheet, page)
    row = FIRST_ROW
    for block in page.blocks:
        row = _write_block(sheet, block, row)
    for line in (*lines, *written.losses):
        _across(sheet, row, 1, row, LAST_COLUMN, line, NAME, LEFT)
        row += 1
    _set_up(sheet)
    book.save(stream)


def _holdable(page: MonthPage, written: Written) -> MonthPage:
    """The page without what Excel cannot hold."""
    return replace(page, blocks=tuple(_holdable_block(block, written) for block in page.blocks))


def _holdable_block(block: Block, written: Written) -> Block:
    groups = tuple(
        (written.clean(group), tuple(replace(row, name=written.clean(row.name)) for row in rows))
        for group, rows in block.groups
    )
    texts = {name: written.clean(getattr(block, name)) for name in ("title", "unit", "city")}
    return replace(block, groups=groups, **texts)


def _write_header(sheet: Worksheet, page: MonthPage) -> None:
    _across(sheet, TITLE_ROW, 1, TITLE_ROW, LAST_COLUMN, page.title, TITLE, CENTRE)
    upper, lower = HEADER_ROWS
    for column, heading in enumerate(("指标（计量单位）", "单位"), start=1):
        _headed(sheet, upper, column, lower, column, heading)
    first = FIRST_COLUMN
    for band, columns in page.bands:
        _headed(sheet, upper, first, upper, first + len(columns) - 1, band)
        for number, column in enumerate(columns):
            _headed(sheet, lower, first + number, lower, first + number, column.heading)
        first += len(columns)


def _write_block(sheet: Worksheet, block: Block, first: int) -> int:
    """Returns the row below it."""
    row = first
    for shown, font in _rows(block):
        _boxed(sheet, row, 2, shown.name, font, LEFT)
        for number, cell in enumerate(shown.cells):
            _write_cell(sheet, block, row, FIRST_COLUMN + number, cell, font)
        row += 1
    if block.city:
        _boxed(sheet, row, 2, CITY, BOLD, LEFT)
        _across(sheet, row, FIRST_COLUMN, row, LAST_COLUMN, block.city, NAME, LEFT)
        row += 1
    _headed(sheet, first, 1, row - 1, 1, f"{block.title}（{block.unit}）")
    return row


def _rows(block: Block) -> Iterator[tuple[Row, Font]]:
    for group, rows in block.groups:
        if group:
            yield Row(group, ()), BOLD
        yield from ((row, NAME) for row in rows)
    yield block.whole, BOLD


def _write_cell(sheet: Worksheet, block: Block, row: int, column: int, cell: Cell, font: Font) -> None:
    number = cell.text if cell.number is None else cell.number
    found = _boxed(sheet, row, column, number, font, RIGHT)
    if cell.number is not None:
        found.number_format = FORMATS.get(cell.kind) or (MONEY if block.is_money else COUNT)


def _headed(sheet: Worksheet, row: int, column: int, last_row: int, last_column: int, text: str) -> None:
    for line in range(row, last_row + 1):
        for place in range(column, last_column + 1):
            sheet.cell(line, place).border = BOX
    _across(sheet, row, column, last_row, last_column, text, HEAD, CENTRE)
    sheet.cell(row, column).fill = GREY


def _across(
    sheet: Worksheet, row: int, column: int, last_row: int, last_column: int, text: str, font: Font, where: Alignment
) -> None:
    """What a person typed stays text, whatever its first character."""
    cell = sheet.cell(row, column, text)
    cell.data_type, cell.font, cell.alignment = "s", font, where
    if (row, column) != (last_row, last_column):
        sheet.merge_cells(start_row=row, start_column=column, end_row=last_row, end_column=last_column)


def _boxed(sheet: Worksheet, row: int, column: int, value: object, font: Font, where: Alignment):
    cell = sheet.cell(row, column, value)
    if isinstance(value, str):
        cell.data_type = "s"
    cell.border, cell.font, cell.alignment = BOX, font, where
    return cell


def _set_up(sheet: Worksheet) -> None:
    """A3 landscape, one page wide, the header on each page, 第x页，共y页."""
    sheet.row_dimensions[TITLE_ROW].height = 36
    for column, width in ((1, 18), (2, 16), *((number, 13) for number in range(FIRST_COLUMN, LAST_COLUMN + 1))):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A3
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{HEADER_ROWS[0]}:{HEADER_ROWS[1]}"
    sheet.freeze_panes = sheet.cell(FIRST_ROW, FIRST_COLUMN)
    sheet.oddFooter.center.text = "第&P页，共&N页"
