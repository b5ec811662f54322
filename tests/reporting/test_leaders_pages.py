"""The leaders' pages: figures by literal numbers, each with its way to the records; scope; odd cases; few questions."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.dates import DateSpan
from core.periods import Period
from projects.lifecycle import Step
from reporting.dashboards.main_figures import main_figures, main_metrics, over_the_period, over_the_year
from reporting.dashboards.months import by_month
from reporting.dashboards.reach import last_counted, reach
from reporting.dashboards.standings import last_scores, standing_at
from reporting.metrics import value
from reporting.models import Metric
from reporting.targeting.services import set_targets
from tests import factories as make
from tests import publications
from tests.reporting.contest import hold_contest
from tests.reporting.year import add_score_metrics, awarded, year_scheme

QUARTER = "2024Q2"
MOST = {"overview": 90, "unit": 110, "trends": 90, "cohorts": 25, "projection": 60, "figure": 20}
"""Questions to the database at most; that they do not grow with the rows is tested below."""


def page(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def pages(unit, metric):
    return {
        "overview": f"/reports/overview/{QUARTER}/",
        "unit": f"/reports/units/{unit.code}/{QUARTER}/",
        "trends": f"/reports/trends/{QUARTER}/",
        "cohorts": "/reports/cohorts/2024/?signed=2024",
        "projection": "/reports/projection/2024-06/",
        "figure": f"/reports/metrics/{metric.code}/{QUARTER}/?span=year",
    }


@pytest.fixture
def fund(metrics):
    return metrics["本年累计到位资金"]


# -- main figures --------------------------------------------------------------------------------------


def test_main_figures_follow_the_scheme_and_count_nothing_twice(contest, county):
    """The scheme reads 本年累计到位资金 first; 到位资金 counts the same and is left out."""
    names = [metric.name for metric in main_metrics(county, 2024)]
    assert names[0] == "本年累计到位资金"
    assert "到位资金" not in names
    assert len(names) == 6


def test_a_county_without_scheme_has_figures_too(county, metrics):
    assert len(main_metrics(county, 2024)) == 6


def test_a_county_without_metrics_has_none(county):
    assert main_metrics(county, 2024) == []


def test_the_county_against_its_year(contest, county, township, fund):
    """5310.5 of 10000 万元 by June: 53.105 %, 5000 were due."""
    figure = main_figures([fund], reach(county, Period.parse(QUARTER)), county)[0]
    assert (figure.progress.actual, figure.progress.target) == (Decimal("5310.5"), Decimal(10000))
    assert figure.progress.completion == Decimal("0.53105")
    assert (figure.progress.ahead, figure.progress.ahead_amount) == (Decimal("0.03105"), Decimal("310.5"))
    assert (figure.this_period, figure.period_before, figure.year_before, figure.growth) == (
        Decimal("5310.5"),
        0,
        0,
        None,
    )


def test_the_countys_own_target_goes_before_the_sum_of_its_units(contest, county, fund):
    with make.writing_as(county) as writing:
        set_targets(writing, year=2024, given={(fund, None): Decimal(20000)})
    figure = main_figures([fund], reach(county, Period.parse(QUARTER)), county)[0]
    assert figure.progress.target == Decimal(20000)


def test_a_year_under_way_is_held_against_the_months_that_are_in(contest, county, fund):
    """Counted up to May: five twelfths are due, and last year is compared up to May."""
    reached = reach(county, Period.parse("2024"))
    assert (reached.complete, reached.until.code, reached.months) == (False, "2024-05", 5)
    figure = main_figures([fund], reached, county)[0]
    assert figure.progress.due == Decimal(10000) * 5 / 12


def test_a_unit_has_its_own_target(contest, county, township, fund):
    figure = main_figures([fund], reach(county, Period.parse(QUARTER)), county, township)[0]
    assert (figure.progress.actual, figure.progress.target) == (Decimal(4500), Decimal(6000))


def test_a_dead_condition_stops_its_figure_alone(contest, county, metrics, office, client_for):
    Metric.objects.filter(pk=metrics["新签约金额"].pk).update(conditions={"gone": ["x"]})
    shown = page(client_for(office), f"/reports/overview/{QUARTER}/")
    assert "计入条件已失效" in shown
    assert ">0.53</a>" in shown


def test_months_are_what_the_metric_gives_for_each(contest, county, township, fund):
    project = make.new_project(township)
    make.judge(make.new_arrival(project, "120.5", date(2024, 3, 1)))
    months = by_month(fund, Period.parse("2024-06"))
    assert months == {date(2024, 3, 1): Decimal("120.5"), date(2024, 5, 1): Decimal("5310.5")}
    for day, amount in months.items():
        assert value(over_the_period(fund), Period.containing(day, "month")) == amount
    own = by_month(fund, Period.parse("2024-06"), township)
    assert own == {date(2024, 3, 1): Decimal("120.5"), date(2024, 5, 1): Decimal(4500)}


def test_they_are_those_of_the_scheme_that_ranks_within_the_year(contest, county, township):
    """The year's own scheme, put in force later, reads the quarters' results; the county's figures stay the same."""
    before = main_metrics(county, 2024)
    add_score_metrics(county)
    indicators = [{"name": "季度", "points": 100, "formula": "MIN(AVERAGE(季度总分)+新投产项目数, 满分)"}]
    year_scheme(county, [township], indicators=indicators, promotions=[], demotions=[], lists=[])
    assert main_metrics(county, 2024) == before


