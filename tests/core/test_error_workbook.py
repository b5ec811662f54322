"""The workbook that comes back: the same values, and a comment at every cell that a person should look at."""

from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import factories as make

pytestmark = pytest.mark.django_db

HEADERS = ("项目名称", "落户乡镇", "总投资（万元）", "签约时间", "不认得的列")


@pytest.fixture
def client(client_for, settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"
    county = make.new_county()
    make.new_township(county, name="芦溪镇")
    return client_for(make.new_seat(county, duties=["entry"]))


def given_back(client, *rows, merge=None):
    book, stream = openpyxl.Workbook(), BytesIO()
    book.active.title = "一月"
    for row in (("投资项目表",), HEADERS, *rows):
        book.active.append(row)
    book.active.merge_cells(merge or "A1:E1")
    book.create_sheet("空表")
    book.save(stream)
    client.post("/ledgers/projects/import/", {"file": SimpleUploadedFile("一季度台账.xlsx", stream.getvalue())})
    answer = client.get("/ledgers/projects/import/marked.xlsx")
    assert answer.status_code == 200
    return openpyxl.load_workbook(BytesIO(answer.content)), answer


def test_it_holds_what_was_sent_and_says_what_is_wrong_where(client):
    book, answer = given_back(
        client,
        ("甲项目", "芦溪镇", 100, "2024.13", "=1+1"),
        ("乙项目", "没有的镇", "#REF!", "2024-03-05", "-"),
        ("丙项目", "芦溪镇", 1.5, "2024-03-05", None),
    )
    sheet = book["一月"]
    assert book.sheetnames == ["一月", "空表"]
    assert (sheet["A1"].value, [str(merge) for merge in sheet.merged_cells.ranges]) == ("投资项目表", ["A1:E1"])
    assert [cell.value for cell in sheet[3]][:4] == ["甲项目", "芦溪镇", 100, "2024.13"]
    assert sheet["C5"].value == 1.5
    said = {cell.coordinate: cell.comment.text for row in sheet for cell in row if cell.comment}
    assert {"D3", "B4", "C4", "E2"} <= set(said)
    assert said["D3"].startswith("错误：第3行“签约时间”")
    assert "没有导入" in said["E2"]
    assert sheet["D3"].fill.fgColor.rgb == "FFFFE699"
    assert not any(name.endswith("5") for name in said)
    assert "%E4%B8%80%E5%AD%A3%E5%BA%A6" in answer["Content-Disposition"]


def test_it_can_be_read_and_printed_as_it_comes(client):
    book, _ = given_back(client, ("甲" * 15, "芦溪镇", 100, "2024.13", None))
    sheet = book["一月"]
    widths = [round(sheet.column_dimensions[letter].width) for letter in "AB"]
    assert widths == [36, 12]
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)


def test_a_text_that_looks_like_a_formula_stays_a_text(client):
    book, _ = given_back(client, ("=HYPERLINK", "芦溪镇", 100, "2024.13", None))
    assert all(cell.data_type != "f" for row in book["一月"] for cell in row)


def test_without_a_waiting_workbook_it_asks_for_one(client):
    assert client.get("/ledgers/projects/import/marked.xlsx").status_code == 302
