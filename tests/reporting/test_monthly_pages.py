"""月统计 on the page and in Excel: figures by literal numbers, each with its way to the records; odd months."""

import html
import re
from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook

from core.periods import Period
from reporting.models import Metric, Participant
from reporting.monthly.statistics import month_statistics
from reporting.presentation.monthly import COLUMNS, month_page
from tests import factories as make
from tests.reporting.briefing.reading import texts

ADDRESS = "/reports/months/2024-05/"
MOST = 24
ROW = re.compile(r'<th scope="row">(.*?)</th>(.*?)</tr>', re.DOTALL)
CELL = re.compile(r"<td[^>]*>(.*?)</td>", re.DOTALL)
LINK = re.compile(r'<a href="(.*?)">')


def page(client, address=ADDRESS, status=200):
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def rows(shown, metric):
    """Unit → the texts of its cells in that metric's block."""
    block = shown.split(f'id="{metric.code}"')[1].split("</section>")[0]
    return {name: [re.sub("<.*?>", "", c).strip() for c in CELL.findall(cells)] for name, cells in ROW.findall(block)}


@pytest.fixture
def fund(contest, township):
    project = make.new_project(township)
    make.judge(make.new_arrival(project, "200", date(2024, 4, 1)))
    make.judge(make.new_arrival(project, "1000", date(2023, 5, 1)))
    return Metric.objects.get(name="本年累计到位资金")


def test_a_block_for_each_metric_and_the_county_below(fund, office, client_for):
    found = rows(page(client_for(office)), fund)
    assert found["芦溪镇"] == [
        *("4,500.00", "200.00", "+2150.0%"),
        *("4,700.00", "1,000.00", "+370.0%"),
        *("6,000.00", "78.3%", "+36.7", "+2,200.00"),
    ]
    assert found["塔山镇"][6:] == ["4,000.00", "20.3%", "−21.4", "−856.17"]
    assert found["塔山镇"][:6] == ["810.50", "0.00", "—", "810.50", "0.00", "—"]
    assert found["全县合计"][3:5] == ["5,510.50", "1,000.00"]


def test_it_says_what_it_is_in_one_sentence_and_that_it_is_a_draft(fund, office, client_for):
    shown = page(client_for(office))
    assert (
        "2项指标，2个单位；全县到位资金：本月5,310.50万元，累计5,510.50万元，同比+451.1%，"
        "完成年度目标的55.1%，超时序13.4个百分点。"
    ) in shown
    assert "tag-draft" in shown


def test_every_cell_leads_on(fund, office, client_for):
    client = client_for(office)
    shown = page(client)
    block = shown.split(f'id="{fund.code}"')[1].split("</section>")[0]
    cells = [cell for _, row in ROW.findall(block) for cell in CELL.findall(row)]
    assert all(LINK.search(cell) for cell in cells)
    for link in dict.fromkeys(html.unescape(found) for found in LINK.findall(block)):
        page(client, link)


def test_the_page_behind_a_cell_has_the_cells_figure(fund, office, township, client_for):
    client = client_for(office)
    figures = f"/reports/metrics/{fund.code}/"
    assert "4,500.00" in page(client, f"{figures}2024-05/{township.code}/?span=period")
    assert "200.00" in page(client, f"{figures}2024-04/{township.code}/?span=period")
    assert "4,700.00" in page(client, f"{figures}2024-05/{township.code}/?span=year")
    assert "1,000.00" in page(client, f"{figures}2023-05/{township.code}/?span=year")


def test_a_month_without_any_record(contest, office, client_for):
    assert "2025年2月没有计入任何记录。" in page(client_for(office), "/reports/months/2025-02/")


def test_a_month_before_any_scheme_is_a_sentence(contest, office, client_for):
    client = client_for(office)
    assert "2023年12月还没有考核方案" in page(client, "/reports/months/2023-12/")
    page(client, "/reports/months/2023-12/table.xlsx", status=404)


@pytest.mark.parametrize("code", ["2024Q2", "2024", "2024-13", "abc", "1990-01", "2100-12"])
def test_no_such_month(contest, office, client_for, code):
    page(client_for(office), f"/reports/months/{code}/", status=404)


def test_the_short_address_leads_to_the_latest_month(contest, office, client_for):
    assert client_for(office).get("/reports/months/").url == ADDRESS


def test_a_dead_condition_stops_its_metric_alone(fund, metrics, office, client_for):
    Metric.objects.filter(pk=metrics["新签约项目数"].pk).update(conditions={"gone": ["x"]})
    shown = page(client_for(office))
    assert "计入条件已失效" in shown
    assert rows(shown, fund)["芦溪镇"][0] == "4,500.00"


