"""The first page of whoever is here for the result: the latest ranking, then what it rests on."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from enterprises.waiting import countdown
from projects.monthly.waiting import month_to_begin
from reporting.department.waiting import figure_tasks
from reporting.models import Publication
from reporting.presentation.ranking import RankingPage, ranking_page
from reporting.publishing.thawing import published_draft
from reporting.ranking import compared_ranking, latest_period, scheme_for
from reporting.rating.roster import waiting_for
from reporting.selection_views import open_calls
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
    leads = seat is not None and seat.role == Role.LEADER
    asked = waiting_for(seat, timezone.localdate()) if seat is not None and seat.is_business else []
    return townships.home(
        request,
        windows=countdown(seat, timezone.localdate()) if seat is not None and seat.is_business else [],
        latest=latest_ranking(seat) if leads else None,
        to_rate=asked,
        calls=open_calls(seat) if seat is not None else [],
        begins=month_to_begin(seat, timezone.localdate()) if seat is not None and seat.is_business else "",
        figures=figure_tasks(seat, timezone.localdate()) if seat is not None else None,
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
