"""Writes about metrics, targets and schemes."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from core.write import Door, Refused
from reporting.models import Metric, Participant, Scheme, Target
from townships.models import Unit


def set_targets(
    writing: Door, *, year: int, given: Mapping[tuple[Metric, Unit | None], Decimal | None], document: str = ""
) -> int:
    """Write the year's grid, cell by cell; an emptied cell withdraws its target. Counts what changed."""
    if not writing.actor.may("set_targets", Target(county_id=writing.actor.county_id)):
        raise Refused(f"您当前的身份（{writing.actor.label}）不能下达目标。")
    rows = Target.objects.current().in_county(writing.actor.county_id).filter(year=year)
    known = {(row.metric_id, row.unit_id): row for row in rows.select_related("metric", "unit")}
    changed = 0
    for (metric, unit), basic in given.items():
        row = known.get((metric.pk, unit.pk if unit else None))
        changed += _set_target(writing, row, metric, unit, year, basic, document)
    return changed


def _set_target(
    writing: Door,
    row: Target | None,
    metric: Metric,
    unit: Unit | None,
    year: int,
    basic: Decimal | None,
    document: str,
) -> bool:
    if row is None and basic is not None:
        writing.add(Target(metric=metric, unit=unit, year=year, basic=basic, spread=metric.spread, document=document))
    elif row is not None and basic is None:
        writing.void(row, reason=document or "撤销目标")
    elif row is not None and row.basic != basic:
        writing.change(row, basic=basic, document=document or row.document)
    else:
        return False
    return True


def add_metrics(writing: Door, definitions: Iterable[Mapping[str, Any]]) -> list[Metric]:
    """Metrics from their file (fixtures/metrics.json); the keys are the model's fields."""
    return [writing.add(Metric(**definition)) for definition in definitions]


def uses_of(metric: Metric) -> list[Scheme]:
    """The schemes, drafts among them, in which some formula or tie break reads this metric."""
    rows = Scheme.objects.current().in_county(metric.county_id).newest_first()
    return [scheme for scheme in rows if metric.name in scheme.rules.names]


def refuse_while_used(metric: Metric, act: str) -> None:
    """Raises Refused where a scheme reads the metric: its formulas would lose what they name. `act`: 改名, 作废."""
    if schemes := uses_of(metric):
        named = "、".join(f"“{scheme}”" for scheme in schemes)
        raise Refused(f"指标“{metric}”不能{act}，这些考核方案的算式还在用它：{named}。请先改这些方案。")


def change_metric(writing: Door, *, metric: Metric, version: int | None = None, **values: Any) -> Metric:
    """Set values of a metric; a new name only while no scheme reads the old one."""
    if values.get("name", metric.name) != metric.name:
        refuse_while_used(metric, "改名")
    return writing.change(metric, version=version, **values)


def void_metric(writing: Door, *, metric: Metric, reason: str) -> Metric:
    refuse_while_used(metric, "作废")
    return writing.void(metric, reason=reason)


def add_scheme(
    writing: Door, *, body: Mapping[str, Any], participants: Iterable[tuple[Unit, str]], document: str = ""
) -> Scheme:
    """A scheme from its file, with the units it compares and their groups."""
    scheme = writing.add(
        Scheme(name=body["name"], year=body["year"], period=body["period"], body=dict(body), document=document)
    )
    for unit, group in participants:
        writing.add(Participant(scheme=scheme, unit=unit, group=group))
    return scheme
