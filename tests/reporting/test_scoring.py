"""The rules of scoring, one after the other: totals, 无任务, comparisons, ranks, vetoes, awards, lists, errors."""

from decimal import Decimal
from typing import Any

import pytest

from reporting.scoring.results import Results
from tests.reporting.scoring_files import by_unit, only_error, only_score, scheme_data, scored, totals, unit_data


def indicator(name: str, formula: str, points: Any = 50, **rest: Any) -> dict[str, Any]:
    return {"name": name, "points": points, "formula": formula, **rest}


def with_scores(*scores: Any, **rules: Any) -> Results:
    """Townships 甲乙丙… with these totals."""
    units = [unit_data(name, {"签约额": value}) for name, value in zip("甲乙丙丁戊己", scores, strict=False)]
    return scored(scheme_data(**rules), *units)


def ranks(results: Results) -> dict[str, int | None]:
    return {unit: rank for unit, (_, rank) in totals(results).items()}


def column(results: Results, key: str) -> dict[str, Any]:
    return {name: row[key] for name, row in by_unit(results).items()}


# What is due

TARGETS = {"target": {"x": 10}, "months_elapsed": 3}


@pytest.mark.parametrize(
    ("parts", "due"),
    [
        ({"target": {"x": 10}}, "2.5"),
        ({"target": {"x": 10}, "months_elapsed": 2}, "1.666667"),
        ({"target": {"x": 10}, "months_elapsed": 6, "months_covered": 3}, "2.5"),
        ({"target": {"x": 10}, "prorate": {"x": "ceil"}}, "3"),
        ({"target": {"x": 12}, "prorate": {"x": "ceil"}}, "3"),
        ({"target": {"x": 10}, "prorate": {"x": "none"}}, "10"),
        ({"target": {"x": 10}, "prorate": {"x": "even"}}, "2.5"),
        ({"target": {"x": 10}, "plan": {"x": 4}}, "4"),
        ({"plan": {"x": 4}}, "4"),
        ({"target": {"x": 10}, "plan": {"x": None}}, "2.5"),
        ({"target": {"x": 0}}, "0"),
    ],
)
def test_what_is_due_is_the_plan_else_the_targets_part(parts: dict[str, Any], due: str) -> None:
    assert only_score("时序目标(x)", {"x": 1}, **parts) == due


def test_figures_beside_a_metric_are_looked_up() -> None:
    parts = {"target": {"x": 9}, "last_year": {"x": 5}, "last_period": {"x": 4}}
    assert only_score("目标(x)*100+上年同期(x)*10+上期(x)", {"x": 1}, **parts) == "954"


def test_figures_beside_a_derived_metric_are_looked_up_and_nothing_is_recomputed() -> None:
    scheme = scheme_data("率/目标(率)+上年同期(率)", derived=[{"name": "率", "formula": "x/4"}])
    results = scored(scheme, unit_data("甲", {"x": 1}, target={"率": "0.5"}, last_year={"率": 7, "x": 100}))
    assert totals(results)["甲"] == ("7.50", 1)


def test_lists_are_metrics_of_earlier_periods_too() -> None:
    assert only_score("AVERAGE(上年同期(评分))", {"评分": 1}, last_year={"评分": [1, 4]}) == "2.5"


# 无任务


def two_indicators(missing_target: str | None, **rules: Any) -> Results:
    scheme = scheme_data(**rules) | {
        "indicators": [indicator("甲项", "x/目标(x)*满分", 40), indicator("乙项", "y", 60)],
    }
    if missing_target:
        scheme["missing_target"] = missing_target
    return scored(scheme, unit_data("甲", {"x": 1, "y": 30}), unit_data("乙", {"x": 1, "y": 30}, target={"x": 2}))


@pytest.mark.parametrize(
    ("missing_target", "total", "points"),
    [(None, "50.00", None), ("redistribute", "50.00", None), ("full", "70.00", "40"), ("zero", "30.00", "0")],
)
def test_an_absent_target_follows_the_schemes_rule(missing_target: str | None, total: str, points: str | None) -> None:
    row = by_unit(two_indicators(missing_target))["甲"]
    assert row["total"] == total
    assert row["indicators"][0]["points"] == points
    assert "无任务" in row["indicators"][0]["note"]
    assert row["indicators"][1]["points"] == "30"


