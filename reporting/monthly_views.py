"""月统计; each view fetches, checks, calls, responds."""

from functools import lru_cache
from io import BytesIO

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from core.ledgers.exporting import workbook_response
from core.periods import Period
from reporting.dashboard_views import latest_of, reached_or_404, switch_of
from reporting.models.publications import PublicationKind
from reporting.monthly.arithmetic import SLOTS
from reporting.monthly.freezing import published_statistics
from reporting.monthly.statistics import WHOLE, MonthStatistics, month_statistics, slot_queries
from reporting.official_forms import write_month
from reporting.presentation.monthly import COUNTY_IN_ADDRESSES, MonthPage, month_page
from reporting.presentation.wording import counted_until
from reporting.publication_views import (
    begin_checking,
    frozen_context,
    frozen_metric,
    frozen_unit,
    printed_form,
    published_or_404,
    publishing,
)
from reporting.views import business, standing
from townships.models import Seat


def month_or_404(seat: Seat, code: str) -> Period:
    period = reached_or_404(seat, code).period
    if period.kind != "month":
        raise Http404("月统计按月编制，期间要写到月。")
    return period


@require_GET
def latest_month(request: HttpRequest) -> HttpResponse:
    return redirect("month", period=latest_of(business(request).county, "month").code)


@require_GET
def month(request: HttpRequest, period: str) -> HttpResponse:
    seat = business(request)
    when = month_or_404(seat, period)
    found = month_statistics(seat.county, when)
    context = {
        "page": month_page(found) if found else None,
        "found": found,
        "period": when,
        "switch": switch_of(reached_or_404(seat, period), "month", ("month",)),
        **(standing(seat, found.scheme, when, found.kind) if found else {}),
    }
    return render(request, "reporting/month.html", context)


def statistics_or_404(seat: Seat, code: str) -> MonthStatistics:
    found = month_statistics(seat.county, month_or_404(seat, code))
    if found is None:
        raise Http404("那时还没有考核方案，没有月统计。")
    return found


@require_GET
def month_export(request: HttpRequest, period: str) -> HttpResponse:
    seat = business(request)
    found = statistics_or_404(seat, period)
    stream, until = BytesIO(), counted_until(found.period, timezone.localdate())
    said = f"草稿，{until}，{seat.county}招商办，部门台账口径，非统计数据"
    write_month(stream, found, [said], timezone.localtime())
    return workbook_response(stream, f"{month_page(found).title}.xlsx")


@require_GET
def month_draft_form(request: HttpRequest, period: str) -> HttpResponse:
    """The month as the office prints it, not checked yet."""
    seat = business(request)
    return printed_form(
        seat.county, PublicationKind.STATISTICS, statistics_or_404(seat, period), made_on=timezone.localdate()
    )


# -- checked and published ----------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def month_checking(request: HttpRequest, period: str) -> HttpResponse:
    """发起核对 of a month's statistics; the next version where one was published."""
    seat = business(request)
    publishing(seat)
    return begin_checking(request, statistics_or_404(seat, period), reverse("month", args=[period]))


@require_GET
def published_month(request: HttpRequest, code: str) -> HttpResponse:
    row = published_or_404(business(request), code, PublicationKind.STATISTICS)
    found = published_statistics(row)
    context = {"page": published_page(found), "found": found, "period": found.period, "publication": row}
    return render(request, "reporting/month.html", context)


# What was frozen is read back once, and so is its page: neither ever changes.
@lru_cache(maxsize=32)
def published_page(found: MonthStatistics) -> MonthPage:
    return month_page(found)


@require_GET
def published_month_figure(request: HttpRequest, code: str, metric: str, unit: str, slot: str) -> HttpResponse:
    """The rows of one of a metric's four figures as they were frozen; beside them what has changed since."""
    seat = business(request)
    row = published_or_404(seat, code, PublicationKind.STATISTICS)
    if slot not in SLOTS:
        raise Http404("月统计没有这一栏。")
    found = published_statistics(row)
    place = None if unit == COUNTY_IN_ADDRESSES else frozen_unit(found.participants, unit)
    asked, period = slot_queries(frozen_metric(found.metrics, metric), found.period)[slot]
    figure = getattr(found.figures[metric, place.code if place else WHOLE], slot)
    context = frozen_context(seat, row, asked, period, place, figure, slot)
    return render(request, "reporting/figure.html", context)
