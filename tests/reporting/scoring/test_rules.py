"""Sentences of docs/scoring.md at their boundaries: figures, 无任务, vetoes, roundings, awards, lists, refusals."""

from decimal import Decimal
from typing import Any

import pytest

from reporting.scoring.errors import FileError, InputError, SchemeError
from reporting.scoring.inputs import load_inputs
from reporting.scoring.results import Results
from reporting.scoring.scheme import load_scheme
from tests.reporting.scoring_files import (
    by_unit,
    input_data,
    only_error,
    only_score,
    scheme_data,
    scored,
    totals,
    unit_data,
)


def indicators(*parts: tuple[str, Any, str], **rules: Any) -> dict[str, Any]:
    """A scheme of indicators given as (name, points, formula)."""
    named = [{"name": name, "points": points, "formula": formula} for name, points, formula in parts]
    return {**scheme_data(**rules), "indicators": named}


def with_totals(*values: Any, **rules: Any) -> Results:
    units = [unit_data(f"第{number}镇", {"x": value}) for number, value in enumerate(values, 1)]
    return scored(scheme_data("x", **rules), *units)


def listed(results: Results, key: str) -> list[Any]:
    """One column of the results, in the order of publication."""
    return [row[key] for row in results.as_json()["results"]]


# Figures beside a metric


@pytest.mark.parametrize(
    ("target", "months", "due"), [("12", 1, "1"), ("13", 1, "2"), ("0", 5, "0"), ("24", 6, "12"), ("0.5", 12, "1")]
)
def test_a_small_count_is_due_whole(target: str, months: int, due: str) -> None:
    parts = {"target": {"x": target}, "prorate": {"x": "ceil"}, "months_elapsed": months}
    assert only_score("时序目标(x)", {"x": 1}, **parts) == due


def test_the_span_of_a_quarters_metric_is_its_own() -> None:
    parts = {"target": {"x": 12}, "months_elapsed": 9, "months_covered": 3}
    assert only_score("时序目标(x)", {"x": 1}, **parts) == "3"


def test_a_plan_stands_before_every_way_of_spreading() -> None:
    for prorate in ("even", "ceil", "none"):
        parts = {"target": {"x": 10}, "plan": {"x": "1.5"}, "prorate": {"x": prorate}}
        assert only_score("时序目标(x)+目标(x)", {"x": 1}, **parts) == "11.5"


def test_a_plan_alone_is_no_target() -> None:
    results = scored(scheme_data("目标(x)"), unit_data("甲", {"x": 1}, plan={"x": 5}))
    assert (totals(results)["甲"], results.errors) == ((None, None), ())
    assert by_unit(results)["甲"]["indicators"][0]["note"] == "无任务"


def test_targets_of_derived_metrics_are_looked_up_and_spread_too() -> None:
    scheme = scheme_data("率/目标(率)*10+时序目标(率)", derived=[{"name": "率", "formula": "x/2"}])
    unit = unit_data("甲", {"x": 1}, target={"率": "0.25", "x": 99})
    assert totals(scored(scheme, unit, prorate={"率": "none"}))["甲"] == ("20.25", 1)


@pytest.mark.parametrize("formula", ["上年同期(x)", "上期(x)"])
@pytest.mark.parametrize("missing_target", ["redistribute", "full", "zero"])
def test_an_absent_earlier_figure_is_an_error_and_never_no_task(formula: str, missing_target: str) -> None:
    results = scored(scheme_data(formula, missing_target=missing_target), unit_data("甲", {"x": 1}))
    assert [error.message for error in results.errors] == [f"缺少数据：{formula}"]


def test_a_target_of_zero_is_a_number() -> None:
    assert only_error("x/目标(x)", {"x": 1}, target={"x": 0}) == "除数为零：x/目标(x)"
    assert only_score("IF(目标(x)=0, 5, 1)", {"x": 1}, target={"x": 0}) == "5"


@pytest.mark.parametrize("value", [None, "absent"])
def test_null_and_absent_figures_are_the_same(value: str | None) -> None:
    actual = {"y": 1} if value else {"x": None, "y": 1}
    other = unit_data("乙", {"x": 1, "y": 1})
    results = scored(scheme_data("x"), unit_data("甲", actual), other)
    assert [(error.unit, error.message) for error in results.errors] == [("甲", "缺少数据：x")]


# Comparisons among townships