def test_the_factor_of_redistribution_is_told() -> None:
    row = by_unit(two_indicators("redistribute"))["甲"]
    assert row["indicators"][0]["note"] == "无任务，其余指标得分之和×100÷60（折算系数1.666667）"
    assert row["notes"] == ["无任务：甲项，其余指标得分之和×100÷60（折算系数1.666667）", "并列"]


def test_redistribution_takes_scores_as_rounded() -> None:
    scheme = scheme_data(rounding={"indicator": 0}) | {
        "indicators": [indicator("甲项", "目标(x)", 50), indicator("乙项", "y", 50)]
    }
    assert totals(scored(scheme, unit_data("甲", {"y": "1.4", "x": 0})))["甲"] == ("2.00", 1)


def test_without_any_task_there_is_no_total_and_no_rank_and_no_error() -> None:
    results = scored(
        scheme_data(
            "目标(x)", lists=[{"name": "榜", "when": "1"}], vetoes=[{"name": "虚", "when": "1", "effect": "zero"}]
        ),
        unit_data("甲", {"x": 1}),
        unit_data("乙", {"x": 1}, target={"x": 3}),
    )
    assert totals(results) == {"乙": ("0.00", 1), "甲": (None, None)}
    assert results.errors == ()
    assert column(results, "lists") == {"乙": ["榜"], "甲": []}


def test_no_task_comes_through_derived_metrics() -> None:
    scheme = scheme_data(derived=[{"name": "率", "formula": "x/时序目标(x)"}]) | {
        "indicators": [indicator("甲项", "率"), indicator("乙项", "10")]
    }
    row = by_unit(scored(scheme, unit_data("甲", {"x": None})))["甲"]
    assert (row["total"], row["derived"]) == ("20.00", [{"name": "率", "value": None, "substituted": None}])


def test_a_target_on_the_branch_not_taken_is_not_read() -> None:
    assert only_score("IF(x>0, x, 目标(x))", {"x": 3}) == "3"


def test_a_bonus_deduction_or_condition_without_a_target_does_nothing() -> None:
    results = scored(
        scheme_data(
            "x",
            bonuses=[{"name": "好", "formula": "目标(x)"}],
            deductions=[{"name": "坏", "formula": "缺/目标(x)"}],
            vetoes=[{"name": "虚", "when": "目标(x)>=0", "effect": "zero"}],
            lists=[{"name": "榜", "when": "x>=目标(x)"}],
            awards=[{"tier": "一等奖"}],
            demotions=[{"when": "x<目标(x)", "tiers": 1}],
        ),
        unit_data("甲", {"x": 9, "缺": None}),
    )
    row = by_unit(results)["甲"]
    assert (row["total"], row["bonus"], row["deduction"], row["vetoed"]) == ("9.00", "0.00", "0.00", None)
    assert (row["bonuses"][0]["points"], row["bonuses"][0]["note"]) == ("0", "无任务")
    assert (row["lists"], row["award"]) == ([], "一等奖")
    assert [note for note in row["notes"] if "无任务" in note] == [
        "否决“虚”：无任务，不适用",
        "降档“x<目标(x)”：无任务，不适用",
        "榜：无任务，不适用",
    ]


# Comparisons among townships


def compared(formula: str, *values: Any, groups: str = "") -> dict[str, str | None]:
    units = [
        unit_data(name, {"x": value}, group=groups[number] if groups else None)
        for number, (name, value) in enumerate(zip("甲乙丙丁", values, strict=False))
    ]
    rows = by_unit(scored(scheme_data(formula), *units))
    return {name: rows[name]["indicators"][0]["points"] for name in sorted(rows, key="甲乙丙丁".index)}


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        ("组内最大", ["3", "3", "9", "9"]),
        ("组内最小", ["1", "1", "5", "5"]),
        ("组内平均", ["2", "2", "7", "7"]),
        ("组内合计", ["4", "4", "14", "14"]),
        ("组内名次", ["2", "1", "2", "1"]),
        ("全部最大", ["9"] * 4),
        ("全部最小", ["1"] * 4),
        ("全部平均", ["4.5"] * 4),
        ("全部合计", ["18"] * 4),
        ("全部名次", ["4", "3", "2", "1"]),
    ],
)
def test_townships_are_compared_in_their_group_or_in_all(function: str, expected: list[str]) -> None:
    found = compared(f"{function}(x)", 1, 3, 5, 9, groups="一一二二")
    assert list(found.values()) == expected


