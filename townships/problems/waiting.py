"""What of the problems waits for a seat: told on its first page, counted as the list that it links to."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.http import urlencode

from core.ledgers.ledger import ledger_for
from townships.models import OWN_UNIT, WHOLE_COUNTY, Duty, Role, Seat
from townships.problems.models import Light
from townships.problems.steps import Stage


@dataclass(frozen=True)
class Kind:
    """What waits, for which roles and duties (none asked: for all of these roles), by the list's own filters.

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
    """`query` is the list of exactly these `count` problems."""

    word: str
    count: int
    query: str
    mark: str


ENTRY, REVIEW, EITHER = frozenset({Duty.ENTRY}), frozenset({Duty.REVIEW}), frozenset({Duty.ENTRY, Duty.REVIEW})
OFFICE = frozenset({Role.COUNTY})
HANDLING = {"stage": Stage.HANDLING}
KINDS = (
    Kind("逾期", OWN_UNIT, ENTRY, {**HANDLING, "light": Light.RED}, "responsible", "tag tag-overdue"),
    Kind("临期", OWN_UNIT, ENTRY, {**HANDLING, "light": Light.YELLOW}, "responsible", "tag tag-due"),
    Kind("在期限内", OWN_UNIT, ENTRY, {**HANDLING, "light": Light.GREEN}, "responsible", "tag tag-normal"),
    Kind("验收退回", OWN_UNIT, ENTRY, {**HANDLING, "returned": "True"}, "responsible", "tag tag-returned"),
    Kind("待本单位验收", OWN_UNIT, EITHER, {"stage": Stage.APPLIED}, "raised_unit"),
    Kind("待交办", OFFICE, ENTRY, {"stage": Stage.RAISED}),
    Kind("待验收", OFFICE, REVIEW, {"stage": Stage.APPLIED}),
    Kind("逾期", WHOLE_COUNTY, frozenset(), {"light": Light.RED}, "", "tag tag-overdue"),
)


def waiting_problems(seat: Seat) -> list[Waiting]:
    """What waits for this seat, in one statement; what there is none of is left out."""
    kinds = [k for k in KINDS if seat.role in k.roles and (not k.duties or k.duties.intersection(seat.duties))]
    if not kinds:
        return []
    rows = ledger_for("problems").rows(seat)
    counts = rows.order_by().aggregate(**{f"n{n}": Count("pk", filter=_asked(k, seat)) for n, k in enumerate(kinds)})
    found = [Waiting(k.word, counts[f"n{n}"], _query(k, seat), k.mark) for n, k in enumerate(kinds)]
    return [waiting for waiting in found if waiting.count]


def _asked(kind: Kind, seat: Seat) -> Q:
    return Q(**kind.conditions, **({kind.whose: seat.unit_id} if kind.whose else {}))


def _query(kind: Kind, seat: Seat) -> str:
    whose = {kind.whose: seat.unit.code} if kind.whose and seat.unit else {}
    return urlencode({**kind.conditions, **whose})
