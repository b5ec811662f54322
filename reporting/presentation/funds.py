"""Money by month against the plan line, as a chart and as the table under it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.amounts import WAN_PER_UNIT, show_yi
from core.charts import ACCENT, PLAN, Chart, Series, drawn
from core.periods import Period
from reporting.dashboards.main_figures import over_the_period
from reporting.models import Metric
from reporting.presentation.main_figures import metric_address
from reporting.presentation.wording import NONE
from reporting.progress import MONTHS_OF_YEAR
from townships.models import Unit

YI = WAN_PER_UNIT["亿元"]


@dataclass(frozen=True)
class FundsCell:
    month: str
    amount: str
    url: str
    cumulated: str
    planned: str
    gap: str


@dataclass(frozen=True)
class Funds:
    """`plan` is the even month's share of the year's target; without a target there is no plan line."""

    title: str
    chart: Chart
    cells: tuple[FundsCell, ...]
    has_plan: bool
    plan: str


def funds_by_month(
    metric: Metric, months: Mapping[date, Decimal], until: Period, target: Decimal | None, unit: Unit | None = None
) -> Funds:
    """`months`: what arrived, by first of month; `until`: the last month that is in."""
    plan = None if target is None or metric.spread == "none" else target / MONTHS_OF_YEAR
    days = [date(until.year, number, 1) for number in range(1, MONTHS_OF_YEAR + 1)]
    amounts = [months.get(day, Decimal(0)) if day <= until.last_day else None for day in days]
    own = over_the_period(metric)
    return Funds(
        title=f"{until.year}年各月{own.name}",
        chart=_chart(own, until, unit, amounts, plan),
        cells=tuple(_cells(metric, days, amounts, plan, unit)),
        has_plan=plan is not None,
        plan=NONE if plan is None else show_yi(plan),
    )


def _chart(metric: Metric, until: Period, unit: Unit | None, amounts: list, plan: Decimal | None) -> Chart:
    series = [Series("当月", drawn(amounts, YI), ACCENT)]
    if plan is not None:
        series.append(Series("月均计划", drawn([plan] * MONTHS_OF_YEAR, YI), PLAN, "plan"))
    return Chart(
        name="funds",
        label=f"{unit or '全县'}{until.year}年各月{metric.name}与月均计划，数字见下表",
        unit="亿元",
        categories=tuple(f"{number}月" for number in range(1, MONTHS_OF_YEAR + 1)),
        series=tuple(series),
    )


def _cells(metric: Metric, days: list[date], amounts: list, plan: Decimal | None, unit: Unit | None):
    total = Decimal(0)
    for number, (day, amount) in enumerate(zip(days, amounts, strict=True), 1):
        total += amount or 0
        planned = None if plan is None else plan * number
        known = amount is not None
        yield FundsCell(
            month=f"{number}月",
            amount=show_yi(amount),
            url=metric_address(metric, Period("month", day.year, day.month), "period", unit) if known else "",
            cumulated=show_yi(total) if known else NONE,
            planned=show_yi(planned),
            gap=show_yi(total - planned) if known and planned is not None else NONE,
        )
