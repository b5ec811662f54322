"""The plan of a workbook that waits for confirmation, kept while somebody pages through its rows.

In this process alone and only a few, so that nothing has to be stored or cleared away: where none is kept, the workbook
is planned anew. A plan is never shown over rows that changed since: the last act in the county is part of its name, and
every write is an act.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from uuid import UUID

from core.audit import VIEWED
from core.ledgers.importing import ImportPlan
from core.models import AuditEntry

KEPT = 3
"""Plans in memory; one of 10 000 rows takes some tens of megabytes."""

_plans: OrderedDict[Hashable, ImportPlan] = OrderedDict()
_lock = Lock()


def last_act(county_id: int) -> UUID | None:
    """The last act that changed anything in this county; None before the first."""
    lines = AuditEntry.objects.filter(county_id=county_id).exclude(action=VIEWED)
    return lines.order_by("-pk").values_list("act", flat=True).first()


def kept_plan(key: Hashable, make: Callable[[], ImportPlan]) -> ImportPlan:
    """The plan of that name, made where it is not kept. `key` holds all that a plan depends on, `last_act` too."""
    with _lock:
        if key in _plans:
            _plans.move_to_end(key)
            return _plans[key]
    plan = make()
    with _lock:
        _plans[key] = plan
        while len(_plans) > KEPT:
            _plans.popitem(last=False)
    return plan


def forget_plan(key: Hashable) -> None:
    """Writing a plan changes its rows, so that it is never written or shown again."""
    with _lock:
        _plans.pop(key, None)
