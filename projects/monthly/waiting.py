"""What of the monthly reports waits for a seat: told on its first page, counted as the list that it links to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.utils.http import urlencode

from core.ledgers.ledger import ledger_for
from core.periods import Period, month_label
from projects.models.reports import Timeliness
from projects.monthly.steps import Stage
from townships.models import WHOLE_COUNTY, Duty, Role, Seat


@dataclass(frozen=True)
class Kind:
    """What waits, for which roles and duties (none asked: for all of these roles), by the list's own filters."""

    word: str
    roles: frozenset[str]
    duties: frozenset[str]
    conditions: Mapping[str, str]
    mark: str = ""


@dataclass(frozen=True)
class Waiting:
    """`query` is the list of exactly these `count` reports."""

    word: str
    count: int
    query: str
    mark: str


@dataclass(frozen=True)
class ReportsWaiting:
    """`begins`: the month whose reports nobody has begun yet, in words; empty where they have."""

    kinds: list[Waiting]
    begins: str

    def __bool__(self) -> bool:
        return bool(self.kinds or self.begins)


TOWNSHIP, OFFICE = frozenset({Role.TOWNSHIP}), frozenset({Role.COUNTY})
ENTRY, REVIEW = frozenset({Duty.ENTRY}), frozenset({Duty.REVIEW})
KINDS = (
    Kind("退回修改", TOWNSHIP, ENTRY, {"stage": Stage.RETURNED}, "tag tag-returned"),
    Kind("待填报", TOWNSHIP, ENTRY, {"stage": Stage.FILLING}),
    Kind("待审核", TOWNSHIP, REVIEW, {"stage": Stage.SIGNING}),
    Kind("待受理", OFFICE, REVIEW, {"stage": Stage.ACCEPTING}),
    Kind("逾期未报", WHOLE_COUNTY | TOWNSHIP, frozenset(), {"timeliness": Timeliness.MISSING}, "tag tag-overdue"),
)
BEGINNERS = TOWNSHIP | OFFICE


def waiting_reports(seat: Seat, day: date) -> ReportsWaiting | None:
    """What waits for this seat, in one statement; None where nothing does."""
    kinds = [k for k in KINDS if seat.role in k.roles and (not k.duties or k.duties.intersection(seat.duties))]
    if not kinds:
        return None
    month = Period.containing(day, "month").previous().first_day
    counted = {f"n{number}": Count("pk", filter=Q(**kind.conditions)) for number, kind in enumerate(kinds)}
    rows = ledger_for("reports").rows(seat).order_by()
    counts = rows.aggregate(**counted, begun=Count("pk", filter=Q(month=month)))
    found = [Waiting(k.word, counts[f"n{n}"], urlencode(k.conditions), k.mark) for n, k in enumerate(kinds)]
    begins = seat.role in BEGINNERS and Duty.ENTRY in seat.duties and not counts["begun"]
    told = ReportsWaiting([waiting for waiting in found if waiting.count], month_label(month) if begins else "")
    return told or None
