"""Each sentence at its boundaries: no base, less than nothing, no target, a group of one, equals."""

from decimal import Decimal

import pytest

from reporting.briefing import sentences as say
from reporting.briefing.sentences import Reached, Scored

D = Decimal


def funds(actual, target=None, due=None, before=None, **more):
    held = {name: None if value is None else D(value) for name, value in (("target", target), ("due", due))}
    known = {"actual": None if actual is None else D(actual), "before": None if before is None else D(before)}
    return Reached("到位资金", "万元", **known, **held, **more)


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        ("110", "100", "同比增长10.0%"),
        ("95", "100", "同比下降5.0%"),
        ("0", "100", "同比下降100.0%"),
        ("-50", "100", "同比下降150.0%"),
        ("100", "100", "与上年同期持平"),
        ("0", "0", "与上年同期持平"),
        ("100.01", "100", "与上年同期基本持平"),
        ("100.05", "100", "同比增长0.1%"),
        ("99.95", "100", "同比下降0.1%"),
        ("5", "0", "上年同期基数为零，不作比较"),
        ("5", "-1", "上年同期基数为负，不作比较"),
        ("5", None, ""),
        (None, "5", ""),
    ],
)
def test_growth(now, before, words):
    assert say.grown(now and D(now), before and D(before)) == words


@pytest.mark.parametrize(
    ("number", "unit", "words"),
    [
        ("9999.99", "万元", "9,999.99万元"),
        ("10000", "万元", "1.00亿元"),
        ("-12000", "万元", "−1.20亿元"),
        ("0", "万元", "0.00万元"),
        ("1234", "个", "1,234个"),
        ("2.30", "个", "2.3个"),
        ("-3", "户", "−3户"),
    ],
)
def test_amounts(number, unit, words):
    assert say.amount(D(number), unit) == words


@pytest.mark.parametrize(
    ("reached", "words"),
    [
        (funds("4500"), "到位资金4,500.00万元"),
        (funds(None, "6000", "3000"), "到位资金暂缺数据"),
        (funds("4500", "6000", "3000"), "到位资金4,500.00万元，完成年度目标的75.0%，超时序25.0个百分点"),
        (funds("1500", "6000", "3000"), "到位资金1,500.00万元，完成年度目标的25.0%，欠时序25.0个百分点"),
        (funds("3000", "6000", "3000"), "到位资金3,000.00万元，完成年度目标的50.0%，与时序持平"),
        (funds("-300", "6000", "3000"), "到位资金−300.00万元，完成年度目标的−5.0%，欠时序55.0个百分点"),
        (funds("4500", "6000"), "到位资金4,500.00万元，完成年度目标的75.0%"),
        (funds("4500", "0", "0"), "到位资金4,500.00万元，年度目标为零，不计算完成率"),
        (funds("6300", "6000", "6000", year_over=True), "到位资金6,300.00万元，完成年度目标的105.0%"),
        (funds("900", "6000", "1500", own_period="本季度"), "到位资金900.00万元，完成本季度时序目标的60.0%"),
        (funds("900", "6000", own_period="本季度"), "到位资金900.00万元，完成年度目标的15.0%"),
        (funds("4500", before="4000"), "到位资金4,500.00万元，同比增长12.5%"),
        (
            Reached("入库企业", "户", D(1), D(8), D(4), whole=True),
            "入库企业1户，完成年度目标的12.5%，欠时序3户",
        ),
        (Reached("入库企业", "户", D(4), D(8), D(4), whole=True), "入库企业4户，完成年度目标的50.0%，与时序持平"),
    ],
)
def test_a_figure_against_its_target(reached, words):
    assert say.figure(reached) == words


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"rank": 1}, "列第1名"),
        ({"rank": 2, "tied": True}, "列并列第2名"),
        ({"rank": 2, "tied": True, "group": "中心镇"}, "列中心镇并列第2名"),
        ({"rank": 1, "group": "特色镇", "entrants": 1}, "列特色镇第1名（仅1个单位）"),
        ({"rank": None}, "不排名"),
    ],
)
def test_a_place(given, words):
    assert say.placed(**given) == words


@pytest.mark.parametrize(
    ("rank", "before", "words"),
    [
        (1, 3, "名次比上季度上升2位"),
        (3, 1, "名次比上季度下降2位"),
        (2, 2, "名次与上季度持平"),
        (1, None, ""),
        (None, 1, ""),
    ],
)
def test_a_move(rank, before, words):
    assert say.moved(rank, before, "上季度") == words


def scored(name, score, full, *figures):
    return Scored(name, D(score), D(full), figures)


@pytest.mark.parametrize(
    ("given", "best", "worst"),
    [
        ([], "", ""),
        ([scored("甲", "0", "10")], "", "失分最多的是甲，满分10分失10分"),
        ([scored("甲", "10", "10"), scored("乙", "5", "5")], "各项指标均得满分", ""),
        ([scored("甲", "10", "10")], "得分率最高的是甲，满分10分得10分", ""),
        (
            [scored("甲", "9", "10"), scored("乙", "4", "5"), scored("丙", "19", "20")],
            "得分率最高的是丙，满分20分得19分",
            "失分最多的是甲、乙、丙，各失1分",
        ),
        (
            [scored("甲", "12", "10"), scored("乙", "4.25", "5", funds("900", "6000"))],
            "得分率最高的是甲，满分10分得12分",
            "失分最多的是乙，满分5分失0.75分（到位资金900.00万元，完成年度目标的15.0%）",
        ),
    ],
)
def test_best_and_weakest(given, best, worst):
    assert (say.strongest(given), say.weakest(given)) == (best, worst)


def test_who_is_ahead_and_who_behind():
    units = [
        ("甲镇", funds("3600", "6000", "3000")),
        ("乙镇", funds("3001", "6000", "3000")),
        ("丙镇", funds("3000", "6000", "3000")),
        ("丁镇", funds("600", "6000", "3000")),
        ("戊镇", funds("600")),
        ("己镇", funds(None, "6000", "3000")),
        ("庚镇", funds("600", "0", "0")),
    ]
    assert say.standing(units) == (
        "超时序的2个：甲镇（超10.0个百分点）、乙镇（超不足0.1个百分点）；与时序持平的1个：丙镇；"
        "欠进度的1个：丁镇（欠40.0个百分点）；没有下达目标的1个：戊镇；目标为零的1个：庚镇；暂缺数据的1个：己镇"
    )


def test_a_year_that_is_over_asks_what_was_reached():
    over = {"year_over": True}
    units = [(name, funds(actual, "600", "600", **over)) for name, actual in (("甲镇", 700), ("乙镇", 600))]
    assert say.standing([*units, ("丙镇", funds(1, "600", "600", **over))]) == (
        "超额完成的1个：甲镇（超100.00万元）；刚好完成的1个：乙镇；没有完成的1个：丙镇（欠599.00万元）"
    )


def test_a_period_of_its_own_is_ahead_by_an_amount():
    assert say.gap(funds("900", "6000", "1500", own_period="本季度")) == "欠600.00万元"
