"""Writes about 目标: the year's grid, adjustments in mid-year, plans by month or quarter."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from core.dates import DateSpan
from core.write import Door, Refused
from reporting.models import Metric, Target, TargetPart
from reporting.plans import MONTHS_OF_YEAR
from townships.models import Unit

Cell = tuple[Metric, Unit | None]
Versions = dict[tuple[int, int | None], list[Target]]
"""(metric key, unit key) → that target's versions in their turn."""


def set_targets(writing: Door, *, year: int, given: Mapping[Cell, Decimal | None], document: str = "") -> int:
    """Write the year's grid, cell by cell, into the newest versions; an emptied cell withdraws its target.

    Counts what changed.
    """
    _may_set(writing)
    known = _versions(writing, year)
    return sum(_set(writing, known.get(_key(cell), []), cell, year, basic, document) for cell, basic in given.items())


def _set(writing: Door, held: list[Target], cell: Cell, year: int, basic: Decimal | None, document: str) -> bool:
    metric, unit = cell
    if not held and basic is not None:
        writing.add(Target(metric=metric, unit=unit, year=year, basic=basic, spread=metric.spread, document=document))
    elif held and basic is None:
        withdraw_target(writing, target=held[-1], reason=document or "撤销目标")
    elif held and held[-1].basic != basic:
        writing.change(held[-1], basic=basic, document=document or held[-1].document)
    else:
        return False
    return True


def withdraw_target(writing: Door, *, target: Target, reason: str) -> Target:
    """作废 with its plan; what was adjusted later goes first, so that no adjustment is left without an original."""
    held = _versions(writing, target.year).get((target.metric_id, target.unit_id), [])
    if held and held[-1].pk != target.pk:
        raise Refused(f"{target}后来调整过（自{_shown(held[-1].since)}起），请先在年度目标台账里作废后面的调整。")
    writing.void_many(target.parts.current(), reason=reason)
    return writing.void(target, reason=reason)


def adjust_targets(
    writing: Door, *, year: int, given: Mapping[Cell, Decimal], document: str, since: date, reason: str
) -> list[Target]:
    """A further version of every target whose figure differs, in force from `since` on; the earlier ones stay.

    奋斗目标 is kept where it is not below the new 基本目标. The plan was made for the earlier figure and stays there.
    """
    _may_set(writing)
    known = _versions(writing, year)
    changed = [(known.get(_key(cell), []), cell, basic) for cell, basic in given.items()]
    return [
        _adjusted(writing, held, cell, basic, {"document": document, "since": since, "reason": reason})
        for held, cell, basic in changed
        if not held or held[-1].basic != basic
    ]


def _adjusted(writing: Door, held: list[Target], cell: Cell, basic: Decimal, said: dict[str, object]) -> Target:
    metric, unit = cell
    if not held:
        raise Refused(f"{unit or '全县'}的“{metric}”还没有原目标，不能调整，请先下达。")
    last, since = held[-1], said["since"]
    if last.since and last.since >= since:
        raise Refused({"since": f"{last}已经自{_shown(last.since)}起调整过，再次调整的日期要晚于这一天。"})
    stretch = last.stretch if last.stretch is not None and last.stretch >= basic else None
    carried = {"metric": metric, "unit": unit, "year": last.year, "spread": last.spread, "stretch": stretch}
    return writing.add(Target(**carried, basic=basic, **said))


def set_plan(writing: Door, *, target: Target, months: int, amounts: Mapping[int, Decimal | None]) -> bool:
    """The plan of one target in parts of `months` months: first month → what is planned, None for nothing.

    Nothing at all takes back a plan in such parts, and leaves one in other parts alone. Tells whether it changed.
    """
    _may_set(writing)
    held = {part.month: part for part in target.parts.current().select_related("target__metric", "target__unit")}
    given = {month: amount for month, amount in amounts.items() if amount is not None}
    others = [part for part in held.values() if part.months != months]
    if others and not given:
        return False
    gone = [part for part in held.values() if part.months != months or part.month not in given]
    writing.void_many(gone, reason="改动下达计划")
    kept = {part.month: part for part in held.values() if part not in gone}
    new = {month: amount for month, amount in given.items() if month not in kept}
    moved = [(part, {"amount": given[month]}) for month, part in kept.items() if part.amount != given[month]]
    writing.add_many([TargetPart(target=target, month=m, months=months, amount=a) for m, a in new.items()])
    writing.change_each(moved)
    return bool(gone or new or moved)


def firsts_of(months: int) -> range:
    """The first months of the year's parts: 1, 4, 7, 10 of quarters."""
    return range(1, MONTHS_OF_YEAR + 1, months)


def versions_of(targets: Iterable[Target]) -> Versions:
    """`targets` of one year, in their turn."""
    found: Versions = {}
    for row in targets:
        found.setdefault((row.metric_id, row.unit_id), []).append(row)
    return found


def _versions(writing: Door, year: int) -> Versions:
    rows = Target.objects.current().in_county(writing.actor.county_id).filter(year=year)
    return versions_of(rows.select_related("metric", "unit").in_turn())


def _key(cell: Cell) -> tuple[int, int | None]:
    metric, unit = cell
    return metric.pk, unit.pk if unit else None


def _may_set(writing: Door) -> None:
    if not writing.actor.may("set_targets", Target(county_id=writing.actor.county_id)):
        raise Refused(f"您当前的身份（{writing.actor.label}）不能下达目标。")


def _shown(day: date | None) -> str:
    return DateSpan.day(day).label if day else ""
