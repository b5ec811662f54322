"""Published arithmetic reproduced to its last digit, with the rounding that each notice used."""

from decimal import Decimal as D

import pytest

from core.amounts import show_yi
from core.growth import growth
from reporting.progress import due, in_percent, progress, ratio, shares


@pytest.mark.parametrize(
    ("actual", "target", "rate", "ahead"),
    [
        ("412678", "83253", "495.69", "412.36"),
        ("176031", "250000", "70.41", "-12.92"),
        ("1005136", "800000", "125.64", "42.31"),
    ],
)
def test_panzhihua_ten_months(actual, target, rate, ahead):
    """攀枝花 2006, 万元: what is ahead of ten twelfths is a difference of rates, in 百分点."""
    found = progress(D(actual), D(target), 10)
    assert in_percent(found.completion) == D(rate)
    assert in_percent(found.ahead) == D(ahead)


def test_panzhihua_shares():
    found = shares([D(412678), D(176031), D(416427)])
    assert [in_percent(share) for share in found] == [D("41.06"), D("17.51"), D("41.43")]


def test_luxi_nine_months_as_an_amount_too():
    """泸西, 亿元: 29.93 of 32 after nine months, 24 were due."""
    found = progress(D("29.93"), D(32), 9)
    assert in_percent(found.completion, 1) == D("93.5")
    assert found.ahead_amount == D("5.93")
    assert in_percent(found.ahead, 1) == D("18.5")


@pytest.mark.parametrize(
    ("part", "whole", "rate"), [("907", "1093", "82.98"), ("401", "1093", "36.69"), ("2794.49", "6129.09", "45.59")]
)
def test_lanzhou_fair_half_up(part, whole, rate):
    """兰洽会 19届: 开工率, 建成率, and 到位率 = 累计到位 ÷ 签约额."""
    assert in_percent(ratio(D(part), D(whole))) == D(rate)


def test_weinan_counts_the_finished_as_started_and_cuts_off():
    """渭南, 292 projects: 18 finished and 180 under way are started; 291 fulfilled are 99.6575 %."""
    assert in_percent(ratio(D(18 + 180), D(292)), 1) == D("67.8")
    assert in_percent(ratio(D(291), D(292)), rounding="down") == D("99.65")
    assert in_percent(ratio(D(291), D(292))) == D("99.66")


def test_liuzhou_cuts_off():
    """柳州, 61 of 63 are 96.8254 %."""
    assert in_percent(ratio(D(61), D(63)), rounding="down") == D("96.82")
    assert in_percent(ratio(D(61), D(63))) == D("96.83")


def test_a_county_in_sichuan_reckons_from_raw_figures():
    """Published 59.94 %; from the displayed 25.47 of 42.5 亿元 it would be 59.93."""
    assert in_percent(ratio(D("25.47"), D("42.5"))) == D("59.93")
    raw = D("254745")
    assert show_yi(raw) == "25.47"
    assert in_percent(ratio(raw, D("425000"))) == D("59.94")


def test_guichi_with_one_place():
    """贵池: 40 of 45 projects, 99.68 of 145 亿元."""
    assert in_percent(ratio(D(40), D(45)), 1) == D("88.9")
    assert in_percent(ratio(D("99.68"), D(145)), 1) == D("68.7")


# -- what notices leave unsaid -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "months", "spread", "expected"),
    [
        ("7", 3, "even", "1.75"),
        ("7", 3, "ceil", "2"),
        ("8", 3, "ceil", "2"),
        ("12", 1, "ceil", "1"),
        ("1", 1, "ceil", "1"),
        ("0", 6, "ceil", "0"),
        ("10", 12, "ceil", "10"),
    ],
)
def test_what_is_due_by_now(target, months, spread, expected):
    assert due(D(target), months, spread) == D(expected)


def test_a_rate_has_a_completion_and_no_pace():
    found = progress(D("0.45"), D("0.9"), 6, "none")
    assert (found.completion, found.due, found.ahead, found.ahead_amount) == (D("0.5"), None, None, None)


def test_without_a_target_nothing_is_held_against_it():
    found = progress(D(5), None, 6)
    assert (found.completion, found.due, found.ahead, found.ahead_amount) == (None, None, None, None)


def test_a_target_of_nothing_has_no_completion():
    found = progress(D(5), D(0), 6)
    assert (found.completion, found.ahead, found.ahead_amount) == (None, None, D(5))


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [("18", "12", "0.5"), ("0", "4", "-1"), ("5", "0", None), ("5", "-2", None), ("0", "0", None), ("5", None, None)],
)
def test_growth_is_said_only_from_more_than_nothing(now, before, expected):
    found = growth(D(now), None if before is None else D(before))
    assert found == (None if expected is None else D(expected))


def test_parts_of_nothing_have_no_share():
    assert shares([D(0), D(0)]) == (None, None)
