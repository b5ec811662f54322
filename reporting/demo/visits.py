"""走访台账 of the demo: enterprises visited up to its last month, with demands passed on, waiting, or none."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from core.dates import DateSpan
from core.records import Verdict
from core.verification import give_verdict
from core.write import door
from enterprises.models import Enterprise, Visit
from enterprises.visiting import raise_demand, title_of
from reporting.demo.stories import LAST_MONTH
from townships.models import County, Seat

Seats = dict[tuple[str, str | None], Seat]
TOLD = (
    ("订单稳定，新增一条生产线正在调试。", "厂区门前道路破损，请求修复。", True),
    ("生产正常，二季度产值同比增长。", "用工缺口约二十人，希望组织专场招聘。", False),
    ("原料涨价，利润收窄。", "", False),
    ("正在准备升规申报材料。", "希望税务部门辅导申报表填写。", True),
    ("设备检修，计划下月恢复满产。", "", False),
    ("新厂房已封顶。", "", False),
)
"""What was heard, the demand, and whether it was passed on."""


LAST_VISIT = LAST_MONTH.replace(day=28)


def fill_visits(county: County, seats: Seats) -> None:
    rows = Enterprise.objects.current().in_county(county.pk).select_related("township").order_by("code")
    with door(seats["county", None], at=_at(LAST_VISIT, 9)) as writing:
        visits = [
            writing.add(_visit(enterprise, LAST_VISIT - timedelta(days=6 * number), *told[:2]))
            for number, (enterprise, told) in enumerate(zip(rows[: len(TOLD)], TOLD, strict=False))
        ]
        for visit, (_, _, passed_on) in zip(visits, TOLD, strict=False):
            if passed_on:
                raise_demand(writing, visit=visit, title=title_of(visit))
    with door(seats["county2", None], at=_at(LAST_VISIT, 10)) as writing:
        judged = list(Visit.objects.filter(pk__in=[visit.pk for visit in visits[1:]]).order_by("pk"))
        give_verdict(writing, judged, verdict=Verdict.ACCEPTED, on=LAST_VISIT)


def _visit(enterprise: Enterprise, day: date, heard: str, demand: str) -> Visit:
    row = Visit(enterprise=enterprise, visitors="演示走访组", received_by="演示负责人", heard=heard, demand=demand)
    row.happened = DateSpan.day(day)
    return row


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour))
