"""Writes about 部门数据."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from core.dates import DateSpan
from core.records import Verdict
from core.verification import give_verdict
from core.write import Door, Refused
from reporting.measures import Measure, SpanRule
from reporting.models import DepartmentFigure, FigureSeries, Metric
from reporting.models.department_figures import SeriesKind
from reporting.services import add_metric
from townships.models import Unit

Given = Decimal | str | None
"""A number, a reply, or nothing."""
FIXED_ONCE_REPORTED = frozenset(["kind", "by_reply", "joint_january", "unit_of_measure"])
"""What gives the figures that are there their meaning."""


def add_series(writing: Door, **values: Any) -> FigureSeries:
    """A new series, and beside it the metric of its name, so that schemes can read it at once."""
    series = writing.add(FigureSeries(**values))
    held = Metric.objects.current().in_county(writing.actor.county_id).filter(name=series.name)
    if not series.by_reply and not held.exists():
        add_metric(writing, **metric_of(series))
    return series


def metric_of(series: FigureSeries) -> dict[str, Any]:
    """Months add up to what the department reported: of a stock since the beginning, of the others in the period."""
    return {
        "name": series.name,
        "unit_of_measure": series.unit_of_measure,
        "ledger": DepartmentFigure.closes_with,
        "conditions": {"series": [series.name], "verdict": [Verdict.ACCEPTED.value]},
        "measure": Measure.SUM,
        "column": "counted_amount",
        "span": SpanRule.ALL_TIME if series.kind == SeriesKind.STOCK else SpanRule.PERIOD,
        "description": f"{series.owner}按月提供，{series.get_kind_display()}。",
    }


def change_series(writing: Door, series: FigureSeries, *, version: int | None = None, **values: Any) -> FigureSeries:
    """What figures mean stays as it is once there are any; a name stays as long as a metric reads it."""
    changed = {name for name, value in values.items() if getattr(series, name) != value}
    if changed & FIXED_ONCE_REPORTED and series.figures.current().exists():
        raise Refused(f"“{series}”已有数据，填报方式和计量单位不能再改，请另建一个数据项。")
    if "name" in changed and _read_by_metric(writing, series.name):
        raise Refused({"name": f"指标正按“{series.name}”这个名称读取数据，不能改名。"})
    return writing.change(series, version=version, **values)


def _read_by_metric(writing: Door, name: str) -> bool:
    metrics = Metric.objects.current().in_county(writing.actor.county_id).filter(ledger=DepartmentFigure.closes_with)
    return any(name in metric.conditions.get("series", []) for metric in metrics)


def figure(*, month: date, **values: Any) -> DepartmentFigure:
    return DepartmentFigure(happened=DateSpan.month(month.year, month.month), **values)


def report(writing: Door, *, month: date, **values: Any) -> DepartmentFigure:
    """One figure (`reported` in the series' unit) or one reply of one unit."""
    return writing.add(figure(month=month, **values))


def report_month(
    writing: Door, *, month: date, given: Mapping[tuple[FigureSeries, Unit], Given], reason: str = ""
) -> int:
    """Write a month's grid; counts what changed. An emptied cell withdraws what nobody has checked.

    What was checked changes with a reason alone, and waits for its check again.
    """
    series = {row for row, _ in given}
    rows = DepartmentFigure.objects.current().filter(series__in=series, happened_on=month)
    known = {(row.series_id, row.unit_id): row for row in rows.select_related("series__owner", "unit")}
    new = [
        figure(month=month, series=row, unit=unit, **_said(row, value))
        for (row, unit), value in given.items()
        if value not in (None, "") and (row.pk, unit.pk) not in known
    ]
    writing.add_many(new)
    return len(new) + sum(
        _revise(writing, known[row.pk, unit.pk], value, reason)
        for (row, unit), value in given.items()
        if (row.pk, unit.pk) in known
    )


def _said(series: FigureSeries, value: Given) -> dict[str, Any]:
    return {"reply": value or ""} if series.by_reply else {"reported": value}


def _revise(writing: Door, held: DepartmentFigure, value: Given, reason: str) -> bool:
    said, empty = _said(held.series, value), value in (None, "")
    if all(getattr(held, name) == new for name, new in said.items()):
        return False
    _may_touch(held, reason, empty=empty)
    if empty:
        writing.void(held, reason=reason or "填报有误，撤回")
    else:
        writing.change(held, note=reason or held.note, **said)
    return True


def _may_touch(held: DepartmentFigure, reason: str, *, empty: bool) -> None:
    if held.verdict == Verdict.ACCEPTED and not reason.strip():
        raise Refused({"reason": f"“{held}”已经核对，改动要写明原因。"})
    if held.verdict == Verdict.ACCEPTED and empty:
        raise Refused(f"“{held}”已经核对，不能清空；数据有变的，填上新数并写明原因。")


def check_figures(
    writing: Door, rows: Iterable[DepartmentFigure], *, verdict: Verdict, on: date, note: str = ""
) -> int:
    """A second person's word on figures that wait for it; counts them."""
    waiting = [row for row in rows if row.verdict == Verdict.PENDING]
    if not waiting:
        raise Refused("没有等待核对的数据。")
    return give_verdict(writing, waiting, verdict=verdict, on=on, note=note)
