"""The engine against exact fractions: steps, pro-rata targets and ties for any figures."""

import re
from decimal import Decimal
from fractions import Fraction
from math import floor

from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.formula import FormulaError, evaluate, parse
from tests.reporting.scoring_files import only_score, scheme_data, scored, totals, unit_data

amounts = st.decimals(min_value=0, max_value=10**6, places=4)
positive = st.decimals(min_value=Decimal("0.0001"), max_value=10**6, places=4)
steps = st.sampled_from(["1%", "5%", "10%", "0.3", "7%"])
months = st.integers(min_value=1, max_value=12)
CHINESE = re.compile("[\u4e00-\u9fff]")
PERCENT = Fraction(1, 100)
# A busy machine is no failure.
unhurried = settings(deadline=None)


def half_up(value: Fraction, places: int) -> Fraction:
    """Half away from zero, on fractions."""
    scaled = abs(value) * 10**places
    whole = floor(scaled + Fraction(1, 2))
    return Fraction(whole if value >= 0 else -whole, 10**places)


def nine(value: Fraction) -> Fraction:
    return half_up(value, 9)


def as_fraction(text: str) -> Fraction:
    return Fraction(text[:-1]) * PERCENT if text.endswith("%") else Fraction(text)


@unhurried
@given(actual=amounts, target=positive, step=steps)
def test_steps_count_as_fractions_do(actual: Decimal, target: Decimal, step: str) -> None:
    exact = floor(nine((Fraction(actual) / Fraction(target) - 1) / as_fraction(step)))
    found = only_score(f"INT((x/目标(x)-1)/{step})", {"x": str(actual)}, target={"x": str(target)})
    assert Fraction(found) == exact


@unhurried
@given(target=positive, step=st.integers(min_value=-10, max_value=30))
def test_a_figure_exactly_on_a_step_reaches_it(target: Decimal, step: int) -> None:
    """x is computed from the target, so that it stands on the boundary to the last place."""
    actual = Fraction(target) * (1 + Fraction(step, 10))
    text = str(Decimal(actual.numerator) / Decimal(actual.denominator))
    found = only_score("INT((x/目标(x)-1)/10%)", {"x": text}, target={"x": str(target)})
    assert found == str(step)


@unhurried
@given(actual=amounts, target=positive, covered=months, cap=st.sampled_from([Fraction(1), Fraction(6, 5)]))
def test_pro_rata_scores_are_the_fractions_rounded_once(
    actual: Decimal, target: Decimal, covered: int, cap: Fraction
) -> None:
    due = Fraction(target) * covered / 12
    exact = half_up(nine(min(Fraction(actual) / due, cap) * 30), 2)
    results = scored(
        scheme_data(f"MIN(x/时序目标(x), {float(cap)})*满分", points=30),
        unit_data("甲", {"x": str(actual)}, target={"x": str(target)}),
        months_elapsed=covered,
    )
    total = totals(results)["甲"][0]
    assert total is not None
    assert Fraction(total) == exact


@unhurried
@given(target=st.integers(min_value=0, max_value=500), covered=months)
def test_small_counts_are_due_rounded_up(target: int, covered: int) -> None:
    due = only_score("时序目标(x)", {"x": 1}, target={"x": target}, months_elapsed=covered, prorate={"x": "ceil"})
    assert due == str(-(-target * covered // 12))


@unhurried
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 12)), min_size=1, max_size=8))
def test_ties_are_those_of_the_rounded_fractions(figures: list[tuple[int, int]]) -> None:
    shown = [half_up(nine(Fraction(x, y)), 2) for x, y in figures]
    units = [unit_data(f"第{number}镇", {"x": x, "y": y}) for number, (x, y) in enumerate(figures)]
    results = scored(scheme_data("x/y"), *units)
    for number, own in enumerate(shown):
        total, rank = totals(results)[f"第{number}镇"]
        assert total is not None
        assert (Fraction(total), rank) == (own, 1 + sum(other > own for other in shown))


@unhurried
@given(st.lists(amounts, min_size=1, max_size=12), st.integers(min_value=0, max_value=99))
def test_trimmed_means_drop_whole_numbers_at_each_end(values: list[Decimal], percent: int) -> None:
    dropped = floor(Fraction(len(values) * percent, 200))
    kept = sorted(map(Fraction, values))[dropped : len(values) - dropped]
    found = evaluate(parse(f"TRIMMEAN(评分, {percent}%)"), lambda _: tuple(values))
    assert abs(Fraction(found) - sum(kept) / len(kept)) < Fraction(1, 10**40)


@unhurried
@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_in_a_sentence(text: str) -> None:
    sentence = "照算"
    try:
        assert parse(text).text == text
    except FormulaError as error:
        sentence = str(error)
    assert CHINESE.search(sentence), sentence


@unhurried
@given(st.lists(st.integers(min_value=0, max_value=10**6), min_size=1, max_size=20), st.booleans())
def test_sums_and_differences_are_read_and_add_up(numbers: list[int], spaced: bool) -> None:
    """So that refusing everything in sentences is not enough."""
    text = (" - " if spaced else "-").join(map(str, numbers))
    assert evaluate(parse(text), dict) == numbers[0] - sum(numbers[1:])
