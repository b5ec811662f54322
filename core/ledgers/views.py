"""The pages every ledger has. Each fetches what this seat may see, checks, calls, responds."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_http_methods

from core.audit_trail import history_of
from core.files import BATCHES, attach, opened, store
from core.ledgers.column_choice import column_choice
from core.ledgers.columns import Column
from core.ledgers.exporting import export_response, form_response, template_response
from core.ledgers.filter_line import filter_line
from core.ledgers.forms import EvidenceForm, LedgerForm, ReasonForm, VerdictForm, sent
from core.ledgers.kinds import EMPTY
from core.ledgers.ledger import Ledger, ledger_for
from core.ledgers.query import BadQuery, ListQuery
from core.ledgers.saved_views import start_of, view_choice, views_of
from core.ledgers.tables import row_of, table_for
from core.locks import MonthLocks
from core.models import ClosingException, Evidence, FormWording, ImportBatch, SavedView
from core.records import Record, Verdict
from core.verification import VERBS, give_verdict
from core.write import door

MOST_PRINTED = 2000
"""Rows; some eighty sheets. Whoever needs more is served better by the workbook."""


def readable(request: HttpRequest, key: str) -> Ledger:
    """The ledger, if this seat reads ledgers at all."""
    ledger = ledger_for(key)
    if request.seat is None or not request.seat.may("read", ledger.model):
        raise PermissionDenied("您当前的身份不查看业务台账。")
    return ledger


def record_url(ledger: Ledger, record: Record, page: str = "ledger-detail") -> str:
    return reverse(page, args=[ledger.key, record.code])


@require_GET
def record_list(request: HttpRequest, key: str) -> HttpResponse:
    ledger = readable(request, key)
    views = list(views_of(ledger, request.seat))
    if not request.htmx and (start := start_of(ledger, request.GET, views, request.seat)):
        return redirect(f"{request.path}?{start}")
    try:
        query = ListQuery(ledger, request.GET, request.seat)
        table = table_for(query, lambda record: record_url(ledger, record))
    except BadQuery as error:
        return render(request, "ledgers/bad_query.html", {"ledger": ledger, "sentences": error.messages}, status=400)
    context = {
        "ledger": ledger,
        "query": query,
        "table": table,
        "filters": filter_line(query),
        "column_choice": column_choice(query),
        "view_choice": view_choice(query, views),
        "may_keep_view": request.seat.may("keep_view", SavedView(county_id=request.seat.county_id, owner=request.user)),
        "may_word": request.seat.may("word_forms", FormWording(county_id=request.seat.county_id)),
        "links": ledger.links(request.seat),
        "may_add": request.seat.may("add", ledger.blank(request.seat)),
        "may_import": bool(ledger.import_key) and request.seat.may("import", ledger.blank(request.seat)),
        "may_verify": ledger.verifiable and request.seat.may(ledger.model.judged_under, ledger.blank(request.seat)),
        "list_links": ledger.list_links(request.seat),
    }
    template = "ledgers/_results.html" if request.htmx and not request.htmx.boosted else "ledgers/list.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])  # or going back would show the part for the page
    return response


@require_GET
def list_print(request: HttpRequest, key: str) -> HttpResponse:
    """All rows of the filtered list on one page, as paper wants them; a list holds only its page of them."""
    ledger = readable(request, key)
    try:
        query = ListQuery(ledger, request.GET, request.seat)
    except BadQuery as error:
        return render(request, "ledgers/bad_query.html", {"ledger": ledger, "sentences": error.messages}, status=400)
    columns = query.columns
    context = {
        "ledger": ledger,
        "query": query,
        "columns": columns,
        "unit": next((column.unit for column in columns if column.unit == "万元"), ""),
        "rows": [row_of(ledger, record, columns, query.seat) for record in query.ordered[:MOST_PRINTED]],
        "left_out": max(0, query.totals["count"] - MOST_PRINTED),
        "at": timezone.localtime(),
    }
    return render(request, "ledgers/print.html", context)


@require_GET
def record_detail(request: HttpRequest, key: str, code: str) -> HttpResponse:
    ledger = readable(request, key)
    record = ledger.find(request.seat, code)
    return render(request, ledger.detail_template, detail_context(request, ledger, record))


def _closed_to(record: Record, seat: Any) -> bool:
    """Whether a closed month keeps this seat from writing the row, so that it may ask for an exception."""
    asked = ClosingException(county_id=seat.county_id, unit_id=seat.unit_id)
    if record.voided_at or not record.closes_with or not seat.may("ask_exception", asked):
        return False
    if seat.unit_id is not None and seat.unit_id not in record.reopened_for():
        return False
    locks = MonthLocks(record.county_id, timezone.localdate())
    return bool(locks.closed_for(record, record.months_locked_for({"code"})))


def detail_context(request: HttpRequest, ledger: Ledger, record: Record) -> dict[str, Any]:
    seat, facts = request.seat, ledger.facts(record, request.seat)
    return {
        "ledger": ledger,
        "record": record,
        "facts": facts,
        "unfilled": [label for label, value in facts if value == EMPTY],
        "withheld": ledger.withheld_headers(record, seat),
        "panels": [drawn(panel, seat) for panel in ledger.panels(record, seat)],
        "history": history_of(record, seat),
        "evidence": evidence_of(ledger, record, seat),
        "may_change": not record.voided_at and seat.may("change", record),
        "may_void": not record.voided_at and seat.may("void", record),
        "may_verify": not record.voided_at and ledger.verifiable and seat.may(record.judged_under, record),
        "closed_to_change": _closed_to(record, seat),
        **ledger.extra_context(record, seat),
    }


def drawn(panel: dict[str, Any], seat: Any) -> dict[str, Any]:
    """A panel with its rows as cells and its total as a sentence; `begun` and `adding` say with what a new row begins
    and what the link to it is called."""
    ledger, columns = panel["ledger"], panel["columns"]
    body = [row_of(ledger, row, columns, seat, record_url(ledger, row)) for row in panel["rows"]]
    sentence = ListQuery(ledger, QueryDict(), seat).sentence_of(panel["totals"])
    link = {"begun": "", "adding": f"登记{ledger.noun}", "may_add": seat.may("add", ledger.blank(seat))}
    return {**link, **panel, "body": body, "sentence": sentence}


def evidence_of(ledger: Ledger, record: Record, seat: Any) -> list[Evidence]:
    """What there is to open; `withheld` marks what this seat only learns the kind of."""
    rows = Evidence.objects.current().in_county(record.county_id)
    found = list(rows.filter(ledger=ledger.key, record_id=record.pk).select_related("file").order_by("pk"))
    for paper in found:
        paper.withheld = ledger.withholds_paper(paper.slot, record, seat)
    return found


@require_http_methods(["GET", "POST"])
def record_new(request: HttpRequest, key: str) -> HttpResponse:
    ledger = readable(request, key)
    if not request.seat.may("add", ledger.blank(request.seat)):
        raise PermissionDenied(f"您当前的身份不能新增{ledger.noun}。")
    initial = {c.name: c.kind.begun_with(request.GET[c.name], request.seat) for c in asked_in(request, ledger)}
    form = LedgerForm(sent(request), ledger=ledger, seat=request.seat, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            with door(request.seat, at=timezone.now(), token=form.cleaned_data["token"]) as writing:
                record = ledger.add(writing, form.values)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, f"已新增{ledger.noun}“{record}”，编号 {record.code}。")
            return redirect(request.path if "again" in request.POST else record_url(ledger, record))
    return _form_page(request, ledger, form)


@require_http_methods(["GET", "POST"])
def record_edit(request: HttpRequest, key: str, code: str) -> HttpResponse:
    ledger = readable(request, key)
    record = ledger.find(request.seat, code)
    if record.voided_at or not request.seat.may("change", record):
        raise PermissionDenied(f"您当前的身份不能修改这条{ledger.noun}。")
    form = LedgerForm(sent(request), ledger=ledger, seat=request.seat, record=record)
    if request.method == "POST" and form.is_valid():
        try:
            with door(request.seat, at=timezone.now(), token=form.cleaned_data["token"]) as writing:
                ledger.change(writing, record, form.values, form.cleaned_data["version"])
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, f"已保存对“{record}”的修改。")
            return redirect(record_url(ledger, record))
    return _form_page(request, ledger, form, record)


def asked_in(request: HttpRequest, ledger: Ledger) -> list[Column]:
    """The form's columns that the address gives a value for."""
    return [column for column in ledger.form_columns if column.name in request.GET]


