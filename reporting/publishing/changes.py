"""What a correction changed, in sentences: which figures, which totals, which ranks."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from reporting.formula.exact import plain
from reporting.ranking import Draft
from reporting.scoring.results import UnitResult, shown_total

NONE = "—"


def changed_figures(before: Draft, after: Draft) -> Iterator[str]:
    """甲镇到位资金：1,200 改为 1,100."""
    old = {unit.name: unit for unit in before.inputs.units}
    for unit in after.inputs.units:
        if unit.name not in old:
            yield f"{unit.name}：新列入参评名单"
            continue
        for section, title in (("actual", ""), ("target", "的目标"), ("plan", "的时序计划")):
            yield from differences(unit.name, title, getattr(old[unit.name], section), getattr(unit, section))
    for name in old.keys() - {unit.name for unit in after.inputs.units}:
        yield f"{name}：不再列入参评名单"


def differences(unit: str, title: str, old: Any, new: Any) -> Iterator[str]:
    """`old` and `new`: {name: figure}; one sentence for each that is not the same."""
    for name in sorted({*old, *new}):
        if old.get(name) != new.get(name):
            yield f"{unit}{name}{title}：{_number(old.get(name))} 改为 {_number(new.get(name))}"


def _number(value: Any) -> str:
    if isinstance(value, tuple):
        return "、".join(plain(item) for item in value) or NONE
    return plain(value) if isinstance(value, Decimal) else NONE


def moved(before: Draft, after: Draft) -> Iterator[str]:
    """甲镇：总分 86.20 改为 84.10，第1 改为 第2."""
    old = {unit.unit: unit for unit in before.results.units}
    for unit in after.results.units:
        was = old.get(unit.unit)
        if was is None:
            continue
        parts = [
            *_changed("总分", _total(before, was), _total(after, unit)),
            *_changed("", _rank(was), _rank(unit)),
            *_changed("奖项", was.award or "无", unit.award or "无"),
        ]
        if parts:
            yield f"{unit.unit}：{'，'.join(parts)}"


def _changed(title: str, old: str, new: str) -> list[str]:
    return [f"{title} {old} 改为 {new}".strip()] if old != new else []


def _total(draft: Draft, unit: UnitResult) -> str:
    return shown_total(unit.total, draft.rules.rounding) or NONE


def _rank(unit: UnitResult) -> str:
    return f"第{unit.rank}" if unit.rank else "不排名"
