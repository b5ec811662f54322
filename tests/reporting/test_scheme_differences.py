"""What changed between two versions, as sentences."""

from copy import deepcopy

import pytest

from reporting.scheme_editing.differences import differences
from reporting.scoring.scheme import load_scheme

SCHEME = {
    "name": "擂台",
    "year": 2024,
    "period": "quarter",
    "derived": [{"name": "到位率", "formula": "到位资金/目标(到位资金)"}],
    "indicators": [
        {"name": "签约额", "family": "招商引资", "points": 15, "formula": "MIN(签约额, 满分)"},
        {"name": "到位资金", "family": "项目建设", "points": 25, "formula": "到位率*满分", "groups": ["中心镇"]},
    ],
    "bonuses": [{"name": "推介会", "formula": "3*推介会场次", "cap": 6}],
    "vetoes": [{"name": "造假", "when": "造假数>0", "effect": "no_award"}],
    "awards": [{"tier": "一等奖", "ranks": [1, 1], "amount": 50}],
    "promotions": [{"when": "亿元项目数>=3", "tiers": 1}],
    "pass_mark": 60,
}


def changed(**values):
    return {**deepcopy(SCHEME), **values}


def indicators(*rows):
    return {"indicators": list(rows)}


SIGNED, ARRIVED = SCHEME["indicators"]


@pytest.mark.parametrize(
    ("after", "said"),
    [
        ({}, ()),
        (indicators({**SIGNED, "points": 20}, ARRIVED), ("“签约额”满分由15分改为20分。",)),
        (indicators({**SIGNED, "points": "15.50"}, ARRIVED), ("“签约额”满分由15分改为15.5分。",)),
        (indicators(SIGNED), ("取消指标“到位资金”。",)),
        (indicators({**SIGNED, "name": "合同额"}, ARRIVED), ("指标“签约额”改名为“合同额”。",)),
        (indicators(ARRIVED, SIGNED), ("调整指标的排列次序：到位资金、签约额。",)),
        (indicators(SIGNED, {**ARRIVED, "groups": None}), ("“到位资金”适用由中心镇改为全部单位。",)),
        (
            indicators(SIGNED, ARRIVED, {"name": "开工", "points": 10, "formula": "开工数"}),
            ("新增指标“开工”（10分，适用全部单位，算式“开工数”）。",),
        ),
        ({"pass_mark": 65}, ("合格线由60分改为65分。",)),
        ({"pass_mark": None, "floor": 0}, ("总分底线由不设改为0分。", "合格线由60分改为不设。")),
        ({"bonuses": [{"name": "推介会", "formula": "3*推介会场次"}]}, ("加分“推介会”上限由6分改为不设。",)),
        (
            {"derived": [{"name": "到位率", "formula": "到位资金"}]},
            ("派生指标“到位率”算式由“到位资金/目标(到位资金)”改为“到位资金”。",),
        ),
        (
            {"vetoes": [{"name": "造假", "when": "造假数>0", "effect": "zero"}]},
            ("一票否决“造假”后果由不评奖改为总分记零。",),
        ),
        (
            {"awards": [{"tier": "一等奖", "ranks": [1, 2], "amount": 40, "pass_down": True}]},
            (
                "奖项“一等奖”名次由第1名改为第1至第2名。",
                "奖项“一等奖”奖励由50万元改为40万元。",
                "奖项“一等奖”空缺由不递补改为依次递补。",
            ),
        ),
        (
            {"promotions": [{"when": "亿元项目数>=2", "tiers": 1}]},
            ("取消晋档：“亿元项目数>=3”成立时动1档。", "新增晋档：“亿元项目数>=2”成立时动1档。"),
        ),
        ({"ranking": {"within": "group"}}, ("排名范围由全部单位一起排改为各组分别排。",)),
        ({"rounding": {"indicator": 2, "total": 1}}, ("各项得分小数位由不取舍改为2位。", "总分小数位由2位改为1位。")),
        ({"name": "大擂台", "year": 2025}, ("名称由擂台改为大擂台。", "年度由2024年改为2025年。")),
    ],
)
def test_a_change_is_a_sentence(after, said):
    assert differences(load_scheme(SCHEME), load_scheme(changed(**after))) == said


def test_indicators_that_share_a_label_are_told_apart():
    twice = indicators(ARRIVED, {**ARRIVED, "groups": ["特色镇"], "points": 10})
    more = indicators(ARRIVED, {**ARRIVED, "groups": ["特色镇"], "points": 12})
    said = differences(load_scheme(changed(**twice)), load_scheme(changed(**more)))
    assert said == ("“到位资金”满分由10分改为12分。",)
