"""Main figures as blocks: how far the year is, ahead or behind, against last year; each leads to its records."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from django.urls import reverse

from core.amounts import half_up, show_yi
from core.periods import Period
from reporting.dashboards.city import CityStanding, Standings
from reporting.dashboards.main_figures import MainFigure
from reporting.dashboards.reach import Reach
from reporting.metrics import what_it_counts
from reporting.models import Metric
from reporting.presentation.wording import NONE, ahead, in_hundredths, percent
from townships.models import Unit

BAR = Decimal(200)
"""SVG units of a progress bar: the year's target is its end."""


@dataclass(frozen=True)
class FigureBlock:
    """`reached` is year to date. `filled` and `due_at` are in SVG units, empty without a target or a pace.

    `pace` is normal, due or empty: the class of the word that says whether it is ahead.
    """

    name: str
    unit: str
    reached: str
    url: str
    this_period: str
    period_url: str
    target: str
    completion: str
    pace: str
    ahead: str
    ahead_amount: str
    year_before: str
    growth: str
    filled: str
    due_at: str
    broken: str
    city: CityStanding | None = None
    """The county's place in its city, where the city has said one."""


def figure_blocks(
    figures: Iterable[MainFigure], reached: Reach, unit: Unit | None = None, city: Standings | None = None
) -> tuple[FigureBlock, ...]:
    places = city or {}
    return tuple(_block(figure, reached, unit, places.get(what_it_counts(figure.metric))) for figure in figures)


def _block(figure: MainFigure, reached: Reach, unit: Unit | None, city: CityStanding | None) -> FigureBlock:
    metric, held = figure.metric, figure.progress
    done = held.completion if held else None
    gap = held.ahead if held else None
    return FigureBlock(
        name=figure.name,
        unit=shown_unit(metric),
        reached=amount(metric, held.actual if held else None),
        url=metric_address(metric, reached.until, "year", unit),
        this_period=amount(metric, figure.this_period),
        period_url=metric_address(metric, reached.period, "period", unit),
        target=amount(metric, held.target if held else None),
        completion=NONE if done is None else percent(done),
        pace=pace_word(gap),
        ahead=NONE if gap is None else ahead(gap),
        ahead_amount=more_or_less(metric, held.ahead_amount if held else None),
        year_before=amount(metric, figure.year_before),
        growth=NONE if figure.growth is None else signed_percent(figure.growth),
        filled="" if done is None else _on_bar(done),
        due_at=_due_at(figure),
        broken=figure.broken,
        city=city,
    )


def metric_address(metric: Metric, period: Period, span: Literal["year", "period"], unit: Unit | None = None) -> str:
    """The page behind a figure: of a unit its records, of the county its units. `span`: year to date or the period."""
    page = "figure" if unit else "county-figure"
    back = f"&{SEEN}={period.seen:%Y-%m-%d}" if period.seen else ""
    return f"{reverse(page, args=[metric.code, period.code, *([unit.code] if unit else [])])}?span={span}{back}"


SEEN = "seen"
"""In an address: the day from which the figure's period is looked back upon."""


def shown_unit(metric: Metric) -> str:
    return "亿元" if metric.is_money else metric.unit_of_measure


def amount(metric: Metric, figure: Decimal | None) -> str:
    """Money in 亿元 with two places, counts as they are; a shared count may have up to two places."""
    if figure is None:
        return NONE
    return show_yi(figure) if metric.is_money else bare(figure)


def bare(figure: Decimal) -> str:
    """A count or a rate with at most two places, as few as say it."""
    shown = f"{half_up(figure, 2) + 0:,f}"
    return (shown.rstrip("0").rstrip(".") if "." in shown else shown).replace("-", "−")


def more_or_less(metric: Metric, gap: Decimal | None) -> str:
    """超0.31亿元, 欠2个; empty where the target has no pace or nothing is left of the gap when shown."""
    if gap is None or not (shown := amount(metric, abs(gap))).strip("0."):
        return ""
    return f"{'超' if gap > 0 else '欠'}{shown}{shown_unit(metric)}"


def pace_word(gap: Decimal | None) -> str:
    if gap is None:
        return ""
    return "normal" if half_up(gap * 100, 1) >= 0 else "due"


def signed_percent(rate: Decimal) -> str:
    """+44.1%, −3.0%, 0.0%."""
    shown = in_hundredths(rate)
    return f"+{shown}%" if half_up(rate * 100, 1) > 0 else f"{shown}%"


def _on_bar(rate: Decimal) -> str:
    return f"{min(max(rate, Decimal(0)), Decimal(1)) * BAR:.1f}"


def _due_at(figure: MainFigure) -> str:
    held = figure.progress
    if held is None or held.due is None or not held.target:
        return ""
    return _on_bar(held.due / held.target)
