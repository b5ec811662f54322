"""移交: who hands over to whom, what that is, and the list that three people sign."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from core.ledgers.forms import sent
from core.write import door
from townships.forms import HandOverForm
from townships.handing_over import GIVE, found_with, hand_over, handovers_of, people_of
from townships.models import HandOver, Seat


def handing(request: HttpRequest) -> Seat:
    """The seat, if it may arrange hand-overs in its county."""
    seat = request.seat
    if seat is None or not seat.may(GIVE, HandOver(county_id=seat.county_id)):
        raise PermissionDenied("移交由县招商办审核岗或系统管理员办理。")
    return seat


@require_GET
def handovers(request: HttpRequest) -> HttpResponse:
    seat = handing(request)
    people = people_of(seat.county_id, timezone.localdate())
    context = {"rows": handovers_of(seat.county_id), "people": people}
    return render(request, "townships/handovers.html", context)


@require_http_methods(["GET", "POST"])
def handover_new(request: HttpRequest, pk: int) -> HttpResponse:
    seat, today = handing(request), timezone.localdate()
    giver = get_object_or_404(people_of(seat.county_id, today), pk=pk)
    found = found_with(giver, seat.county_id, today)
    form = HandOverForm(sent(request), people=people_of(seat.county_id, today).exclude(pk=pk), count=len(found))
    if request.method == "POST" and form.is_valid():
        try:
            with door(seat, at=timezone.now(), token=form.cleaned_data["token"]) as writing:
                row = hand_over(writing, giver=giver, on=today, **form.told)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, f"已把{giver}的 {len(row.items)} 项移交给{row.receiver}，请打印清单签字。")
            return redirect("handover", code=row.code)
    context = {"giver": giver, "items": [line.told for line in found], "form": form}
    return render(request, "townships/handover_new.html", context, status=422 if form.errors else 200)


@require_GET
def handover(request: HttpRequest, code: str) -> HttpResponse:
    """移交清单, as paper wants it."""
    seat = handing(request)
    row = get_object_or_404(handovers_of(seat.county_id), code=code)
    return render(request, "townships/handover.html", {"row": row})
