"""The shipped 示例方案: each loads, is marked as not official, and reckons as worked by hand here."""

import pytest

from reporting.scheme_editing.examples import EXAMPLES, FOLDER, example_body
from reporting.scheme_editing.filing import file_text, kept
from reporting.scoring.engine import score
from reporting.scoring.exact_json import read_json
from reporting.scoring.inputs import load_inputs
from reporting.scoring.scheme import load_scheme


def results(key, units, period=None):
    rules = load_scheme(example_body(key))
    inputs = {"period": period or ("2024Q1" if rules.period == "quarter" else "2024"), "units": units}
    found = score(rules, load_inputs(inputs)).as_json()
    assert found["errors"] == []
    return {result["unit"]: result for result in found["results"]}


def unit(name, group=None, actual=None, target=None, plan=None):
    return {"name": name, "group": group, "actual": actual or {}, "target": target or {}, "plan": plan or {}}


def test_all_files_in_the_folder_are_offered():
    assert {f"{example.key}.json" for example in EXAMPLES} == {path.name for path in FOLDER.iterdir()}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.key)
def test_an_example_is_marked_and_survives_a_round_trip(example):
    body = example_body(example.key)
    assert body["name"].endswith("（非官方）")
    rules = load_scheme(body)
    assert load_scheme(kept(body)) == rules
    assert load_scheme(read_json(file_text(rules).encode())) == rules


# -- A: 七指标百分制 ---------------------------------------------------------------------------------

SEVEN = {
    "新签约金额": 6000,
    "新开工项目数": 1,
    "本年累计到位资金": 2000,
    "固定资产投资": 500,
    "新入库四上企业数": 1,
    "服务报送评分": [90, 80, 70],
    "新投产项目数": 0,
    "招引企业数": 2,
    "亿元以上新签约项目数": 0,
    "拟申报四上企业数": 0,
}
SEVEN_PLAN = {
    "新签约金额": 8000,
    "新开工项目数": 2,
    "本年累计到位资金": 2000,
    "固定资产投资": 1000,
    "新入库四上企业数": 1,
    "新投产项目数": 1,
    "招引企业数": 2,
}


def seven(name, group, **figures):
    return unit(name, group, {**SEVEN, **figures}, SEVEN_PLAN, SEVEN_PLAN)


def test_a_seven_indicators_and_what_each_group_chose():
    """11.25 + 7.5 + 25 + 5 + 20 + 8 = 76.75; the group's own: 0 of 1 put into production, 2 of 2 enterprises."""
    found = results("a-seven", [seven("甲镇", "中心镇"), seven("乙镇", "特色镇")])
    assert (found["甲镇"]["total"], found["乙镇"]["total"]) == ("76.75", "81.75")


def test_a_bonuses_are_capped_each_and_together():
    """到位资金 150 % of what is due: 5 steps, 5 points; 4 亿元 projects: 8, capped at 6; 8 拟申报: 4, capped at 3."""
    much = {"本年累计到位资金": 3000, "亿元以上新签约项目数": 4, "拟申报四上企业数": 8}
    found = results("a-seven", [seven("甲镇", "中心镇", **much)])["甲镇"]
    assert [bonus["points"] for bonus in found["bonuses"]] == ["6.00", "5.00", "3.00"]
    assert (found["bonus"], found["total"]) == ("10.00", "86.75")


# -- B: 时序进度季度, the two worked examples of a published quarterly method -------------------------


def taskforce(name, projects, funds, led, parks, towns, team, bonus):
    due = {"亿元以上新签约项目数": projects[1], "本年累计到位资金": funds[1]}
    keys = ("县领导走访次数", "推介会场次", "有效信息条数", "大项目加分")
    actual = {
        "亿元以上新签约项目数": projects[0],
        "本年累计到位资金": funds[0],
        "主导产业新签约项目数": led[0],
        "新签约项目数": led[1],
        "园区评分": parks,
        "乡镇评分": towns,
        "工作队评分": team,
        **dict(zip(keys, bonus, strict=True)),
    }
    return unit(name, None, actual, due, due)


def test_b_below_the_target():
    """22.5 + 18 + 13.3333 + 12.4 + 13, bonus 3 + 3 + 1."""
    row = taskforce("甲", (3, 4), ("5.4", "6.0"), (2, 3), [13], [11], [12, 14, 13], (7, 1, 2, 0))
    assert results("b-pace", [row])["甲"]["total"] == "86.23"