def test_groups_are_compared_apart_also_where_the_ranking_is_of_all() -> None:
    units = [
        unit_data(name, {"x": x}, group=group) for name, x, group in [("甲", 4, "一"), ("乙", 9, None), ("丙", 2, None)]
    ]
    found = totals(scored(scheme_data("组内合计(x)+全部合计(x)*100"), *units))
    assert found == {"乙": ("1511.00", 1), "丙": ("1511.00", 1), "甲": ("1504.00", 3)}


def test_a_unit_of_its_own_group_is_first_and_its_own_mean() -> None:
    assert only_score("组内名次(x)+组内平均(x)", {"x": 5}) == "6"


def test_equals_share_a_group_rank_and_the_next_is_skipped() -> None:
    units = [unit_data(name, {"x": x}) for name, x in [("甲", 2), ("乙", 3), ("丙", 3), ("丁", 1)]]
    found = by_unit(scored(scheme_data("组内名次(x)"), *units))
    assert {name: row["indicators"][0]["points"] for name, row in found.items()} == {
        "甲": "3",
        "乙": "1",
        "丙": "1",
        "丁": "4",
    }


def test_a_township_in_error_elsewhere_still_counts_in_comparisons() -> None:
    results = scored(scheme_data("全部最大(x)+y"), unit_data("甲", {"x": 1, "y": 0}), unit_data("乙", {"x": 5}))
    assert totals(results) == {"甲": ("5.00", 1), "乙": (None, None)}


def test_truth_is_a_number_in_a_comparison_with_the_group() -> None:
    units = [unit_data(name, {"增速": rate}) for name, rate in [("甲", "0.1"), ("乙", "0.3")]]
    assert totals(scored(scheme_data("5*(增速>组内平均(增速))"), *units)) == {"乙": ("5.00", 1), "甲": ("0.00", 2)}


# 无任务


def test_redistribution_keeps_full_marks_and_shows_scores_before_it() -> None:
    scheme = indicators(("甲项", 20, "目标(x)"), ("乙项", 50, "y*满分"), ("丙项", 30, "满分"))
    row = by_unit(scored(scheme, unit_data("甲", {"x": 1, "y": "0.5"})))["甲"]
    assert row["total"] == "68.75"
    assert [item["points"] for item in row["indicators"]] == [None, "25", "30"]
    assert row["indicators"][1]["substituted"] == "0.5*50 = 25"


def test_points_of_other_groups_have_no_part_in_redistribution() -> None:
    scheme = indicators(("甲项", 20, "目标(x)"), ("乙项", 60, "60"), ("丙项", 999, "1"))
    scheme["indicators"][2]["groups"] = ["别组"]
    assert totals(scored(scheme, unit_data("甲", {"x": 1})))["甲"] == ("80.00", 1)


def test_bonuses_and_deductions_are_not_redistributed() -> None:
    scheme = indicators(
        ("甲项", 50, "目标(x)"),
        ("乙项", 50, "10"),
        bonuses=[{"name": "好", "formula": "3"}],
        deductions=[{"name": "坏", "formula": "1"}],
    )
    assert totals(scored(scheme, unit_data("甲", {"x": 1})))["甲"] == ("22.00", 1)


@pytest.mark.parametrize("missing_target", ["redistribute", "full", "zero"])
@pytest.mark.parametrize("kind", ["bonuses", "deductions"])
def test_an_extra_without_a_target_gives_nothing_whatever_its_cap(kind: str, missing_target: str) -> None:
    extras = {kind: [{"name": "某", "formula": "x/时序目标(x)", "cap": 4}]}
    row = by_unit(with_totals(7, missing_target=missing_target, **extras))["第1镇"]
    assert (row["total"], row[kind][0]["points"], row[kind][0]["note"]) == ("7.00", "0", "无任务")


def test_an_error_beside_no_task_leaves_no_total() -> None:
    scheme = indicators(("甲项", 50, "目标(x)"), ("乙项", 50, "1/0"))
    results = scored(scheme, unit_data("甲", {"x": 1}))
    assert totals(results)["甲"] == (None, None)
    assert [error.where for error in results.errors] == ["乙项"]


def test_left_points_of_zero_are_no_points() -> None:
    scheme = indicators(("甲项", 50, "目标(x)"), ("乙项", 0, "10"))
    results = scored(scheme, unit_data("甲", {"x": 1}))
    assert (totals(results)["甲"], results.errors) == ((None, None), ())


