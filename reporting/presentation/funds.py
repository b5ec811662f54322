"""Money by month against the plan line, as a chart and as the table under it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

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
    """`even`: whether every month has to bring the same; without a target there is no plan line."""

    title: str
    chart: Chart
    cells: tuple[FundsCell, ...]
    has_plan: bool
    even: bool


def funds_by_month(
    metric: Metric,
    months: Mapping[date, Decimal],
    until: Period,
    pace: Sequence[Decimal | None],
    unit: Unit | None = None,
) -> Funds:
    """`months`: what arrived, by first of month; `until`: the last month that is in.

    `pace`: what is due by the end of each month, empty without a target.
    """
    due = [planned for planned in pace if planned is not None]
    plan = [now - before for before, now in pairwise([Decimal(0), *due])] if len(due) == MONTHS_OF_YEAR else []
    even = bool(due) and all(planned * MONTHS_OF_YEAR == due[-1] * at for at, planned in enumerate(due, 1))
    days = [date(until.year, number, 1) for number in range(1, MONTHS_OF_YEAR + 1)]
    amounts = [months.get(day, Decimal(0)) if day <= until.last_day else None for day in days]
    own = over_the_period(metric)
    return Funds(
        title=f"{until.year}年各月{own.name}",
        chart=_chart(own, until, unit, amounts, plan, "月均计划" if even else "当月计划"),
        cells=tuple(_cells(metric, days, amounts, due if plan else [None] * MONTHS_OF_YEAR, unit)),
        has_plan=bool(plan),
        even=even,
    )


def _chart(metric: Metric, until: Period, unit: Unit | None, amounts: list, plan: list[Decimal], planned: str) -> Chart:
    series = [Series("当月", drawn(amounts, YI), ACCENT)]
    if plan:
        series.append(Series(planned, drawn(plan, YI), PLAN, "plan"))
    return Chart(
        name="funds",
        label=f"{unit or '全县'}{until.year}年各月{metric.name}与{planned}，数字见下表",
        unit="亿元",
        categories=tuple(f"{number}月" for number in range(1, MONTHS_OF_YEAR + 1)),
        series=tuple(series),
    )


def _cells(metric: Metric, days: list[date], amounts: list, due: Sequence[Decimal | None], unit: Unit | None):
    total = Decimal(0)
    for number, (day, amount, planned) in enumerate(zip(days, amounts, due, strict=True), 1):
        total += amount or 0
        known = amount is not None
        yield FundsCell(
            month=f"{number}月",
            amount=show_yi(amount),
            url=metric_address(metric, Period("month", day.year, day.month), "period", unit) if known else "",
            cumulated=show_yi(total) if known else NONE,
            planned=show_yi(planned),
            gap=show_yi(total - planned) if known and planned is not None else NONE,
        )
