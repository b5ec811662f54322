"""部门数据 of one month as a table: whose series, which units, what was said before and what is said now."""

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from core.locks import MonthLocks
from core.periods import month_end
from core.records import Verdict
from reporting.department.questions import Before
from reporting.models import DepartmentFigure, FigureSeries, Target
from reporting.models.department_figures import SeriesKind
from townships.credits import Heirs
from townships.models import Role, Seat, Unit, UnitSuccession

STATES = {Verdict.PENDING: "已报", Verdict.ACCEPTED: "已核", Verdict.RETURNED: "退回", Verdict.REFUSED: "不予认定"}
NOT_YET = "未报"
Key = tuple[int, int]
"""(key of a series, key of a unit)."""


def following(month: date) -> date:
    return month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)


def preceding(month: date) -> date:
    return month.replace(year=month.year - (month.month == 1), month=(month.month - 2) % 12 + 1)


def due_on(series: FigureSeries, month: date) -> date:
    """The last day on which the month's figures of the series are in time."""
    return following(month).replace(day=series.due_day)


def asked_in(series: FigureSeries, month: date) -> bool:
    """1—2月 counted as one is asked for in February alone."""
    return not (series.joint_january and month.month == 1)


def before_of(series: FigureSeries, month: date) -> date:
    """The month whose figure came before: two back, where 1—2月 is one."""
    last = preceding(month)
    return last if asked_in(series, last) else preceding(last)


def owned_series(seat: Seat) -> list[FigureSeries]:
    """What this seat looks at: a department its own, everybody else what they may see, by department."""
    rows = FigureSeries.objects.current().visible_to(seat)
    if seat.role == Role.DEPARTMENT:
        rows = rows.filter(owner__in=seat.stands_for)
    return list(rows.select_related("owner").order_by("owner__position", "owner__code", "code"))


@dataclass(frozen=True)
class FigureMonth:
    """One month's table; figures by (series, unit), as the seat may see them."""

    month: date
    series: tuple[FigureSeries, ...]
    units: tuple[Unit, ...]
    closed: bool
    now: dict[Key, DepartmentFigure]
    last: dict[Key, DepartmentFigure]
    year_ago: dict[Key, DepartmentFigure]
    plans: dict[tuple[str, int], Decimal]

    def cells(self) -> Iterator[tuple[FigureSeries, Unit]]:
        """What is asked for in this month."""
        return ((one, unit) for unit in self.units for one in self.series if asked_in(one, self.month))

    def held(self, series: FigureSeries, unit: Unit) -> DepartmentFigure | None:
        return self.now.get((series.pk, unit.pk))

    def before(self, series: FigureSeries, unit: Unit) -> Before:
        """What a figure is compared with; a sum since January only with this year's, and a stock with no plan."""
        key = series.pk, unit.pk
        last, ago = self.last.get(key), self.year_ago.get(key)
        begins = series.kind == SeriesKind.CUMULATIVE and before_of(series, self.month).year != self.month.year
        return Before(
            last=None if last is None or begins else last.reported,
            year_ago=ago.reported if ago else None,
            plan=self.plans.get((series.name, unit.pk)),
        )


def month_of_figures(seat: Seat, month: date, units: Iterable[Unit], today: date) -> FigureMonth:
    """`today` decides which exceptions open a closed month again for the seat's own unit."""
    series = owned_series(seat)
    rows = DepartmentFigure.objects.current().visible_to(seat).filter(series__in=series)
    heirs = UnitSuccession.objects.heirs(seat.county_id, month_end(month))
    return FigureMonth(
        month=month,
        series=tuple(series),
        units=tuple(units),
        closed=month in MonthLocks(seat.county_id, today).closed_to(DepartmentFigure.closes_with, seat.unit_id),
        now=_by_cell(rows.filter(happened_on=month).with_months().select_related("series", "unit").order_by("pk")),
        last=_added_up(_last(rows, series, month), heirs),
        year_ago=_added_up(rows.filter(happened_on=month.replace(year=month.year - 1)).order_by("pk"), heirs),
        plans=_plans(seat, series, month.year),
    )


def _by_cell(rows: Any) -> dict[Key, DepartmentFigure]:
    return {(row.series_id, row.unit_id): row for row in rows}


def _added_up(rows: Iterable[DepartmentFigure], heirs: Heirs) -> dict[Key, DepartmentFigure]:
    """Earlier figures as they are compared with: those of units that were merged since added up for their heir."""
    found: dict[Key, DepartmentFigure] = {}
    for row in rows:
        key = row.series_id, heirs.get(row.unit_id, row.unit_id)
        if key in found and None not in (row.reported, found[key].reported):
            row = copy(row)
            row.reported += found[key].reported
        found[key] = row
    return found


def _last(rows: Any, series: list[FigureSeries], month: date) -> list[DepartmentFigure]:
    """The figures of the month before, which for some series is not the calendar's."""
    wanted = {one.pk: before_of(one, month) for one in series}
    found = rows.filter(happened_on__in=set(wanted.values())).order_by("pk")
    return [row for row in found if row.happened_on == wanted[row.series_id]]


def _plans(seat: Seat, series: list[FigureSeries], year: int) -> dict[tuple[str, int], Decimal]:
    """The year's targets, as last adjusted, of the metrics that are called like the series: {(name, unit): target}."""
    rows = Target.objects.current().visible_to(seat).filter(year=year, metric__name__in=[one.name for one in series])
    told = rows.in_turn().values_list("metric__name", "unit", "basic")
    return {(name, unit): basic for name, unit, basic in told if unit}
