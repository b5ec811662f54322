"""Rankings, figures opened down to their records, targets; each view fetches, checks, calls, responds."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from core.ledgers.exporting import workbook_response
from core.periods import Period, PeriodError
from reporting.bases import base_lines, bases_of
from reporting.dashboards.main_figures import over_the_period, over_the_year
from reporting.metrics import MetricError, conditions, counted, not_counted, value
from reporting.models import Metric, Participant, Publication, Scheme
from reporting.models.publications import PublicationKind
from reporting.presentation.figure import figure_page
from reporting.presentation.main_figures import SEEN
from reporting.presentation.metrics import metric_rows
from reporting.presentation.periods import PeriodSwitch, period_switch
from reporting.presentation.ranking import ranking_page
from reporting.presentation.score import score_page
from reporting.presentation.wording import counted_until
from reporting.publishing.ground import disputable, versions_of
from reporting.ranking import Draft, compared_ranking, draft_ranking, latest_period, periods_with_scheme, scheme_for
from reporting.ranking_workbook import write_ranking_workbook
from reporting.record_figures import columns_read
from townships.models import Seat, Unit
from townships.succession import counted_with


def business(request: HttpRequest) -> Seat:
    if request.seat is None or not request.seat.is_business:
        raise PermissionDenied("您当前的身份不查看业务报表。")
    return request.seat


def period_or_404(code: str) -> Period:
    try:
        return Period.parse(code)
    except PeriodError as error:
        raise Http404(str(error)) from error


def looked_back(request: HttpRequest, period: Period) -> Period:
    """As a later period looks back upon it, where the address says from which day; else the period itself."""
    if SEEN not in request.GET:
        return period
    try:
        seen = date.fromisoformat(request.GET[SEEN])
    except ValueError as error:
        raise Http404("地址里“seen”要写成类似2024-06-30的日期。") from error
    if seen < period.last_day:
        raise Http404(f"{period.label}不能从它结束以前的日子回看。")
    return replace(period, seen=seen)


def draft_or_404(seat: Seat, code: str, ranking: Callable[[Scheme, Period], Draft] = draft_ranking) -> Draft:
    period = period_or_404(code)
    scheme = scheme_for(seat.county, period)
    if scheme is None:
        raise Http404(f"{period.label}没有考核方案。")
    return ranking(scheme, period)


def switch(seat: Seat, current: Period, name: str, *rest: str) -> PeriodSwitch:
    """The same page for the other periods that a scheme was made for."""
    return period_switch(
        periods_with_scheme(seat.county), current, lambda period: reverse(name, args=[period.code, *rest])
    )


@require_GET
def latest(request: HttpRequest) -> HttpResponse:
    seat = business(request)
    period = latest_period(seat.county)
    if period is None:
        return render(request, "reporting/no_scheme.html")
    return redirect("ranking", period=period.code)


@require_GET
def ranking(request: HttpRequest, period: str) -> HttpResponse:
    seat = business(request)
    draft = draft_or_404(seat, period, compared_ranking)
    context = {
        "page": ranking_page(draft, draft.before),
        "draft": draft,
        "switch": switch(seat, draft.period, "ranking"),
        **standing(seat, draft.scheme, draft.period),
    }
    return render(request, "reporting/ranking.html", context)


def standing(seat: Seat, scheme: Scheme, period: Period, kind: str = PublicationKind.RANKING) -> dict[str, Any]:
    """What there is of this period beside the draft: the published version, the one being checked."""
    versions = list(versions_of(scheme, period.code, kind).order_by("version"))
    official = next((row for row in reversed(versions) if row.is_published), None)
    checking = next((row for row in versions if not row.is_published), None)
    may_publish = seat.may("publish", Publication(county_id=seat.county_id))
    return {
        "official": official,
        "checking": checking,
        "answerable": checking is not None and checking.takes_answers_on(timezone.localdate()),
        "may_open": may_publish and checking is None,
    }


@require_GET
def ranking_export(request: HttpRequest, period: str) -> HttpResponse:
    seat = business(request)
    draft = draft_or_404(seat, period)
    title = f"{draft.title}排名表"
    stream = BytesIO()
    write_ranking_workbook(
        stream,
        draft.rules,
        draft.inputs,
        draft.results,
        title=title,
        footnote_lines=[
            f"方案：{draft.scheme}" + (f"，依据：{draft.scheme.document}" if draft.scheme.document else ""),
            f"草稿，{counted_until(draft.period, timezone.localdate())}，{seat.county}招商办，部门台账口径，非统计数据",
        ],
        made_at=timezone.localtime(),
    )
    return workbook_response(stream, f"{title}.xlsx")


@require_GET
def unit_score(request: HttpRequest, period: str, unit: str) -> HttpResponse:
    """One unit's score: every indicator as formula, as numbers, and as a way down to its records."""
    seat = business(request)
    draft = draft_or_404(seat, period, compared_ranking)
    participant = next((p for p in draft.participants if p.unit.code == unit), None)
    if participant is None:
        raise Http404("这个单位不在参评名单里。")
    context = {
        "page": score_page(draft, participant, draft.before),
        "draft": draft,
        "switch": switch(seat, draft.period, "unit-score", unit),
    }
    return render(request, "reporting/unit_score.html", context)


