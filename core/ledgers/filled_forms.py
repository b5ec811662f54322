"""A form that was downloaded, filled in Excel and given back: read by the reader of all workbooks, as the texts that
somebody would have typed into its page. What they say is the page's own matter."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from core.amounts import show_number
from core.readings import says_nothing
from core.spreadsheet.raw import RawCell
from core.spreadsheet.reading import FoundTable, HeaderIndex, WorkbookError, find_tables, open_workbook

IGNORED = frozenset({"序号", "备注"})
"""Headers that such a form may have besides its own."""
BEFORE = "上月"
"""How the headers begin of what a form only shows."""


class Misfit(ValueError):
    """The workbook is not this form, or can't be read as it stands; the message is a Chinese sentence."""


@dataclass(frozen=True)
class FilledRow:
    """One row as texts by column name; `number` is its row in Excel."""

    number: int
    texts: dict[str, str]


def filled_table(file: BinaryIO, index: HeaderIndex) -> FoundTable:
    """The one table of the form. Raises Misfit where there is none, or several, or a column too many."""
    try:
        found = [part for part in find_tables(open_workbook(file), index) if isinstance(part, FoundTable)]
    except WorkbookError as error:
        raise Misfit(str(error)) from error
    if len(found) != 1:
        wanted = "、".join(f"“{index.label(key)}”" for key in index.keys)
        told = (
            "有几张这样的表，请只留一张" if found else f"没有找到本表，表头里要有{wanted}等各栏，请用本页下载的表填写"
        )
        raise Misfit(f"工作簿里{told}。")
    if unknown := [header for header in found[0].unknown if header not in IGNORED and not header.startswith(BEFORE)]:
        raise Misfit(f"本表没有“{unknown[0]}”这一栏，请删去后再上传。")
    return found[0]


def filled_rows(table: FoundTable) -> Iterator[FilledRow]:
    """Every row as texts. Raises Misfit at a formula whose value nobody computed."""
    for row in table.rows:
        yield FilledRow(row.number, {name: text_of(cell, row.number) for name, cell in row.cells.items()})


def text_of(cell: RawCell, row: int) -> str:
    """As a person would have typed it, who leaves a box empty where a sheet has a sign for nothing."""
    if cell.is_formula_without_value:
        raise Misfit(f"第{row}行有没算出结果的公式，请用Excel或WPS打开工作簿、保存后再上传。")
    if cell.value is None:
        return ""
    if isinstance(cell.value, datetime.datetime):
        return f"{cell.value:%Y-%m-%d}"
    if isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
        return show_number(cell.value)
    return "" if says_nothing(str(cell.value)) else str(cell.value).strip()
