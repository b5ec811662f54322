"""Every request is made under one seat, chosen visibly by whoever holds several."""

from django.utils import timezone

from core.write import door
from townships.models import Role, Seat
from townships.services import seats_of

SESSION_KEY = "seat"
WATCHED = frozenset({Role.INSPECTOR})
"""Who reads everything of a county without working there: every view is logged."""
READING = frozenset({"GET", "HEAD"})


class SeatMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.seats = list(seats_of(request.user, timezone.localdate())) if request.user.is_authenticated else []
        request.seat = current_seat(request)
        if request.seat is not None and request.seat.role in WATCHED and request.method in READING:
            log_view(request.seat, request.get_full_path())
        return self.get_response(request)


def current_seat(request) -> Seat | None:
    """The chosen seat while it is valid, else the first one; a person without any has None."""
    chosen = request.session.get(SESSION_KEY)
    return next((s for s in request.seats if s.pk == chosen), None) or next(iter(request.seats), None)


def log_view(seat: Seat, address: str) -> None:
    """Before the page is made: nothing is shown that is not in the log."""
    with door(seat, at=timezone.now()) as writing:
        writing.tell_view(seat, address)
