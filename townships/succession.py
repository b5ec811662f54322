"""Registering 单位沿革, and giving what a split unit leaves to its heirs; each takes the open door first."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.utils import timezone

from core.records import Record
from core.write import Door, Refused
from townships.models import PilotTerm, Seat, Unit, UnitAlias, UnitSuccession
from townships.models.succession import SuccessionKind
from townships.services import pilot_on, short_name
from townships.succeeding import DIVIDED, HOLDINGS, SUCCEED, Heir, Holding, first_open_month, give_seat_over

MERGED, BACK, TERM = "单位合并", "撤回沿革", "试点期"


class Given(NamedTuple):
    """One thing that a person gives to one heir."""

    holding: Holding
    record: Any
    successor: Unit


def succeed(
    writing: Door,
    *,
    predecessor: Unit,
    successor: Unit,
    on: date,
    kind: str = SuccessionKind.MERGER,
    document: str = "",
) -> UnitSuccession:
    """From `on` on the successor stands where the predecessor stood, which ends the day before.

    By a merger its people's seats, its pilot term and the spellings of its name go over at once; by a split nothing
    does until somebody says to whom (`give_over`). Raises Refused or ValidationError.
    """
    if on > timezone.localdate(writing.at):
        raise Refused({"on": "承接日期不能晚于今天，请到那一天再登记。"})
    row = UnitSuccession(predecessor=predecessor, successor=successor, on=on, kind=kind, document=document)
    merges = kind == SuccessionKind.MERGER
    row.carried = [told(title, record) for title, record in _going_over(predecessor, on)] if merges else []
    row = writing.add(row)
    heir = Heir(predecessor, successor, on, on, MERGED)
    gone = Unit.objects.get(pk=predecessor.pk)
    _end_pilot_term(writing, heir, passes_on=merges)
    if merges:
        for seat in seats_in(predecessor):
            give_seat_over(writing, seat, heir)
        _give_names(writing, heir)
    writing.change(gone, action=str(row.get_kind_display()), valid_until=on - timedelta(days=1))
    return row


def told(title: str, record: Record) -> dict[str, str]:
    until = {"until": f"{record.last_day or ''}"} if isinstance(record, PilotTerm) else {}
    return {"title": title, "name": str(record), "code": record.code, **until}


def _going_over(unit: Unit, on: date) -> Iterable[tuple[str, Record]]:
    yield from (("人员岗位", seat) for seat in seats_in(unit))
    yield from (("单位别名", alias) for alias in names_of(unit))
    if (term := pilot_on(unit, on - timedelta(days=1))) is not None:
        yield TERM, term


def seats_in(unit: Unit) -> Sequence[Seat]:
    return list(Seat.objects.current().filter(unit=unit).select_related("user", "unit").order_by("pk"))


def names_of(unit: Unit) -> Sequence[UnitAlias]:
    return list(UnitAlias.objects.current().filter(unit=unit).order_by("pk"))


def _give_names(writing: Door, heir: Heir) -> None:
    """Older workbooks name the unit that is gone: they find its heir."""
    for alias in names_of(heir.predecessor):
        writing.change(alias, action=MERGED, unit=heir.successor)
    known = set(UnitAlias.objects.current().in_county(heir.successor.county_id).values_list("name", flat=True))
    for name in dict.fromkeys((heir.predecessor.name, short_name(heir.predecessor.name))):
        if name not in known:
            writing.add(UnitAlias(unit=heir.successor, name=name))


def _end_pilot_term(writing: Door, heir: Heir, *, passes_on: bool) -> None:
    """The heir goes on with the term unless it has one of its own; which heir of a split does is nobody's guess."""
    last_day = heir.on - timedelta(days=1)
    for term in PilotTerm.objects.current().filter(unit=heir.predecessor).exclude(last_day__lt=heir.on):
        if term.first_day > last_day:
            writing.void(term, reason="单位已由别的单位承接")
            continue
        if passes_on and pilot_on(heir.successor, heir.on) is None:
            same = {"category": term.category, "type": term.type, "document": term.document}
            writing.add(PilotTerm(unit=heir.successor, first_day=heir.on, last_day=term.last_day, **same))
        writing.change(term, last_day=last_day)


