"""月报: a month's reports, the grid in which one is filled, the acts on it, its printed form."""

from collections.abc import Callable
from tempfile import NamedTemporaryFile
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from core.ledgers.exporting import XLSX
from core.ledgers.filled_forms import Misfit
from core.ledgers.forms import TokenForm, sent
from core.ledgers.ledger import Ledger
from core.ledgers.views import readable, record_url
from core.periods import Period, PeriodError, month_label
from core.write import door
from projects.models import MonthlyReport
from projects.monthly import services
from projects.monthly.calendar import deadline_of, is_closed
from projects.monthly.forms import FORMS, GridForm, typed_in
from projects.monthly.lines import Line, Standing, lines_of
from projects.monthly.steps import Act, permission
from projects.monthly.workbook import read_report, write_report
from townships.models import OWN_UNIT, Duty, Role, Seat, Unit

SERVICES: dict[Act, Callable[..., MonthlyReport]] = {
    Act.SUBMIT: services.submit,
    Act.NOTHING: services.report_nothing,
    Act.RECALL: services.recall,
    Act.SIGN: services.sign,
    Act.PAPER: services.sign_on_paper,
    Act.REFUSE: services.refuse,
    Act.ACCEPT: services.accept,
    Act.RETURN: services.send_back,
    Act.DROP: services.drop,
}
DONE = {
    Act.SUBMIT: "已提交“{}”，等分管领导审核。",
    Act.NOTHING: "已按零报告提交“{}”，等分管领导审核。",
    Act.RECALL: "已撤回“{}”，可以继续填报。",
    Act.SIGN: "已同意“{}”，报县招商办受理。",
    Act.PAPER: "已登记“{}”的纸质签字，报县招商办受理。",
    Act.REFUSE: "已退回“{}”，经办会看到原因。",
    Act.ACCEPT: "已受理“{}”。",
    Act.RETURN: "已退回“{}”，填报单位会看到原因。",
    Act.DROP: "已取消“{}”。",
}
REST, READ = "rest", "read"
"""The buttons 其余都无变化 and 读入工作簿."""


def found(request: HttpRequest, code: str) -> tuple[Ledger, MonthlyReport]:
    ledger = readable(request, services.LEDGER)
    return ledger, ledger.find(request.seat, code)


def _month(code: str) -> Period:
    try:
        period = Period.parse(code)
    except PeriodError as error:
        raise Http404(str(error)) from error
    if period.kind != "month":
        raise Http404("月报按月填报，请在地址里写月份，例如2024-05。")
    return period


# -- a month -------------------------------------------------------------------------------------------


@require_GET
def reports_latest(request: HttpRequest) -> HttpResponse:
    """The month whose reports are due: the one before this."""
    readable(request, services.LEDGER)
    month = Period.containing(timezone.localdate(), "month").previous()
    return redirect("month-reports", period=month.code)


@require_http_methods(["GET", "POST"])
def month_reports(request: HttpRequest, period: str) -> HttpResponse:
    """Every unit's report of a month; posted: 布置, or the beginning of the own unit's one."""
    ledger, month = readable(request, services.LEDGER), _month(period)
    units = list(reporting_units(request.seat, month))
    if request.method == "POST":
        return _begun(request, units, month)
    return _month_page(request, ledger, units, month, TokenForm())


def reporting_units(seat: Seat, month: Period) -> Any:
    """Townships, streets and parks that stood in the month; of a unit's own seat that unit alone."""
    units = Unit.objects.current().visible_to(seat).places().valid_on(month.last_day).listed()
    return units.filter(pk=seat.unit_id) if seat.role in OWN_UNIT else units


