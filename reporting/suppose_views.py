"""What-if: the ranking under suppositions beside the present one. Everything stands in the address; nothing is kept."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from core.periods import Period
from reporting.models import Scheme
from reporting.models.schemes import SchemePurpose
from reporting.presentation.comparison import comparison
from reporting.presentation.supposition import told
from reporting.ranking import Draft, draft_ranking, scheme_for
from reporting.scheme_editing.trial import present_period
from reporting.scheme_views import scheme_or_404
from reporting.supposing.drafts import Supposed, Supposition, suppose
from reporting.supposing.forms import SupposeForm
from reporting.views import business, period_or_404
from townships.models import Role, Seat

NAMES = ("现在的排名", "假设的排名")


def supposing(request: HttpRequest) -> Seat:
    seat = business(request)
    if not seat.supposes:
        raise PermissionDenied("测算由县招商办和县领导使用。")
    return seat


def schemes_to_try(seat: Seat, period: Period) -> list[Scheme]:
    """The county's versions for that kind of period; those in the making only for the office that writes them."""
    rows = (
        Scheme.objects.current()
        .visible_to(seat)
        .filter(period=period.kind, purpose=SchemePurpose.ASSESSMENT)
        .newest_first()
    )
    return list(rows if seat.role == Role.COUNTY else rows.in_force())


@require_GET
def suppose_ranking(request: HttpRequest, period: str) -> HttpResponse:
    seat = supposing(request)
    when = period_or_404(period)
    scheme = scheme_for(seat.county, when)
    if scheme is None:
        raise Http404(f"{when.label}没有考核方案。")
    form = SupposeForm(request.GET, seat=seat, now=scheme, schemes=schemes_to_try(seat, when), period=when)
    if request.GET and form.tidy != request.GET.urlencode():
        return tidied(request, form, when)
    context = {"form": form, "period": when, "scheme": scheme}
    asked = form.supposition if form.is_bound and form.is_valid() else None
    return render(request, "reporting/suppose.html", {**context, **answered(form, scheme, when, asked)})


def tidied(request: HttpRequest, form: SupposeForm, period: Period) -> HttpResponse:
    """The same supposition under its one address."""
    for sentence in form.dropped:
        messages.warning(request, sentence)
    address = reverse("suppose", args=[period.code])
    return redirect(f"{address}?{form.tidy}" if form.tidy else address)


def answered(form: SupposeForm, scheme: Scheme, period: Period, asked: Supposition | None) -> dict[str, Any]:
    """What follows from the supposition; nothing where there is none, or where the door would refuse it."""
    nothing = {"sentences": [], "missing": [], "page": None}
    if asked is None:
        return nothing
    now = draft_ranking(scheme, period)
    try:
        supposed = suppose(now, asked, at=timezone.now())
    except ValidationError as error:
        form.refuse(error)
        return nothing
    return {"sentences": told(now, asked, supposed), **compared(now, supposed)}


def compared(now: Draft, supposed: Supposed) -> dict[str, Any]:
    missing = [*supposed.missing, *(supposed.draft.broken.values() if supposed.draft else ())]
    page = comparison(now, supposed.draft, {}, NAMES) if supposed.draft else None
    return {"missing": missing, "page": page}


@require_GET
def suppose_scheme(request: HttpRequest, code: str) -> HttpResponse:
    """From a scheme: the last period with figures, as this version would rank it."""
    seat = supposing(request)
    scheme = scheme_or_404(seat, code)
    period = present_period(scheme, timezone.localdate())
    if scheme_for(seat.county, period) is None:
        return redirect("scheme-trial", code=scheme.code)
    return redirect(f"{reverse('suppose', args=[period.code])}?scheme={scheme.code}")
