"""历史基数: what 上年同期 is made of where the records begin in the middle of a year, and how it opens."""

from datetime import date
from decimal import Decimal as D
from io import BytesIO

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.dates import DateSpan
from core.ledgers.importing import plan_import
from core.ledgers.ledger import ledger_for
from core.periods import Period
from core.write import Refused
from reporting.bases import added, bases_of
from reporting.dashboards.forecasts import forecasts
from reporting.dashboards.main_figures import main_figures
from reporting.dashboards.reach import Reach
from reporting.metrics import counted, value
from reporting.models import BaseFigure, Metric
from reporting.monthly.freezing import broken_statistics, statistics_parts
from reporting.monthly.statistics import WHOLE, month_statistics
from reporting.publishing.chain import canonical
from reporting.publishing.freezing import lines_part
from reporting.publishing.proof import broken_publications
from reporting.ranking import draft_ranking
from reporting.services import add_scheme
from tests import factories as make
from tests.publications import published_month
from tests.reporting.contest import SCHEME

FUND = "本年累计到位资金"
NO_TARGET = {"has_target": False}
GROWTH = {
    **SCHEME,
    "name": "增长",
    "derived": [],
    "indicators": [{"name": "增长", "points": 100, "formula": f"MAX({FUND}/上年同期({FUND})-1, 0)*满分"}],
    "ranking": {"within": "group"},
}


@pytest.fixture
def fund(contest, metrics):
    return metrics[FUND]


def arrived(unit, amount, month):
    return make.judge(make.new_arrival(make.new_project(unit), amount, month))


def base(unit, metric, amount, month):
    return make.new_base(unit, metric=metric, amount=D(amount), month=month)


def year_before(county, code, metric, unit=None):
    return month_statistics(county, Period.parse(code)).figures[metric.code, unit.code if unit else WHOLE].year_before


@pytest.fixture
def half_kept(fund, township):
    """Records begin in June 2023: 300 in June. Bases for April to June, June's against the records' own."""
    arrived(township, "300", date(2023, 6, 1))
    for month, amount in ((4, 100), (5, 200), (6, 999)):
        base(township, fund, amount, date(2023, month, 1))


@pytest.mark.parametrize(
    ("code", "expected"), [("2024-03", 0), ("2024-04", 100), ("2024-05", 300), ("2024-06", 600), ("2024-12", 600)]
)
def test_months_before_the_first_record_have_their_base(code, expected, half_kept, county, fund, township):
    assert year_before(county, code, fund, township) == expected
    assert year_before(county, code, fund) == expected


def test_the_metric_itself_stays_what_its_records_come_to(half_kept, fund, township):
    period = Period.parse("2023-06")
    assert value(fund, period, township) == sum(line.amount for line in counted(fund, period, township)) == 300
    assert added(bases_of([(fund, period)])[0], township) == 300


def test_a_unit_without_records_of_the_month_has_its_base_whatever_others_have(half_kept, county, fund, neighbour):
    base(neighbour, fund, 40, date(2023, 6, 1))
    assert year_before(county, "2024-06", fund, neighbour) == 40
    assert year_before(county, "2024-06", fund) == 640


def test_after_a_merger_the_bases_of_both_are_their_heirs(
    half_kept, county, fund, township, neighbour, office, client_for
):
    base(neighbour, fund, 40, date(2023, 6, 1))
    make.new_merger(township, neighbour, on=date(2024, 7, 1))
    assert year_before(county, "2024-06", fund, neighbour) == 40
    assert year_before(county, "2024-07", fund, neighbour) == year_before(county, "2024-07", fund) == 640
    reached = Reach(Period.parse("2024-07"), Period.parse("2024-07"))
    (figure,) = main_figures([fund], reached, county, neighbour)
    assert figure.year_before == 640


def test_a_record_that_is_not_counted_leaves_the_month_to_its_base(fund, county, township):
    make.new_arrival(make.new_project(township), "70", date(2023, 5, 1))
    base(township, fund, 200, date(2023, 5, 1))
    assert year_before(county, "2024-05", fund, township) == 200