def _begun(request: HttpRequest, units: list[Unit], month: Period) -> HttpResponse:
    if not units or not request.seat.may(permission(Act.OPEN), _blank(request.seat, units[0])):
        raise PermissionDenied("月报由县招商办经办布置，或由填报单位经办开始填报。")
    form, own = TokenForm(request.POST), request.seat.role in OWN_UNIT
    try:
        form.is_valid()
        with door(request.seat, at=timezone.now(), token=form.cleaned_data["token"]) as writing:
            if own:
                report = services.open_report(writing, unit=units[0], month=month.first_day)
                return redirect("report-fill", code=report.code)
            begun = services.open_reports(writing, units=units, month=month.first_day)
    except ValidationError as error:
        form.refuse(error)
        return _month_page(request, readable(request, services.LEDGER), units, month, form)
    messages.success(request, f"已向{len(begun)}个单位布置{month.label}月报。")
    return redirect("month-reports", period=month.code)


def _blank(seat: Seat, unit: Unit) -> MonthlyReport:
    return MonthlyReport(county_id=seat.county_id, unit=unit)


def _month_page(
    request: HttpRequest, ledger: Ledger, units: list[Unit], month: Period, form: TokenForm
) -> HttpResponse:
    seat = request.seat
    reports = {row.unit_id: row for row in ledger.rows(seat).filter(month=month.first_day).select_related("unit")}
    for unit in units:
        reports.setdefault(unit.pk, None)
    shown = [(unit, reports.pop(unit.pk)) for unit in units]
    shown += [(report.unit, report) for report in reports.values()]
    closed = is_closed(seat.county_id, month.first_day, timezone.localdate(), seat.unit_id)
    lacking = [unit for unit, report in shown if report is None]
    due_on = deadline_of(seat.county_id, month.first_day)
    context = {
        "ledger": ledger,
        "month": month,
        "rows": shown,
        "own": seat.role in OWN_UNIT,
        "closed": closed,
        "due_on": due_on,
        "overdue": due_on < timezone.localdate(),
        "lacking": lacking,
        "may_begin": bool(lacking) and not closed and seat.may(permission(Act.OPEN), _blank(seat, lacking[0])),
        "may_verify": seat.role == Role.COUNTY and Duty.REVIEW in seat.duties,
        "counts": _counts(shown),
        "form": form,
    }
    return render(request, "projects/month_reports.html", context, status=422 if form.errors else 200)


def _counts(rows: list[tuple[Unit, MonthlyReport | None]]) -> list[tuple[str, int]]:
    """How many reports stand where, in the order of the way."""
    stages = [report.get_stage_display() if report else "未开始" for _, report in rows]
    return [(stage, stages.count(stage)) for stage in dict.fromkeys(sorted(stages, key=ORDER.index))]


ORDER = ["未开始", "填报中", "退回修改", "待审核", "待受理", "已受理"]


# -- one report ----------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def report_fill(request: HttpRequest, code: str) -> HttpResponse:
    """The grid. What is typed is kept, be it right or wrong; only a closed month or another's change refuses it."""
    ledger, report = found(request, code)
    if report.is_closed(timezone.localdate()):
        raise PermissionDenied(f"{month_label(report.month)}的月报已经锁定，不能再填报。")
    if not request.seat.may(permission(Act.FILL), report):
        raise PermissionDenied(f"这份月报现在是“{report.get_stage_display()}”，您当前的身份不能填报。")
    form = GridForm(sent(request), request.FILES or None, initial={"version": report.row_version})
    lines = lines_of(report)
    if request.method == "POST":
        typed = typed_in(request.POST, lines) | _given_back(request, form, report, lines)
        if form.is_valid() and (standing := _saved(request, report, form, typed)):
            return _after_saving(request, report, standing)
        for line in lines:
            line.typed = typed.get(line.project.code, line.typed)
    return _grid_page(request, ledger, report, form, lines)


def _given_back(request: HttpRequest, form: GridForm, report: MonthlyReport, lines: list[Line]) -> services.Typed:
    """What the filled workbook says, over what was typed."""
    if request.POST.get("do") != READ or not form.is_valid():
        return {}
    if form.cleaned_data["file"] is None:
        form.add_error("file", "请先选择填好的工作簿。")
        return {}
    try:
        return read_report(form.cleaned_data["file"], report, lines)
    except Misfit as problem:
        form.add_error("file", str(problem))
        return {}


