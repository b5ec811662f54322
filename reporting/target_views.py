"""年度目标: the 分解表 set, adjusted, planned and printed; each view fetches, checks, calls, responds."""

from functools import partial
from io import BytesIO
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from core.ledgers.exporting import workbook_response
from core.ledgers.form_wording import wording_of
from core.ledgers.forms import sent
from core.spreadsheet.official_form import write_form
from core.write import Door
from reporting.models import Metric, Target, TargetPart
from reporting.models.targets import QUARTER
from reporting.pasted_grids import PASTED
from reporting.presentation.targets import plan_table, target_table
from reporting.ranking import latest_period
from reporting.scheme_views import act
from reporting.targeting.forms import AdjustmentGrid, PlanGrid, TargetGrid, planned_by
from reporting.targeting.printed import target_form
from reporting.targeting.services import adjust_targets, set_plan, set_targets, versions_of
from reporting.views import business
from townships.models import Seat

FIRST_YEAR, LAST_YEAR = 1990, 2100
PARTS = {"month": 1, "quarter": QUARTER}
"""How an address asks for a plan → in parts of how many months."""


@require_GET
def latest_targets(request: HttpRequest) -> HttpResponse:
    """The year of the latest ranking; before there is any, the one we are in."""
    period = latest_period(business(request).county)
    return redirect("targets", year=period.year if period else timezone.localdate().year)


def may_set_in(seat: Seat, year: int) -> bool:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404("年度应在1990年至2100年之间。")
    return seat.may("set_targets", Target(county_id=seat.county_id))


def setting(request: HttpRequest, year: int) -> tuple[Seat, bool]:
    """The seat, and whether it sets targets: who does not reads them, and sends nothing in."""
    seat = business(request)
    may_set = may_set_in(seat, year)
    if request.method == "POST" and not may_set:
        raise PermissionDenied("您当前的身份不能下达目标。")
    return seat, may_set


@require_http_methods(["GET", "POST"])
def targets(request: HttpRequest, year: int) -> HttpResponse:
    """分解表: units down, metrics across."""
    seat, may_set = setting(request, year)
    form = TargetGrid(sent(request), request.FILES or None, seat=seat, year=year)

    def do(writing: Door, given: dict[str, Any]) -> tuple[str, str]:
        changed = set_targets(writing, year=year, given=form.given, document=given["document"])
        return f"已保存{year}年目标，改动 {changed} 项。", reverse("targets", args=[year])

    page = {"year": year, "may_set": may_set, "years": target_years(seat, year), "said": ""}
    return answered(request, form, page, do, "reporting/targets.html", may_set)


@require_http_methods(["GET", "POST"])
def adjustment(request: HttpRequest, year: int) -> HttpResponse:
    """The same boxes; what gets another figure is adjusted by a document from a day on, and both versions stay."""
    seat, may_set = setting(request, year)
    if not may_set:
        raise PermissionDenied("您当前的身份不能调整目标。")
    form = AdjustmentGrid(sent(request), request.FILES or None, seat=seat, year=year)

    def do(writing: Door, given: dict[str, Any]) -> tuple[str, str]:
        found = {name: given[name] for name in ("document", "since", "reason")}
        changed = adjust_targets(writing, year=year, given=form.adjusted, **found)
        said = f"已调整{year}年目标 {len(changed)} 项。{unplanned(seat, form, changed)}"
        return said, reverse("targets", args=[year])

    page = {"year": year, "may_set": True, "said": ""}
    return answered(request, form, page, do, "reporting/target_adjustment.html", may_set)


def answered(
    request: HttpRequest, form: TargetGrid, page: dict[str, Any], do: Any, template: str, may_set: bool
) -> HttpResponse:
    """Saved; or, where figures were only put into the boxes, shown again to be looked at."""
    if request.method == "POST" and not form.may_be_kept:
        form.is_valid()
        page |= {"said": form.said, "form": form}
        return render(request, template, page | {"table": target_table(form, may_set=may_set)}, status=422)
    return act(request, form, page | {"table": target_table(form, may_set=may_set)}, do, template)


def unplanned(seat: Seat, form: TargetGrid, changed: list[Target]) -> str:
    """A plan was made for the figure that it came to: an adjusted target has none until it is planned anew."""
    earlier = [row for one in changed for row in form.held_versions(one.metric, one.unit)[-1:]]
    parts = TargetPart.objects.current().visible_to(seat).filter(target__in=earlier)
    planned = parts.values("target").distinct().count()
    return f"其中 {planned} 项原来有下达计划，请按调整后的目标重新下达。" if planned else ""


@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, year: int, metric: str) -> HttpResponse:
    """下达计划 of one metric: its units down, months or quarters across."""
    seat, may_set = setting(request, year)
    row = get_object_or_404(Metric.objects.current().visible_to(seat), code=metric)
    listed = planned_targets(seat, row, year)
    months = PARTS.get(request.GET.get("by", ""), planned_by(listed))
    form = PlanGrid(sent(request), targets=listed, months=months)

    def do(writing: Door, given: dict[str, Any]) -> tuple[str, str]:
        changed = sum(
            set_plan(writing, target=target, months=months, amounts=amounts) for target, amounts in form.given.items()
        )
        return f"已保存{year}年“{row}”的下达计划，改动 {changed} 项。", f"{request.path}?by={by_of(months)}"

    page = {"year": year, "metric": row, "may_set": may_set, "by": by_of(months), "said": ""}
    if request.method == "POST" and not form.may_be_kept:
        page |= {"said": PASTED if form.pastes and not form.unplaced else "", "form": form}
        return render(request, "reporting/target_plan.html", page | {"table": plan_table(form, row)}, status=422)
    return act(request, form, page | {"table": plan_table(form, row)}, do, "reporting/target_plan.html")


def planned_targets(seat: Seat, metric: Metric, year: int) -> list[Target]:
    """The newest version of each unit's target with its plan as `planned`, the county's own last."""
    rows = Target.objects.current().visible_to(seat).filter(metric=metric, year=year)
    parts = Prefetch("parts", TargetPart.objects.current().visible_to(seat).order_by("month"), to_attr="planned")
    listed = rows.select_related("metric", "unit").prefetch_related(parts).in_turn()
    newest = [held[-1] for held in versions_of(listed).values()]
    return sorted(newest, key=lambda one: (one.unit is None, one.unit and (one.unit.position, one.unit.code)))


def by_of(months: int) -> str:
    return next(name for name, size in PARTS.items() if size == months)


@require_GET
def printed(request: HttpRequest, year: int) -> HttpResponse:
    """The 分解表 as the office prints it; filled in elsewhere, it can be read back into the grid."""
    seat = business(request)
    may_set_in(seat, year)
    grid = TargetGrid(seat=seat, year=year)
    worded = partial(wording_of, seat.county_id)
    form, stream = target_form(grid, county=str(seat.county), made_on=timezone.localdate(), worded=worded), BytesIO()
    write_form(stream, form)
    return workbook_response(stream, f"{form.wording.title}.xlsx")


def target_years(seat: Seat, year: int) -> list[int]:
    """The years that have targets, with this one and the next."""
    known = Target.objects.current().visible_to(seat).order_by().values_list("year", flat=True).distinct()
    return sorted({*known, year, year + 1}, reverse=True)
