from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.periods import MONTHS_COVERED, Period, PeriodError, Span, month_end, month_label, month_of, year_earlier

kinds = st.sampled_from(list(MONTHS_COVERED))
inner_days = st.dates(date(1992, 1, 1), date(2098, 12, 31))
periods = st.builds(Period.containing, inner_days, kinds)


@pytest.mark.parametrize(
    ("code", "kind", "label", "first_day", "last_day", "elapsed", "covered"),
    [
        ("2024-02", "month", "2024年2月", date(2024, 2, 1), date(2024, 2, 29), 2, 1),
        ("2023-02", "month", "2023年2月", date(2023, 2, 1), date(2023, 2, 28), 2, 1),
        ("2024-12", "month", "2024年12月", date(2024, 12, 1), date(2024, 12, 31), 12, 1),
        ("2024Q1", "quarter", "2024年一季度", date(2024, 1, 1), date(2024, 3, 31), 3, 3),
        ("2024Q2", "quarter", "2024年二季度", date(2024, 4, 1), date(2024, 6, 30), 6, 3),
        ("2024Q4", "quarter", "2024年四季度", date(2024, 10, 1), date(2024, 12, 31), 12, 3),
        ("2024H1", "half_year", "2024年上半年", date(2024, 1, 1), date(2024, 6, 30), 6, 6),
        ("2024H2", "half_year", "2024年下半年", date(2024, 7, 1), date(2024, 12, 31), 12, 6),
        ("2024", "year", "2024年", date(2024, 1, 1), date(2024, 12, 31), 12, 12),
    ],
)
def test_a_code_gives_the_whole_period(code, kind, label, first_day, last_day, elapsed, covered):
    period = Period.parse(code)
    assert (period.kind, period.label) == (kind, label)
    assert (period.first_day, period.last_day) == (first_day, last_day)
    assert (period.months_elapsed, period.months_covered) == (elapsed, covered)


@pytest.mark.parametrize(
    "code",
    [
        *("2024Q5", "2024Q0", "2024q1", "2024-13", "2024-00", "2024-5", "2024H3", "2024H0", "24Q1", "1989", "2101"),
        *("２０２４", "2024Ｑ1", " 2024", "2024\n", "2024年", "", "2024-05-01", "2024M05", "二〇二四", "٢٠٢٤"),
    ],
)
def test_any_other_writing_is_refused_with_a_sentence(code):
    with pytest.raises(PeriodError, match=r"期间写的是.*。$"):
        Period.parse(code)


def test_the_sentence_says_what_does_not_exist():
    with pytest.raises(PeriodError, match=r"^期间写的是“2024Q5”，一年只有4个季度期间，没有第5个。$"):
        Period.parse("2024Q5")


@pytest.mark.parametrize("year", ["1990", "2100"])
def test_the_border_years_exist(year):
    assert Period.parse(year).code == year


def test_moving_out_of_the_border_years_is_refused():
    with pytest.raises(PeriodError):
        Period.parse("1990Q1").previous()
    with pytest.raises(PeriodError):
        Period.parse("2100-12").next()
    with pytest.raises(PeriodError):
        Period.parse("1990-12").year_earlier()


def test_neighbours_cross_the_new_year():
    assert Period.parse("2024Q1").previous() == Period.parse("2023Q4")
    assert Period.parse("2023-12").next() == Period.parse("2024-01")
    assert Period.parse("2024H1").year_earlier() == Period.parse("2023H1")
    assert Period.parse("2024").previous() == Period.parse("2023")


def test_year_to_date_begins_on_new_years_day():
    assert Period.parse("2024Q2").year_to_date() == Span(date(2024, 1, 1), date(2024, 6, 30))


def test_months_are_first_of_month_dates():
    assert Period.parse("2024Q2").months() == (date(2024, 4, 1), date(2024, 5, 1), date(2024, 6, 1))
    assert Period.parse("2024Q2").first_month == date(2024, 4, 1)
    assert Period.parse("2024Q2").last_month == date(2024, 6, 1)


def test_periods_sort_by_their_end_and_then_by_length():
    codes = ["2024-03", "2024Q1", "2024-04", "2024-06", "2024Q2", "2024H1", "2024-12", "2024Q4", "2024H2", "2024"]
    assert [period.code for period in sorted(Period.parse(code) for code in reversed(codes))] == codes


def test_an_imprecise_date_is_covered_only_as_a_whole():
    quarter = Period.parse("2024Q1")
    assert quarter.covers(date(2024, 3, 1), date(2024, 3, 31))
    assert not quarter.covers(date(2024, 1, 1), date(2024, 12, 31))


def test_a_span_ends_after_it_begins():
    with pytest.raises(PeriodError):
        Span(date(2024, 1, 2), date(2024, 1, 1))


def test_month_words():
    assert month_of(date(2024, 3, 31)) == date(2024, 3, 1)
    assert month_end(date(2024, 2, 3)) == date(2024, 2, 29)
    assert month_label(date(2024, 3, 9)) == "2024年3月"


@given(periods)
def test_a_code_reads_back(period):
    assert Period.parse(period.code) == period


@given(periods)
def test_neighbours_touch_without_gap(period):
    assert period.next().first_day - period.last_day == timedelta(days=1)
    assert period.next().previous() == period
    assert period.previous() < period < period.next()


@given(periods)
def test_months_fill_the_period(period):
    months = period.months()
    assert len(months) == period.months_covered
    assert (months[0], month_end(months[-1])) == (period.first_day, period.last_day)
    assert period.year_to_date().months()[-len(months) :] == months
    assert len(period.year_to_date().months()) == period.months_elapsed


@given(inner_days, kinds)
def test_a_day_lies_in_its_period_and_not_in_the_neighbours(day, kind):
    period = Period.containing(day, kind)
    assert period.contains(day)
    assert not period.previous().contains(day)
    assert not period.next().contains(day)


@given(periods)
def test_a_year_earlier_is_as_long_and_twelve_months_before(period):
    earlier = period.year_earlier()
    assert (earlier.kind, earlier.year, earlier.number) == (period.kind, period.year - 1, period.number)


@pytest.mark.parametrize(("day", "before"), [
    (date(2024, 3, 15), date(2023, 3, 15)),
    (date(2024, 2, 29), date(2023, 2, 28)),
    (date(2025, 2, 28), date(2024, 2, 29)),
    (date(2024, 2, 28), date(2023, 2, 28)),
    (date(2024, 12, 31), date(2023, 12, 31)),
    (date(2024, 1, 1), date(2023, 1, 1)),
])  # fmt: skip
def test_a_day_a_year_earlier_keeps_the_end_of_the_month(day, before):
    assert year_earlier(day) == before


@pytest.mark.parametrize(
    ("day", "until"),
    [("2024-05-20", "2024-05-20"), ("2024-05-31", "2024-05-31"), ("2024-06-01", "2024-05-31")],
)
def test_a_period_under_way_counts_up_to_the_day(day, until):
    assert Period.parse("2024-05").counted_until(date.fromisoformat(day)).isoformat() == until
