"""A county's figure opened: what each unit brings to it, and what the whole is where a record counts once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from core.periods import Period
from reporting.dashboards.main_figures import held_against
from reporting.models import Metric
from reporting.models.metrics import CreditRule, Measure, SpanRule
from reporting.presentation.main_figures import amount, metric_address, more_or_less, pace_word, shown_unit
from reporting.presentation.wording import NONE, ahead, percent
from reporting.targeting.in_force import Aim
from townships.models import Unit


@dataclass(frozen=True)
class UnitLine:
    """`filled`: the figure as a bar of 100 beside the largest."""

    unit: str
    url: str
    figure: str
    target: str
    completion: str
    pace: str
    ahead: str
    ahead_amount: str
    filled: str


@dataclass(frozen=True)
class CountyFigurePage:
    """`apart`: why the units do not add up to the county, empty where they do."""

    title: str
    answer: str
    lines: tuple[UnitLine, ...]
    whole: UnitLine
    apart: str
    has_targets: bool


def county_figure_page(
    metric: Metric,
    period: Period,
    whole: Decimal,
    parts: Mapping[int, Decimal],
    units: Sequence[Unit],
    targets: Mapping[int | None, Aim],
) -> CountyFigurePage:
    """`parts`: unit key → figure. `targets`: unit key, None for the county → the year's target.

    Targets are shown only beside a figure of the year so far: a month is not held against a year.
    """
    held = targets if metric.span == SpanRule.YEAR_TO_DATE else {}
    shown = [unit for unit in units if unit.pk in parts or unit.pk in held]
    shown.sort(key=lambda unit: -parts.get(unit.pk, Decimal(0)))
    top = max([*parts.values(), Decimal(0)])
    county = _line(metric, period, None, whole, held.get(None), Decimal(0))
    return CountyFigurePage(
        title=f"全县{metric}",
        answer=_answer(metric, period, whole, county, len(shown)),
        lines=tuple(
            _line(metric, period, unit, parts.get(unit.pk, Decimal(0)), held.get(unit.pk), top) for unit in shown
        ),
        whole=county,
        apart=_apart(metric, whole, parts),
        has_targets=bool(held),
    )


def _line(
    metric: Metric, period: Period, unit: Unit | None, figure: Decimal, aim: Aim | None, top: Decimal
) -> UnitLine:
    stand = held_against(figure, aim, period.months_elapsed)
    span: Literal["year", "period"] = "year" if metric.span == SpanRule.YEAR_TO_DATE else "period"
    return UnitLine(
        unit=str(unit or "全县"),
        url=metric_address(metric, period, span, unit) if unit else "",
        figure=amount(metric, figure),
        target=amount(metric, aim and aim.basic),
        completion=NONE if stand.completion is None else percent(stand.completion),
        pace=pace_word(stand.ahead),
        ahead=NONE if stand.ahead is None else ahead(stand.ahead),
        ahead_amount=more_or_less(metric, stand.ahead_amount),
        filled=f"{max(figure, Decimal(0)) / top * 100:.1f}" if top > 0 else "0",
    )


def _answer(metric: Metric, period: Period, whole: Decimal, county: UnitLine, units: int) -> str:
    words = f"全县{period.label}{metric}{amount(metric, whole)}{shown_unit(metric)}"
    if county.completion != NONE:
        words += f"，完成年度目标的{county.completion}"
    if county.ahead != NONE:
        words += f"，{county.ahead}"
    return f"{words}，由{units}个单位构成。" if units else f"{words}，没有单位计入。"


def _apart(metric: Metric, whole: Decimal, parts: Mapping[int, Decimal]) -> str:
    if sum(parts.values(), Decimal(0)) == whole:
        return ""
    if metric.measure == Measure.DISTINCT:
        return "同一家在几个单位都计入的，全县只计一次，所以各单位相加不等于全县。"
    if metric.measure == Measure.AVERAGE:
        return "平均数不能相加。"
    if metric.credit == CreditRule.WHOLE:
        return "共享项目在每个单位各计一次，全县只计一次，所以各单位相加不等于全县。"
    return "有的记录没有落到单位，所以各单位相加不等于全县。"
