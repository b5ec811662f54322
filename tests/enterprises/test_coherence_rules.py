"""Each rule at its boundary, on plain values: nothing here asks a database."""

from datetime import date
from decimal import Decimal

import pytest

from benchmarks.coherence import PLANTED, judged, simulate
from enterprises.coherence.rules import Finding, Kind, Terms, findings, told
from enterprises.coherence.series import Firm, History, earlier, window

MAY = date(2024, 5, 1)


def terms(kind, limit=0, least=0, months=1, figure="revenue", other="power"):
    return Terms("rule", Kind(kind), figure, other, Decimal(limit), Decimal(least), months)


def firm(rows, pk=1, origin="self", group=(1, "17")):
    """`rows`: months back → figures."""
    told = {
        earlier(MAY, back): {name: Decimal(str(value)) for name, value in row.items()} for back, row in rows.items()
    }
    return Firm(pk, group, (History(origin, told),))


def steady(now, months=12, **each):
    """The same figures for so many months, and this one's."""
    return firm({**dict.fromkeys(range(1, months + 1), each), 0: now})


def found(rule, *firms):
    return [(one.firm, one.sentence) for one in findings(firms, [rule], MAY)]


def asks(rule, *firms):
    return bool(found(rule, *firms))


# -- ratios ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("revenue", "odd"), [(179, False), (180, False), ("180.01", True), (56, False), (55, True)])
def test_a_ratio_is_asked_about_beyond_its_percentage_both_ways(revenue, odd):
    rule = terms("ratio", limit=6, least=80)
    assert asks(rule, steady({"revenue": revenue, "power": 1000}, revenue=100, power=1000)) == odd


@pytest.mark.parametrize(("revenue", "odd"), [(134, False), (136, True)])
def test_a_ratio_is_asked_about_beyond_its_spreads(revenue, odd):
    """Of a series that never moved a spread is 0.05 in logs: six of them are ×1.3499."""
    rule = terms("ratio", limit=6, least=10)
    assert asks(rule, steady({"revenue": revenue, "power": 1000}, revenue=100, power=1000)) == odd


@pytest.mark.parametrize(("months", "odd"), [(5, False), (6, True)])
def test_a_ratio_needs_six_months_of_its_own(months, odd):
    rule = terms("ratio", limit=6, least=80)
    assert asks(rule, steady({"revenue": 300, "power": 1000}, months, revenue=100, power=1000)) == odd


def test_a_scattered_enterprise_is_given_more_room():
    rule = terms("ratio", limit=6, least=80)
    scattered = {back: {"revenue": 100 if back % 2 else 160, "power": 1000} for back in range(1, 13)}
    assert not asks(rule, firm({**scattered, 0: {"revenue": 300, "power": 1000}}))


def test_figures_that_grow_together_raise_nothing():
    rule = terms("ratio", limit=6, least=80)
    assert not asks(rule, steady({"revenue": 900, "power": 9000}, revenue=100, power=1000))


def test_of_several_ratios_of_one_figure_the_oddest_is_asked():
    rules = [
        Terms(name, Kind.RATIO, "revenue", name, Decimal(6), Decimal(80), 1) for name in ("power", "water", "employees")
    ]
    one = steady(
        {"revenue": 300, "power": 900, "water": 100, "employees": 10}, revenue=100, power=1000, water=100, employees=10
    )
    assert [finding.rule for finding in findings([one], rules, MAY)] == ["power"]


# -- nothing where something should be -------------------------------------------------------------


@pytest.mark.parametrize(("power", "odd"), [(0, True), (1, False)])
def test_revenue_without_power(power, odd):
    assert asks(terms("zero"), firm({0: {"revenue": 1, "power": power}})) == odd


def test_no_figure_is_not_a_zero():
    assert not asks(terms("zero"), firm({0: {"revenue": 1}}))


@pytest.mark.parametrize(("run", "odd"), [(2, False), (3, True), (4, False), (6, True)])
def test_months_without_tax_are_asked_about_each_time_their_number_has_passed(run, odd):
    rows = {back: {"revenue": 10, "tax": 0 if back < run else 1} for back in range(8)}
    assert asks(terms("zero", months=3, other="tax"), firm(rows)) == odd


# -- peers -----------------------------------------------------------------------------------------


def county(mine, others=5, group=(1, "17")):
    each = [firm({0: {"revenue": 100, "employees": 10}}, pk=number + 2) for number in range(others)]
    return [firm({0: {"revenue": mine, "employees": 10}}, pk=1, group=group), *each]


@pytest.mark.parametrize(("revenue", "odd"), [(500, []), (501, [1])])
def test_revenue_per_head_against_the_median_of_peers(revenue, odd):
    rule = terms("peers", limit=5, other="employees")
    assert [pk for pk, _ in found(rule, *county(revenue))] == odd


@pytest.mark.parametrize(("others", "odd"), [(4, []), (5, [1])])
def test_fewer_than_five_peers_say_nothing(others, odd):
    rule = terms("peers", limit=5, other="employees")
    assert [pk for pk, _ in found(rule, *county(900, others))] == odd


@pytest.mark.parametrize("group", [(2, "17"), (1, "18"), (1, "")])
def test_peers_are_of_the_same_township_and_industry(group):
    assert not asks(terms("peers", limit=5, other="employees"), *county(900, group=group))