def test_a_record_of_a_whole_quarter_speaks_of_all_its_months(metrics, contest, county, township):
    signed = metrics["新签约项目数"]
    make.judge(make.signing_of(make.new_project(township, signed=DateSpan.quarter(2023, 2))))
    for month in (3, 4, 6, 7):
        base(township, signed, 2, date(2023, month, 1))
    found = bases_of([(signed, Period.parse("2023"))])[0]
    assert {row.month.month: row.used for row in found} == {3: True, 4: False, 6: False, 7: True}


def test_what_counts_the_same_by_month_and_by_year_shares_its_bases(metrics, fund, county, township):
    base(township, metrics["到位资金"], 100, date(2023, 4, 1))
    base(township, fund, 100, date(2023, 4, 1))
    assert year_before(county, "2024-05", fund, township) == 100


def test_a_scheme_reads_them_as_last_year_alone(half_kept, county, township, neighbour):
    with make.writing_as(county) as writing:
        scheme = add_scheme(writing, body=GROWTH, participants=[(township, ""), (neighbour, "")])
    found = draft_ranking(scheme, Period.parse("2024Q2")).inputs.units
    assert [one.last_year[FUND] for one in found] == [600, 0]
    (unit, _) = draft_ranking(scheme, Period.parse("2023Q2")).inputs.units
    assert (unit.actual[FUND], unit.last_year[FUND]) == (300, 0)


def test_dashboards_and_forecasts_compare_with_them(half_kept, county, fund, township):
    reached = Reach(Period.parse("2024-05"), Period.parse("2024-05"))
    (figure,) = main_figures([fund], reached, county, township)
    assert (figure.year_before, figure.growth) == (300, D(14))
    (forecast,) = forecasts([fund], reached, county)
    assert (forecast.year.last_part, forecast.year.last_whole) == (300, 600)


def test_the_figure_opens_onto_records_and_bases_with_their_sources(half_kept, fund, township, office, client_for):
    page = client_for(office).get(f"/reports/metrics/{fund.code}/2023-06/{township.code}/").content.decode()
    assert "作为2024年的上年同期，另加历史基数300.00万元，合计600.00万元。" in page
    assert "历史基数（来源：2023年统计年鉴）" in page
    assert "这个月已有计入的记录，按记录计" in page


def test_the_countys_figure_lists_units_that_have_bases_alone(half_kept, fund, neighbour, office, client_for):
    base(neighbour, fund, 40, date(2023, 6, 1))
    response = client_for(office).get(f"/reports/metrics/{fund.code}/2023-06/")
    assert "另加历史基数340.00万元，合计640.00万元" in response.content.decode()
    assert [line.unit for line in response.context["page"].lines] == ["芦溪镇", "塔山镇"]


def test_a_published_month_keeps_them_and_can_be_proved(half_kept, contest, county, fund, township, office, client_for):
    row = published_month(contest, "2024-05")
    assert list(broken_publications(county.pk)) == []
    with make.writing_as(county) as writing:
        for one in BaseFigure.objects.all():
            writing.void(one, reason="登记有误")
    address = f"/reports/publications/{row.code}/month/{fund.code}/{township.code}/year_before/"
    page = client_for(office).get(address).content.decode()
    assert "另加历史基数300.00万元，合计300.00万元。" in page
    county_page = client_for(office).get(address.replace(township.code, "county")).content.decode()
    assert f"{township}历史基数（来源" in county_page


def test_a_base_that_no_longer_fits_breaks_the_proof(half_kept, contest, county, township):
    found = month_statistics(county, Period.parse("2024-05"))
    texts = {name: canonical(content) for name, content in statistics_parts(found)}
    assert list(broken_statistics(found, texts)) == []
    name = lines_part(township)
    texts[name] = texts[name].replace('"amount":"100.0000"', '"amount":"101.0000"')
    assert list(broken_statistics(found, texts)) == [f"{township}{FUND}（上年同期）与所列记录之和不符。"]


