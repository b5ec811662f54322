"""The metric builder: pick a ledger, say what counts, and see the records before anything is saved."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core.audit_trail import history_of
from core.ledgers.forms import ReasonForm, TokenForm, sent
from core.ledgers.ledger import Ledger
from core.periods import Period
from core.write import Door, door
from reporting.measures import MetricError, metric_ledgers
from reporting.metric_forms import MetricForm, answers_of, began_with
from reporting.metrics import counted, not_counted, value
from reporting.models import Metric
from reporting.presentation.figure import figure_page
from reporting.ranking import latest_counted, scheme_for
from reporting.scheme_views import act
from reporting.services import add_metric, change_metric, uses_of, void_metric
from reporting.shipped import lacking_metrics, take_over_metrics
from reporting.views import business
from townships.ledgers import places
from townships.models import Seat

MOST_SHOWN = 100
UNNAMED = "新指标"
LOOK_FIRST = "计入条件或算法改过了。请先看下面计入和未计入的记录，对了再保存。"


def editing(request: HttpRequest) -> Seat:
    seat = business(request)
    if not seat.may("edit_metrics", Metric(county_id=seat.county_id)):
        raise PermissionDenied("您当前的身份不能编制指标。")
    return seat


@require_http_methods(["GET", "POST"])
def metrics_shipped(request: HttpRequest) -> HttpResponse:
    """载入随附指标: those that come with the product and that the county lacks."""
    seat = editing(request)
    names = [row["name"] for row in lacking_metrics(seat.county_id)]

    def do(writing: Door, given: dict[str, Any]) -> tuple[str, str]:
        added = take_over_metrics(writing)
        return f"已载入{len(added)}个指标，可以照本县的口径修改。", reverse("metrics")

    page = {
        "title": "载入随附指标",
        "about": f"系统随附、本县还没有的{len(names)}个：{'、'.join(names)}。同名的保持本县的口径不变。"
        if names
        else "随附的指标本县都有了。",
        "button": "载入" if names else "",
        "back": reverse("metrics"),
    }
    return act(request, TokenForm(sent(request)), page, do)


def metric_or_404(seat: Seat, code: str) -> Metric:
    return get_object_or_404(Metric.objects.current().visible_to(seat), code=code)


@require_http_methods(["GET", "POST"])
def metric_new(request: HttpRequest) -> HttpResponse:
    """First which ledger, then the rest; `like` begins with the answers of another metric."""
    seat = editing(request)
    like = metric_or_404(seat, request.GET["like"]) if "like" in request.GET else None
    key = like.ledger if like else request.GET.get("ledger", "")
    if not key:
        status = 200 if request.method == "GET" else 422
        return render(request, "reporting/metric_ledgers.html", {"ledgers": metric_ledgers()}, status=status)
    ledger = ledger_or_404(key)
    initial = {**began_with(ledger, request.GET, like), "name": ""}

    def save(writing: Any, form: MetricForm) -> str:
        metric = add_metric(writing, **form.definition)
        return f"已新建指标“{metric}”，公式里写 {metric.written} 就能用。"

    return builder(request, seat, ledger, initial, save, {"metric": None, "uses": [], "like": like})


@require_http_methods(["GET", "POST"])
def metric_edit(request: HttpRequest, code: str) -> HttpResponse:
    seat = editing(request)
    row = metric_or_404(seat, code)
    if row.ledger not in {ledger.key for ledger in metric_ledgers()}:
        sentence = f"指标“{row}”所用的台账已不存在，只能作废后另建。"
        return render(request, "reporting/metric_error.html", {"sentence": sentence, "metric": row}, status=409)

    def save(writing: Any, form: MetricForm) -> str:
        changed = change_metric(writing, metric=row, version=form.cleaned_data["version"], **form.definition)
        return f"已保存对指标“{changed}”的修改。"

    known = {"metric": row, "uses": uses_of(row), "history": history_of(row, seat)}
    return builder(request, seat, row.book, {**answers_of(row), "version": row.row_version}, save, known)


def builder(
    request: HttpRequest,
    seat: Seat,
    ledger: Ledger,
    initial: dict[str, Any],
    save: Callable[[Any, MetricForm], str],
    known: dict[str, Any],
) -> HttpResponse:
    """Every answer is tried at once; what is saved is what was looked at last."""
    periods = trial_periods(latest_day(seat))
    saving = request.POST.get("act") == "save"
    form = MetricForm(
        sent(request),
        ledger=ledger,
        seat=seat,
        periods=periods,
        naming=saving or request.method == "GET",
        initial={"unit": first_unit(seat, periods[0]), "period": periods[0].code, **initial},
    )
    trial = tried(form, seat) if form.is_bound and form.is_valid() else {}
    if saving and form.is_valid() and not trial.get("sentences"):
        if form.cleaned_data["seen"] != form.mark:
            form.add_error(None, LOOK_FIRST)
        elif said := saved(form, seat, save):
            messages.success(request, said)
            return redirect("metrics")
    context = {"form": form, "ledger": ledger, "trial": trial, **known}
    if request.htmx and not saving:
        return render(request, "reporting/_trial.html", context)
    return render(request, "reporting/metric_builder.html", context, status=422 if form.errors or saving else 200)


def saved(form: MetricForm, seat: Seat, save: Callable[[Any, MetricForm], str]) -> str:
    """What was done, in words; empty where it was refused, with the sentences beside their fields."""
    try:
        with door(seat, at=timezone.now(), token=form.cleaned_data["token"]) as writing:
            return save(writing, form)
    except ValidationError as error:
        form.refuse(error)
        return ""


def tried(form: MetricForm, seat: Seat) -> dict[str, Any]:
    """The figure and its two lists, {"page", "mark", …}; or {"sentences"} that say why there is none."""
    metric, shown = form.metric, form.shown
    metric.name = metric.name or UNNAMED
    try:
        metric.clean()
        figure = value(metric, shown.period, shown.unit)
        inside, outside = counted(metric, shown.period, shown.unit), not_counted(metric, shown.period, shown.unit)
    except MetricError as error:
        return {"sentences": [str(error)]}
    except ValidationError as error:
        return {"sentences": error.messages}
    seen = frozenset(line.record.pk for line in (*inside, *outside))
    page = figure_page(metric, shown.period, shown.unit, figure, inside, outside, seen)
    return {
        "page": replace(page, counted=page.counted[:MOST_SHOWN], not_counted=page.not_counted[:MOST_SHOWN]),
        "cut": MOST_SHOWN if max(len(inside), len(outside)) > MOST_SHOWN else 0,
        "mark": form.mark,
        "metric": metric,
    }


def latest_day(seat: Seat) -> date:
    """The last day for which anything was counted; today where nothing is yet."""
    return max(latest_counted(seat.county), default=timezone.localdate())


def trial_periods(last: date) -> list[Period]:
    """The eight quarters, three years and twelve months that end with that day's."""
    return [
        period
        for kind, count in (("quarter", 8), ("year", 3), ("month", 12))
        for period in _back(Period.containing(last, kind), count)
    ]


