"""Why a township took its award or none, in words: every way to an award and past it."""

from typing import Any

import pytest

from reporting.scoring.inputs import load_inputs
from reporting.scoring.reasons import Reasons, reasons_for
from reporting.scoring.scheme import load_scheme
from tests.reporting.scoring_files import input_data, scheme_data, unit_data

TIERS = [
    {"tier": "一等奖", "ranks": [1, 1], "minimum": 80, "amount": 50},
    {"tier": "二等奖", "ranks": [2, 3], "minimum": 70, "amount": 30},
]


def reasons(*units: Any, formula: str = "x", **rules: Any) -> Reasons:
    return reasons_for(load_scheme(scheme_data(formula, **rules)), load_inputs(input_data(*units)))


def texts(*units: Any, **rules: Any) -> dict[str, list[str]]:
    return {unit: [reason.text for reason in found] for unit, found in reasons(*units, **rules).awards.items()}


def unit(name: str, x: Any, **more: Any) -> dict[str, Any]:
    return unit_data(name, {"x": x, **more})


def test_rank_and_minimum_earn_a_tier() -> None:
    assert texts(unit("甲", 90), unit("乙", 80), awards=TIERS) == {
        "甲": ["第1，总分90.00，达到得分线80，评一等奖（第1）"],
        "乙": ["第2，总分80.00，达到得分线70，评二等奖（第2至第3）"],
    }


def test_a_tier_that_looks_at_no_rank() -> None:
    assert texts(unit("甲", 90), awards=[{"tier": "达标奖", "minimum": 60}]) == {
        "甲": ["第1，总分90.00，达到得分线60，评达标奖"]
    }


def test_equals_say_so() -> None:
    assert texts(unit("甲", 80), unit("乙", 80), awards=TIERS)["乙"] == [
        "并列第1，总分80.00，达到得分线80，评一等奖（第1）"
    ]


@pytest.mark.parametrize(("total", "said"), [("80", "评一等奖（第1）"), ("79.99", "没有达到一等奖得分线80")])
def test_the_minimum_to_the_last_place(total: str, said: str) -> None:
    assert said in texts(unit("甲", total), awards=TIERS)["甲"][0]


def test_beyond_the_last_rank() -> None:
    rows = [unit(name, x) for name, x in zip("甲乙丙丁", (99, 98, 97, 96), strict=True)]
    assert texts(*rows, awards=TIERS)["丁"] == ["第4，评奖到第3"]


@pytest.mark.parametrize(("total", "said"), [("60", "第1，评奖"), ("59.99", "总分59.99，低于合格线60，不合格")])
def test_the_pass_mark_to_the_last_place(total: str, said: str) -> None:
    assert texts(unit("甲", total), awards=[{"tier": "奖"}], pass_mark=60)["甲"][0].startswith(said[:8])


def test_a_veto_names_its_figures_and_passes_the_award_down() -> None:
    rules = {
        "awards": TIERS,
        "pass_down": True,
        "vetoes": [{"name": "安全事故", "when": "事故>0", "effect": "no_award"}],
    }
    assert texts(unit("甲", 95, 事故=2), unit("乙", 90, 事故=0), **rules) == {
        "甲": ["一票否决：安全事故，不评奖（事故 2）"],
        "乙": ["第2，前面有1个单位不能评奖，依次递补到第1，总分90.00，达到得分线80，评一等奖（第1）"],
    }


def test_moves_name_their_rule_and_their_figures() -> None:
    rules = {
        "awards": TIERS,
        "promotions": [{"when": "x/目标(x)>=90%", "tiers": 1}],
        "demotions": [{"when": "事故>=2", "tiers": 1}],
    }
    rows = [
        unit_data("甲", {"x": 99, "事故": 2}, target={"x": 200}),
        unit_data("乙", {"x": 90, "事故": 0}, target={"x": 100}),
        unit_data("丙", {"x": 85, "事故": 2}, target={"x": 90}),
    ]
    found = texts(*rows, **rules)
    assert found["甲"][1:] == ["降1档：事故 ≥ 2（事故 2）", "奖项由一等奖调整为二等奖"]
    assert found["乙"][1:] == ["晋1档：x ÷ 目标（x）≥ 90%（x 90，目标（x） 100）", "奖项由二等奖调整为一等奖"]
    assert found["丙"][1:] == [
        "晋1档：x ÷ 目标（x）≥ 90%（x 85，目标（x） 90）",
        "降1档：事故 ≥ 2（事故 2）",
        "奖项仍为二等奖",
    ]


def test_who_is_in_error_or_not_ranked_takes_part_in_nothing() -> None:
    rules = {"awards": TIERS, "vetoes": [{"name": "弄虚作假", "when": "假>0", "effect": "unranked"}]}
    found = texts(unit("甲", None, 假=0), unit("乙", 90, 假=1), unit("丙", 85, 假=0), **rules)
    assert found == {
        "甲": ["数据不全，没有总分，不参加评奖"],
        "乙": ["一票否决：弄虚作假，不参加排名（假 1）"],
        "丙": ["第1，总分85.00，达到得分线80，评一等奖（第1）"],
    }


def test_a_scheme_without_awards_says_nothing_of_them() -> None:
    assert texts(unit("甲", 90)) == {"甲": ["第1，方案没有设奖项"]}


def test_lists_hold_their_units_with_the_figures_that_put_them_there() -> None:
    rules = {"lists": [{"name": "黄牌", "when": "AND(名次>参评数-1, x<60)"}, {"name": "红旗", "when": "总分>=100"}]}
    found = reasons(unit("甲", 90), unit("乙", 50), **rules).lists
    assert [(one.name, [(name, reason.text) for name, reason in one.units]) for one in found] == [
        ("黄牌", [("乙", "名次 2，参评数 2，x 50")]),
        ("红旗", []),
    ]
    assert found[0].rule == "同时满足（名次 > 参评数 − 1，x < 60）"
    assert found[0].units[0][1].names == ("名次", "参评数", "x")
