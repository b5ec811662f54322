"""The demo county's published quarters, and the last one in its checking period with a question in it."""

from datetime import date, timedelta
from itertools import islice
from typing import Any

from django.utils import timezone

from core.periods import Period
from core.write import door
from reporting.demo.awarding import at_hour, award_year
from reporting.demo.figures import AWARDED_YEAR
from reporting.metrics import counted
from reporting.monthly.statistics import month_statistics
from reporting.publishing import steps
from reporting.publishing.kinds import Content
from reporting.ranking import Draft, draft_ranking, latest_period, ranks_before, scheme_for
from townships.models import County, Seat

FIRST = Period.parse("2024Q1")
DECEMBER = 12
MONTHS = 3
DAYS_TO_ANSWER = 7
MONTHLY_MEETING = "演示县招商引资工作{year}年{month}月调度会"
MEETINGS = "演示县激励乡镇抓经济工作领导小组{year}年第{number}次会议"
QUESTION = "这个项目由本镇首谈，份额与约定不符，请按约定核对。"

Seats = dict[tuple[str, str | None], Seat]


def publish_quarters(county: County, seats: Seats) -> None:
    """All quarters but the last are published, one after another, as their months were closed."""
    last = latest_period(county)
    period = FIRST
    while last and period < last:
        _publish(county, seats["county2", None], period)
        if period.last_month.month == DECEMBER and period.year == AWARDED_YEAR:
            award_year(county, seats["county2", None], Period("year", period.year))
        period = period.next()
    if last:
        _check(county, seats, last)


def publish_months(county: County, seats: Seats, last: date) -> None:
    """The statistics of the last months that are closed; `last` is a day of the first month that is not."""
    for earlier in range(MONTHS, 0, -1):
        period = Period.containing(last, "month")
        for _ in range(earlier):
            period = period.previous()
        if found := month_statistics(county, period):
            _through_the_steps(
                seats["county2", None], found, MONTHLY_MEETING.format(year=period.year, month=period.number)
            )


def _publish(county: County, seat: Seat, period: Period) -> None:
    draft = draft_ranking(scheme_for(county, period), period)
    _through_the_steps(seat, draft, _meeting(period), before=ranks_before(draft))


def _through_the_steps(seat: Seat, draft: Content, meeting: str, **options: Any) -> None:
    day = draft.period.last_day
    with door(seat, at=at_hour(day + timedelta(days=10), 9)) as writing:
        row = steps.open_checking(writing, draft=draft, answer_by=day + timedelta(days=15))
    with door(seat, at=at_hour(day + timedelta(days=18), 16)) as writing:
        row = steps.approve(writing, publication=row, draft=draft, meeting=meeting, approved_on=writing.at.date())
    with door(seat, at=at_hour(day + timedelta(days=19), 10)) as writing:
        steps.publish(writing, publication=row, draft=draft, **options)


def _meeting(period: Period) -> str:
    return MEETINGS.format(year=period.last_day.year, number=period.last_day.month // 3)


def _check(county: County, seats: Seats, period: Period) -> None:
    """Open from today on: whoever tries the demo may confirm, ask and answer."""
    draft = draft_ranking(scheme_for(county, period), period)
    now = timezone.now()
    answer_by = timezone.localdate(now) + timedelta(days=DAYS_TO_ANSWER)
    with door(seats["county2", None], at=now) as writing:
        row = steps.open_checking(writing, draft=draft, answer_by=answer_by)
    confirming, asking = seats["township2", "棠湾镇"], seats["township", "澜桥镇"]
    with door(confirming, at=now) as writing:
        steps.confirm(writing, publication=row, unit=confirming.unit, draft=draft)
    for about in _in_question(draft, asking):
        with door(asking, at=now) as writing:
            steps.dispute(writing, publication=row, unit=asking.unit, claim=QUESTION, **about)


def _in_question(draft: Draft, seat: Seat) -> list[dict[str, Any]]:
    """The first row that counts for a unit other than one's own; none in a county without rows."""
    metric = next(iter(draft.metrics.values()))
    others = [participant.unit for participant in draft.participants if participant.unit_id != seat.unit_id]
    lines = ((unit, line) for unit in others for line in counted(metric, draft.period, unit))
    return [
        {"about": unit, "metric": metric, "row_code": line.code, "row_label": line.label, "counted": True}
        for unit, line in islice(lines, 1)
    ]
