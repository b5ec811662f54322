"""An enterprise's year on one screen: sources side by side, the threshold, the forecast and how good it was."""

from datetime import date
from decimal import Decimal

import pytest

from enterprises.year import year_of
from tests import factories as make

pytestmark = pytest.mark.django_db
DAY = date(2024, 6, 10)


@pytest.fixture
def mill(township):
    return make.new_enterprise(township, name="棉纺公司", industry="1711")


def told(mill, year, amounts, **values):
    for month, amount in enumerate(amounts, 1):
        make.new_figures(mill, date(year, month, 1), revenue=Decimal(amount), **values)


def test_what_is_told_stands_in_charts_and_in_numbers(mill, office):
    told(mill, 2024, [100, 120], power=5000)
    found = year_of(mill, office, DAY)
    assert (found.year, found.missing) == (2024, "入库税收、用水量、用气量、从业人数")
    assert [(caption, chart.name) for caption, chart in found.charts] == [
        ("营业收入（企业自报）", "year-revenue"),
        ("用电量（企业自报）", "year-power"),
    ]
    assert found.headings == ("营业收入（万元，企业自报）", "用电量（千瓦时，企业自报）")
    assert found.rows[1] == ("2月", ["120.00", "5,000"], [])
    assert found.rows[11] == ("12月", ["—", "—"], [])


def test_the_running_sum_stands_against_the_line_and_last_years(mill, office):
    told(mill, 2023, [50])
    make.new_figures(mill, date(2024, 1, 1), revenue=Decimal(100))
    make.new_figures(mill, date(2024, 3, 1), revenue=Decimal("20.5"))
    series = year_of(mill, office, DAY).main.series
    assert [(one.name, one.values[:4]) for one in series] == [
        ("2024年累计", (100, None, 120.5, None)),
        ("2023年累计", (50, None, None, None)),
        ("入库标准", (2000, 2000, 2000, 2000)),
    ]


def test_a_department_stands_beside_for_the_county_and_nowhere_for_the_township(mill, office, clerk, client_for):
    make.new_mandate(mill)
    told(mill, 2024, [100])
    make.new_figures(mill, date(2024, 1, 1), "tax", revenue=Decimal("98.76"))
    make.new_figures(mill, date(2024, 2, 1), "power", answer="differs")
    of_county, of_township = (year_of(mill, seat, DAY) for seat in (office, clerk))
    assert of_county.headings == ("营业收入（万元，企业自报）", "营业收入（万元，税务）")
    assert (of_county.rows[0][1], of_county.rows[1][2]) == (["100.00", "98.76"], ["不一致"])
    assert [one.name for one in of_county.charts[0][1].series] == ["企业自报", "税务"]
    assert (of_township.headings, of_township.answers) == (("营业收入（万元，企业自报）",), ())
    for address in (
        f"/ledgers/enterprises/records/{mill.code}/",
        f"/ledgers/enterprises/records/{mill.code}/year/2024/",
    ):
        pages = [client_for(seat).get(address).content.decode() for seat in (office, clerk)]
        assert [("98.76" in page, "不一致" in page) for page in pages] == [(True, True), (False, False)]


def test_what_was_sent_back_says_nothing(mill, office):
    make.judge(make.new_figures(mill, date(2024, 1, 1)), verdict="returned", note="请核对")
    assert year_of(mill, office, DAY).headings == ()


@pytest.mark.parametrize(
    ("day", "year"), [(date(2025, 1, 31), 2024), (date(2025, 2, 1), 2024), (date(2022, 5, 1), 2022)]
)
def test_the_last_year_with_a_month_is_shown_first(day, year, mill, office):
    told(mill, 2024, [100])
    assert year_of(mill, office, day).year == year


def sentences(mill, office, **values):
    return year_of(mill, office, DAY, **values).sentences


def test_reached(mill, office):
    told(mill, 2024, [500] * 4)
    assert sentences(mill, office) == (
        "已达标：2024年截至4月累计营业收入2,000万元（企业自报），已达到入库标准2,000万元。",
        "没有一整年的历史数据，这样推算准不准还无从回看。",
    )


def test_will_reach_by_last_years_share_and_how_good_that_was(mill, office):
    told(mill, 2022, [100] * 12)
    told(mill, 2023, [50] * 6 + [150] * 6)
    told(mill, 2024, [100] * 6)
    assert sentences(mill, office) == (
        "预计达标：2024年截至6月累计营业收入600万元（企业自报），按上年同月占比推算全年约2,400万元；"
        "距入库标准2,000万元还差1,400万元，余下6个月月均需233.33万元。",
        "用同样的办法在往年6月底推算：2023年按上年同月占比推算约600万元，实际1,200万元，推算偏低50.0%；"
        "2022年按月均推算约1,200万元，实际1,200万元，基本一致。",
    )


def test_a_gap_and_a_month_that_was_not_told(mill, office):
    make.new_figures(mill, date(2024, 1, 1), revenue=Decimal(100))
    make.new_figures(mill, date(2024, 3, 1), revenue=Decimal(100))
    assert sentences(mill, office)[:2] == (
        "有差距：2024年截至3月累计营业收入200万元（企业自报），按月均推算全年约1,200万元，差800万元；"
        "距入库标准2,000万元还差1,800万元，余下9个月月均需200万元。",
        "其中2月没有报数，没有当作零计算。",
    )


@pytest.mark.parametrize(
    ("amount", "sum_told", "word"), [("166.6666", "1,999.9992", "没有达到"), ("166.6667", "2,000.0004", "达到")]
)
def test_a_year_that_is_over(amount, sum_told, word, mill, office):
    told(mill, 2023, [amount] * 12)
    assert sentences(mill, office, year=2023) == (
        f"2023年截至12月累计营业收入{sum_told}万元（企业自报），{word}入库标准2,000万元。",
    )


def test_without_months_and_without_a_line_nothing_is_foretold(mill, township, office):
    assert sentences(mill, office) == ("2024年还没有企业自报的营业收入，无法预计。入库标准是2,000万元。",)
    builder = make.new_enterprise(township, industry="47")
    assert sentences(builder, office) == ("这个行业没有营业收入方面的入库标准，不作全年预计。",)


def test_more_months_ask_no_more(mill, office, django_assert_num_queries):
    for year in (2022, 2023, 2024):
        told(mill, year, [100] * 5)
        with django_assert_num_queries(2):
            year_of(mill, office, DAY)


def test_a_year_that_cannot_be_is_not_found(mill, office, client_for):
    address = f"/ledgers/enterprises/records/{mill.code}/year/"
    assert [client_for(office).get(f"{address}{year}/").status_code for year in (2024, 1800)] == [200, 404]