def test_townships_without_a_group_are_one_group() -> None:
    assert list(compared("组内合计(x)", 1, 3).values()) == ["4", "4"]


def test_equals_share_a_rank_among_townships_by_nine_places() -> None:
    scheme = scheme_data("全部名次(率)", derived=[{"name": "率", "formula": "x/y"}])
    values = [(1, 3), ("0.333333333", 1), (1, 4), (2, 3)]
    units = [unit_data(name, {"x": x, "y": y}) for name, (x, y) in zip("甲乙丙丁", values, strict=True)]
    rows = by_unit(scored(scheme, *units))
    assert [rows[name]["indicators"][0]["points"] for name in "甲乙丙丁"] == ["2", "2", "4", "1"]


def test_who_has_no_value_is_left_out_and_errs_only_where_its_own_is_read() -> None:
    assert compared("组内最大(x)", 1, None, 3) == {"甲": "3", "乙": "3", "丙": "3"}
    assert compared("组内名次(x)", 1, None, 3) == {"甲": "2", "乙": None, "丙": "1"}


def test_if_nobody_has_a_value_data_is_missing() -> None:
    assert only_error("组内平均(x)", {"x": None}) == "缺少数据：组内平均(x)"


def test_vetoed_townships_count_in_comparisons() -> None:
    scheme = scheme_data("全部最大(x)", vetoes=[{"name": "虚", "when": "x=9", "effect": "unranked"}])
    assert totals(scored(scheme, unit_data("甲", {"x": 1}), unit_data("乙", {"x": 9})))["甲"] == ("9.00", 1)


def test_a_list_cannot_be_compared() -> None:
    assert only_error("组内最大(评分)", {"评分": [1, 2]}) == "评分是一组数，不能用组内最大"


def test_townships_in_error_or_without_task_are_left_out_of_comparisons() -> None:
    scheme = scheme_data("组内平均(率)", derived=[{"name": "率", "formula": "x/目标(x)"}])
    results = scored(
        scheme,
        unit_data("甲", {"x": 1}, target={"x": 1}),
        unit_data("乙", {"x": 1}),
        unit_data("丙", {"x": 1}, target={"x": 0}),
        unit_data("丁", {"x": 3}, target={"x": 1}),
    )
    assert totals(results) == dict.fromkeys("甲乙丙丁", ("2.00", 1))


def test_a_rank_of_ones_own_missing_task_is_no_task() -> None:
    scheme = scheme_data(derived=[{"name": "率", "formula": "x/目标(x)"}]) | {
        "indicators": [indicator("甲项", "组内名次(率)"), indicator("乙项", "10")]
    }
    results = scored(scheme, unit_data("甲", {"x": 1}), unit_data("乙", {"x": 1}, target={"x": 1}))
    assert totals(results) == {"甲": ("20.00", 1), "乙": ("11.00", 2)}


# The total


def test_the_total_is_built_in_the_stated_order() -> None:
    results = scored(
        scheme_data(
            rounding={"indicator": 1, "total": 2},
            bonuses=[{"name": "甲加", "formula": "x", "cap": 3}, {"name": "乙加", "formula": "2.456"}],
            bonus_cap=5,
            deductions=[{"name": "甲扣", "formula": "x", "cap": 2}, {"name": "乙扣", "formula": "0.111"}],
        )
        | {"indicators": [indicator("甲项", "x/3"), indicator("乙项", "x/6")]},
        unit_data("甲", {"x": 20}),
    )
    row = by_unit(results)["甲"]
    assert (row["total"], row["bonus"], row["deduction"]) == ("12.89", "5.00", "2.11")
    assert [item["points"] for item in row["indicators"]] == ["6.7", "3.3"]
    assert [item["points"] for item in row["bonuses"]] == ["3.0", "2.5"]
    assert row["bonuses"][0]["note"] == "按上限3分计"
    assert row["notes"] == ["加分合计5.456分，按上限5分计"]