@require_GET
def figure(request: HttpRequest, period: str, metric: str, unit: str) -> HttpResponse:
    """计入与未计入, side by side. Whoever may not open a record sees its line, never the record."""
    seat = business(request)
    row = spanned(request, get_object_or_404(Metric.objects.current().visible_to(seat), code=metric))
    place = get_object_or_404(Unit.objects.current().visible_to(seat), code=unit)
    when = looked_back(request, period_or_404(period))
    try:
        context = figure_context(seat, row, when, place)
    except MetricError as error:
        return render(request, "reporting/metric_error.html", {"sentence": str(error), "metric": row}, status=409)
    may_open_rows(seat, row, place)
    return render(request, "reporting/figure.html", context)


def may_open_rows(seat: Seat, metric: Metric, unit: Unit | None) -> None:
    """What reviewers said is for the unit they said it about and for the county; others see what it came to.

    By code: the unit of a publication is read back from its parts and has no key.
    """
    own = seat.unit is not None and unit is not None and seat.unit.code == unit.code
    if metric.book.confidential and not seat.sees_county and not own:
        raise PermissionDenied(f"{metric.book.name}的明细只给被评单位和县里看，得分在排名里。")
    if not own and metric.book.withheld_from(seat, columns_read(metric)):
        raise PermissionDenied(f"按本县的栏目可见范围，“{metric.name}”的明细不对您的岗位公开，得分在排名里。")
    if metric.book.keeps_back(metric.conditions, seat):
        raise PermissionDenied(f"“{metric.name}”的数值只给归口部门和县里看，得分在排名里。")


def spanned(request: HttpRequest, metric: Metric) -> Metric:
    """The metric over the year so far or over the period alone, where the address asks for it; else as it is kept."""
    spans = {"year": over_the_year, "period": over_the_period}
    asked = request.GET.get("span")
    if asked is not None and asked not in spans:
        raise Http404("没有这种期间。")
    return spans[asked](metric) if asked else metric


def figure_context(seat: Seat, metric: Metric, period: Period, unit: Unit) -> dict[str, Any]:
    inside, outside = counted(metric, period, unit), not_counted(metric, period, unit)
    bases = base_lines(bases_of([(metric, period)])[0], unit)
    keys = [line.record.pk for line in (*inside, *outside)]
    seen = frozenset(metric.book.rows(seat).filter(pk__in=keys).values_list("pk", flat=True))
    return {
        "metric": metric,
        "period": period,
        "unit": unit,
        "ledger": metric.book,
        "page": figure_page(metric, period, unit, value(metric, period, unit), inside, outside, seen, bases),
        "counted_with": counted_with(unit, period.seen_on),
        "scored": takes_part(unit, period),
        "query": metric.address(conditions(metric, period, unit)) if seat.sees_county else "",
        "checking": checked_now(seat, period, metric, unit),
    }


def checked_now(seat: Seat, period: Period, metric: Metric, about: Unit) -> Publication | None:
    """The checking period, of a ranking or else of a month's statistics, in which this unit may dispute a figure."""
    rows = Publication.objects.current().visible_to(seat).filter(period=period.code, stage="checking")
    rows = rows.filter(answer_by__gte=timezone.localdate())
    own = Participant.objects.current().visible_to(seat).filter(scheme=OuterRef("scheme"), unit=seat.unit_id)
    open_to_it = rows.filter(Exists(own)).select_related("scheme").order_by("kind", "pk") if seat.unit else []
    return next((row for row in open_to_it if disputable(row, metric, about)), None)


def takes_part(unit: Unit, period: Period) -> bool:
    """Whether there is a score page to return to."""
    scheme = scheme_for(unit.county, period)
    return scheme is not None and scheme.participants.current().filter(unit=unit).exists()


@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    seat = business(request)
    rows = Metric.objects.current().visible_to(seat).order_by("ledger", "code")
    period = latest_period(seat.county) or Period.containing(timezone.localdate(), "year")
    may_edit = seat.may("edit_metrics", Metric(county_id=seat.county_id))
    return render(request, "reporting/metrics.html", {"metrics": list(metric_rows(rows, period)), "may_edit": may_edit})
