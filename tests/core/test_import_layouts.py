"""核对表头: what a person says about a header holds for every later workbook with the same one."""

from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from core.ledgers.importing import headers_of, plan_import
from core.ledgers.layouts import forget, known_layouts, remember
from core.ledgers.ledger import ledger_for
from core.models import AuditEntry, ImportLayout
from tests import factories as make

pytestmark = pytest.mark.django_db

ADDRESS = "/ledgers/projects/import/columns/"
STRANGE = ("事项", "乡镇", "经费", "签约时间", "说明")
ROW = ("甲项目", "芦溪镇", 1_000_000, "2024-03-05", "备料")
TOLD = {"事项": "name", "经费": "total_investment"}


@pytest.fixture(autouse=True)
def county(settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"
    county = make.new_county()
    make.new_township(county, name="芦溪镇")
    return county


@pytest.fixture
def clerk(county):
    return make.new_seat(county, duties=["entry"])


@pytest.fixture
def ledger():
    return ledger_for("projects")


def book(*rows, headers=STRANGE, title="投资项目表", sheets=("一月",)):
    workbook, stream = Workbook(), BytesIO()
    workbook.remove(workbook.active)
    for name in sheets:
        sheet = workbook.create_sheet(name)
        for row in ((title,), headers, *rows):
            sheet.append(row)
    workbook.save(stream)
    return stream


def tell(clerk, ledger, stream, columns, units=None):
    table = headers_of(ledger, stream, clerk)[0]
    natural = {column.key: column.name or "" for column in table.columns}
    with make.writing_as(clerk) as writing:
        return remember(writing, ledger, table, columns=natural | columns, units=units or {})


def test_a_sheet_that_is_no_table_of_the_ledger_shows_its_header(clerk, ledger):
    (table,) = headers_of(ledger, book(ROW), clerk)
    assert [(c.text, c.name) for c in table.columns] == [
        ("事项", None), ("乡镇", "landing_unit"), ("经费", None), ("签约时间", "signed"), ("说明", None),
    ]  # fmt: skip
    assert (table.rows_label, table.examples[1]) == ("第2行", "甲项目")
    assert "项目名称" in table.reason


def test_what_was_said_reads_this_workbook_and_the_next(clerk, ledger):
    assert plan_import(ledger, book(ROW), clerk).rows == []
    tell(clerk, ledger, book(ROW), TOLD, {"经费": "元"})
    plan = plan_import(ledger, book(ROW, (*ROW[:4], None), title="另一张表"), clerk)
    assert plan.errors == []
    assert (plan.rows[0].values["name"], plan.rows[0].values["total_investment"]) == ("甲项目", Decimal(100))
    said = "“事项”读作项目名称，“经费”读作总投资，“经费”按元"
    assert any(said in warning.message and "核对表头" in warning.message for warning in plan.warnings)


def test_another_header_is_another_layout(clerk, ledger):
    tell(clerk, ledger, book(ROW), TOLD)
    assert plan_import(ledger, book(ROW[:4], headers=STRANGE[:4]), clerk).rows == []


def test_another_county_and_another_ledger_hear_nothing_of_it(clerk, ledger):
    tell(clerk, ledger, book(ROW), TOLD)
    elsewhere = make.new_county(name="邻县")
    assert known_layouts(ledger, elsewhere.pk) == {}
    assert known_layouts(ledger_for("arrivals"), clerk.county_id) == {}


def test_a_column_can_be_left_unread(clerk, ledger):
    headers = ("项目名称", "乡镇", "总投资（万元）", "签约时间", "备注")
    tell(clerk, ledger, book(ROW, headers=headers), {"备注": ""})
    row = plan_import(ledger, book(ROW, headers=headers), clerk).rows[0]
    assert "remark" not in row.values
    assert row.values["total_investment"] == 1_000_000


def test_of_two_columns_with_one_header_either_can_be_meant(clerk, ledger):
    headers = ("项目名称", "乡镇", "总投资（万元）", "签约时间", "总投资（万元）")
    row = ("甲项目", "芦溪镇", 1, "2024-03-05", 2)
    tell(clerk, ledger, book(row, headers=headers), {"总投资(万元)": "", "总投资(万元)#2": "total_investment"})
    assert plan_import(ledger, book(row, headers=headers), clerk).rows[0].values["total_investment"] == 2


def test_choosing_what_the_header_says_anyway_forgets(clerk, ledger):
    tell(clerk, ledger, book(ROW), TOLD)
    tell(clerk, ledger, book(ROW), dict.fromkeys(TOLD, ""))
    assert not ImportLayout.objects.exists()
    assert list(AuditEntry.objects.filter(action__contains="表头").values_list("action", flat=True)) == [
        "指定表头读法", "取消表头读法",
    ]  # fmt: skip


def test_a_header_of_which_nothing_is_read_can_still_be_corrected(clerk, ledger):
    tell(clerk, ledger, book(ROW), dict.fromkeys(["乡镇", "签约时间"], ""))
    (table,) = headers_of(ledger, book(ROW), clerk)
    assert table.remembered
    assert [column.name for column in table.columns] == [None] * 5


def test_forgetting_reads_as_before(clerk, ledger):
    layout = tell(clerk, ledger, book(ROW), TOLD)
    with make.writing_as(clerk) as writing:
        forget(writing, layout)
    assert plan_import(ledger, book(ROW), clerk).rows == []


def test_a_sheet_left_out_is_said_and_not_read(clerk, ledger):
    headers = ("项目名称", "乡镇", "总投资（万元）", "签约时间")
    plan = plan_import(ledger, book(ROW[:4], headers=headers, sheets=("一月", "二月")), clerk, left_out=["二月"])
    assert [row.sheet for row in plan.rows] == ["一月"]
    assert any(w.sheet == "二月" and "按您的选择" in w.message for w in plan.warnings)


# -- the page ----------------------------------------------------------------------------------------


def upload(client, stream):
    file = SimpleUploadedFile("台账.xlsx", stream.getvalue())
    assert client.post("/ledgers/projects/import/", {"file": file}).status_code == 302


def chosen(**answers):
    """What the page sends: 0-1 is the first layout's first column."""
    return {"token": "x", "sheets": ["一月"], "0-2": "landing_unit", "0-4": "signed", **answers}


def test_the_journey_from_an_unread_sheet_to_its_rows(clerk, client_for):
    client = client_for(clerk)
    upload(client, book(ROW))
    assert "核对表头" in client.get("/ledgers/projects/import/preview/").content.decode()
    assert "甲项目" in client.get(ADDRESS).content.decode()
    sent = chosen(**{"0-1": "name", "0-3": "total_investment"})
    assert client.post(ADDRESS, sent).status_code == 302
    assert client.get("/ledgers/projects/import/preview/").context["plan"].row_count == 1
    again = client.get(ADDRESS)
    assert "恢复自动识别" in again.content.decode()
    layout = ImportLayout.objects.get()
    assert client.post(ADDRESS, {"forget": layout.fingerprint}).status_code == 302
    assert not ImportLayout.objects.exists()


def test_what_a_column_means_and_its_unit_are_said_at_once(clerk, client_for):
    """The unit of what is no money is not kept."""
    client = client_for(clerk)
    upload(client, book(ROW))
    sent = chosen(**{"0-1": "name", "0-1-unit": "亿元", "0-3": "total_investment", "0-3-unit": "元"})
    assert client.post(ADDRESS, sent).status_code == 302
    (row,) = client.get("/ledgers/projects/import/preview/").context["plan"].rows
    assert (row.values["name"], row.values["total_investment"]) == ("甲项目", Decimal(100))
    assert list(ImportLayout.objects.get().units.values()) == ["元"]


@pytest.mark.parametrize(("answers", "sentence"), [
    ({"0-1": "name", "0-3": "name"}, "“项目名称”已经选了另一列"),
    ({"0-1": "name", "sheets": []}, "请至少选一张工作表"),
    ({"0-1": "nonsense"}, "选择一个有效的选项"),
])  # fmt: skip
def test_what_cannot_be_meant_is_said_beside_its_column(clerk, client_for, answers, sentence):
    client = client_for(clerk)
    upload(client, book(ROW))
    answer = client.post(ADDRESS, chosen(**answers))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not ImportLayout.objects.exists()


def test_a_sheet_is_left_out_until_it_is_chosen_again(clerk, client_for):
    client = client_for(clerk)
    headers = ("项目名称", "乡镇", "总投资（万元）", "签约时间")
    upload(client, book(ROW[:4], headers=headers, sheets=("一月", "二月")))
    sent = chosen(**{"0-1": "name", "0-3": "total_investment"})
    preview = "/ledgers/projects/import/preview/"
    assert client.post(ADDRESS, sent).status_code == 302
    assert client.get(preview).context["plan"].row_count == 1
    assert client.post(ADDRESS, {**sent, "token": "y", "sheets": ["一月", "二月"]}).status_code == 302
    assert client.get(preview).context["plan"].row_count == 2
