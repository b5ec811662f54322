"""The county at a glance: one sentence, six figures, the ranking in short, funds by month, what changed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse

from reporting.dashboards.city import Standings
from reporting.dashboards.main_figures import MainFigure
from reporting.dashboards.reach import Reach
from reporting.dashboards.standings import Standing
from reporting.presentation.addresses import ranking_address, score_address
from reporting.presentation.main_figures import FigureBlock, amount, figure_blocks, shown_unit
from reporting.presentation.wording import NONE, ahead, money, movement, movement_css, percent
from reporting.scoring.results import shown_total


@dataclass(frozen=True)
class PlaceRow:
    rank: int | None
    tied: bool
    unit: str
    code: str
    group: str
    url: str
    page: str
    total: str
    movement: str
    movement_css: str


@dataclass(frozen=True)
class Places:
    """The ranking in short; `version` is 0 for a draft."""

    title: str
    version: int
    provisional: bool
    url: str
    rows: tuple[PlaceRow, ...]
    grouped: bool


@dataclass(frozen=True)
class OverviewPage:
    title: str
    as_at: str
    answer: str
    blocks: tuple[FigureBlock, ...]
    places: Places | None
    changes: tuple[str, ...]


def overview_page(
    reached: Reach, figures: Sequence[MainFigure], standing: Standing | None, city: Standings | None = None
) -> OverviewPage:
    return OverviewPage(
        title=f"{reached.period.label}全县概览",
        as_at="" if reached.complete else f"数据到{reached.until.label}，按{reached.months}个月计时序",
        answer=_answer(figures, standing),
        blocks=figure_blocks(figures, reached, city=city),
        places=_places(standing, reached) if standing else None,
        changes=tuple(_changes(reached, figures, standing)),
    )


def _answer(figures: Sequence[MainFigure], standing: Standing | None) -> str:
    """6项主要指标4项达到时序；到位资金6.88亿元，完成年度目标的…；中心镇第1 澜桥镇."""
    parts = [part for part in (_kept(figures), _money(figures), _first(standing)) if part]
    return "；".join(parts) + "。" if parts else "还没有下达目标，也没有考核方案。"


def _kept(figures: Sequence[MainFigure]) -> str:
    gaps = [f.progress.ahead for f in figures if f.progress and f.progress.ahead is not None]
    if not gaps:
        return f"{len(figures)}项主要指标都没有下达年度目标" if figures else ""
    return f"{len(gaps)}项主要指标中{sum(gap >= 0 for gap in gaps)}项达到时序"


def _money(figures: Sequence[MainFigure]) -> str:
    """The money that arrived, or the first money there is."""
    held = [f for f in figures if f.metric.is_money and f.progress]
    figure = next((f for f in held if f.metric.ledger == "arrivals"), held[0] if held else None)
    if figure is None or figure.progress is None:
        return ""
    words = f"本年累计{figure.name}{money(figure.progress.actual)}"
    done, gap = figure.progress.completion, figure.progress.ahead
    if done is not None:
        words += f"，完成年度目标的{percent(done)}"
    if gap is not None:
        words += f"，{ahead(gap)}"
    return words


def _first(standing: Standing | None) -> str:
    if standing is None:
        return ""
    within = standing.draft.rules.ranking.within == "group"
    first: dict[str, list[str]] = {}
    for unit in standing.draft.results.units:
        if unit.rank == 1:
            first.setdefault((unit.group or "") if within else "", []).append(unit.unit)
    return "，".join(f"{group}第1 {'、'.join(names)}" for group, names in first.items())


def _places(standing: Standing, reached: Reach) -> Places:
    draft = standing.draft
    return Places(
        title=draft.title,
        version=standing.version,
        provisional=draft.provisional,
        url=ranking_address(draft),
        rows=tuple(_place_rows(standing, reached)),
        grouped=draft.rules.ranking.within == "group",
    )


def _place_rows(standing: Standing, reached: Reach) -> Iterator[PlaceRow]:
    draft = standing.draft
    for unit in draft.results.units:
        moved = movement(unit.rank, standing.before.get(unit.unit))
        yield PlaceRow(
            rank=unit.rank,
            tied=unit.tied,
            unit=unit.unit,
            code=draft.unit_of[unit.unit].code,
            group=unit.group or "",
            url=score_address(draft, unit.unit),
            page=reverse("unit-page", args=[draft.unit_of[unit.unit].code, reached.period.code]),
            total=shown_total(unit.total, draft.rules.rounding) or NONE,
            movement=moved or NONE,
            movement_css=movement_css(moved),
        )


# -- what changed ----------------------------------------------------------------------------------


def _changes(reached: Reach, figures: Sequence[MainFigure], standing: Standing | None) -> Iterator[str]:
    if standing is not None:
        yield _moves(standing)
    for figure in figures:
        yield from _compared(figure, reached)


def _moves(standing: Standing) -> str:
    """二季度名次：棠湾镇由第2升到第1，麦浪镇由第1降到第2，其余不变。"""
    label = standing.draft.period.label
    if not standing.before:
        return f"{label}是第一次排名。"
    ranks = {u.unit: u.rank for u in standing.draft.results.units if u.rank is not None}
    moved = [_move(name, standing.before[name], rank) for name, rank in ranks.items() if _moved(standing, name, rank)]
    if not moved:
        return f"{label}名次与上期相同。"
    return f"{label}名次：{'，'.join(moved)}" + ("，其余不变。" if len(moved) < len(ranks) else "。")


def _moved(standing: Standing, name: str, rank: int) -> bool:
    return standing.before.get(name, rank) != rank


def _move(name: str, before: int, rank: int) -> str:
    return f"{name}由第{before}{'升' if rank < before else '降'}到第{rank}"


def _compared(figure: MainFigure, reached: Reach) -> Iterator[str]:
    now, before = figure.this_period, figure.period_before
    if now is None or before is None:
        return
    unit, gap = shown_unit(figure.metric), now - before
    words = f"{figure.name}{amount(figure.metric, now)}{unit}"
    earlier = reached.period.previous().label
    if not reached.complete:
        yield f"{words}（{earlier}全期{amount(figure.metric, before)}{unit}）。"
    elif not gap:
        yield f"{words}，与{earlier}持平。"
    else:
        apart = f"{'多' if gap > 0 else '少'}{amount(figure.metric, abs(gap))}{unit}"
        yield f"{words}，比{earlier}{apart}{_rate(now, before)}。"


def _rate(now: Decimal, before: Decimal) -> str:
    if before <= 0:
        return ""
    return f"（{'增长' if now >= before else '下降'}{percent(abs(now / before - 1))}）"
