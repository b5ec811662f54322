"""划转: what a unit that was split leaves, and how one such thing goes over to one of its heirs.

What there can be is a table of holdings. Every app's module of this name adds its own by `holding_of(…)`, in the
order in which they are given; `followed_by(…)` adds what is left to do by hand after a merger or a split.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from core.models import Closing
from core.periods import Period, month_of
from core.write import Door
from townships.models import Seat, Unit, UnitSuccession

SUCCEED = "succeed"
DIVIDED = "分设划转"


class Heir(NamedTuple):
    """Who takes over from whom: `month` is the first from which the credit goes over, `act` what history calls it."""

    predecessor: Unit
    successor: Unit
    on: date
    month: date
    act: str = DIVIDED


@dataclass(frozen=True)
class Holding:
    """A kind of rows that a unit has in its hands: those whose unit at `path` it is.

    `measure` is the counting word; `note` says more about a row; `give` writes it over; `moves_credit`: from the
    heir's month on it counts for the heir.
    """

    key: str
    title: str
    measure: str
    rows: Callable[[], QuerySet]
    path: str
    give: Callable[[Door, Any, Heir], None]
    note: Callable[[Any], str] = lambda row: ""
    moves_credit: bool = False

    def of(self, unit: Unit) -> QuerySet:
        return self.rows().filter(**{self.path: unit}).order_by("pk")


class Step(NamedTuple):
    """Something to do by hand after a succession, with where it is done."""

    sentence: str
    link: str
    address: str


Steps = Callable[[UnitSuccession], Iterable[Step]]
HOLDINGS: dict[str, Holding] = {}
STEPS: dict[str, Steps] = {}


def holding_of(holding: Holding) -> None:
    HOLDINGS[holding.key] = holding


def followed_by(steps: Steps) -> Steps:
    STEPS[f"{steps.__module__}.{steps.__qualname__}"] = steps
    return steps


def steps_after(succession: UnitSuccession) -> list[Step]:
    return [step for steps in STEPS.values() for step in steps(succession)]


def something_held(path: str) -> Q:
    """Whether the unit at that path of a row still holds anything."""
    found = (Q(Exists(held.rows().filter(**{held.path: OuterRef(path)}))) for held in HOLDINGS.values())
    return Q(*found, _connector=Q.OR)


def first_open_month(county_id: int, on: date) -> date:
    """The month of that day, or the first after the county's closed months: what was closed keeps its credit."""
    closed = Closing.objects.filter(county_id=county_id, month__gte=month_of(on)).order_by("-month").first()
    return Period.containing(closed.month, "month").next().first_day if closed else month_of(on)


# -- what every county has ---------------------------------------------------------------------------


def _seats() -> QuerySet:
    return Seat.objects.current().select_related("user", "unit")


def give_seat_over(writing: Door, seat: Seat, heir: Heir) -> None:
    writing.change(seat, action=heir.act, permission=SUCCEED, unit=heir.successor)


holding_of(Holding("seats", "人员岗位", "个", _seats, "unit", give_seat_over, lambda seat: seat.get_role_display()))