def test_a_metric_over_the_year_keeps_its_conditions(metrics):
    metric = metrics["新签约项目数"]
    year = over_the_year(metric)
    assert (year.name, year.span, year.conditions) == ("本年累计新签约项目数", "year_to_date", metric.conditions)
    assert metric.span == "period"
    assert over_the_period(metric) is metric


# -- the overview --------------------------------------------------------------------------------------


def test_the_overview_answers_in_one_sentence(contest, office, client_for):
    assert (
        "1项主要指标中1项达到时序；本年累计到位资金5,310.50万元，完成年度目标的53.1%，超时序3.1个百分点；"
        "中心镇第1 芦溪镇，特色镇第1 塔山镇。"
    ) in page(client_for(office), f"/reports/overview/{QUARTER}/")


def test_figures_stand_in_yi_with_two_places_and_lead_on(contest, office, fund, client_for):
    shown = page(client_for(office), f"/reports/overview/{QUARTER}/")
    assert f'<a href="/reports/metrics/{fund.code}/2024-06/?span=year">0.53</a>' in shown
    assert "超0.03亿元" in shown
    assert "到位资金0.53亿元，比2024年一季度多0.53亿元。" in shown


def test_the_ranking_in_short_says_that_it_is_a_draft(contest, office, client_for):
    shown = page(client_for(office), f"/reports/overview/{QUARTER}/")
    assert "2024年二季度乡镇擂台" in shown
    assert "tag-draft" in shown
    assert "tag-published" not in shown


def test_a_month_shows_the_last_quarter_that_is_over(contest, county):
    assert standing_at(county, Period.parse("2024-05")).draft.period.code == "2024Q1"
    assert standing_at(county, Period.parse(QUARTER)).draft.period.code == QUARTER


def test_a_year_shows_its_own_ranking_once_that_is_published(contest, county, township, neighbour):
    scheme = year_scheme(county, [township, neighbour], lists=[])
    year = Period.parse("2024")
    assert standing_at(county, year).draft.period.code == QUARTER
    awarded(scheme)
    found = standing_at(county, year)
    assert (found.draft.period.code, found.draft.scheme.name, found.version) == ("2024", "年度擂台", 1)


def test_a_visit_of_yesterday_begins_no_period(contest, county, township, office, client_for):
    """No target asks for visits, though a metric counts them: the county's pages stay where its figures are."""
    client = client_for(office)
    make.new_metric(county, name="走访企业次数", ledger="visits", has_target=False)
    firm = make.new_enterprise(township)
    make.judge(make.new_visit(firm, happened=DateSpan.day(date(2024, 7, 3))), by=make.system(county))
    leads = {
        "/reports/overview/": "/reports/overview/2024Q2/",
        "/reports/months/": "/reports/months/2024-05/",
        "/reports/projection/": "/reports/projection/2024-05/",
        "/reports/ranking/": "/reports/ranking/2024Q2/",
        "/reports/trends/": "/reports/trends/2024Q2/",
    }
    assert {address: client.get(address)["Location"] for address in leads} == leads


def test_where_no_target_is_set_for_any_ledger_every_row_speaks(county, township):
    firm = make.new_enterprise(township)
    make.judge(make.new_visit(firm, happened=DateSpan.day(date(2024, 7, 3))), by=make.system(county))
    assert last_counted(county) == date(2024, 7, 3)


