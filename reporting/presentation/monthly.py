"""月统计 as a person reads it: a block for each metric, units down, the same ten columns across; every cell leads on.

A cell carries the number that it shows, so that the workbook holds the very figures of the page.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Literal

from django.urls import reverse

from core.amounts import half_up, show_wan
from core.periods import Period
from reporting.models import Metric
from reporting.monthly.arithmetic import MonthFigure
from reporting.monthly.statistics import WHOLE, MonthStatistics, subject_of
from reporting.presentation.main_figures import bare, metric_address
from reporting.presentation.wording import NONE, ahead, in_hundredths
from townships.models import Unit

Kind = Literal["amount", "gap", "growth", "rate", "points"]


@dataclass(frozen=True)
class Column:
    """`name` is the figure's own; `slot` is what was counted for it, empty where nothing was."""

    name: str
    heading: str
    kind: Kind
    slot: str


BANDS: tuple[tuple[str, tuple[Column, ...]], ...] = (
    (
        "本月",
        (
            Column("month", "本月", "amount", "month"),
            Column("month_before", "上月", "amount", "month_before"),
            Column("over_month", "环比", "growth", "month"),
        ),
    ),
    (
        "本年累计",
        (
            Column("year", "累计", "amount", "year"),
            Column("year_before", "上年同期", "amount", "year_before"),
            Column("over_year", "同比", "growth", "year"),
        ),
    ),
    (
        "年度目标",
        (
            Column("target", "目标", "amount", ""),
            Column("completion", "完成率", "rate", "year"),
            Column("ahead", "超（欠）百分点", "points", "year"),
            Column("ahead_amount", "超（欠）数额", "gap", "year"),
        ),
    ),
)
COLUMNS = tuple(column for _, columns in BANDS for column in columns)
SPAN_OF: dict[str, Literal["year", "period"]] = {
    "month": "period",
    "month_before": "period",
    "year": "year",
    "year_before": "year",
}


COUNTY_IN_ADDRESSES = "county"
"""Stands where a unit's code stands."""


@dataclass(frozen=True)
class Cell:
    """`number` is what `text` says: amounts in the metric's unit, rates as ratios, points in hundredths of one."""

    text: str
    number: Decimal | None
    url: str
    kind: Kind
    behind: bool


@dataclass(frozen=True)
class Row:
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Block:
    """One metric: its groups of units, and the county, whose figure is no sum of the rows."""

    code: str
    title: str
    unit: str
    note: str
    is_money: bool
    groups: tuple[tuple[str, tuple[Row, ...]], ...]
    whole: Row
    gap: Decimal | None
    """How far the county is ahead of its pace, a raw ratio."""
    city: str
    """The county's place in its city in words, empty where the city has said none."""


@dataclass(frozen=True)
class MonthPage:
    title: str
    answer: str
    bands: tuple[tuple[str, tuple[Column, ...]], ...]
    blocks: tuple[Block, ...]

    @property
    def columns(self) -> int:
        """Columns of figures."""
        return len(COLUMNS)

    @property
    def width(self) -> int:
        """Columns of the table, the unit's own with them."""
        return self.columns + 1


Address = Callable[[Metric, str, Unit | None], str]
"""metric, slot, unit → the page that opens the figure; empty where there is none."""


def month_page(found: MonthStatistics) -> MonthPage:
    address = _frozen_address(found.publication) if found.publication else _live_address(found.period)
    blocks = tuple(_block(found, metric, address) for metric in found.metrics if metric.name not in found.broken)
    return MonthPage(title=f"{found.period.label}统计", answer=_answer(found, blocks), bands=BANDS, blocks=blocks)


def _live_address(period: Period) -> Address:
    earlier = {"month_before": period.previous(), "year_before": period.year_earlier()}
    periods = {slot: before.seen_from(period) for slot, before in earlier.items()}

    def address(metric: Metric, slot: str, unit: Unit | None) -> str:
        if not slot:
            return reverse("targets", args=[period.year])
        return metric_address(metric, periods.get(slot, period), SPAN_OF[slot], unit)

    return address


