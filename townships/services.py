"""Writes and look-ups about counties, units, seats and the people who hold them."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.password_validation import validate_password

from core.actors import SystemActor
from core.models import Gate, User
from core.write import Door, Refused
from townships.models import County, PilotTerm, Seat, Unit, UnitAlias, UnitKind, UnitSuccession

NO_COUNTY = 0


def seats_of(user: User | AnonymousUser, day: date) -> Any:
    """The seats a person may sit on that day, the oldest first."""
    seats = Seat.objects.current().filter(user=user).select_related("unit", "user", "county")
    return seats.exclude(valid_until__lt=day).order_by("pk")


def found_county(*, code: str, name: str, demo: bool = False) -> County:
    """The first row of a county; everything else of it passes the door under this number."""
    county, _ = County.objects.get_or_create(code=code, defaults={"name": name, "demo": demo})
    Gate.objects.get_or_create(county_id=county.pk)
    return county


def system_of(county: County) -> SystemActor:
    return SystemActor(county_id=county.pk)


def person_of(user: User) -> SystemActor:
    """A person before any seat was given to them, or after the last was taken back: may act on the account only."""
    return SystemActor(county_id=NO_COUNTY, label=f"{user}（无岗位）", user_id=user.pk)


def open_account(writing: Door, *, username: str, full_name: str, password: str, phone: str = "") -> User:
    """A person's account; seats say what it is good for. Raises ValidationError on a weak password."""
    if not writing.actor.may("account", None):
        raise Refused("只有系统管理员能开设账号。")
    user = User(username=username, full_name=full_name, phone=phone)
    if writing.actor.user_id is not None:
        validate_password(password, user)
    user.set_password(password)
    return writing.keep(user, action="开设账号")


def change_password(writing: Door, *, user: User, password: str) -> User:
    """One's own; that it was changed is told, what it is never."""
    if writing.actor.user_id != user.pk:
        raise Refused("只能修改自己的密码。")
    person = User.objects.select_for_update().get(pk=user.pk)
    person.set_password(password)
    return writing.keep(person, action="修改密码")


def set_disclosure(writing: Door, *, disclosed: Mapping[str, Sequence[str]]) -> None:
    """栏目可见范围: {kind of what is withheld: audiences that read it all the same}."""
    if not writing.actor.may("set_disclosure", Unit(county_id=writing.actor.county_id)):
        raise Refused(f"您当前的身份（{writing.actor.label}）不能设定栏目可见范围。")
    county = County.objects.select_for_update().get(pk=writing.actor.county_id)
    writing.keep(county, action="设定栏目可见范围", disclosed=disclosed)


COUNTY_BEFORE = re.compile(r"^.{1,6}?[县区市](?=.{2})")
OFFICE_BEHIND = re.compile(r"(?:人民政府|镇政府|乡政府|党委|党工委|办事处|管委会|管理委员会)$")


def reset_password(writing: Door, *, user: User, password: str) -> User:
    """For somebody who forgot it; whoever is signed in with the old one is signed out. Raises ValidationError."""
    if not writing.actor.may("account", None):
        raise Refused("只有系统管理员能重设密码。")
    person = User.objects.select_for_update().get(pk=user.pk)
    if Seat.objects.current().filter(user=person).exclude(county=writing.actor.county_id).exists():
        raise Refused(f"{person}在别的县也有岗位，请本人登录后自己修改密码。")
    validate_password(password, person)
    person.set_password(password)
    return writing.keep(person, action="重设密码")


def give_seat(
    writing: Door, *, user: User, role: str, duties: list[str], unit: Unit | None = None, **more: Any
) -> Seat:
    return writing.add(Seat(user=user, role=role, duties=duties, unit=unit, **more))


def add_unit(writing: Door, *, aliases: tuple[str, ...] = (), **values: Any) -> Unit:
    unit = writing.add(Unit(**values))
    for alias in aliases:
        writing.add(UnitAlias(unit=unit, name=alias))
    return unit


def change_unit(writing: Door, *, unit: Unit, version: int | None = None, **values: Any) -> Unit:
    """A renamed unit is found under its old name too, as older workbooks write it."""
    before = Unit.objects.get(pk=unit.pk).name
    _ended_by_succession(unit, values)
    changed = writing.change(unit, version=version, **values)
    known = UnitAlias.objects.current().filter(county=changed.county_id, name=before)
    if changed.name != before and not known.exists():
        writing.add(UnitAlias(unit=changed, name=before))
    return changed


