"""分解表 as the office prints it: a band for each metric, the units' sum against the county's own target."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal

from core.ledgers.official_forms import OfficialForm, declared
from core.spreadsheet.official_form import FormColumn, FormSheet, Whole, Wording, filled
from reporting.models import Metric, Target
from reporting.targeting.forms import TargetGrid, name_of_unit
from townships.models import Unit

TARGETS = declared(OfficialForm("targets", "分解表", "{县}{年}年主要目标任务分解表"))
Worded = Callable[[OfficialForm, Mapping[str, str]], Wording]
Figure = Callable[[list[Target]], Decimal | None]
"""What a column shows of a target's versions, of which there is one at least."""

BASIC, STRETCH, ORIGINAL, ADJUSTED = "基本目标", "奋斗目标", "原目标", "调整后"
FIGURES: dict[str, Figure] = {
    BASIC: lambda held: held[-1].basic,
    ORIGINAL: lambda held: held[0].basic,
    ADJUSTED: lambda held: held[-1].basic,
    STRETCH: lambda held: held[-1].stretch,
}
WIDTH = 13


def as_shipped(form: OfficialForm, words: Mapping[str, str]) -> Wording:
    return Wording(filled(form.title, words))


def target_form(grid: TargetGrid, *, county: str, made_on: date, worded: Worded = as_shipped) -> FormSheet:
    """Metrics without a single target are left out; units stay, so that an empty table can be filled in."""
    shown = [m for m in grid.metrics if any(grid.held_versions(m, unit) for unit in grid.units)] or grid.metrics
    columns = [(metric, heading) for metric in shown for heading in _headings(grid, metric)]
    return FormSheet(
        wording=worded(TARGETS, {"县": county, "年": str(grid.year)}),
        reporter=f"{county}招商办",
        made_on=made_on,
        columns=[
            FormColumn("单位", width=20),
            *(FormColumn(heading, "number", _band(metric), WIDTH) for metric, heading in columns),
        ],
        lines=list(_lines(grid, columns)),
        unit="见各项指标",
        notes=tuple(_notes(grid)),
    )


def _band(metric: Metric) -> str:
    """The unit of measure on a line of its own."""
    return f"{metric.name}\n（{metric.unit_of_measure}）"


def _headings(grid: TargetGrid, metric: Metric) -> Iterator[str]:
    """基本目标; where it was adjusted both versions side by side; 奋斗目标 where there is any."""
    held = [versions for unit in grid.units if (versions := grid.held_versions(metric, unit))]
    yield from (ORIGINAL, ADJUSTED) if any(len(versions) > 1 for versions in held) else (BASIC,)
    if any(versions[-1].stretch is not None for versions in held):
        yield STRETCH


def _lines(grid: TargetGrid, columns: list[tuple[Metric, str]]) -> Iterator[list[object] | Whole]:
    units = [unit for unit in grid.units if unit]
    for unit in units:
        yield [unit.name, *(_figure(grid, metric, unit, heading) for metric, heading in columns)]
    sums = [_sum([_figure(grid, metric, unit, heading) for unit in units]) for metric, heading in columns]
    county = [_figure(grid, metric, None, heading) for metric, heading in columns]
    yield Whole(["各单位合计", *sums])
    yield Whole([name_of_unit(None), *county])
    yield Whole(["合计与全县相差", *(_gap(total, own) for total, own in zip(sums, county, strict=True))])


def _figure(grid: TargetGrid, metric: Metric, unit: Unit | None, heading: str) -> Decimal | None:
    held = grid.held_versions(metric, unit)
    return FIGURES[heading](held) if held else None


def _sum(figures: list[Decimal | None]) -> Decimal | None:
    known = [figure for figure in figures if figure is not None]
    return sum(known, Decimal(0)) if known else None


def _gap(total: Decimal | None, own: Decimal | None) -> Decimal | None:
    return None if total is None or own is None else total - own


def _notes(grid: TargetGrid) -> Iterator[str]:
    if grid.documents:
        yield f"依据：{'、'.join(grid.documents)}"
    yield "合计与全县相差：正数为各单位合计多于全县目标，负数为少于。"
