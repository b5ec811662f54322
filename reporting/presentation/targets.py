"""The 分解表: units down, metrics across; what the units add up to against the county's own target; what was adjusted;
and the plan of one metric, month by month or quarter by quarter."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from django.forms import BoundField

from core.amounts import NOTHING
from core.dates import DateSpan
from core.ledgers.kinds import grouped_number, plain_number
from reporting.models import Metric, Target
from reporting.targeting.forms import PlanGrid, TargetGrid, name_of_unit
from townships.models import Unit


@dataclass(frozen=True)
class TargetCell:
    """`held`: the saved target in the metric's unit, None where there is none; `field` to type another.

    `was`: the original, where it has been adjusted since.
    """

    held: Decimal | None
    field: BoundField
    was: Decimal | None


@dataclass(frozen=True)
class TargetRow:
    name: str
    cells: tuple[TargetCell, ...]


@dataclass(frozen=True)
class Adjusted:
    """One adjustment: what held before, what holds from `since` on, by which document and why."""

    unit: str
    metric: str
    before: str
    after: str
    document: str
    since: str
    reason: str
    code: str


@dataclass(frozen=True)
class TargetTable:
    """`sums`: of the units' saved targets; `gaps`: that sum against the county's own, as words."""

    metrics: tuple[Metric, ...]
    rows: tuple[TargetRow, ...]
    sums: tuple[Decimal | None, ...]
    county: TargetRow
    gaps: tuple[str, ...]
    documents: str
    adjusted: tuple[Adjusted, ...]


def target_table(grid: TargetGrid, *, may_set: bool) -> TargetTable:
    """Whoever sets targets sees every unit, the others those that have any."""
    rows = [_row(grid, unit) for unit in grid.units if unit is not None]
    sums = [sum_of(grid, metric) for metric in grid.metrics]
    return TargetTable(
        metrics=tuple(grid.metrics),
        rows=tuple(row for row in rows if may_set or any(cell.held is not None for cell in row.cells)),
        sums=tuple(sums),
        county=_row(grid, None),
        documents="、".join(grid.documents),
        gaps=tuple(_gap(grid.held(metric, None), total) for metric, total in zip(grid.metrics, sums, strict=True)),
        adjusted=tuple(_adjusted(grid)),
    )


def _row(grid: TargetGrid, unit: Unit | None) -> TargetRow:
    return TargetRow(name_of_unit(unit), tuple(_cell(grid, metric, unit) for metric in grid.metrics))


def _cell(grid: TargetGrid, metric: Metric, unit: Unit | None) -> TargetCell:
    held = grid.held_versions(metric, unit)
    return TargetCell(grid.held(metric, unit), grid.cell(metric, unit), held[0].basic if len(held) > 1 else None)


def sum_of(grid: TargetGrid, metric: Metric) -> Decimal | None:
    """Of the units' targets; None where no unit has one: a sum of nothing is not 0."""
    held = [basic for unit in grid.units if unit and (basic := grid.held(metric, unit)) is not None]
    return sum(held, Decimal(0)) if held else None


def _gap(county: Decimal | None, units: Decimal | None) -> str:
    if county is None or units is None:
        return NOTHING
    if county == units:
        return "相符"
    return f"{'少' if units < county else '多'}{grouped_number(abs(county - units))}"


def _adjusted(grid: TargetGrid) -> Iterator[Adjusted]:
    """In the order of the table, each unit's by metric and by day."""
    for unit in grid.units:
        for metric in grid.metrics:
            held = grid.held_versions(metric, unit)
            for before, after in pairwise(held):
                yield _told(before, after)


def _told(before: Target, after: Target) -> Adjusted:
    return Adjusted(
        unit=name_of_unit(after.unit),
        metric=f"{after.metric}（{after.metric.unit_of_measure}）",
        before=grouped_number(before.basic),
        after=grouped_number(after.basic),
        document=after.document,
        since=DateSpan.day(after.since).label,
        reason=after.reason,
        code=after.code,
    )


# -- the plan of one metric ----------------------------------------------------------------------------


@dataclass(frozen=True)
class PlanRow:
    """`sum`: what the parts come to; `asks`: a question, answered by a tick named `ok` that sends `sum_sent`."""

    name: str
    target: str
    since: str
    boxes: tuple[BoundField, ...]
    shown: tuple[str, ...]
    sum: str
    gap: str
    asks: str
    ok: str
    sum_sent: str


@dataclass(frozen=True)
class PlanTable:
    headings: tuple[str, ...]
    rows: tuple[PlanRow, ...]
    sum_heading: str
    planned_otherwise: bool
    """Whether a plan is there in parts of another length than the table's."""

    @property
    def answer(self) -> str:
        planned = sum(row.sum != NOTHING for row in self.rows)
        if not self.rows:
            return "这项指标本年还没有下达目标。"
        return f"{len(self.rows)}项目标，{planned}项有计划；没有计划的期间按分摊计算。"


def plan_table(grid: PlanGrid, metric: Metric) -> PlanTable:
    return PlanTable(
        headings=tuple(grid.headings),
        rows=tuple(_plan_row(grid, target) for target in grid.targets),
        sum_heading="年末" if metric.spread == "none" else "合计",
        planned_otherwise=any(part.months != grid.months for target in grid.targets for part in target.planned),
    )


def _plan_row(grid: PlanGrid, target: Target) -> PlanRow:
    total, ok = grid.sum_of(target), grid.answer_name(target)
    boxes = grid.boxes(target)
    held = {part.month: part.amount for part in target.planned if part.months == grid.months}
    return PlanRow(
        name=name_of_unit(target.unit),
        target=grouped_number(target.basic),
        since=f"自{DateSpan.day(target.since).label}起" if target.since else "",
        boxes=tuple(boxes),
        shown=tuple(grouped_number(held[month]) if month in held else NOTHING for month in grid.firsts),
        sum=NOTHING if total is None else grouped_number(total),
        gap=_gap(target.basic, total),
        asks=grid.questions.get(ok, ""),
        ok=ok,
        sum_sent="" if total is None else plain_number(total),
    )
