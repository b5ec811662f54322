"""What every page shows: who sits here, and where this seat may go."""

from townships.menu import ledgers_by_subject


def navigation(request):
    seat = getattr(request, "seat", None)
    if seat is None:
        return {"seat": None}
    subjects = ledgers_by_subject() if seat.is_business else []
    return {"seat": seat, "seats": request.seats, "menu_subjects": subjects, "county": seat.county}
