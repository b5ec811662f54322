"""Every rule of the scheme file and the input file: what breaks it is told in a sentence that says where."""

import copy
import re
from decimal import Decimal
from typing import Any

import pytest

from reporting.scoring.engine import score
from reporting.scoring.errors import FileError, InputError, SchemeError
from reporting.scoring.inputs import load_inputs
from reporting.scoring.scheme import load_scheme
from tests.reporting.scoring_files import input_data, scheme_data, scored, totals, unit_data

CHINESE = re.compile("[\u4e00-\u9fff]")
INDICATOR = {"name": "甲项", "points": 10, "formula": "1"}


def indicators(*changes: dict[str, Any]) -> dict[str, Any]:
    return {"indicators": [{**INDICATOR, **change} for change in changes]}


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ({"engine": 2}, "“engine”是2，本系统只会按1计算"),
        ({"engine": True}, "“engine”应当是1到999999999的整数"),
        ({"engine": 0}, "“engine”应当是1到999999999的整数"),
        ({"name": None}, "缺少“name”"),
        ({"name": 5}, "“name”应当是文字"),
        ({"name": " "}, "“name”应当是文字"),
        ({"year": None}, "缺少“year”"),
        ({"year": "2024"}, "“year”应当是1到9999的整数"),
        ({"year": Decimal("2024.5")}, "“year”应当是1到9999的整数"),
        ({"period": "weekly"}, "“period”应当是month、quarter、half_year、year之一"),
        ({"indicators": None}, "缺少“indicators”，至少要有一个指标"),
        ({"indicators": []}, "缺少“indicators”，至少要有一个指标"),
        ({"indicators": {}}, "“indicators”应当是列表"),
        ({"indicators": [1]}, "指标第1项：应当是一组“名称：值”"),
        ({"indicator": []}, "不认识“indicator”，相近的有：indicators"),
        (indicators({"weight": 3}), "指标“甲项”：不认识“weight”"),
        (indicators({"points": None}), "指标“甲项”：缺少“points”"),
        (indicators({"points": True}), "指标“甲项”：“points”应当是数"),
        (indicators({"points": "十"}), "指标“甲项”：“points”应当是数"),
        (indicators({"points": -1}), "指标“甲项”：“points”不能为负数"),
        (indicators({"points": Decimal("0.0000000001")}), "指标“甲项”：“points”最多9位小数"),
        (indicators({"points": Decimal("1e18")}), "指标“甲项”：“points”的数过大"),
        (indicators({"formula": None}), "指标“甲项”：缺少“formula”"),
        (indicators({"formula": 1}), "指标“甲项”：“formula”应当是文字"),
        (indicators({"formula": "1+"}), "指标“甲项”：“formula”无法解析，公式没有写完"),
        (indicators({"formula": "签约额=“甲”"}), "指标“甲项”：“formula”无法解析，文字只能用在逐条计算的公式里"),
        (indicators({"groups": []}), "指标“甲项”：“groups”至少要有一个组，都适用就不写"),
        (indicators({"groups": "中心镇"}), "指标“甲项”：“groups”应当是列表"),
        (indicators({"groups": [1]}), "指标“甲项”：“groups”里应当都是文字"),
        (indicators({"groups": ["甲", "甲"]}), "指标“甲项”：“groups”里有重复"),
        (indicators({}, {}), "指标“甲项”重名，只有用于不同组的指标才能重名"),
        (indicators({}, {"groups": ["甲"]}), "指标“甲项”重名，只有用于不同组的指标才能重名"),
        (
            indicators({"groups": ["甲", "乙"]}, {"groups": ["乙"]}),
            "指标“甲项”重名，只有用于不同组的指标才能重名",
        ),
        ({"bonuses": [{"name": "得分", "formula": "1"}]}, "指标、加分、扣分的名称“得分”重复"),
        ({"bonuses": [{"name": "好", "formula": "1"}] * 2}, "指标、加分、扣分的名称“好”重复"),
        ({"deductions": [{"name": "坏", "formula": "1", "cap": -1}]}, "扣分“坏”：“cap”不能为负数"),
        ({"bonuses": [{"name": "好", "formula": "1", "cap": -1}]}, "加分“好”：“cap”不能为负数"),
        ({"bonus_cap": -1}, "“bonus_cap”不能为负数"),
        (
            {"vetoes": [{"name": "虚", "when": "1", "effect": "ban"}]},
            "否决“虚”：“effect”应当是zero、unranked、no_award之一",
        ),
        ({"vetoes": [{"name": "虚", "effect": "zero"}]}, "否决“虚”：缺少“when”"),
        ({"missing_target": "skip"}, "“missing_target”应当是redistribute、full、zero之一"),
        ({"rounding": {"total": None, "indicator": 10}}, "“rounding”：“indicator”应当是0到9的整数"),
        ({"rounding": {"total": -1}}, "“rounding”：“total”应当是0到9的整数"),
        ({"rounding": {"mode": "up"}}, "“rounding”：“mode”应当是half_up、down之一"),
        ({"rounding": {"places": 2}}, "“rounding”：不认识“places”"),
        ({"rounding": 2}, "“rounding”：应当是一组“名称：值”"),
        ({"ranking": {"within": "county"}}, "“ranking”：“within”应当是all、group之一"),
        ({"ranking": {"tie_break": "签约额"}}, "“ranking”：“tie_break”应当是列表"),
        ({"floor": "低"}, "“floor”应当是数"),
        ({"pass_mark": []}, "“pass_mark”应当是数"),
        ({"awards": [{"ranks": [1, 1]}]}, "奖项第1项：缺少“tier”"),
        ({"awards": [{"tier": "一等奖", "ranks": [1]}]}, "奖项第1项：“ranks”应当是起止两个名次"),
        ({"awards": [{"tier": "一等奖", "ranks": [2, 1]}]}, "奖项第1项：“ranks”的起始名次不能大于截止名次"),
        ({"awards": [{"tier": "一等奖", "ranks": [0, 1]}]}, "奖项第1项：“ranks”应当是1到999999999的整数"),
        ({"awards": [{"tier": "一等奖", "amount": -5}]}, "奖项第1项：“amount”不能为负数"),
        ({"awards": [{"tier": "一等奖", "pass_down": 1}]}, "奖项第1项：“pass_down”应当是true或false"),
        ({"awards": [{"tier": "一等奖"}, {"tier": "一等奖"}]}, "奖项的名称“一等奖”重复"),
        ({"promotions": [{"when": "1", "tiers": -1}]}, "晋档第1项：“tiers”应当是1到999999999的整数"),
        ({"demotions": [{"tiers": 1}]}, "降档第1项：缺少“when”"),
        ({"lists": [{"name": "黑榜", "when": "名次>"}]}, "榜单“黑榜”：“when”无法解析，公式没有写完"),
        ({"lists": [{"name": "黑榜", "when": "1"}] * 2}, "榜单的名称“黑榜”重复"),
        ({"derived": [{"name": "率", "formula": "1"}] * 2}, "派生指标的名称“率”重复"),
        ({"derived": [{"name": "满分", "formula": "1"}]}, "派生指标不能叫“满分”，这个名称另有所指"),
        ({"derived": [{"name": "率", "formula": "率+1"}]}, "派生指标循环引用：率→率"),
        ({"derived": [{"name": "率", "formula": "组内最大(率)"}]}, "派生指标循环引用：率→率"),
    ],
)
def test_a_scheme_that_breaks_a_rule_is_refused(rules: dict[str, Any], sentence: str) -> None:
    with pytest.raises(SchemeError) as caught:
        load_scheme({**scheme_data(), **rules})
    assert str(caught.value) == sentence


