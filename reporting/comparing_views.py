"""A publication beside last year on the same definition, and as one picture."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from reporting.models import Publication
from reporting.models.publications import PublicationKind
from reporting.presentation.comparison import comparison
from reporting.presentation.picture import picture
from reporting.publication_views import published_or_404
from reporting.publishing.thawing import published_draft
from reporting.supposing.drafts import last_year_under
from reporting.views import business
from townships.models import Seat

SVG_TYPE = "image/svg+xml; charset=utf-8"
NAMES = ("去年的发布", "本次发布的方案")


@require_GET
def compared(request: HttpRequest, code: str) -> HttpResponse:
    """同口径比较: last year's same period under this publication's scheme, beside what was published then."""
    seat = business(request)
    row = published_or_404(seat, code, PublicationKind.RANKING)
    draft, absent = last_year_under(row.scheme, row.when)
    then = published_in(seat, row, draft.period.code)
    context = {
        "publication": row,
        "then": then,
        "draft": draft,
        "page": comparison(published_draft(then) if then else None, draft, absent, NAMES),
        "absent": absent,
    }
    return render(request, "reporting/publication_compared.html", context)


def published_in(seat: Seat, publication: Publication, period: str) -> Publication | None:
    """The last version published of that period: under the scheme of the same name where several were."""
    rows = Publication.objects.current().visible_to(seat).filter(period=period, stage="published")
    every = list(rows.select_related("scheme").order_by("-position"))
    same = [row for row in every if row.scheme.name == publication.scheme.name]
    return next(iter(same or every), None)


@require_GET
def picture_file(request: HttpRequest, code: str) -> HttpResponse:
    """One sheet of A4 for the work group; drawn here, so that it needs nothing of the browser."""
    row = published_or_404(business(request), code, PublicationKind.RANKING)
    context = {"publication": row, "picture": picture(row, published_draft(row))}
    response = render(request, "reporting/picture.svg", context, content_type=SVG_TYPE)
    response["Content-Disposition"] = "inline"
    return response
