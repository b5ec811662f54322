"""A rule that is being written, read with the numbers of the present: nothing is saved, nothing is ranked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.ledgers.ledger import all_ledgers
from core.periods import Period
from reporting.formula.exact import plain
from reporting.formula.nodes import Formula
from reporting.formula.parser import parse
from reporting.models import Scheme
from reporting.models.schemes import SchemeStage
from reporting.ranking import Draft, draft_ranking, latest_counted
from reporting.scoring.errors import FileError
from reporting.scoring.results import UnitResult
from reporting.scoring.scheme import RANKING_NAMES

CONDITION = "试算的条件"
NOBODY = {"name": "试算", "points": 0, "formula": "0"}
"""An indicator that weighs nothing: a scheme has at least one."""


@dataclass(frozen=True)
class Tried:
    """One unit: what the rule gives and how, or why it gives nothing."""

    unit: str
    group: str
    value: str
    calculation: str
    note: str = ""


@dataclass(frozen=True)
class Trial:
    """`problem`: why nothing could be calculated at all; `broken`: metrics whose conditions no longer fit."""

    period: Period
    rows: tuple[Tried, ...] = ()
    problem: str = ""
    broken: tuple[str, ...] = ()


def present_period(scheme: Scheme, today: date) -> Period:
    """The last period of the scheme's kind into which anything was counted; without figures, today's."""
    days = [latest_counted(ledger, scheme.county_id) for ledger in all_ledgers() if ledger.verifiable]
    known = [day for day in days if day and day <= today]
    return Period.containing(max(known, default=today), scheme.period)


def try_rule(scheme: Scheme, key: str, row: Mapping[str, Any], period: Period) -> Trial:
    """One rule (`row` under `key`, perhaps not saved yet) for every participant."""
    try:
        data = _alone(scheme.body, key, row)
        draft = _draft(scheme, data, period)
    except (FileError, ValueError) as error:
        return Trial(period, problem=f"{error}。".replace("。。", "。"))
    if draft is None:
        return Trial(period, problem="还没有参评单位，勾选以后这里会用真实的数字试算。")
    rows = tuple(_tried(key, row, unit) for unit in _as_listed(draft))
    return Trial(period, rows, broken=tuple(draft.broken.values()))


def try_scheme(scheme: Scheme, period: Period) -> tuple[Draft | None, str]:
    """The whole scheme as saved; a sentence where it can't be calculated yet."""
    if not scheme.rules.indicators:
        return None, "还没有指标，添上以后这里会用真实的数字试算。"
    try:
        draft = _draft(scheme, scheme.body, period)
    except FileError as error:
        return None, f"{error}。"
    return draft, "" if draft else "还没有参评单位，勾选以后这里会用真实的数字试算。"


def _draft(scheme: Scheme, body: Mapping[str, Any], period: Period) -> Draft | None:
    """`draft_ranking` of another body over the same participants; None where there are none."""
    trial = Scheme(**{field.attname: getattr(scheme, field.attname) for field in scheme._meta.concrete_fields})
    trial.body, trial.stage = dict(body), SchemeStage.IN_FORCE
    return draft_ranking(trial, period) if scheme.participants.current().exists() else None


def _alone(body: Mapping[str, Any], key: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """A scheme of this rule and what it reads: other rules' faults must not hide its value."""
    formula = parse(row["when"] if "when" in row else row["formula"])
    alone = {name: body[name] for name in ("name", "year", "period")}
    if reads_ranks(formula):
        return {**body, "lists": [{"name": CONDITION, "when": row["when"]}], "promotions": [], "demotions": []}
    derived = _needed(formula, {one["name"]: one for one in body.get("derived", []) if one["name"] != row.get("name")})
    if key == "indicators":
        return {**alone, "derived": derived, key: [row]}
    if key in ("bonuses", "deductions"):
        return {**alone, "derived": derived, "indicators": [NOBODY], key: [row]}
    tried = {"name": row["name"] if key == "derived" else CONDITION, "formula": formula.text}
    return {**alone, "derived": [*derived, tried], "indicators": [NOBODY]}


def reads_ranks(formula: Formula) -> bool:
    return any(reference.name in RANKING_NAMES for reference in formula.references)


def _needed(formula: Formula, derived: dict[str, Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The derived metrics that the formula reads, and those that they read."""
    found: dict[str, Mapping[str, Any]] = {}
    waiting = [formula]
    while waiting:
        for reference in waiting.pop().references:
            if reference.name in derived and reference.name not in found:
                found[reference.name] = derived[reference.name]
                waiting.append(parse(derived[reference.name]["formula"]))
    return list(found.values())


def _as_listed(draft: Draft) -> Iterator[UnitResult]:
    """In the order of the participants, not of ranks."""
    by_name = {unit.unit: unit for unit in draft.results.units}
    return (by_name[unit.name] for unit in draft.inputs.units)


def _tried(key: str, row: Mapping[str, Any], unit: UnitResult) -> Tried:
    if key in ("indicators", "bonuses", "deductions"):
        return _item(unit, getattr(unit, key))
    name = row["name"] if key == "derived" else CONDITION
    found = next((one for one in unit.derived if one.name == name), None)
    if found is None:
        return _listed(unit)
    if found.value is None:
        return Tried(unit.unit, unit.group or "", "—", "", found.problem or "")
    value = plain(found.value) if key == "derived" else holds(bool(found.value))
    return Tried(unit.unit, unit.group or "", value, found.substituted or "")


def holds(true: bool) -> str:
    return "成立" if true else "不成立"


def _listed(unit: UnitResult) -> Tried:
    """A condition over ranks: the whole scheme had to be ranked for it."""
    standing = f"总分 {plain(unit.total)}，第{unit.rank}名" if unit.total is not None and unit.rank else "没有名次"
    return Tried(unit.unit, unit.group or "", holds(CONDITION in unit.lists), standing)


def _item(unit: UnitResult, items: tuple[Any, ...]) -> Tried:
    if not items:
        return Tried(unit.unit, unit.group or "", "—", "", "这一组不适用")
    item = items[0]
    score = "—" if item.score is None else plain(item.score)
    return Tried(unit.unit, unit.group or "", score, item.substituted or "", item.note or "")
