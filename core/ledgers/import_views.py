"""Workbooks in: upload, preview of every row, confirmation; then 期初认定 of a batch by a second person."""

from collections.abc import Hashable
from decimal import Decimal
from io import BytesIO
from pathlib import PurePath
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from core.files import BATCHES, attach, opened, store
from core.ledgers.exporting import workbook_response
from core.ledgers.forms import LateForm, OpeningForm, ReasonForm, TokenForm, WorkbookForm, sent
from core.ledgers.import_rows import chips, chosen, counted, page_of_rows, shown_columns
from core.ledgers.import_runs import (
    Run,
    begin_planning,
    begin_saving,
    forget_run,
    is_long,
    marked_workbook,
    plan_of_run,
    planned,
    run_of,
    saved,
)
from core.ledgers.importing import KIND_WORDS, NEW, UPDATE, ImportPlan, headers_of
from core.ledgers.kept_plans import forget_plan, kept_plan, last_act
from core.ledgers.layout_forms import LayoutForm
from core.ledgers.layouts import forget, known_layouts, remember
from core.ledgers.ledger import Ledger, ledger_for
from core.ledgers.undoing import obstacles, take_back
from core.ledgers.views import readable
from core.models import Evidence, ImportBatch, StoredFile
from core.spreadsheet.reading import WorkbookError, open_workbook
from core.verification import accept_opening
from core.write import door

WAITING = "import"
"""Session key of the workbook that waits for confirmation."""


def importable(request: HttpRequest, key: str) -> Ledger:
    ledger = readable(request, key)
    if not ledger.import_key or not request.seat.may("import", ledger.blank(request.seat)):
        raise PermissionDenied(f"您当前的身份不能导入{ledger.name}。")
    return ledger


def may_create_units(seat: Any) -> bool:
    units = ledger_for("units")
    return seat.may("add", units.blank(seat))


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, key: str) -> HttpResponse:
    ledger = importable(request, key)
    form = WorkbookForm(sent(request), request.FILES or None, may_create_units=may_create_units(request.seat))
    if request.method == "POST" and form.is_valid() and _keep(request, form, ledger):
        return redirect("ledger-import-preview", key=ledger.key)
    waiting = request.session.get(WAITING) or {}
    context = {"ledger": ledger, "form": form, "waiting": waiting if waiting.get("ledger") == ledger.key else {}}
    return render(request, "ledgers/import.html", context, status=422 if form.errors else 200)


def _keep(request: HttpRequest, form: WorkbookForm, ledger: Ledger) -> bool:
    """Read it once so that what is no workbook is said here; then keep it until it is confirmed."""
    file = form.cleaned_data["file"]
    try:
        rows = sum(sheet.last_row for sheet in open_workbook(file).sheets)
        file.seek(0)
        stored = store(file.chunks(), name=file.name, at=timezone.now())
    except WorkbookError as error:
        form.add_error("file", str(error))
        return False
    except ValidationError as error:
        form.refuse(error)
        return False
    create = bool(form.cleaned_data.get("create_units"))
    given = {"file": stored.pk, "name": file.name, "rows": rows}
    request.session[WAITING] = {"ledger": ledger.key, "create_units": create, **given}
    return True


