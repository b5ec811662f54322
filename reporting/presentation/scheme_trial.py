"""A scheme tried on the present numbers: one row a unit, one column an indicator."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from core.ledgers.kinds import plain_number
from reporting.presentation.wording import NONE, score_words
from reporting.ranking import Draft
from reporting.scoring.results import ItemResult, Results, UnitResult, shown_total


@dataclass(frozen=True)
class TrialRow:
    """`scores`: (score, formula with numbers or the reason why there is none) for each column."""

    rank: str
    unit: str
    group: str
    scores: tuple[tuple[str, str], ...]
    bonus: str
    deduction: str
    total: str
    note: str


@dataclass(frozen=True)
class TrialTable:
    """`columns`: (indicator, 满分); `problems`: sentences on metrics and figures that are not there."""

    columns: tuple[tuple[str, str], ...]
    rows: tuple[TrialRow, ...]
    problems: tuple[str, ...]
    has_groups: bool


def trial_table(draft: Draft) -> TrialTable:
    names = list(dict.fromkeys(indicator.name for indicator in draft.rules.indicators))
    full = {indicator.name: plain_number(indicator.points) for indicator in draft.rules.indicators}
    return TrialTable(
        columns=tuple((name, full[name]) for name in names),
        rows=tuple(_row(names, unit, draft.results) for unit in draft.results.units),
        problems=tuple(dict.fromkeys([*draft.broken.values(), *_missing(draft.results)])),
        has_groups=any(unit.group for unit in draft.results.units),
    )


def _missing(results: Results) -> Iterator[str]:
    return (f"{error.where}：{error.message}。" for error in results.errors)


def _row(names: Iterable[str], unit: UnitResult, results: Results) -> TrialRow:
    by_name = {item.name: item for item in unit.indicators}
    rounding = results.rounding
    return TrialRow(
        rank=NONE if unit.rank is None else str(unit.rank),
        unit=unit.unit,
        group=unit.group or "",
        scores=tuple(_score(by_name.get(name), results) for name in names),
        bonus=_points(unit.bonus, results),
        deduction=_points(unit.deduction, results),
        total=shown_total(unit.total, rounding) or NONE,
        note="；".join(unit.notes),
    )


def _points(points: Decimal | None, results: Results) -> str:
    return shown_total(points, results.rounding) or NONE


def _score(item: ItemResult | None, results: Results) -> tuple[str, str]:
    if item is None:
        return NONE, "不适用"
    return score_words(item.score, results.rounding), item.note or ""
