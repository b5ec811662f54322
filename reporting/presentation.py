"""What the ranking pages show, made out of a draft: rows, bars on one scale, sentences. No queries here."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse

from core.ledgers.kinds import plain_number
from reporting.formula.nodes import Formula
from reporting.models import Metric, Participant
from reporting.ranking import Draft
from reporting.scoring.results import UnitResult, shown_total

FAMILIES = ("招商引资", "项目建设", "企业培育", "定性")
BAR_WIDTH = Decimal(240)


@dataclass(frozen=True)
class Segment:
    """A family's part of a bar, in SVG units."""

    family: str
    css: str
    x: str
    width: str
    points: Decimal


@dataclass(frozen=True)
class RankedRow:
    rank: int | None
    tied: bool
    unit: str
    group: str
    total: str
    movement: str
    movement_word: str
    segments: tuple[Segment, ...]
    cells: tuple[dict[str, Any], ...]
    note: str
    url: str


@dataclass(frozen=True)
class RankingPage:
    title: str
    answer: str
    groups: tuple[tuple[str, tuple[RankedRow, ...]], ...]
    headings: tuple[dict[str, Any], ...]
    families: tuple[tuple[str, str], ...]
    errors: tuple[Any, ...]


def ranking_page(draft: Draft, before: dict[str, int] | None = None) -> RankingPage:
    """`before`: the units' ranks in the period before, for the movement."""
    full = max((_total(u) for u in draft.results.units if u.total is not None), default=Decimal(100))
    rows = [_row(draft, unit, before or {}, max(full, Decimal(1))) for unit in draft.results.units]
    return RankingPage(
        title=f"{draft.period.label}乡镇擂台",
        answer=_answer(draft, rows),
        groups=_grouped(rows),
        headings=tuple(_headings(draft)),
        families=tuple((family, css_of(family)) for family in _families(draft)),
        errors=draft.results.errors,
    )


def css_of(family: str) -> str:
    """One colour a family, everywhere."""
    return f"fam-{FAMILIES.index(family) + 1}" if family in FAMILIES else "fam-4"


def _total(unit: UnitResult) -> Decimal:
    return unit.total or Decimal(0)


def _families(draft: Draft) -> list[str]:
    return list(dict.fromkeys(indicator.family for indicator in draft.rules.indicators))


def _headings(draft: Draft) -> Iterator[dict[str, Any]]:
    """One column for each indicator name; weights that differ by group stand side by side."""
    points: dict[str, list[str]] = {}
    for indicator in draft.rules.indicators:
        points.setdefault(indicator.name, []).append(plain_number(indicator.points))
    for name, full in points.items():
        yield {"name": name, "points": "/".join(dict.fromkeys(full))}


def _row(draft: Draft, unit: UnitResult, before: dict[str, int], full: Decimal) -> RankedRow:
    movement, word = _movement(unit.rank, before.get(unit.unit))
    place = draft.unit_of[unit.unit]
    return RankedRow(
        rank=unit.rank,
        tied=unit.tied,
        unit=unit.unit,
        group=unit.group or "",
        total=shown_total(unit.total, draft.rules.rounding) or "—",
        movement=movement,
        movement_word=word,
        segments=tuple(_segments(unit, full)),
        cells=tuple(_cells(draft, unit)),
        note="；".join(unit.notes),
        url=reverse("unit-score", args=[draft.period.code, place.code]),
    )


def _movement(rank: int | None, before: int | None) -> tuple[str, str]:
    if rank is None or before is None:
        return "", ""
    if rank < before:
        return f"↑{before - rank}", "up"
    return (f"↓{rank - before}", "down") if rank > before else ("→", "same")


def _segments(unit: Any, full: Decimal) -> Iterator[Segment]:
    x = Decimal(0)
    by_family: dict[str, Decimal] = {}
    for indicator in unit.indicators:
        by_family[indicator.family] = by_family.get(indicator.family, Decimal(0)) + max(
            indicator.score or 0, Decimal(0)
        )
    for family, points in by_family.items():
        width = points / full * BAR_WIDTH
        yield Segment(family, css_of(family), f"{x:.1f}", f"{width:.1f}", points)
        x += width