@pytest.mark.parametrize("name", ["季度总分", "平均到位", "招引企业数", "资金到位的月份数"])
def test_what_does_not_add_up_by_months_has_no_base(name, contest, metrics, county, township):
    if name not in metrics:
        kinds = {
            "季度总分": {
                "ledger": "scores",
                "measure": "list",
                "column": "total",
                "has_target": False,
                "basis": "happened",
            },
            "平均到位": {"ledger": "arrivals", "measure": "average", "column": "verified_amount"},
            "资金到位的月份数": {"ledger": "arrivals", "measure": "months", "basis": "happened"},
        }
        metrics[name] = make.new_metric(county, name=name, **kinds[name])
    with pytest.raises(ValidationError, match="各月不能相加"):
        base(township, metrics[name], 1, date(2023, 5, 1))


def test_all_years_have_no_months(contest, county, township):
    whole = make.new_metric(county, span="all_time")
    with pytest.raises(ValidationError, match="不分月"):
        base(township, whole, 1, date(2023, 5, 1))


def test_a_month_has_one_base_and_says_where_it_stands(fund, county, township):
    row = base(township, fund, 1, date(2023, 5, 1))
    with pytest.raises(ValidationError, match="已经登记"):
        base(township, fund, 2, date(2023, 5, 1))
    with pytest.raises(ValidationError), make.writing_as(county) as writing:
        writing.change(row, document="")
    twins = [
        BaseFigure(metric=fund, unit=township, month=date(2023, 4, day), amount=D(1), document="甲") for day in (2,)
    ]
    with pytest.raises((Refused, ValidationError)), make.writing_as(county) as writing:
        writing.add_many(twins)


def test_a_township_sees_its_own_and_not_what_departments_keep(fund, county, township, neighbour, clerk, client_for):
    own, other = (base(unit, fund, 1, date(2023, 5, 1)) for unit in (township, neighbour))
    kept = make.new_metric(county, ledger="department_figures", measure="sum", column="counted_amount")
    hidden = base(township, kept, 1, date(2023, 5, 1))
    client = client_for(clerk)
    assert [row.code for row in client.get("/ledgers/base_figures/").context["table"].body] == [own.code]
    for row in (other, hidden):
        assert client.get(f"/ledgers/base_figures/records/{row.code}/").status_code == 404
    assert client.get("/ledgers/base_figures/new/").status_code == 403


def planned(seat, *rows):
    book, stream = openpyxl.Workbook(), BytesIO()
    for row in (["单位", "指标", "月份", "基数", "来源"], *rows):
        book.active.append(row)
    book.save(stream)
    stream.seek(0)
    return plan_import(ledger_for("base_figures"), stream, seat)


def test_a_list_of_bases_is_imported(fund, office, township):
    plan = planned(
        office, [township.name, FUND, "2023年4月", 100, "年鉴"], [township.name, FUND, "2023-05", 5.5, "年鉴"]
    )
    assert (plan.errors, plan.counts["created"]) == ([], 2)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (["别处镇", FUND, "2023-04", 1, "年鉴"], "别处镇"),
        (["芦溪镇", "招引企业数", "2023-04", 1, "年鉴"], "各月不能相加"),
        (["芦溪镇", FUND, "2023年", 1, "年鉴"], "2023年"),
        (["芦溪镇", FUND, "2023-04", "约100", "年鉴"], "约100"),
        (["芦溪镇", FUND, "2023-04", 1, None], "来源"),
    ],
)
def test_a_row_that_cannot_be_is_refused_where_it_stands(row, sentence, fund, office):
    (error,) = planned(office, row).errors
    assert (error.row, sentence in error.message) == (2, True), error.message


def test_more_units_and_months_ask_no_more(half_kept, county, fund):
    def questions():
        with CaptureQueriesContext(connection) as asked:
            month_statistics(county, Period.parse("2024-06"))
        return len(asked)

    few = questions()
    for number in range(3):
        unit = make.new_township(county)
        arrived(unit, "10", date(2023, 6, 1))
        for month in range(1, 7):
            base(unit, Metric.objects.get(pk=fund.pk), 10 + number, date(2023, month, 1))
    assert questions() == few
