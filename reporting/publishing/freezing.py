"""A draft as named parts of plain JSON: enough to compute it again and to open every figure down to its rows."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from core.periods import Period
from reporting.bases import Base, base_lines
from reporting.metrics import counted_of, not_counted_of
from reporting.models import Metric, Participant, Scheme
from reporting.publishing.lines import as_json
from reporting.ranking import Draft
from townships.models import Unit

SCHEME, UNITS, METRICS, INPUTS, RESULTS, RANKS_BEFORE = "考核方案", "参评单位", "指标", "输入", "结果", "上期名次"
CORRECTION = "更正"
LINES, COUNTY = "明细", "全县"
BASES = "bases"
"""Under which the lines of 历史基数 stand beside counted and not counted rows."""
Sides = dict[int | None, dict[str, Any]]
"""unit key, None for the county → {"counted": [line, …], "not_counted": [line, …]}"""
METRIC_FIELDS = (
    "code",
    "name",
    "unit_of_measure",
    "ledger",
    "conditions",
    "measure",
    "column",
    "formula",
    "span",
    "basis",
    "cohort_age",
    "credit",
    "credit_scope",
    "spread",
    "description",
)
SCHEME_FIELDS = ("code", "name", "year", "period", "version", "body", "document")


def lines_part(unit: Unit | None) -> str:
    """The name of the part that holds one unit's rows, or the county's."""
    return f"{LINES} {unit.code if unit else COUNTY}"


def frozen_parts(draft: Draft) -> Iterator[tuple[str, Any]]:
    """(name, content) of every part."""
    yield from frozen_frame(draft.scheme, draft.participants, draft.metrics.values())
    yield INPUTS, draft.inputs.as_json()
    yield RESULTS, draft.results.as_json()
    yield RANKS_BEFORE, dict(draft.before)
    sides = {metric.code: frozen_sides(metric, draft.period, draft.units) for metric in draft.metrics.values()}
    yield from lines_parts(sides, draft.units)


def lines_parts(sides: Mapping[str, Sides], units: Iterable[Unit | None]) -> Iterator[tuple[str, Any]]:
    """One part for each unit: {figure's key: {"counted": [line, …], "not_counted": [line, …]}}"""
    for unit in units:
        yield lines_part(unit), {key: by_unit[unit and unit.pk] for key, by_unit in sides.items()}


def frozen_frame(
    scheme: Scheme, participants: Iterable[Participant], metrics: Iterable[Metric]
) -> Iterator[tuple[str, Any]]:
    """The parts that every kind of publication has: under which scheme, which units, which metrics."""
    yield SCHEME, {name: getattr(scheme, name) for name in SCHEME_FIELDS}
    yield UNITS, [_participant(participant) for participant in participants]
    yield METRICS, [_fields(metric) for metric in metrics]


def _participant(participant: Participant) -> dict[str, Any]:
    return {"code": participant.unit.code, "name": participant.unit.name, "group": participant.group}


def _fields(metric: Metric) -> dict[str, Any]:
    return {name: getattr(metric, name) for name in METRIC_FIELDS}


def add_bases(sides: Sides, bases: Collection[Base], units: Collection[Unit | None]) -> None:
    """Beside the rows what 历史基数 adds to them; nothing where there is none, as in all that is not 上年同期."""
    for unit in units:
        if lines := base_lines(bases, unit):
            sides[unit and unit.pk][BASES] = [as_json(line) for line in lines]


def frozen_sides(metric: Metric, period: Period, units: Collection[Unit | None]) -> Sides:
    """The rows behind one figure, and those that were left out."""
    inside, outside = counted_of(metric, period, units), not_counted_of(metric, period, units)
    return {
        key: {
            "counted": [as_json(line) for line in inside[key]],
            "not_counted": [as_json(line) for line in outside[key]],
        }
        for key in inside
    }
