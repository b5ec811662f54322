"""通报 as a Word document, from what was published or today's draft; each view fetches, checks, calls, responds."""

from io import BytesIO
from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from reporting.briefing.content import Issue, briefing
from reporting.briefing.document import write_briefing
from reporting.briefing.month import month_briefing
from reporting.briefing.tree import Briefing
from reporting.models import Publication
from reporting.monthly_views import statistics_or_404
from reporting.publication_views import published_or_404
from reporting.publishing.kinds import KINDS, content_of
from reporting.ranking import compared_ranking
from reporting.views import business, draft_or_404
from townships.models import Seat

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def reporting(request: HttpRequest) -> Seat:
    """Whoever reports on the whole county; a township reads the ranking itself."""
    seat = business(request)
    if not seat.sees_county:
        raise PermissionDenied("通报由县招商办和县领导下载。")
    return seat


@require_GET
def draft_briefing(request: HttpRequest, period: str) -> HttpResponse:
    seat = reporting(request)
    draft = draft_or_404(seat, period, compared_ranking)
    return word_response(briefing(draft, Issue(str(seat.county), timezone.localdate())))


@require_GET
def month_draft_briefing(request: HttpRequest, period: str) -> HttpResponse:
    seat = reporting(request)
    found = statistics_or_404(seat, period)
    return word_response(month_briefing(found, Issue(str(seat.county), timezone.localdate())))


@require_GET
def published_briefing(request: HttpRequest, code: str) -> HttpResponse:
    seat = reporting(request)
    row = published_or_404(seat, code)
    tell = KINDS[row.kind].tell
    if tell is None:
        raise Http404(f"{row.get_kind_display()}没有通报。")
    return word_response(tell(content_of(row), issue_of(seat, row)))


def issue_of(seat: Seat, row: Publication) -> Issue:
    return Issue(
        county=str(seat.county),
        computed_on=timezone.localdate(),
        published_on=timezone.localdate(row.published_at),
        version=row.version,
        meeting=row.meeting,
        correction=row.correction,
    )


def word_response(content: Briefing) -> HttpResponse:
    stream = BytesIO()
    write_briefing(stream, content, at=timezone.now())
    response = HttpResponse(stream.getvalue(), content_type=DOCX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(content.name)}.docx"
    return response
