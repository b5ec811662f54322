"""关账例外: to ask for one cell of a closed month, and to decide about it."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core.closing import ask_exception, end_exception, grant_exception, refuse_exception
from core.ledgers.forms import sent
from core.ledgers.ledger import Ledger, ledger_for
from core.ledgers.views import readable, record_url
from core.locks import MonthLocks
from core.models import ClosingException, Decision
from core.records import Record
from core.write import Door, door
from townships.closing_forms import AskForm, DecideForm
from townships.closing_ledger import closing_ledgers
from townships.models import CountyRecord, Seat, Unit

LEDGER = "closing_exceptions"
DECISIONS = {Decision.GRANTED: grant_exception, Decision.REFUSED: refuse_exception, Decision.ENDED: end_exception}
DONE = {Decision.GRANTED: "已批准“{}”。", Decision.REFUSED: "已答复不同意“{}”。", Decision.ENDED: "已收回“{}”。"}


@require_http_methods(["GET", "POST"])
def exception_new(request: HttpRequest) -> HttpResponse:
    """Of the own unit, or, with `of` and `row` in the address, of one row."""
    ledger, seat = readable(request, LEDGER), request.seat
    if not seat.may("ask_exception", ClosingException(county_id=seat.county_id, unit_id=seat.unit_id)):
        raise PermissionDenied("关账例外由填报单位或县招商办的经办申请。")
    of, row = _row_asked(request)
    form = AskForm(sent(request), seat=seat, ledgers=closing_ledgers(), row=row, months=_months(of, row, seat))
    if request.method == "POST" and form.is_valid() and _asked(request, form, of, row):
        return redirect("ledger-list", key=ledger.key)
    context = {"ledger": ledger, "form": form, "of": of, "row": row}
    return render(request, "townships/exception_new.html", context, status=422 if form.errors else 200)


def _row_asked(request: HttpRequest) -> tuple[Ledger | None, Record | None]:
    if not request.GET.get("row"):
        return None, None
    ledger = ledger_for(request.GET.get("of", ""))
    return ledger, ledger.find(request.seat, request.GET["row"])


def _months(ledger: Ledger | None, row: Record | None, seat: Seat) -> list[date]:
    """The closed months that keep the row from being changed."""
    if ledger is None or row is None:
        return []
    return sorted(MonthLocks(seat.county_id, timezone.localdate()).closed_for(row, row.months_locked_for({"code"})))


def _asked(request: HttpRequest, form: AskForm, of: Ledger | None, row: Record | None) -> bool:
    try:
        with door(request.seat, at=timezone.now(), token=form.cleaned_data["token"]) as writing:
            count = _ask(writing, form.cleaned_data, of, row, request.seat)
    except ValidationError as error:
        form.refuse(error)
        return False
    messages.success(request, f"已提出{count}份关账例外申请，等县招商办审核同事批准。")
    return True


def _ask(writing: Door, given: dict[str, Any], of: Ledger | None, row: Record | None, seat: Seat) -> int:
    told = {"month": given["month"], "reason": given["reason"], "until": given["wanted_until"]}
    if of is not None and isinstance(row, CountyRecord):
        unit = seat.unit or Unit.objects.visible_to(seat).filter(pk__in=row.reopened_for()).order_by("pk").first()
        ask_exception(writing, ledger=row.closes_with, unit=unit, row=row, **told)
        return 1
    for ledger in given["ledgers"]:
        ask_exception(writing, ledger=ledger, unit=given.get("unit") or seat.unit, **told)
    return len(given["ledgers"])


@require_http_methods(["GET", "POST"])
def exception_decide(request: HttpRequest, code: str) -> HttpResponse:
    """批准, 不同意 or 收回, by a second person."""
    ledger = readable(request, LEDGER)
    exception = ledger.find(request.seat, code)
    if not ledger.extra_context(exception, request.seat)["may_decide"]:
        raise PermissionDenied("关账例外由县招商办审核岗批准，且不能是申请人本人；已答复或到期的不能再批。")
    form = DecideForm(sent(request), exception=exception)
    if request.method == "POST" and form.is_valid() and _decided(request, form, exception):
        return redirect(record_url(ledger, exception))
    context = {"ledger": ledger, "exception": exception, "facts": ledger.facts(exception, request.seat), "form": form}
    return render(request, "townships/exception_decide.html", context, status=422 if form.errors else 200)


def _decided(request: HttpRequest, form: DecideForm, exception: ClosingException) -> bool:
    decision = form.decision
    try:
        with door(request.seat, at=timezone.now(), token=form.cleaned_data["token"]) as writing:
            DECISIONS[decision](writing, exception, **form.told)
    except ValidationError as error:
        form.refuse(error)
        return False
    messages.success(request, DONE[decision].format(exception))
    return True