def test_a_circle_of_several_derived_metrics_is_told_in_order() -> None:
    derived = [{"name": "甲", "formula": "乙"}, {"name": "乙", "formula": "丙"}, {"name": "丙", "formula": "甲+1"}]
    with pytest.raises(SchemeError, match=r"派生指标循环引用：(甲→乙→丙→甲|乙→丙→甲→乙|丙→甲→乙→丙)"):
        load_scheme(scheme_data(derived=derived))


def test_a_thousand_derived_metrics_in_a_row_are_no_trouble() -> None:
    derived = [{"name": f"第{number}步", "formula": f"第{number + 1}步+1"} for number in range(1000)]
    derived.append({"name": "第1000步", "formula": "签约额"})
    results = scored(scheme_data("第0步", derived=derived), unit_data("甲镇", {"签约额": 1}))
    assert results.units[0].total == 1001


def test_indicators_of_different_groups_may_share_a_label() -> None:
    shared = [{**INDICATOR, "groups": ["甲类"]}, {**INDICATOR, "points": 20, "groups": ["乙类"], "formula": "满分"}]
    scheme = load_scheme({**scheme_data(), "indicators": shared})
    assert [indicator.points for indicator in scheme.indicators_for("乙类")] == [20]


def test_defaults_stand_where_a_scheme_is_silent() -> None:
    scheme = load_scheme(scheme_data(rounding={"indicator": 1}))
    assert (scheme.engine, scheme.missing_target, scheme.ranking.within) == (1, "redistribute", "all")
    assert (scheme.rounding.indicator, scheme.rounding.total, scheme.rounding.mode) == (1, 2, "half_up")
    assert (scheme.floor, scheme.pass_mark, scheme.bonus_cap) == (None, None, None)


