"""Per-record formulas: the same language over the columns of one ledger row, where text may be compared."""

from collections.abc import Collection, Mapping
from decimal import Decimal

from reporting.formula.errors import FormulaError, MissingData
from reporting.formula.evaluate import Value, evaluate
from reporting.formula.nodes import Formula, Name, Reference
from reporting.formula.parser import nearest, parse


def parse_record(text: str, columns: Collection[str]) -> Formula:
    """A formula over `columns`. Raises FormulaError for a column that is not there and for a figure of a township."""
    formula = parse(text)
    for reference in formula.references:
        if not isinstance(reference, Name):
            raise FormulaError(f"逐条计算的公式不能用{reference.label}")
        if reference.name not in columns:
            raise FormulaError(f"没有“{reference.name}”这一列{nearest(reference.name, list(columns))}")
    return formula


def evaluate_record(formula: Formula, values: Mapping[str, Decimal | str | None]) -> Decimal:
    """The number that `formula` gives for one row; None is a missing figure. Raises CalculationError."""

    def lookup(reference: Reference) -> Value:
        value = values.get(reference.name) if isinstance(reference, Name) else None
        if value is None:
            raise MissingData(reference.label)
        return value

    return evaluate(formula, lookup)
