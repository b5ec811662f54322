"""补录: a project, contract or milestone of a closed month comes in with its explanation, by form and by workbook."""

import json
from datetime import date
from io import BytesIO, StringIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from core.closing import close_month
from core.ledgers.ledger import all_ledgers
from core.records import DatedRecord
from projects.models import Agreement, Arrival, Milestone, Project
from tests import factories as make

pytestmark = pytest.mark.django_db
MARCH, APRIL = date(2024, 3, 1), date(2024, 4, 1)
HEADERS = ("项目名称", "落户乡镇", "签约时间", "签约类型", "总投资（万元）")


@pytest.fixture
def close(reviewer):
    def closed(*ledgers, month=MARCH):
        with make.writing_as(reviewer) as writing:
            for ledger in ledgers:
                close_month(writing, ledger=ledger, month=month)

    return closed


def project_form(township, **values):
    given = {"name": "甲项目", "landing_unit": township.pk, "signed": "2024-03-05", "contract": "formal"}
    return {**given, "total_investment": "8000", **values}


# -- forms ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ledger", [lg for lg in all_ledgers() if lg.closings], ids=lambda lg: lg.key)
def test_every_ledger_that_months_close_asks_for_the_explanation(ledger):
    for columns in (ledger.asked_columns(None), ledger.import_columns):
        assert "late_reason" in [column.name for column in columns]


def test_every_ledger_of_dated_rows_says_which_column_its_months_close_by():
    for ledger in all_ledgers():
        if issubclass(ledger.model, DatedRecord):
            assert list(ledger.closings.values()) == [ledger.model]


def test_a_project_signed_in_a_closed_month_is_asked_why_it_comes_late(township, clerk, client_for, close):
    close("agreements")
    page = client_for(clerk).post("/ledgers/projects/new/", project_form(township))
    assert (page.status_code, Project.objects.count()) == (422, 0)
    assert page.context["form"].errors == {
        "late_reason": ["2024年3月的签约记录已经关账。确需补录的，请写明原因，它将计入尚未关账的月份。"]
    }
    page = client_for(clerk).post("/ledgers/projects/new/", project_form(township, late_reason="协议晚到"))
    assert page.status_code == 302
    signing = make.judge(Agreement.objects.get())
    assert (signing.late_reason, signing.happened_on, signing.counted_from) == ("协议晚到", date(2024, 3, 5), APRIL)


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("agreements", {"kind": "framework", "reason": "new", "happened": "2024-03-05", "total_investment": "1"}),
        ("milestones", {"step": "landing", "happened": "2024-03-05"}),
    ],
)
def test_a_row_of_a_project_is_asked_too(key, values, township, clerk, client_for, close):
    project = make.new_project(township)
    close(key)
    address, given = f"/ledgers/{key}/new/", {"project": project.code, **values}
    page = client_for(clerk).post(address, given)
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["late_reason"])
    assert client_for(clerk).post(address, {**given, "late_reason": "晚到"}).status_code == 302


# -- workbooks --------------------------------------------------------------------------------------


def workbook(*rows, headers=HEADERS):
    book = openpyxl.Workbook()
    book.active.title = "一季度"
    for row in (headers, *rows):
        book.active.append(row)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


THREE = (
    ("甲项目", "芦溪镇", "2024-03-05", "正式合同", 100),
    ("乙项目", "芦溪镇", "2024-04-05", "正式合同", 200),
    ("丙项目", "芦溪镇", "2024-03-25", "正式合同", 300),
)


@pytest.fixture
def command(tmp_path, clerk):
    """command(ledger, workbook, *options): exit code and report of the import."""

    def run(ledger, content, *options):
        path, out = tmp_path / "台账.xlsx", StringIO()
        path.write_bytes(content)
        with pytest.raises(SystemExit) as end:
            call_command("import_ledger", ledger, str(path), "--as", clerk.user.username, *options, stdout=out)
        return end.value.code, json.loads(out.getvalue())

    return run


def places(remarks):
    return [(remark["sheet"], remark["row"], remark["column"]) for remark in remarks]


def test_every_row_at_fault_is_named(command, close):
    close("agreements")
    code, report = command("projects", workbook(*THREE))
    assert (code, Project.objects.count()) == (1, 0)
    assert places(report["errors"]) == [("一季度", 2, "签约时间"), ("一季度", 4, "签约时间")]
    assert report["errors"][0]["message"].startswith("第2行“签约时间”：2024年3月的签约记录已经关账")


