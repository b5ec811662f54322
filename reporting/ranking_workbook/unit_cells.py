"""One township's figures as cell references, for the third reading of a formula."""

from collections.abc import Mapping

from reporting.formula.nodes import Figure, Name, Peers
from reporting.ranking_workbook.layout import FIGURE_PARTS, CalculationColumns, DataColumns
from reporting.scoring.figures import MONTHS_OF_YEAR
from reporting.scoring.inputs import Inputs, UnitInput


class UnitCells:
    """`constants`: names such as 满分 or 总分 → a number or a cell."""

    def __init__(
        self,
        inputs: Inputs,
        data: DataColumns,
        calculation: CalculationColumns,
        unit: UnitInput,
        constants: Mapping[str, str] | None = None,
    ) -> None:
        self.inputs = inputs
        self.data = data
        self.calculation = calculation
        self.unit = unit
        self.constants = constants or {}

    def number(self, reference: Name | Figure) -> str:
        match reference:
            case Name() if reference.name in self.constants:
                return self.constants[reference.name]
            case Name() if ("derived", reference.name) in self.calculation:
                return self.calculation.cell(("derived", reference.name), self.unit)
            case Name():
                return self.data.cell(self.unit, "actual", reference.name)
            case Figure(kind="目标"):
                return self.data.cell(self.unit, "target", reference.name)
            case Figure(kind="时序目标"):
                return self.due(reference.name)
            case _:
                return self.data.cell(self.unit, FIGURE_PARTS[reference.kind], reference.name)

    def due(self, name: str) -> str:
        """The plan's cell, else the target's part by months."""
        plan, target = (self.data.cell(self.unit, part, name) for part in ("plan", "target"))
        part = f"{target}*{self.data.months(name)}/{MONTHS_OF_YEAR}"
        match self.inputs.prorate.get(name, "even"):
            case "none":
                part = target
            case "ceil":
                part = f"ROUNDUP(ROUND({part},9),0)"
        return f"IF(ISNUMBER({plan}),{plan},{part})"

    def numbers(self, reference: Name | Figure) -> str:
        part = self.listed_part(reference)
        if part is None or self.data.width[part, reference.name] == 1:
            return self.number(reference)
        return self.data.cells(self.unit, part, reference.name)

    def is_list(self, reference: Name | Figure) -> bool:
        part = self.listed_part(reference)
        return part is not None and isinstance(getattr(self.unit, part).get(reference.name), tuple)

    def listed_part(self, reference: Name | Figure) -> str | None:
        """Where a figure stands that may be a list; targets, constants and derived metrics are single numbers."""
        match reference:
            case Figure():
                return FIGURE_PARTS.get(reference.kind)
            case Name() if reference.name in self.constants or ("derived", reference.name) in self.calculation:
                return None
            case _:
                return "actual"

    def no_task(self, reference: Name | Figure) -> str | None:
        match reference:
            case Figure(kind="目标"):
                return f"ISNA({self.data.cell(self.unit, 'target', reference.name)})"
            case Figure(kind="时序目标"):
                plan, target = (self.data.cell(self.unit, part, reference.name) for part in ("plan", "target"))
                return f"AND(ISNA({plan}),ISNA({target}))"
            case Name() if reference.name not in self.constants and ("no_task", reference.name) in self.calculation:
                return self.calculation.cell(("no_task", reference.name), self.unit)
            case _:
                return None

    def peers(self, reference: Peers) -> str:
        return self.calculation.column(("peers", reference.name), self.unit, group_only=reference.scope == "组内")

    def own(self, reference: Peers) -> str:
        return self.calculation.cell(("peers", reference.name), self.unit)
