"""A small contest: two townships, one in each group, with a scheme, targets and verified money."""

from datetime import date
from decimal import Decimal

from core.dates import DateSpan
from reporting.services import add_scheme
from reporting.targeting.services import set_targets
from tests import factories as make

SCHEME = {
    "name": "季度擂台",
    "year": 2024,
    "period": "quarter",
    "derived": [{"name": "户均资金", "formula": "IF(新签约项目数=0, 0, 本年累计到位资金/新签约项目数)"}],
    "indicators": [
        {
            "name": "到位资金",
            "family": "招商引资",
            "points": 60,
            "formula": "MIN(本年累计到位资金/时序目标(本年累计到位资金), 1)*满分",
        },
        {"name": "户均", "family": "项目建设", "points": 40, "formula": "MIN(户均资金/1000, 1)*满分"},
    ],
    "bonuses": [{"name": "签约", "formula": "新签约项目数", "cap": 2}],
    "deductions": [{"name": "基础扣分", "formula": "1"}],
    "rounding": {"indicator": 2},
    "ranking": {"within": "group", "tie_break": ["本年累计到位资金"]},
    "pass_mark": 60,
}


def hold_contest(county, metrics, groups, targets):
    fund = metrics["本年累计到位资金"]
    given = {(fund, unit): Decimal(target) for unit, target in zip(groups, targets, strict=True)}
    with make.writing_as(county) as writing:
        scheme = add_scheme(writing, body=SCHEME, participants=groups.items(), document="县委办〔2024〕1号")
        set_targets(writing, year=2024, given=given, document="县委办〔2024〕2号")
    for unit, amount in zip(groups, ["4500", "810.5", "30", "40"], strict=False):
        project = make.new_project(unit, signed=DateSpan.day(date(2024, 5, 1)))
        make.judge(make.signing_of(project))
        make.judge(make.new_arrival(project, amount, date(2024, 5, 1)))
    return scheme
