"""The pages of 擂台排名: one sentence, rows, formulas and lines, the same for everyone who may look."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.dates import DateSpan
from projects.models import Arrival
from projects.models.projects import ShareRole
from projects.services import set_shares
from reporting.models import Metric
from reporting.services import add_scheme
from reporting.targeting.services import set_targets
from tests import factories as make
from tests.reporting.contest import SCHEME, hold_contest

BUSINESS = ["county", "county2", "township", "township2", "department", "leader", "inspector"]
NOT_BUSINESS = ["admin", "auditor", "security"]
PERIOD = "2024Q2"
RANKING = f"/reports/ranking/{PERIOD}/"


def page(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def addresses(unit, metric, scheme):
    return [
        RANKING,
        f"{RANKING}{unit.code}/",
        f"/reports/metrics/{metric.code}/{PERIOD}/{unit.code}/",
        "/reports/metrics/",
        f"/reports/schemes/{scheme.code}/",
        "/reports/targets/2024/",
        "/reports/targets/2025/",
    ]


def test_every_business_role_sees_every_page(contest, seats, township, metrics, client_for):
    for name in BUSINESS:
        client = client_for(seats[name])
        for address in addresses(township, metrics["到位资金"], contest):
            page(client, address)


def test_whoever_is_not_business_sees_none(contest, seats, township, metrics, client_for):
    for name in NOT_BUSINESS:
        for address in addresses(township, metrics["到位资金"], contest):
            page(client_for(seats[name]), address, status=403)


def test_the_short_addresses_lead_to_the_latest(contest, office, client_for):
    client = client_for(office)
    assert client.get("/reports/ranking/").url == RANKING
    assert client.get("/reports/targets/").url == "/reports/targets/2024/"
    assert client.get("/reports/schemes/").url == f"/reports/schemes/{contest.code}/"


def test_a_county_without_a_scheme_is_told_so(county, office, client_for):
    for address in ("/reports/ranking/", "/reports/schemes/"):
        assert "本县还没有考核方案" in page(client_for(office), address)


@pytest.mark.parametrize("code", ["2024Q5", "2024q2", "abc", "2024-13", "1024Q1", "2024Q22", "2024"])
def test_no_such_period(contest, office, township, client_for, code):
    client = client_for(office)
    for address in (f"/reports/ranking/{code}/", f"/reports/ranking/{code}/{township.code}/"):
        page(client, address, status=404)


def test_a_unit_that_does_not_take_part_has_no_score(contest, county, office, client_for):
    page(client_for(office), f"{RANKING}{make.new_township(county).code}/", status=404)
    page(client_for(office), f"{RANKING}nobody/", status=404)


def test_nothing_of_another_county(contest, elsewhere, township, metrics, client_for):
    client = client_for(make.new_seat(elsewhere))
    page(client, RANKING, status=404)
    page(client, f"/reports/metrics/{metrics['到位资金'].code}/{PERIOD}/{township.code}/", status=404)
    page(client, f"/reports/schemes/{contest.code}/", status=404)


def test_the_answer_in_one_sentence(contest, office, client_for):
    """5310.5 of 10000 万元 are 53.105 %, half the year's pace is 50 %."""
    shown = page(client_for(office), RANKING)
    assert (
        "中心镇第1 芦溪镇，特色镇第1 塔山镇；"
        "2个单位本年累计到位资金5,310.50万元，完成年度目标的53.1%，超时序3.1个百分点。"
    ) in shown


def test_a_year_behind_its_pace_says_by_how_much(county, township, metrics, office, client_for):
    hold_contest(county, metrics, {township: ""}, ["100000"])
    assert "第1 芦溪镇；1个单位本年累计到位资金4,500.00万元，完成年度目标的4.5%，欠时序45.5个百分点。" in page(
        client_for(office), RANKING
    )


def test_a_quarter_without_figures_is_nothing_to_move_from(contest, office, client_for):
    shown = page(client_for(office), RANKING)
    assert '<span class="move-same">—</span>' in shown
    assert "→" not in shown


def test_a_quarter_with_figures_is_what_ranks_move_from(county, township, neighbour, metrics, office, client_for):
    hold_contest(county, metrics, {township: "", neighbour: ""}, ["40000", "400"])
    make.judge(make.new_arrival(make.new_project(township), "50", date(2024, 2, 1)))
    shown = page(client_for(office), RANKING)
    assert f"第1 {neighbour}（↑1）；" in shown
    assert '<span class="move-down">↓1</span>' in shown


def test_equals_share_a_rank(county, metrics, office, client_for):
    units = [make.new_township(county) for _ in range(2)]
    with make.writing_as(county) as writing:
        set_targets(writing, year=2024, given={(metrics["本年累计到位资金"], unit): Decimal(100) for unit in units})
        add_scheme(writing, body=SCHEME, participants=[(unit, "") for unit in units])
    shown = page(client_for(office), RANKING)
    assert f"并列第1 {units[0]}、{units[1]}；" in shown
    assert shown.count('<span class="tie">并列</span>') == 2


