"""Rules and figures changed for a supposition: values in, values out."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from reporting.scoring.inputs import Inputs, Prorate, UnitInput
from reporting.scoring.scheme import Indicator, Scheme

Place = tuple[str, tuple[str, ...] | None]
"""Name and groups of an indicator: together they are one of a kind in a scheme."""


@dataclass(frozen=True)
class Changes:
    """`points`: indicator → its 满分; `targets`: (unit, metric) → the year's target, in the metric's unit.

    `spreads`: metric → how its target is spread, for metrics that had none; `left_out`: units that take no part.
    """

    points: Mapping[Place, Decimal] = field(default_factory=dict)
    targets: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)
    spreads: Mapping[str, Prorate] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()

    @property
    def any(self) -> bool:
        return bool(self.points or self.targets or self.left_out)


def place_of(indicator: Indicator) -> Place:
    return indicator.name, indicator.groups


def changed_rules(rules: Scheme, changes: Changes) -> Scheme:
    """The scheme with other 满分; what `changes` names and the scheme does not have is passed over."""
    indicators = tuple(replace(one, points=changes.points.get(place_of(one), one.points)) for one in rules.indicators)
    return replace(rules, indicators=indicators)


def changed_inputs(inputs: Inputs, changes: Changes) -> Inputs:
    """The figures with other targets and without the units left out; a spread that was said stays."""
    units = tuple(_changed(unit, changes) for unit in inputs.units if unit.name not in changes.left_out)
    return replace(inputs, units=units, prorate={**changes.spreads, **inputs.prorate})


def _changed(unit: UnitInput, changes: Changes) -> UnitInput:
    """Another target than the one that was planned for has no plan: it goes by its spread."""
    targets = {metric: target for (name, metric), target in changes.targets.items() if name == unit.name}
    plan = {metric: part for metric, part in unit.plan.items() if metric not in targets}
    return replace(unit, target={**unit.target, **targets}, plan=plan)