def test_a_scheme_names_what_it_reads() -> None:
    scheme = load_scheme(
        scheme_data(
            "签约额/时序目标(签约额)+组内最大(到位率)",
            derived=[{"name": "到位率", "formula": "到位资金/上年同期(到位资金)"}],
            ranking={"tie_break": ["税收"]},
        )
    )
    assert scheme.names == {"签约额", "到位率", "到位资金", "税收"}
    assert scheme.functions == {"时序目标", "组内最大", "上年同期"}


def test_a_database_column_of_floats_is_read_as_it_was_typed() -> None:
    scheme = load_scheme({**scheme_data(), "indicators": [{**INDICATOR, "points": 0.1}]})
    assert scheme.indicators[0].points == Decimal("0.1")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"period": None}, "缺少“period”"),
        ({"period": "2024Q5"}, "“period”应当写成2024-05、2024Q1、2024H1或2024"),
        ({"period": "2024-13"}, "“period”应当写成2024-05、2024Q1、2024H1或2024"),
        ({"period": "２０２４"}, "“period”应当写成2024-05、2024Q1、2024H1或2024"),
        ({"period": 2024}, "“period”应当是文字"),
        ({"months_elapsed": 0}, "“months_elapsed”应当是1到12的整数"),
        ({"months_elapsed": 13}, "“months_elapsed”应当是1到12的整数"),
        ({"months_covered": Decimal("1.5")}, "“months_covered”应当是1到12的整数"),
        ({"prorate": {"签约额": "half"}}, "“prorate”：“签约额”应当是even、ceil、none之一"),
        ({"prorate": []}, "“prorate”：应当是一组“名称：值”"),
        ({"units": None}, "缺少“units”，至少要有一个单位"),
        ({"units": "甲镇"}, "“units”应当是列表"),
        ({"units": [unit_data("甲镇"), unit_data("甲镇")]}, "单位“甲镇”重复"),
        ({"units": [{"actual": {}}]}, "单位第1项：缺少“name”"),
        ({"units": [{"name": ""}]}, "单位“”：“name”应当是文字"),
        ({"units": [unit_data("甲镇", group=1)]}, "单位“甲镇”：“group”应当是文字"),
        ({"units": [unit_data("甲镇", targets={})]}, "单位“甲镇”：不认识“targets”，相近的有：target"),
        ({"units": [unit_data("甲镇", {"签约额": True})]}, "单位“甲镇”，“actual”：“签约额”应当是数"),
        ({"units": [unit_data("甲镇", {"签约额": "1,000"})]}, "单位“甲镇”，“actual”：“签约额”应当是数"),
        ({"units": [unit_data("甲镇", {"签约额": "NaN"})]}, "单位“甲镇”，“actual”：“签约额”应当是数"),
        ({"units": [unit_data("甲镇", {"签约额": "１２"})]}, "单位“甲镇”，“actual”：“签约额”应当是数"),
        ({"units": [unit_data("甲镇", {"签约额": {}})]}, "单位“甲镇”，“actual”：“签约额”应当是数"),
        ({"units": [unit_data("甲镇", {"签约额": "0.1234567891"})]}, "单位“甲镇”，“actual”：“签约额”最多9位小数"),
        ({"units": [unit_data("甲镇", {"签约额": Decimal("1e400")})]}, "单位“甲镇”，“actual”：“签约额”的数过大"),
        ({"units": [unit_data("甲镇", {"评分": [1, "好"]})]}, "单位“甲镇”，“actual”：“评分”的第2个数应当是数"),
        ({"units": [unit_data("甲镇", {"评分": [1, None]})]}, "单位“甲镇”，“actual”：“评分”的第2个数应当是数"),
        ({"units": [unit_data("甲镇", target={"签约额": [1]})]}, "单位“甲镇”，“target”：“签约额”应当是数"),
        ({"units": [unit_data("甲镇", plan=[])]}, "单位“甲镇”，“plan”：应当是一组“名称：值”"),
    ],
)
def test_inputs_that_break_a_rule_are_refused(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        load_inputs({**input_data(unit_data("甲镇")), **change})
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("period", "months"), [("2024-05", 5), ("2024Q1", 3), ("2024Q4", 12), ("2024H1", 6), ("2024H2", 12), ("2024", 12)]
)
def test_months_follow_from_the_period_where_they_are_not_given(period: str, months: int) -> None:
    inputs = load_inputs({"period": period, "units": [unit_data("甲镇")]})
    assert (inputs.months_elapsed, inputs.months_covered) == (months, months)


