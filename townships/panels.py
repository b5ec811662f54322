"""单位沿革 on a unit's page: what went into it, what it went into."""

from typing import Any

from django.db.models import Q

from core.ledgers.ledger import ledger_for
from townships.models import Unit

SHOWN = ("predecessor", "kind", "successor", "on", "document", "waiting")


def succession_panel(unit: Unit, seat: Any) -> dict[str, Any]:
    ledger = ledger_for("successions")
    rows = ledger.rows(seat).filter(Q(predecessor=unit) | Q(successor=unit))
    return {
        "title": "单位沿革",
        "ledger": ledger,
        "columns": [ledger.column(name) for name in SHOWN],
        "rows": ledger.with_display(rows).order_by("-on", "pk"),
        "totals": ledger.totals(rows),
        "begun": f"predecessor={unit.code}",
        "adding": "登记合并或分设",
    }
