"""A draft's figures, targets and completions, read exactly as the engine reads them."""

from decimal import Decimal, localcontext

from reporting.formula.errors import CalculationError
from reporting.formula.exact import CONTEXT
from reporting.formula.nodes import Figure, Formula, Name, Reference
from reporting.ranking import Draft
from reporting.scoring.figures import FigureTable

TARGET, DUE = "目标", "时序目标"


class DraftFigures:
    """Numbers are Decimal in the metric's own unit of measure, None where there is none."""

    def __init__(self, draft: Draft):
        self.draft = draft
        self.units = {unit.name: unit for unit in draft.inputs.units}
        with localcontext(CONTEXT):
            self.table = FigureTable(draft.rules, draft.inputs)

    def actual(self, unit: str, name: str) -> Decimal | None:
        return self._read(unit, Name(start=0, end=0, name=name))

    def listed(self, unit: str, name: str) -> str:
        """4个数: a list's numbers themselves stand in the formula; empty for any other figure."""
        value = self.units[unit].actual.get(name)
        return f"{len(value)}个数" if isinstance(value, tuple) else ""

    def target(self, unit: str, name: str) -> Decimal | None:
        return self._read(unit, Figure(start=0, end=0, kind=TARGET, name=name))

    def due(self, unit: str, name: str) -> Decimal | None:
        return self._read(unit, Figure(start=0, end=0, kind=DUE, name=name))

    def completion(self, unit: str, formula: Formula) -> Decimal | None:
        """The figure over the target that the formula itself sets against it; a rate, None where it sets none."""
        yardstick = next((r for r in formula.references if isinstance(r, Figure) and r.kind in (DUE, TARGET)), None)
        if yardstick is None:
            return None
        return rate(self.actual(unit, yardstick.name), self._read(unit, yardstick))

    def _read(self, unit: str, reference: Reference) -> Decimal | None:
        try:
            with localcontext(CONTEXT):
                value = self.table.lookup_for(self.units[unit])(reference)
        except CalculationError:
            return None
        return value if isinstance(value, Decimal) else None


def rate(actual: Decimal | None, target: Decimal | None) -> Decimal | None:
    """actual ÷ target; None where one is missing or the target is 0."""
    return None if actual is None or not target else actual / target
