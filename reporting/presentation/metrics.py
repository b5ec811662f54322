"""The list of metrics: what each one counts, in the words of its ledger's own filters."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from core.periods import Period
from projects.models.projects import CreditScope
from reporting.measures import CreditRule, Measure
from reporting.metrics import MetricError, list_query
from reporting.models import Metric
from reporting.presentation.wording import NONE

ONLY_DAYS = ("happened_from", "happened_to", "counted_from", "counted_to", "verified_from", "verified_to", "as_of")


@dataclass(frozen=True)
class MetricRow:
    """`url`: the ledger's list under these conditions, all periods; `broken`: why the metric stands still."""

    code: str
    name: str
    unit_of_measure: str
    ledger: str
    url: str
    conditions: str
    reckoning: str
    period: str
    description: str
    broken: str


def metric_rows(metrics: Iterable[Metric], period: Period) -> Iterator[MetricRow]:
    """`period`: any, to ask whether the conditions still fit."""
    for metric in metrics:
        conditions, broken = _conditions(metric, period)
        yield MetricRow(
            code=metric.code,
            name=metric.name,
            unit_of_measure=metric.unit_of_measure,
            ledger=NONE if broken else metric.book.name,
            url="" if broken else metric.address(metric.conditions),
            conditions=conditions,
            reckoning=NONE if broken else _reckoning(metric),
            period=f"{metric.get_span_display()}，以{metric.get_basis_display()}为准",
            description=metric.description,
            broken=broken,
        )


def _conditions(metric: Metric, period: Period) -> tuple[str, str]:
    try:
        words = list_query(metric, period).shown_words
    except MetricError as error:
        return "", str(error)
    return "；".join(f"{w['label']}：{w['value']}" for w in words if w["name"] not in ONLY_DAYS) or "全部", ""


def _reckoning(metric: Metric) -> str:
    column = next((column.header for column in metric.book.columns if column.name == metric.column), "")
    if metric.measure == Measure.FORMULA:
        return f"逐条公式：{metric.formula}"
    shared = "" if metric.credit == CreditRule.SHARE else "，共享项目每个单位各计一"
    special = metric.credit_scope != CreditScope.GENERAL
    scope = f"，按{metric.get_credit_scope_display()}分成" if special else ""
    return f"{column}{metric.get_measure_display()}{shared}{scope}"
