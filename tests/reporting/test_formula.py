from decimal import Decimal

import pytest

from reporting.formula import (
    CalculationError,
    FormulaError,
    MissingData,
    NoTask,
    evaluate,
    evaluate_record,
    name_problem,
    parse,
    parse_record,
    substituted,
    written,
)
from reporting.formula.exact import at_places, plain
from reporting.formula.nodes import Figure, Reference

FIGURES = {
    "签约额": Decimal("4.2"),
    "增速": Decimal("-0.5"),
    "零": Decimal(0),
    "评分": tuple(map(Decimal, (12, 14, 13, 20, 1))),
    "空表": (),
    "500强（项目）": Decimal(3),
    "x²": Decimal(2),
}


def lookup(reference: Reference):
    if reference.name not in FIGURES and isinstance(reference, Figure):
        raise NoTask(reference.label)
    if reference.name not in FIGURES:
        raise MissingData(reference.label)
    return FIGURES[reference.name]


def value_of(text: str) -> str:
    return plain(evaluate(parse(text), lookup))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12", "12"),
        ("3.5", "3.5"),
        ("5%", "0.05"),
        ("120％", "1.2"),
        ("TRUE", "1"),
        ("FALSE", "0"),
        ("1+2*3", "7"),
        ("(1+2)*3", "9"),
        ("10-2-3", "5"),
        ("12/2/3", "2"),
        ("2--3", "5"),
        ("-2*-3", "6"),
        ("---2", "-2"),
        ("1+1=2", "1"),
        ("1<>1", "0"),
        ("2>=2", "1"),
        ("2≥3", "0"),
        ("2≤3", "1"),
        ("2≠3", "1"),
        ("6×2÷3", "4"),
        ("（１＋２）＊３", "9"),
        ("ＭＡＸ（１，２．５）", "2.5"),
        ("max(1, 2)", "2"),
        ("(1<2)=1", "1"),
        ("5*(2>1)", "5"),
        ("[签约额]+签约额", "8.4"),
        ("[500强（项目）]*2", "6"),
        ("［500强（项目）］*2", "6"),
        ("x²+1", "3"),
        (" 1 +\n2　", "3"),
    ],
)
def test_what_is_written_means_what_excel_means(text: str, expected: str) -> None:
    assert value_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ABS(-2)", "2"),
        ("AND(1, 2)", "1"),
        ("AND(1, 0)", "0"),
        ("OR(0, 3)", "1"),
        ("OR(0, 0)", "0"),
        ("NOT(0)", "1"),
        ("AVERAGE(1, 2, 6)", "3"),
        ("COUNT(1, 签约额)", "2"),
        ("IF(1, 2, 3)", "2"),
        ("IF(0, 2, 3)", "3"),
        ("IF(0, 2)", "0"),
        ("IFS(0, 1, 1, 5)", "5"),
        ("INT(-0.5)", "-1"),
        ("INT(2.7)", "2"),
        ("MAX(1, 3, 2)", "3"),
        ("MIN(1, -3, 2)", "-3"),
        ("MEDIAN(1, 9, 2)", "2"),
        ("MEDIAN(1, 9, 2, 4)", "3"),
        ("ROUND(-2.5, 0)", "-3"),
        ("ROUND(2.345, 2)", "2.35"),
        ("ROUND(1250, -2)", "1300"),
        ("ROUND(2.5, 0.9)", "3"),
        ("ROUND(1.23456789, 20)", "1.234568"),
        ("ROUND(5, -99)", "0"),
        ("ROUNDDOWN(-0.5, 0)", "0"),
        ("ROUNDDOWN(2.99, 1)", "2.9"),
        ("ROUNDUP(2.01, 0)", "3"),
        ("ROUNDUP(-2.01, 0)", "-3"),
        ("SUM(1, 2, 3)", "6"),
        ("SUM(评分)", "60"),
        ("AVERAGE(评分)", "12"),
        ("COUNT(评分)", "5"),
        ("MAX(评分)", "20"),
        ("MIN(评分, 0)", "0"),
        ("MEDIAN(评分)", "13"),
        ("TRIMMEAN(评分, 40%)", "13"),
        ("TRIMMEAN(评分, 39%)", "12"),
        ("TRIMMEAN((评分), 0)", "12"),
        ("TRIMMEAN(签约额, 50%)", "4.2"),
        ("COUNT(空表)", "0"),
        ("COUNT(空表, 评分)", "5"),
    ],
)
def test_functions_mean_what_they_mean_in_excel(text: str, expected: str) -> None:
    assert value_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("INT((1.2/1-1)/10%)", "2"),
        ("INT(1/3*3)", "1"),
        ("1/3*3=1", "1"),
        ("1/3*3<1", "0"),
        ("1.0000000004=1", "1"),
        ("1.0000000005=1", "0"),
        ("ROUNDUP(1.0000000004, 0)", "1"),
        ("ROUNDDOWN(0.9999999995, 0)", "1"),
        ("ROUND(0.4999999995, 0)", "1"),
        ("IF(1/3*3-1, 1, 0)", "0"),
    ],
)
def test_comparisons_and_roundings_first_round_to_nine_places(text: str, expected: str) -> None:
    assert value_of(text) == expected