def test_a_score_shows_its_completion_and_the_way_to_its_formula(contest, office, township, client_for):
    shown = page(client_for(office), RANKING)
    assert f'<a href="{RANKING}{township.code}/#i1">60.00</a>' in shown
    assert '<small class="under">150.0%</small>' in shown  # 4500 of the half year's 3000


def test_a_target_that_is_missing_is_no_task(county, township, metrics, office, client_for):
    with make.writing_as(county) as writing:
        add_scheme(writing, body=SCHEME, participants=[(township, "")])
    shown = page(client_for(office), RANKING)
    assert "无任务：到位资金，其余指标得分之和×100÷40" in shown
    assert "完成年度目标" not in shown


def test_a_broken_metric_is_told_and_ranks_nobody(contest, office, county, metrics, client_for):
    Metric.objects.filter(pk=metrics["本年累计到位资金"].pk).update(conditions={"gone": ["1"]})
    shown = page(client_for(office), RANKING)
    assert "2个单位参评，尚无名次。" in shown
    assert "数据不全，以下单位暂不计总分" in shown
    assert "芦溪镇、塔山镇" in shown
    assert "计入条件已失效" in page(client_for(office), "/reports/metrics/")


def test_a_score_opens_into_formula_numbers_and_figures(contest, office, neighbour, client_for):
    shown = page(client_for(office), f"{RANKING}{neighbour.code}/")
    assert "总分56.74，特色镇1个单位中第1，得分率最低的是到位资金（40.5%）。" in shown
    assert "取小（本年累计到位资金 ÷ 时序目标（本年累计到位资金），1）× 满分" in shown
    assert "MIN(810.5 ÷ 2000, 1) × 60 = 24.315" in shown
    assert "户均资金：IF(1=0, 0, 810.5 ÷ 1) = 810.5" in shown
    assert "各项得分相加：24.32 + 32.42 = 56.74。" in shown
    assert "加分：+ 1.00。" in shown
    assert "扣分：− 1.00。" in shown
    assert "总分 56.74" in shown


ITEMS = [{"name": name, "family": "招商引资", "points": 20, "formula": "0"} for name in ("甲", "乙", "丙", "丁", "戊")]


@pytest.mark.parametrize(
    ("formulas", "words"),
    [
        (["0", "0", "0", "0", "0"], "各项指标都未得分"),
        (["满分", "满分", "满分", "满分", "满分"], "各项指标都得满分"),
        (["10", "10", "10", "10", "10"], "各项指标得分率都是50.0%"),
        (["0", "满分", "0", "满分", "满分"], "得分率最低的是甲、丙（0.0%）"),
        (["0", "满分", "0", "0", "0"], "4项指标得分率同为最低（0.0%）"),
        (["满分", "满分", "满分", "5", "满分"], "得分率最低的是丁（25.0%）"),
    ],
)
def test_where_points_were_lost_is_said_as_it_is(county, township, office, client_for, formulas, words):
    items = [{**item, "formula": formula} for item, formula in zip(ITEMS, formulas, strict=True)]
    body = {"name": "五项擂台", "year": 2024, "period": "quarter", "indicators": items}
    with make.writing_as(county) as writing:
        add_scheme(writing, body=body, participants=[(township, "")])
    assert f"1个单位中第1，{words}。" in page(client_for(office), f"{RANKING}{township.code}/")


def test_a_figure_opens_into_what_counts_and_what_does_not(contest, office, township, metrics, client_for):
    unsure = make.new_project(township, signed=DateSpan.year(2024))
    make.judge(make.signing_of(unsure))
    shown = page(client_for(office), figure_address(metrics["新签约项目数"], township))
    assert "芦溪镇2024年二季度新签约项目数1个，由1条记录构成；另有1条未计入，原因逐条列出。" in shown
    assert "日期只精确到年（2024年）" in shown
    assert f'href="/ledgers/projects/records/{unsure.code}/"' in shown


def test_the_lines_add_up_to_the_figure(contest, office, county, township, neighbour, metrics, client_for):
    shared = make.new_project(neighbour)
    with make.writing_as(county) as writing:
        shares = [(neighbour, ShareRole.LANDING, 6667), (township, ShareRole.REFERRAL, 3333)]
        set_shares(writing, project=shared, shares=shares)
    make.judge(make.new_arrival(shared, "100", date(2024, 6, 1)))
    shown = page(client_for(office), figure_address(metrics["到位资金"], township))
    assert '<td class="number">4,500.00</td>' in shown
    assert '<td class="number">33.33</td>' in shown
    assert '<td class="number">4,533.33</td>' in shown