@require_http_methods(["GET", "POST"])
def preview(request: HttpRequest, key: str) -> HttpResponse:
    """What the workbook would do, row by row; POST does it: all of it, or the rows that were chosen, in one act."""
    ledger = importable(request, key)
    waiting = request.session.get(WAITING) or {}
    if waiting.get("ledger") != ledger.key:
        return redirect("ledger-import", key=ledger.key)
    late = LateForm(request.POST if "late_reason" in request.POST else None)
    if late.is_valid():
        _read_anew(request, waiting, late_reason=late.cleaned_data["late_reason"])
        return redirect("ledger-import-preview", key=ledger.key)
    plan = _plan_at_hand(request, waiting)
    if plan is None or "saving" in waiting:
        return redirect("ledger-import-progress", key=ledger.key)
    form = TokenForm(request.POST or None)
    sent_in = request.method == "POST" and not late.is_bound and form.is_valid()
    if sent_in and (address := _confirmed(request, form, plan, waiting)):
        return redirect(address)
    context = {
        "ledger": ledger,
        "plan": plan,
        "form": form,
        "late": late,
        "file_name": waiting["name"],
        "headings": [column.heading for column in shown_columns(plan)],
        "page": page_of_rows(plan, request.GET),
        "chips": chips(plan, request.GET.get("kind", "")),
        "sentence": counted(plan),
        "totals": compared(plan.totals),
    }
    return render(request, "ledgers/import_preview.html", context, status=422 if form.errors or plan.errors else 200)


def _plan_at_hand(request: HttpRequest, waiting: dict[str, Any]) -> ImportPlan | None:
    """What this workbook would do; turning its pages does not read it again. None as long as the worker reads it."""
    if is_long(waiting):
        return plan_of_run(waiting)
    return kept_plan(_plan_key(request.seat, waiting), lambda: planned(request.seat, waiting))


def _plan_key(seat: Any, waiting: dict[str, Any]) -> Hashable:
    options = waiting["create_units"], tuple(waiting.get("left_out", [])), waiting.get("late_reason", "")
    return waiting["ledger"], waiting["file"], seat.pk, options, last_act(seat.county_id)


def _read_anew(request: HttpRequest, waiting: dict[str, Any], **told: Any) -> None:
    """The same workbook once more, with what was told of it since."""
    forget_run(waiting)
    kept = {name: value for name, value in waiting.items() if name not in ("planning", "saving")}
    request.session[WAITING] = kept | told


@require_http_methods(["GET", "POST"])
def progress(request: HttpRequest, key: str) -> HttpResponse:
    """How far the worker is with a long workbook, until there is something to see; POST has it read once more.

    A script that asks again and again is first told that it need not any more, or it would break off the way to the
    next page with each further question.
    """
    ledger = importable(request, key)
    waiting = request.session.get(WAITING) or {}
    if waiting.get("ledger") != ledger.key or not is_long(waiting):
        return redirect("ledger-import-preview", key=ledger.key)
    if request.method == "POST":
        _begin(request, waiting)
        return redirect("ledger-import-progress", key=ledger.key)
    run = run_of(waiting, timezone.now())
    if run is None or (run.is_read and plan_of_run(waiting) is None):
        run = run_of(_begin(request, waiting), timezone.now())
    if run.is_done and not (request.htmx and "done" not in request.GET):
        return _go_on(request, _after(request, ledger, waiting, run))
    context = {"ledger": ledger, "run": run, "file_name": waiting["name"]}
    return render(request, "ledgers/import_progress.html", context)


def _begin(request: HttpRequest, waiting: dict[str, Any]) -> dict[str, Any]:
    _read_anew(request, waiting)
    request.session[WAITING] |= {"planning": begin_planning(request.seat, request.session[WAITING])}
    return request.session[WAITING]


def _after(request: HttpRequest, ledger: Ledger, waiting: dict[str, Any], run: Run) -> str:
    """Where a run that is done leads to: what was read is looked at, what was written is a batch."""
    if not run.saves:
        return reverse("ledger-import-preview", args=[ledger.key])
    forget_run(waiting)
    del request.session[WAITING]
    messages.success(request, f"已导入“{waiting['name']}”：{run.answer['sentence']}。")
    return reverse("batch", args=[run.answer["batch"]])


def _go_on(request: HttpRequest, address: str) -> HttpResponse:
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