def test_an_explanation_for_all_lets_them_in_and_touches_only_late_rows(command, close):
    close("agreements")
    code, report = command("projects", workbook(*THREE), "--reason", "乡镇漏报")
    assert (code, report["created"]) == (0, 3)
    reasons = dict(Agreement.objects.values_list("project__name", "late_reason"))
    assert reasons == {"甲项目": "乡镇漏报", "乙项目": "", "丙项目": "乡镇漏报"}
    assert places(report["warnings"]) == [("一季度", 2, "签约时间"), ("一季度", 4, "签约时间")]


def test_a_rows_own_explanation_goes_before(command, close):
    close("agreements")
    rows = [(*row, reason) for row, reason in zip(THREE, ("晚到", None, None), strict=True)]
    content = workbook(*rows, headers=(*HEADERS, "补录说明"))
    _, report = command("projects", content)
    assert places(report["errors"]) == [("一季度", 4, "签约时间")]
    assert command("projects", content, "--reason", "漏报")[0] == 0
    assert Agreement.objects.get(project__name="甲项目").late_reason == "晚到"


def test_the_start_that_comes_with_a_project_has_its_own_closing(command, close):
    close("milestones")
    content = workbook(
        ("甲项目", "芦溪镇", "2024-02-05", "正式合同", 100, "2024-03-09"), headers=(*HEADERS, "开工时间")
    )
    _, report = command("projects", content)
    assert places(report["errors"]) == [("一季度", 2, "开工时间")]
    assert command("projects", content, "--reason", "漏报")[0] == 0
    assert Milestone.objects.get().late_reason == "漏报"


def test_what_was_there_in_time_is_not_changed_by_an_explanation(command, close):
    command("projects", workbook(*THREE))
    close("agreements")
    changed = (("甲项目", "芦溪镇", "2024-03-05", "正式合同", 111), *THREE[1:])
    code, report = command("projects", workbook(*changed), "--reason", "漏报")
    assert code == 1
    assert places(report["errors"]) == [("一季度", 2, "总投资")]
    assert "已经关账，不能再改" in report["errors"][0]["message"]


def test_a_row_does_not_move_into_a_closed_month_unnoticed(command, close):
    command("projects", workbook(*THREE))
    close("agreements", month=date(2024, 2, 1))
    _, report = command("projects", workbook(("甲项目", "芦溪镇", "2024-02-05", "正式合同", 100)), "--reason", "漏报")
    assert places(report["errors"]) == [("一季度", 2, "签约时间")]
    assert "请新增一条" in report["errors"][0]["message"]


def test_what_closing_does_not_lock_is_still_updated(command, close):
    command("projects", workbook(*THREE))
    close("agreements")
    rows = [(*row, "主体施工") for row in THREE]
    code, report = command("projects", workbook(*rows, headers=(*HEADERS, "进展情况")))
    assert (code, report["updated"]) == (0, 3)


def test_money_of_a_closed_month_is_named_and_let_in_alike(command, close, township):
    project = make.new_project(township)
    close("arrivals")
    content = workbook((project.name, "2024年3月", 5), headers=("项目名称", "到位月份", "到位金额（万元）"))
    _, report = command("arrivals", content)
    assert places(report["errors"]) == [("一季度", 2, "到位月份")]
    assert command("arrivals", content, "--reason", "回单晚到")[0] == 0
    assert Arrival.objects.get().late_reason == "回单晚到"


# -- the preview in the browser ---------------------------------------------------------------------


def test_the_preview_asks_why_and_then_imports(clerk, client_for, close):
    close("agreements")
    client = client_for(clerk)
    client.post("/ledgers/projects/import/", {"file": SimpleUploadedFile("台账.xlsx", workbook(*THREE))})
    address = "/ledgers/projects/import/preview/"
    page = client.get(address)
    assert page.status_code == 422
    assert page.content.decode().count("2024年3月的签约记录已经关账") == 2
    assert 'name="late_reason"' in page.content.decode()
    assert client.post(address, {"late_reason": ""}).status_code == 422
    assert client.post(address, {"late_reason": "乡镇漏报"}).status_code == 302
    page = client.get(address)
    assert page.status_code == 200
    assert "乡镇漏报" in page.content.decode()
    assert (client.post(address, {"token": "x"}).status_code, Project.objects.count()) == (302, 3)


def test_the_preview_asks_nothing_where_nothing_is_late(clerk, client_for):
    client = client_for(clerk)
    client.post("/ledgers/projects/import/", {"file": SimpleUploadedFile("台账.xlsx", workbook(*THREE))})
    assert 'name="late_reason"' not in client.get("/ledgers/projects/import/preview/").content.decode()
