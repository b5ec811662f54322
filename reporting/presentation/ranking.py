"""The ranking page: one sentence, then rows on one scale, group by group."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from core.ledgers.kinds import plain_number
from reporting.presentation.addresses import ranking_address, score_address
from reporting.presentation.bars import BarPart, bar, common_scale, position
from reporting.presentation.figures import DraftFigures
from reporting.presentation.headline import headline
from reporting.presentation.wording import NONE, css_of, movement, movement_css, percent, score_words
from reporting.ranking import Draft
from reporting.scoring.results import ItemResult, ScoreError, UnitResult, shown_total

TIED = "并列"
NO_TASK = "无任务"


@dataclass(frozen=True)
class Heading:
    name: str
    points: str


@dataclass(frozen=True)
class Cell:
    """An indicator's score, the completion beneath it, and the way to its formula; all empty where it doesn't apply."""

    score: str
    under: str
    url: str


@dataclass(frozen=True)
class RankedRow:
    """`note`: what a reader must know of this unit: 否决, 不合格, 无任务, award."""

    rank: int | None
    tied: bool
    unit: str
    group: str
    url: str
    total: str
    movement: str
    movement_css: str
    bar: tuple[BarPart, ...]
    cells: tuple[Cell, ...]
    bonus: str
    deduction: str
    note: str


@dataclass(frozen=True)
class Problem:
    """Why some units have no total: the rule, the sentence, whom it holds for."""

    where: str
    message: str
    units: str


@dataclass(frozen=True)
class RankingPage:
    """`scale` is what a full bar stands for; `pass_mark` where 合格线 crosses the bars, in SVG units."""

    title: str
    url: str
    answer: str
    groups: tuple[tuple[str, tuple[RankedRow, ...]], ...]
    headings: tuple[Heading, ...]
    families: tuple[tuple[str, str], ...]
    scale: str
    pass_mark: str
    pass_points: str
    has_movement: bool
    has_bonus: bool
    has_deduction: bool
    has_notes: bool
    has_yardsticks: bool
    problems: tuple[Problem, ...]


def ranking_page(draft: Draft, before: Mapping[str, int]) -> RankingPage:
    """`before`: the units' ranks in the period before, for the movement."""
    figures, scale = DraftFigures(draft), common_scale(draft.results.units)
    rows = [_row(draft, figures, unit, before, scale) for unit in draft.results.units]
    groups = _grouped(draft, rows)
    mark = draft.rules.pass_mark
    return RankingPage(
        title=draft.title,
        url=ranking_address(draft),
        answer=_answer(groups, headline(draft, figures)),
        groups=groups,
        headings=tuple(_headings(draft)),
        families=tuple((family or "其他", css_of(family)) for family in _families(draft)),
        scale=plain_number(scale),
        pass_mark="" if mark is None else position(mark, scale),
        pass_points="" if mark is None else plain_number(mark),
        has_movement=not draft.rules.selects,
        has_bonus=bool(draft.rules.bonuses),
        has_deduction=bool(draft.rules.deductions),
        has_notes=any(row.note for row in rows),
        has_yardsticks=any(cell.under for row in rows for cell in row.cells),
        problems=tuple(_problems(draft.results.errors)),
    )


def _families(draft: Draft) -> list[str | None]:
    return list(dict.fromkeys(indicator.family for indicator in draft.rules.indicators))


def _headings(draft: Draft) -> Iterator[Heading]:
    """One column for each indicator name; weights that differ by group stand side by side."""
    points: dict[str, list[str]] = {}
    for indicator in draft.rules.indicators:
        points.setdefault(indicator.name, []).append(plain_number(indicator.points))
    for name, full in points.items():
        yield Heading(name, "/".join(dict.fromkeys(full)))


def _row(draft: Draft, figures: DraftFigures, unit: UnitResult, before: Mapping[str, int], scale: Decimal) -> RankedRow:
    moved = movement(unit.rank, before.get(unit.unit))
    return RankedRow(
        rank=unit.rank,
        tied=unit.tied,
        unit=unit.unit,
        group="" if draft.rules.ranking.within == "group" else unit.group or "",
        url=score_address(draft, unit.unit),
        total=shown_total(unit.total, draft.rules.rounding) or NONE,
        movement=moved or NONE,
        movement_css=movement_css(moved),
        bar=bar(unit, scale),
        cells=tuple(_cells(draft, figures, unit)),
        bonus=shown_total(unit.bonus, draft.rules.rounding) or NONE,
        deduction=shown_total(unit.deduction, draft.rules.rounding) or NONE,
        note="；".join(_notes(unit)),
    )


def _notes(unit: UnitResult) -> Iterator[str]:
    if unit.award:
        yield unit.award + (f"（{plain_number(unit.amount)}万元）" if unit.amount else "")
    yield from (note for note in unit.notes if note != TIED)
    yield from unit.lists


def _cells(draft: Draft, figures: DraftFigures, unit: UnitResult) -> Iterator[Cell]:
    numbered = {item.name: (number, item) for number, item in enumerate(unit.indicators, 1)}
    rules = {rule.name: rule for rule in draft.rules.indicators_for(unit.group)}
    for heading in _headings(draft):
        if heading.name not in numbered:
            yield Cell(NONE, "", "")
            continue
        number, item = numbered[heading.name]
        done = figures.completion(unit.unit, rules[heading.name].formula)
        yield Cell(
            score=score_words(item.score, draft.rules.rounding),
            under=_under(item, done),
            url=f"{score_address(draft, unit.unit)}#i{number}",
        )


def _under(item: ItemResult, done: Decimal | None) -> str:
    if item.no_task:
        return NO_TASK
    if item.error:
        return "缺数据"
    return "" if done is None else percent(done)


def _grouped(draft: Draft, rows: list[RankedRow]) -> tuple[tuple[str, tuple[RankedRow, ...]], ...]:
    """The groups in the scheme's order of participants; one nameless group where all are ranked together."""
    group_of = {unit.unit: unit.group or "" for unit in draft.results.units}
    groups: dict[str, list[RankedRow]] = {}
    for row in rows:
        within = group_of[row.unit] if draft.rules.ranking.within == "group" else ""
        groups.setdefault(within, []).append(row)
    return tuple((group, tuple(members)) for group, members in groups.items())


def _answer(groups: tuple[tuple[str, tuple[RankedRow, ...]], ...], figure: str) -> str:
    """The one sentence that a meeting wants first."""
    leaders = [words for group, rows in groups if (words := _leaders(group, rows))]
    first = "，".join(leaders) if leaders else f"{sum(len(rows) for _, rows in groups)}个单位参评，尚无名次"
    return f"{first}；{figure}。" if figure else f"{first}。"


def _leaders(group: str, rows: tuple[RankedRow, ...]) -> str:
    """中心镇第1 澜桥镇（→）; 并列第1 甲镇（↑1）、乙镇."""
    first = [row for row in rows if row.rank == 1]
    names = "、".join(row.unit + (f"（{row.movement}）" if row.movement != NONE else "") for row in first)
    return f"{group}{TIED if len(first) > 1 else ''}第1 {names}" if first else ""


def _problems(errors: tuple[ScoreError, ...]) -> Iterator[Problem]:
    units: dict[tuple[str, str], list[str]] = {}
    for error in errors:
        units.setdefault((error.where, error.message), []).append(error.unit)
    for (where, message), names in units.items():
        yield Problem(where, message, "、".join(names))