def test_what_does_not_count_shows_what_was_claimed(contest, county, township, neighbour, metrics, office, client_for):
    shared = make.new_project(neighbour)
    with make.writing_as(county) as writing:
        shares = [(neighbour, ShareRole.LANDING, 6667), (township, ShareRole.REFERRAL, 3333)]
        set_shares(writing, project=shared, shares=shares)
    make.new_arrival(shared, "1000", date(2024, 6, 1))
    shown = outside(client_for(office), metrics["到位资金"], township)
    assert '<th scope="col" class="number">申报（万元）</th>' in shown
    assert '<td class="number">333.30</td>' in shown
    assert "申报" not in outside(client_for(office), metrics["新签约项目数"], township)


def outside(client, metric, unit):
    """The part of a figure's page that lists what does not count."""
    return page(client, figure_address(metric, unit)).split("未计入及原因")[1]


def figure_address(metric: Metric, unit):
    return f"/reports/metrics/{metric.code}/{PERIOD}/{unit.code}/"


def test_a_township_sees_the_lines_of_another_but_opens_none(contest, clerk, neighbour, township, metrics, client_for):
    shown = page(client_for(clerk), figure_address(metrics["到位资金"], neighbour))
    assert arrival_of(neighbour).project.name in shown
    assert "/ledgers/" not in shown.split('<main id="main"')[1]
    own = page(client_for(clerk), figure_address(metrics["到位资金"], township))
    assert f'href="/ledgers/arrivals/records/{arrival_of(township).code}/"' in own


def arrival_of(unit):
    return Arrival.objects.get(project__landing_unit=unit)


def test_a_leaders_day_begins_with_the_ranking(contest, seats, township, client_for):
    shown = page(client_for(seats["leader"]), "/")
    assert "2024年二季度乡镇擂台" in shown
    assert f'<a class="button" href="{RANKING}">' in shown
    assert f'<a href="{RANKING}{township.code}/">芦溪镇</a>' in shown
    assert shown.index("2024年二季度乡镇擂台") < shown.index("台账现状") < shown.index("没有等待认定的记录。")


def test_nobody_elses_does(contest, seats, client_for):
    for name in ("county", "township", "inspector"):
        assert "2024年二季度乡镇擂台" not in page(client_for(seats[name]), "/")


def test_a_leader_of_a_county_without_a_scheme_has_a_first_page(seats, client_for):
    assert "台账现状" in page(client_for(seats["leader"]), "/")


def test_a_leaders_menu_names_nothing_that_is_written(seats, client_for):
    shown = page(client_for(seats["leader"]), "/")
    assert "导入批次" not in shown
    assert "关账" not in shown
    watching = page(client_for(seats["inspector"]), "/")
    assert "导入批次" in watching
    assert "关账" in watching


def test_the_targets_add_up_against_the_county(contest, county, seats, metrics, client_for):
    fund = metrics["本年累计到位资金"]
    with make.writing_as(county) as writing:
        set_targets(writing, year=2024, given={(fund, None): Decimal(12000)})
    shown = page(client_for(seats["leader"]), "/reports/targets/2024/")
    assert "<input" not in shown.split('<main id="main"')[1]
    for figure in ("6,000", "4,000", "10,000", "12,000", "少2,000"):
        assert re.search(rf'<td class="number">\s*{figure}\s*</td>', shown)
    assert "依据：县委办〔2024〕2号。" in shown
    assert f'name="t-{fund.code}-0"' in page(client_for(seats["county"]), "/reports/targets/2024/")


def test_the_scheme_adds_its_points_and_lists_its_other_rules(contest, office, client_for):
    shown = page(client_for(office), f"/reports/schemes/{contest.code}/")
    assert "2项指标，满分合计100分；加分1项；扣分1项。" in shown
    assert "分组排名，各组分别排名次。" in shown
    assert "合格线60分，达不到的不评奖。" in shown


def test_more_units_cost_no_more_queries(county, metrics, office, client_for):
    units = [make.new_township(county) for _ in range(4)]
    hold_contest(county, metrics, dict.fromkeys(units[:2], ""), ["100"] * 2)
    client, pages = client_for(office), (RANKING, f"{RANKING}{units[0].code}/")
    few = [queries(client, address) for address in pages]
    with make.writing_as(county) as writing:
        body = {**SCHEME, "name": "四镇擂台"}
        add_scheme(writing, body=body, participants=[(unit, "") for unit in units])
        given = {(metrics["本年累计到位资金"], unit): Decimal(100) for unit in units}
        set_targets(writing, year=2024, given=given)
    for unit in units[2:]:
        project = make.new_project(unit)
        make.judge(make.new_arrival(project, "50"))
    assert str(units[3]) in page(client, RANKING)
    assert [queries(client, address) for address in pages] == few
    assert max(few) <= MOST_QUERIES


MOST_QUERIES = 25


def queries(client, address):
    with CaptureQueriesContext(connection) as captured:
        page(client, address)
    return len(captured)
