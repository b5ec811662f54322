"""What docs/scoring.md says of the language, at its boundaries: numbers, names, limits, lists, Excel's functions."""

from decimal import Decimal

import pytest

from reporting.formula import CalculationError, FormulaError, NoTask, evaluate, parse, substituted
from reporting.formula.exact import plain
from reporting.formula.nodes import Figure, Name, Number, Peers, Reference
from reporting.formula.parser import FUNCTION_NAMES

NINE_SCORES = tuple(map(Decimal, (100, 1, 2, 3, 4, 5, 6, 7, 8, -100)))
FIGURES = {
    "甲": Decimal(3),
    "乙": Decimal("-2.5"),
    "评分": NINE_SCORES,
    "空表": (),
    "TRUE": Decimal(7),
    "Ａ级企业": Decimal(2),
    " 甲 ": Decimal(9),
    "a-b": Decimal(5),
    "目标": Decimal(11),
}


def lookup(reference: Reference):
    match reference:
        case Name():
            return FIGURES[reference.name]
        case Figure():
            raise NoTask(reference.label)


def value_of(text: str) -> str:
    return plain(evaluate(parse(text), lookup))


def error_of(text: str) -> str:
    with pytest.raises(CalculationError) as caught:
        evaluate(parse(text), lookup)
    return str(caught.value)


# Numbers and names


@pytest.mark.parametrize("digits", ["5", "0.5", "1.23456789012345678901234567890123456789", "9" * 40])
def test_a_percentage_is_exact_to_its_last_digit(digits: str) -> None:
    root = parse(f"{digits}%").root
    assert isinstance(root, Number)
    assert root.value == Decimal(f"{digits}e-2")


@pytest.mark.parametrize(
    "text", [".5", "1.", "1e5", "5%5", "１２ ３", "٣", "12a", "+3", "x!", "甲:乙", "{1}", "甲^2", "#"]
)
def test_other_ways_to_write_a_number_are_refused(text: str) -> None:
    with pytest.raises(FormulaError):
        parse(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[TRUE]", "7"),
        ("ＴＲＵＥ", "1"),
        ("False", "0"),
        ("[Ａ级企业]", "2"),
        ("[ 甲 ]", "9"),
        ("［a-b］", "5"),
        ("目标", "11"),
        ("目标+甲", "14"),
    ],
)
def test_names_in_brackets_are_taken_as_they_are(text: str, expected: str) -> None:
    assert value_of(text) == expected


@pytest.mark.parametrize("name", FUNCTION_NAMES)
def test_every_function_without_parentheses_is_a_name(name: str) -> None:
    assert parse(name).references == (Name(name=name, start=0, end=len(name)),)


@pytest.mark.parametrize("name", ["IFERROR", "VLOOKUP", "SQRT", "POWER", "LEN", "RANK", "__import__", "eval", "MOD"])
def test_nothing_but_the_listed_functions_is_called(name: str) -> None:
    with pytest.raises(FormulaError, match=f"^没有函数“{name}”"):
        parse(f"{name}(1, 2)")


@pytest.mark.parametrize("name", ["组内最大", "组内最小", "组内平均", "组内合计", "组内名次", "全部最大", "全部名次"])
def test_group_functions_take_one_name(name: str) -> None:
    root = parse(f"{name}(［500强（项目）］)").root
    assert isinstance(root, Peers)
    assert (root.function, root.name, root.label) == (name, "500强（项目）", f"{name}(500强（项目）)")
    for wrong in ("", "甲, 乙", "甲+1", "-甲", "(甲)", "5", "TRUE", f"{name}(甲)", "“甲”"):
        with pytest.raises(FormulaError):
            parse(f"{name}({wrong})")


