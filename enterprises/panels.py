"""Parts of an enterprise's page that upper floors add: a floor below knows nothing of the rows that point to it."""

from collections.abc import Callable
from typing import Any

from enterprises.models import Enterprise

Panel = Callable[[Enterprise, Any], dict[str, Any]]
"""enterprise, seat → a part of its page, as `Ledger.panels` gives them."""

_PANELS: dict[str, Panel] = {}


def panel_of_enterprise(panel: Panel) -> Panel:
    """From here on this part stands on every enterprise's page, before its problems."""
    _PANELS[f"{panel.__module__}.{panel.__qualname__}"] = panel
    return panel


def added_panels(enterprise: Enterprise, seat: Any) -> list[dict[str, Any]]:
    return [panel(enterprise, seat) for panel in _PANELS.values()]
