"""What is told of a township that cannot be computed, and how numbers are shown."""

from decimal import Decimal
from typing import Any

import pytest

from tests.reporting.scoring_files import (
    by_unit,
    column,
    indicator,
    scheme_data,
    scored,
    totals,
    unit_data,
    with_scores,
)

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