@require_http_methods(["GET", "POST"])
def columns(request: HttpRequest, key: str) -> HttpResponse:
    """How the waiting workbook's headers were read, to be corrected; what is said is remembered for such headers."""
    ledger = importable(request, key)
    waiting = request.session.get(WAITING) or {}
    if waiting.get("ledger") != ledger.key:
        return redirect("ledger-import", key=ledger.key)
    stored = get_object_or_404(StoredFile, pk=waiting["file"])
    left_out = waiting.get("left_out", [])
    with opened(stored, waiting["name"]) as file:
        tables = headers_of(ledger, file, request.seat)
    if forgotten := request.POST.get("forget"):
        _forget(request, ledger, forgotten)
        return redirect("ledger-import-columns", key=ledger.key)
    form = LayoutForm(sent(request), ledger=ledger, tables=tables, left_out=left_out)
    if request.method == "POST" and form.is_valid() and _remember(request, form, ledger):
        _read_anew(request, waiting, left_out=form.left_out)
        return redirect("ledger-import-preview", key=ledger.key)
    context = {"ledger": ledger, "form": form, "file_name": waiting["name"]}
    return render(request, "ledgers/import_columns.html", context, status=422 if form.errors else 200)


@require_GET
def marked(request: HttpRequest, key: str) -> HttpResponse:
    """The waiting workbook with what is wrong in it commented at its cells."""
    ledger = importable(request, key)
    waiting = request.session.get(WAITING) or {}
    if waiting.get("ledger") != ledger.key:
        return redirect("ledger-import", key=ledger.key)
    plan = _plan_at_hand(request, waiting)
    if plan is None:
        return redirect("ledger-import-progress", key=ledger.key)
    content = BytesIO(marked_workbook(waiting, plan))
    return workbook_response(content, f"{PurePath(waiting['name']).stem}（已标注）.xlsx")


def _forget(request: HttpRequest, ledger: Ledger, fingerprint: str) -> None:
    with door(request.seat, at=timezone.now(), reason=f"导入{ledger.name}时恢复自动识别") as writing:
        forget(writing, known_layouts(ledger, request.seat.county_id).get(fingerprint))


def _remember(request: HttpRequest, form: LayoutForm, ledger: Ledger) -> bool:
    reason = f"导入{ledger.name}时核对表头"
    try:
        with door(request.seat, at=timezone.now(), token=form.cleaned_data["token"], reason=reason) as writing:
            for layout in form.layouts:
                remember(writing, ledger, layout.table, columns=layout.columns, units=layout.units)
    except ValidationError as error:
        form.refuse(error)
        return False
    return True


def _confirmed(request: HttpRequest, form: TokenForm, plan: ImportPlan, waiting: dict[str, Any]) -> str:
    """Write what was confirmed, or have the worker write it; the address to go on to, empty where it may not be."""
    said = {"seen": request.POST.get("seen", plan.digest), "take": request.POST.get("take", "")}
    said |= {"ticked": request.POST.getlist("row"), "token": form.cleaned_data["token"]}
    try:
        part = chosen(plan, said["seen"], said["take"], said["ticked"])
        if is_long(waiting):
            request.session[WAITING] = waiting | {"saving": begin_saving(request.seat, waiting, said)}
            return reverse("ledger-import-progress", args=[plan.ledger.key])
        forget_plan(_plan_key(request.seat, waiting))
        batch = saved(request.seat, waiting, part, said["token"])
    except ValidationError as error:
        form.refuse(error)
        return ""
    del request.session[WAITING]
    messages.success(request, f"已导入“{batch.file_name}”：{counted(part)}。")
    return reverse("batch", args=[batch.code])


@require_GET
def batches(request: HttpRequest) -> HttpResponse:
    if not request.seat or not request.seat.is_business:
        raise PermissionDenied("您当前的身份不查看导入批次。")
    rows = ImportBatch.objects.visible_to(request.seat).order_by("-pk").select_related("file")[:200]
    return render(request, "imports/list.html", {"batches": [(row, ledger_for(row.ledger)) for row in rows]})


