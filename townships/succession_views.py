"""划转: what a split unit leaves, given to its heirs on one page and in one act."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core.ledgers.forms import sent
from core.write import door
from townships.models import Seat, Unit, UnitSuccession
from townships.succeeding import SUCCEED, first_open_month
from townships.succession import give_over, heirs_of, left_by
from townships.succession_forms import DivideForm


def dividing(request: HttpRequest) -> Seat:
    """The seat, if it may give over what a split unit leaves."""
    seat = request.seat
    if seat is None or not seat.may(SUCCEED, UnitSuccession(county_id=seat.county_id)):
        raise PermissionDenied("划转由县招商办填报岗办理。")
    return seat


@require_http_methods(["GET", "POST"])
def unit_divide(request: HttpRequest, code: str) -> HttpResponse:
    seat = dividing(request)
    unit = get_object_or_404(Unit.objects.current().visible_to(seat), code=code)
    heirs, left = heirs_of(unit), left_by(unit)
    if not heirs:
        raise Http404(f"{unit}没有登记分设，不用划转。")
    form = DivideForm(sent(request), left=left, heirs=[row.successor for row in heirs])
    if request.method == "POST" and form.is_valid():
        try:
            with door(seat, at=timezone.now(), token=form.cleaned_data["token"]) as writing:
                counts = give_over(writing, unit=unit, given=form.given)
        except ValidationError as error:
            form.refuse(error)
        else:
            told = "，".join(f"划给{heir} {count} 项" for heir, count in counts.items())
            messages.success(request, f"已办理{unit}的划转：{told}。")
            return redirect("unit-divide", code=code)
    context = {"unit": unit, "heirs": heirs, "form": form, "count": sum(len(rows) for _, rows in left)}
    context["month"] = first_open_month(seat.county_id, heirs[0].on)
    return render(request, "townships/divide.html", context, status=422 if form.errors else 200)