@pytest.mark.parametrize("code", ["2024-05", "2024Q2", "2024H1", "2024", "2023", "2030-01"])
def test_every_kind_of_period_opens(contest, office, client_for, code):
    page(client_for(office), f"/reports/overview/{code}/")


@pytest.mark.parametrize("code", ["1990", "1990Q1", "2100", "abc", "2024Q5"])
def test_no_such_period(contest, office, township, client_for, code):
    for address in (f"/reports/overview/{code}/", f"/reports/units/{township.code}/{code}/"):
        page(client_for(office), address, status=404)


def test_an_empty_county_says_what_is_missing(county, office, client_for):
    client = client_for(office)
    shown = page(client, f"/reports/overview/{QUARTER}/")
    assert "还没有下达目标，也没有考核方案。" in shown
    assert "还没有可以统计的指标" in shown
    assert "没有下达年度目标，不能判断是否过半。" in page(client, "/reports/projection/2024-06/")
    assert "这几年没有认定的正式签约。" in page(client, "/reports/cohorts/2024/")
    assert "本县还没有考核方案" in page(client, "/reports/trends/")


def test_no_targets_at_all(county, metrics, office, client_for):
    shown = page(client_for(office), f"/reports/overview/{QUARTER}/")
    assert "6项主要指标都没有下达年度目标" in shown
    assert "没有下达年度目标" in shown


def test_the_short_addresses_lead_to_the_latest(contest, office, client_for):
    client = client_for(office)
    led = {name: client.get(f"/reports/{name}/").url for name in ("overview", "trends", "cohorts", "projection")}
    assert led == {
        "overview": f"/reports/overview/{QUARTER}/",
        "trends": f"/reports/trends/{QUARTER}/",
        "cohorts": "/reports/cohorts/2024/",
        "projection": "/reports/projection/2024-05/",
    }


# -- the way to the records ----------------------------------------------------------------------------


def test_a_figure_of_the_county_is_opened_by_units(contest, office, township, neighbour, fund, client_for):
    shown = page(client_for(office), f"/reports/metrics/{fund.code}/{QUARTER}/?span=year")
    assert "全县2024年二季度本年累计到位资金0.53亿元，完成年度目标的53.1%，超时序3.1个百分点，由2个单位构成。" in shown
    assert f'<a href="/reports/metrics/{fund.code}/{QUARTER}/{township.code}/?span=year">0.45</a>' in shown
    assert f'<a href="/reports/metrics/{fund.code}/{QUARTER}/{neighbour.code}/?span=year">0.08</a>' in shown


def test_units_see_the_figures_of_the_county_without_its_ledger(contest, office, clerk, fund, client_for):
    address = f"/reports/metrics/{fund.code}/{QUARTER}/"
    assert "在到位资金台账中打开" in page(client_for(office), address)
    assert "中打开" not in page(client_for(clerk), address)


def test_a_figure_over_the_year_is_opened_over_the_year(contest, office, township, metrics, client_for):
    metric = metrics["新签约项目数"]
    early = make.new_project(township, signed=DateSpan.day(date(2024, 1, 9)))
    make.judge(make.signing_of(early))
    base = f"/reports/metrics/{metric.code}/{QUARTER}/{township.code}/"
    assert "芦溪镇2024年二季度新签约项目数1个" in page(client_for(office), base)
    assert "芦溪镇2024年二季度本年累计新签约项目数2个" in page(client_for(office), f"{base}?span=year")
    page(client_for(office), f"{base}?span=century", status=404)


# -- one sheet per unit --------------------------------------------------------------------------------


def test_a_unit_sees_its_own_sheet_and_no_other(contest, clerk, township, neighbour, client_for):
    client = client_for(clerk)
    page(client, f"/reports/units/{township.code}/{QUARTER}/")
    assert "只能打开本单位的情况" in page(client, f"/reports/units/{neighbour.code}/{QUARTER}/", status=403)


def test_nothing_of_another_county(contest, elsewhere, township, fund, client_for):
    client = client_for(make.new_seat(elsewhere))
    page(client, f"/reports/units/{township.code}/{QUARTER}/", status=404)
    page(client, f"/reports/metrics/{fund.code}/{QUARTER}/", status=404)
    assert township.name not in page(client, f"/reports/overview/{QUARTER}/")
    page(client, f"/reports/trends/{QUARTER}/", status=404)


