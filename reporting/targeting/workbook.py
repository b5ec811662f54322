"""A 分解表 read from a workbook: units down, metrics across, wherever on its sheets the table stands."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from core.ledgers.kinds import plain_number
from core.readings import Reading
from core.spreadsheet.cells import read_cell
from core.spreadsheet.raw import RawCell
from core.spreadsheet.reading import FoundRow, FoundTable, HeaderIndex, WorkbookError, find_tables, open_workbook
from core.spreadsheet.text import compact
from reporting.models import Metric
from townships.models import Unit

COUNTY = "全县"
UNIT_HEADERS = ("单位", "单位名称", "乡镇", "乡镇（街道）", "镇乡", "责任单位", "考核单位")
COUNTY_WORDS = frozenset([COUNTY, "全县目标", "县目标", "县本级"])
BASIC = ("基本目标", "基本", "目标", "年度目标", "调整后", "任务")
"""What stands under a metric's name where the header has two rows."""

Cell = tuple[Metric, Unit | None]
Named = Callable[[str], Unit | None]


@dataclass(frozen=True)
class Misread:
    """What could not be taken over; `cell` is None where it is not about a single figure of the grid."""

    cell: Cell | None
    sentence: str


@dataclass(frozen=True)
class FoundGrid:
    """`texts`: what to put into the boxes, amounts in the metric's unit; of a cell that can't be read, as written.

    `remarks`: what was left aside, to be known and not to be mended.
    """

    texts: dict[Cell, str]
    misread: tuple[Misread, ...]
    remarks: tuple[str, ...]


def read_grid(file: BinaryIO, metrics: Sequence[Metric], named: Named) -> FoundGrid:
    """`named`: a unit as a cell writes it → the unit, None where the grid has no such unit.

    Raises WorkbookError where there is no workbook, or no such table in it."""
    index = HeaderIndex(aliases={"unit": UNIT_HEADERS, **_aliases(metrics)}, keys=("unit",), minimum=2)
    tables = [table for table in find_tables(open_workbook(file), index) if isinstance(table, FoundTable)]
    if not tables:
        raise WorkbookError("没有找到分解表：表头里要有“单位”和指标的名称，请与本页的表头核对。")
    return _Reading(metrics, named).taken(tables)


def _aliases(metrics: Sequence[Metric]) -> dict[str, tuple[str, ...]]:
    """A metric by its name, alone or above 基本目标; of two that compare alike the first."""
    taken: set[str] = set()
    found: dict[str, tuple[str, ...]] = {}
    for metric in metrics:
        if compact(metric.name) not in taken:
            taken.add(compact(metric.name))
            found[metric.code] = (metric.name, *(f"{metric.name}/{word}" for word in BASIC))
    return found


class _Reading:
    def __init__(self, metrics: Sequence[Metric], named: Named):
        self.metrics = {metric.code: metric for metric in metrics}
        self.named = named
        self.texts: dict[Cell, str] = {}
        self.misread: list[Misread] = []
        self.remarks: list[str] = []

    def taken(self, tables: Sequence[FoundTable]) -> FoundGrid:
        for table in tables:
            if table.unknown:
                self.remarks.append(f"工作表“{table.sheet}”的“{'”“'.join(table.unknown)}”没有读取。")
            for row in table.rows:
                self._take(table, row)
        return FoundGrid(self.texts, tuple(self.misread), tuple(self.remarks))

    def _take(self, table: FoundTable, row: FoundRow) -> None:
        name = compact(row.cells["unit"].value)
        unit = None if name in COUNTY_WORDS else self.named(name)
        if unit is None and name not in COUNTY_WORDS:
            # A line of sums, or of how they differ, is reckoned here and never read.
            if name and "合计" not in name:
                self._say(table, row.number, f"没有“{name}”这个单位，这一行没有读取。")
            return
        for metric, cell, measured_in in self._figures(table, row):
            if (metric, unit) in self.texts:
                self._say(table, row.number, f"“{name}”的“{metric}”写了两次，请留下一处。", (metric, unit))
            else:
                self._read(table, row.number, (metric, unit), cell, measured_in)

    def _figures(self, table: FoundTable, row: FoundRow) -> Iterator[tuple[Metric, RawCell, str | None]]:
        """An empty cell says nothing: it does not withdraw a target."""
        for column in table.columns:
            cell = row.cells.get(column.name or "")
            if column.name in self.metrics and cell is not None and cell.value not in (None, ""):
                yield self.metrics[column.name], cell, column.unit

    def _read(self, table: FoundTable, number: int, cell: Cell, raw: RawCell, measured_in: str | None) -> None:
        metric, _ = cell
        kind, unit = ("money", measured_in or table.unit) if metric.is_money else ("quantity", None)
        try:
            value = read_cell(raw, kind, unit=unit)
        except Reading as error:
            self.texts[cell] = str(raw.value)
            self._say(table, number, f"“{metric}”：{error}", cell)
        else:
            if value is not None:
                self.texts[cell] = plain_number(value)

    def _say(self, table: FoundTable, number: int, sentence: str, cell: Cell | None = None) -> None:
        self.misread.append(Misread(cell, f"工作表“{table.sheet}”第{number}行：{sentence}"))