def test_months_covered_follow_months_elapsed() -> None:
    inputs = load_inputs(input_data(unit_data("甲镇"), months_elapsed=2))
    assert inputs.months_covered == 2


@pytest.mark.parametrize(
    ("rules", "actual", "sentence"),
    [
        ({"ranking": {"tie_break": ["签约"]}}, {}, "“tie_break”：没有名为“签约”的指标数据，相近的有：签约额"),
        ({"bonuses": [{"name": "好", "formula": "满分"}]}, {}, "加分“好”：没有名为“满分”的指标数据"),
        ({"vetoes": [{"name": "虚", "when": "名次>1", "effect": "zero"}]}, {}, "否决“虚”：没有名为“名次”的指标数据"),
        ({"lists": [{"name": "榜", "when": "组内最大(总分)>1"}]}, {}, "榜单“榜”：没有名为“总分”的指标数据"),
        (
            {"promotions": [{"when": "得分>1", "tiers": 1}]},
            {},
            "晋档“得分>1”：没有名为“得分”的指标数据，相近的有：总分",
        ),
        ({"derived": [{"name": "率", "formula": "1"}]}, {"率": 1}, "派生指标“率”与指标数据重名"),
        ({"period": "year"}, {}, "方案按年度考核，数据的期间却是“2024Q1”"),
    ],
)
def test_a_scheme_that_does_not_fit_the_inputs_is_refused(
    rules: dict[str, Any], actual: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(FileError) as caught:
        scored({**scheme_data(), **rules}, unit_data("甲镇", {"签约额": 1, **actual}))
    assert str(caught.value) == sentence


def test_a_name_is_known_from_any_part_of_any_township() -> None:
    scheme = scheme_data("IF(1, 1, 甲)+IF(1, 0, 乙)+IF(1, 0, 丙)+IF(1, 0, 丁)+IF(1, 0, 戊)")
    other = unit_data(
        "乙镇", {"甲": None}, target={"乙": 1}, plan={"丙": 1}, last_year={"丁": 1}, last_period={"戊": 1}
    )
    assert scored(scheme, unit_data("甲镇"), other).errors == ()


WRONG = [
    None,
    True,
    [],
    {},
    "",
    "x",
    -1,
    Decimal("1e17"),
    Decimal("1e999"),
    1.5,
    float("nan"),
    [[1]],
    {"a": 1},
    "9" * 400,
]


def test_no_wrong_type_anywhere_gets_past_the_sentences() -> None:
    scheme = scheme_data(
        "签约额/目标(签约额)",
        derived=[{"name": "率", "formula": "签约额/2"}],
        bonuses=[{"name": "好", "formula": "率", "cap": 3}],
        bonus_cap=5,
        vetoes=[{"name": "虚", "when": "签约额>9", "effect": "zero"}],
        rounding={"indicator": 2, "total": 2, "mode": "down"},
        ranking={"within": "group", "tie_break": ["率"]},
        awards=[{"tier": "一等奖", "ranks": [1, 2], "minimum": 1, "amount": 5, "pass_down": True}],
        promotions=[{"when": "总分>1", "tiers": 1}],
        lists=[{"name": "榜", "when": "名次=1"}],
    )
    inputs = input_data(
        unit_data("甲镇", {"签约额": 1, "评分": [1]}, target={"签约额": 2}, group="一"), prorate={"签约额": "even"}
    )
    assert totals(score(load_scheme(scheme), load_inputs(inputs))) == {
        "甲镇": ("1.00", 1)
    }  # 1 of 2, and as much again as bonus
    for place in _places(scheme):
        for wrong in WRONG:
            _score_or_sentence(_with(scheme, place, wrong), inputs)
    for place in _places(inputs):
        for wrong in WRONG:
            _score_or_sentence(scheme, _with(inputs, place, wrong))


def _score_or_sentence(scheme: Any, inputs: Any) -> None:
    sentence = "照算"
    try:
        score(load_scheme(scheme), load_inputs(inputs)).as_json()
    except FileError as error:
        sentence = str(error)
    assert CHINESE.search(sentence), sentence


def _places(data: Any, place: tuple[Any, ...] = ()):
    yield place
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in inner:
        yield from _places(value, (*place, key))


def _with(data: Any, place: tuple[Any, ...], value: Any) -> Any:
    if not place:
        return value
    changed = copy.copy(data)
    changed[place[0]] = _with(data[place[0]], place[1:], value)
    return changed