def test_division_keeps_at_least_28_digits() -> None:
    assert str(evaluate(parse("1/3"), lookup)).startswith("0." + "3" * 28)


@pytest.mark.parametrize("text", ["IF(TRUE, 1, 缺)", "IF(FALSE, 缺, 1)", "IFS(1, 1, 缺, 2)", "IFS(0, 缺, TRUE, 1)"])
def test_if_and_ifs_read_only_what_they_need(text: str) -> None:
    assert value_of(text) == "1"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("缺+1", "缺少数据：缺"),
        ("AND(0, 缺)", "缺少数据：缺"),
        ("OR(1, 缺)", "缺少数据：缺"),
        ("COUNT(缺)", "缺少数据：缺"),
        ("MAX(空表)", "缺少数据：空表"),
        ("TRIMMEAN(空表, 0)", "缺少数据：空表"),
        ("签约额/零", "除数为零：签约额/零"),
        ("1+签约额/(零*2)", "除数为零：签约额/(零*2)"),
        ("IFS(0, 1)", "没有一个条件成立：IFS(0, 1)"),
        ("TRIMMEAN(评分, 1)", "TRIMMEAN的比例应当不小于0且小于1"),
        ("TRIMMEAN(评分, -0.1)", "TRIMMEAN的比例应当不小于0且小于1"),
        ("9" * 30, "计算结果过大"),
        ("*".join(["9" * 60] * 10), "计算结果过大"),
    ],
)
def test_a_formula_without_a_value_says_why(text: str, sentence: str) -> None:
    with pytest.raises(
        CalculationError, match="^" + sentence.replace("(", r"\(").replace(")", r"\)").replace("*", r"\*")
    ):
        value_of(text)


@pytest.mark.parametrize("text", ["评分", "评分+1", "ABS(评分)", "评分>1", "-评分", "IF(评分, 1, 2)", "ROUND(评分, 1)"])
def test_a_list_goes_only_where_lists_belong(text: str) -> None:
    with pytest.raises(CalculationError, match="评分是一组数，只能放在"):
        value_of(text)


@pytest.mark.parametrize("text", ["目标(甲)+缺", "缺+目标(甲)", "缺/零+目标(甲)", "MIN(1/零, 目标(甲))", "缺>目标(甲)"])
def test_an_absent_target_outweighs_every_other_lack(text: str) -> None:
    with pytest.raises(NoTask, match=r"无任务：目标\(甲\)"):
        value_of(text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "公式是空的"),
        ("  ", "公式是空的"),
        ("1+", "公式没有写完"),
        ("(1", "公式缺少右括号"),
        ("1)", "第2个字符处不应出现“)”"),
        ("1 2", "第3个字符处不应出现“2”"),
        ("+1", "第1个字符处不应出现“+”"),
        ("a;b", "第2个字符“;”无法识别"),
        ("a.b", "第2个字符“.”无法识别"),
        ("1<2<3", "第4个字符处不能连续比较，请改用AND"),
        ("1=2<>3", "第4个字符处不能连续比较，请改用AND"),
        ("5%%", "第3个字符处不应出现“%”"),
        ("x%", "第2个字符处不应出现“%”"),
        ("(5)%", "第4个字符处不应出现“%”"),
        ("500强项目", "名称不能以数字开头：500强项目，请写成[500强项目]"),
        ("[]", "第1个字符“[”无法识别"),
        ("[a", "第1个字符“[”无法识别"),
        ("IFERROR(1, 2)", "没有函数“IFERROR”，相近的有：OR、IF、IFS"),
        ("MIN()", "函数MIN的参数个数不对：给了0个，应当是1到255个"),
        ("ROUND(1)", "函数ROUND的参数个数不对：给了1个，应当是2个"),
        ("IF(1)", "函数IF的参数个数不对：给了1个，应当是2到3个"),
        ("IFS(1, 2, 3)", "函数IFS的参数个数不对：给了3个，应当成对给出条件和结果"),
        ("MIN(1,)", "第7个字符处不应出现“)”"),
        ("目标(1)", "目标的括号里应当是一个指标数据的名称"),
        ("目标(a+b)", "目标的括号里应当是一个指标数据的名称"),
        ("组内最大(目标(a))", "组内最大的括号里应当是一个指标数据的名称"),
        ("组内最大(TRUE)", "组内最大的括号里应当是一个指标数据的名称"),
        ("目标", None),
        ("目标(", "目标的括号里应当是一个指标数据的名称"),
        ("“甲”", "公式的结果应当是数，不能是文字"),
        ("MIN(“甲”, 1)", "文字只能用=或<>比较"),
        ("a<“甲”", "文字只能用=或<>比较"),
        ("(" * 31 + "1" + ")" * 31, "括号嵌套超过30层"),
        ("1" * 2001, "公式有2001个字符，最多2000个"),
    ],
)
def test_what_does_not_parse_is_told_in_a_sentence(text: str, sentence: str | None) -> None:
    if sentence is None:
        assert parse(text).references[0].label == text
        return
    with pytest.raises(FormulaError) as caught:
        parse(text)
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(" * 30 + "1" + ")" * 30, "1"),
        ("+".join(["1"] * 1000), "1000"),
        ("-" * 1998 + "1", "1"),
        ("-" * 1999 + "1", "-1"),
        ("1" * 17, "11111111111111111"),
    ],
)
def test_long_and_deep_formulas_within_the_limits_are_read(text: str, expected: str) -> None:
    assert value_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("MIN(签约额/3, 1)*30", "MIN(4.2/3, 1)*30 = 30"),
        ("IF(零=0, 0, 缺/零)", "IF(0=0, 0, 缺/0) = 0"),
        ("AVERAGE(评分)", "AVERAGE(12, 14, 13, 20, 1) = 12"),
        ("TRIMMEAN(评分, 40%)", "TRIMMEAN({12, 14, 13, 20, 1}, 40%) = 13"),
        ("（签约额 × [500强（项目）]）", "（4.2 × 3） = 12.6"),
        ("上期(签约额)-增速", "4.2--0.5 = 4.7"),
        ("1/3", "1/3 = 0.333333"),
    ],
)
def test_names_become_numbers_and_the_rest_stays(text: str, expected: str) -> None:
    formula = parse(text)
    assert substituted(formula, lookup, evaluate(formula, lookup)) == expected