@pytest.mark.parametrize(("mode", "total"), [("full", "33.3"), ("zero", "0.0")])
def test_what_stands_for_no_task_is_rounded_like_a_score(mode: str, total: str) -> None:
    rounding = {"indicator": 1, "total": 1}
    scheme = indicators(("甲项", "33.25", "目标(x)"), missing_target=mode, rounding=rounding)
    assert totals(scored(scheme, unit_data("甲", {"x": 1})))["甲"][0] == total


# The total


@pytest.mark.parametrize(
    ("value", "cap", "points"), [("2.999999999", 3, "3"), (3, 3, "3"), (4, 3, "3"), (4, 0, "0"), (0, None, "0")]
)
def test_a_bonus_stops_at_its_cap(value: Any, cap: int | None, points: str) -> None:
    scheme = scheme_data("0", bonuses=[{"name": "好", "formula": "x", "cap": cap}])
    assert by_unit(scored(scheme, unit_data("甲", {"x": value})))["甲"]["bonuses"][0]["points"] == points


def test_a_bonus_cap_of_zero_gives_nothing_and_deductions_have_no_common_cap() -> None:
    extras = {
        "bonuses": [{"name": "好", "formula": "5"}],
        "bonus_cap": 0,
        "deductions": [{"name": "坏", "formula": "5", "cap": 4}, {"name": "差", "formula": "5", "cap": 4}],
    }
    assert totals(with_totals(1, **extras))["第1镇"] == ("-7.00", 1)


@pytest.mark.parametrize(("value", "errs"), [("-0.0000000004", False), ("-0.000000001", True), ("0", False)])
@pytest.mark.parametrize("kind", ["bonuses", "deductions"])
def test_a_bonus_is_negative_by_nine_places(value: str, errs: bool, kind: str) -> None:
    results = with_totals(1, **{kind: [{"name": "某", "formula": f"1*{value}"}]})
    assert bool(results.errors) is errs
    assert totals(results)["第1镇"] == ((None, None) if errs else ("1.00", 1))


@pytest.mark.parametrize(("floor", "total"), [(None, "-5.00"), (0, "0.00"), ("-4.995", "-5.00"), (-6, "-5.00")])
def test_the_floor_is_raised_to_before_the_rounding(floor: Any, total: str) -> None:
    assert totals(with_totals(-5, floor=floor))["第1镇"][0] == total


def test_a_zero_veto_comes_after_the_floor() -> None:
    vetoes = [{"name": "虚", "when": "TRUE", "effect": "zero"}]
    assert totals(with_totals(50, -50, floor=10, vetoes=vetoes)) == {"第1镇": ("0.00", 1), "第2镇": ("0.00", 1)}


@pytest.mark.parametrize(
    ("places", "mode", "value", "total"),
    [
        (0, "half_up", "0.5", "1"),
        (0, "half_up", "-0.5", "-1"),
        (0, "half_up", "-0.4", "0"),
        (0, "down", "0.999999999", "0"),
        (0, "down", "0.9999999995", "1"),
        (3, "half_up", "1.0005", "1.001"),
        (9, "half_up", "1.0000000005", "1.000000001"),
        (9, "down", "1.0000000005", "1.000000001"),
    ],
)
def test_totals_have_the_schemes_places(places: int, mode: str, value: str, total: str) -> None:
    scheme = scheme_data(f"1*{value}", rounding={"total": places, "mode": mode})
    assert totals(scored(scheme, unit_data("甲")))["甲"][0] == total


def test_indicators_are_rounded_before_they_are_added_and_the_total_once() -> None:
    parts = ("甲项", 1, "0.045"), ("乙项", 1, "0.045"), ("丙项", 1, "0.045")
    early = indicators(*parts, rounding={"indicator": 2, "total": 1})
    late = indicators(*parts, rounding={"total": 1})
    assert totals(scored(early, unit_data("甲")))["甲"][0] == "0.2"
    assert totals(scored(late, unit_data("甲")))["甲"][0] == "0.1"


# Ranks, the pass mark, awards


def test_tie_breaks_compare_by_nine_places() -> None:
    scheme = scheme_data("8", derived=[{"name": "率", "formula": "x/30"}], ranking={"tie_break": ["率"]})
    units = [unit_data(name, {"x": x}) for name, x in [("甲", 1), ("乙", "1.000000001"), ("丙", "1.00000003")]]
    assert totals(scored(scheme, *units)) == {"丙": ("8.00", 1), "甲": ("8.00", 2), "乙": ("8.00", 2)}


