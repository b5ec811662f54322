"""What every page shows: who sits here, and where this seat may go."""

from django.apps import apps

from core.ledgers.ledger import Ledger, all_ledgers


def in_menu_order() -> list[Ledger]:
    """What is written every day first: the ledgers of the upper floors, then those they rest on, then what no form
    writes."""
    floors = [config.label for config in apps.get_app_configs()]
    shown = [ledger for ledger in all_ledgers() if ledger.shown_in_menu]
    return sorted(
        shown,
        key=lambda ledger: (not ledger.form_columns, ledger.late_in_menu, -floors.index(ledger.model._meta.app_label)),
    )


def navigation(request):
    seat = getattr(request, "seat", None)
    if seat is None:
        return {"seat": None}
    ledgers = in_menu_order() if seat.is_business else []
    return {"seat": seat, "seats": request.seats, "menu_ledgers": ledgers, "county": seat.county}