def test_where_points_are_lost(county, township, neighbour, metrics, office, client_for):
    """In one group: 芦溪镇 has 4500 of 10000 due by half, 塔山镇 810.5 of 4000."""
    hold_contest(county, metrics, {township: "", neighbour: ""}, ["10000", "4000"])
    response = client_for(office).get(f"/reports/units/{township.code}/{QUARTER}/")
    rows = {row.name: row for row in response.context["page"].placed.losses}
    assert (rows["到位资金"].own, rows["到位资金"].lost, rows["到位资金"].best_units) == ("54.00", "6.00", "芦溪镇")
    assert (rows["户均"].own, rows["户均"].lost, rows["户均"].best) == ("40.00", "0.00", "40.00")
    assert [row.name for row in response.context["page"].placed.losses] == ["到位资金", "户均"]


def test_a_unit_that_does_not_take_part_has_a_sheet_without_a_score(contest, county, office, client_for):
    other = make.new_township(county, name="外镇")
    assert "外镇没有参加排名" in page(client_for(office), f"/reports/units/{other.code}/{QUARTER}/")


def test_funds_stand_by_kind_with_what_came_of_them(contest, county, office, township, neighbour, client_for):
    """Payments and steps after the period's last day, money of another unit and what was refused count for nothing."""
    started, waiting = make.new_project(township), make.new_project(township)
    make.judge(make.new_milestone(started, Step.START, DateSpan.day(date(2024, 6, 30))))
    make.judge(make.new_milestone(waiting, Step.START, DateSpan.day(date(2024, 7, 1))))
    make.judge(make.new_arrival(started, "70", date(2024, 5, 1)))
    for kind, amount, project in (("province", "300", started), ("province", "100", waiting), ("platform", "50", None)):
        given = make.new_allocation(township, amount, document=make.new_document(county, kind=kind), project=project)
        make.new_payment(given, "50", DateSpan.day(date(2024, 6, 30)))
        if project:
            make.new_payment(given, "10", DateSpan.day(date(2024, 7, 1)))
    make.new_allocation(neighbour, "99")
    sheet = client_for(office).get(f"/reports/units/{township.code}/{QUARTER}/").context["page"]
    assert [(row.kind, row.allocated, row.paid, row.rate) for row in sheet.funding] == [
        ("省级财政资金", "400.00", "100.00", "25.0%"),
        ("平台公司协调资金", "50.00", "50.00", "100.0%"),
    ]
    assert sheet.output == "资金分到2个项目：已开工1个，已投产0个，这些项目累计到位资金70.00万元。"
    listed = client_for(office).get(sheet.funding[0].url)
    assert listed.context["query"].totals == {"count": 2, "credited_amount": Decimal(400)}


def test_open_problems_stand_by_their_light(contest, office, township, client_for):
    about = {"assigned_to": township}
    make.new_problem(township, raised_on=date(2024, 6, 1), deadline=date(2024, 6, 29), **about)
    make.new_problem(township, raised_on=date(2024, 6, 1), deadline=date(2024, 12, 31), **about)
    make.new_problem(township, raised_on=date(2024, 7, 1), deadline=date(2024, 7, 9), **about)
    sheet = client_for(office).get(f"/reports/units/{township.code}/{QUARTER}/").context["page"]
    assert [(row.label, row.count) for row in sheet.problems] == [("逾期", 1), ("正常", 1)]
    assert client_for(office).get(sheet.problems[0].url).context["query"].totals["count"] == 1


def test_projects_in_trouble_are_named_with_their_reason(contest, office, township, client_for):
    halted = make.new_project(township, name="停工厂房项目")
    make.judge(make.signing_of(halted))
    stop = make.new_milestone(halted, Step.HALTED, DateSpan.day(date(2024, 6, 1)), reason="用地未落实")
    make.judge(stop)
    late = make.new_project(township, name="久签未动项目", signed=DateSpan.day(date(2022, 8, 1)))
    make.judge(make.signing_of(late))
    shown = page(client_for(office), f"/reports/units/{township.code}/{QUARTER}/")
    assert "2个项目停滞或逾期" in shown
    for words in ("停工厂房项目", "用地未落实", "2024年6月1日", "久签未动项目", "逾期未开工"):
        assert words in shown


# -- over time -----------------------------------------------------------------------------------------


