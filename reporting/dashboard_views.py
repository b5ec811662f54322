"""The leaders' pages; each view fetches, checks, calls, responds."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from core.periods import Period, PeriodError, PeriodKind
from reporting.dashboards.main_figures import MainFigure, funds_metric, main_figures, main_metrics, targets_for
from reporting.dashboards.months import by_month
from reporting.dashboards.reach import Reach, last_counted, reach
from reporting.dashboards.standings import standing_at
from reporting.dashboards.township import enterprises_of, stages_of, troubled
from reporting.metrics import MetricError, conditions, value, values
from reporting.models import Metric, Target
from reporting.presentation.county_figure import county_figure_page
from reporting.presentation.funds import Funds, funds_by_month
from reporting.presentation.overview import overview_page
from reporting.presentation.periods import KindSwitch, kind_switch
from reporting.presentation.township import township_page
from reporting.views import business, period_or_404, spanned
from townships.models import County, Seat, Unit

KINDS: tuple[PeriodKind, ...] = ("month", "quarter", "half_year", "year")


def latest_of(county: County, kind: PeriodKind = "quarter") -> Period:
    """The last period into which anything was counted; before there is any, the one we are in."""
    return Period.containing(last_counted(county) or timezone.localdate(), kind)


def switch_of(reached: Reach, name: str, kinds: tuple[PeriodKind, ...] = KINDS, **rest: Any) -> KindSwitch:
    return kind_switch(reached, kinds, lambda period: reverse(name, kwargs={"period": period.code, **rest}))


def reached_or_404(seat: Seat, code: str) -> Reach:
    period = period_or_404(code)
    try:
        period.year_earlier().previous()
        period.next()
    except PeriodError as error:
        raise Http404(str(error)) from error
    return reach(seat.county, period)


@require_GET
def latest_overview(request: HttpRequest) -> HttpResponse:
    return redirect("overview", period=latest_of(business(request).county).code)


@require_GET
def overview(request: HttpRequest, period: str) -> HttpResponse:
    """全县概览 of a month, quarter, half-year or year."""
    seat = business(request)
    reached = reached_or_404(seat, period)
    figures = main_figures(main_metrics(seat.county, reached.period.year), reached, seat.county)
    context = {
        "page": overview_page(reached, figures, standing_at(seat.county, reached.period.last_day)),
        "reached": reached,
        "switch": switch_of(reached, "overview"),
        "funds": funds_of(figures, reached),
        "may_open_all": seat.sees_county,
    }
    return render(request, "reporting/overview.html", context)


def funds_of(figures: list[MainFigure], reached: Reach, unit: Unit | None = None) -> Funds | None:
    """None where no main figure is money that arrived, or where it can't be trusted."""
    metric = funds_metric(figure.metric for figure in figures)
    figure = next((figure for figure in figures if figure.metric is metric), None)
    if metric is None or figure is None or figure.progress is None:
        return None
    return funds_by_month(metric, by_month(metric, reached.until, unit), reached.until, figure.progress.target, unit)


@require_GET
def county_figure(request: HttpRequest, metric: str, period: str) -> HttpResponse:
    """A figure of the whole county, unit by unit."""
    seat = business(request)
    row = spanned(request, get_object_or_404(Metric.objects.current().visible_to(seat), code=metric))
    when = period_or_404(period)
    try:
        whole, parts = value(row, when), values(row, when)
    except MetricError as error:
        return render(request, "reporting/metric_error.html", {"sentence": str(error), "metric": row}, status=409)
    units = list(Unit.objects.current().visible_to(seat).listed())
    context = {
        "page": county_figure_page(row, when, whole, parts, units, year_targets(seat, row, when)),
        "metric": row,
        "period": when,
        "ledger": row.book,
        "query": row.address(conditions(row, when)) if seat.sees_county else "",
    }
    return render(request, "reporting/county_figure.html", context)


def year_targets(seat: Seat, metric: Metric, period: Period) -> dict[int | None, Any]:
    """unit key → target of that year; the county's own under None, or what its units' add up to."""
    rows = Target.objects.current().visible_to(seat).filter(year=period.year, metric=metric, unit__isnull=False)
    county = targets_for([metric], seat.county, period.year, None)
    whole = {None: county[metric.pk]} if metric.pk in county else {}
    return {**dict(rows.values_list("unit_id", "basic")), **whole}


def own_or_refused(seat: Seat, code: str) -> Unit:
    """A unit's page holds its records: whoever sees the county opens any, a unit's people their own."""
    unit = get_object_or_404(Unit.objects.current().visible_to(seat), code=code)
    if not seat.sees_county and seat.unit_id != unit.pk:
        raise PermissionDenied("您当前的身份只能打开本单位的单页。")
    return unit


@require_GET
def unit_page(request: HttpRequest, unit: str, period: str) -> HttpResponse:
    """乡镇单页: one sheet of A4."""
    seat = business(request)
    place = own_or_refused(seat, unit)
    reached = reached_or_404(seat, period)
    figures = main_figures(main_metrics(seat.county, reached.period.year), reached, seat.county, place)
    page = township_page(
        place,
        reached,
        standing_at(seat.county, reached.period.last_day),
        figures,
        stages_of(place, reached.day, seat),
        enterprises_of(place, reached.day, seat),
        troubled(place, reached.day, seat),
    )
    context = {
        "page": page,
        "place": place,
        "reached": reached,
        "switch": switch_of(reached, "unit-page", unit=unit),
        "funds": funds_of(figures, reached, place),
    }
    return render(request, "reporting/unit_page.html", context)
