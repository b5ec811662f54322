"""月报 of the demo: the last closed month accepted, the open one in every state, a calendar with two holidays.

Only a few units have an account; the others' people are named by what they are.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from core.actors import SystemActor
from core.closing import close_month
from core.write import door
from projects.models import MonthlyReport, ProjectMonth
from projects.monthly import services
from projects.monthly.calendar import set_deadlines
from projects.monthly.lines import lines_of
from projects.monthly.steps import Act
from reporting.demo.papers import pdf
from reporting.demo.stories import LAST_MONTH, later
from townships.models import County, Seat, Unit

Seats = Mapping[tuple[str, str | None], Seat]
SUBMIT, NOTHING, SIGN, PAPER, ACCEPT, RETURN = (
    Act.SUBMIT,
    Act.NOTHING,
    Act.SIGN,
    Act.PAPER,
    Act.ACCEPT,
    Act.RETURN,
)
ENTERED = "entered"
"""Not a step of its own: the clerk began and is not through."""
WHOLE = (SUBMIT, SIGN, ACCEPT)
ON_TIME, LATE = 2, 7
"""Days of the next month on which a unit submits: before the 5th, and after."""
OPEN_MONTH: dict[str, tuple[int, tuple[str, ...]]] = {
    "星湖街道": (ON_TIME, WHOLE),
    "锦墟街道": (ON_TIME, (SUBMIT, SIGN)),
    "澜桥镇": (ON_TIME, (ENTERED,)),
    "枫渡镇": (LATE, (SUBMIT, SIGN)),
    "棠湾镇": (ON_TIME, (SUBMIT,)),
    "麦浪镇": (ON_TIME, (SUBMIT, SIGN, RETURN)),
    "竹屿镇": (ON_TIME, (SUBMIT, PAPER, ACCEPT)),
    "青樾镇": (LATE, WHOLE),
    "望榆镇": (ON_TIME, (NOTHING, SIGN, ACCEPT)),
    "演示工业园区": (ON_TIME, (ENTERED,)),
}
"""unit → the day of its month's end, what was done. The units that are not named have not begun."""
LATE_BEFORE = ("麦浪镇", "晴岚乡")
"""Units that were late with the month before."""
HOLIDAYS = {date(2025, 1, 1): date(2025, 2, 8), date(2025, 9, 1): date(2025, 10, 10)}
RETURNED_FOR = "有两个项目的形象进度与上月相同，请核实后重报。"


def fill_reports(county: County, seats: Seats) -> None:
    """After the projects' months, of which these reports are made up."""
    if not ProjectMonth.objects.in_county(county.pk).filter(happened_on=LAST_MONTH).exists():
        return
    with door(seats["county", None], at=_at(date(2024, 12, 20))) as writing:
        set_deadlines(writing, year=LAST_MONTH.year, days=HOLIDAYS)
    before = later(LAST_MONTH, -1)
    for report in _opened(county, seats, before):
        _live(report, LATE if report.unit.name in LATE_BEFORE else ON_TIME, WHOLE, seats)
    with door(seats["county2", None], at=_at(later(before, 1), 20)) as writing:
        close_month(writing, ledger=MonthlyReport.closes_with, month=before)
    for report in _opened(county, seats, LAST_MONTH):
        _live(report, *OPEN_MONTH.get(report.unit.name, (ON_TIME, ())), seats)


def _opened(county: County, seats: Seats, month: date) -> list[MonthlyReport]:
    units = Unit.objects.current().in_county(county.pk).places().valid_on(month).listed()
    with door(seats["county", None], at=_at(month, 25)) as writing:
        return services.open_reports(writing, units=units, month=month)


def _live(report: MonthlyReport, day: int, acts: tuple[str, ...], seats: Seats) -> None:
    """Submitted on the day, signed on the next, judged on the one after."""
    first = _at(later(report.month, 1), day)
    for number, act in enumerate(acts):
        with door(_seat(report, act, seats), at=first + timedelta(days=number)) as writing:
            report = _step(writing, report, act)


def _seat(report: MonthlyReport, act: str, seats: Seats) -> Any:
    unit = report.unit.name
    if act in (ACCEPT, RETURN):
        return seats["county2", None]
    if unit == "澜桥镇" and act == ENTERED:
        return seats["township", unit]
    who, duty = ("演示分管领导", "审核") if act == SIGN else ("演示经办", "填报")
    return SystemActor(report.county_id, label=f"{who}（{unit} {duty}）", unit_id=report.unit_id)


def _step(writing: Any, report: MonthlyReport, act: str) -> MonthlyReport:
    if act == ENTERED:
        return _begin(writing, report)
    if act == SUBMIT:
        services.save_lines(writing, report=report, typed={}, rest_unchanged=True)
        return services.submit(writing, report=report)
    if act == NOTHING:
        return services.report_nothing(writing, report=report)
    if act == PAPER:
        told = {"signer": "演示副镇长", "chunks": [pdf("演示材料：签字盖章的月报")], "name": "签字盖章的月报.pdf"}
        return services.sign_on_paper(writing, report=report, **told)
    if act == RETURN:
        return services.send_back(writing, report=report, text=RETURNED_FOR, deadline=date(2025, 7, 10))
    return services.sign(writing, report=report) if act == SIGN else services.accept(writing, report=report)


def _begin(writing: Any, report: MonthlyReport) -> MonthlyReport:
    """The first half typed, one of the lines not yet as it should be."""
    codes = [line.project.code for line in lines_of(report) if line.row is None]
    typed = {code: {"investment": "0", "unchanged": "on"} for code in codes[: len(codes) // 2]}
    typed |= {code: {"investment": "约150", "progress": "厂房主体封顶"} for code in codes[len(codes) // 2 :][:1]}
    services.save_lines(writing, report=report, typed=typed)
    return report


def _at(day: date, number: int | None = None) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, number or day.day, 9))