@require_GET
def report_workbook(request: HttpRequest, code: str) -> FileResponse:
    """The month's form to be filled in Excel: by a clerk without an account too, for whom the county enters it."""
    _, report = found(request, code)
    file = NamedTemporaryFile(suffix=".xlsx")  # noqa: SIM115 (the response closes it)
    write_report(file.name, report, lines_of(report), made_at=timezone.localtime())
    return FileResponse(file, as_attachment=True, filename=f"{report}.xlsx", content_type=XLSX)


def _saved(request: HttpRequest, report: MonthlyReport, form: GridForm, typed: services.Typed) -> Standing | None:
    given = form.cleaned_data
    asked = {"version": given["version"], "rest_unchanged": request.POST.get("do") == REST}
    try:
        with door(request.seat, at=timezone.now(), token=given["token"]) as writing:
            return services.save_lines(writing, report=report, typed=typed, **asked)
    except ValidationError as error:
        form.refuse(error)
        return None


def _after_saving(request: HttpRequest, report: MonthlyReport, standing: Standing) -> HttpResponse:
    saved = len(standing.lines) - len(standing.missing) - len(standing.wrong)
    told = f"已保存{saved}个项目的本月进展"
    if standing.wrong:
        messages.warning(request, f"{told}；另有{len(standing.wrong)}个项目填的内容已原样保留，请按提示改好。")
        return redirect("report-fill", code=report.code)
    messages.success(request, f"{told}。")
    if request.POST.get("do") == "submit" and standing.is_whole:
        return redirect("report-act", code=report.code, act=Act.SUBMIT)
    return redirect("report-fill", code=report.code)


def _grid_page(
    request: HttpRequest, ledger: Ledger, report: MonthlyReport, form: GridForm, lines: list[Line]
) -> HttpResponse:
    month = Period.containing(report.month, "month")
    context = {
        "ledger": ledger,
        "report": report,
        "form": form,
        "standing": Standing(lines),
        "month": month,
        "last": month.previous(),
        "reason": report.last_reason,
        "may_nothing": Act.NOTHING in report.open_acts(request.seat),
        "on_behalf": request.seat.unit_id is None,
    }
    return render(request, "projects/report_fill.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def report_act(request: HttpRequest, code: str, act: str) -> HttpResponse:
    ledger, report = found(request, code)
    if act not in FORMS:
        raise Http404("没有这个办理步骤。")
    step = Act(act)
    if step not in report.open_acts(request.seat):
        raise PermissionDenied(f"这份月报现在是“{report.get_stage_display()}”，您当前的身份不能{step.label}。")
    form = FORMS[step](sent(request), request.FILES or None, report=report, day=timezone.localdate())
    if request.method == "POST" and form.is_valid() and _taken(request, step, report, form):
        over = step == Act.DROP
        return redirect(reverse("ledger-list", args=[ledger.key]) if over else record_url(ledger, report))
    context = {"ledger": ledger, "report": report, "form": form, "act": step, "standing": Standing(lines_of(report))}
    return render(request, "projects/report_act.html", context, status=422 if form.errors else 200)


def _taken(request: HttpRequest, act: Act, report: MonthlyReport, form: Any) -> bool:
    try:
        with door(request.seat, at=timezone.now(), token=form.cleaned_data["token"]) as writing:
            SERVICES[act](writing, report=report, **form.given)
    except ValidationError as error:
        form.refuse(error)
        return False
    messages.success(request, DONE[act].format(report))
    return True


@require_GET
def report_sheet(request: HttpRequest, code: str) -> HttpResponse:
    """The month on paper, A4 landscape: to be signed and stamped."""
    ledger, report = found(request, code)
    signed = report.steps.current().filter(act=Act.SIGN).order_by("pk").last() if report.sent_on else None
    standing = Standing(lines_of(report))
    context = {
        "ledger": ledger,
        "report": report,
        "standing": standing,
        "numbered": list(enumerate(standing.lines, 1)),
        "submitted": report.steps.current().filter(act__in=[Act.SUBMIT, Act.NOTHING]).order_by("pk").last(),
        "signed": signed,
        "at": timezone.localtime(),
    }
    return render(request, "projects/report_sheet.html", context)
