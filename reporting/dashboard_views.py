"""The leaders' pages; each view fetches, checks, calls, responds."""

from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from core.actors import SystemActor
from core.periods import Period, PeriodError, PeriodKind
from projects.models import Project
from reporting.bases import base_lines, bases_of
from reporting.dashboards.city import city_standings
from reporting.dashboards.cohorts import cohort_rules, project_rows, signed_projects
from reporting.dashboards.forecasts import forecasts
from reporting.dashboards.funding import funding_of, output_of
from reporting.dashboards.main_figures import MainFigure, funds_metric, main_figures, main_metrics
from reporting.dashboards.months import by_month
from reporting.dashboards.reach import Reach, last_counted, reach
from reporting.dashboards.standings import last_scores, official_of, standing_at
from reporting.dashboards.township import enterprises_of, problems_of, stages_of, troubled
from reporting.metrics import MetricError, conditions, value, values, what_it_counts
from reporting.models import Metric, Publication
from reporting.presentation.cohorts import CohortTables, cohort_years
from reporting.presentation.county_figure import county_figure_page
from reporting.presentation.figure import based_in_words
from reporting.presentation.funds import Funds, funds_by_month
from reporting.presentation.overview import overview_page
from reporting.presentation.periods import KindSwitch, kind_switch, period_switch
from reporting.presentation.projection import projection_page
from reporting.presentation.township import township_page
from reporting.presentation.trends import trends_page
from reporting.publishing.thawing import published_draft
from reporting.ranking import Draft, latest_period, periods_with_scheme
from reporting.targeting.in_force import Aim, aims, pace
from reporting.views import business, draft_or_404, looked_back, period_or_404, spanned
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
    standing, city = standing_at(seat.county, reached.period), city_standings(seat.county, reached.day)
    context = {
        "page": overview_page(reached, figures, standing, city),
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
    due = pace(metric.county_id, metric.pk, unit and unit.pk, reached.until)
    return funds_by_month(metric, by_month(metric, reached.until, unit), reached.until, due, unit)


@require_GET
def county_figure(request: HttpRequest, metric: str, period: str) -> HttpResponse:
    """A figure of the whole county, unit by unit."""
    seat = business(request)
    row = spanned(request, get_object_or_404(Metric.objects.current().visible_to(seat), code=metric))
    when = looked_back(request, period_or_404(period))
    try:
        whole, parts = value(row, when), values(row, when)
    except MetricError as error:
        return render(request, "reporting/metric_error.html", {"sentence": str(error), "metric": row}, status=409)
    units = list(Unit.objects.current().visible_to(seat).listed())
    bases = bases_of([(row, when)])[0]
    shown = {**{base.unit: Decimal(0) for base in bases}, **parts}
    context = {
        "page": county_figure_page(row, when, whole, shown, units, year_aims(seat, row, when)),
        "metric": row,
        "period": when,
        "city": city_standings(seat.county, when.last_day).get(what_it_counts(row)),
        "ledger": row.book,
        "query": row.address(conditions(row, when)) if seat.sees_county else "",
        "based": based_in_words(row, when, whole, base_lines(bases, None)),
    }
    return render(request, "reporting/county_figure.html", context)


def year_aims(seat: Seat, metric: Metric, period: Period) -> dict[int | None, Aim]:
    """unit key → target of that year; the county's own under None, or what its units' add up to."""
    return {unit: aim for (_, unit), aim in aims(seat.county_id, [metric.pk], period).items()}


def own_or_refused(seat: Seat, code: str) -> Unit:
    """A unit's page holds its records: whoever sees the county opens any, a unit's people their own."""
    unit = get_object_or_404(Unit.objects.current().visible_to(seat), code=code)
    if not seat.sees_county and seat.unit_id != unit.pk:
        raise PermissionDenied("您当前的身份只能打开本单位的情况。")
    return unit


@require_GET
def unit_page(request: HttpRequest, unit: str, period: str) -> HttpResponse:
    """A township's 情况: one sheet of A4."""
    seat = business(request)
    place = own_or_refused(seat, unit)
    reached = reached_or_404(seat, period)
    figures = main_figures(main_metrics(seat.county, reached.period.year), reached, seat.county, place)
    page = township_page(
        place,
        reached,
        standing_at(seat.county, reached.period),
        figures,
        stages_of(place, reached.day, seat),
        enterprises_of(place, reached.day, seat),
        troubled(place, reached.day, seat),
        problems_of(place, reached.day, seat),
        funding_of(place, reached.day, seat),
        output_of(place, reached.day, seat),
    )
    context = {
        "page": page,
        "place": place,
        "reached": reached,
        "switch": switch_of(reached, "unit-page", unit=unit),
        "funds": funds_of(figures, reached, place),
    }
    return render(request, "reporting/unit_page.html", context)


@require_GET
def latest_cohorts(request: HttpRequest) -> HttpResponse:
    return redirect("cohorts", year=latest_of(business(request).county, "year").year)


@require_GET
def cohorts(request: HttpRequest, year: int) -> HttpResponse:
    """签约批次: the signing years up to `year`; `?signed=2023&group=large` opens one of them."""
    seat = business(request)
    reached = reached_or_404(seat, str(year))
    rules = cohort_rules()
    opened = asked_cohort(request, year, [group.key for group in rules[0]])
    projects = signed_projects(seat.county, rules[0], cohort_years(year), reached.day)
    rows = project_rows(SystemActor(seat.county_id), projects, reached.day)
    seen = frozenset(Project.objects.current().visible_to(seat).filter(pk__in=projects).values_list("pk", flat=True))
    context = {
        "page": CohortTables(year, projects, rows, seen, rules).page(opened),
        "reached": reached,
        "earlier": year - 1,
        "later": year + 1,
    }
    return render(request, "reporting/cohorts.html", context)


def asked_cohort(request: HttpRequest, year: int, groups: list[str]) -> tuple[int, str] | None:
    signed, group = request.GET.get("signed"), request.GET.get("group", groups[0])
    if signed is None:
        return None
    if signed not in {str(shown) for shown in cohort_years(year)} or group not in groups:
        raise Http404("没有这个签约批次。")
    return int(signed), group


@require_GET
def latest_projection(request: HttpRequest) -> HttpResponse:
    return redirect("projection", period=latest_of(business(request).county, "month").code)


@require_GET
def projection(request: HttpRequest, period: str) -> HttpResponse:
    """双过半 and year-end, seen from the end of that period."""
    seat = business(request)
    reached = reached_or_404(seat, period)
    found = forecasts(main_metrics(seat.county, reached.period.year), reached, seat.county)
    context = {
        "page": projection_page(reached, found),
        "reached": reached,
        "switch": switch_of(reached, "projection", ("month", "half_year")),
    }
    return render(request, "reporting/projection.html", context)


@require_GET
def latest_trends(request: HttpRequest) -> HttpResponse:
    period = latest_period(business(request).county)
    if period is None:
        return render(request, "reporting/no_scheme.html")
    return redirect("trends", period=period.code)


@require_GET
def trends(request: HttpRequest, period: str) -> HttpResponse:
    """The ranking's neighbour: scores by family, and the last eight periods; published where published."""
    seat = business(request)
    when = period_or_404(period)
    draft, version = spoken(seat, when)
    scores = last_scores(seat.county, when)
    official = official_of(seat.county, [each.period for each in scores])
    context = {
        "page": trends_page(
            draft,
            scores,
            {each.period: ranking_page_of(each.period, official) for each in scores},
            partial(score_page_of, official),
        ),
        "draft": draft,
        "version": version,
        "switch": period_switch(
            periods_with_scheme(seat.county), when, lambda other: reverse("trends", args=[other.code])
        ),
    }
    return render(request, "reporting/trends.html", context)


def spoken(seat: Seat, period: Period) -> tuple[Draft, int]:
    """The published ranking of the period with its version, else its draft and 0."""
    official = official_of(seat.county, [period]).get(period)
    return (published_draft(official), official.version) if official else (draft_or_404(seat, period.code), 0)


def score_page_of(official: Mapping[Period, Publication], period: Period, unit: Unit) -> str:
    if period in official:
        return reverse("published-score", args=[official[period].code, unit.code])
    return reverse("unit-score", args=[period.code, unit.code])


def ranking_page_of(period: Period, official: Mapping[Period, Publication]) -> str:
    if period in official:
        return reverse("published-ranking", args=[official[period].code])
    return reverse("ranking", args=[period.code])
