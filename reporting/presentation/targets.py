"""The 分解表: units down, metrics across; what the units add up to against the county's own target."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.forms import BoundField

from core.amounts import NOTHING
from core.ledgers.kinds import plain_number
from reporting.forms import TargetGrid
from reporting.models import Metric
from townships.models import Unit


@dataclass(frozen=True)
class TargetCell:
    """`held`: the saved target in the metric's unit, None where there is none; `field` to type another."""

    held: Decimal | None
    field: BoundField


@dataclass(frozen=True)
class TargetRow:
    name: str
    cells: tuple[TargetCell, ...]


@dataclass(frozen=True)
class TargetTable:
    """`sums`: of the units' saved targets; `gaps`: that sum against the county's own, as words."""

    metrics: tuple[Metric, ...]
    rows: tuple[TargetRow, ...]
    sums: tuple[Decimal | None, ...]
    county: TargetRow
    gaps: tuple[str, ...]
    documents: str


def target_table(grid: TargetGrid, *, may_set: bool) -> TargetTable:
    """Whoever sets targets sees every unit, the others those that have any."""
    rows = [_row(grid, unit) for unit in grid.units if unit is not None]
    sums = [_sum(grid, metric) for metric in grid.metrics]
    return TargetTable(
        metrics=tuple(grid.metrics),
        rows=tuple(row for row in rows if may_set or any(cell.held is not None for cell in row.cells)),
        sums=tuple(sums),
        county=_row(grid, None),
        documents="、".join(grid.documents),
        gaps=tuple(_gap(grid.held(metric, None), total) for metric, total in zip(grid.metrics, sums, strict=True)),
    )


def _row(grid: TargetGrid, unit: Unit | None) -> TargetRow:
    cells = (TargetCell(grid.held(metric, unit), grid.cell(metric, unit)) for metric in grid.metrics)
    return TargetRow(str(unit or "全县"), tuple(cells))


def _held(grid: TargetGrid, metric: Metric) -> Iterator[Decimal]:
    for unit in grid.units:
        held = grid.held(metric, unit) if unit else None
        if held is not None:
            yield held


def _sum(grid: TargetGrid, metric: Metric) -> Decimal | None:
    """None where no unit has one: a sum of nothing is not 0."""
    held = list(_held(grid, metric))
    return sum(held, Decimal(0)) if held else None


def _gap(county: Decimal | None, units: Decimal | None) -> str:
    if county is None or units is None:
        return NOTHING
    if county == units:
        return "相符"
    return f"{'少' if units < county else '多'}{plain_number(abs(county - units))}"