# Precedence


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-2*3+1", "-5"),
        ("2*-3", "-6"),
        ("-甲*乙", "7.5"),
        ("10-4+3", "9"),
        ("10-2*3", "4"),
        ("10-6/2", "7"),
        ("2+3*4-1", "13"),
        ("2*3-4*5", "-14"),
        ("12/3*2", "8"),
        ("2+3<6-0", "1"),
        ("1-1=0", "1"),
        ("-乙>甲-1", "1"),
        ("(1<2)<3", "1"),
        ("(3>2)>1", "0"),
        ("5*(甲>乙)", "5"),
        ("TRUE+TRUE", "2"),
        ("(2>1)=TRUE", "1"),
    ],
)
def test_signs_bind_as_the_page_says(text: str, expected: str) -> None:
    assert value_of(text) == expected


@pytest.mark.parametrize("first", ["=", "<>", "<", "<=", ">", ">=", "≥", "≤", "≠", "＜＝", "＞"])
@pytest.mark.parametrize("second", ["=", "<", "≥"])
def test_no_two_comparisons_stand_in_a_row(first: str, second: str) -> None:
    with pytest.raises(FormulaError, match=r"不能连续比较，请改用AND$"):
        parse(f"1{first}2{second}3")


# Excel's functions at their edges


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("INT(-2)", "-2"),
        ("INT(-2.000000001)", "-3"),
        ("INT(-2.0000000001)", "-2"),
        ("ROUND(-0.5, 0)", "-1"),
        ("ROUND(-1.25, 1)", "-1.3"),
        ("ROUND(15, -1)", "20"),
        ("ROUND(-14.9, -1)", "-10"),
        ("ROUND(5, -1)", "10"),
        ("ROUND(4.9, -2)", "0"),
        ("ROUND(1.5, TRUE)", "1.5"),
        ("ROUNDDOWN(-1.29, 1)", "-1.2"),
        ("ROUNDDOWN(19, -1)", "10"),
        ("ROUNDUP(0, 0)", "0"),
        ("ROUNDUP(11, -1)", "20"),
        ("ROUNDUP(-0.1, 0)", "-1"),
        ("ROUND(2.55, 1.9999999999)", "2.55"),
        ("ROUND(25, -1.9)", "30"),
        ("ABS(乙)", "2.5"),
        ("AND(乙)", "1"),
        ("NOT(0.0000000004)", "1"),
        ("NOT(0.0000000005)", "0"),
        ("OR(FALSE, 0, 甲)", "1"),
        ("COUNT(TRUE, 0, 乙)", "3"),
        ("MAX(TRUE, 0)", "1"),
        ("AVERAGE(评分, 3.6)", "3.6"),
        ("SUM(评分, 1, 甲)", "40"),
        ("COUNT(评分, 评分)", "20"),
        ("COUNT(空表, 空表)", "0"),
        ("MEDIAN(评分, 4)", "4"),
        ("MAX(评分)", "100"),
        ("MIN(评分)", "-100"),
        ("TRIMMEAN(评分, 0)", "3.6"),
        ("TRIMMEAN(评分, 19.9%)", "3.6"),
        ("TRIMMEAN(评分, 20%)", "4.5"),
        ("TRIMMEAN(评分, 99%)", "4.5"),
        ("IF(乙, 1, 2)", "1"),
        ("IF(1-1, 1)", "0"),
        ("IF(TRUE, 甲)", "3"),
    ],
)
def test_functions_at_their_edges(text: str, expected: str) -> None:
    assert value_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("IF(1, 1, 1/0)", "1"),
        ("IF(0, 1/0, 2)", "2"),
        ("IF(1, 1, 评分)", "1"),
        ("IF(1, 1, 目标(甲))", "1"),
        ("IFS(0, 1/0, 1, 2, 1/0, 1/0)", "2"),
        ("IFS(1, 5, 目标(甲), 1)", "5"),
        ("MIN(IF(0, 1/0, 4), 9)", "4"),
        ("IF(IF(1, 0, 1/0), 1/0, IFS(1, 6, 1/0, 1))", "6"),
    ],
)
def test_branches_that_are_not_taken_are_not_read(text: str, expected: str) -> None:
    assert value_of(text) == expected


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("AND(0, 1/0)", "除数为零：1/0"),
        ("OR(1, 1/0)", "除数为零：1/0"),
        ("IF(1/0, 1, 2)", "除数为零：1/0"),
        ("IFS(0, 1, 1/0, 2)", "除数为零：1/0"),
        ("0*目标(甲)", "无任务：目标(甲)"),
        ("AND(0, 时序目标(甲))", "无任务：时序目标(甲)"),
        ("0/(甲-3)", "除数为零：0/(甲-3)"),
        ("甲/乙/(1-1)", "除数为零：甲/乙/(1-1)"),
        ("IFS(甲<0, 1, 乙>0, 2)", "没有一个条件成立：IFS(甲<0, 1, 乙>0, 2)"),
        ("AVERAGE(空表, 1)", "缺少数据：空表"),
        ("MEDIAN(空表)", "缺少数据：空表"),
        ("SUM(空表)", "缺少数据：空表"),
        ("TRIMMEAN(评分, 100%)", "TRIMMEAN的比例应当不小于0且小于1"),
        ("TRIMMEAN(评分, 评分)", "TRIMMEAN的比例应当是一个数：评分"),
    ],
)
def test_what_is_read_and_has_no_value_is_told(text: str, sentence: str) -> None:
    assert error_of(text) == sentence


