"""Figures made record by record: 逐条 formulas, and lists of the values themselves."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from core.ledgers.columns import Column
from core.ledgers.ledger import Ledger
from reporting.formula.errors import CalculationError, FormulaError
from reporting.formula.evaluate import Value
from reporting.formula.nodes import Formula
from reporting.formula.records import evaluate_record
from reporting.measures import Measure, MetricError, formula_columns, is_choice, is_number, record_formula
from reporting.models import Metric

WHOLE = Decimal(10_000)
Figures = dict[int, Value | None]


def formula_of(metric: Metric, ledger: Ledger) -> Formula:
    try:
        return record_formula(metric.formula, ledger)
    except FormulaError as error:
        raise MetricError(f"指标“{metric}”的逐条公式不能用了：{error}。") from error


def columns_read(metric: Metric) -> list[Column]:
    """The ledger's columns out of which its figure is made: none where records are counted, all where a formula does
    not say any more which."""
    ledger = metric.book
    if metric.measure != Measure.FORMULA:
        return [column for column in ledger.columns if column.name == metric.column]
    try:
        columns = formula_columns(ledger)
        return [columns[reference.name] for reference in formula_of(metric, ledger).references]
    except MetricError:
        return list(ledger.columns)


def record_value(metric: Metric, ledger: Ledger, record: Any) -> Decimal:
    """What the formula gives for this record, shares aside. Raises CalculationError."""
    formula, columns = formula_of(metric, ledger), formula_columns(ledger)
    read = {reference.name for reference in formula.references}
    return evaluate_record(formula, {header: _read(columns[header], record) for header in read})


def displayed(metric: Metric, ledger: Ledger, rows: QuerySet) -> QuerySet:
    """The rows with all that the columns show, and what the formula's own columns load on request."""
    if metric.measure == Measure.FORMULA:
        columns = formula_columns(ledger)
        for reference in formula_of(metric, ledger).references:
            rows = loads(rows) if (loads := columns[reference.name].loads) else rows
    return ledger.with_display(rows)


def _read(column: Column, record: Any) -> Decimal | str | None:
    """A number that is not there is missing; a word that is not there is an empty word."""
    value = column.value(record)
    if is_number(column):
        return None if value is None else Decimal(value)
    if is_choice(column):
        return "" if value in (None, "") else column.kind.show(value)
    return "" if value is None else str(value)


def figures_by_unit(metric: Metric, ledger: Ledger, rows: QuerySet) -> Figures:
    """{unit key: figure}, in one query; None for a unit with a record that the formula can't reckon."""
    if metric.measure == Measure.LIST:
        return _lists(rows.order_by(*ledger.ordering), metric.column)
    figures: Figures = defaultdict(Decimal)
    for record in displayed(metric, ledger, rows.order_by().with_credits()):
        value, known = _or_none(metric, ledger, record), figures[record.credited_unit]
        counts = None if value is None else value * record.credit_bp / WHOLE
        figures[record.credited_unit] = None if counts is None or known is None else known + counts
    return dict(figures)


def _lists(rows: QuerySet, column: str) -> Figures:
    found: dict[int, list[Decimal]] = defaultdict(list)
    for unit, part in rows.with_credits(column).values_list("credited_unit", f"credited_{column}"):
        if part is not None:
            found[unit].append(part)
    return {unit: tuple(parts) for unit, parts in found.items()}


def figure_of_all(metric: Metric, ledger: Ledger, rows: QuerySet) -> Value | None:
    """For the county as a whole: each record once."""
    if metric.measure == Measure.LIST:
        found = rows.order_by(*ledger.ordering).values_list(metric.column, flat=True)
        return tuple(value for value in found if value is not None)
    values = [_or_none(metric, ledger, record) for record in displayed(metric, ledger, rows.order_by())]
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if len(known) == len(values) else None


def _or_none(metric: Metric, ledger: Ledger, record: Any) -> Decimal | None:
    try:
        return record_value(metric, ledger, record)
    except CalculationError:
        return None


def why_not_reckoned(metric: Metric, ledger: Ledger, rows: QuerySet) -> str:
    """Which record stops the formula, and why; empty where none does."""
    for record in displayed(metric, ledger, rows.order_by(*ledger.ordering)):
        try:
            record_value(metric, ledger, record)
        except CalculationError as error:
            return f"“{ledger.line_label(record)}”（{record.code}）{error}"
    return ""
