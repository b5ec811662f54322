"""What a plan by months or quarters says of a span: whole parts, parts of parts, gaps, rates."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.plans import Part, comes_to, planned

QUARTERS = [Part(1, 3, D(10)), Part(4, 3, D(20)), Part(7, 3, D(30)), Part(10, 3, D(41))]
MONTHS = [Part(month, 1, D(month)) for month in range(1, 13)]


@pytest.mark.parametrize(
    ("parts", "first", "last", "expected"),
    [
        (QUARTERS, 1, 3, "10"),
        (QUARTERS, 4, 6, "20"),
        (QUARTERS, 1, 12, "101"),
        (QUARTERS, 1, 4, "16.666666667"),
        (QUARTERS, 5, 5, "6.666666667"),
        (QUARTERS, 3, 4, "10"),
        (MONTHS, 1, 12, "78"),
        (MONTHS, 4, 6, "15"),
        (MONTHS, 12, 12, "12"),
    ],
)
def test_a_span_takes_its_parts_and_an_even_part_of_a_quarter_that_it_cuts(parts, first, last, expected):
    assert planned(parts, first, last) == D(expected)


@pytest.mark.parametrize(("first", "last"), [(1, 1), (1, 12), (6, 7), (7, 9)])
def test_a_span_with_a_month_that_nobody_planned_has_no_plan(first, last):
    half = [part for part in MONTHS if 2 <= part.month <= 6]
    assert planned(half, first, last) is None
    assert planned(half, 2, 6) == D(20)


def test_no_parts_are_no_plan_and_a_plan_of_nothing_is_one():
    assert planned([], 1, 3) is None
    assert planned([Part(1, 3, D(0))], 1, 3) == 0


@pytest.mark.parametrize(("first", "last", "expected"), [(1, 3, "3"), (1, 1, "1"), (2, 2, "1"), (1, 2, "2")])
def test_small_counts_are_rounded_up_and_a_whole_stays_whole(first, last, expected):
    assert planned([Part(1, 3, D(3))], first, last, "ceil") == D(expected)


def test_a_third_of_a_small_count_is_rounded_up():
    assert planned([Part(1, 3, D(4))], 1, 1, "ceil") == 2


@pytest.mark.parametrize(("last", "expected"), [(3, "10"), (4, "20"), (6, "20"), (12, "41")])
def test_a_rate_is_to_stand_where_the_part_says_in_which_the_span_ends(last, expected):
    assert planned(QUARTERS, 1, last, "none") == D(expected)
    assert planned(QUARTERS, last, last, "none") == D(expected)


def test_a_rate_whose_last_months_are_not_planned_has_no_plan_there():
    assert planned(QUARTERS[:2], 1, 7, "none") is None
    assert planned(QUARTERS[1:], 1, 6, "none") == D(20)


def test_what_the_plan_says_of_the_year():
    assert comes_to(QUARTERS) == 101
    assert comes_to(reversed(QUARTERS), "none") == 41
    assert comes_to([]) is None


@given(amounts=st.lists(st.decimals(0, 10**6, places=4), min_size=12, max_size=12), cut=st.integers(1, 11))
def test_two_spans_that_meet_come_to_the_whole(amounts, cut):
    parts = [Part(month, 1, amount) for month, amount in enumerate(amounts, 1)]
    assert planned(parts, 1, cut) + planned(parts, cut + 1, 12) == planned(parts, 1, 12)
