"""A figure's lines as they are frozen: code, label and value of every row, counted or not, and why not."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from reporting.formula.evaluate import Value
from reporting.measures import CreditRule, Measure
from reporting.metrics import Line
from reporting.models import Metric

MOST_PLACES = Decimal("0.000000001")


def as_json(line: Line) -> dict[str, Any]:
    """Numbers as text, so that nothing is lost on the way through JSON."""
    return {
        "code": line.code,
        "label": line.label,
        "when": line.when,
        "share": None if line.share is None else f"{line.share:f}",
        "amount": None if line.amount is None else f"{line.amount:f}",
        "claimed": None if line.claimed is None else f"{line.claimed:f}",
        "reasons": list(line.reasons),
    }


def from_json(data: dict[str, Any]) -> Line:
    """`record` and `url` stay empty: what was frozen leads to no live row by itself."""
    return Line(
        code=data["code"],
        label=data["label"],
        when=data["when"],
        share=None if data["share"] is None else Decimal(data["share"]),
        amount=None if data["amount"] is None else Decimal(data["amount"]),
        claimed=None if data["claimed"] is None else Decimal(data["claimed"]),
        reasons=tuple(data["reasons"]),
    )


def figure_of(metric: Metric, counted: Sequence[Line]) -> Value | None:
    """What the counted lines come to; None where lines alone can't tell (distinct values, averages of nothing)."""
    if metric.measure == Measure.COUNT:
        whole = metric.credit == CreditRule.WHOLE
        return sum((Decimal(1) if whole else line.share or Decimal(0) for line in counted), Decimal(0))
    amounts = [line.amount for line in counted if line.amount is not None]
    if metric.measure in (Measure.SUM, Measure.FORMULA):
        return sum(amounts, Decimal(0))
    return tuple(amounts) if metric.measure == Measure.LIST else None
