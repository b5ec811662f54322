"""待办: all that waits for a seat, as its first page tells it and the masthead counts it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection

from core.ledgers.kept_plans import last_act
from projects.monthly.waiting import month_to_begin
from reporting.department.waiting import FigureTasks, figure_tasks
from reporting.publishing.waiting import ToAnswer, publications_to_answer
from reporting.rating.roster import waiting_for
from reporting.selection_views import open_calls
from townships.deadlines.waiting import DueMonth, months_due
from townships.models import Seat
from townships.waiting import Waits, waits_of

KEPT = 512
"""Seats whose count is kept: as many as work at the same time."""


@dataclass(frozen=True)
class OpenWork:
    """The parts of the first page that wait for this seat."""

    waits: Waits
    begins: str
    figures: FigureTasks | None
    to_rate: Sequence[Any]
    calls: Sequence[Any]
    to_answer: Sequence[ToAnswer]
    due: Sequence[DueMonth]

    @property
    def count(self) -> int:
        """Rows to act on, and of what is done as a whole (a month, a sheet, a call) each as one."""
        months = len(self.figures.due) + len(self.figures.to_check) if self.figures else 0
        unapplied = sum(1 for _, applied in self.calls if applied is None)
        parts = (self.to_rate, self.to_answer, self.due)
        return self.waits.count + months + unapplied + bool(self.begins) + sum(len(part) for part in parts)


def open_work_of(seat: Seat, today: date) -> OpenWork:
    return OpenWork(
        waits=waits_of(seat),
        begins=month_to_begin(seat, today),
        figures=figure_tasks(seat, today),
        to_rate=waiting_for(seat, today),
        calls=open_calls(seat),
        to_answer=publications_to_answer(seat, today),
        due=months_due(seat, today),
    )


@dataclass(frozen=True)
class _Asked:
    """Two are the same if nothing was written in the county between them: every write is an act."""

    seat_id: int
    today: date
    last_act: UUID
    seat: Seat = field(compare=False)


def open_work_count(seat: Seat, today: date) -> int:
    """The number beside 首页 on every page: one statement as long as nobody in the county wrote anything.

    Inside a transaction nothing is kept: what it wrote may be taken back.
    """
    act = None if connection.in_atomic_block else last_act(seat.county_id)
    return _kept(_Asked(seat.pk, today, act, seat)) if act else open_work_of(seat, today).count


@lru_cache(maxsize=KEPT)
def _kept(asked: _Asked) -> int:
    return open_work_of(asked.seat, asked.today).count
