"""The first page of whoever is here for the result: the latest ranking, then what it rests on."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from enterprises.waiting import countdown
from reporting.models import Publication
from reporting.open_work import open_work_of
from reporting.presentation.ranking import RankingPage, ranking_page
from reporting.publishing.thawing import published_draft
from reporting.ranking import compared_ranking, latest_period, scheme_for
from reporting.views import standing
from townships import views as townships
from townships.models import Role, Seat


@dataclass(frozen=True)
class Latest:
    """The ranking of the latest period: as published where it is, else the draft."""

    page: RankingPage
    publication: Publication | None


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Everybody's first page; a leader's begins with the ranking, a reviewer's with what is still to be scored."""
    seat = request.seat
    if seat is None or not seat.is_business:
        return townships.home(request)
    today = timezone.localdate()
    work = open_work_of(seat, today)
    return townships.home(
        request,
        latest=latest_ranking(seat) if seat.role == Role.LEADER else None,
        waits=work.waits,
        windows=countdown(seat, today),
        to_rate=work.to_rate,
        calls=work.calls,
        begins=work.begins,
        figures=work.figures,
        to_answer=work.to_answer,
        due=work.due,
        todo_count=work.count,
    )


def latest_ranking(seat: Seat) -> Latest | None:
    """None for a county that has no scheme yet."""
    period = latest_period(seat.county)
    scheme = scheme_for(seat.county, period) if period else None
    if scheme is None:
        return None
    if official := standing(seat, scheme, period)["official"]:
        frozen = published_draft(official)
        return Latest(ranking_page(frozen, frozen.before), official)
    draft = compared_ranking(scheme, period)
    return Latest(ranking_page(draft, draft.before), None)
