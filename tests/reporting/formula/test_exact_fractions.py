"""Any formula against the same tree in exact fractions: precedence, nine places, full-width forms, substitution."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from operator import add, eq, ge, gt, le, lt, mul, ne, sub, truediv
from statistics import mean, median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.formula import CalculationError, evaluate, parse, substituted

FIGURES = {"签约额": Decimal("4.25"), "增速": Decimal("-0.5"), "零": Decimal(0), "500强": Decimal(3)}
WRITTEN = {"签约额": "签约额", "增速": "增速", "零": "[零]", "500强": "[500强]"}
# How tightly each kind of expression binds; what binds more loosely than its place allows goes into parentheses.
COMPARED, SUM, PRODUCT, SIGNED, ATOM = range(5)
CLOSE = Fraction(1, 10**40)
# Six places are shown, half up after nine.
SHOWN = Decimal("0.0000005005")

FULL_WIDTH = str.maketrans(
    {chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F) if chr(code) not in "[]*/"} | {"*": "×", "/": "÷"}
)


@dataclass(frozen=True)
class Tree:
    """A formula's text, how tightly it binds, what it gives, and whether it is free of division."""

    text: str
    binds: int
    value: Callable[[], Fraction]
    whole: bool = True

    def at(self, place: int) -> str:
        return self.text if self.binds >= place else f"({self.text})"


def half_up(value: Fraction, places: int = 0) -> Fraction:
    """Half away from zero, as Excel rounds."""
    scaled = floor(abs(value) * 10**places + Fraction(1, 2))
    return Fraction(scaled if value >= 0 else -scaled) / 10**places


def nine(value: Fraction) -> Fraction:
    return half_up(value, 9)


def down(value: Fraction, places: int) -> Fraction:
    scaled = nine(value) * Fraction(10) ** places
    return Fraction(floor(scaled) if scaled >= 0 else ceil(scaled)) / Fraction(10) ** places


def up(value: Fraction, places: int) -> Fraction:
    scaled = nine(value) * Fraction(10) ** places
    return Fraction(ceil(scaled) if scaled >= 0 else floor(scaled)) / Fraction(10) ** places


AGGREGATES: dict[str, Callable[[list[Fraction]], Fraction]] = {
    "SUM": sum,
    "MIN": min,
    "MAX": max,
    "AVERAGE": mean,
    "MEDIAN": median,
    "COUNT": lambda values: Fraction(len(values)),
    "AND": lambda values: Fraction(all(nine(value) for value in values)),
    "OR": lambda values: Fraction(any(nine(value) for value in values)),
}
ONE_ARGUMENT: dict[str, Callable[[Fraction], Fraction]] = {
    "ABS": abs,
    "INT": lambda value: Fraction(floor(nine(value))),
    "NOT": lambda value: Fraction(not nine(value)),
}
ROUNDINGS = {"ROUND": lambda value, places: half_up(nine(value), places), "ROUNDDOWN": down, "ROUNDUP": up}
SIGNS = {"=": eq, "<>": ne, "<": lt, "<=": le, ">": gt, ">=": ge}


def number(text: str) -> Tree:
    value = Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)
    return Tree(text, ATOM, lambda: value)


def figure(name: str) -> Tree:
    return Tree(WRITTEN[name], ATOM, lambda: Fraction(FIGURES[name]))


def negation(inner: Tree) -> Tree:
    return Tree(f"-{inner.at(SIGNED)}", SIGNED, lambda: -inner.value(), inner.whole)


def arithmetic(left: Tree, sign: str, right: Tree) -> Tree:
    """A divisor holds no division itself: only then must 0 be 0 to the last digit."""
    if sign == "/" and not right.whole:
        sign = "*"
    binds = SUM if sign in "+-" else PRODUCT
    calculate = {"+": add, "-": sub, "*": mul, "/": truediv}[sign]
    whole = left.whole and right.whole and sign != "/"
    text = f"{left.at(binds)}{sign}{right.at(binds + 1)}"
    return Tree(text, binds, lambda: calculate(left.value(), right.value()), whole)