def test_per_record_formulas_compare_text_and_take_one_bracket() -> None:
    columns = {"总投资", "行业"}
    bracket = parse_record("IFS(总投资>=500000, 8, 总投资>=100000, 4, TRUE, 0)*(行业=“工业”)", columns)
    assert evaluate_record(bracket, {"总投资": Decimal(500000), "行业": "工业"}) == 8
    assert evaluate_record(bracket, {"总投资": Decimal(100000), "行业": "工业"}) == 4
    assert evaluate_record(bracket, {"总投资": Decimal(99999), "行业": "工业"}) == 0
    assert evaluate_record(bracket, {"总投资": Decimal(500000), "行业": "农业"}) == 0
    assert evaluate_record(parse('行业<>"say ""hi"""'), {"行业": 'SAY "HI"'}) == 0


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("行业>1", "文字不能与数比较：行业>1"), ("行业+1", "行业是文字，不能当作数"), ("金额", "缺少数据：金额")],
)
def test_per_record_formulas_refuse_arithmetic_on_words(text: str, sentence: str) -> None:
    with pytest.raises(CalculationError) as caught:
        evaluate_record(parse(text), {"行业": "工业", "金额": None})
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("总投次", "没有“总投次”这一列，相近的有：总投资"), ("目标(总投资)", "逐条计算的公式不能用目标(总投资)")],
)
def test_per_record_formulas_read_columns_only(text: str, sentence: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse_record(text, {"总投资"})
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("行业*2", "行业是文字，只能用=或<>比较"),
        ("SUM(行业, 1)", "行业是文字，只能用=或<>比较"),
        ("(行业)>1", "(行业)是文字，只能用=或<>比较"),
        ("行业=1", "行业=1：文字不能与数比较，文字要加引号"),
        ("总投资=“大”", "总投资=“大”：文字不能与数比较，文字要加引号"),
        ("IF(总投资>1, 行业, 0)", "行业是文字，只能用=或<>比较"),
        ("行业", "行业是文字，公式的结果应当是数"),
    ],
)
def test_words_in_arithmetic_are_seen_before_the_first_record(text: str, sentence: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse_record(text, {"总投资", "行业"}, {"行业"})
    assert str(caught.value) == sentence


def test_words_are_compared_with_words() -> None:
    formula = parse_record("(行业=“工业”)*总投资+(行业<>产业)", {"总投资", "行业", "产业"}, {"行业", "产业"})
    assert evaluate_record(formula, {"总投资": Decimal(3), "行业": "工业", "产业": ""}) == 4


@pytest.mark.parametrize(
    ("name", "as_written"),
    [("到位资金", "到位资金"), ("四上_新增2", "四上_新增2"), ("500强", "[500强]"), ("到位（省外）", "[到位（省外）]")],
)
def test_a_name_is_written_as_formulas_read_it(name: str, as_written: str) -> None:
    assert name_problem(name) == ""
    assert written(name) == as_written
    assert [reference.name for reference in parse(f"{as_written}+1").references] == [name]


@pytest.mark.parametrize("name", ["满分", "true", "目标", "IF", "组内平均", "总分", " 甲", "甲]", "Ｂ类", "甲\n乙"])
def test_names_that_no_formula_could_read_are_refused(name: str) -> None:
    assert name_problem(name)


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [("0.995", 2, "1.00"), ("-0.001", 2, "0.00"), ("-1.005", 2, "-1.01"), ("5", 0, "5"), ("1234567.5", 0, "1234568")],
)
def test_fixed_places_round_half_up_and_know_no_minus_zero(value: str, places: int, expected: str) -> None:
    assert at_places(Decimal(value), places) == expected