@pytest.mark.parametrize("text", ["INT(评分)", "ROUNDUP(评分, 0)", "AND(评分)", "OR(评分)", "NOT(评分)", "评分/2"])
@pytest.mark.parametrize("wrapped", ["{}", "IF(1, {}, 0)", "MAX({}, 1)"])
def test_a_list_is_no_number(text: str, wrapped: str) -> None:
    assert error_of(wrapped.format(text)).startswith("评分是一组数，只能放在")


# Limits


@pytest.mark.parametrize("text", ["1+" * 999 + "11", "[" + "甲" * 1998 + "]", " " * 1999 + "1"])
def test_two_thousand_characters_are_read_and_one_more_is_not(text: str) -> None:
    assert len(text) == 2000
    assert parse(text).text == text
    with pytest.raises(FormulaError, match=r"^公式有2001个字符，最多2000个$"):
        parse(text + " ")


@pytest.mark.parametrize(
    ("opening", "closing"), [("(", ")"), ("INT(", ")"), ("IF(1, ", ")"), ("-(", ")"), ("（", "）")]
)
def test_thirty_levels_are_read_and_one_more_is_not(opening: str, closing: str) -> None:
    assert abs(evaluate(parse(opening * 30 + "1" + closing * 30), lookup)) == 1
    with pytest.raises(FormulaError, match=r"^括号嵌套超过30层$"):
        parse(opening * 31 + "1" + closing * 31)


@pytest.mark.parametrize(
    "text", ["(" * 2000, "-" * 2000, "INT(" * 500, "[" * 2000, "“" * 1999, "1<" * 1000, "," * 2000]
)
def test_endless_rows_of_signs_are_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(FormulaError):
        parse(text)


# The substituted text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("MIN（甲÷２，1）×30", "MIN（3÷２，1）×30 = 30"),
        ("-乙", "--2.5 = 2.5"),
        ("SUM(评分)", "SUM(100, 1, 2, 3, 4, 5, 6, 7, 8, -100) = 36"),
        ("COUNT(空表)", "COUNT() = 0"),
        ("IF(甲>0, [a-b], 目标(甲))", "IF(3>0, 5, 目标(甲)) = 5"),
        ("甲=3", "3=3 = 1"),
        ("1/3+0*甲", "1/3+0*3 = 0.333333"),
    ],
)
def test_only_names_and_domain_functions_become_numbers(text: str, expected: str) -> None:
    formula = parse(text)
    assert substituted(formula, lookup, evaluate(formula, lookup)) == expected