def counted_with(unit: Unit, day: date) -> str:
    """A sentence for the figures of a unit seen on that day: whose past is in them, or in whose it is; else empty."""
    heirs = UnitSuccession.objects.heirs(unit.county_id, day)
    gone = [key for key, heir in heirs.items() if heir == unit.pk]
    if not gone and unit.pk not in heirs:
        return ""
    names = Unit.objects.in_county(unit.county_id).listed().in_bulk([*gone, heirs.get(unit.pk, unit.pk)])
    if unit.pk in heirs:
        return f"{unit}已由{names[heirs[unit.pk]]}承接，这一期间的数计入{names[heirs[unit.pk]]}。"
    return f"含{'、'.join(str(names[key]) for key in gone)}并入以前的记录。"


def change_document(writing: Door, *, succession: UnitSuccession, version: int | None, document: str) -> UnitSuccession:
    return writing.change(succession, version=version, document=document)


def take_back(writing: Door, *, succession: UnitSuccession, reason: str) -> UnitSuccession:
    """What was registered by mistake: the unit stands again, and its people, names and pilot term go back to it.

    Raises Refused once a month was closed since, or once something was given over by a split.
    """
    if first_open_month(succession.county_id, succession.on) > succession.on:
        raise Refused("承接日期以后的月份已经关账，按承接单位算过的数不能再改，不能作废。")
    if succession.is_split and succession.carried:
        raise Refused(f"已有 {len(succession.carried)} 项划给{succession.successor}，不能作废。")
    row = writing.void(succession, reason=reason)
    if not UnitSuccession.objects.current().filter(predecessor=succession.predecessor).exists():
        gone = Unit.objects.get(pk=succession.predecessor_id)
        writing.change(gone, action=BACK, valid_until=None)
        _give_back(writing, Heir(succession.successor, gone, succession.on, succession.on, BACK), succession.carried)
    return row


def _give_back(writing: Door, heir: Heir, carried: Iterable[Mapping[str, str]]) -> None:
    """Of what went over by a merger whatever is still with the one that took over."""
    kept = {item["code"]: item for item in carried}
    for seat in (seat for seat in seats_in(heir.predecessor) if seat.code in kept):
        give_seat_over(writing, seat, heir)
    for alias in names_of(heir.predecessor):
        if alias.code in kept:
            writing.change(alias, action=BACK, unit=heir.successor)
        elif alias.name in (heir.successor.name, short_name(heir.successor.name)):
            writing.void(alias, reason=BACK)
    for term in PilotTerm.objects.current().filter(unit=heir.successor, code__in=kept):
        until = kept[term.code]["until"]
        passed = PilotTerm.objects.current().filter(unit=heir.predecessor, first_day=heir.on, category=term.category)
        for own in passed:
            writing.void(own, reason=BACK)
        writing.change(term, last_day=date.fromisoformat(until) if until else None)


# -- 划转 -----------------------------------------------------------------------------------------------


def heirs_of(unit: Unit) -> list[UnitSuccession]:
    """By whom the unit was split, in the order in which they were registered."""
    rows = UnitSuccession.objects.current().splits().filter(predecessor=unit)
    return list(rows.select_related("predecessor", "successor").order_by("pk"))


def left_by(unit: Unit) -> list[tuple[Holding, list[Any]]]:
    """What nobody was given yet, kind by kind."""
    found = [(holding, list(holding.of(unit))) for holding in HOLDINGS.values()]
    return [(holding, rows) for holding, rows in found if rows]


def give_over(writing: Door, *, unit: Unit, given: Sequence[Given]) -> Mapping[Unit, int]:
    """One act; {heir: how many things it got}. Raises Refused where an heir is none, or nothing is given."""
    splits = {row.successor: row for row in heirs_of(unit)}
    if not writing.actor.may(SUCCEED, next(iter(splits.values()), UnitSuccession(county_id=unit.county_id))):
        raise Refused(f"您当前的身份（{writing.actor.label}）不能划转。")
    if not given:
        raise Refused("还没有选择划给哪个单位。")
    if strangers := [one.successor for one in given if one.successor not in splits]:
        raise Refused(f"{strangers[0]}不是{unit}的承接单位。")
    month = first_open_month(unit.county_id, next(iter(splits.values())).on)
    counts: dict[Unit, int] = {}
    for successor, row in splits.items():
        own = [one for one in given if one.successor == successor]
        carried = [told(one.holding.title, one.record) for one in own]
        for one in own:
            one.holding.give(writing, one.record, Heir(unit, successor, row.on, month))
        if own:
            counts[successor] = len(own)
            writing.change(row, action=DIVIDED, permission=SUCCEED, carried=[*row.carried, *carried])
    return counts
