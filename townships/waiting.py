"""待办: what of a ledger waits for a seat, told on its first page and counted as the list that it links to.

A ledger says its kinds in `waits`; whoever adds one needs no other place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Value
from django.utils.http import urlencode

from core.ledgers.ledger import Ledger, all_ledgers
from core.records import Verdict
from townships.models import Duty, Seat
from townships.models.units import any_of


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


@dataclass(frozen=True)
class Waits:
    """`lines`: (ledger, what of it waits); `verdicts`: (ledger, rows to be judged, or mended after they came back).

    `count`: rows on which this seat itself has to act, each once: what everybody is only told of is left out.
    """

    lines: list[tuple[Ledger, list[Waiting]]]
    verdicts: list[tuple[Ledger, int]]
    count: int


def waits_of(seat: Seat) -> Waits:
    """All of it in one statement."""
    asked = [(ledger, kind) for ledger in all_ledgers() for kind in kinds_for(ledger.waits, seat)]
    judged = [ledger for ledger in all_ledgers() if ledger.verifiable]
    acting = list(dict.fromkeys(ledger for ledger, kind in asked if kind.duties))
    counts = _counted(
        [ledger.rows(seat).filter(_asked(kind, seat)) for ledger, kind in asked]
        + [_unjudged(ledger, seat) for ledger in judged]
        + [ledger.rows(seat).filter(_to_act_on(ledger, seat)) for ledger in acting]
    )
    told, rest = counts[: len(asked)], counts[len(asked) :]
    verdicts = [(ledger, count) for ledger, count in zip(judged, rest, strict=False) if count]
    own = sum(count for _, count in verdicts) if _judges(seat) else 0
    lines = _lines([(ledger, _told(kind, seat, count)) for (ledger, kind), count in zip(asked, told, strict=True)])
    return Waits(lines, verdicts, own + sum(rest[len(judged) :]))


def _counted(parts: Sequence[QuerySet]) -> list[int]:
    """How many rows each of the parts has."""
    numbered = [
        rows.order_by().values(number=Value(number)).annotate(rows=Count("pk")).values_list("number", "rows")
        for number, rows in enumerate(parts)
    ]
    if not numbered:
        return []
    found = dict(numbered[0].union(*numbered[1:], all=True))
    return [found.get(number, 0) for number in range(len(parts))]


def _lines(told: list[tuple[Ledger, Waiting]]) -> list[tuple[Ledger, list[Waiting]]]:
    """What there is none of is left out."""
    found: dict[Ledger, list[Waiting]] = {}
    for ledger, waiting in told:
        if waiting.count:
            found.setdefault(ledger, []).append(waiting)
    return list(found.items())


def _told(kind: Kind, seat: Seat, count: int) -> Waiting:
    return Waiting(kind.word, count, _query(kind, seat), kind.mark)


def _unjudged(ledger: Ledger, seat: Seat) -> QuerySet:
    """Rows that wait for a verdict, or that came back to the unit that entered them."""
    verdict = Verdict.RETURNED if seat.unit_id else Verdict.PENDING
    rows = ledger.model.objects.current().visible_to(seat).filter(verdict=verdict)
    return rows.filter(any_of(ledger.model.mended_by, seat.stands_for)) if seat.unit_id else rows


def _judges(seat: Seat) -> bool:
    """Whether what waits for a verdict, or came back, is this seat's own work."""
    return (Duty.ENTRY if seat.unit_id else Duty.REVIEW) in seat.duties


def _to_act_on(ledger: Ledger, seat: Seat) -> Q:
    return Q(*(_asked(kind, seat) for kind in kinds_for(ledger.waits, seat) if kind.duties), _connector=Q.OR)


def kinds_for(kinds: Sequence[Kind], seat: Seat) -> list[Kind]:
    return [k for k in kinds if seat.role in k.roles and (not k.duties or k.duties.intersection(seat.duties))]


def _asked(kind: Kind, seat: Seat) -> Q:
    return Q(**kind.conditions, **({f"{kind.whose}__in": seat.stands_for} if kind.whose else {}))


def _query(kind: Kind, seat: Seat) -> str:
    whose = {kind.whose: seat.unit.code} if kind.whose and seat.unit else {}
    return urlencode({**kind.conditions, **whose})
