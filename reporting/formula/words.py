"""A fourth reading, for people who don't write Excel: the formula with Chinese words for its signs and functions."""

import re

from reporting.formula.nodes import Call, Chain, Comparison, Expression, Figure, Formula, Group, Negation, Peers, Truth

BETWEEN = re.compile(r"([0-9%)])\s*-\s*")
"""A minus between two operands; one before a number is its own."""
TRUE = "是"
SIGNS = {"*": " × ", "/": " ÷ ", "+": " + ", "-": " − ", ">=": " ≥ ", "<=": " ≤ ", "<>": " ≠ "}
FUNCTION_WORDS = {
    "ABS": "绝对值",
    "AND": "同时满足",
    "AVERAGE": "平均",
    "COUNT": "个数",
    "INT": "取整",
    "MAX": "取大",
    "MEDIAN": "中位数",
    "MIN": "取小",
    "NOT": "不满足",
    "OR": "满足其一",
    "ROUND": "四舍五入",
    "ROUNDDOWN": "舍位",
    "ROUNDUP": "进位",
    "SUM": "合计",
    "TRIMMEAN": "去高去低平均",
}


def in_words(formula: Formula) -> str:
    """`MIN(a/时序目标(a), 1)*满分` → 取小（a ÷ 时序目标（a），1）× 满分."""
    return _said(formula, formula.root).replace("） ", "）").replace(" （", "（")


def calculation(substituted: str) -> str:
    """`MIN(9000/12000, 1)*30 = 22.5` → MIN(9000 ÷ 12000, 1) × 30 = 22.5, as a pocket calculator shows it."""
    if "[" in substituted:
        return substituted
    return BETWEEN.sub(r"\1 − ", substituted).replace("+", " + ").replace("*", " × ").replace("/", " ÷ ")


def _said(formula: Formula, node: Expression) -> str:
    match node:
        case Group():
            return f"（{_said(formula, node.inner)}）"
        case Negation():
            return f"−{_said(formula, node.operand)}"
        case Chain():
            rest = "".join(_sign(sign) + _said(formula, operand) for sign, operand in node.rest)
            return _said(formula, node.first) + rest
        case Comparison():
            return _said(formula, node.left) + _sign(node.sign) + _said(formula, node.right)
        case Call():
            return _called(node.function, [_said(formula, argument) for argument in node.arguments])
        case Truth():
            return TRUE if node.value else "否"
        case Figure() | Peers():
            return _bracketed(formula.source(node))
        case _:
            return formula.source(node)


def _bracketed(source: str) -> str:
    """`时序目标(a)` → 时序目标（a）; brackets within a name stay as they are."""
    function, _, name = source.partition("(")
    return f"{function}（{name.removesuffix(')')}）"


def _case(when: str, then: str) -> str:
    """`IFS` ends with a condition that always holds."""
    return f"否则 {then}" if when == TRUE else f"如果 {when}，则 {then}"


def _sign(sign: str) -> str:
    return SIGNS.get(sign, f" {sign} ")


def _called(function: str, said: list[str]) -> str:
    if function == "IF":
        otherwise = f"，否则 {said[2]}" if len(said) > 2 else ""
        return f"（如果 {said[0]}，则 {said[1]}{otherwise}）"
    if function == "IFS":
        cases = zip(said[::2], said[1::2], strict=False)
        return "（" + "；".join(_case(when, then) for when, then in cases) + "）"
    return f"{FUNCTION_WORDS.get(function, function)}（{'，'.join(said)}）"
