"""A view of the project list that the demo's county office shares with everybody."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.timezone import make_aware

from core.ledgers.ledger import ledger_for
from core.ledgers.saved_views import save_view
from core.write import door
from townships.models import Seat

SHARED_AT = datetime(2023, 2, 1, 9, 0)
NAME = "待认定的签约"
QUERY = (
    "signing_verdict=pending&columns=name,landing_unit,signed,total_investment,signing_verdict&sort=-total_investment"
)


def share_view(seats: Mapping[tuple[str, str | None], Seat]) -> None:
    office = seats["county", None]
    with door(office, at=make_aware(SHARED_AT)) as writing:
        save_view(writing, ledger=ledger_for("projects"), user=office.user, name=NAME, query=QUERY, shared=True)
