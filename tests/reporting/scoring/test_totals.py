"""The total, its roundings and its ranks."""

import pytest

from tests.reporting.scoring_files import (
    by_unit,
    column,
    indicator,
    only_score,
    ranks,
    scheme_data,
    scored,
    totals,
    unit_data,
    with_scores,
)

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
