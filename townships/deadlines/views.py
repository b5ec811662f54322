"""报送日历: a year's deadlines of all ledgers, read by everybody; one ledger's, set by the county office."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.ledgers.forms import TokenForm, sent
from core.ledgers.ledger import Ledger
from core.ledgers.views import readable
from core.periods import Period, PeriodError
from core.write import door
from townships.deadlines.calendar import (
    Year,
    holidays_of,
    ledgers_with_deadlines,
    move_deadlines,
    moves,
    set_deadlines,
    workdays_of,
    years_of,
)
from townships.deadlines.entry_times import entry_times, last_days
from townships.deadlines.forms import CalendarForm, FillForm, filled_in
from townships.deadlines.models import LedgerDeadline
from townships.models import Seat

FILL = "fill"
"""The button 填写空白月份."""


def reading(request: HttpRequest) -> Seat:
    """The seat, if it reads ledgers at all."""
    if request.seat is None or not request.seat.may("read", LedgerDeadline):
        raise PermissionDenied("您当前的身份不查看业务台账。")
    return request.seat


def _years(request: HttpRequest, year: int, ledgers: list[Ledger]) -> list[Year]:
    county_id = reading(request).county_id
    try:
        return years_of(county_id, year, ledgers)
    except PeriodError as error:
        raise Http404(str(error)) from error


def may_set(seat: Seat) -> bool:
    return seat.may("set_deadlines", LedgerDeadline(county_id=seat.county_id))


@require_GET
def deadlines(request: HttpRequest, year: int) -> HttpResponse:
    """Ledgers down, months across, with the gaps said."""
    years = _years(request, year, ledgers_with_deadlines())
    context = {
        "year": year,
        "months": range(1, 13),
        "years": years,
        "gaps": [one for one in years if one.gaps],
        "holidays": holidays_of(request.seat.county_id, year),
        **_moving(request.seat),
    }
    return render(request, "townships/deadlines.html", context)


def _moving(seat: Seat) -> dict[str, Any]:
    """What holidays would move by now, for whoever sets deadlines."""
    if not may_set(seat):
        return {"may_set": False, "moves": []}
    return {"may_set": True, "moves": moves(seat.county_id, timezone.localdate()), "form": TokenForm()}


@require_POST
def deadlines_move(request: HttpRequest, year: int) -> HttpResponse:
    """调整期限 of all that is shown."""
    if not may_set(reading(request)):
        raise PermissionDenied("报送期限由县招商办经办设定。")
    form = TokenForm(request.POST)
    try:
        token = form.cleaned_data["token"] if form.is_valid() else ""
        with door(request.seat, at=timezone.now(), token=token) as writing:
            messages.success(request, f"已按放假调休调整{move_deadlines(writing)}个报送期限。")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("deadlines", year=year)


@require_http_methods(["GET", "POST"])
def ledger_deadlines(request: HttpRequest, year: int, key: str) -> HttpResponse:
    """One ledger's twelve months."""
    ledger = readable(request, key)
    if ledger not in ledgers_with_deadlines():
        raise Http404("这本台账不设报送期限。")
    (held,) = _years(request, year, [ledger])
    if not may_set(request.seat):
        raise PermissionDenied("报送期限由县招商办经办设定。")
    rule = FillForm(request.POST if request.POST.get("do") == FILL else None)
    if rule.is_bound:
        shown = CalendarForm(_typed(request, held, rule) if rule.is_valid() else request.POST, year=held)
        return _page(request, held, shown, rule, status=200 if rule.is_valid() else 422)
    form = CalendarForm(sent(request), year=held)
    if request.method == "POST" and form.is_valid() and _saved(request, form, held, year):
        return redirect("deadlines", year=year)
    return _page(request, held, form, rule, status=422 if form.errors else 200)


def _typed(request: HttpRequest, year: Year, rule: FillForm) -> dict[str, str]:
    """What was typed, and the rule's days in the boxes that are empty."""
    typed = {name: text for name, text in request.POST.items() if text.strip()}
    workdays = workdays_of(request.seat.county_id)
    return {**filled_in(year, rule.cleaned_data["day"], workdays), **typed}


def _page(request: HttpRequest, year: Year, form: TokenForm, rule: FillForm, *, status: int) -> HttpResponse:
    number = year.months[0].first.year
    context: dict[str, Any] = {"year": number, "held": year, "form": form, "rule": rule, "filled": rule.is_bound}
    context["holidays"] = holidays_of(request.seat.county_id, number)
    return render(request, "townships/ledger_deadlines.html", context, status=status)


def _rule_day(request: HttpRequest) -> int | None:
    """次月几日, where the boxes were filled by it before they were saved."""
    rule = FillForm(request.POST)
    return rule.cleaned_data["day"] if rule.is_valid() else None


def _saved(request: HttpRequest, form: CalendarForm, held: Year, year: int) -> bool:
    try:
        with door(request.seat, at=timezone.now(), token=form.cleaned_data["token"]) as writing:
            changed = set_deadlines(writing, ledger=held.ledger, year=year, days=form.days, rule_day=_rule_day(request))
    except ValidationError as error:
        form.refuse(error)
        return False
    messages.success(request, f"已保存{held.ledger.name}{year}年报送期限，{changed}个月有变动。")
    return True


@require_GET
def entry_times_latest(request: HttpRequest) -> HttpResponse:
    """The quarter that ended last."""
    reading(request)
    quarter = Period.containing(timezone.localdate(), "quarter").previous()
    return redirect("entry-times", period=quarter.code)


@require_GET
def entry_times_page(request: HttpRequest, period: str) -> HttpResponse:
    """When the rows of a quarter were entered and on which days they fall, ledger by ledger; no unit is ranked."""
    seat = reading(request)
    try:
        quarter = Period.parse(period)
    except PeriodError as error:
        raise Http404(str(error)) from error
    if quarter.kind != "quarter":
        raise Http404("补录情况按季度查看，请在地址里写季度，例如2024Q1。")
    context = {
        "quarter": quarter,
        "rows": entry_times(seat, quarter),
        "first": f"{quarter.first_day:%Y-%m-%d}",
        "last": f"{quarter.last_day:%Y-%m-%d}",
        "last_days": f"{last_days(quarter):%Y-%m-%d}",
    }
    return render(request, "townships/entry_times.html", context)
