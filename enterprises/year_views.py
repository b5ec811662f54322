"""One year of an enterprise on a page of its own."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from core.ledgers.views import readable
from core.periods import FIRST_YEAR, LAST_YEAR
from enterprises.year import year_of


@require_GET
def enterprise_year(request: HttpRequest, code: str, year: int) -> HttpResponse:
    enterprise = readable(request, "enterprises").find(request.seat, code)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404(f"没有{year}年的数据。")
    context = {"record": enterprise, "year": year_of(enterprise, request.seat, timezone.localdate(), year)}
    return render(request, "ledgers/enterprise_year.html", context)
