"""A rule that is being written, read with the numbers of the present: nothing is saved, nothing is ranked."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.periods import Period
from reporting.formula.exact import plain
from reporting.formula.nodes import Formula
from reporting.formula.parser import parse
from reporting.models import Scheme
from reporting.models.schemes import SchemeStage
from reporting.ranking import Draft, draft_ranking, latest_counted
from reporting.scheme_editing.filing import kept
from reporting.scheme_editing.sections import BY_KEY, Section, label, rows_of
from reporting.scheme_editing.unknown import no_such_metric, unread
from reporting.scoring.errors import FileError
from reporting.scoring.results import UnitResult
from reporting.scoring.scheme import RANKING_NAMES

CONDITION = "试算的条件"
WHOLE = ("name", "year", "period", "missing_target", "rounding")
"""What of a scheme holds for each of its rules."""
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
    known = [day for day in latest_counted(scheme.county) if day <= today]
    return Period.containing(max(known, default=today), scheme.period)


def try_rule(scheme: Scheme, key: str, row: Mapping[str, Any], period: Period, metrics: Collection[str]) -> Trial:
    """One rule (`row` under `key`, perhaps not saved yet) for every participant."""
    derived = {one["name"] for one in scheme.body.get("derived") or []}
    if missing := _unread(BY_KEY[key], row, {*metrics, *derived}):
        return Trial(period, problem=missing)
    try:
        data = _alone(scheme.body, key, row)
        draft = _draft(scheme, data, period)
    except (FileError, ValueError) as error:
        return Trial(period, problem=f"{error}。".replace("。。", "。"))
    if draft is None:
        return Trial(period, problem="还没有参评单位，勾选以后这里会用真实的数字试算。")
    rows = tuple(_tried(key, row, unit) for unit in _as_listed(draft))
    return Trial(period, rows, broken=tuple(draft.broken.values()))


def try_scheme(scheme: Scheme, period: Period, metrics: Collection[str]) -> tuple[Draft | None, list[str]]:
    """The scheme as saved, without the rules that read what nobody gives; sentences about what is missing."""
    body, left_out = without_unknown(scheme.body, metrics)
    if not body.get("indicators"):
        return None, [*left_out, "还没有能算的指标，添上以后这里会用真实的数字试算。"]
    try:
        draft = _draft(scheme, body, period)
    except FileError as error:
        return None, [*left_out, f"{error}。"]
    return draft, left_out if draft else [*left_out, "还没有参评单位，勾选以后这里会用真实的数字试算。"]


def without_unknown(body: Mapping[str, Any], metrics: Collection[str]) -> tuple[dict[str, Any], list[str]]:
    """The body without rules over unknown names, nor over derived metrics that fell for them."""
    left, told = dict(body), []
    while True:
        known = {*metrics, *(row["name"] for row in left.get("derived") or [])}
        lost = [(section, row) for section, rows in rows_of(left) for row in rows if _unread(section, row, known)]
        if not lost:
            return {**left, "ranking": _known_ties(left, known)}, told
        told += [
            f"{section.noun}“{label(section, row)}”没有算：{_unread(section, row, known)}" for section, row in lost
        ]
        for section, row in lost:
            left[section.key] = [one for one in left[section.key] if one is not row]


def _unread(section: Section, row: Mapping[str, Any], known: Collection[str]) -> str:
    """What is wrong with the names in a row's formula; empty where nothing is."""
    if not section.formula:
        return ""
    missing = unread(parse(row[section.formula]), known, section.constants)
    return "".join(no_such_metric(name, known) for name in dict.fromkeys(missing))


def _known_ties(body: Mapping[str, Any], known: Collection[str]) -> dict[str, Any]:
    ranking = dict(body.get("ranking") or {})
    return {**ranking, "tie_break": [name for name in ranking.get("tie_break") or [] if name in known]}


def _draft(scheme: Scheme, body: Mapping[str, Any], period: Period) -> Draft | None:
    """`draft_ranking` of another body over the same participants; None where there are none."""
    trial = Scheme(**{field.attname: getattr(scheme, field.attname) for field in scheme._meta.concrete_fields})
    trial.body, trial.stage = kept(body), SchemeStage.IN_FORCE
    return draft_ranking(trial, period) if scheme.participants.current().exists() else None


def _alone(body: Mapping[str, Any], key: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """A scheme of this rule and what it reads: other rules' faults must not hide its value."""
    formula = parse(row["when"] if "when" in row else row["formula"])
    alone = {name: body[name] for name in WHOLE if name in body}
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
