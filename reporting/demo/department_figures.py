"""部门数据 of the demo: four series of three departments, checked up to the open month, which is being reported."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from core.records import Verdict
from core.write import door
from reporting.demo.places import MONTHLY, PILOTS
from reporting.demo.stories import LAST_MONTH, later
from reporting.department.services import add_series, check_figures, figure
from reporting.models import FigureSeries
from reporting.models.department_figures import SeriesKind
from townships.models import Seat, Unit

Seats = dict[tuple[str, str | None], Seat]
MONTHS = 2
SIZE_OF_A_PILOT = 1.2
SERIES: tuple[dict[str, Any], ...] = (
    {"name": "固定资产投资", "owner": "县统计局", "joint_january": True, "due_day": 15, "size": 5200},
    {"name": "规上工业总产值", "owner": "县统计局", "joint_january": True, "due_day": 15, "size": 8600},
    {"name": "税收收入", "owner": "县税务局", "restricted": True, "due_day": 10, "size": 460},
    {
        "name": "工业用电量",
        "owner": "县经济和信息化局",
        "kind": SeriesKind.FLOW,
        "unit_of_measure": "万千瓦时",
        "due_day": 12,
        "size": 74,
    },
)
"""`size`: what a unit that signs a project a month comes to in a month. Invented."""
NOT_YET = 4
"""Of the open month every fourth unit is not reported yet."""


def fill_department_figures(units: dict[str, Unit], seats: Seats) -> None:
    with door(seats["county", None], at=_at(-MONTHS, 5)) as writing:
        series = [(add_series(writing, **_values(one, units)), one["size"]) for one in SERIES]
    places = [(units[name], SIZE_OF_A_PILOT) for name in PILOTS] + [(units[n], size) for n, size in MONTHLY.items()]
    for back in range(MONTHS, -1, -1):
        told = places if back else [pair for at, pair in enumerate(places) if at % NOT_YET]
        with door(seats["county", None], at=_at(1 - back, 9)) as writing:
            cells = [(one, size * share, unit) for one, size in series for unit, share in told]
            rows = writing.add_many([_row(*cell, back) for cell in cells])
        if back:
            with door(seats["county2", None], at=_at(1 - back, 12)) as writing:
                check_figures(writing, rows, verdict=Verdict.ACCEPTED, on=_at(1 - back, 12).date())


def _values(told: dict[str, Any], units: dict[str, Unit]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name != "size"} | {"owner": units[told["owner"]]}


def _row(series: FigureSeries, size: float, unit: Unit, back: int) -> Any:
    """A sum grows by about the same each month; a month's own figure goes up and down."""
    month = later(LAST_MONTH, -back)
    first = 1 if series.kind == SeriesKind.CUMULATIVE else month.month
    swings = sum(1 + 0.07 * ((unit.position + number) % 4) for number in range(first, month.month + 1))
    reported = Decimal(round(size * swings))
    return figure(month=month, series=series, unit=unit, reported=reported)


def _at(months: int, day: int) -> datetime:
    month = later(LAST_MONTH, months)
    return timezone.make_aware(datetime(month.year, month.month, day, 10, 0))
