"""One unit's score: every indicator as formula, as numbers, as figures, and how the total comes about."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.ledgers.kinds import plain_number
from reporting.formula.nodes import Formula
from reporting.formula.words import calculation, in_words
from reporting.models import Participant
from reporting.presentation.addresses import figure_address, ranking_address
from reporting.presentation.figures import DraftFigures, rate
from reporting.presentation.ranking import NO_TASK, Problem
from reporting.presentation.sums import steps_to_total
from reporting.presentation.wording import NONE, css_of, movement, percent, score_words
from reporting.ranking import Draft
from reporting.scoring.results import ItemResult, UnitResult, shown_total

BAR = Decimal(100)
MOST_NAMED = 3


@dataclass(frozen=True)
class FigureRow:
    """One metric that a formula reads: numbers in `unit_of_measure`, None where there is none.

    `listed`: how many numbers stand behind a figure that is a list, empty for any other.

    `confidential`: its rows are for the unit they are about and for the county.
    """

    name: str
    unit_of_measure: str
    actual: Decimal | None
    listed: str
    due: Decimal | None
    target: Decimal | None
    completion: str
    url: str
    confidential: bool


@dataclass(frozen=True)
class Opened:
    """An indicator, bonus or deduction. `filled`: an indicator's score as a bar of 100, empty where there is none.

    `parts`: the derived metrics that the formula reads, each with its numbers.
    """

    anchor: str
    name: str
    family: str
    css: str
    full: str
    score: str
    filled: str
    words: str
    parts: tuple[str, ...]
    calculation: str
    note: str
    figures: tuple[FigureRow, ...]


@dataclass(frozen=True)
class ScorePage:
    title: str
    ranking_url: str
    unit: Any
    answer: str
    notes: tuple[str, ...]
    indicators: tuple[Opened, ...]
    bonuses: tuple[Opened, ...]
    deductions: tuple[Opened, ...]
    steps: tuple[str, ...]
    problems: tuple[Problem, ...]


def score_page(draft: Draft, participant: Participant, before: Mapping[str, int]) -> ScorePage:
    """`before`: the units' ranks in the period before."""
    name = participant.unit.name
    result = next(unit for unit in draft.results.units if unit.unit == name)
    opener = Opener(draft, participant)
    rules = draft.rules
    return ScorePage(
        title=f"{name}{draft.period.label}得分",
        ranking_url=ranking_address(draft),
        unit=participant.unit,
        answer=_answer(draft, result, before.get(name)),
        notes=result.notes if result.total is not None else (),
        indicators=tuple(opener.opened(result.indicators, rules.indicators_for(participant.group or None), "i")),
        bonuses=tuple(opener.opened(result.bonuses, rules.bonuses, "b")),
        deductions=tuple(opener.opened(result.deductions, rules.deductions, "d")),
        steps=steps_to_total(rules, result),
        problems=tuple(Problem(e.where, e.message, name) for e in draft.results.errors if e.unit == name),
    )


def _answer(draft: Draft, result: UnitResult, before: int | None) -> str:
    """总分86.20，中心镇2个单位中第1（↑1），得分率最低的是新开工项目（45.0%）。"""
    total = shown_total(result.total, draft.rules.rounding)
    if total is None:
        return "数据不全，暂不计总分，不排名。"
    if result.rank is None:
        return f"总分{total}，不排名。"
    peers = [unit for unit in draft.results.units if unit.rank and unit.group == result.group]
    entrants = peers if draft.rules.ranking.within == "group" else [u for u in draft.results.units if u.rank]
    where = result.group or "" if draft.rules.ranking.within == "group" else ""
    moved = movement(result.rank, before)
    place = f"{'并列' if result.tied else ''}第{result.rank}" + (f"（{moved}）" if moved else "")
    return f"总分{total}，{where}{len(entrants)}个单位中{place}{_weakest(result)}。"


def _weakest(result: UnitResult) -> str:
    """Where points were lost; who has none, or all, or the same everywhere, is told that instead."""
    rates = {i.name: i.score / i.full for i in result.indicators if i.score is not None and i.full}
    lowest = min(rates.values(), default=None)
    names = [name for name, reached in rates.items() if reached == lowest]
    if lowest is None:
        return ""
    if len(names) == len(rates) > 1 or lowest >= 1:
        return f"，各项指标{_everywhere(lowest)}"
    if len(names) > MOST_NAMED:
        return f"，{len(names)}项指标得分率同为最低（{percent(lowest)}）"
    return f"，得分率最低的是{'、'.join(names)}（{percent(lowest)}）"


def _everywhere(reached: Decimal) -> str:
    if reached >= 1:
        return "都得满分"
    return "都未得分" if reached <= 0 else f"得分率都是{percent(reached)}"


class Opener:
    """Opens one unit's items down to the figures they read."""

    def __init__(self, draft: Draft, participant: Participant):
        self.draft, self.unit = draft, participant.unit
        self.figures = DraftFigures(draft)
        self.derived = {item.name: item.formula for item in draft.rules.derived}
        result = next(unit for unit in draft.results.units if unit.unit == self.unit.name)
        self.reckoned = {d.name: calculation(d.substituted or d.problem or NONE) for d in result.derived}

    def opened(self, items: tuple[ItemResult, ...], rules: tuple[Any, ...], letter: str) -> Iterator[Opened]:
        """`rules`: the indicators or extras behind the items, in the same order."""
        for number, (item, rule) in enumerate(zip(items, rules, strict=True), 1):
            yield self._opened(item, rule.formula, f"{letter}{number}")

    def _opened(self, item: ItemResult, formula: Formula, anchor: str) -> Opened:
        return Opened(
            anchor=anchor,
            name=item.name,
            family=item.family or "",
            css=css_of(item.family),
            full="" if item.full is None else plain_number(item.full),
            score=score_words(item.score, self.draft.rules.rounding),
            filled=_filled(item),
            words=in_words(formula),
            parts=tuple(self._parts(formula)),
            calculation=calculation(item.substituted or ""),
            note=item.note or (NO_TASK if item.no_task else ""),
            figures=tuple(self._rows(self._metrics_of(formula))),
        )

    def _parts(self, formula: Formula) -> Iterator[str]:
        for name in dict.fromkeys(reference.name for reference in formula.references):
            if name in self.reckoned:
                yield from self._parts(self.derived[name])
                yield f"{name}：{self.reckoned[name]}"

    def _metrics_of(self, formula: Formula) -> list[str]:
        """The metrics that a formula reads, through derived ones as well, in the order of reading."""
        found: dict[str, None] = {}
        for reference in formula.references:
            inner = self.derived.get(reference.name)
            found |= dict.fromkeys(self._metrics_of(inner) if inner else [reference.name])
        return list(found)

    def _rows(self, names: list[str]) -> Iterator[FigureRow]:
        for name in names:
            metric = self.draft.metrics.get(name)
            if metric is None:
                continue
            actual, due = self.figures.actual(self.unit.name, name), self.figures.due(self.unit.name, name)
            done = rate(actual, due)
            yield FigureRow(
                name=name,
                unit_of_measure=metric.unit_of_measure,
                actual=actual,
                listed=self.figures.listed(self.unit.name, name),
                due=due,
                target=self.figures.target(self.unit.name, name),
                completion=NONE if done is None else percent(done),
                url=figure_address(self.draft, metric, self.unit),
                confidential=metric.book.confidential,
            )


def _filled(item: ItemResult) -> str:
    if item.family is None or item.score is None or not item.full:
        return ""
    return f"{min(max(item.score / item.full, Decimal(0)), Decimal(1)) * BAR:.1f}"
