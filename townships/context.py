"""What every page shows: who sits here, and where this seat may go."""

from core.ledgers.ledger import all_ledgers


def navigation(request):
    seat = getattr(request, "seat", None)
    if seat is None:
        return {"seat": None}
    ledgers = [ledger for ledger in all_ledgers() if ledger.shown_in_menu] if seat.is_business else []
    return {"seat": seat, "seats": request.seats, "menu_ledgers": ledgers, "county": seat.county}
