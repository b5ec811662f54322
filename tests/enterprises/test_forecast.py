"""What an enterprise's year will come to, and in which tier of cultivation it stands."""

from decimal import Decimal

import pytest

from enterprises.forecast import Method, Outlook, Tier, forecast, looked_back, tier_of

THRESHOLD = Decimal(2000)


def months(*amounts):
    return {number: Decimal(amount) for number, amount in enumerate(amounts, 1)}


EVEN = months(*[100] * 12)
LATE = months(*[50] * 6, *[150] * 6)
"""A business that makes three quarters of its year in the second half."""


@pytest.mark.parametrize(
    ("known", "before", "outlook", "method", "year_end", "gap", "monthly"),
    [
        (months(), None, Outlook.UNKNOWN, Method.RUN_RATE, None, "2000", "166.67"),
        (months(*[200] * 6), None, Outlook.WILL_REACH, Method.RUN_RATE, "2400", "800", "133.33"),
        (months(*[100] * 6), None, Outlook.GAP, Method.RUN_RATE, "1200", "1400", "233.33"),
        (months(*[100] * 6), EVEN, Outlook.GAP, Method.LAST_YEAR, "1200", "1400", "233.33"),
        (months(*[100] * 6), LATE, Outlook.WILL_REACH, Method.LAST_YEAR, "2400", "1400", "233.33"),
        (months(*[500] * 4), None, Outlook.REACHED, Method.RUN_RATE, "6000", "0", "0"),
        (months("1999.9999"), None, Outlook.WILL_REACH, Method.RUN_RATE, "24000", "0.0001", "0"),
        (months("2000"), None, Outlook.REACHED, Method.RUN_RATE, "24000", "0", "0"),
        (months(*[150] * 12), None, Outlook.GAP, Method.RUN_RATE, "1800", "200", None),
        ({1: Decimal(100), 3: Decimal(100)}, None, Outlook.GAP, Method.RUN_RATE, "1200", "1800", "200"),
        (months(100), months(0, *[100] * 11), Outlook.GAP, Method.RUN_RATE, "1200", "1900", "172.73"),
        (months(100), months(*[100] * 11), Outlook.GAP, Method.RUN_RATE, "1200", "1900", "172.73"),
        (months(0, 0), None, Outlook.GAP, Method.RUN_RATE, "0", "2000", "200"),
    ],
)
def test_a_year_from_its_months(known, before, outlook, method, year_end, gap, monthly):
    found = forecast(known, THRESHOLD, before)
    assert (found.outlook, found.method) == (outlook, method)
    assert found.year_end == (None if year_end is None else Decimal(year_end))
    assert found.gap == Decimal(gap)
    assert found.monthly == (None if monthly is None else Decimal(monthly))


def test_the_last_month_with_a_figure_is_told():
    found = forecast({2: Decimal(10), 5: Decimal(20)}, THRESHOLD)
    assert (found.until, found.reached) == (5, Decimal(30))


@pytest.mark.parametrize(
    ("until", "before", "error"),
    [(6, None, "-0.5000"), (6, EVEN, "-0.5000"), (6, LATE, "0"), (12, None, "0"), (0, None, None)],
)
def test_how_good_a_past_forecast_was(until, before, error):
    found = looked_back({2023: LATE, **({2022: before} if before else {})}, until)
    assert [one.error for one in found if one.year == 2023] == ([] if error is None else [Decimal(error)])


def test_a_year_that_is_not_whole_or_came_to_nothing_judges_no_forecast():
    assert looked_back({2023: months(1, 2), 2022: months(*[0] * 12)}, 6) == ()


def test_past_years_are_told_with_method_estimate_and_outcome_the_latest_first():
    latest, first = looked_back({2021: EVEN, 2022: LATE, 2023: months(1)}, 6)
    assert (latest.year, latest.method, latest.estimate, latest.actual) == (2022, Method.LAST_YEAR, 600, 1200)
    assert (first.year, first.method, first.estimate, first.error) == (2021, Method.RUN_RATE, 1200, 0)


@pytest.mark.parametrize(
    ("revenue", "tier"),
    [
        ("-1", Tier.RESERVE),
        ("0", Tier.RESERVE),
        ("999.9999", Tier.RESERVE),
        ("1000", Tier.KEY),
        ("1599.9999", Tier.KEY),
        ("1600", Tier.SPRINT),
        ("1999.9999", Tier.SPRINT),
        ("2000", Tier.DUE),
    ],
)
def test_the_tier_at_its_limits(revenue, tier):
    assert tier_of(Decimal(revenue), THRESHOLD) == tier


def test_limits_are_data():
    limits = ((Decimal("0.9"), Tier.DUE),)
    assert [tier_of(Decimal(revenue), THRESHOLD, limits) for revenue in (1799, 1800)] == [Tier.RESERVE, Tier.DUE]
