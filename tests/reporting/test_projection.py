"""Where a year ends, by numbers worked by hand."""

from decimal import Decimal as D

import pytest

from reporting.projection import (
    METHODS,
    RECENT_PACE,
    SAME_PACE,
    SAME_SEASON,
    YearSoFar,
    half_way,
    projected,
)

HALF_A_YEAR = YearSoFar(months=6, actual=D(60), target=D(150), recent=D(36), last_part=D(40), last_whole=D(100))
"""60 in six months, 36 of them in the last three; the year before 40 of 100."""


def test_three_estimates_from_low_to_high():
    """60 × 12 ÷ 6 = 120; 60 + 36 ÷ 3 × 6 = 132; 60 × 100 ÷ 40 = 150."""
    found = projected(HALF_A_YEAR)
    assert [(e.method, e.amount) for e in found.estimates] == [
        (SAME_PACE, D(120)),
        (RECENT_PACE, D(132)),
        (SAME_SEASON, D(150)),
    ]
    assert (found.low.amount, found.middle.amount, found.high.amount) == (D(120), D(132), D(150))


def test_the_pace_so_far_and_the_pace_still_needed():
    """10 a month so far; 90 are missing and six months left: 15 a month."""
    found = projected(HALF_A_YEAR)
    assert (found.pace, found.needed) == (D(10), D(15))


def test_a_slow_spring_sorts_the_methods_otherwise():
    """60 + 3 ÷ 3 × 6 = 66; 60 × 100 ÷ 80 = 75; 120."""
    found = projected(YearSoFar(months=6, actual=D(60), recent=D(3), last_part=D(80), last_whole=D(100)))
    assert [e.amount for e in found.estimates] == [D(66), D(75), D(120)]


def test_in_january_there_is_one_method_and_with_a_year_before_two():
    assert [e.method for e in projected(YearSoFar(months=1, actual=D(5))).estimates] == [SAME_PACE]
    found = projected(YearSoFar(months=1, actual=D(5), last_part=D(2), last_whole=D(40)))
    assert [e.amount for e in found.estimates] == [D(60), D(100)]
    assert found.middle.amount == D(60)


@pytest.mark.parametrize("last_part", [None, D(0), D(-3)])
def test_a_year_before_without_anything_by_now_has_no_season(last_part):
    found = projected(YearSoFar(months=6, actual=D(60), recent=D(36), last_part=last_part, last_whole=D(100)))
    assert SAME_SEASON not in [e.method for e in found.estimates]


def test_a_year_that_is_over_is_what_it_is():
    found = projected(YearSoFar(months=12, actual=D(90), target=D(100), recent=D(30), last_part=D(1), last_whole=D(1)))
    assert [e.amount for e in found.estimates] == [D(90)]
    assert found.needed is None


def test_a_reached_target_needs_nothing_more():
    assert projected(YearSoFar(months=9, actual=D(120), target=D(100))).needed == 0


def test_without_a_target_no_pace_is_asked_for():
    assert projected(YearSoFar(months=9, actual=D(120))).needed is None


def test_reversals_may_make_a_year_so_far_negative():
    """−6 in three months: −24 by the same pace, nothing hidden."""
    assert projected(YearSoFar(months=3, actual=D(-6), target=D(12))).needed == D(2)
    assert projected(YearSoFar(months=3, actual=D(-6))).low.amount == D(-24)


@pytest.mark.parametrize(
    ("actual", "target", "expected"), [("50", "100", True), ("49.99", "100", False), ("5", None, None)]
)
def test_half_way_at_mid_year(actual, target, expected):
    assert half_way(D(actual), None if target is None else D(target)) is expected


def test_every_method_is_put_into_words():
    assert set(METHODS) == {SAME_PACE, SAME_SEASON, RECENT_PACE}