@pytest.mark.parametrize(
    ("mode", "value", "total"),
    [
        ("half_up", "0.995", "1.00"),
        ("half_up", "-0.995", "-1.00"),
        ("half_up", "0.9949999994", "0.99"),
        ("half_up", "0.9949999995", "1.00"),
        ("down", "0.999", "0.99"),
        ("down", "-0.999", "-0.99"),
        ("down", "0.999999999", "0.99"),
    ],
)
def test_the_total_is_rounded_as_the_scheme_says(mode: str, value: str, total: str) -> None:
    assert totals(scored(scheme_data(f"1*{value}", rounding={"mode": mode}), unit_data("甲")))["甲"][0] == total


@pytest.mark.parametrize("mode", ["half_up", "down"])
def test_the_schemes_roundings_first_round_to_nine_places(mode: str) -> None:
    results = scored(scheme_data("1/3*3", rounding={"mode": mode, "indicator": 0}), unit_data("甲"))
    assert totals(results)["甲"][0] == "1.00"


def test_the_mode_holds_for_indicators_too() -> None:
    results = scored(scheme_data("x", rounding={"mode": "down", "indicator": 1}), unit_data("甲", {"x": "7.19"}))
    assert by_unit(results)["甲"]["indicators"][0]["points"] == "7.1"
    assert totals(results)["甲"][0] == "7.10"


def test_a_floor_holds_the_total_and_without_one_it_may_fall_below_zero() -> None:
    assert totals(with_scores(-3, -5, floor=-4)) == {"甲": ("-3.00", 1), "乙": ("-4.00", 2)}
    assert totals(with_scores(-3)) == {"甲": ("-3.00", 1)}


def test_points_are_full_marks_and_no_cap() -> None:
    assert only_score("满分*1.2") == "120"


def test_indicators_of_a_group_apply_to_that_group_alone() -> None:
    shared = [
        indicator("产业", "满分", 10, groups=["工业"]),
        indicator("产业", "满分", 30, groups=["农业", "文旅"]),
        indicator("共性", "满分", 5),
    ]
    units = [unit_data("甲", group="工业"), unit_data("乙", group="文旅"), unit_data("丙")]
    results = scored(scheme_data() | {"indicators": shared}, *units)
    assert {name: total for name, (total, _) in totals(results).items()} == {"甲": "15.00", "乙": "35.00", "丙": "5.00"}


# Ranks


def test_equals_share_the_rank_and_say_so() -> None:
    results = with_scores(5, 9, 9, 9, 2)
    assert ranks(results) == {"乙": 1, "丙": 1, "丁": 1, "甲": 4, "戊": 5}
    assert column(results, "tied") == {"乙": True, "丙": True, "丁": True, "甲": False, "戊": False}
    assert by_unit(results)["乙"]["notes"] == ["并列"]


def test_ranks_compare_totals_as_people_see_them() -> None:
    assert ranks(with_scores("5.004", "5.001", "4.9")) == {"甲": 1, "乙": 1, "丙": 3}


def test_ties_are_broken_in_order_larger_first_without_a_value_last() -> None:
    values = {"甲": (1, 5), "乙": (2, 1), "丙": (1, 7), "丁": (None, 9), "戊": (1, 5), "己": ([3, 4], 9)}
    units = [unit_data(name, {"x": x, "y": y}) for name, (x, y) in values.items()]
    results = scored(scheme_data("8", ranking={"tie_break": ["x", "y"]}), *units)
    assert ranks(results) == {"乙": 1, "丙": 2, "甲": 3, "戊": 3, "丁": 5, "己": 5}


def test_a_tie_break_in_error_is_no_error_of_the_township() -> None:
    scheme = scheme_data("8", derived=[{"name": "率", "formula": "1/x"}], ranking={"tie_break": ["率"]})
    results = scored(scheme, unit_data("甲", {"x": 0}), unit_data("乙", {"x": -1}))
    assert (ranks(results), results.errors) == ({"乙": 1, "甲": 2}, ())


def test_ranks_within_groups_follow_the_groups_of_the_file() -> None:
    values = [("甲", "乙类", 1), ("乙", "甲类", 5), ("丙", "乙类", 3), ("丁", None, 2), ("戊", "甲类", 5)]
    units = [unit_data(name, {"签约额": value}, group=group) for name, group, value in values]
    results = scored(scheme_data(ranking={"within": "group"}), *units)
    assert list(ranks(results).items()) == [("丙", 1), ("甲", 2), ("乙", 1), ("戊", 1), ("丁", 1)]


