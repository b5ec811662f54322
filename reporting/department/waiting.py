"""What of 部门数据 waits for a seat: figures still to be reported, and those of a colleague to be checked."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.utils import timezone

from core.periods import month_end, month_of
from core.records import STILL_STANDS, Verdict
from reporting.department.month import asked_in, due_on, owned_series, preceding
from reporting.models import DepartmentFigure, FigureSeries
from townships.models import Role, Seat, Unit

Reported = Counter[tuple[int, date]]
"""{(series, month): how many units}."""


@dataclass(frozen=True)
class DueFigures:
    """A month's figures that a department still owes: how many, the first day on which some of them are due."""

    month: date
    missing: int
    due: date
    late: int


@dataclass(frozen=True)
class FigureTasks:
    """`to_check`: (month, how many) that somebody else reported."""

    due: tuple[DueFigures, ...]
    to_check: tuple[tuple[date, int], ...]


def figure_tasks(seat: Seat, today: date) -> FigureTasks | None:
    """None for a seat that has nothing to do with it; the county office sees what waits beside all other records."""
    series = owned_series(seat) if seat.role == Role.DEPARTMENT else []
    if not series:
        return None
    return FigureTasks(_due(seat, series, today), _to_check(seat, series))


def _due(seat: Seat, series: list[FigureSeries], today: date) -> tuple[DueFigures, ...]:
    """The last two months, the older first; a series owes nothing that was due before it was set up."""
    if not seat.may("add", DepartmentFigure(county_id=seat.county_id, series=series[0])):
        return ()
    last = preceding(month_of(today))
    months = [preceding(last), last]
    reported = _reported(series, months)
    found = (_due_in(seat, series, month, reported, today) for month in months)
    return tuple(one for one in found if one.missing)


def _reported(series: list[FigureSeries], months: list[date]) -> Reported:
    rows = DepartmentFigure.objects.current().filter(STILL_STANDS, series__in=series, happened_on__in=months)
    counted = rows.order_by().values_list("series", "happened_on").annotate(units=Count("pk"))
    return Counter({(key, month): units for key, month, units in counted})


def _due_in(seat: Seat, series: list[FigureSeries], month: date, reported: Reported, today: date) -> DueFigures:
    units = Unit.objects.current().visible_to(seat).places().valid_on(month_end(month)).count()
    wanted = [one for one in series if asked_in(one, month) and _set_up(one) <= due_on(one, month)]
    missing = {one: max(0, units - reported[one.pk, month]) for one in wanted}
    owed = {due_on(one, month): 0 for one in wanted if missing[one]}
    late = sum(count for one, count in missing.items() if due_on(one, month) < today)
    return DueFigures(month, sum(missing.values()), min(owed, default=month), late)


def _set_up(series: FigureSeries) -> date:
    return timezone.localdate(series.entered_at)


def _to_check(seat: Seat, series: list[FigureSeries]) -> tuple[tuple[date, int], ...]:
    if not seat.may("check_figures", DepartmentFigure(county_id=seat.county_id, series=series[0])):
        return ()
    rows = DepartmentFigure.objects.current().filter(series__in=series, verdict=Verdict.PENDING)
    others = rows.exclude(Q(entered_by=seat.user_id) | Q(claimed_by=seat.user_id))
    counted = others.order_by("happened_on").values_list("happened_on").annotate(waiting=Count("pk"))
    return tuple(counted)