def test_periods_before_anything_was_recorded_have_no_scores(contest, county):
    assert [scores.period.code for scores in last_scores(county, Period.parse(QUARTER))] == [QUARTER]


def test_every_score_of_the_trends_opens_its_own_formula(contest, county, township, neighbour, office, client_for):
    """From there it is one click to the rows and one more to the record: three from any score."""
    row = publications.published(contest, "2024Q1")
    shown = page(client_for(office), f"/reports/trends/{QUARTER}/")
    for unit in (township, neighbour):
        assert f'<a href="/reports/publications/{row.code}/ranking/{unit.code}/">' in shown
        assert shown.count(f'<a href="/reports/ranking/{QUARTER}/{unit.code}/">') == 3  # name, total, last column


def test_scores_by_family_add_up_to_the_total(contest, office, client_for):
    """芦溪镇: 60 + 40 + 1 for a signing − 1; capped by nothing."""
    row = client_for(office).get(f"/reports/trends/{QUARTER}/").context["page"].rows[0]
    assert (row.unit, row.parts, row.total) == ("芦溪镇", ("60.00", "40.00", "1.00", "−1.00"), "100.00")


# -- signing years and the year's end ------------------------------------------------------------------


def test_cohorts_that_miss_the_rule_are_named(county, township, clerk, neighbour, client_for):
    mine = make.new_project(township, name="未动项目甲", signed=DateSpan.day(date(2022, 3, 5)))
    theirs = make.new_project(neighbour, name="未动项目乙", signed=DateSpan.day(date(2022, 4, 5)))
    for project in (mine, theirs):
        make.judge(make.signing_of(project))
    shown = page(client_for(clerk), "/reports/cohorts/2024/")
    assert "两年前及更早签约的全部开工，2个中0个已开工，还差2个。" in shown
    assert f'<a href="/ledgers/projects/records/{mine.code}/">未动项目甲</a>' in shown
    assert "未动项目乙" in shown
    assert theirs.code not in shown


@pytest.mark.parametrize("query", ["signed=1999", "signed=abc", "signed=2024&group=nobody"])
def test_no_such_cohort(county, office, client_for, query):
    page(client_for(office), f"/reports/cohorts/2024/?{query}", status=404)


def test_where_the_year_will_end(contest, office, fund, client_for):
    """5310.5 by May: × 12 ÷ 5 = 12745.2; all of it came in the last three months: + 5310.5 ÷ 3 × 7 = 17701.67."""
    row = client_for(office).get("/reports/projection/2024-05/").context["page"].rows[0]
    assert [(cell.amount, cell.method) for cell in row.cells] == [
        ("1.27", "今年以来的进度"),
        ("1.27", "今年以来的进度"),
        ("1.77", "最近三个月的进度"),
    ]
    assert (row.half, row.pace, row.needed) == ("过半", "0.11", "0.07")


# -- everybody, everywhere -----------------------------------------------------------------------------


def questions(client, address):
    with CaptureQueriesContext(connection) as asked:
        page(client, address)
    return len(asked)


def test_more_rows_ask_no_more_questions(contest, office, township, fund, client_for):
    client = client_for(office)
    few = {name: questions(client, address) for name, address in pages(township, fund).items()}
    for number in range(1, 4):
        project = make.new_project(township, signed=DateSpan.day(date(2024, 4, number)))
        make.judge(make.signing_of(project))
        make.judge(make.new_arrival(project, "10", date(2024, 5, 1)))
    many = {name: questions(client, address) for name, address in pages(township, fund).items()}
    assert many == few
    assert {name: asked for name, asked in many.items() if asked > MOST[name]} == {}


def test_whoever_is_not_business_sees_none(contest, seats, township, fund, client_for):
    for name in ("admin", "auditor", "security"):
        for address in pages(township, fund).values():
            page(client_for(seats[name]), address, status=403)


def test_charts_are_loaded_only_where_there_is_one(contest, office, township, fund, client_for):
    client = client_for(office)
    charts = {name for name, address in pages(township, fund).items() if "echarts" in page(client, address)}
    assert charts == {"overview", "unit", "trends"}


def test_the_metrics_are_never_changed_by_a_page(contest, office, township, fund, client_for):
    for address in pages(township, fund).values():
        page(client_for(office), address)
    assert Metric.objects.get(pk=fund.pk).name == "本年累计到位资金"