def test_the_order_is_ranked_then_unranked_then_errors() -> None:
    scheme = scheme_data(vetoes=[{"name": "虚", "when": "签约额=9", "effect": "unranked"}])
    values = {"甲": None, "乙": 9, "丙": 1, "丁": 2}
    results = scored(scheme, *(unit_data(name, {"签约额": value}) for name, value in values.items()))
    assert list(totals(results).items()) == [
        ("丁", ("2.00", 1)),
        ("丙", ("1.00", 2)),
        ("乙", ("9.00", None)),
        ("甲", (None, None)),
    ]


# Vetoes


def test_vetoes_take_effect_together_and_leave_no_award() -> None:
    results = scored(
        scheme_data(
            "x",
            floor=3,
            vetoes=[
                {"name": "零", "when": "零", "effect": "zero"},
                {"name": "出", "when": "出", "effect": "unranked"},
                {"name": "奖", "when": "奖", "effect": "no_award"},
            ],
            awards=[{"tier": "一等奖"}],
            promotions=[{"when": "TRUE", "tiers": 1}],
        ),
        *(
            unit_data(name, {"x": x, "零": zero, "出": out, "奖": award})
            for name, x, zero, out, award in [
                ("甲", 8, 0, 0, 0),
                ("乙", 9, 1, 0, 0),
                ("丙", 7, 0, 1, 0),
                ("丁", 6, 0, 0, 1),
                ("戊", 5, 1, 1, 1),
            ]
        ),
    )
    assert totals(results) == {
        "甲": ("8.00", 1),
        "丁": ("6.00", 2),
        "乙": ("0.00", 3),
        "丙": ("7.00", None),
        "戊": ("0.00", None),
    }
    assert column(results, "award") == {"甲": "一等奖", "丁": None, "乙": None, "丙": None, "戊": None}
    assert column(results, "vetoed") == {"甲": None, "丁": "奖", "乙": "零", "丙": "出", "戊": "零、出、奖"}
    assert by_unit(results)["乙"]["notes"] == ["一票否决：零，总分记零"]


# Pass mark, awards, moves, lists

AWARDS = [
    {"tier": "一等奖", "ranks": [1, 1], "minimum": 80, "amount": 50},
    {"tier": "二等奖", "ranks": [2, 3], "minimum": 70, "amount": "30.5"},
    {"tier": "三等奖", "ranks": [1, 6], "amount": 10},
]


def test_the_pass_mark_looks_at_the_rounded_total() -> None:
    results = with_scores(
        "59.995", "59.994", pass_mark=60, awards=[{"tier": "奖"}], promotions=[{"when": "1", "tiers": 1}]
    )
    assert column(results, "qualified") == {"甲": True, "乙": False}
    assert column(results, "award") == {"甲": "奖", "乙": None}
    assert by_unit(results)["乙"]["notes"] == ["不合格"]
    assert column(with_scores(5), "qualified") == {"甲": None}


def test_the_first_tier_whose_ranks_and_minimum_fit_is_taken() -> None:
    results = with_scores(79, 75, 69, 5, awards=AWARDS)
    assert column(results, "award") == {"甲": "三等奖", "乙": "二等奖", "丙": "三等奖", "丁": "三等奖"}
    assert column(results, "amount") == {"甲": "10", "乙": "30.5", "丙": "10", "丁": "10"}


def test_the_minimum_looks_at_the_rounded_total() -> None:
    assert column(with_scores("79.995", awards=AWARDS), "award") == {"甲": "一等奖"}


def test_all_who_share_a_rank_take_its_award_whole() -> None:
    results = with_scores(90, 90, 75, 74, awards=AWARDS)
    assert column(results, "amount") == {"甲": "50", "乙": "50", "丙": "30.5", "丁": "10"}


NO_AWARD = [{"name": "虚", "when": "签约额=95", "effect": "no_award"}]


@pytest.mark.parametrize(
    ("rules", "awards"),
    [
        ({}, [None, "二等奖", "二等奖", None, None]),
        ({"pass_down": False}, [None, "二等奖", "二等奖", None, None]),
        ({"pass_down": True}, [None, "一等奖", "二等奖", "二等奖", None]),
    ],
)
def test_what_nobody_takes_goes_down_the_ranks_only_if_the_scheme_says_so(
    rules: dict[str, Any], awards: list[str]
) -> None:
    results = with_scores(95, 85, 84, 83, 82, vetoes=NO_AWARD, awards=AWARDS[:2], **rules)
    assert list(column(results, "award").values()) == awards