@require_http_methods(["GET", "POST"])
def batch(request: HttpRequest, code: str) -> HttpResponse:
    """One batch; its history can be accepted once, by somebody who did not import it."""
    if not request.seat or not request.seat.is_business:
        raise PermissionDenied("您当前的身份不查看导入批次。")
    row = get_object_or_404(ImportBatch.objects.visible_to(request.seat), code=code)
    ledger = ledger_for(row.ledger)
    may_accept = (
        not row.accepted_on and not row.voided_at and bool(ledger.written_by(row)) and request.seat.may("verify", row)
    )
    if request.method == "POST" and not may_accept:
        raise PermissionDenied("您当前的身份不能作期初认定，或这一批已经认定。")
    form = OpeningForm(sent(request), request.FILES or None)
    if request.method == "POST" and form.is_valid() and _accept(request, form, ledger, row):
        return redirect("batch", code=row.code)
    context = {
        "batch": row,
        "ledger": ledger,
        "form": form,
        "may_accept": may_accept,
        "may_undo": not row.accepted_on and not row.voided_at and request.seat.may("void", row),
        "evidence": Evidence.objects.visible_to(request.seat).filter(ledger=BATCHES, record_id=row.pk),
        "counts": [(word, row.summary.get(kind, 0)) for kind, word in KIND_WORDS.items()],
        "totals": compared(row.summary.get("totals", {})),
    }
    return render(request, "imports/batch.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def batch_undo(request: HttpRequest, code: str) -> HttpResponse:
    """撤销 of a whole batch, or the sentences that say what stands in its way."""
    if not request.seat or not request.seat.is_business:
        raise PermissionDenied("您当前的身份不查看导入批次。")
    row = get_object_or_404(ImportBatch.objects.visible_to(request.seat), code=code)
    if not request.seat.may("void", row):
        raise PermissionDenied("您当前的身份不能撤销这一批导入。")
    form = ReasonForm(sent(request))
    if request.method == "POST" and form.is_valid() and _undo(request, form, row):
        return redirect("batch", code=row.code)
    context = {
        "batch": row,
        "ledger": ledger_for(row.ledger),
        "form": form,
        "obstacles": obstacles(row),
        "added": row.summary.get(NEW, 0),
        "updated": row.summary.get(UPDATE, 0),
    }
    return render(request, "imports/undo.html", context, status=422 if form.errors else 200)


def _undo(request: HttpRequest, form: ReasonForm, row: ImportBatch) -> bool:
    given = form.cleaned_data
    try:
        with door(request.seat, at=timezone.now(), token=given["token"], reason=given["reason"]) as writing:
            count = take_back(writing, row, reason=given["reason"])
    except ValidationError as error:
        form.refuse(error)
        return False
    messages.success(request, f"已撤销导入“{row.file_name}”，涉及记录 {count} 条。")
    return True


def _accept(request: HttpRequest, form: OpeningForm, ledger: Ledger, row: ImportBatch) -> bool:
    given = form.cleaned_data
    try:
        with door(
            request.seat, at=timezone.now(), token=given["token"], reason=f"期初：{given['document']}"
        ) as writing:
            count = accept_opening(
                writing,
                row,
                ledger.written_by(row),
                document=given["document"],
                dated=given["dated"],
                on=timezone.localdate(),
            )
            if given["file"]:
                stored = store(given["file"].chunks(), name=given["file"].name, at=writing.at)
                attach(writing, row, ledger=BATCHES, slot="期初认定文件", name=given["file"].name, stored=stored)
    except ValidationError as error:
        form.refuse(error)
        return False
    messages.success(request, f"已按“{given['document']}”认定历史数据 {count} 条。")
    return True


def compared(totals: dict[str, dict[str, str | None]]) -> list[tuple[str, Decimal, Decimal | None]]:
    """[(column, Σ of the rows read, the sheet's own 合计 or None), …], 万元."""
    return [
        (header, Decimal(t["computed"]), Decimal(t["stated"]) if t["stated"] else None) for header, t in totals.items()
    ]
