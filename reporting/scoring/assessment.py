"""One township's score, up to its total: what needs no look at the ranks of others."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from reporting.formula.errors import CalculationError, NoTask
from reporting.formula.evaluate import Lookup, evaluate
from reporting.formula.exact import nine_places, plain
from reporting.formula.functions import is_true
from reporting.formula.nodes import Formula
from reporting.formula.substitute import substituted
from reporting.scoring.figures import FigureTable
from reporting.scoring.inputs import UnitInput
from reporting.scoring.results import DerivedResult, ItemResult, ScoreError
from reporting.scoring.rounding import rounded_score, rounded_total
from reporting.scoring.scheme import FULL_POINTS, Derived, Extra, Indicator, Scheme, Veto

ZERO = Decimal(0)
NO_TASK = "无任务"
VETO_NOTES = {"zero": "总分记零", "unranked": "不参加排名", "no_award": "不评奖"}


@dataclass(frozen=True, slots=True)
class Assessment:
    """A township before the ranking; `total` None: an error, or no indicator with a task."""

    unit: UnitInput
    indicators: tuple[ItemResult, ...]
    bonuses: tuple[ItemResult, ...]
    deductions: tuple[ItemResult, ...]
    derived: tuple[DerivedResult, ...]
    vetoes: tuple[Veto, ...]
    factor: tuple[Decimal, Decimal] | None
    bonus: Decimal | None
    deduction: Decimal | None
    total: Decimal | None
    notes: tuple[str, ...]
    errors: tuple[ScoreError, ...]

    @property
    def ranked(self) -> bool:
        return self.total is not None and all(veto.effect != "unranked" for veto in self.vetoes)


@dataclass(frozen=True, slots=True)
class Condition:
    """Whether a `when` holds; `problem` says why that cannot be known, `no_task` that it reads an absent target."""

    holds: bool
    no_task: bool = False
    problem: str | None = None


def assess(scheme: Scheme, unit: UnitInput, figures: FigureTable) -> Assessment:
    """Scores, vetoes and total of `unit`, in the order that the scheme's page states."""
    lookup = figures.lookup_for(unit)
    indicators, factor = _indicators(scheme, unit, figures)
    bonuses = tuple(_extra(bonus, lookup, "加分") for bonus in scheme.bonuses)
    deductions = tuple(_extra(deduction, lookup, "扣分") for deduction in scheme.deductions)
    conditions = [(veto, condition(veto.when, lookup)) for veto in scheme.vetoes]
    vetoes = tuple(veto for veto, found in conditions if found.holds)
    errors = (*_item_errors(unit, [*indicators, *bonuses, *deductions]), *_veto_errors(unit, conditions))
    bonus, deduction = _capped(_sum(bonuses), scheme.bonus_cap), _sum(deductions)
    return Assessment(
        unit=unit,
        indicators=indicators,
        bonuses=bonuses,
        deductions=deductions,
        derived=tuple(_derived(derived, unit, figures) for derived in scheme.derived),
        vetoes=vetoes,
        factor=factor,
        bonus=bonus,
        deduction=deduction,
        total=None if errors else _total(scheme, base_points(indicators, factor), bonus, deduction, vetoes),
        notes=(*_veto_notes(conditions), *_task_notes(indicators, factor), *_cap_notes(scheme, bonuses)),
        errors=errors,
    )


def condition(when: Formula, lookup: Lookup) -> Condition:
    """A `when` read for one township; one that reads an absent target does not hold."""
    try:
        return Condition(is_true(evaluate(when, lookup)))
    except NoTask:
        return Condition(holds=False, no_task=True)
    except CalculationError as problem:
        return Condition(holds=False, problem=str(problem))


def _indicators(
    scheme: Scheme, unit: UnitInput, figures: FigureTable
) -> tuple[tuple[ItemResult, ...], tuple[Decimal, Decimal] | None]:
    """The indicators that apply to `unit`, and the redistribution (Σ points, Σ points with a task) if there is one."""
    items = [_indicator(indicator, unit, figures, scheme) for indicator in scheme.indicators_for(unit.group)]
    if scheme.missing_target != "redistribute" or not any(item.no_task for item in items):
        return tuple(items), None
    factor = _points(items), _points(item for item in items if not item.no_task)
    return tuple(_with_factor(item, factor) for item in items), factor


def _points(items: Iterable[ItemResult]) -> Decimal:
    return sum((item.full or ZERO for item in items), ZERO)


def _indicator(indicator: Indicator, unit: UnitInput, figures: FigureTable, scheme: Scheme) -> ItemResult:
    lookup = figures.lookup_for(unit, {FULL_POINTS: indicator.points})
    item = _item(indicator.name, indicator.formula, lookup, family=indicator.family, full=indicator.points)
    if item.no_task:
        score = {"redistribute": None, "full": indicator.points, "zero": ZERO}[scheme.missing_target]
    else:
        score = item.value
    return replace(item, score=None if score is None else rounded_score(score, scheme.rounding))