def _ended_by_succession(unit: Unit, values: Mapping[str, Any]) -> None:
    """Its last day was said by the unit that took over; the two may not say different things."""
    if values.get("valid_until", unit.valid_until) != unit.valid_until and unit.successions.current().exists():
        raise Refused({"valid_until": f"{unit}的撤销日期由单位沿革决定，登记错了的，请到单位沿革里作废那一条。"})


def void_unit(writing: Door, *, unit: Unit, reason: str) -> Unit:
    """A unit entered by mistake, with the spellings of its name. What stands in it has to go elsewhere first."""
    for alias in UnitAlias.objects.current().filter(unit=unit):
        writing.void(alias, reason=reason)
    return writing.void(unit, reason=reason)


def unit_names(seat: Any) -> dict[str, Unit]:
    """Every spelling of this county's present units: names, then aliases, then names without their last word."""
    units = list(Unit.objects.current().in_county(seat.county_id).filter(valid_until=None).listed())
    aliases = UnitAlias.objects.current().in_county(seat.county_id).select_related("unit")
    spellings = {short_name(unit.name): unit for unit in units}
    return spellings | {alias.name: alias.unit for alias in aliases} | {unit.name: unit for unit in units}


def present_names(seat: Any) -> dict[int, str]:
    """{unit that was merged: name of its heir}: as which a workbook of today names what it left."""
    heirs = UnitSuccession.objects.heirs(seat.county_id)
    names = Unit.objects.in_county(seat.county_id).in_bulk(set(heirs.values()))
    return {unit: names[heir].name for unit, heir in heirs.items()}


def unit_lookup(seat: Any, new_rows: list[Any] | None) -> Callable[[str], Unit | None]:
    """For imports: a township as written in a cell → the unit. With `new_rows`, a name that the county
    lacks becomes a new unit there, of the kind its last word says."""
    known = unit_names(seat)

    def find(written: str) -> Unit | None:
        name = "".join(written.split())
        name = name if name in known or plain_name(name) not in known else plain_name(name)
        if name not in known and new_rows is not None:
            known[name] = Unit(name=name, kind=kind_by_name(name), position=500 + len(new_rows))
            new_rows.append(known[name])
        return known.get(name)

    return find


def lookup_of_then(seat: Any) -> Callable[[str], Unit | None]:
    """As `unit_lookup`, but the name of a unit that was merged is that unit: an older workbook finds the rows that
    it left. `heir_in` says whose a new row is."""
    find = unit_lookup(seat, None)
    rows = Unit.objects.current().in_county(seat.county_id)
    present = set(rows.filter(valid_until=None).values_list("name", flat=True))
    gone = rows.filter(pk__in=UnitSuccession.objects.heirs(seat.county_id)).exclude(name__in=present)
    held = {unit.name: unit for unit in gone}
    return lambda written: held.get("".join(written.split())) or find(written)


def heir_in(values: Mapping[str, Any], seat: Any, name: str = "unit") -> dict[str, Any]:
    """The values of a new row, which is the heir's where they name a unit that was merged."""
    unit = values.get(name)
    if unit is None or unit.valid_until is None:
        return dict(values)
    heir = UnitSuccession.objects.heirs(seat.county_id).get(unit.pk)
    return {**values, name: Unit.objects.get(pk=heir)} if heir else dict(values)


def plain_name(name: str) -> str:
    """三台县芦溪镇人民政府 → 芦溪镇: without the county before it and the office behind."""
    return OFFICE_BEHIND.sub("", COUNTY_BEFORE.sub("", name, count=1))


def kind_by_name(name: str) -> UnitKind:
    if name.endswith("街道"):
        return UnitKind.STREET
    return UnitKind.TOWNSHIP if name.endswith(("镇", "乡")) else UnitKind.PARK


def short_name(name: str) -> str:
    """芦溪镇 → 芦溪: how people write it; a name of two characters stays whole."""
    for ending in ("街道", "镇", "乡"):
        if name.endswith(ending) and len(name) - len(ending) >= 2:
            return name.removesuffix(ending)
    return name


def pilot_on(unit: Unit, day: date) -> PilotTerm | None:
    terms = PilotTerm.objects.current().filter(unit=unit, first_day__lte=day).order_by("-first_day")
    return terms.exclude(last_day__lt=day).first()
