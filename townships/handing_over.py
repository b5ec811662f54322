"""移交: what is open in a person's hands, and all of it given to another person in one act.

What can be open is a table of sources. Every app's module of this name adds its own by `source_of(…)`: what it finds
with a person, and how one such thing is given on; where nothing has to be done, it goes with the seat by itself.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, QuerySet

from core.ledgers.ledger import all_ledgers
from core.models import SavedView, User
from core.records import Verdict
from core.write import Door, Refused
from townships.models import HandOver, Seat
from townships.services import seats_of

GIVE = "hand_over"
CHANGED = "打开这一页以后，移交人手上的事项有了变化，请核对下面的清单后再确认。"


@dataclass(frozen=True)
class Thing:
    """Something open, in words; `record` where giving it on changes a row."""

    name: str
    note: str = ""
    record: Any = None


@dataclass
class Handing:
    """One hand-over on its way; `seats` are the receiver's, by key of the giver's."""

    writing: Door
    giver: User
    receiver: User
    on: date
    seats: dict[int, Seat] = field(default_factory=dict)


@dataclass(frozen=True)
class Source:
    title: str
    find: Callable[[User, int, date], Iterable[Thing]]
    give: Callable[[Handing, Thing], None] | None = None


@dataclass(frozen=True)
class Found:
    """One line of the list."""

    source: Source
    thing: Thing

    @property
    def told(self) -> dict[str, Any]:
        moved = self.source.give is not None
        return {"title": self.source.title, "name": self.thing.name, "note": self.thing.note, "moved": moved}


SOURCES: list[Source] = []


def source_of(source: Source) -> None:
    if source.title not in {known.title for known in SOURCES}:
        SOURCES.append(source)


def found_with(person: User, county_id: int, day: date) -> list[Found]:
    """All that is open in that county in the person's hands, in the order of the sources; seats come first."""
    return [Found(source, thing) for source in SOURCES for thing in source.find(person, county_id, day)]


def people_of(county_id: int, day: date) -> QuerySet:
    """Who holds a seat in the county that day, by name."""
    held = Seat.objects.current().in_county(county_id).exclude(valid_until__lt=day)
    return User.objects.filter(is_active=True, pk__in=held.values("user")).order_by("full_name", "pk")


def handovers_of(county_id: int) -> QuerySet:
    return HandOver.objects.current().in_county(county_id).select_related("giver", "receiver").order_by("-pk")


def hand_over(
    writing: Door, *, giver: User, receiver: User, on: date, expected: int | None = None, **told: str
) -> HandOver:
    """Give on whatever the giver has open, end the giver's seats the day before, and shut the account.

    `told`: witness, reason, document. Raises Refused where the acting person gives or receives, where a seat is not
    theirs to give, or where there is no longer what was `expected`.
    """
    if writing.actor.user_id in (giver.pk, receiver.pk):
        raise Refused("移交要由第三人办理，移交人和接收人都不能自己办。")
    if not receiver.is_active:
        raise Refused({"receiver": f"{receiver}的账号已停用，请换一位接收人。"})
    found = found_with(giver, writing.actor.county_id, on)
    if expected is not None and expected != len(found):
        raise Refused(CHANGED)
    handing = Handing(writing, giver, receiver, on)
    ending = _own_seats(giver, writing.actor.county_id, on)
    _give(handing, found)
    _end(writing, ending, on)
    _shut_account(writing, giver, on)
    seats = "、".join(seat.title for seat in ending)[:500]
    items = [line.told for line in found]
    row = HandOver(giver=giver, receiver=receiver, on=on, seats=seats, items=items, **told)
    return writing.add(row, permission=GIVE)


def _give(handing: Handing, found: Iterable[Found]) -> None:
    for line in found:
        if line.source.give is not None:
            line.source.give(handing, line.thing)


def _own_seats(person: User, county_id: int, day: date) -> list[Seat]:
    return [seat for seat in seats_of(person, day) if seat.county_id == county_id]


def _end(writing: Door, seats: Iterable[Seat], on: date) -> None:
    """Not voided: what was done under a seat stays tied to it."""
    for seat in seats:
        if not writing.actor.may(GIVE, seat):
            raise Refused(f"{seat.label}不是业务岗位，请由系统管理员办理移交。")
        writing.change(seat, action="移交", permission=GIVE, valid_until=on - timedelta(days=1))


def _shut_account(writing: Door, person: User, on: date) -> None:
    """Whoever is signed in is signed out with the next click. Left open where another county has a seat for them."""
    if not seats_of(person, on).exists():
        row = User.objects.select_for_update().get(pk=person.pk)
        writing.keep(row, action="停用账号", is_active=False)


# -- what every county has ---------------------------------------------------------------------------


def _seats(person: User, county_id: int, day: date) -> list[Thing]:
    return [Thing(seat.title, seat.get_role_display(), seat) for seat in _own_seats(person, county_id, day)]


def _give_seat(handing: Handing, thing: Thing) -> None:
    """The same seat for the receiver, unless they sit on one that is good for as much."""
    old: Seat = thing.record
    held = [seat for seat in _own_seats(handing.receiver, old.county_id, handing.on) if _as_good(seat, old)]
    if held:
        handing.seats[old.pk] = held[0]
        return
    if not handing.writing.actor.may(GIVE, old):
        raise Refused(f"{old.label}不是业务岗位，请由系统管理员办理移交。")
    same = {"role": old.role, "duties": old.duties, "unit": old.unit, "valid_until": old.valid_until}
    handing.seats[old.pk] = handing.writing.add(Seat(user=handing.receiver, **same), permission=GIVE)


def _as_good(seat: Seat, old: Seat) -> bool:
    lasts = seat.valid_until is None or (old.valid_until is not None and seat.valid_until >= old.valid_until)
    return lasts and (seat.role, seat.unit_id) == (old.role, old.unit_id) and set(seat.duties) >= set(old.duties)


def _returned(person: User, county_id: int, day: date) -> Iterable[Thing]:
    for ledger in (kept for kept in all_ledgers() if kept.verifiable):
        rows = ledger.model.objects.current().in_county(county_id).filter(verdict=Verdict.RETURNED, claimed_by=person)
        for row in ledger.with_display(rows).order_by("pk"):
            yield Thing(f"{row}（{row.code}）", f"退回：{row.verdict_note}")


def _waiting(person: User, county_id: int, day: date) -> Iterable[Thing]:
    for ledger in (kept for kept in all_ledgers() if kept.verifiable):
        rows = ledger.model.objects.current().in_county(county_id).filter(verdict=Verdict.PENDING, claimed_by=person)
        if count := rows.aggregate(count=Count("pk"))["count"]:
            yield Thing(f"{ledger.noun}{count}{ledger.measure}", "已填报，等待认定")


def _views(person: User, county_id: int, day: date) -> list[Thing]:
    kept = SavedView.objects.current().in_county(county_id).filter(owner=person, shared=True).order_by("pk")
    return [Thing(view.name, "全县共享的视图", view) for view in kept]


def _give_view(handing: Handing, thing: Thing) -> None:
    view: SavedView = thing.record
    taken = SavedView.objects.current().in_county(view.county_id).filter(owner=handing.receiver, ledger=view.ledger)
    name = f"{view.name[:20]}（{handing.giver}）"[:30] if taken.filter(name=view.name).exists() else view.name
    handing.writing.change(view, action="移交", permission=GIVE, owner=handing.receiver, name=name)


for source in (
    Source("岗位", _seats, _give_seat),
    Source("退回待改", _returned),
    Source("等待认定", _waiting),
    Source("共享视图", _views, _give_view),
):
    source_of(source)
