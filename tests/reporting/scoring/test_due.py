"""What is due of a target, and what is said where there is none."""

from typing import Any

import pytest

from reporting.scoring.results import Results
from tests.reporting.scoring_files import by_unit, column, indicator, only_score, scheme_data, scored, totals, unit_data

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
