"""评分 in the demo county: the first quarter of its last year answered and closed, the quarter after it still open."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import cycle
from typing import Any

from django.utils import timezone

from core.periods import Period
from core.write import door
from reporting.demo.places import PARK, PILOTS
from reporting.models import RatingSheet
from reporting.models.ratings import OWN_GROUP
from reporting.rating import services
from reporting.rating.roster import roster_of
from reporting.rating.services import Asked, Opinion
from townships.models import County, Seat, Unit

CLOSED, OPEN = Period.parse("2025Q1"), Period.parse("2025Q2")
DAYS_TO_ANSWER = 10
HOSTS, SERVICE, VETO = "载体单位评价", "服务和报送", "一票否决事项"
SCORES = {HOSTS: ("13.5", "12", "14", "11.5", "13", "12.5"), SERVICE: ("92", "85.5", "88", "79", "90", "83")}
REMARKS = ("月报按时，台账清楚。", "迟报一次，已补报。", "项目专班到位，服务及时。", "")
CRITERIA = "月报按时（40分）：迟报一次扣5分。\n台账真实（40分）：查实一处不符扣10分。\n服务项目（20分）：企业回访评价。"

Seats = dict[tuple[str, str | None], Seat]


def ask_for_ratings(county: County, seats: Seats) -> None:
    """Two closed sheets and one that waits for a leader and a township, so that each page has something to show."""
    units = _pilots(county)
    townships = [seat for (name, _), seat in seats.items() if name in ("township", "township2")]
    department, leader, park = seats["department", "县统计局"], seats["leader", None], seats["park", PARK]
    hosts = [(park, "园区"), *((seat, "乡镇") for seat in townships)]
    closing = CLOSED.last_day + timedelta(days=6)
    weighed = {"full_points": Decimal(15), "weights": "园区70%，乡镇30%"}
    sheet = _ask(seats, units, hosts, topic=HOSTS, period=CLOSED.code, **weighed)
    _answer(sheet, [seat for seat, _ in hosts], closing)
    _close(seats, sheet, closing)
    veto = _ask(seats, units, [(department, "统计")], topic=VETO, period=CLOSED.code, kind="veto")
    _answer(veto, [department], closing)
    _close(seats, veto, closing)
    panel = [(department, "部门"), (park, "园区"), (leader, "县领导"), *((seat, OWN_GROUP) for seat in townships)]
    now = timezone.now()
    until = timezone.localdate(now) + timedelta(days=DAYS_TO_ANSWER)
    service = {"topic": SERVICE, "period": OPEN.code, "full_points": Decimal(100), "criteria": CRITERIA}
    waiting = _ask(seats, units, panel, at=now, answer_by=until, **service)
    _answer(waiting, [department, park, townships[0]], timezone.localdate(now), at=now)


def _pilots(county: County) -> list[Unit]:
    return list(Unit.objects.current().in_county(county.pk).filter(name__in=PILOTS).listed())


def _ask(
    seats: Seats, units: list[Unit], reviewers: Asked, *, at: datetime | None = None, **values: Any
) -> RatingSheet:
    when = at or _at(CLOSED.last_day + timedelta(days=1), 9)
    given = {"kind": "score", "answer_by": CLOSED.last_day + timedelta(days=8), **values}
    with door(seats["county", None], at=when) as writing:
        return services.open_sheet(writing, units=units, reviewers=reviewers, **given)


def _answer(sheet: RatingSheet, seats: list[Seat], day: date, *, at: datetime | None = None) -> None:
    """Each says something else, and the same in every run."""
    scores, remarks = cycle(SCORES.get(sheet.topic, ("0",))), cycle(REMARKS)
    for seat in seats:
        given = {
            (reviewer, unit): Opinion(Decimal(next(scores)), "" if sheet.is_veto else next(remarks))
            for reviewer, unit in roster_of(sheet, of=seat).asked
        }
        with door(seat, at=at or _at(day, 15)) as writing:
            services.rate(writing, sheet=sheet, given=given)


def _close(seats: Seats, sheet: RatingSheet, day: date) -> None:
    with door(seats["county", None], at=_at(day + timedelta(days=1), 9)) as writing:
        services.close_sheet(writing, sheet=sheet)


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour))