def test_equals_stay_in_file_order_and_only_they_are_tied() -> None:
    results = with_totals(7, 9, 9, 7, 7, 1)
    assert listed(results, "unit") == ["第2镇", "第3镇", "第1镇", "第4镇", "第5镇", "第6镇"]
    assert listed(results, "rank") == [1, 1, 3, 3, 3, 6]
    assert listed(results, "tied") == [True, True, True, True, True, False]


def test_the_unranked_and_those_in_error_come_after_all_groups() -> None:
    values = [
        ("甲", None, "一"),
        ("乙", 5, "一"),
        ("丙", 3, "二"),
        ("丁", 4, "一"),
        ("戊", 9, "二"),
        ("己", None, "二"),
    ]
    units = [unit_data(name, {"x": x}, group=group) for name, x, group in values]
    vetoes = [{"name": "虚", "when": "IF(x>=5, x<6, 0)", "effect": "unranked"}]
    results = scored(scheme_data("x", vetoes=vetoes, ranking={"within": "group"}), *units)
    assert listed(results, "unit") == ["丁", "戊", "丙", "乙", "甲", "己"]
    assert listed(results, "rank") == [1, 1, 2, None, None, None]


@pytest.mark.parametrize(
    ("when", "holds"), [("0", False), ("-1", True), ("0.0000000004", False), ("1/3*3-1", False), ("FALSE", False)]
)
def test_a_condition_holds_where_its_number_is_not_zero(when: str, holds: bool) -> None:
    results = with_totals(1, vetoes=[{"name": "虚", "when": when, "effect": "no_award"}])
    assert (by_unit(results)["第1镇"]["vetoed"] is not None) is holds


@pytest.mark.parametrize("effect", ["zero", "unranked", "no_award"])
def test_no_veto_leaves_an_award_or_a_promotion(effect: str) -> None:
    rules = {"awards": [{"tier": "奖", "amount": 1}], "promotions": [{"when": "1", "tiers": 9}]}
    row = by_unit(with_totals(90, vetoes=[{"name": "虚", "when": "1", "effect": effect}], **rules))["第1镇"]
    assert (row["award"], row["amount"], row["vetoed"]) == (None, None, "虚")
    assert not [note for note in row["notes"] if "晋" in note]


def test_who_does_not_pass_is_ranked_but_takes_nothing_and_moves_nowhere() -> None:
    rules = {"awards": [{"tier": "奖"}], "promotions": [{"when": "1", "tiers": 1}], "pass_mark": 60}
    row = by_unit(with_totals("59.99", **rules))["第1镇"]
    assert (row["rank"], row["qualified"], row["award"], row["notes"]) == (1, False, None, ["不合格"])


def test_ranks_of_awards_are_those_of_the_group() -> None:
    units = [
        unit_data(name, {"x": x}, group=group)
        for name, x, group in [("甲", 9, "一"), ("乙", 8, "一"), ("丙", 2, "二"), ("丁", 1, "二")]
    ]
    awards = [{"tier": "一等奖", "ranks": [1, 1], "amount": "12.50"}]
    results = scored(scheme_data("x", ranking={"within": "group"}, awards=awards), *units)
    assert list(zip(listed(results, "award"), listed(results, "amount"), strict=True)) == [
        ("一等奖", "12.5"),
        (None, None),
        ("一等奖", "12.5"),
        (None, None),
    ]


@pytest.mark.parametrize(
    ("total", "award"), [("79.994", "二等奖"), ("79.995", "一等奖"), (80, "一等奖"), ("59.99", None)]
)
def test_a_minimum_is_reached_by_the_rounded_total(total: Any, award: str | None) -> None:
    awards = [{"tier": "一等奖", "minimum": 80}, {"tier": "二等奖", "minimum": 60}]
    assert listed(with_totals(total, awards=awards), "award") == [award]


def test_an_award_without_an_amount_gives_none() -> None:
    assert listed(with_totals(1, awards=[{"tier": "奖"}]), "amount") == [None]


