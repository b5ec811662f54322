"""Any list to xlsx: the cells its rows would show, straight from the database, in flat memory, with nothing lost
unsaid."""

from io import BytesIO

import pytest
from django.http import QueryDict
from openpyxl import load_workbook

from core.ledgers.exporting import write_list
from core.ledgers.ledger import all_ledgers, ledger_for
from core.ledgers.query import ListQuery
from core.ledgers.row_values import exported_rows, read_of
from tests import factories as make
from tests.test_queries import row_for

pytestmark = pytest.mark.django_db
LONG = (
    "projects",
    "agreements",
    "milestones",
    "arrivals",
    "progress",
    "enterprises",
    "declarations",
    "enterprise_months",
    "units",
    "pilots",
)
"""Ledgers that grow long, or may: every column of theirs that is exported can be read without its row."""


def listed(key, seat, text=""):
    return ListQuery(ledger_for(key), QueryDict(text), seat)


def written(query):
    stream = BytesIO()
    summary = write_list(stream, query, at=make.NOW)
    return load_workbook(stream).active, summary


@pytest.mark.parametrize("key", [ledger.key for ledger in all_ledgers()])
def test_read_from_the_database_a_cell_is_what_the_row_itself_exports(key, office, township):
    row_for(key, township), row_for(key, township)
    ledger = ledger_for(key)
    query = listed(key, office, "columns=" + ",".join(column.name for column in ledger.choosable_columns))
    readable = [column for column in query.columns if read_of(column, query.rows)]
    read = [[str(cell or "") for cell in row] for row in exported_rows(query, readable)]
    assert read == [[str(column.export(row) or "") for column in readable] for row in query.ordered]
    assert len(read) == 2 or key == "units"


@pytest.mark.parametrize("key", LONG)
def test_a_long_list_is_written_without_loading_its_rows(key, office):
    query = listed(key, office)
    assert [column.name for column in query.written_columns if read_of(column, query.rows) is None] == []


def test_a_column_that_only_the_row_knows_is_written_all_the_same(office, township):
    make.new_project(township)
    query = listed("projects", office, "columns=name,shares")
    sheet, _ = written(query)
    assert [cell.value for cell in sheet[sheet.max_row]] == ["第1个项目", "芦溪镇100%", "XM2024-00001"]


def test_credited_columns_come_from_the_database_too(office, township):
    make.new_project(township, total_investment="1000")
    query = listed("projects", office, f"credit={township.code}")
    assert [list(row)[:3] for row in exported_rows(query, query.written_columns)] == [[1, 1000, None]]


def test_the_list_that_a_link_asks_for_is_what_is_written(office, township, neighbour):
    for unit, amount in ((township, "1000"), (township, "3000"), (neighbour, "2000")):
        make.new_project(unit, total_investment=amount)
    query = listed("projects", office, f"landing_unit={township.code}&sort=-total_investment&columns=total_investment")
    sheet, summary = written(query)
    assert [row[0] for row in sheet.iter_rows(values_only=True)] == [
        "招商项目台账", "共 2 个项目，总投资 4,000.00 万元", "落户乡镇：芦溪镇", "制表时间：2024-07-05 10:00",
        "总投资（万元）", 3000, 1000,
    ]  # fmt: skip
    assert summary.rows == 2


def test_what_excel_can_not_hold_is_taken_out_and_said(office, township):
    make.new_project(township, name="甲\x0b项目", approval_code="230412345678901234", remark="=1+1")
    sheet, _ = written(listed("projects", office, "columns=name,approval_code,remark"))
    lines = [row[0] for row in sheet.iter_rows(values_only=True)]
    assert "原文中有1个Excel不能保存的字符，已去掉。" in lines
    last = sheet[sheet.max_row]
    assert [(cell.value, cell.data_type) for cell in last] == [
        ("甲项目", "s"), ("230412345678901234", "s"), ("=1+1", "s"), ("XM2024-00001", "s"),
    ]  # fmt: skip


def test_the_file_is_streamed_under_its_name(office, township, client_for):
    make.new_project(township)
    answer = client_for(office).get("/ledgers/projects/export.xlsx?columns=name")
    assert answer.streaming
    assert "%E6%8B%9B%E5%95%86" in answer["Content-Disposition"]
    sheet = load_workbook(BytesIO(b"".join(answer))).active
    assert sheet.cell(sheet.max_row, 1).value == "第1个项目"


def test_what_the_agreements_hold_besides_the_total_stands_on_the_project(office, township):
    make.new_project(township, agreement={"fixed_assets": "800", "introduced": "600"})
    query = listed("projects", office, "columns=fixed_assets,introduced")
    assert list(exported_rows(query, query.written_columns)) == [[800, 600, "XM2024-00001"]]
