"""月通报: the county and each unit in prose, the month's own table as an attachment; frozen once it is published."""

from datetime import date
from decimal import Decimal as D
from io import BytesIO

import pytest
from docx import Document

from core.periods import Period
from reporting.briefing.content import Issue
from reporting.briefing.month import month_briefing, reached
from reporting.briefing.sentences import figure as told
from reporting.briefing.sentences import grown
from reporting.models import Metric
from reporting.monthly.arithmetic import MonthFigure
from reporting.monthly.statistics import month_statistics
from reporting.presentation.monthly import month_page
from tests import factories as make
from tests.publications import published_month
from tests.reporting.briefing.reading import rows, texts

MAY = "2024-05"
DRAFT = Issue("演示县", date(2024, 6, 3))
FUNDS = Metric(code="ZB1", name="本年累计到位资金", unit_of_measure="万元")


def figure(**given):
    numbers = {"month": D(0), "month_before": D(0), "year": D(0), "year_before": None, "target": None}
    return MonthFigure(**{**numbers, "months": 5, **given})


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"year": D(600), "target": D(1200)}, "累计600.00万元，完成年度目标的50.0%，超时序8.3个百分点"),
        ({"year": D(500), "target": D(1200)}, "累计500.00万元，完成年度目标的41.7%，与时序持平"),
        ({"year": D(90), "year_before": D(100)}, "累计90.00万元，同比下降10.0%"),
        ({"year": D(90), "year_before": D(90)}, "累计90.00万元，与上年同期持平"),
        ({"year": D(90), "year_before": D(0)}, "累计90.00万元，上年同期基数为零，不作比较"),
        ({"year": D(90), "target": D(0)}, "累计90.00万元，年度目标为零，不计算完成率"),
        ({"year": None, "target": D(1200)}, "累计暂缺数据"),
    ],
)
def test_the_year_so_far_in_words(given, sentence):
    assert told(reached(FUNDS, figure(**given), "累计")) == sentence


@pytest.mark.parametrize(
    ("now", "before", "sentence"),
    [(D(3), D(2), "环比增长50.0%"), (D(1), D(2), "环比下降50.0%"), (D(2), D(2), "与上月持平"),
     (D(2), D(0), "上月基数为零，不作比较"), (D(2), None, "")],
)  # fmt: skip
def test_against_the_month_before(now, before, sentence):
    assert grown(now, before, "环比", "上月") == sentence


def test_december_is_held_against_the_whole_year():
    assert "时序" not in told(reached(FUNDS, figure(year=D(600), target=D(1200), months=12), "累计"))


@pytest.fixture
def may(contest, county):
    return month_statistics(county, Period.parse(MAY))


def prose(written, heading):
    section = next(section for section in written.sections if section.heading == heading)
    return [getattr(part, "lead", "") + part.text for part in section.parts]


def test_the_words_of_a_month(may):
    """5310.5 of 10000 万元 are 53.105 %, five months' pace is 41.667 %."""
    written = month_briefing(may, DRAFT)
    assert written.name == "关于2024年5月乡镇经济发展情况的通报（草稿）"
    assert (
        "到位资金。本月5,310.50万元，上月基数为零，不作比较；"
        "累计5,310.50万元，完成年度目标的53.1%，超时序11.4个百分点，上年同期基数为零，不作比较。"
    ) in prose(written, "总体情况")
    assert any(
        line.startswith("芦溪镇。到位资金本月4,500.00万元，累计4,500.00万元") for line in prose(written, "各乡镇情况")
    )
    assert prose(written, "超时序和欠进度情况") == [
        "到位资金。超时序的1个：芦溪镇（超33.3个百分点）；欠进度的1个：塔山镇（欠21.4个百分点）。"
    ]


def test_a_month_without_any_record_names_who_brought_nothing(contest, county):
    written = month_briefing(month_statistics(county, Period.parse("2024-01")), DRAFT)
    assert "到位资金本月为零的2个（芦溪镇、塔山镇）。" in prose(written, "存在问题")


def test_the_attachment_is_the_table_of_the_page(may):
    (table,) = month_briefing(may, DRAFT).tables
    blocks = month_page(may).blocks
    whole = [[cell.text for cell in block.whole.cells] for block in blocks]
    assert [list(row[3:]) for row in table.rows if row[1] == "全县合计"] == whole
    assert {len(row) for row in table.rows} == {len(table.columns)}
    assert sum(column.width for column in table.columns) <= 225
    assert table.lies_across


def test_a_published_month_is_told_from_what_was_frozen(contest, township, office, client_for):
    row = published_month(contest, MAY)
    address = f"/reports/publications/{row.code}/briefing.docx"
    before = read(client_for(office), address)
    make.judge(make.new_arrival(make.new_project(township), "777", date(2024, 5, 2)))
    after = read(client_for(office), address)
    assert texts(after) == texts(before)
    assert rows(after.tables[0]) == rows(before.tables[0])
    assert "草稿" not in "".join(texts(before))
    assert (
        read(client_for(office), f"/reports/months/{MAY}/briefing.docx").sections[0].header.paragraphs[0].text == "草稿"
    )


def read(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return Document(BytesIO(response.content))


def test_both_pages_offer_it(contest, office, client_for):
    row = published_month(contest, MAY)
    for address in (
        f"/reports/months/{MAY}/",
        f"/reports/publications/{row.code}/",
        f"/reports/publications/{row.code}/month/",
    ):
        assert "下载通报（Word）" in client_for(office).get(address).content.decode(), address