def test_without_targets_nothing_is_held_against_them(metrics, county, township, office, client_for):
    with make.writing_as(county) as writing:
        from_file = {"name": "月", "year": 2024, "period": "month"}
        item = {"name": "签约", "family": "招商引资", "points": 60, "formula": "MIN(新签约项目数, 1)*满分"}
        scheme = make.Scheme(**from_file, body={**from_file, "indicators": [item]})
        writing.add(Participant(scheme=writing.add(scheme), unit=township))
    found = rows(page(client_for(office)), metrics["新签约项目数"])
    assert found["全县合计"] == ["0", "0", "—", "0", "0", "—", "—", "—", "—", "—"]


def test_more_units_ask_no_more_questions(contest, county, office, client_for):
    client = client_for(office)

    def questions():
        with CaptureQueriesContext(connection) as asked:
            page(client)
        return len(asked)

    few = questions()
    for _ in range(3):
        unit = make.new_township(county)
        make.judge(make.new_arrival(make.new_project(unit), "10", date(2024, 5, 1)))
        with make.writing_as(county) as writing:
            writing.add(Participant(scheme=contest, unit=unit, group="中心镇"))
    assert questions() == few <= MOST


# -- the workbook --------------------------------------------------------------------------------------


def workbook(client):
    return load_workbook(BytesIO(client.get(f"{ADDRESS}table.xlsx").getvalue())).active


def test_the_workbook_holds_the_figures_of_the_page(fund, county, office, client_for):
    sheet = workbook(client_for(office))
    shown = month_page(month_statistics(county, Period.parse("2024-05")))
    lines = [line for line in sheet.iter_rows(min_row=5, values_only=True) if line[2] is not None]
    wanted = [
        [cell.text if cell.number is None else float(cell.number) for cell in row.cells]
        for block in shown.blocks
        for row in (*(r for _, members in block.groups for r in members), block.whole)
    ]
    assert [list(line[2:]) for line in lines] == wanted


def test_the_workbook_is_set_up_for_paper(fund, county, office, client_for):
    sheet = workbook(client_for(office))
    assert sheet["A1"].value == f"{county}2024年5月统计表"
    merged = {str(cells) for cells in sheet.merged_cells.ranges}
    assert {"C3:E3", "F3:H3", "I3:L3", "A3:A4", "B3:B4"} <= merged
    assert [sheet.cell(4, column).value for column in range(3, 13)] == [column.heading for column in COLUMNS]
    assert (sheet.page_setup.orientation, sheet.print_title_rows, sheet.freeze_panes) == ("landscape", "$3:$4", "C5")
    assert sheet["A5"].value == "到位资金（万元）"
    first = next(row for row in sheet.iter_rows(min_row=5) if row[0].value == 1)
    assert (first[2].value, first[2].number_format, first[4].value) == (4500, "#,##0.00", 21.5)
    assert [str(row[0].value)[:2] for row in sheet.iter_rows(min_row=sheet.max_row - 1)] == ["草稿", "制表"]


def test_no_text_of_the_workbook_is_a_formula(fund, office, client_for):
    Metric.objects.filter(pk=fund.pk).update(unit_of_measure="=1+1")
    sheet = workbook(client_for(office))
    assert [cell.coordinate for line in sheet.iter_rows() for cell in line if cell.data_type == "f"] == []


@pytest.fixture
def on_20_may(monkeypatch):
    real = timezone.localdate
    monkeypatch.setattr(timezone, "localdate", lambda *at: real(*at) if at else date(2024, 5, 20))


@pytest.mark.usefixtures("on_20_may")
@pytest.mark.parametrize(("month", "said"), [("2024-05", "2024年5月20日"), ("2024-04", "2024年4月30日")])
def test_a_draft_says_up_to_which_day_it_counts(fund, office, client_for, month, said):
    """A month under way counts up to today, on the page, in the workbook, on the form and in Word."""
    client, address = client_for(office), f"/reports/months/{month}/"
    assert f"截至{said}" in page(client, address)
    for name in ("table.xlsx", "form.xlsx"):
        assert any(f"数据截至{said}" in str(text) for text in sheet_texts(client, f"{address}{name}"))
    word = "".join(texts(Document(BytesIO(client.get(f"{address}briefing.docx").content))))
    assert f"数据截至{said}，按2024年5月20日的台账计算" in word


def sheet_texts(client, address):
    sheet = load_workbook(BytesIO(b"".join(client.get(address)))).active
    return [value for row in sheet.iter_rows(values_only=True) for value in row if value]
