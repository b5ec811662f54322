"""Two rankings side by side: what was and what would be, unit by unit, with the items that make the difference."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from reporting.formula.exact import at_places
from reporting.formula.words import calculation
from reporting.presentation.wording import NONE, movement, movement_css, score_words
from reporting.ranking import Draft
from reporting.scoring.results import ItemResult, UnitResult, shown_total

KINDS = (("indicators", "", 1), ("bonuses", "加分：", 1), ("deductions", "扣分：", -1))
"""Where items stand in a result, how their names begin, and which way they move the total."""
MOST_NAMED = 5
NOT_RANKED = "不排名"


@dataclass(frozen=True)
class MovedItem:
    """An indicator, bonus or deduction that adds another number of points than before."""

    name: str
    before: str
    after: str
    difference: str
    css: str
    reckoned_before: str
    reckoned_after: str


@dataclass(frozen=True)
class Place:
    """Where a unit stands in one of the two rankings: `rank` and `total` as they are shown, — for none."""

    rank: str
    tied: bool
    total: str


@dataclass(frozen=True)
class ComparedRow:
    """`rest`: the part of the difference that no single item explains; empty for none."""

    unit: str
    anchor: str
    before: Place
    after: Place
    movement: str
    movement_css: str
    difference: str
    css: str
    items: tuple[MovedItem, ...]
    rest: str
    note: str


@dataclass(frozen=True)
class Comparison:
    """`answer`: whose rank moves, as one sentence; `opened`: the rows with something to open."""

    answer: str
    groups: tuple[tuple[str, tuple[ComparedRow, ...]], ...]
    opened: tuple[ComparedRow, ...]
    has_notes: bool


def comparison(before: Draft | None, after: Draft, notes: Mapping[str, str], names: tuple[str, str]) -> Comparison:
    """`before` None: there is nothing to compare with. `notes`: unit → what must be said of it; `names`: what the
    two rankings are called where a unit is in one of them alone."""
    results = {unit.unit: unit for unit in before.results.units} if before else {}
    rows = dict(_rows(before, results, after, notes, names))
    groups = _grouped(after, rows)
    every = [row for _, members in groups for row in members]
    return Comparison(
        answer=_answer(after, every),
        groups=groups,
        opened=tuple(row for row in every if row.items or row.rest),
        has_notes=any(row.note for row in every),
    )


def _rows(
    before: Draft | None,
    results: Mapping[str, UnitResult],
    after: Draft,
    notes: Mapping[str, str],
    names: tuple[str, str],
) -> Iterator[tuple[str, ComparedRow]]:
    there = {unit.unit: unit for unit in after.results.units}
    for number, name in enumerate(dict.fromkeys([*there, *results]), 1):
        said = [notes[name]] if name in notes else []
        if before and name not in results:
            said.append(f"{names[0]}里没有这个单位")
        if name not in there and not said:
            said.append(f"{names[1]}里没有这个单位")
        yield name, _row(f"u{number}", name, before, results.get(name), after, there.get(name), "；".join(said))


def _row(
    anchor: str,
    name: str,
    before: Draft | None,
    was: UnitResult | None,
    after: Draft,
    now: UnitResult | None,
    note: str,
) -> ComparedRow:
    moved = movement(now.rank if now else None, was.rank if was else None)
    gap = now.total - was.total if was and now and was.total is not None and now.total is not None else None
    both = before is not None and was is not None and now is not None
    items = tuple(_items(before, was, after, now)) if both and before and was and now else ()
    return ComparedRow(
        unit=name,
        anchor=anchor,
        before=_place(before, was),
        after=_place(after, now),
        movement=moved or NONE,
        movement_css=movement_css(moved),
        difference=NONE if gap is None else signed(gap, after),
        css=css_of_gap(gap),
        items=items,
        rest=_rest(gap, was, now, after),
        note=note,
    )


def _place(draft: Draft | None, result: UnitResult | None) -> Place:
    if draft is None or result is None:
        return Place(NONE, False, NONE)
    rank = NONE if result.rank is None else str(result.rank)
    return Place(rank, result.tied, shown_total(result.total, draft.rules.rounding) or NONE)


def signed(gap: Decimal, draft: Draft) -> str:
    """+2.31, −0.40, 0.00: points at the total's places."""
    shown = at_places(abs(gap), draft.rules.rounding.total)
    return f"{'+' if gap > 0 else '−' if gap < 0 else ''}{shown}"