def test_a_promotion_from_no_award_is_one_step_to_the_last_tier() -> None:
    awards = [{"tier": "一等奖", "minimum": 90}, {"tier": "二等奖", "minimum": 80}]
    promotions = [{"when": "x>=50", "tiers": 1}, {"when": "x>=60", "tiers": 1}]
    results = with_totals(95, 85, 65, 55, 45, awards=awards, promotions=promotions)
    assert listed(results, "award") == ["一等奖", "一等奖", "一等奖", "二等奖", None]


def test_moves_are_summed_before_they_stop_at_an_end() -> None:
    awards = [{"tier": "一等奖", "minimum": 90}, {"tier": "二等奖", "minimum": 80}]
    moves = {"promotions": [{"when": "1", "tiers": 3}], "demotions": [{"when": "1", "tiers": 2}]}
    assert listed(with_totals(95, 85, awards=awards, **moves), "award") == ["一等奖", "一等奖"]


def test_conditions_on_the_ranking_read_the_rounded_total() -> None:
    lists = [{"name": "红榜", "when": "总分=80"}, {"name": "末位", "when": "AND(名次=参评数, 参评数>1)"}]
    assert listed(with_totals("79.996", 70, lists=lists), "lists") == [["红榜"], ["末位"]]


def test_equals_at_the_end_are_on_the_list_by_their_rank() -> None:
    lists = [{"name": "黑榜", "when": "名次>参评数-2"}]
    assert listed(with_totals(9, 8, 5, 5, lists=lists), "lists") == [[], [], ["黑榜"], ["黑榜"]]
    assert listed(with_totals(9, 5, 5, 5, lists=lists), "lists") == [[], [], [], []]


def test_a_metric_called_like_a_ranking_name_is_read_where_ranking_names_are_not() -> None:
    results = scored(
        scheme_data("名次", lists=[{"name": "榜", "when": "名次=1"}]), unit_data("甲", {"名次": 50, "总分": 3})
    )
    assert (totals(results)["甲"], listed(results, "lists")) == (("50.00", 1), [["榜"]])


# What is refused


@pytest.mark.parametrize("value", ["3", 3, Decimal(3), Decimal("3.0"), "3.0"])
@pytest.mark.parametrize("key", ["months_elapsed", "months_covered"])
def test_numbers_of_the_input_may_be_written_as_text(key: str, value: Any) -> None:
    inputs = load_inputs(input_data(unit_data("甲"), **{key: value}))
    assert getattr(inputs, key) == 3


@pytest.mark.parametrize("value", ["", "三", "3.5", "0", "13", "1e9", True, [3], "NaN"])
@pytest.mark.parametrize("key", ["months_elapsed", "months_covered"])
def test_months_are_whole_and_of_one_year(key: str, value: Any) -> None:
    with pytest.raises(InputError, match=f"^“{key}”应当是1到12的整数$"):
        load_inputs(input_data(unit_data("甲"), **{key: value}))


@pytest.mark.parametrize("figure", ["4.2", "-0", "1e3", "0.123456789", "1.5000000000", "999999999999999999", 0, -7])
def test_figures_are_exact_decimals(figure: Any) -> None:
    (unit,) = load_inputs(input_data(unit_data("甲", {"x": figure}))).units
    assert unit.actual["x"] == Decimal(figure)


@pytest.mark.parametrize("figure", ["+1", " 1", "1 ", "1,0", "5%", "0x1", "1e", ".5", "5.", "01", "１", "Infinity", ""])
def test_figures_in_other_forms_are_refused(figure: str) -> None:
    with pytest.raises(InputError, match=r"“x”应当是数$"):
        load_inputs(input_data(unit_data("甲", {"x": figure})))


@pytest.mark.parametrize(
    ("kind", "period", "fits"),
    [
        ("month", "2024-05", True),
        ("quarter", "1999Q4", True),
        ("half_year", "2024H2", True),
        ("year", "2031", True),
        ("month", "2024Q1", False),
        ("quarter", "2024", False),
        ("half_year", "2024-06", False),
        ("year", "2024H1", False),
    ],
)
def test_inputs_are_of_the_schemes_kind_of_period_and_of_any_year(kind: str, period: str, fits: bool) -> None:
    scheme, inputs = scheme_data("1", period=kind), [unit_data("甲")]
    if fits:
        assert scored(scheme, *inputs, period=period).errors == ()
        return
    with pytest.raises(InputError, match=r"方案按.+考核，数据的期间却是“"):
        scored(scheme, *inputs, period=period)


