"""The demo county's award of a year: a provisional one after New Year, the final one in spring, and its money."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from core.periods import Period
from core.write import door
from reporting.models import Publication
from reporting.models.awards import AwardNature
from reporting.models.publications import DisputeOutcome
from reporting.publishing import steps
from reporting.publishing.announcing import answer_objection, raise_objection
from reporting.publishing.proposals import propose_awards
from reporting.ranking import Draft, draft_ranking, ranks_before, scheme_for
from townships.models import County, Seat

MEETINGS = ("演示县激励乡镇抓经济工作领导小组{year}年度考评会议", "演示县委常委会{year}年度考评议题")
PROVISIONAL_FROM, FINAL_FROM = timedelta(days=20), timedelta(days=65)
"""From the year's last day: when either version is opened for checking."""
CONTACT = "演示县招商办，0000-0000000"
WHY_AGAIN = "年报数据已经定案，按定案数据重新计算，发布正式结果。"
OBJECTION = "来信询问降档的依据，请公开四上企业入库的目标和名单。"
ANSWER = "目标和入库企业在得分页里逐条公开，可以打开核对，降档符合方案。"
DOCUMENT = "演示委办〔2025〕6号"


def award_year(county: County, seat: Seat, year: Period) -> None:
    """Both versions say the same here: nothing was entered between them."""
    draft = draft_ranking(scheme_for(county, year), year)
    before = ranks_before(draft)
    _published(seat, draft, before, year.last_day + PROVISIONAL_FROM, MEETINGS[0], provisional=True)
    final = _published(seat, draft, before, year.last_day + FINAL_FROM, MEETINGS[1], correction=WHY_AGAIN)
    with door(seat, at=at_hour(year.last_day + FINAL_FROM + timedelta(days=20), 9)) as writing:
        propose_awards(writing, publication=final, nature=AwardNature.WORKING_FUNDS, document=DOCUMENT)


def _published(
    seat: Seat, draft: Draft, before: dict[str, int], day: date, meeting: str, **options: Any
) -> Publication:
    """Checked for four days, announced for a week with one letter, published on the day after."""
    with door(seat, at=at_hour(day, 9)) as writing:
        row = steps.open_checking(writing, draft=draft, answer_by=day + timedelta(days=4), **options)
    first, last = day + timedelta(days=7), day + timedelta(days=13)
    with door(seat, at=at_hour(day + timedelta(days=6), 16)) as writing:
        row = steps.approve(
            writing,
            publication=row,
            draft=draft,
            meeting=meeting.format(year=draft.period.year),
            approved_on=writing.at.date(),
            announced_from=first,
            announced_until=last,
            contact=CONTACT,
        )
    if row.provisional:
        _answer_letter(seat, row, first + timedelta(days=2))
    with door(seat, at=at_hour(last + timedelta(days=1), 10)) as writing:
        return steps.publish(writing, publication=row, draft=draft, before=before)


def _answer_letter(seat: Seat, row: Publication, day: date) -> None:
    with door(seat, at=at_hour(day, 15)) as writing:
        raised = raise_objection(
            writing, publication=row, raised_by=f"群众来信{row.when.year + 1}年第1号", raised_on=day, claim=OBJECTION
        )
    with door(seat, at=at_hour(day + timedelta(days=2), 10)) as writing:
        answer_objection(writing, objection=raised, outcome=DisputeOutcome.REJECTED, text=ANSWER)


def at_hour(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour))