def comparison(left: Tree, sign: str, right: Tree) -> Tree:
    text = f"{left.at(SUM)}{sign}{right.at(SUM)}"
    return Tree(text, COMPARED, lambda: Fraction(SIGNS[sign](nine(left.value()), nine(right.value()))))


def aggregate(function: str, arguments: list[Tree]) -> Tree:
    text = f"{function}({', '.join(argument.text for argument in arguments)})"
    calculate = AGGREGATES[function]
    return Tree(text, ATOM, lambda: calculate([argument.value() for argument in arguments]), whole=False)


def single(function: str, inner: Tree) -> Tree:
    return Tree(f"{function}({inner.text})", ATOM, lambda: ONE_ARGUMENT[function](inner.value()), inner.whole)


def rounding(function: str, inner: Tree, places: int) -> Tree:
    calculate = ROUNDINGS[function]
    return Tree(f"{function}({inner.text}, {places})", ATOM, lambda: Fraction(calculate(inner.value(), places)))


def choice(condition: Tree, then: Tree, otherwise: Tree, function: str) -> Tree:
    text = (
        f"IF({condition.text}, {then.text}, {otherwise.text})"
        if function == "IF"
        else f"IFS({condition.text}, {then.text}, TRUE, {otherwise.text})"
    )
    return Tree(
        text, ATOM, lambda: (then if nine(condition.value()) else otherwise).value(), then.whole and otherwise.whole
    )


def larger(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    return st.one_of(
        st.builds(negation, inner),
        st.builds(arithmetic, inner, st.sampled_from("+-*/"), inner),
        st.builds(arithmetic, inner, st.sampled_from("+-*/"), inner),
        st.builds(comparison, inner, st.sampled_from(list(SIGNS)), inner),
        st.builds(aggregate, st.sampled_from(list(AGGREGATES)), st.lists(inner, min_size=1, max_size=3)),
        st.builds(single, st.sampled_from(list(ONE_ARGUMENT)), inner),
        st.builds(rounding, st.sampled_from(list(ROUNDINGS)), inner, st.integers(-2, 3)),
        st.builds(choice, inner, inner, inner, st.sampled_from(["IF", "IFS"])),
    )


leaves = st.one_of(
    st.sampled_from(["0", "1", "2", "3", "12", "0.5", "2.5", "0.01", "5%", "120%", "33.3%"]).map(number),
    st.sampled_from(list(FIGURES)).map(figure),
    st.sampled_from([Tree("TRUE", ATOM, lambda: Fraction(1)), Tree("FALSE", ATOM, lambda: Fraction(0))]),
)
trees = st.recursive(leaves, larger, max_leaves=9)


def lookup(reference):
    return FIGURES[reference.name]


@given(trees)
@settings(max_examples=250)
def test_any_formula_gives_what_its_fractions_give(tree: Tree) -> None:
    try:
        exact = tree.value()
    except ZeroDivisionError:
        with pytest.raises(CalculationError, match=r"^除数为零："):
            evaluate(parse(tree.text), lookup)
        return
    assert abs(Fraction(evaluate(parse(tree.text), lookup)) - exact) < CLOSE


@given(trees)
def test_full_width_forms_mean_the_same(tree: Tree) -> None:
    wide = "".join(part if part.startswith("[") else part.translate(FULL_WIDTH) for part in _around_brackets(tree.text))
    assert _outcome(wide) == _outcome(tree.text)


def _around_brackets(text: str) -> list[str]:
    """The text cut before each `[` and after each `]`: names in brackets are taken as they are."""
    return text.replace("[", "\n[").replace("]", "]\n").split("\n")


def _outcome(text: str) -> Decimal | str:
    try:
        return evaluate(parse(text), lookup)
    except CalculationError as problem:
        return str(problem).partition("：")[0]


@given(trees)
def test_the_substituted_text_calculates_to_the_value_it_states(tree: Tree) -> None:
    formula = parse(tree.text)
    try:
        value = evaluate(formula, lookup)
    except CalculationError:
        return
    left, _, right = substituted(formula, lookup, value).rpartition(" = ")
    assert abs(evaluate(parse(left), _no_names) - value) < Decimal("1e-40")
    assert abs(value - Decimal(right)) <= SHOWN


def _no_names(reference):
    raise AssertionError(f"the substituted text still reads {reference.name}")
