"""Whether every name in a scheme is known: to be checked against the inputs, for metrics live there."""

from collections.abc import Collection

from reporting.formula.nodes import Formula, Name
from reporting.formula.parser import nearest
from reporting.scoring.errors import InputError, SchemeError
from reporting.scoring.inputs import Inputs, period_kind
from reporting.scoring.scheme import Scheme

PERIOD_NAMES = {"month": "月度", "quarter": "季度", "half_year": "半年", "year": "年度"}


def check_names(scheme: Scheme, inputs: Inputs) -> None:
    """Raises SchemeError for a name in no township's data, InputError for inputs of another kind of period."""
    kind = period_kind(inputs.period)
    if kind != scheme.period:
        raise InputError(f"方案按{PERIOD_NAMES[scheme.period]}考核，数据的期间却是“{inputs.period}”")
    if not inputs.units:
        return  # nobody's data names anything
    metrics = _metrics(inputs)
    _check_derived_are_new(scheme, inputs)
    known = metrics | {derived.name for derived in scheme.derived}
    for where, formula, constants in scheme.formulas():
        _check_formula(where, formula, known, constants)
    for name in scheme.ranking.tie_break:
        if name not in known:
            raise _unknown("“tie_break”", name, known)


def _metrics(inputs: Inputs) -> set[str]:
    """Every metric that some township's data names, even without a figure."""
    parts = ("actual", "target", "plan", "last_year", "last_period")
    return {name for unit in inputs.units for part in parts for name in getattr(unit, part)}


def _check_derived_are_new(scheme: Scheme, inputs: Inputs) -> None:
    """A derived metric may have targets and earlier figures in the inputs, but no value of its own."""
    entered = {name for unit in inputs.units for name in unit.actual}
    for derived in scheme.derived:
        if derived.name in entered:
            raise SchemeError(f"派生指标“{derived.name}”与指标数据重名")


def _check_formula(where: str, formula: Formula, known: Collection[str], constants: tuple[str, ...]) -> None:
    for reference in formula.references:
        readable = {*known, *constants} if isinstance(reference, Name) else known
        if reference.name not in readable:
            raise _unknown(where, reference.name, readable)


def _unknown(where: str, name: str, known: Collection[str]) -> SchemeError:
    return SchemeError(f"{where}：没有名为“{name}”的指标数据{nearest(name, sorted(known))}")
