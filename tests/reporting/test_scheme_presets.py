"""Presets write formulas that parse, are read back, and give what the rule says."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.formula import evaluate, parse
from reporting.formula.nodes import Figure, Name, Peers
from reporting.scheme_editing.presets import PEERS, RULES, TARGETS, recognised, rules_for

NAMES = ["签约额", "到位资金", "500强项目", "true", "a b"]
DIGITS = st.integers(1, 999).map(str) | st.sampled_from(["0.5", "12.25"])
KINDS = {
    "metric": st.sampled_from(NAMES[:4]),
    "number": DIGITS,
    "target": st.sampled_from([value for value, _ in TARGETS]),
    "peers": st.sampled_from([value for value, _ in PEERS]),
}
BY_KEY = {rule.key: rule for rule in RULES}


@st.composite
def filled(draw):
    rule = draw(st.sampled_from(RULES))
    return rule, {slot.key: draw(KINDS[slot.kind]) for slot in rule.slots}


@given(filled())
def test_what_a_preset_writes_parses_and_is_read_back(case):
    rule, given_ = case
    formula = rule.written(given_)
    parse(formula)
    assert rule.read(formula) == given_
    for use in rule.uses:
        assert recognised(formula, rules_for(use)) is not None


@pytest.mark.parametrize("rule", [rule for rule in RULES if any(slot.optional for slot in rule.slots)])
def test_empty_optional_blanks_choose_a_shorter_formula(rule):
    shortest = {"metric": "签约额", "number": "10", "target": "目标", "peers": "组内"}
    needed = {slot.key: "" if slot.optional else shortest[slot.kind] for slot in rule.slots}
    formula = rule.written(needed)
    parse(formula)
    assert rule.read(formula) == {key: value for key, value in needed.items() if value}


def value(formula, figures, full=100):
    """`figures`: {"x": …, "目标": …, "组内最大": …}; whatever the metric, its figure is `x`."""

    def lookup(reference):
        match reference:
            case Figure():
                key = reference.kind
            case Peers():
                key = f"{reference.scope}{reference.statistic}"
            case Name(name="满分"):
                return Decimal(full)
            case _:
                key = reference.name
        found = figures[key]
        return tuple(map(Decimal, found)) if isinstance(found, list) else Decimal(found)

    return evaluate(parse(formula), lookup)


def write(key, **given_):
    rule = BY_KEY[key]
    initial = {slot.key: slot.initial for slot in rule.slots if slot.initial and not slot.optional}
    return rule.written({**initial, "x": "甲", **given_})


@pytest.mark.parametrize(
    ("formula", "figures", "expected"),
    [
        (write("completion", cap="120"), {"甲": 3, "目标": 2}, "120"),
        (write("completion"), {"甲": 3, "目标": 2}, "150"),
        (write("pro_rata", cap="100"), {"甲": 3, "时序目标": 4}, "75"),
        (write("over", k="2", cap="3"), {"甲": 12, "时序目标": 10}, "103"),
        (write("over", k="2"), {"甲": 12, "时序目标": 10}, "104"),
        (write("over"), {"甲": 9, "时序目标": 10}, "90"),
        (write("steps", k="0.2", m="0.2"), {"甲": 126, "时序目标": 100}, "100.4"),
        (write("steps", k="0.2", m="0.2"), {"甲": 83, "时序目标": 100}, "99.8"),
        (write("steps", m="20"), {"甲": 1, "时序目标": 100}, "0"),
        (write("tiers", a1="100", p1="100", a2="80", p2="75", a3="50", p3="50"), {"甲": 80, "时序目标": 100}, "75"),
        (write("tiers", a1="100", p1="100"), {"甲": 99, "时序目标": 100}, "0"),
        (write("gate", cap="10"), {"甲": 120, "时序目标": 100}, "61"),
        (write("gate"), {"甲": 99, "时序目标": 100}, "0"),
        (write("all"), {"甲": 100, "时序目标": 100}, "100"),
        (write("efficacy"), {"甲": 5, "组内最大": 10, "组内最小": 0}, "80"),
        (write("efficacy"), {"甲": 5, "组内最大": 5, "组内最小": 5}, "100"),
        (write("best"), {"甲": 5, "组内最大": 10}, "50"),
        (write("best"), {"甲": 0, "组内最大": 0}, "0"),
        (write("rank", d="5"), {"组内名次": 3}, "90"),
        (write("growth"), {"甲": 105, "上年同期": 100}, "50"),
        (write("share", n="乙"), {"甲": 2, "乙": 4}, "50"),
        (write("share", n="乙"), {"甲": 0, "乙": 0}, "0"),
        (write("each", k="30"), {"甲": 4}, "100"),
        (write("open", k="30"), {"甲": 4}, "120"),
        (write("events", k="30"), {"甲": 4}, "0"),
        (write("judges", w="20"), {"甲": [12, 14, 13]}, "65"),
        (write("judges", w="100", c="40"), {"甲": [1, 80, 90, 85, 100]}, "85"),
        (write("two_groups", y="乙", w="15"), {"甲": [13], "乙": [11]}, "82.66666666666666666666666667"),
        (write("figure"), {"甲": 120}, "100"),
        (write("surplus", k="2"), {"甲": 125, "时序目标": 100}, "4"),
        (write("beyond", k="2"), {"甲": 7, "时序目标": 5}, "4"),
        (write("behind", k="2"), {"甲": 75, "时序目标": 100}, "4"),
        (write("missed"), {"甲": 75, "时序目标": 100}, "1"),
        (write("red", n="5"), {"甲": 100, "时序目标": 100, "名次": 5}, "1"),
        (write("black", n="3"), {"甲": 99, "时序目标": 100, "名次": 8, "参评数": 10}, "1"),
    ],
)
def test_a_preset_gives_what_it_says(formula, figures, expected):
    assert round(value(formula, figures), 9) == round(Decimal(expected), 9)


def test_the_common_spelling_of_a_cap_opens_as_the_preset():
    rule, given_ = recognised("MIN(签约额 / 时序目标(签约额), 1) * 满分", rules_for("points"))
    assert (rule.key, given_) == ("pro_rata", {"x": "签约额", "cap": "100"})


def test_what_somebody_typed_is_left_alone():
    assert recognised("签约额/3+1", rules_for("points")) is None


def test_vetoes_offer_no_rule_over_ranks():
    assert {rule.key for rule in rules_for("condition", ranked=False)} == {"above_zero", "at_least", "missed"}