def test_b_beyond_the_target():
    """30 + 20 + 20 + 14.3 + 15, bonus 1 + 4 + 4."""
    row = taskforce("乙", (7, 5), (8, 8), (7, 7), [14], [15], [15], (2, 0, 0, 4))
    assert results("b-pace", [row])["乙"]["total"] == "108.30"


# -- C: 功效系数 -------------------------------------------------------------------------------------


def compared(name, money, target, *rest):
    keys = ("新签约金额", "亿元以上新签约项目数", "新开工项目数", "新入库四上企业数")
    actual = {"本年累计到位资金": money, **dict(zip(keys, rest, strict=True))}
    return unit(name, None, actual, {"本年累计到位资金": target})


THREE = [
    compared("甲", 1000, 1000, 50, 1, 4, 2),
    compared("乙", 500, 1000, 100, 1, 2, 2),
    compared("丙", 0, 1000, 0, 1, 0, 2),
]


def test_c_the_middle_one_gets_its_part_of_the_difference():
    """乙: funds 60 % + 40 % × 1/2 = 80 % of 15, twice; signing 25; 亿元 all equal 15; starts 80 % of 15; 入库 15."""
    found = results("c-efficacy", THREE)
    assert [item["points"] for item in found["乙"]["indicators"]] == [
        "12.00",
        "12.00",
        "25.00",
        "15.00",
        "12.00",
        "15.00",
    ]
    assert found["乙"]["total"] == "91.00"


def test_c_the_worst_gets_six_tenths_and_the_best_all():
    """丙: 60 % of 15 + 15 + 25 + 15, and 30 where all are equal; 甲: all but 80 % of 25 for signing."""
    found = results("c-efficacy", THREE)
    assert (found["丙"]["total"], found["甲"]["total"]) == ("72.00", "95.00")


# -- D: 目标加减分 -----------------------------------------------------------------------------------


def stepped(name, money, more=0):
    actual = {"本年累计到位资金": money, "亿元以上新签约项目数": more, "新投产项目数": more, "新入库四上企业数": more}
    return unit(name, None, actual, {"本年累计到位资金": 100})


def test_d_each_whole_step_over_or_under_counts():
    """126 %: two steps of 0.2; 83 %: one."""
    found = results("d-steps", [stepped("甲", 126), stepped("乙", 83)])
    assert (found["甲"]["total"], found["乙"]["total"]) == ("100.40", "99.80")


def test_d_bonuses_are_at_most_ten():
    """6 + 4 + 4 = 14, at most 10, on 100 for the exact target."""
    assert results("d-steps", [stepped("甲", 100, more=5)])["甲"]["total"] == "110.00"


# -- E: 擂台积分 -------------------------------------------------------------------------------------


def arena(name, *counts):
    keys = (
        "新签约项目数",
        "亿元以上新签约项目数",
        "新开工项目数",
        "新投产项目数",
        "新入库四上企业数",
        "拟申报四上企业数",
    )
    figures = dict(zip(keys, counts, strict=True))
    return unit(name, None, {**figures, "到位资金": counts[2] * 100, "本年累计到位资金": counts[2] * 100})


def test_e_more_is_more():
    """甲: 12 × 3 + 2 × 5 + 3 × 4 + 1 × 5 + 2 × 3 = 69, bonus 1 + 2 (five 拟申报 give 2.5, at most 2)."""
    found = results("e-arena", [arena("甲", 12, 2, 3, 1, 2, 5), arena("乙", 1, 0, 0, 0, 0, 1)])
    assert (found["甲"]["total"], found["乙"]["total"]) == ("72.0", "3.5")
    assert (found["甲"]["lists"], found["乙"]["lists"]) == (["擂主"], [])


def test_e_equals_are_parted_by_big_projects_and_nobody_wins_with_nothing():
    """Five signings and three 亿元 projects both give 15."""
    found = results(
        "e-arena", [arena("丙", 5, 0, 0, 0, 0, 0), arena("丁", 0, 3, 0, 0, 0, 0), arena("戊", 0, 0, 0, 0, 0, 0)]
    )
    assert [(name, row["rank"], row["total"]) for name, row in found.items()] == [
        ("丁", 1, "15.0"),
        ("丙", 2, "15.0"),
        ("戊", 3, "0.0"),
    ]
    assert results("e-arena", [arena("戊", 0, 0, 0, 0, 0, 0)])["戊"]["lists"] == []
