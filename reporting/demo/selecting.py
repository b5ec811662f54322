"""The selection that made the demo county's pilots, and the call for those of the next year, open from today on."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from core.files import store
from core.write import door
from reporting.demo.awarding import at_hour
from reporting.demo.papers import pdf
from reporting.demo.places import PARK, PILOT_DOCUMENT, PILOT_FROM, PILOTS
from reporting.models import Application, Scheme, Selection
from reporting.publishing import steps
from reporting.ranking import draft_ranking
from reporting.rating.roster import roster_of
from reporting.rating.services import Opinion, close_sheet, rate
from reporting.scheme_editing import services as editing
from reporting.scheme_editing.examples import example_body
from reporting.selecting import services
from townships.models import County, PilotCategory, PilotType, Seat, Unit

Seats = dict[tuple[str, str | None], Seat]
Wish = tuple[PilotCategory, PilotType]

CALLED, CLOSED, SCORED = date(2023, 10, 16), date(2023, 11, 10), date(2023, 11, 24)
CHECKED, APPROVED, ANNOUNCED, PUBLISHED = (date(2023, 12, day) for day in (1, 12, 18, 19))
PILOT_END = date(2026, 12, 31)
MEETING = "演示县激励乡镇抓经济工作领导小组2023年第4次会议"
CONTACT = "演示县招商办 演示电话"
NOTICE = "申报书写明区位交通、产业基础、资源禀赋、建设方案和保障措施，盖章后扫描上传。"
STATEMENT = "区位和产业有基础，方案和资金已落实，申请列为试点。"
BASE = {"澜桥镇": 91, "枫渡镇": 86, "竹屿镇": 74, "棠湾镇": 88, "麦浪镇": 83, "云陌镇": 71}
"""What the experts think of each applicant, out of 100 points. Invented."""
WISHES: dict[str, Wish] = {
    **PILOTS,
    "竹屿镇": (PilotCategory.CENTRAL, PilotType.RISING),
    "云陌镇": (PilotCategory.SPECIAL, PilotType.RISING),
}
NEXT_WISHES: dict[str, Wish] = {
    "竹屿镇": (PilotCategory.CENTRAL, PilotType.RISING),
    "云陌镇": (PilotCategory.SPECIAL, PilotType.LEADING),
    "棠湾镇": (PilotCategory.SPECIAL, PilotType.LEADING),
}


def select_pilots(county: County, seats: Seats) -> None:
    """Called, applied for, scored, checked, announced and published in the autumn before the pilots began."""
    office = seats["county", None]
    selection = _call(office, PILOT_FROM.year, CALLED, apply_until=CLOSED, last_day=PILOT_END)
    for name, wish in WISHES.items():
        application = _apply(office, selection, _unit(county, name), wish, CLOSED - timedelta(days=3))
        with door(office, at=at_hour(CLOSED + timedelta(days=2), 10)) as writing:
            services.examine(writing, application=application, accepted=True, reply="材料齐全。")
    _hear_experts(seats, selection)
    _publish(seats["county2", None], selection)


def call_for_pilots(county: County, seats: Seats) -> None:
    """Open for three weeks from today; two have applied, one of them was accepted."""
    now, office = timezone.now(), seats["county", None]
    today = timezone.localdate(now)
    year = today.year + 1
    selection = _call(office, year, today, apply_until=today + timedelta(days=21), last_day=date(year, 12, 31))
    clerks = {"棠湾镇": seats["township2", "棠湾镇"]}
    applied = [
        _apply(clerks.get(name, office), selection, _unit(county, name), wish, today)
        for name, wish in NEXT_WISHES.items()
    ]
    with door(office, at=now) as writing:
        services.examine(writing, application=applied[0], accepted=True, reply="材料齐全。")


def _unit(county: County, name: str) -> Unit:
    return Unit.objects.current().in_county(county.pk).get(name=name)


def _call(office: Seat, year: int, day: date, **values: Any) -> Selection:
    body = {**example_body("g-selection"), "name": "乡镇遴选办法", "year": year}
    given = {"first_day": date(year, 1, 1), "document": PILOT_DOCUMENT, "notice": NOTICE, **values}
    with door(office, at=at_hour(day, 9)) as writing:
        scheme = editing.put_in_force(writing, scheme=editing.add_draft(writing, body=body))
        return services.open_selection(writing, scheme=scheme, name=f"{year}年试点乡镇遴选", **given)


def _apply(seat: Seat, selection: Selection, unit: Unit, wish: Wish, day: date) -> Application:
    category, kind = wish
    with door(seat, at=at_hour(day, 15)) as writing:
        name = f"{unit}申报书.pdf"
        return services.apply_for(
            writing,
            selection=selection,
            unit=unit,
            category=category,
            type=kind,
            statement=STATEMENT,
            paper=store([pdf(f"{unit}申报书")], name=name, at=writing.at),
            paper_name=name,
        )


def _hear_experts(seats: Seats, selection: Selection) -> None:
    """Three experts on every item; they differ a little, and say the same in every run."""
    experts = [seats["department", "县统计局"], seats["park", PARK], seats["leader", None]]
    asked = [(seat, services.EXPERTS) for seat in experts]
    with door(seats["county", None], at=at_hour(CLOSED + timedelta(days=3), 9)) as writing:
        sheets = services.ask_experts(writing, selection=selection, reviewers=asked, answer_by=SCORED)
    for item, sheet in enumerate(sheets):
        for number, seat in enumerate(experts):
            given = {
                (reviewer, unit): Opinion(Decimal(BASE[unit.name] + (item + number) % 5 - 2))
                for reviewer, unit in roster_of(sheet, of=seat).asked
            }
            with door(seat, at=at_hour(SCORED, 10)) as writing:
                rate(writing, sheet=sheet, given=given)
        with door(seats["county", None], at=at_hour(SCORED + timedelta(days=1), 9)) as writing:
            close_sheet(writing, sheet=sheet)


def _publish(seat: Seat, selection: Selection) -> None:
    draft = draft_ranking(Scheme.objects.get(pk=selection.scheme_id), selection.when)
    with door(seat, at=at_hour(CHECKED, 9)) as writing:
        row = steps.open_checking(writing, draft=draft, answer_by=CHECKED + timedelta(days=7))
    announced = {"announced_from": APPROVED, "announced_until": ANNOUNCED, "contact": CONTACT}
    with door(seat, at=at_hour(APPROVED, 16)) as writing:
        row = steps.approve(writing, publication=row, draft=draft, meeting=MEETING, approved_on=APPROVED, **announced)
    with door(seat, at=at_hour(PUBLISHED, 10)) as writing:
        steps.publish(writing, publication=row, draft=draft)
