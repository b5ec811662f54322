"""待办: what of a ledger waits for a seat, told on its first page and counted as the list that it links to.

A ledger says its kinds in `waits`; whoever adds one needs no other place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.http import urlencode

from core.ledgers.ledger import Ledger, all_ledgers
from townships.models import Seat


@dataclass(frozen=True)
class Kind:
    """What waits, for which roles and duties (none asked: for all of these roles), by the list's own filters.

    `conditions`: filter of the list → value, of which each is a field or an annotation of the same name.
    `whose`: the filter that a unit's own seat adds with its unit.
    """

    word: str
    roles: frozenset[str]
    duties: frozenset[str]
    conditions: Mapping[str, str]
    whose: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Waiting:
    """`query` is the list of exactly these `count` rows."""

    word: str
    count: int
    query: str
    mark: str


def waiting_lines(seat: Seat) -> list[tuple[Ledger, list[Waiting]]]:
    """Of each ledger that has something for this seat; one statement a ledger."""
    found = [(ledger, waiting_of(ledger, seat)) for ledger in all_ledgers() if ledger.waits]
    return [(ledger, waiting) for ledger, waiting in found if waiting]


def waiting_of(ledger: Ledger, seat: Seat) -> list[Waiting]:
    """What there is none of is left out."""
    kinds = kinds_for(ledger.waits, seat)
    if not kinds:
        return []
    rows = ledger.rows(seat).order_by()
    counts = rows.aggregate(**{f"n{n}": Count("pk", filter=_asked(kind, seat)) for n, kind in enumerate(kinds)})
    found = [Waiting(kind.word, counts[f"n{n}"], _query(kind, seat), kind.mark) for n, kind in enumerate(kinds)]
    return [waiting for waiting in found if waiting.count]


def kinds_for(kinds: Sequence[Kind], seat: Seat) -> list[Kind]:
    return [k for k in kinds if seat.role in k.roles and (not k.duties or k.duties.intersection(seat.duties))]


def _asked(kind: Kind, seat: Seat) -> Q:
    return Q(**kind.conditions, **({f"{kind.whose}__in": seat.stands_for} if kind.whose else {}))


def _query(kind: Kind, seat: Seat) -> str:
    whose = {kind.whose: seat.unit.code} if kind.whose and seat.unit else {}
    return urlencode({**kind.conditions, **whose})
