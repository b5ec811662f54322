"""Every request is made under one seat, chosen visibly by whoever holds several."""

from django.utils import timezone

from townships.models import Seat
from townships.services import seats_of

SESSION_KEY = "seat"


class SeatMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.seats = list(seats_of(request.user, timezone.localdate())) if request.user.is_authenticated else []
        request.seat = current_seat(request)
        return self.get_response(request)


def current_seat(request) -> Seat | None:
    """The chosen seat while it is valid, else the first one; a person without any has None."""
    chosen = request.session.get(SESSION_KEY)
    return next((s for s in request.seats if s.pk == chosen), None) or next(iter(request.seats), None)
