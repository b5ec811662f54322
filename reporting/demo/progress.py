"""项目进展台账 of the demo: the last months of the projects under way, the open month still being reported."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

from core.closing import close_month
from core.dates import DateSpan
from core.periods import month_end
from core.records import Verdict
from core.verification import give_verdict
from core.write import door
from projects.lifecycle import Status, Step
from projects.models import Project, ProjectMonth
from projects.monthly.lines import REPORTED as ASKED_AT
from reporting.demo.stories import LAST_MONTH, later
from townships.models import County, Seat

Seats = dict[tuple[str, str | None], Seat]
MONTHS = 3
PROJECTS = 24
"""The demo shows how it looks; not every project needs its months for that."""
WORKS = ("基础施工完成", "主体施工到二层", "主体封顶，开始设备采购", "设备进场安装")
HINDRANCES = ("", "", "施工用电容量不足", "", "钢结构到货推迟")
NEXT = ("组织主体施工", "完成主体验收", "签订设备合同", "调试设备")
REPORTED = 1
"""Months back of the one whose reports are accepted: there every project says something."""
NOT_YET = 3
"""Of the open month every third row is not entered yet: a month that is still being reported."""


def fill_progress(county: County, seats: Seats) -> None:
    """The closed months accepted, the last one claimed in part and waiting."""
    projects = list(enumerate(_under_way(county)))
    if len(projects) < PROJECTS:
        return  # A county of a few projects ends earlier: months up to the last would ask it for an award year.
    for back in range(MONTHS, -1, -1):
        month = later(LAST_MONTH, -back)
        reported = projects if back else [pair for pair in projects if pair[0] % NOT_YET]
        with door(seats["county", None], at=_at(month, 26, 10)) as writing:
            rows = writing.add_many([_row(*numbered, month, MONTHS - back) for numbered in reported])
            if back == REPORTED:
                rows += writing.add_many([_quiet(project, month) for project in _asked(county, month, rows)])
        if back:
            _accept(seats["county2", None], rows, month)


def _under_way(county: County) -> Iterable[Project]:
    rows = Project.objects.current().in_county(county.pk).as_of(LAST_MONTH)
    return rows.filter(stage=Step.START, status=Step.RESUMED.value).order_by("code")[:PROJECTS]


def _asked(county: County, month: date, rows: list[ProjectMonth]) -> Iterable[Project]:
    """The others of which that month's reports ask."""
    projects = Project.objects.current().in_county(county.pk).as_of(month_end(month)).filter(stage__in=ASKED_AT)
    return projects.exclude(status=Status.ENDED).exclude(pk__in=[row.project_id for row in rows]).order_by("code")


def _quiet(project: Project, month: date) -> ProjectMonth:
    row = ProjectMonth(project=project, investment=Decimal(0), unchanged=True)
    row.happened = DateSpan.month(month.year, month.month)
    return row


def _row(index: int, project: Project, month: date, step: int) -> ProjectMonth:
    """The works go on from month to month; every fifth row brings nothing new."""
    number = index + step
    row = ProjectMonth(project=project, investment=Decimal(0), unchanged=number % 5 == 4)
    row.happened = DateSpan.month(month.year, month.month)
    if not row.unchanged:
        row.investment = Decimal(200 + 130 * (number % 7))
        row.progress, row.next_step = WORKS[step], NEXT[step]
        row.problem = HINDRANCES[number % len(HINDRANCES)]
    return row


def _accept(seat: Seat, rows: list[ProjectMonth], month: date) -> None:
    following = later(month, 1)
    with door(seat, at=_at(following, 5, 15)) as writing:
        give_verdict(writing, rows, verdict=Verdict.ACCEPTED, on=following.replace(day=5))
        close_month(writing, ledger=ProjectMonth.closes_with, month=month)


def _at(month: date, day: int, hour: int) -> datetime:
    return timezone.make_aware(datetime(month.year, month.month, day, hour))
