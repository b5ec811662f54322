"""Townships compared with one another: the largest, the mean, the place among them."""

from typing import Any

import pytest

from tests.reporting.scoring_files import by_unit, indicator, only_error, scheme_data, scored, totals, unit_data


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