def test_who_steps_up_is_told_so() -> None:
    results = with_scores(95, 85, 84, 83, vetoes=NO_AWARD, awards=AWARDS[:2], pass_down=True)
    assert list(column(results, "notes").values())[1:] == [["依次递补一等奖"], [], ["依次递补二等奖"]]


def test_a_tier_may_be_handed_down_by_itself() -> None:
    tiers = [AWARDS[0] | {"pass_down": True}, AWARDS[1]]
    results = with_scores(95, 85, 84, 83, vetoes=NO_AWARD, awards=tiers)
    assert list(column(results, "award").values()) == [None, "一等奖", "二等奖", None]


def test_handing_down_never_goes_below_the_minimum() -> None:
    results = with_scores(95, 79, 78, vetoes=NO_AWARD, awards=AWARDS[:2], pass_down=True)
    assert list(column(results, "award").values()) == [None, None, "二等奖"]


def moved(promotions: int, demotions: int, score: int = 75) -> dict[str, Any]:
    rules = {
        "promotions": [{"when": "总分>1", "tiers": promotions}] if promotions else [],
        "demotions": [{"when": "名次=参评数", "tiers": demotions}] if demotions else [],
    }
    tiers = [{"tier": tier, "minimum": low, "amount": low} for tier, low in (("一等奖", 90), ("二等奖", 70))]
    return by_unit(with_scores(score, awards=tiers, **rules))["甲"]


@pytest.mark.parametrize(
    ("promotions", "demotions", "score", "award"),
    [
        (0, 0, 75, "二等奖"),
        (1, 0, 75, "一等奖"),
        (5, 0, 75, "一等奖"),
        (0, 1, 75, None),
        (0, 9, 95, None),
        (1, 1, 75, "二等奖"),
        (3, 2, 75, "一等奖"),
        (1, 0, 50, "二等奖"),
        (0, 1, 50, None),
        (2, 1, 50, "二等奖"),
    ],
)
def test_tiers_move_by_the_sum_of_moves_and_stop_at_both_ends(
    promotions: int, demotions: int, score: int, award: str | None
) -> None:
    row = moved(promotions, demotions, score)
    assert (row["award"], row["amount"]) == (award, {"一等奖": "90", "二等奖": "70", None: None}[award])


def test_the_result_says_why_a_tier_moved() -> None:
    assert moved(1, 0)["notes"] == ["晋1档：总分>1", "奖项由二等奖调整为一等奖"]
    assert moved(0, 2)["notes"] == ["降2档：名次=参评数", "奖项由二等奖调整为无奖"]


def test_lists_read_total_rank_and_the_number_ranked_in_the_same_scope() -> None:
    lists = [
        {"name": "红榜", "when": "AND(总分>=80, 名次<=2)"},
        {"name": "黑榜", "when": "名次>参评数-1"},
    ]
    units = [
        unit_data(name, {"签约额": value}, group=group)
        for name, value, group in [
            ("甲", 90, "一"),
            ("乙", 85, "一"),
            ("丙", 81, "一"),
            ("丁", 70, "二"),
            ("戊", 99, "二"),
        ]
    ]
    vetoes = [{"name": "虚", "when": "签约额=99", "effect": "unranked"}]
    results = scored(scheme_data(lists=lists, vetoes=vetoes, ranking={"within": "group"}), *units)
    assert column(results, "lists") == {"甲": ["红榜"], "乙": ["红榜"], "丙": ["黑榜"], "丁": ["黑榜"], "戊": []}


# Errors


def test_a_township_in_error_has_no_total_and_the_others_are_ranked() -> None:
    results = with_scores(5, None, 7)
    assert totals(results) == {"丙": ("7.00", 1), "甲": ("5.00", 2), "乙": (None, None)}
    assert results.as_json()["errors"] == [{"unit": "乙", "where": "得分", "message": "缺少数据：签约额"}]


