"""Vetoes, the pass mark, awards, moves between tiers, and lists."""

from typing import Any

import pytest

from tests.reporting.scoring_files import by_unit, column, scheme_data, scored, totals, unit_data, with_scores

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