def css_of_gap(gap: Decimal | None) -> str:
    if not gap:
        return "move-same"
    return "move-up" if gap > 0 else "move-down"


def _items(before: Draft, was: UnitResult, after: Draft, now: UnitResult) -> Iterator[MovedItem]:
    for kind, begin, way in KINDS:
        old, new = ({item.name: item for item in getattr(result, kind)} for result in (was, now))
        for name in dict.fromkeys([*new, *old]):
            gap = (_points(new.get(name)) - _points(old.get(name))) * way
            if gap:
                yield _moved(begin + name, gap, (before, old.get(name)), (after, new.get(name)))


def _moved(
    name: str, gap: Decimal, was: tuple[Draft, ItemResult | None], now: tuple[Draft, ItemResult | None]
) -> MovedItem:
    return MovedItem(
        name=name,
        before=_score(*was),
        after=_score(*now),
        difference=signed(gap, now[0]),
        css=css_of_gap(gap),
        reckoned_before=_reckoned(was[1]),
        reckoned_after=_reckoned(now[1]),
    )


def _points(item: ItemResult | None) -> Decimal:
    return item.score if item is not None and item.score is not None else Decimal(0)


def _score(draft: Draft, item: ItemResult | None) -> str:
    return NONE if item is None else score_words(item.score, draft.rules.rounding)


def _reckoned(item: ItemResult | None) -> str:
    if item is None:
        return "没有这一项"
    return calculation(item.substituted) if item.substituted else item.note or NONE


def _rest(gap: Decimal | None, was: UnitResult | None, now: UnitResult | None, after: Draft) -> str:
    """What redistribution of 无任务, caps over all bonuses, a floor, a veto or rounding adds to the items' sum."""
    if gap is None or was is None or now is None:
        return ""
    left = gap - (_sum_of(now) - _sum_of(was))
    shown = signed(left, after)
    return "" if not any(digit in shown for digit in "123456789") else shown


def _sum_of(result: UnitResult) -> Decimal:
    return sum((_points(item) * way for kind, _, way in KINDS for item in getattr(result, kind)), Decimal(0))


def _grouped(after: Draft, rows: Mapping[str, ComparedRow]) -> tuple[tuple[str, tuple[ComparedRow, ...]], ...]:
    """By the groups of the second ranking, in its order; units that it does not have come last, without a group."""
    apart = after.rules.ranking.within == "group"
    group_of = {unit.unit: (unit.group or "") if apart else "" for unit in after.results.units}
    groups: dict[str, list[ComparedRow]] = {}
    for name, row in rows.items():
        groups.setdefault(group_of.get(name, ""), []).append(row)
    return tuple((group, tuple(members)) for group, members in groups.items())


def _answer(after: Draft, rows: list[ComparedRow]) -> str:
    """2个单位名次变动：甲镇第2→第1（↑1）、乙镇第1→第2（↓1）; told for the first few."""
    moved = [row for row in rows if row.movement_css != "move-same"]
    scored = [row for row in rows if row.css != "move-same"]
    if not moved:
        return f"名次都没有变动，{len(scored)}个单位的总分变动。" if scored else "名次和总分都没有变动。"
    named = "、".join(f"{r.unit}第{r.before.rank}变为第{r.after.rank}（{r.movement}）" for r in moved[:MOST_NAMED])
    return f"{len(moved)}个单位名次变动：{named}{'等' if len(moved) > MOST_NAMED else ''}。"
