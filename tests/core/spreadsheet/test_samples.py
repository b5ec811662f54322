from decimal import Decimal
from pathlib import Path

import pytest

from core.spreadsheet.reading import FoundTable, SkippedSheet, find_tables, open_workbook
from tests.core.spreadsheet.headers import ARRIVALS, PROJECTS

WORKBOOKS = Path(__file__).parents[2] / "data" / "workbooks"
YEARS = ["2020年签约项目", "2021年签约项目", "2022年签约项目", "2023年签约项目"]


@pytest.fixture(scope="module")
def county():
    return open_workbook(WORKBOOKS / "county-261-projects.xlsx")


@pytest.fixture(scope="module")
def townships():
    (table,) = find_tables(open_workbook(WORKBOOKS / "townships-band-rows.xlsx"), PROJECTS)
    return table


def number(cell):
    return Decimal(str(cell.value).replace(",", ""))


def test_the_project_sheets_fit_and_the_arrivals_are_named_with_the_reason(county):
    found = find_tables(county, PROJECTS)
    assert [(table.sheet, len(table.rows)) for table in found[:4]] == list(zip(YEARS, [17, 61, 144, 39], strict=True))
    (arrivals,) = found[4:]
    assert isinstance(arrivals, SkippedSheet)
    assert (arrivals.sheet, arrivals.reason) == ("到位资金", "没有“签约时间”一栏，不是这本台账。")
    assert [column.header for column in arrivals.columns][:3] == ["序号", "项目名称", "到位月份"]


def test_the_arrivals_sheet_fits_and_the_projects_are_named_with_the_reason(county):
    *skipped, arrivals = find_tables(county, ARRIVALS)
    assert [sheet.sheet for sheet in skipped] == YEARS
    assert {sheet.reason for sheet in skipped} == {"没有“到位月份”“到位金额”一栏，不是这本台账。"}
    assert len(arrivals.rows) == 244
    assert sum(number(row.cells["amount"]) for row in arrivals.rows) == Decimal("4945900")


def test_each_year_sums_to_the_total_it_states(county):
    for table in find_tables(county, PROJECTS)[:4]:
        (stated,) = table.stated
        assert (stated.label, stated.kind) == ("合计", "total")
        assert sum(number(row.cells["total"]) for row in table.rows) == number(stated.values["total"])


def test_a_header_of_two_rows_is_read_as_paths(county):
    table = find_tables(county, PROJECTS)[0]
    assert table.header_rows == (3, 4)
    assert [column.text for column in table.columns[2:8]] == [
        "投资方/名称", "投资方/来源地", "所属产业", "落户乡镇", "投资额/总投资", "投资额/固定资产投资",
    ]  # fmt: skip
    assert [column.name for column in table.columns[2:8]] == [
        "investor", "origin", "industry", "township", "total", "fixed",
    ]  # fmt: skip
    assert table.unknown == ("项目阶段", "联系县领导")


def test_what_stands_around_the_table_is_read(county):
    table = find_tables(county, PROJECTS)[0]
    assert table.title == "2020年招商引资签约项目台账"
    assert (table.reporting_unit, table.unit) == ("示例县招商服务中心", "万元")
    assert table.notes == ("备注：本表项目为示例，合计数为公开数据。",)
    assert table.questions == ()


def test_rows_carry_the_number_seen_in_excel(county):
    rows = find_tables(county, PROJECTS)[0].rows
    assert (rows[0].number, rows[0].cells["name"].value) == (5, "示例001中药材项目")
    assert (rows[-1].number, rows[-1].cells["name"].value) == (21, "示例017种植示范项目")


def test_ten_townships_have_rows_and_three_have_none(townships):
    counts = {band.text: sum(row.band == band.text for row in townships.rows) for band in townships.bands}
    assert len(townships.rows) == 82
    assert counts == {
        "七里坪镇": 16, "高桥镇": 13, "城关镇": 11, "杏花乡": 11, "太平桥镇": 8, "二程镇": 8, "上新集镇": 6,
        "华家河镇": 5, "火连畈茶场": 2, "觅儿寺镇": 2, "八里湾镇": 0, "永佳河镇": 0, "天台山风景区管理处": 0,
    }  # fmt: skip
    assert {band.text: band.stated_count for band in townships.bands} == counts


def test_every_township_sums_to_the_subtotal_it_states(townships):
    subtotals = {stated.band: number(stated.values["total"]) for stated in townships.stated if stated.band}
    assert len(subtotals) == 10
    for band, subtotal in subtotals.items():
        assert sum(number(row.cells["total"]) for row in townships.rows if row.band == band) == subtotal
    (total,) = [stated for stated in townships.stated if stated.kind == "total"]
    assert sum(subtotals.values()) == number(total.values["total"]) == Decimal("28.03")


def test_the_unit_of_a_column_is_read_from_its_header(townships):
    assert {column.name: column.unit for column in townships.columns if column.unit} == {"total": "亿元"}
    assert townships.unit == "亿元"


def test_every_sheet_is_answered_for(county):
    found = find_tables(county, PROJECTS)
    assert [entry.sheet for entry in found] == [sheet.name for sheet in county.sheets]
    assert [type(entry) for entry in found] == [FoundTable] * 4 + [SkippedSheet]
