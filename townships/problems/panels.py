"""问题 on the page of a project, an enterprise or a unit."""

from typing import Any

from django.db.models import Q

from core.ledgers.ledger import ledger_for, ledger_of
from core.records import Record
from townships.models import Unit

SHOWN = ("title", "light", "stage", "responsible", "deadline", "raised_on")


def problems_panel(record: Record, seat: Any) -> dict[str, Any]:
    """The problems about this row; of a unit also those that concern it or that it has to solve."""
    ledger, own = ledger_for("problems"), ledger_of(type(record))
    about = Q(subject_ledger=own.key if own else "", subject_id=record.pk)
    if isinstance(record, Unit):
        about |= Q(township=record.pk) | Q(responsible=record.pk)
    rows = ledger.rows(seat).filter(about)
    return {
        "title": "问题",
        "ledger": ledger,
        "columns": [ledger.column(name) for name in SHOWN],
        "rows": ledger.with_display(rows).order_by("-raised_on", "pk"),
        "totals": ledger.totals(rows),
        "begun": f"subject={record.code}",
        "adding": "新增问题",
    }
