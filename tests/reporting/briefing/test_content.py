"""A ranking told in prose: ties, vetoes, missing data, lists and awards, each where the scheme has them."""

from dataclasses import replace
from datetime import date

import pytest

from core.periods import Period
from reporting.briefing.content import Issue, briefing
from reporting.briefing.tree import Hint
from reporting.models import Participant, Scheme
from reporting.ranking import Draft
from reporting.scoring.engine import score
from tests.reporting.scoring_files import RICH, sample
from townships.models import Unit

ISSUE = Issue("演示县", date(2024, 7, 5), date(2024, 7, 19), 1, "领导小组第2次会议")


def draft_of(rules, inputs):
    """No metric and no row stands behind it."""
    units = [Unit(code=f"DW{number}", name=unit.name) for number, unit in enumerate(inputs.units)]
    groups = [unit.group or "" for unit in inputs.units]
    return Draft(
        scheme=Scheme(code="FA1", name=rules.name, year=rules.year, period=rules.period, document="县委办〔2024〕1号"),
        rules=rules,
        period=Period.parse(inputs.period),
        inputs=inputs,
        results=score(rules, inputs),
        participants=tuple(Participant(unit=u, group=g) for u, g in zip(units, groups, strict=True)),
        metrics={},
        broken={},
        publication="FB1",
    )


@pytest.fixture(scope="module")
def rich():
    return briefing(draft_of(*sample(RICH)), ISSUE)


def prose(written, heading):
    section = next(section for section in written.sections if section.heading == heading)
    return [getattr(part, "lead", "") + part.text for part in section.parts]


def test_the_opening_names_ground_day_and_meeting(rich):
    assert rich.opening[0].text == (
        f"根据《{sample(RICH)[0].name}》（县委办〔2024〕1号），现将2024年二季度乡镇擂台情况通报如下。"
        "数据截至2024年6月30日，经领导小组第2次会议审定，2024年7月19日发布第1版。文中数据为部门台账口径，不是统计数据。"
    )


def test_a_correction_says_why():
    second = briefing(draft_of(*sample(RICH)), replace(ISSUE, version=2, correction="数据更正。"))
    assert second.opening[0].text.endswith("发布第2版。文中数据为部门台账口径，不是统计数据。更正说明：数据更正。")


def test_whoever_has_no_total_neither_passed_nor_failed(rich):
    assert prose(rich, "总体情况")[-1].endswith("没有达到的1个（己镇），没有总分的4个（辛镇、壬镇、癸镇、子镇）。")


def test_equals_and_unranked_units(rich):
    first, second, _ = prose(rich, "排名情况")
    assert first == (
        "中心镇。第1名丁镇，102.23分；第2名甲镇，67.90分；不排名的有庚镇，88.20分；不排名的有癸镇，数据不全，没有总分。"
    )
    assert second.startswith("特色镇。并列第1名乙镇，109.56分；并列第1名=丑镇，109.56分；第3名戊镇，78.97分")


def test_a_veto_stands_with_the_unit(rich):
    assert prose(rich, "各乡镇情况")[1].startswith("甲镇。总分67.90分，列中心镇第2名，一票否决：信访。")


def test_lists_are_those_of_the_scheme(rich):
    lists = prose(rich, "榜单情况")
    assert [line.split("。条件")[0] for line in lists] == [
        "黑榜。3个单位，甲镇、戊镇、己镇",
        "红榜。4个单位，乙镇、丙镇、丁镇、=丑镇",
    ]
    without = replace(sample(RICH)[0], lists=(), awards=())
    headings = [s.heading for s in briefing(draft_of(without, sample(RICH)[1]), ISSUE).sections]
    assert headings == ["总体情况", "排名情况", "各乡镇情况", "存在问题", "下步打算"]


def test_awards_add_up(rich):
    assert prose(rich, "奖励情况") == [
        "一等奖。2个单位，丁镇（50万元）、丙镇（50万元）。",
        "二等奖。2个单位，乙镇（30.5万元）、=丑镇（30.5万元）。",
        "三等奖。没有单位。",
        "共4个单位获奖，奖金合计161万元，奖给单位，不发给个人。",
    ]


def test_problems_are_facts_and_the_rest_is_the_writers(rich):
    told = prose(rich, "存在问题")
    assert "壬镇：签约增速，缺少数据：上年同期(签约额)。" in told
    assert "丁镇没有到位资金的目标，这一项按无任务处理。" in told
    assert "总分没有达到合格线的1个：己镇（0.00分）。" in told
    assert [type(part) for part in rich.sections[-1].parts] == [Hint]


def test_a_draft_names_no_day_of_its_own():
    draft = briefing(draft_of(*sample(RICH)), Issue("演示县", date(2024, 7, 5)))
    assert (draft.mark, draft.title_note, draft.signed_on) == ("草稿", "（草稿）", None)
    assert "按2024年7月5日的台账计算，没有经过审定" in draft.opening[0].text