@pytest.mark.parametrize(
    ("rules", "where", "message"),
    [
        ({"bonuses": [{"name": "好", "formula": "0-x"}]}, "好", "加分不能为负数：0-3 = -3"),
        ({"deductions": [{"name": "坏", "formula": "-x"}]}, "坏", "扣分不能为负数：-3 = -3"),
        ({"bonuses": [{"name": "好", "formula": "x/0"}]}, "好", "除数为零：x/0"),
        ({"vetoes": [{"name": "虚", "when": "缺>0", "effect": "zero"}]}, "虚", "缺少数据：缺"),
        ({"lists": [{"name": "榜", "when": "缺>0"}]}, "榜", "缺少数据：缺"),
        ({"promotions": [{"when": "缺>0", "tiers": 1}]}, "晋档“缺>0”", "缺少数据：缺"),
        ({"demotions": [{"when": "1/(x-3)", "tiers": 1}]}, "降档“1/(x-3)”", "除数为零：1/(x-3)"),
    ],
)
def test_an_error_in_any_rule_that_applies_is_told_with_its_place(
    rules: dict[str, Any], where: str, message: str
) -> None:
    results = scored(scheme_data("x", **rules), unit_data("甲", {"x": 3, "缺": None}))
    assert totals(results) == {"甲": (None, None)}
    assert [(error.where, error.message) for error in results.errors] == [(where, message)]


def test_all_errors_of_a_township_are_told_at_once() -> None:
    scheme = scheme_data(bonuses=[{"name": "好", "formula": "x/0"}]) | {
        "indicators": [indicator("甲项", "缺"), indicator("乙项", "IFS(x>9, 1)")]
    }
    results = scored(scheme, unit_data("甲", {"x": 3, "缺": None}))
    assert [error.where for error in results.errors] == ["甲项", "乙项", "好"]
    assert by_unit(results)["甲"]["indicators"][0] == {
        "name": "甲项",
        "points": None,
        "substituted": None,
        "note": "缺少数据：缺",
    }


def test_a_derived_metric_in_error_harms_only_those_who_read_it() -> None:
    scheme = scheme_data(derived=[{"name": "率", "formula": "x/y"}]) | {
        "indicators": [indicator("甲项", "率", groups=["一"]), indicator("乙项", "1")]
    }
    units = [unit_data(name, {"x": 1, "y": 0}, group=group) for name, group in (("甲", "一"), ("乙", "二"))]
    results = scored(scheme, *units)
    assert totals(results) == {"乙": ("1.00", 1), "甲": (None, None)}
    assert results.as_json()["errors"] == [{"unit": "甲", "where": "甲项", "message": "除数为零：x/y"}]


def test_who_errs_in_a_list_moves_the_others_up() -> None:
    values = {"甲": (9, None), "乙": (8, 1), "丙": (7, 1)}
    units = [unit_data(name, {"签约额": total, "不可抗力": force}) for name, (total, force) in values.items()]
    results = scored(scheme_data(lists=[{"name": "红榜", "when": "AND(名次=1, 不可抗力=1)"}]), *units)
    assert totals(results) == {"乙": ("8.00", 1), "丙": ("7.00", 2), "甲": (None, None)}
    assert column(results, "lists") == {"乙": ["红榜"], "丙": [], "甲": []}


# What is shown


def test_numbers_are_shown_with_six_places_or_the_schemes_own() -> None:
    plain_row = by_unit(scored(scheme_data("x/3"), unit_data("甲", {"x": 1})))["甲"]
    fixed_row = by_unit(scored(scheme_data("x/3", rounding={"indicator": 2, "total": 1}), unit_data("甲", {"x": 1})))[
        "甲"
    ]
    assert (plain_row["indicators"][0]["points"], plain_row["total"], plain_row["bonus"]) == (
        "0.333333",
        "0.33",
        "0.00",
    )
    assert (fixed_row["indicators"][0]["points"], fixed_row["total"], fixed_row["bonus"]) == ("0.33", "0.3", "0.0")
    assert fixed_row["indicators"][0]["substituted"] == "1/3 = 0.333333"


def test_a_unit_result_gives_its_families() -> None:
    families = scheme_data() | {
        "indicators": [
            indicator("甲项", "3", family="招商引资"),
            indicator("乙项", "4", family="招商引资"),
            indicator("丙项", "5", family="项目建设"),
        ]
    }
    (unit,) = scored(families, unit_data("甲")).units
    assert unit.family_subtotals() == {"招商引资": Decimal(7), "项目建设": Decimal(5)}
    assert (unit.indicators[0].family, unit.indicators[0].full, unit.indicators[0].score) == ("招商引资", 50, 3)
