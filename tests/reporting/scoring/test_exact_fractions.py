"""Whole schemes against the rules of docs/scoring.md worked anew in exact fractions: totals, ranks and awards."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.reporting.scoring_files import by_unit, scored, unit_data

TIERS = ("一等奖", "二等奖", "三等奖")
VETOES = ("zero", "unranked", "no_award")

amounts = st.decimals(min_value=0, max_value=50, places=1)
targets = st.none() | st.sampled_from([Decimal(n) for n in (5, 7, 12, 30)])
caps = st.none() | st.integers(0, 6).map(Decimal)
flags = st.sampled_from([0, 0, 0, 1])
units = st.fixed_dictionaries(
    {
        "group": st.sampled_from(["一", "二"]),
        "x": amounts,
        "target": targets,
        "y": st.integers(0, 40).map(Decimal),
        "加": st.integers(0, 4).map(Decimal),
        "扣": st.integers(0, 4).map(Decimal),
        "tie": st.none() | st.integers(0, 1).map(Decimal),
        "晋": flags,
        "降": flags,
        **dict.fromkeys(VETOES, flags),
    }
)
rules = st.fixed_dictionaries(
    {
        "months": st.integers(1, 12),
        "missing": st.sampled_from(["redistribute", "full", "zero"]),
        "bonus_cap": caps,
        "own_cap": caps,
        "deduction_cap": caps,
        "floor": st.none() | st.sampled_from([Decimal(0), Decimal(20)]),
        "pass_mark": st.none() | st.just(Decimal(25)),
        "indicator": st.none() | st.integers(0, 2),
        "total": st.integers(0, 2),
        "mode": st.sampled_from(["half_up", "down"]),
        "within": st.sampled_from(["all", "group"]),
        "tie_break": st.booleans(),
        "pass_down": st.booleans(),
        "minimum": st.none() | st.just(Decimal(40)),
    }
)


def half_up(value: Fraction, places: int) -> Fraction:
    scaled = floor(abs(value) * 10**places + Fraction(1, 2))
    return Fraction(scaled if value >= 0 else -scaled, 10**places)


def down(value: Fraction, places: int) -> Fraction:
    scaled = floor(abs(value) * 10**places)
    return Fraction(scaled if value >= 0 else -scaled, 10**places)


MODES: dict[str, Callable[[Fraction, int], Fraction]] = {"half_up": half_up, "down": down}


def rounded(value: Fraction, places: int, mode: str) -> Fraction:
    return MODES[mode](half_up(value, 9), places)


def at_most(value: Fraction, cap: Decimal | None) -> Fraction:
    return value if cap is None else min(value, Fraction(cap))


@dataclass
class Expected:
    total: Fraction
    rank: int | None = None
    tied: bool = False
    award: str | None = None


def expected_total(rule: dict[str, Any], unit: dict[str, Any]) -> Fraction:
    """30 points for x against what is due, 20 for y of 40."""
    scores = [None, Fraction(unit["y"]) / 40 * 20]
    if unit["target"] is not None:
        due = Fraction(unit["target"]) * rule["months"] / 12
        scores[0] = min(Fraction(unit["x"]) / due, Fraction(6, 5)) * 30
    elif rule["missing"] != "redistribute":
        scores[0] = Fraction(30 if rule["missing"] == "full" else 0)
    if rule["indicator"] is not None:
        scores = [None if score is None else rounded(score, rule["indicator"], rule["mode"]) for score in scores]
    base = sum(score for score in scores if score is not None)
    if scores[0] is None:
        base = base * 50 / 20
    bonus = at_most(at_most(2 * Fraction(unit["加"]), rule["own_cap"]) + Fraction(1, 3), rule["bonus_cap"])
    total = base + bonus - at_most(3 * Fraction(unit["扣"]), rule["deduction_cap"])
    if rule["floor"] is not None:
        total = max(total, Fraction(rule["floor"]))
    return rounded(Fraction(0) if unit["zero"] else total, rule["total"], rule["mode"])


def expected(rule: dict[str, Any], listed: list[dict[str, Any]]) -> list[Expected]:
    answers = [Expected(expected_total(rule, unit)) for unit in listed]
    scopes = ("一", "二") if rule["within"] == "group" else (None,)
    for scope in scopes:
        ranked = [
            (answer, unit)
            for answer, unit in zip(answers, listed, strict=True)
            if not unit["unranked"] and (scope is None or unit["group"] == scope)
        ]
        for answer, unit in ranked:
            answer.rank = 1 + sum(order(rule, *other) > order(rule, answer, unit) for other in ranked)
            answer.tied = sum(order(rule, *other) == order(rule, answer, unit) for other in ranked) > 1
        for answer, unit in ranked:
            answer.award = expected_award(rule, answer, unit, ranked)
    return answers


def order(rule: dict[str, Any], answer: Expected, unit: dict[str, Any]) -> tuple[Any, ...]:
    tie = (unit["tie"] is not None, unit["tie"] or 0) if rule["tie_break"] else ()
    return answer.total, tie


def fit(rule: dict[str, Any], answer: Expected, unit: dict[str, Any]) -> bool:
    passed = rule["pass_mark"] is None or answer.total >= rule["pass_mark"]
    return passed and not any(unit[effect] for effect in VETOES)


def expected_award(rule: dict[str, Any], answer: Expected, unit: dict[str, Any], ranked: list[Any]) -> str | None:
    """一等奖 for rank 1 above the minimum, 二等奖 for 2 and 3, 三等奖 for 4; then the moves."""
    if not fit(rule, answer, unit):
        return None
    counted = [other for other in ranked if fit(rule, *other)] if rule["pass_down"] else ranked
    rank = 1 + sum(order(rule, *other) > order(rule, answer, unit) for other in counted)
    if rank == 1 and (rule["minimum"] is None or answer.total >= rule["minimum"]):
        tier = 0
    else:
        tier = {2: 1, 3: 1, 4: 2}.get(rank, 3)
    tier = min(max(tier - 2 * unit["晋"] + unit["降"], 0), 3)
    return (*TIERS, None)[tier]


def scheme(rule: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": "方案",
        "year": 2024,
        "period": "quarter",
        "indicators": [
            {"name": "甲项", "points": 30, "formula": "MIN(x/时序目标(x), 120%)*满分"},
            {"name": "乙项", "points": 20, "formula": "y/40*满分"},
        ],
        "bonuses": [
            {"name": "甲加", "formula": "2*加", "cap": rule["own_cap"]},
            {"name": "乙加", "formula": "1/3"},
        ],
        "bonus_cap": rule["bonus_cap"],
        "deductions": [{"name": "甲扣", "formula": "3*扣", "cap": rule["deduction_cap"]}],
        "vetoes": [{"name": effect, "when": f"{effect}=1", "effect": effect} for effect in VETOES],
        "missing_target": rule["missing"],
        "rounding": {"indicator": rule["indicator"], "total": rule["total"], "mode": rule["mode"]},
        "floor": rule["floor"],
        "pass_mark": rule["pass_mark"],
        "ranking": {"within": rule["within"], "tie_break": ["tie"] if rule["tie_break"] else []},
        "awards": [
            {"tier": TIERS[0], "ranks": [1, 1], "minimum": rule["minimum"]},
            {"tier": TIERS[1], "ranks": [2, 3]},
            {"tier": TIERS[2], "ranks": [4, 4]},
        ],
        "pass_down": rule["pass_down"],
        "promotions": [{"when": "晋=1", "tiers": 2}],
        "demotions": [{"when": "降=1", "tiers": 1}],
    }


def township(name: str, unit: dict[str, Any]) -> dict[str, Any]:
    actual = {key: value for key, value in unit.items() if key not in ("group", "target")}
    return unit_data(name, actual, target={"x": unit["target"]}, group=unit["group"])


@given(rules, st.lists(units, min_size=1, max_size=7))
def test_any_scheme_gives_the_totals_ranks_and_awards_of_its_fractions(
    rule: dict[str, Any], listed: list[dict[str, Any]]
) -> None:
    names = [f"第{number}镇" for number in range(len(listed))]
    results = scored(
        scheme(rule),
        *(township(name, unit) for name, unit in zip(names, listed, strict=True)),
        months_elapsed=rule["months"],
    )
    rows = by_unit(results)
    found = [Expected(Fraction(row["total"]), row["rank"], row["tied"], row["award"]) for row in map(rows.get, names)]
    assert results.errors == ()
    assert found == expected(rule, listed)
    assert list(rows) == in_order(rule, dict(zip(names, zip(found, listed, strict=True), strict=True)))


def in_order(rule: dict[str, Any], answers: dict[str, tuple[Expected, dict[str, Any]]]) -> list[str]:
    """By rank, groups in the order of their first township, equals in file order, the unranked last."""
    groups = list(dict.fromkeys(unit["group"] for _, unit in answers.values()))

    def place(name: str) -> tuple[bool, int, int]:
        answer, unit = answers[name]
        group = groups.index(unit["group"]) if rule["within"] == "group" and answer.rank else 0
        return answer.rank is None, group, answer.rank or 0

    return sorted(answers, key=place)
