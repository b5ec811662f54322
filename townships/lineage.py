"""Which unit stands for which after mergers, as plain numbers."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple


class Step(NamedTuple):
    """From `on` on `successor` stands for `predecessor`; both are keys of units."""

    predecessor: int
    successor: int
    on: date


def resolved(steps: Iterable[Step]) -> dict[int, int]:
    """{who went: who stands for it at the end}: chains are followed to their end.

    >>> resolved([Step(1, 2, date(2023, 1, 1)), Step(2, 3, date(2024, 1, 1))])
    {1: 3, 2: 3}
    """
    into = {step.predecessor: step.successor for step in steps}
    return {unit: _end(into, unit) for unit in into}


def until(steps: Iterable[Step], day: date) -> list[Step]:
    """Those that had happened by the end of that day."""
    return [step for step in steps if step.on <= day]


def _end(into: Mapping[int, int], unit: int) -> int:
    """A circle, which the door refuses, would end where it began."""
    passed = {unit}
    while unit in into and into[unit] not in passed:
        unit = into[unit]
        passed.add(unit)
    return unit


def standing_for(heirs: Mapping[int, int], unit: int) -> list[int]:
    """Whose past counts for that unit: its own and that of all that went into it; nobody's once it went itself."""
    if unit in heirs:
        return []
    return [unit, *sorted(gone for gone, heir in heirs.items() if heir == unit)]


def leads_to(steps: Iterable[Step], unit: int) -> set[int]:
    """All that took over from that unit, through whatever chain, be it a merger or a split."""
    known = list(steps)
    found: set[int] = set()
    open_ends = {unit}
    while open_ends:
        found |= open_ends
        open_ends = {step.successor for step in known if step.predecessor in open_ends} - found
    return found - {unit}
