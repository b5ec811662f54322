"""关账: what the months of the ledgers are, and closing some of them after a look at what still waits there."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core.closing import close_month
from core.ledgers.filters import as_query
from core.ledgers.forms import ClosingForm, sent
from core.ledgers.ledger import Ledger, all_ledgers
from core.ledgers.query import ListQuery
from core.models import Closing, ClosingException
from core.periods import Period, month_label
from core.records import Verdict
from core.write import door


@dataclass(frozen=True)
class ClosedTogether:
    """Ledgers of a month that one act closed; `exceptions`: how many of their cells were asked open again."""

    closing: Closing
    names: str
    exceptions: int
    query: str


@dataclass(frozen=True)
class ToClose:
    """A ledger with its rows of the month; `waiting` for a verdict, None where it takes none."""

    ledger: Ledger
    rows: int
    waiting: int | None
    query: str


@require_http_methods(["GET", "POST"])
def closing(request: HttpRequest) -> HttpResponse:
    """关账, per ledger and month: chosen first, then told what waits, then done."""
    if not request.seat or not request.seat.is_business:
        raise PermissionDenied("您当前的身份不查看关账。")
    ledgers = [ledger for ledger in all_ledgers() if ledger.model.closes_with]
    may_close = request.seat.may("close", Closing(county_id=request.seat.county_id))
    if request.method == "POST" and not may_close:
        raise PermissionDenied("您当前的身份不能关账。")
    form = ClosingForm(sent(request), ledgers=ledgers)
    if request.method == "POST" and form.is_valid():
        if not request.POST.get("sure"):
            told = asked_about(form, ledgers, request.seat)
            return render(request, "imports/closing_sure.html", {"form": form, **told})
        if _close(request, form):
            return redirect("closing")
    context = {"form": form, "closed": closed_together(request.seat, ledgers), "may_close": may_close}
    return render(request, "imports/closing.html", context, status=422 if form.errors else 200)


def asked_about(form: ClosingForm, ledgers: Iterable[Ledger], seat: Any) -> dict[str, Any]:
    month = Period.containing(form.cleaned_data["month"], "month")
    chosen = [ledger for ledger in ledgers if ledger.model.closes_with in form.cleaned_data["ledgers"]]
    lines = [to_close(ledger, month, seat) for ledger in chosen]
    return {"month": month, "lines": lines, "waiting": sum(line.waiting or 0 for line in lines)}


def to_close(ledger: Ledger, month: Period, seat: Any) -> ToClose:
    conditions = {"happened_from": [f"{month.first_day}"], "happened_to": [f"{month.last_day}"]}
    query = as_query({**conditions, "verdict": [Verdict.PENDING.value]})
    rows = ListQuery(ledger, as_query(conditions), seat).rows
    waiting = rows.filter(verdict=Verdict.PENDING).count() if ledger.verifiable else None
    return ToClose(ledger, rows.count(), waiting, query.urlencode())


def closed_together(seat: Any, ledgers: Iterable[Ledger]) -> list[ClosedTogether]:
    names = {ledger.key: ledger.name for ledger in ledgers}
    closed = Closing.objects.filter(county_id=seat.county_id).order_by("-month", "closed_at", "pk")
    cells = ClosingException.objects.current().visible_to(seat).values_list("month", "ledger")
    asked = Counter(cells)
    acts = groupby(closed, key=lambda row: (row.month, row.closed_at, row.closed_as))
    return [_together(list(rows), names, asked) for _, rows in acts]


def _together(rows: list[Closing], names: dict[str, str], asked: Counter[tuple[date, str]]) -> ClosedTogether:
    month, keys = rows[0].month, [row.ledger for row in rows]
    count = sum(asked[month, key] for key in keys)
    query = as_query({"happened_from": [f"{month}"], "happened_to": [f"{month:%Y-%m}"], "ledger": keys})
    return ClosedTogether(rows[0], "、".join(names[key] for key in keys), count, query.urlencode())


def _close(request: HttpRequest, form: ClosingForm) -> bool:
    try:
        with door(request.seat, at=timezone.now(), token=form.cleaned_data["token"]) as writing:
            for ledger in form.cleaned_data["ledgers"]:
                close_month(writing, ledger=ledger, month=form.cleaned_data["month"])
    except ValidationError as error:
        form.refuse(error)
        return False
    count = len(form.cleaned_data["ledgers"])
    messages.success(request, f"已关账：{month_label(form.cleaned_data['month'])}，{count}本台账。")
    return True
