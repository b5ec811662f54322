"""The figures of all townships, derived metrics included, and how a formula looks them up."""

from collections.abc import Mapping
from decimal import ROUND_UP, Decimal

from reporting.formula.errors import CalculationError, MissingData, NoTask
from reporting.formula.evaluate import Lookup, Value, evaluate
from reporting.formula.exact import nine_places, rounded
from reporting.formula.functions import average
from reporting.formula.nodes import Figure, Formula, Name, Peers, Reference
from reporting.scoring.inputs import Inputs, UnitInput, figure_or_none
from reporting.scoring.scheme import Scheme

MONTHS_OF_YEAR = 12
Outcome = Value | CalculationError
Constants = Mapping[str, Decimal]


class FigureTable:
    """What every township's names stand for, once the derived metrics are calculated."""

    def __init__(self, scheme: Scheme, inputs: Inputs) -> None:
        self.inputs = inputs
        self.derived: dict[str, dict[str, Outcome]] = {}
        self.compared: dict[tuple[str, str | None, str], list[Decimal]] = {}
        for derived in scheme.derived_in_order():
            self.derived[derived.name] = {unit.name: self._outcome(derived.formula, unit) for unit in inputs.units}

    def _outcome(self, formula: Formula, unit: UnitInput) -> Outcome:
        try:
            return evaluate(formula, self.lookup_for(unit))
        except CalculationError as problem:
            return problem

    def lookup_for(self, unit: UnitInput, constants: Constants | None = None) -> Lookup:
        """How a formula of `unit` reads names; `constants` (满分, 总分 …) come before metrics of the same name."""

        def lookup(reference: Reference) -> Value:
            match reference:
                case Name() if constants and reference.name in constants:
                    return constants[reference.name]
                case Name():
                    return self.value(unit, reference.name)
                case Figure():
                    return self._figure(unit, reference)
                case Peers():
                    return self._among_peers(unit, reference)

        return lookup

    def value(self, unit: UnitInput, name: str) -> Value:
        """A metric's or derived metric's value. Raises CalculationError where it has none."""
        found: Outcome | None = self.derived[name][unit.name] if name in self.derived else unit.actual.get(name)
        if found is None:
            raise MissingData(name)
        if isinstance(found, CalculationError):
            raise found
        return found

    def number_or_none(self, unit: UnitInput, name: str) -> Decimal | None:
        """The number of `name`, None where it has no value or carries a list."""
        try:
            value = self.value(unit, name)
        except CalculationError:
            return None
        return value if isinstance(value, Decimal) else None

    def _figure(self, unit: UnitInput, reference: Figure) -> Value:
        match reference.kind:
            case "目标":
                return _task(figure_or_none(unit.target, reference.name), reference)
            case "时序目标":
                return _task(self._due(unit, reference.name), reference)
            case "上年同期":
                found = unit.last_year.get(reference.name)
            case _:
                found = unit.last_period.get(reference.name)
        if found is None:
            raise MissingData(reference.label)
        return found

    def _due(self, unit: UnitInput, name: str) -> Decimal | None:
        """What is due by the period's end: the plan where one is entered, else the target's part."""
        plan, target = figure_or_none(unit.plan, name), figure_or_none(unit.target, name)
        if plan is not None or target is None:
            return plan
        prorate = self.inputs.prorate.get(name, "even")
        if prorate == "none":
            return target
        part = target * self.inputs.months_for(name) / MONTHS_OF_YEAR
        return rounded(part, 0, ROUND_UP) if prorate == "ceil" else part

    def _among_peers(self, unit: UnitInput, reference: Peers) -> Decimal:
        numbers = self._compared(unit, reference)
        if reference.statistic == "名次":
            own = self.value(unit, reference.name)
            if not isinstance(own, Decimal):
                raise _list_among_peers(reference)
            return Decimal(1 + sum(number > nine_places(own) for number in numbers))
        if not numbers:
            raise MissingData(reference.label)
        match reference.statistic:
            case "最大":
                return max(numbers)
            case "最小":
                return min(numbers)
            case "平均":
                return average(numbers)
            case _:
                return sum(numbers, Decimal(0))

    def _compared(self, unit: UnitInput, reference: Peers) -> list[Decimal]:
        """The values of all townships in scope that have one, by nine places as the workbook's column holds them."""
        key = reference.scope, unit.group if reference.scope == "组内" else None, reference.name
        if key not in self.compared:
            peers = [peer for peer in self.inputs.units if reference.scope == "全部" or peer.group == unit.group]
            if any(isinstance(peer.actual.get(reference.name), tuple) for peer in peers):
                raise _list_among_peers(reference)
            values = [self.number_or_none(peer, reference.name) for peer in peers]
            self.compared[key] = [nine_places(value) for value in values if value is not None]
        return self.compared[key]


def _task(target: Decimal | None, reference: Figure) -> Decimal:
    if target is None:
        raise NoTask(reference.label)
    return target


def _list_among_peers(reference: Peers) -> CalculationError:
    return CalculationError(f"{reference.name}是一组数，不能用{reference.scope}{reference.statistic}")
