"""The inputs of one period: what each township did and was asked to do, as exact decimals."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, cast

from reporting.formula.evaluate import Value
from reporting.formula.exact import nine_places
from reporting.scoring.errors import InputError
from reporting.scoring.section import Section

Prorate = Literal["even", "ceil", "none"]
PRORATES = ("even", "ceil", "none")
# A metric maps to a number, to the numbers of a list, or to None where it is known and has no figure.
Figures = Mapping[str, Value | None]

PERIOD_KINDS = {
    "month": re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])"),
    "quarter": re.compile(r"[0-9]{4}Q([1-4])"),
    "half_year": re.compile(r"[0-9]{4}H([12])"),
    "year": re.compile(r"[0-9]{4}()"),
}
MONTHS_IN = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


@dataclass(frozen=True, slots=True)
class UnitInput:
    """One township. `actual` and the two comparisons hold numbers or lists, `target` and `plan` numbers."""

    name: str
    group: str | None
    actual: Figures
    target: Figures
    plan: Figures
    last_year: Figures
    last_period: Figures

    def as_json(self) -> dict[str, Any]:
        sections = ("actual", "target", "plan", "last_year", "last_period")
        return {
            "name": self.name,
            "group": self.group,
            **{section: _as_json(getattr(self, section)) for section in sections},
        }


def _as_json(figures: Figures) -> dict[str, Any]:
    return {name: _figure_as_json(value) for name, value in sorted(figures.items())}


def _figure_as_json(value: Value | None) -> Any:
    if isinstance(value, tuple):
        return [_figure_as_json(item) for item in value]
    return f"{nine_places(value):f}" if isinstance(value, Decimal) else None


@dataclass(frozen=True, slots=True)
class Inputs:
    """`months_covered`: the months that 时序目标 spans; `prorate`: how a target is spread, `even` where not named.

    `covered` names the metrics whose span differs from `months_covered` (a 累计 metric among 本季 ones).
    `decided`: of a selection, who was chosen, or not, by the meeting where equals stood across the last place.
    """

    period: str
    months_elapsed: int
    months_covered: int
    prorate: Mapping[str, Prorate]
    units: tuple[UnitInput, ...]
    covered: Mapping[str, int] = field(default_factory=dict)
    decided: Mapping[str, bool] = field(default_factory=dict)

    def months_for(self, name: str) -> int:
        """The months of the year's target that are due for this metric."""
        return self.covered.get(name, self.months_covered)

    def as_json(self) -> dict[str, Any]:
        """The input file that `load_inputs` reads back to the same inputs; numbers are strings."""
        return {
            "period": self.period,
            "months_elapsed": self.months_elapsed,
            "months_covered": self.months_covered,
            "prorate": dict(self.prorate),
            "covered": dict(self.covered),
            "units": [unit.as_json() for unit in self.units],
            **({"decided": dict(self.decided)} if self.decided else {}),
        }


def period_kind(period: str) -> str | None:
    """`month`, `quarter`, `half_year` or `year`; None for anything else."""
    return next((kind for kind, form in PERIOD_KINDS.items() if form.fullmatch(period)), None)


def months_to_end(period: str) -> int:
    """The months from January to the end of `period`: 6 for `2024Q2`."""
    kind = period_kind(period)
    if kind is None:
        raise ValueError(f"not a period: {period}")
    found = PERIOD_KINDS[kind].fullmatch(period)
    return MONTHS_IN[kind] * int((found and found.group(1)) or 1)


def load_inputs(data: Any) -> Inputs:
    """The inputs in `data`, as `read_json` gives it. Raises InputError with a Chinese sentence."""
    section = Section(data, "", InputError)
    period = section.text("period")
    if period_kind(period) is None:
        raise section.broken("“period”应当写成2024-05、2024Q1、2024H1或2024")
    elapsed = section.optional("months_elapsed", section.months) or months_to_end(period)
    inputs = Inputs(
        period=period,
        months_elapsed=elapsed,
        months_covered=section.optional("months_covered", section.months) or elapsed,
        prorate=_prorate(section.inside("prorate")),
        units=tuple(_unit(inner) for inner in section.sections("units", "单位")),
        covered=_covered(section.inside("covered")),
        decided=_decided(section.inside("decided")),
    )
    if not inputs.units:
        raise section.broken("缺少“units”，至少要有一个单位")
    section.close()
    _check_names(inputs)
    return inputs


def _prorate(section: Section) -> dict[str, Prorate]:
    return {name: cast(Prorate, section.choice(name, PRORATES)) for name in section.data}


def _covered(section: Section) -> dict[str, int]:
    return {name: section.months(name) for name in section.data}


def _decided(section: Section) -> dict[str, bool]:
    return {name: section.flag(name) for name in section.data}


def _unit(section: Section) -> UnitInput:
    unit = UnitInput(
        name=section.text("name"),
        group=section.optional("group", section.text),
        actual=_figures(section.inside("actual")),
        target=_numbers(section.inside("target")),
        plan=_numbers(section.inside("plan")),
        last_year=_figures(section.inside("last_year")),
        last_period=_figures(section.inside("last_period")),
    )
    section.close()
    return unit


def _figures(section: Section) -> dict[str, Value | None]:
    return {name: section.optional(name, lambda key: _figure(section, key)) for name in section.data}


def _figure(section: Section, name: str) -> Value:
    value = section.get(name)
    if isinstance(value, list | tuple):
        return tuple(section.as_number(item, f"“{name}”的第{number}个数") for number, item in enumerate(value, 1))
    return section.number(name)


def _numbers(section: Section) -> dict[str, Value | None]:
    return {name: section.optional(name, section.number) for name in section.data}


def _check_names(inputs: Inputs) -> None:
    for name, times in Counter(unit.name for unit in inputs.units).items():
        if times > 1:
            raise InputError(f"单位“{name}”重复")


def figure_or_none(figures: Figures, name: str) -> Decimal | None:
    """A target's or plan's number, None where there is none."""
    value = figures.get(name)
    return value if isinstance(value, Decimal) else None
