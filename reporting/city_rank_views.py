"""全市排位 of a period: a grid for the county office, a page to read for everybody else."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from core.ledgers.forms import sent
from core.write import door
from reporting.city_rank_forms import CityRankGrid
from reporting.city_ranks import set_city_ranks
from reporting.dashboard_views import latest_of, reached_or_404, switch_of
from reporting.models import CityRank
from reporting.views import business


@require_GET
def latest_city_ranks(request: HttpRequest) -> HttpResponse:
    return redirect("city-ranks", period=latest_of(business(request).county, "month").code)


@require_http_methods(["GET", "POST"])
def city_ranks(request: HttpRequest, period: str) -> HttpResponse:
    seat = business(request)
    reached = reached_or_404(seat, period)
    may_set = seat.may("set_targets", CityRank(county_id=seat.county_id))
    if request.method == "POST" and not may_set:
        raise PermissionDenied("您当前的身份不能录入全市排位。")
    form = CityRankGrid(sent(request), seat=seat, period=reached.period)
    if request.method == "POST" and form.is_valid():
        given, source = form.given, {name: form.cleaned_data[name] for name in ("document", "published_on")}
        try:
            with door(seat, at=timezone.now(), token=form.cleaned_data["token"]) as writing:
                changed = set_city_ranks(writing, period=reached.period, given=given, **source)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, f"已保存{reached.period.label}全市排位，改动 {changed} 项。")
            return redirect("city-ranks", period=period)
    context = {
        "form": form,
        "period": reached.period,
        "may_set": may_set,
        "switch": switch_of(reached, "city-ranks"),
    }
    return render(request, "reporting/city_ranks.html", context, status=422 if form.errors else 200)