# -- units -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("times", [10, 100, 1000, 10000, "0.1", "0.01", "0.001", "0.0001"])
def test_a_slip_of_units_is_asked_about(times):
    rule = terms("slip", limit=4, least=60, figure="", other="")
    now = Decimal(100) * Decimal(times)
    ((_, sentence),) = found(rule, steady({"revenue": now}, revenue=100))
    assert "请核对是否按万元填写" in sentence


@pytest.mark.parametrize(("times", "odd"), [("6.2", False), ("6.3", True), (16, True), ("16.1", False), (3, False)])
def test_how_near_to_ten_times_a_slip_is(times, odd):
    rule = terms("slip", limit=4, least=60, figure="", other="")
    assert asks(rule, steady({"revenue": Decimal(100) * Decimal(times)}, revenue=100)) == odd


@pytest.mark.parametrize(("months", "odd"), [(2, False), (3, True)])
def test_a_slip_needs_three_months_of_its_own(months, odd):
    rule = terms("slip", limit=4, least=60, figure="", other="")
    assert asks(rule, steady({"revenue": 1000}, months, revenue=100)) == odd


def test_a_slip_is_asked_about_once_and_not_under_every_ratio():
    rules = [terms("slip", limit=4, least=60, figure="", other=""), terms("ratio", limit=6, least=80)]
    one = steady({"revenue": 1000, "power": 1000}, revenue=100, power=1000)
    assert [finding.kind for finding in findings([one], rules, MAY)] == [Kind.SLIP]


# -- what was typed --------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "back"), [("repeat", 1), ("last_year", 12)])
def test_a_copy_is_asked_about(kind, back):
    row = {"revenue": 100, "power": 5000, "employees": 9}
    rule = terms(kind, months=2)
    assert asks(rule, firm({back: row, 0: row}))
    assert not asks(rule, firm({back: {**row, "power": 5001}, 0: row}))
    assert not asks(rule, firm({back: {**row, "tax": 1}, 0: row}))
    assert not asks(rule, firm({back + 1: row, 0: row}))


@pytest.mark.parametrize("row", [{"revenue": 100, "employees": 9}, {"revenue": 100, "tax": 0}])
def test_people_and_zeros_alike_prove_no_copy(row):
    assert not asks(terms("repeat", months=2), firm({1: row, 0: row}))
    assert asks(terms("repeat", months=1), firm({1: row, 0: row}))


@pytest.mark.parametrize(("revenue", "odd"), [(-1, True), (0, False)])
def test_a_figure_below_zero_is_asked_about(revenue, odd):
    assert asks(terms("negative"), firm({0: {"revenue": revenue}})) == odd


@pytest.mark.parametrize(("before", "odd"), [({1}, False), ({2}, True), ({12}, True), ({13}, False), (set(), False)])
def test_a_month_that_comes_before_its_turn_is_asked_about(before, odd):
    assert asks(terms("skipped"), firm({back: {"revenue": 1} for back in {0, *before}})) == odd


# -- sources ---------------------------------------------------------------------------------------


def two_sources(own_power):
    """The enterprise's own report, and the power supplier's figures, which jump."""
    own = {back: {"revenue": 100, **({"power": 1000} if own_power else {})} for back in range(1, 13)}
    own[0] = {"revenue": 300, **({"power": 1000} if own_power else {})}
    power = {back: {"power": 1000} for back in range(13)}
    return Firm(1, (1, "17"), (*firm(power, origin="power").histories, *firm(own).histories))


@pytest.mark.parametrize(("own_power", "origins"), [(True, {"self"}), (False, {"self", "power"})])
def test_departments_figures_are_used_only_where_the_own_ones_raise_nothing(own_power, origins):
    (finding,) = findings([two_sources(own_power)], [terms("ratio", limit=6, least=80)], MAY)
    assert finding.origins == origins


def test_the_figures_are_kept_as_they_were_seen():
    (finding,) = findings([steady({"revenue": 300, "power": 1000}, revenue=100, power=1000)],
                          [terms("ratio", limit=6, least=80)], MAY)  # fmt: skip
    assert isinstance(finding, Finding)
    assert finding.months == (*window(MAY), MAY)
    assert finding.lines[0].values == (*[Decimal(100)] * 12, Decimal(300))
    assert finding.sentence == (
        "2024年5月营业收入与用电量之比是此前12个月中位数的3.0倍，偏离22.0个离散度。请说明两者变化不一致的原因。"
    )


@pytest.mark.parametrize(("times", "text"), [(0.0123, "0.012"), (3.14, "3.1"), (98.7, "99"), (10000.2, "10000")])
def test_how_many_times_is_told_in_two_digits(times, text):
    assert told(times) == text


# -- a county --------------------------------------------------------------------------------------


def test_what_is_planted_in_a_small_county_is_found():
    """benchmarks/coherence.py does the same with a thousand enterprises."""
    planted, hits, vain = judged(simulate(5 * len(PLANTED), 30, seed=11))
    assert sum(planted.values()) == len(PLANTED)
    assert (sum(planted.values()) - sum(hits.values()), sum(vain.values())) <= (2, 2)
