"""部门数据: a department fills in its month, a second person checks it; the county sees all departments."""

from datetime import date
from tempfile import NamedTemporaryFile
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from core.ledgers.exporting import XLSX
from core.ledgers.forms import sent
from core.periods import Period, PeriodError, month_end, month_label, month_of
from core.records import Verdict
from core.write import Door
from reporting.department import services
from reporting.department.forms import CheckForm, FigureGrid
from reporting.department.month import FigureMonth, following, month_of_figures, preceding
from reporting.department.workbook import write_grid
from reporting.models import DepartmentFigure
from reporting.presentation.department_figures import figure_table
from reporting.scheme_views import act
from reporting.views import business
from townships.models import Role, Seat, Unit
from townships.services import unit_lookup

TEMPLATE = "reporting/month_figures.html"


def month_or_404(code: str) -> date:
    try:
        period = Period.parse(code)
    except PeriodError as error:
        raise Http404(str(error)) from error
    if period.kind != "month":
        raise Http404("部门数据按月填报，请写到月份。")
    return period.first_day


def units_of(seat: Seat, month: date) -> list[Unit]:
    """The places that stood in that month; a township looks at itself."""
    rows = Unit.objects.current().visible_to(seat).places().valid_on(month_end(month)).listed()
    return list(rows.filter(pk=seat.unit_id) if seat.role == Role.TOWNSHIP else rows)


def may(seat: Seat, action: str, figures: FigureMonth) -> bool:
    """Whether this is the seat's own table to fill in or to check; all its columns have the same answer."""
    if not figures.series:
        return seat.role == Role.COUNTY and seat.may(action, DepartmentFigure(county_id=seat.county_id))
    return seat.may(action, DepartmentFigure(county_id=seat.county_id, series=figures.series[0]))


def page_of(figures: FigureMonth, **more: Any) -> dict[str, Any]:
    month = figures.month
    return {
        "figures": figures,
        "title": f"{month_label(month)}部门数据",
        "period": f"{month:%Y-%m}",
        "before": f"{preceding(month):%Y-%m}",
        "after": f"{following(month):%Y-%m}" if following(month) <= month_of(timezone.localdate()) else "",
        **more,
    }


@require_GET
def latest(request: HttpRequest) -> HttpResponse:
    """The month that is due: the one before this."""
    business(request)
    return redirect("month-figures", period=f"{preceding(month_of(timezone.localdate())):%Y-%m}")


@require_http_methods(["GET", "POST"])
def figures(request: HttpRequest, period: str) -> HttpResponse:
    """All units down, the series across; boxes for the department whose figures they are, and for the county."""
    seat, month = business(request), month_or_404(period)
    shown = month_of_figures(seat, month, units_of(seat, month), timezone.localdate())
    may_report = may(seat, "add", shown)
    if request.method == "POST" and not may_report:
        raise PermissionDenied("部门数据由归口部门填报，您当前的身份只能查看。")
    fills = may_report and bool(shown.series) and (not shown.closed or request.method == "POST")
    asked = {"figures": shown, "this_month": month_of(timezone.localdate()), "unit_named": unit_lookup(seat, None)}
    form = FigureGrid(sent(request), request.FILES, **asked)

    def do(writing: Door, given: dict[str, Any]) -> tuple[str, str]:
        changed = services.report_month(writing, month=month, given=form.given, reason=given["reason"])
        said = f"已保存{month_label(month)}部门数据，改动 {changed} 格，由另一位同事核对。" if changed else "没有改动。"
        return said, reverse("month-figures", args=[period])

    page = page_of(
        shown, fills=fills, may_add=may_report and seat.role == Role.COUNTY, may_check=may(seat, "check_figures", shown)
    )
    if request.method == "POST" and not form.may_be_kept:
        page |= {"said": form.said, "form": form}
        return render(request, TEMPLATE, page | {"table": figure_table(shown, form)}, status=422)
    page["said"] = ""
    page["table"] = figure_table(shown, form if fills else None)
    return act(request, form, page, do, TEMPLATE)


@require_GET
def figures_workbook(request: HttpRequest, period: str) -> FileResponse:
    """The month's table to be filled in Excel, with what is already reported."""
    seat, month = business(request), month_or_404(period)
    shown = month_of_figures(seat, month, units_of(seat, month), timezone.localdate())
    if not shown.series:
        raise Http404("没有归本岗位查看的部门数据项。")
    title, file = f"{month_label(month)}部门数据", NamedTemporaryFile(suffix=".xlsx")  # noqa: SIM115 (sent, then gone)
    write_grid(file.name, shown, title=title, made_at=timezone.localtime())
    return FileResponse(file, as_attachment=True, filename=f"{title}.xlsx", content_type=XLSX)


@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, period: str) -> HttpResponse:
    """The same table with a tick at each figure that somebody else reported and nobody has checked."""
    seat, month = business(request), month_or_404(period)
    shown = month_of_figures(seat, month, units_of(seat, month), timezone.localdate())
    if not may(seat, "check_figures", shown):
        raise PermissionDenied("部门数据由归口部门或县里审核岗位核对，您当前的身份不能核对。")
    waiting = waiting_for(seat, shown)
    form = CheckForm(sent(request), waiting=waiting)

    def do(writing: Door, given: dict[str, Any]) -> tuple[str, str]:
        verdict = Verdict(given["verdict"])
        told = {"verdict": verdict, "on": timezone.localdate(), "note": given["note"]}
        count = services.check_figures(writing, form.rows, **told)
        said = "核对" if verdict == Verdict.ACCEPTED else "退回"
        return f"已{said}{month_label(month)}部门数据 {count} 格。", reverse("month-figures", args=[period])

    page = page_of(shown, table=figure_table(shown, checkable=waiting), waiting=bool(waiting))
    return act(request, form, page, do, "reporting/month_figures_check.html")


def waiting_for(seat: Seat, figures: FigureMonth) -> dict[str, DepartmentFigure]:
    """What others reported and nobody has checked: {code and version, as a tick sends it: the figure}."""
    rows = [row for row in figures.now.values() if row.verdict == Verdict.PENDING]
    others = [row for row in rows if seat.user_id not in (row.entered_by_id, row.claimed_by_id)]
    return {f"{row.code}:{row.row_version}": row for row in others}
