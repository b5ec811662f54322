"""试点期: a township enters and leaves the pilot in mid-year; its first and last day are days of the pilot."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from tests import factories as make
from townships.models import PilotTerm
from townships.services import pilot_on

FIRST, LAST = date(2024, 4, 1), date(2024, 9, 30)
DAY = timedelta(days=1)


def term(unit, first_day=FIRST, last_day=LAST, category="central"):
    with make.writing_as(unit.county) as writing:
        row = PilotTerm(unit=unit, category=category, type="leading", first_day=first_day, last_day=last_day)
        return writing.add(row)


@pytest.mark.parametrize(("day", "inside"), [(FIRST - DAY, False), (FIRST, True), (LAST, True), (LAST + DAY, False)])
def test_the_first_and_the_last_day_count(township, day, inside):
    row = term(township)
    assert (pilot_on(township, day) == row) is inside


def test_a_term_without_an_end_goes_on(township):
    row = term(township, last_day=None)
    assert pilot_on(township, date(2099, 12, 31)) == row


@pytest.mark.parametrize(
    ("first_day", "last_day"),
    [(LAST, None), (LAST, LAST), (FIRST - DAY, FIRST), (FIRST - DAY, None), (FIRST + DAY, LAST - DAY)],
)
def test_terms_that_share_a_day_are_refused(township, first_day, last_day):
    term(township)
    with pytest.raises(ValidationError, match="与这个乡镇已有的试点期重叠"):
        term(township, first_day, last_day, "special")


def test_another_kind_of_pilot_from_the_next_day_on(township, neighbour):
    """Of whichever kind it is, a unit's group is read at the end of a period."""
    term(township)
    later = term(township, LAST + DAY, None, "special")
    term(neighbour, LAST, None)
    assert pilot_on(township, LAST).category == "central"
    assert pilot_on(township, date(2024, 12, 31)) == later


def test_a_term_ended_in_mid_year_makes_room_for_the_next(township, office):
    row = term(township, last_day=None)
    with make.writing_as(office) as writing:
        writing.change(row, last_day=LAST)
    assert term(township, LAST + DAY, None).pk
    assert pilot_on(township, LAST) == make.fresh(row)


def test_a_term_of_one_day(township):
    row = term(township, FIRST, FIRST)
    assert [pilot_on(township, day) for day in (FIRST - DAY, FIRST, FIRST + DAY)] == [None, row, None]
    with pytest.raises(ValidationError, match="试点止要不早于试点起"):
        term(township, LAST, LAST - DAY)
