"""The first page of whoever is here for the result: the latest ranking, then what it rests on."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from reporting.presentation.ranking import RankingPage, ranking_page
from reporting.ranking import draft_ranking, latest_period, ranks_before, scheme_for
from townships import views as townships
from townships.models import Role, Seat


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Everybody's first page; a leader's begins with the ranking."""
    leads = request.seat is not None and request.seat.role == Role.LEADER
    return townships.home(request, standing=latest_standing(request.seat) if leads else None)


def latest_standing(seat: Seat) -> RankingPage | None:
    """The ranking of the latest period; None for a county that has no scheme yet."""
    period = latest_period(seat.county)
    scheme = scheme_for(seat.county, period) if period else None
    if scheme is None:
        return None
    draft = draft_ranking(scheme, period)
    return ranking_page(draft, ranks_before(draft))