def _extra(extra: Extra, lookup: Lookup, title: str) -> ItemResult:
    item = _item(extra.name, extra.formula, lookup, family=None, full=extra.cap)
    if item.no_task:
        return replace(item, score=ZERO)
    if item.value is None:
        return item
    if nine_places(item.value) < 0:
        problem = f"{title}不能为负数：{item.substituted}"
        return replace(item, note=problem, error=problem)
    if extra.cap is not None and item.value > extra.cap:
        return replace(item, score=extra.cap, note=f"按上限{plain(extra.cap)}分计")
    return replace(item, score=item.value)


def _item(name: str, formula: Formula, lookup: Lookup, *, family: str | None, full: Decimal | None) -> ItemResult:
    """The formula's value without a score as yet."""
    try:
        value = evaluate(formula, lookup)
    except NoTask:
        return ItemResult(name, family, full, None, None, None, NO_TASK, no_task=True)
    except CalculationError as problem:
        return ItemResult(name, family, full, None, None, None, str(problem), error=str(problem))
    return ItemResult(name, family, full, None, value, substituted(formula, lookup, value), None)


def _with_factor(item: ItemResult, factor: tuple[Decimal, Decimal]) -> ItemResult:
    """The note of an indicator without a task says by what the others' sum is multiplied."""
    if not item.no_task or not factor[1]:
        return item
    return replace(item, note=f"{NO_TASK}，其余指标得分之和{_factor_text(factor)}")


def _factor_text(factor: tuple[Decimal, Decimal]) -> str:
    every, remaining = factor
    return f"×{plain(every)}÷{plain(remaining)}（折算系数{plain(every / remaining)}）"


def _derived(derived: Derived, unit: UnitInput, figures: FigureTable) -> DerivedResult:
    try:
        value = figures.value(unit, derived.name)
    except CalculationError as problem:
        return DerivedResult(derived.name, None, None, str(problem))
    if not isinstance(value, Decimal):
        raise TypeError("a derived metric is a number")
    return DerivedResult(derived.name, value, substituted(derived.formula, figures.lookup_for(unit), value), None)


def _item_errors(unit: UnitInput, items: list[ItemResult]) -> tuple[ScoreError, ...]:
    return tuple(ScoreError(unit.name, item.name, item.error) for item in items if item.error)


def _veto_errors(unit: UnitInput, conditions: list[tuple[Veto, Condition]]) -> tuple[ScoreError, ...]:
    return tuple(ScoreError(unit.name, veto.name, found.problem) for veto, found in conditions if found.problem)


def _sum(items: tuple[ItemResult, ...]) -> Decimal | None:
    """The scores added up; None if one is in error."""
    if any(item.error for item in items):
        return None
    return sum((item.score or ZERO for item in items), ZERO)


def _capped(value: Decimal | None, cap: Decimal | None) -> Decimal | None:
    return value if value is None or cap is None else min(value, cap)


def base_points(indicators: tuple[ItemResult, ...], factor: tuple[Decimal, Decimal] | None) -> Decimal | None:
    """The indicators' sum with 无任务 redistributed; None if no points with a task are left."""
    total = _sum(indicators)
    if total is None or factor is None:
        return total
    every, remaining = factor
    return total * every / remaining if remaining else None


def _total(
    scheme: Scheme,
    base: Decimal | None,
    bonus: Decimal | None,
    deduction: Decimal | None,
    vetoes: tuple[Veto, ...],
) -> Decimal | None:
    if base is None or bonus is None or deduction is None:
        return None
    total = base + bonus - deduction
    if scheme.floor is not None:
        total = max(total, scheme.floor)
    if any(veto.effect == "zero" for veto in vetoes):
        total = ZERO
    return rounded_total(total, scheme.rounding)


def _veto_notes(conditions: list[tuple[Veto, Condition]]) -> list[str]:
    notes = []
    for veto, found in conditions:
        if found.holds:
            notes.append(f"一票否决：{veto.name}，{VETO_NOTES[veto.effect]}")
        elif found.no_task:
            notes.append(f"否决“{veto.name}”：{NO_TASK}，不适用")
    return notes


def _task_notes(indicators: tuple[ItemResult, ...], factor: tuple[Decimal, Decimal] | None) -> list[str]:
    if factor is None:
        return []
    names = "、".join(item.name for item in indicators if item.no_task)
    if not factor[1]:
        return [f"{NO_TASK}：{names}，没有可以计分的指标，不计总分"]
    return [f"{NO_TASK}：{names}，其余指标得分之和{_factor_text(factor)}"]


def _cap_notes(scheme: Scheme, bonuses: tuple[ItemResult, ...]) -> list[str]:
    total = _sum(bonuses)
    if total is None or scheme.bonus_cap is None or total <= scheme.bonus_cap:
        return []
    return [f"加分合计{plain(total)}分，按上限{plain(scheme.bonus_cap)}分计"]