def _cells(draft: Draft, unit: UnitResult) -> Iterator[dict[str, Any]]:
    scores = {indicator.name: indicator for indicator in unit.indicators}
    for heading in _headings(draft):
        found = scores.get(heading["name"])
        score = found.score if found else None
        rate = None if score is None or not found.full else score / found.full
        yield {"score": "—" if score is None else f"{score:.2f}", "rate": None if rate is None else f"{rate:.0%}"}


def _grouped(rows: list[RankedRow]) -> tuple[tuple[str, tuple[RankedRow, ...]], ...]:
    groups: dict[str, list[RankedRow]] = {}
    for row in rows:
        groups.setdefault(row.group, []).append(row)
    return tuple((group, tuple(members)) for group, members in groups.items())


def _answer(draft: Draft, rows: list[RankedRow]) -> str:
    """The one sentence that a meeting wants first."""
    leaders = [
        f"{group}第一是{'、'.join(row.unit for row in members if row.rank == 1)}"
        if group
        else f"第一是{'、'.join(row.unit for row in members if row.rank == 1)}"
        for group, members in _grouped(rows)
        if any(row.rank == 1 for row in members)
    ]
    return f"{len(rows)}个单位参评，{'，'.join(leaders)}。" if leaders else f"{len(rows)}个单位参评，尚无名次。"


# -- one unit's score --------------------------------------------------------------------------------


@dataclass(frozen=True)
class ScorePage:
    title: str
    unit: Any
    result: Any
    answer: str
    indicators: tuple[dict[str, Any], ...]
    errors: tuple[Any, ...]


def score_page(draft: Draft, participant: Participant) -> ScorePage:
    """Every indicator as formula, as numbers, and with links to the records of the metrics that it reads."""
    name = participant.unit.name
    result = next(unit for unit in draft.results.units if unit.unit == name)
    return ScorePage(
        title=f"{name} · {draft.period.label}得分",
        unit=participant.unit,
        result=result,
        answer=_score_answer(result),
        indicators=tuple(_opened(draft, participant, indicator) for indicator in result.indicators),
        errors=tuple(error for error in draft.results.errors if error.unit == name),
    )


def _score_answer(result: UnitResult) -> str:
    if result.total is None:
        return "数据不全，暂不排名。"
    place = f"第{result.rank}名" + ("（并列）" if result.tied else "") if result.rank else "不排名"
    return f"总分 {result.total:.2f}，{result.group + '中' if result.group else ''}{place}。"


def _opened(draft: Draft, participant: Participant, indicator: Any) -> dict[str, Any]:
    rules = draft.rules.indicators_for(participant.group or None)
    formula = next(rule.formula for rule in rules if rule.name == indicator.name)
    return {
        "name": indicator.name,
        "family": indicator.family,
        "css": css_of(indicator.family),
        "full": plain_number(indicator.full),
        "score": "—" if indicator.score is None else f"{indicator.score:.2f}",
        "formula": formula.text,
        "substituted": indicator.substituted,
        "note": indicator.note,
        "figures": tuple(_figures(draft, participant, _metrics_of(draft, formula))),
    }


def _metrics_of(draft: Draft, formula: Formula) -> list[str]:
    """The metrics that a formula reads, through derived ones as well, in the order of reading."""
    derived = {item.name: item.formula for item in draft.rules.derived}
    found: dict[str, None] = {}
    for reference in formula.references:
        inner = derived.get(reference.name)
        found |= dict.fromkeys(_metrics_of(draft, inner) if inner else [reference.name])
    return list(found)


def _figures(draft: Draft, participant: Participant, names: list[str]) -> Iterator[dict[str, Any]]:
    inputs = next(u for u in draft.inputs.units if u.name == participant.unit.name)
    for name in names:
        metric: Metric | None = draft.metrics.get(name)
        if metric is None:
            continue
        yield {
            "name": name,
            "value": inputs.actual.get(name),
            "target": inputs.target.get(name),
            "unit_of_measure": metric.unit_of_measure,
            "url": reverse("figure", args=[metric.code, draft.period.code, participant.unit.code]),
        }