@pytest.mark.parametrize(
    "period", ["2024Q0", "2024-00", "2024-1", "2024H3", "24Q1", "2024q1", "2024Q1 ", "", "2024-1月"]
)
def test_other_periods_are_refused(period: str) -> None:
    with pytest.raises(InputError, match=r"^“period”应当"):
        load_inputs({**input_data(unit_data("甲")), "period": period})


PLACES_OF_FORMULAS = [
    ("派生指标“某”", {"derived": [{"name": "某", "formula": "{}"}]}),
    ("加分“某”", {"bonuses": [{"name": "某", "formula": "{}"}]}),
    ("扣分“某”", {"deductions": [{"name": "某", "formula": "{}"}]}),
    ("否决“某”", {"vetoes": [{"name": "某", "when": "{}", "effect": "zero"}]}),
    ("榜单“某”", {"lists": [{"name": "某", "when": "{}"}]}),
]


@pytest.mark.parametrize(("where", "rules"), PLACES_OF_FORMULAS)
@pytest.mark.parametrize("formula", ["签约金额", "目标(签约金额)", "组内最大(签约金额)", "IF(1, 1, 签约金额)"])
def test_an_unknown_name_is_told_with_its_place_and_the_nearest(
    where: str, rules: dict[str, list[dict[str, str]]], formula: str
) -> None:
    (key, (part,)), *_ = rules.items()
    written = {name: text.replace("{}", formula) for name, text in part.items()}
    with pytest.raises(SchemeError, match=f"^{where}：没有名为“签约金额”的指标数据，相近的有：签约额"):
        scored(scheme_data("1", **{key: [written]}), unit_data("甲", {"签约额": 1}))


def test_labels_cannot_be_read() -> None:
    extras = {"bonuses": [{"name": "好", "formula": "1"}], "deductions": [{"name": "坏", "formula": "1"}]}
    for label in ("得分", "好", "坏"):
        with pytest.raises(FileError, match=f"没有名为“{label}”的指标数据"):
            scored(scheme_data("1", **extras, lists=[{"name": "榜", "when": f"{label}>1"}]), unit_data("甲", {"x": 1}))


@pytest.mark.parametrize("formula", ["b", "组内平均(b)", "全部名次(b)", "IF(0, b, 1)"])
def test_derived_metrics_in_a_circle_are_refused(formula: str) -> None:
    derived = [{"name": "a", "formula": formula}, {"name": "b", "formula": "a+1"}]
    with pytest.raises(SchemeError, match=r"^派生指标循环引用：(a→b→a|b→a→b)$"):
        load_scheme(scheme_data("1", derived=derived))


def test_a_target_of_a_derived_metric_makes_no_circle() -> None:
    scheme = scheme_data("率", derived=[{"name": "率", "formula": "x/目标(率)"}])
    assert totals(scored(scheme, unit_data("甲", {"x": 1}, target={"率": 4})))["甲"] == ("0.25", 1)


KEYED = [
    ("方案", {}, "fool"),
    ("rounding", {"rounding": {"totals": 1}}, "totals"),
    ("ranking", {"ranking": {"by": "all"}}, "by"),
    ("derived", {"derived": [{"name": "率", "formula": "1", "cap": 1}]}, "cap"),
    ("bonuses", {"bonuses": [{"name": "好", "formula": "1", "points": 1}]}, "points"),
    ("deductions", {"deductions": [{"name": "坏", "formula": "1", "max": 1}]}, "max"),
    ("vetoes", {"vetoes": [{"name": "虚", "when": "1", "effect": "zero", "cap": 1}]}, "cap"),
    ("awards", {"awards": [{"tier": "奖", "rank": 1}]}, "rank"),
    ("promotions", {"promotions": [{"when": "1", "tiers": 1, "name": "升"}]}, "name"),
    ("demotions", {"demotions": [{"when": "1", "tiers": 1, "note": "降"}]}, "note"),
    ("lists", {"lists": [{"name": "榜", "when": "1", "effect": "zero"}]}, "effect"),
]


@pytest.mark.parametrize(("place", "rules", "key"), KEYED, ids=[place for place, _, _ in KEYED])
def test_no_unknown_key_is_passed_over(place: str, rules: dict[str, Any], key: str) -> None:
    with pytest.raises(SchemeError, match=f"不认识“{key}”"):
        load_scheme({**scheme_data("1"), **(rules or {key: 1})})