def _form_page(request: HttpRequest, ledger: Ledger, form: LedgerForm, record: Record | None = None) -> HttpResponse:
    context = {"ledger": ledger, "form": form, "record": record}
    return render(request, "ledgers/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def record_void(request: HttpRequest, key: str, code: str) -> HttpResponse:
    ledger = readable(request, key)
    record = ledger.find(request.seat, code)
    if not request.seat.may("void", record):
        raise PermissionDenied(f"您当前的身份不能作废这条{ledger.noun}。")
    form = ReasonForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            with door(request.seat, at=timezone.now(), token=form.cleaned_data["token"]) as writing:
                ledger.void(writing, record, form.cleaned_data["reason"])
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, f"已作废{ledger.noun}“{record}”，历史仍可查看。")
            return redirect("ledger-list", key=ledger.key)
    context = {"ledger": ledger, "record": record, "form": form}
    return render(request, "ledgers/void.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def record_verify(request: HttpRequest, key: str, code: str) -> HttpResponse:
    """认定 of one row, with its own amount."""
    ledger = readable(request, key)
    record = ledger.find(request.seat, code)
    _may_verify(request, ledger, record)
    form = VerdictForm(sent(request), single=record)
    if (
        request.method == "POST"
        and form.is_valid()
        and _judge(request, form, [record], form.cleaned_data.get("amount"), form.cleaned_data.get("version"))
    ):
        subject = record.history_subject
        messages.success(request, f"{VERBS[form.cleaned_data['verdict']]}：{record}。")
        return redirect(ledger.page_of(subject))
    context = {
        "ledger": ledger,
        "record": record,
        "form": form,
        "facts": ledger.facts(record, request.seat),
        "evidence": evidence_of(ledger, record, request.seat),
    }
    return render(request, "ledgers/verify.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def list_verify(request: HttpRequest, key: str) -> HttpResponse:
    """认定 of the whole filtered list as one action, after a page that says what it will do to how many."""
    ledger = readable(request, key)
    _may_verify(request, ledger, ledger.blank(request.seat))
    try:
        query = ListQuery(ledger, request.GET, request.seat)
    except BadQuery as error:
        return render(request, "ledgers/bad_query.html", {"ledger": ledger, "sentences": error.messages}, status=400)
    waiting = query.rows.filter(verdict=Verdict.PENDING)
    totals = ledger.totals(waiting)
    form = VerdictForm(sent(request))
    if request.method == "POST" and form.is_valid():
        if request.POST.get("expected") != str(totals["count"]):
            form.add_error(None, f"等待认定的已变为 {totals['count']} {ledger.measure}，请核对后再确认。")
        elif _judge(request, form, ledger.with_display(waiting)):
            verb = VERBS[form.cleaned_data["verdict"]]
            messages.success(request, f"已{verb} {totals['count']} {ledger.measure}{ledger.noun}。")
            return redirect(f"{reverse('ledger-list', args=[key])}?{request.GET.urlencode()}")
    context = {"ledger": ledger, "query": query, "form": form, "totals": totals, "sentence": query.sentence_of(totals)}
    return render(request, "ledgers/verify_list.html", context, status=422 if form.errors else 200)


def _may_verify(request: HttpRequest, ledger: Ledger, record: Record) -> None:
    if not ledger.verifiable or record.voided_at or not request.seat.may(record.judged_under, record):
        raise PermissionDenied(f"您当前的身份不能认定{ledger.noun}。")


def _judge(
    request: HttpRequest, form: VerdictForm, records: Any, amount: Any = None, version: int | None = None
) -> bool:
    given = {"verdict": form.cleaned_data["verdict"], "note": form.cleaned_data["note"]}
    try:
        with door(request.seat, at=timezone.now(), token=form.cleaned_data["token"], reason=given["note"]) as writing:
            give_verdict(writing, records, **given, on=timezone.localdate(), amount=amount, version=version)
    except ValidationError as error:
        form.refuse(error)
        return False
    return True


@require_http_methods(["GET", "POST"])
def evidence_new(request: HttpRequest, key: str, code: str) -> HttpResponse:
    ledger = readable(request, key)
    record = ledger.find(request.seat, code)
    if not (request.seat.may("change", record) or request.seat.may(record.judged_under, record)):
        raise PermissionDenied("您当前的身份不能给这条记录添加材料。")
    form = EvidenceForm(sent(request), request.FILES or None, slots=ledger.slots(record))
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            with door(request.seat, at=timezone.now(), token=form.cleaned_data["token"]) as writing:
                stored = store(upload.chunks(), name=upload.name, at=writing.at)
                slot = form.cleaned_data["slot"]
                attach(writing, record, ledger=ledger.key, slot=slot, name=upload.name, stored=stored)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, f"已添加{slot}“{upload.name}”。")
            return redirect(record_url(ledger, record))
    context = {"ledger": ledger, "record": record, "form": form}
    return render(request, "ledgers/evidence.html", context, status=422 if form.errors else 200)


@require_GET
def evidence_file(request: HttpRequest, code: str) -> HttpResponse:
    """A file is served only to who may see the row it belongs to."""
    county_id = request.seat.county_id if request.seat else None
    evidence = get_object_or_404(Evidence.objects.select_related("file"), county_id=county_id, code=code)
    record = get_object_or_404(_proved_rows(request, evidence), pk=evidence.record_id)
    if evidence.ledger != BATCHES and ledger_for(evidence.ledger).withholds_paper(evidence.slot, record, request.seat):
        raise PermissionDenied(f"按本县的栏目可见范围，{evidence.slot}不对您的岗位公开。")
    content = opened(evidence.file, evidence.name)
    return FileResponse(content, filename=evidence.name, content_type=evidence.file.media_type, as_attachment=True)


def _proved_rows(request: HttpRequest, evidence: Evidence) -> Any:
    """The rows among which the one must be that this file proves something about."""
    if evidence.ledger == BATCHES:
        return ImportBatch.objects.visible_to(request.seat)
    return readable(request, evidence.ledger).all_rows(request.seat)


@require_GET
def record_export(request: HttpRequest, key: str) -> HttpResponse:
    ledger = readable(request, key)
    try:
        query = ListQuery(ledger, request.GET, request.seat)
    except BadQuery as error:
        return render(request, "ledgers/bad_query.html", {"ledger": ledger, "sentences": error.messages}, status=400)
    return export_response(query, at=timezone.localtime())


@require_GET
def list_form(request: HttpRequest, key: str) -> HttpResponse:
    """The filtered list as the office's printed form."""
    ledger = readable(request, key)
    try:
        return form_response(ListQuery(ledger, request.GET, request.seat), at=timezone.localtime())
    except BadQuery as error:
        return render(request, "ledgers/bad_query.html", {"ledger": ledger, "sentences": error.messages}, status=400)


@require_GET
def import_template(request: HttpRequest, key: str) -> HttpResponse:
    return template_response(readable(request, key), request.seat)
