"""A sheet of 评分 read out: units down, reviewers across, what it comes to, and who is missing."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from core.amounts import half_up
from reporting.models import Rating, Reviewer
from reporting.models.ratings import OWN_GROUP
from reporting.presentation.wording import NONE
from reporting.rating.means import mean, trimmed_mean, weighted_mean
from reporting.rating.roster import Roster
from townships.models import Unit

PLACES = 2


@dataclass(frozen=True)
class Cell:
    """One answer in words; `yes` where it is 有."""

    said: str
    yes: bool = False


@dataclass(frozen=True)
class Told:
    """What a reviewer wrote beside an answer; `paper` is the code under which its evidence is served."""

    unit: str
    reviewer: str
    said: str
    why: str
    paper: str
    paper_name: str


@dataclass(frozen=True)
class RatedRow:
    unit: str
    cells: tuple[Cell, ...]
    own: str
    result: str
    mean: str
    trimmed: str
    groups: tuple[str, ...]


@dataclass(frozen=True)
class SheetPage:
    """`groups` are the panel's, [(group, weight in words, number of reviewers), …]; `result_heading` says by what
    考核分 is reckoned."""

    title: str
    answer: str
    groups: tuple[tuple[str, str, int], ...]
    reviewers: tuple[Reviewer, ...]
    rows: tuple[RatedRow, ...]
    silent: tuple[tuple[str, str, str], ...]
    reasons: tuple[Told, ...]
    result_heading: str
    has_own: bool
    veto: bool


def sheet_page(roster: Roster) -> SheetPage:
    sheet = roster.sheet
    panel = tuple(reviewer for reviewer in roster.reviewers if not reviewer.rates_own)
    groups = list(dict.fromkeys(reviewer.group for reviewer in panel))
    weights = sheet.weight_of
    return SheetPage(
        title=str(sheet),
        answer=_answer(roster),
        groups=tuple((g, _percent(weights.get(g)), sum(r.group == g for r in panel)) for g in groups),
        reviewers=panel,
        rows=tuple(_row(roster, unit, panel, groups, weights) for unit in roster.units),
        silent=tuple(_silent(roster)),
        reasons=tuple(_told(roster)),
        result_heading="加权平均" if weights else "平均",
        has_own=any(reviewer.rates_own for reviewer in roster.reviewers),
        veto=sheet.is_veto,
    )


def _percent(weight: Decimal | None) -> str:
    return "" if weight is None else f"{weight.normalize():f}%"


def _answer(roster: Roster) -> str:
    sheet = roster.sheet
    done = f"应评{len(roster.asked)}项，已评{roster.answered}项"
    if not roster.unanswered:
        return f"{done}，全部评完。"
    until = "" if not sheet.is_open else f"，{sheet.answer_by:%Y年%-m月%-d日}截止"
    return f"{done}，还有{len(roster.silent)}人没有评完{until}。"


def _silent(roster: Roster) -> Iterable[tuple[str, str, str]]:
    """(name, group, which units) of who has not said everything."""
    for reviewer, units in roster.silent.items():
        every = len(units) == len(reviewer.asked_about(roster.units))
        names = f"{len(units)}个单位都没有评" if every and len(units) > 1 else "、".join(unit.name for unit in units)
        yield f"{reviewer.seat.user}（{reviewer.seat.title}）", reviewer.group, names


def _row(
    roster: Roster, unit: Unit, panel: tuple[Reviewer, ...], groups: list[str], weights: dict[str, Decimal]
) -> RatedRow:
    found = {group: [r.value for r in ratings] for group, ratings in roster.by_group(unit).items()}
    own = found.pop(OWN_GROUP, [])
    every = [value for values in found.values() for value in values]
    cells = tuple(_cell(roster, reviewer, unit) for reviewer in panel)
    return RatedRow(
        unit=unit.name,
        cells=cells,
        own=roster.sheet.said(own[0]) if own else NONE,
        result=_verdict(roster, panel, unit, every) if roster.sheet.is_veto else _result(found, weights, every),
        mean=_shown(mean(every)),
        trimmed=_shown(trimmed_mean(every)),
        groups=tuple(_shown(mean(found.get(group, []))) for group in groups),
    )


def _result(found: dict[str, list[Decimal]], weights: dict[str, Decimal], every: list[Decimal]) -> str:
    return _shown(weighted_mean(found, weights) if weights else mean(every))


def _verdict(roster: Roster, panel: tuple[Reviewer, ...], unit: Unit, every: list[Decimal]) -> str:
    """有 as soon as anybody says so; 无 only when all have."""
    if any(every):
        return f"有{sum(bool(value) for value in every)}项"
    return "无" if len(every) == sum(reviewer.may_rate(unit.pk) for reviewer in panel) else "未答完"


def _cell(roster: Roster, reviewer: Reviewer, unit: Unit) -> Cell:
    rating: Rating | None = roster.ratings.get((reviewer.pk, unit.pk))
    if rating is None:
        return Cell("未评" if reviewer.may_rate(unit.pk) else NONE)
    return Cell(roster.sheet.said(rating.value), yes=roster.sheet.is_veto and bool(rating.value))


def _told(roster: Roster) -> Iterable[Told]:
    for unit in roster.units:
        for rating in (one for ratings in roster.by_group(unit).values() for one in ratings):
            if rating.reason or rating.evidence_id:
                paper = rating.code if rating.evidence_id else ""
                yield Told(unit.name, str(rating.reviewer), rating.said, rating.reason, paper, rating.evidence_name)


def _shown(value: Decimal | None) -> str:
    return NONE if value is None else f"{half_up(value, PLACES):f}"
