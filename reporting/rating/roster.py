"""Who is asked what on a sheet, and who has answered: for lists, pages, reminders and before a sheet is closed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from core.records import RecordQuerySet
from reporting.models import RatedUnit, Rating, RatingSheet, Reviewer
from reporting.models.ratings import RatingStage
from townships.models import Seat, Unit

Pair = tuple[int, int]
"""Keys of a reviewer and of a unit."""


@dataclass(frozen=True)
class Roster:
    """One sheet with its units in official order, its reviewers by group, and the answers there are."""

    sheet: RatingSheet
    units: tuple[Unit, ...]
    reviewers: tuple[Reviewer, ...]
    ratings: Mapping[Pair, Rating]

    @cached_property
    def asked(self) -> list[tuple[Reviewer, Unit]]:
        return [(reviewer, unit) for reviewer in self.reviewers for unit in reviewer.asked_about(self.units)]

    @cached_property
    def unanswered(self) -> list[tuple[Reviewer, Unit]]:
        return [(reviewer, unit) for reviewer, unit in self.asked if (reviewer.pk, unit.pk) not in self.ratings]

    @property
    def answered(self) -> int:
        return len(self.asked) - len(self.unanswered)

    @property
    def silent(self) -> dict[Reviewer, list[Unit]]:
        """Reviewers who have not said everything, each with the units they left out."""
        found: dict[Reviewer, list[Unit]] = defaultdict(list)
        for reviewer, unit in self.unanswered:
            found[reviewer].append(unit)
        return found

    @property
    def silent_names(self) -> str:
        return "、".join(f"{reviewer.seat.user}（{reviewer.group}，{len(u)}个）" for reviewer, u in self.silent.items())

    def by_group(self, unit: Unit) -> dict[str, list[Rating]]:
        found: dict[str, list[Rating]] = defaultdict(list)
        for reviewer in self.reviewers:
            if rating := self.ratings.get((reviewer.pk, unit.pk)):
                found[reviewer.group].append(rating)
        return found


def rosters(sheets: Iterable[RatingSheet], *, of: Any = None) -> list[Roster]:
    """In three statements, however many sheets; `of`: as that seat alone is asked, with its own answers alone."""
    rows = list(sheets)
    reviewers = _of(Reviewer.objects, rows).select_related("seat__user", "seat__unit").order_by("group", "pk")
    ratings = Rating.objects.current().filter(reviewer__sheet__in=rows).select_related("reviewer")
    if of is not None:
        reviewers, ratings = reviewers.filter(seat=of.pk), ratings.filter(reviewer__seat=of.pk)
    units = _of(RatedUnit.objects, rows).select_related("unit").order_by("unit__position", "unit__code")
    return _assembled(rows, list(units), list(reviewers), list(ratings))


def _of(rows: Any, sheets: Sequence[RatingSheet]) -> RecordQuerySet:
    return rows.current().filter(sheet__in=sheets)


def _assembled(
    sheets: Sequence[RatingSheet], units: list[RatedUnit], reviewers: list[Reviewer], ratings: list[Rating]
) -> list[Roster]:
    by_reviewer = {reviewer.pk: reviewer for reviewer in reviewers}
    known = {sheet.pk: sheet for sheet in sheets}
    for reviewer in reviewers:
        reviewer.sheet = known[reviewer.sheet_id]
    for rating in ratings:
        rating.reviewer = by_reviewer[rating.reviewer_id]
    return [
        Roster(
            sheet,
            tuple(row.unit for row in units if row.sheet_id == sheet.pk),
            tuple(row for row in reviewers if row.sheet_id == sheet.pk),
            {(r.reviewer_id, r.unit_id): r for r in ratings if r.reviewer.sheet_id == sheet.pk},
        )
        for sheet in sheets
    ]


def roster_of(sheet: RatingSheet, *, of: Any = None) -> Roster:
    (roster,) = rosters([sheet], of=of)
    return roster


def waiting_for(seat: Seat, today: date) -> list[Roster]:
    """待评分: sheets that still take this seat's answers and have not got all of them, the most urgent first."""
    named = Reviewer.objects.current().in_county(seat.county_id).filter(seat=seat.pk)
    rows = RatingSheet.objects.current().filter(pk__in=named.values("sheet"))
    due = rows.filter(stage=RatingStage.COLLECTING, answer_by__gte=today).order_by("answer_by", "pk")
    return [roster for roster in rosters(due, of=seat) if roster.unanswered] if due else []
