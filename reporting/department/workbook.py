"""部门数据 of a month as a workbook: given out with what is known, read back into the grid's boxes."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, BinaryIO

from core.ledgers.filled_forms import BEFORE, Misfit, filled_rows, filled_table
from core.periods import month_label
from core.spreadsheet.fitting import display_width
from core.spreadsheet.reading import FoundTable, HeaderIndex
from core.spreadsheet.writing import OutColumn, write_table
from reporting.department.month import FigureMonth, asked_in
from reporting.department.pasting import SUMS, Block
from reporting.models import DepartmentFigure, FigureSeries
from townships.models import Unit

UNIT = "unit"
UNIT_HEADERS = ("单位", "单位名称", "乡镇", "乡镇（街道）", "填报单位")
A_MONTH = re.compile(r"(\d{4})年(\d{1,2})月")
UnitNamed = Callable[[str], Unit | None]


def asked_series(figures: FigureMonth) -> list[FigureSeries]:
    return [one for one in figures.series if asked_in(one, figures.month)]


def write_grid(target: BinaryIO | str, figures: FigureMonth, *, title: str, made_at: datetime) -> None:
    """Units down, the month's series across with what is already reported; behind, to be seen, the month before."""
    series = asked_series(figures)
    columns = [OutColumn("单位", width=18), *(_column(one, when) for when in ("", BEFORE) for one in series)]
    rows = (
        [unit.name, *(_said(held.get((one.pk, unit.pk))) for held in (figures.now, figures.last) for one in series)]
        for unit in figures.units
    )
    write_table(target, title, columns, rows, made_at=made_at, caption_lines=["填好后在部门数据页上传。"])


def _column(series: FigureSeries, when: str) -> OutColumn:
    name = f"{when}{series.name}"
    width = max(14, display_width(name) + 4)
    if series.by_reply:
        return OutColumn(name, width=width)
    return OutColumn(name, "number", width=width, unit=series.unit_of_measure)


def _said(held: DepartmentFigure | None) -> Any:
    if held is None:
        return None
    return held.get_reply_display() if held.reply else held.reported


def read_grid(file: BinaryIO, figures: FigureMonth, unit_named: UnitNamed) -> Block:
    """{(row of the grid, column of the grid): text}; raises Misfit where a place, a unit or the month is not certain.

    Cells that were left empty say nothing: a workbook empties no box.
    """
    series, units = asked_series(figures), {unit.pk: row for row, unit in enumerate(figures.units)}
    table = filled_table(file, _headers(series))
    _of_this_month(table, figures.month)
    _in_its_own_units(table, {one.code: one for one in series})
    places = {one.code: column for column, one in enumerate(series)}
    block: Block = {}
    met: set[int] = set()
    for line in filled_rows(table):
        row = _row_of(line.texts.get(UNIT, ""), line.number, unit_named, units, met)
        texts = line.texts.items() if row is not None else ()
        block |= {(row, places[name]): text for name, text in texts if name in places and text}
    if not block:
        raise Misfit("工作簿里没有填数，请填好后再上传。")
    return block


def _headers(series: list[FigureSeries]) -> HeaderIndex:
    aliases = {UNIT: UNIT_HEADERS, **{one.code: (one.name,) for one in series}}
    try:
        return HeaderIndex(aliases=aliases, keys=(UNIT,), minimum=2)
    except ValueError as error:
        raise Misfit("有的数据项名称太相近，在工作簿里分不清，请在表里直接填写或粘贴。") from error


def _row_of(name: str, number: int, unit_named: UnitNamed, units: dict[int, int], met: set[int]) -> int | None:
    """None for a line of sums."""
    if "".join(name.split()) in SUMS:
        return None
    unit = unit_named(name)
    if unit is None or unit.pk not in units:
        raise Misfit(f"第{number}行：表里没有“{name}”这个单位，请核对名称后再上传。")
    if unit.pk in met:
        raise Misfit(f"第{number}行：“{name}”填了两次，请留下一行。")
    met.add(unit.pk)
    return units[unit.pk]


def _of_this_month(table: FoundTable, month: date) -> None:
    """A workbook that names another month above its table is another month's."""
    said = A_MONTH.search(table.title)
    if said and (int(said[1]), int(said[2])) != (month.year, month.month):
        raise Misfit(f"工作簿写的是{said[0]}，本页是{month_label(month)}，请核对是不是拿错了表。")


def _in_its_own_units(table: FoundTable, series: dict[str, FigureSeries]) -> None:
    for column in table.columns:
        one = series.get(column.name or "")
        said = column.unit or table.unit
        if one and not one.by_reply and said and said != one.unit_of_measure:
            raise Misfit(f"“{one}”一栏按{said}填写，本表按{one.unit_of_measure}填报，请换算后再上传。")
