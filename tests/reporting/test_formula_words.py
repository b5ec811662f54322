"""The formula for people who don't write Excel."""

import pytest

from reporting.formula.parser import parse
from reporting.formula.words import calculation, in_words


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("MIN(签约额/时序目标(签约额), 1)*满分", "取小（签约额 ÷ 时序目标（签约额），1）× 满分"),
        ("IF(签约数=0, 0, 开工数/签约数)", "（如果 签约数 = 0，则 0，否则 开工数 ÷ 签约数）"),
        ("IFS(名次<=3, 10, TRUE, -1)", "（如果 名次 ≤ 3，则 10；否则 −1）"),
        ("(a+b)*5%-[500强项目]", "（a + b）× 5% − [500强项目]"),
        ("a/组内最大([甲(乙)])", "a ÷ 组内最大（[甲(乙)]）"),
        ("ROUND(AVERAGE(评分), 2)", "四舍五入（平均（评分），2）"),
    ],
)
def test_in_words(formula, words):
    assert in_words(parse(formula)) == words


@pytest.mark.parametrize(
    ("substituted", "shown"),
    [
        ("MIN(9000/12000, 1)*30 = 22.5", "MIN(9000 ÷ 12000, 1) × 30 = 22.5"),
        ("MAX(0, 37412.74/23000-1)+-3 = -2.4", "MAX(0, 37412.74 ÷ 23000 − 1) + -3 = -2.4"),
        ("[A/B项目]*2 = 4", "[A/B项目]*2 = 4"),
    ],
)
def test_calculation(substituted, shown):
    assert calculation(substituted) == shown