def _frozen_address(publication: str) -> Address:
    """The rows as they were frozen; a target is no sum of rows."""

    def address(metric: Metric, slot: str, unit: Unit | None) -> str:
        if not slot:
            return ""
        place = unit.code if unit else COUNTY_IN_ADDRESSES
        return reverse("published-month-figure", args=[publication, metric.code, place, slot])

    return address


def _block(found: MonthStatistics, metric: Metric, address: Address) -> Block:
    def row(name: str, unit: Unit | None) -> Row:
        figure = found.figures[metric.code, unit.code if unit else WHOLE]
        return Row(name, tuple(_cell(metric, figure, column, address(metric, column.slot, unit)) for column in COLUMNS))

    groups = groupby(found.participants, key=lambda participant: participant.group)
    return Block(
        code=metric.code,
        title=subject_of(metric),
        unit=metric.unit_of_measure,
        note=metric.description,
        is_money=metric.is_money,
        groups=tuple((group, tuple(row(p.unit.name, p.unit) for p in members)) for group, members in groups),
        whole=row("全县合计", None),
        gap=found.figures[metric.code, WHOLE].ahead,
        city=_city(found, metric),
    )


def _city(found: MonthStatistics, metric: Metric) -> str:
    """第3位（共13个），依据：市政府办通报."""
    place = found.city.get(metric.code)
    return f"{place.said}，依据：{place.document}" if place else ""


def _cell(metric: Metric, figure: MonthFigure, column: Column, url: str) -> Cell:
    value: Decimal | None = getattr(figure, column.name)
    if value is None:
        return Cell(NONE, None, url, column.kind, behind=False)
    number = shown_number(column.kind, value)
    return Cell(_text(metric, column.kind, value), number, url, column.kind, _is_behind(column.kind, number))


def shown_number(kind: Kind, value: Decimal) -> Decimal:
    """Rounded from the raw value as the page rounds it: amounts to two places, rates to a tenth of a percent."""
    if kind in ("amount", "gap"):
        return half_up(value, 2) + 0
    return half_up(value * 100, 1) / (1 if kind == "points" else 100) + 0


def _text(metric: Metric, kind: Kind, value: Decimal) -> str:
    if kind in ("amount", "gap"):
        shown = show_wan(value) if metric.is_money else bare(value)
    else:
        shown = in_hundredths(value) + ("" if kind == "points" else "%")
    signed = kind in ("gap", "growth", "points") and shown_number(kind, value) > 0
    return f"+{shown}" if signed else shown


def _is_behind(kind: Kind, number: Decimal) -> bool:
    return kind in ("gap", "points") and number < 0


def _answer(found: MonthStatistics, blocks: tuple[Block, ...]) -> str:
    if not blocks:
        return "方案没有读取可以按月统计的指标，也没有下达年度目标。"
    said = f"{len(blocks)}项指标，{len(found.participants)}个单位"
    if not any(figure.month for figure in found.figures.values()):
        return f"{said}；{found.period.label}没有计入任何记录。"
    return f"{said}；{_in_words(blocks[0])}。"


def _in_words(block: Block) -> str:
    """全县到位资金本月310.50万元，本年累计…，同比…，完成年度目标的…."""
    cells: Mapping[str, Cell] = {column.name: cell for column, cell in zip(COLUMNS, block.whole.cells, strict=True)}
    words = f"全县{block.title}：本月{cells['month'].text}{block.unit}，累计{cells['year'].text}{block.unit}"
    more = (("over_year", "，同比{}"), ("completion", "，完成年度目标的{}"))
    words += "".join(said.format(cells[name].text) for name, said in more if cells[name].number is not None)
    gap = block.gap
    return words if gap is None else f"{words}，{ahead(gap)}"
