"""From how much on investment is counted by the statistics office, and with which papers: dated rows, a pure lookup."""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

FIXTURE = Path(__file__).resolve().parent.parent / "fixtures" / "investment-tracks.json"


@dataclass(frozen=True)
class Track:
    """One way into the library. `lowest`: 万元 of planned investment from which on it applies, itself included."""

    key: str
    name: str
    lowest: Decimal
    materials: tuple[str, ...]
    valid_from: date
    source: str


@cache
def told() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FIXTURE.read_text(encoding="utf-8"))
    return found


@cache
def tracks() -> tuple[Track, ...]:
    """The highest first."""
    rows = [
        Track(
            row["key"],
            row["name"],
            Decimal(row["from"]),
            tuple(row["materials"]),
            date.fromisoformat(row["valid_from"]),
            row["source"],
        )
        for row in told()["tracks"]
    ]
    return tuple(sorted(rows, key=lambda track: -track.lowest))


def track_of(planned: Decimal | None) -> Track | None:
    """Which way a project of that planned investment (万元) goes; None where it is too small for any."""
    return next((track for track in tracks() if planned is not None and planned >= track.lowest), None)


def lowest() -> Decimal:
    """万元 from which on a project is to be in the library."""
    return tracks()[-1].lowest


def materials_for(planned: Decimal | None, purchase_only: bool) -> tuple[str, ...]:
    """The papers without which an application comes back."""
    track = track_of(planned)
    if track is None:
        return ()
    return tuple(told()["purchase_materials"]) if purchase_only else track.materials


def all_materials() -> tuple[str, ...]:
    """Each once, in the order in which they are asked for."""
    kept = [paper for track in tracks() for paper in track.materials]
    return tuple(dict.fromkeys([*kept, *told()["purchase_materials"]]))


def stopped_after() -> int:
    """Months without a figure after which a project in the library has 停报."""
    return int(told()["stopped_after_months"])
