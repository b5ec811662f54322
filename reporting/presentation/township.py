"""One sheet for one unit: where it stands, where points are lost, its projects, enterprises and troubles."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse

from core.amounts import show_wan
from core.dates import DateSpan
from core.ledgers.filters import as_query
from core.ledgers.kinds import plain_number
from core.ledgers.ledger import ledger_for
from reporting.dashboards.funding import Funded, Output
from reporting.dashboards.main_figures import MainFigure
from reporting.dashboards.reach import Reach
from reporting.dashboards.standings import Standing
from reporting.dashboards.township import Counted, Trouble
from reporting.formula.exact import at_places
from reporting.presentation.addresses import score_address
from reporting.presentation.main_figures import FigureBlock, figure_blocks
from reporting.presentation.wording import NONE, css_of, movement, percent, score_words
from reporting.scoring.results import ItemResult, UnitResult, shown_total
from townships.models import Unit

BAR = Decimal(240)


@dataclass(frozen=True)
class LossRow:
    """An indicator against the best of the group, in SVG units of one common scale. `lost` is 满分 − own score."""

    name: str
    url: str
    css: str
    own: str
    full: str
    best: str
    best_units: str
    lost: str
    behind: str
    own_width: str
    full_width: str
    best_at: str


@dataclass(frozen=True)
class CountRow:
    label: str
    count: int
    url: str


@dataclass(frozen=True)
class TroubleRow:
    name: str
    url: str
    kind: str
    mark: str
    since: str
    reason: str


@dataclass(frozen=True)
class FundedRow:
    kind: str
    url: str
    allocated: str
    paid: str
    rate: str


@dataclass(frozen=True)
class Placed:
    """Where it stands in the ranking that speaks for the day; `version` is 0 for a draft."""

    title: str
    version: int
    provisional: bool
    url: str
    losses: tuple[LossRow, ...]


@dataclass(frozen=True)
class TownshipPage:
    title: str
    as_at: str
    answer: str
    placed: Placed | None
    blocks: tuple[FigureBlock, ...]
    stages: tuple[CountRow, ...]
    enterprises: tuple[CountRow, ...]
    troubles: tuple[TroubleRow, ...]
    problems: tuple[CountRow, ...]
    funding: tuple[FundedRow, ...]
    output: str
    """What came of the funds, in one sentence; empty where none was given to a project."""


def township_page(
    unit: Unit,
    reached: Reach,
    standing: Standing | None,
    figures: Sequence[MainFigure],
    stages: Sequence[Counted],
    enterprises: Sequence[Counted],
    troubles: Sequence[Trouble],
    problems: Sequence[Counted],
    funding: Sequence[Funded],
    output: Output,
) -> TownshipPage:
    result = _result(standing, unit)
    return TownshipPage(
        title=f"{unit}{reached.period.label}情况",
        as_at="" if reached.complete else f"数据到{reached.until.label}，按{reached.months}个月计时序",
        answer=_answer(unit, standing, result, figures, troubles),
        placed=_placed(standing, result) if standing and result else None,
        blocks=figure_blocks(figures, reached, unit),
        stages=tuple(_counted(row) for row in stages),
        enterprises=tuple(_counted(row) for row in enterprises),
        troubles=tuple(_troubled(row) for row in troubles),
        problems=tuple(_counted(row) for row in problems),
        funding=tuple(_funded(row) for row in funding),
        output=_output(output) if output.projects else "",
    )


def _result(standing: Standing | None, unit: Unit) -> UnitResult | None:
    units = standing.draft.results.units if standing else ()
    return next((result for result in units if result.unit == unit.name), None)


def _answer(
    unit: Unit,
    standing: Standing | None,
    result: UnitResult | None,
    figures: Sequence[MainFigure],
    troubles: Sequence[Trouble],
) -> str:
    gaps = [f.progress.ahead for f in figures if f.progress and f.progress.ahead is not None]
    parts = [_rank(standing, result) if standing and result else f"{unit}没有参加排名"]
    if gaps:
        parts.append(f"{len(gaps)}项主要指标中{sum(gap >= 0 for gap in gaps)}项达到时序")
    parts.append(f"{len(troubles)}个项目停滞或逾期" if troubles else "没有停滞或逾期的项目")
    return "；".join(parts) + "。"


def _rank(standing: Standing, result: UnitResult) -> str:
    """2025年一季度擂台特色镇第1（↑1），总分57.56，失分最多的是新签约金额（−15.57分）."""
    draft = standing.draft
    total = shown_total(result.total, draft.rules.rounding)
    if total is None or result.rank is None:
        return f"{draft.period.label}擂台{'不排名' if total else '数据不全，暂不排名'}"
    group = (result.group or "") if draft.rules.ranking.within == "group" else ""
    moved = movement(result.rank, standing.before.get(result.unit))
    place = f"{'并列' if result.tied else ''}第{result.rank}" + (f"（{moved}）" if moved else "")
    worst = next(iter(_lost(result)), None)
    loss = f"，失分最多的是{worst.name}（−{at_places(_loss(worst), 2)}分）" if worst and _loss(worst) else ""
    return f"{draft.period.label}擂台{group}{place}，总分{total}{loss}"


# -- where points are lost -------------------------------------------------------------------------


def _placed(standing: Standing, result: UnitResult) -> Placed:
    return Placed(
        title=standing.draft.title,
        version=standing.version,
        provisional=standing.draft.provisional,
        url=score_address(standing.draft, result.unit),
        losses=tuple(_losses(standing, result)),
    )


def _lost(result: UnitResult) -> list[ItemResult]:
    """Indicators with a score, the largest loss first."""
    scored = [item for item in result.indicators if item.score is not None and item.full]
    return sorted(scored, key=lambda item: -_loss(item))


def _loss(item: ItemResult) -> Decimal:
    return (item.full or Decimal(0)) - (item.score or Decimal(0))


def _losses(standing: Standing, result: UnitResult) -> Iterator[LossRow]:
    draft = standing.draft
    within = draft.rules.ranking.within == "group"
    peers = [unit for unit in draft.results.units if not within or unit.group == result.group]
    numbers = {item.name: number for number, item in enumerate(result.indicators, 1)}
    items = _lost(result)
    longest = max((item.full or Decimal(0) for item in items), default=Decimal(1))
    for item in items:
        best, names = _best(peers, item.name)
        own, full = item.score or Decimal(0), item.full or Decimal(0)
        yield LossRow(
            name=item.name,
            url=f"{score_address(draft, result.unit)}#i{numbers[item.name]}",
            css=css_of(item.family),
            own=score_words(item.score, draft.rules.rounding),
            full=plain_number(full),
            best=score_words(best, draft.rules.rounding),
            best_units="、".join(names),
            lost=at_places(_loss(item), 2),
            behind=at_places(best - own, 2),
            own_width=_on(own, longest),
            full_width=_on(full, longest),
            best_at=_on(best, longest),
        )


def _best(peers: Sequence[UnitResult], name: str) -> tuple[Decimal, list[str]]:
    scores = {peer.unit: item.score for peer in peers for item in peer.indicators if item.name == name}
    known = {unit: score for unit, score in scores.items() if score is not None}
    best = max(known.values())
    return best, [unit for unit, score in known.items() if score == best]


def _on(points: Decimal, longest: Decimal) -> str:
    return f"{max(points, Decimal(0)) / longest * BAR:.1f}"


# -- lists -----------------------------------------------------------------------------------------


def _counted(row: Counted) -> CountRow:
    return CountRow(row.label, row.count, _list_of(row.ledger, row.conditions))


def _funded(row: Funded) -> FundedRow:
    return FundedRow(
        kind=row.kind,
        url=_list_of("allocations", row.conditions),
        allocated=show_wan(row.allocated),
        paid=show_wan(row.paid),
        rate=percent(row.paid / row.allocated),
    )


def _output(output: Output) -> str:
    reached = f"已开工{output.started}个，已投产{output.producing}个"
    return f"资金分到{output.projects}个项目：{reached}，这些项目累计到位资金{show_wan(output.arrived)}万元。"


def _list_of(ledger: str, conditions: Mapping[str, list[str]]) -> str:
    return f"{reverse('ledger-list', args=[ledger])}?{as_query(dict(conditions)).urlencode()}"


def _troubled(row: Trouble) -> TroubleRow:
    return TroubleRow(
        name=row.project.name,
        url=ledger_for("projects").page_of(row.project),
        kind=row.kind,
        mark="due" if row.kind == "停滞" else "overdue",
        since=DateSpan.day(row.since).label if row.since else NONE,
        reason=row.reason or ("两年前签约，按要求应已开工。" if row.kind != "停滞" else NONE),
    )
