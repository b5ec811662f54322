"""目标 of the demo beyond the year's grid: a plan by quarter, a figure of a department with a target and with 历史基数
for the year before it was kept here, and one adjustment in mid-year."""

from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

from core.write import Door, door
from reporting.demo.places import PILOTS
from reporting.models import BaseFigure, Metric, Target
from reporting.targeting.services import adjust_targets, set_plan, set_targets
from townships.models import County, Seat, Unit

Seats = dict[tuple[str, str | None], Seat]
YEAR = 2025
PLANNED, BY_QUARTER = "本年累计到位资金", (25, 25, 20, 30)
"""Which metric's targets are planned by quarter, and in which hundredths."""
KEPT_BY_DEPARTMENT, DOCUMENT = "固定资产投资", "演示委办〔2025〕6号"
YEAR_OF_A_PILOT, YEAR_OF_THE_COUNTY = 78_000, 520_000
MONTHS_BEFORE = 12
OF_A_MONTH = 5_600
YEARBOOK = "演示县2024年统计月报"
ADJUSTED, UNIT_ADJUSTED, SINCE = "新开工项目数", "棠湾镇", date(2025, 7, 1)
ADJUSTMENT = {"document": "演示委办〔2025〕21号", "reason": "用地指标调减，经县委常委会研究调整。"}


def fill_targets(county: County, seats: Seats) -> None:
    """The adjustment takes effect after the last month of the demo, so that nothing that is published moves."""
    metrics = {row.name: row for row in Metric.objects.current().in_county(county.pk).order_by("pk")}
    units = {row.name: row for row in Unit.objects.current().in_county(county.pk).filter(name__in=PILOTS).listed()}
    with door(seats["county", None], at=_at(2025, 1, 20)) as writing:
        _set(writing, metrics[KEPT_BY_DEPARTMENT], list(units.values()))
        _plan(writing, metrics[PLANNED])
        writing.add_many(list(_bases(metrics[KEPT_BY_DEPARTMENT], list(units.values()))))
    with door(seats["county", None], at=_at(2025, 6, 25)) as writing:
        given = {(metrics[ADJUSTED], units[UNIT_ADJUSTED]): Decimal(6)}
        adjust_targets(writing, year=YEAR, given=given, since=SINCE, **ADJUSTMENT)


def _set(writing: Door, metric: Metric, units: list[Unit]) -> None:
    tasks = dict.fromkeys(units, YEAR_OF_A_PILOT) | {None: YEAR_OF_THE_COUNTY}
    given = {(metric, unit): Decimal(task) for unit, task in tasks.items()}
    set_targets(writing, year=YEAR, given=given, document=DOCUMENT)


def _plan(writing: Door, metric: Metric) -> None:
    for target in Target.objects.current().filter(metric=metric, year=YEAR).in_turn():
        amounts = {3 * number + 1: target.basic * part / 100 for number, part in enumerate(BY_QUARTER)}
        set_plan(writing, target=target, months=3, amounts=amounts)


def _bases(metric: Metric, units: list[Unit]) -> list[BaseFigure]:
    """Departments' figures are kept from 2025 on; a year ago January and February were one."""
    months = range(2, MONTHS_BEFORE + 1)
    return [
        BaseFigure(
            metric=metric,
            unit=unit,
            month=date(YEAR - 1, month, 1),
            amount=Decimal(OF_A_MONTH * (2 if month == 2 else 1) + 130 * ((unit.position + month) % 5)),
            document=YEARBOOK,
        )
        for unit in units
        for month in months
    ]


def _at(year: int, month: int, day: int) -> datetime:
    return timezone.make_aware(datetime(year, month, day, 10, 0))