def _back(period: Period, count: int) -> list[Period]:
    found = [period]
    while len(found) < count:
        found.append(found[-1].previous())
    return found


def first_unit(seat: Seat, period: Period) -> Any:
    """The code of the first unit that is compared; before there is a scheme, of the first place."""
    scheme = scheme_for(seat.county, period)
    participants = scheme.participants.current().order_by("unit__position") if scheme else None
    first = participants.values_list("unit__code", flat=True).first() if participants is not None else None
    return first or places(seat).values_list("code", flat=True).first()


def ledger_or_404(key: str) -> Ledger:
    ledger = next((ledger for ledger in metric_ledgers() if ledger.key == key), None)
    if ledger is None:
        raise Http404("没有这本台账，或这本台账的记录不能归到单位。")
    return ledger


@require_http_methods(["GET", "POST"])
def metric_void(request: HttpRequest, code: str) -> HttpResponse:
    seat = editing(request)
    row = metric_or_404(seat, code)
    form = ReasonForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            with door(seat, at=timezone.now(), token=form.cleaned_data["token"]) as writing:
                void_metric(writing, metric=row, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, f"已作废指标“{row}”，历史仍可查看。")
            return redirect("metrics")
    context = {"metric": row, "form": form, "uses": uses_of(row)}
    return render(request, "reporting/metric_void.html", context, status=422 if form.errors else 200)
