"""疑点 on the page of an enterprise: those that this seat may see."""

from typing import Any

from core.ledgers.ledger import ledger_for
from enterprises.models import Enterprise

SHOWN = ("month", "rule", "sentence", "light", "responsible", "deadline", "outcome")


def questions_panel(enterprise: Enterprise, seat: Any) -> dict[str, Any]:
    ledger = ledger_for("coherence_questions")
    rows = ledger.rows(seat).filter(enterprise=enterprise)
    return {
        "title": "疑点核实",
        "ledger": ledger,
        "columns": [ledger.column(name) for name in SHOWN],
        "rows": ledger.with_display(rows).order_by("-month", "-pk"),
        "totals": ledger.totals(rows),
    }
