"""一项目一档: one zip with an index, all rows, all verdicts, all files; for who may have it, told in the log."""

from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from core.audit import TAKEN
from core.files import attach, path_of, store
from core.models import AuditEntry
from core.spreadsheet.writing import OutColumn
from projects import dossier
from projects.dossier import Section, file_section
from projects.dossier_views import MOST_AT_ONCE
from projects.services import set_shares
from tests import factories as make

pytestmark = pytest.mark.django_db
SHEETS = ["目录", "基本情况", "合同", "节点", "到位资金", "认定意见", "分成", "领导联系", "历史"]
ABOVE = 4
"""Lines of a sheet above its rows: title, caption, 制表时间, header."""


def paper(record, ledger, slot, name, content=b"scan"):
    with make.writing_as(record.county) as writing:
        stored = store([content], name=name, at=make.NOW)
        return attach(writing, record, ledger=ledger, slot=slot, name=name, stored=stored)


@pytest.fixture
def project(township, files_root):
    """With a contract, money that was judged, and three files, two of one name."""
    found = make.new_project(township, name="某某/新材料项目")
    arrival = make.judge(make.new_arrival(found, "3400", date(2024, 3, 1)), note="回单相符")
    paper(found, "projects", "备案文件", "备案.pdf", b"filing")
    paper(arrival, "arrivals", "银行凭证", "回单.pdf", b"first slip")
    paper(arrival, "arrivals", "银行凭证", "回单.pdf", b"second slip")
    return found


def address(project):
    return f"/ledgers/projects/records/{project.code}/dossier.zip"


def taken(client, where):
    answer = client.get(where)
    assert answer.status_code == 200
    with ZipFile(BytesIO(b"".join(answer.streaming_content))) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def sheet(files, title, workbook="目录.xlsx"):
    rows = load_workbook(BytesIO(files[workbook]))[title].iter_rows(min_row=ABOVE, values_only=True)
    header = next(rows)
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_the_zip_holds_an_index_and_every_file(project, office, client_for):
    files = taken(client_for(office), address(project))
    papers = {"01_基本情况_备案文件_备案.pdf", "02_到位资金_银行凭证_回单.pdf", "03_到位资金_银行凭证_回单.pdf"}
    assert set(files) == {"目录.xlsx"} | papers
    assert files["03_到位资金_银行凭证_回单.pdf"] == b"second slip"
    assert load_workbook(BytesIO(files["目录.xlsx"])).sheetnames == SHEETS
    index = sheet(files, "目录")
    assert {row["档案中的文件名"] for row in index} == papers
    assert [row["序号"] for row in index] == [1, 2, 3]
    assert index[0]["大小（字节）"] == len(b"filing")


def test_every_sheet_says_what_the_ledgers_say(project, office, client_for):
    files = taken(client_for(office), address(project))
    facts = {row["项目"]: row["内容"] for row in sheet(files, "基本情况")}
    assert (facts["项目编号"], facts["项目名称"]) == (project.code, project.name)
    assert [row["到位金额（万元）"] for row in sheet(files, "到位资金")] == [3400]
    assert len(sheet(files, "合同")) == 1
    assert [(row["单位"], row["份额"], row["期间"]) for row in sheet(files, "分成")] == [("芦溪镇", 1, "从一开始")]
    judged = {row["类别"]: row for row in sheet(files, "认定意见")}
    assert (judged["到位资金"]["认定状态"], judged["到位资金"]["认定意见"]) == ("已认定", "回单相符")
    assert judged["到位资金"]["认定数（万元）"] == 3400
    assert any("到位资金" in row["做了什么"] for row in sheet(files, "历史"))


def test_what_is_void_stays_out(project, office, client_for):
    make.void(project.arrivals.get())
    files = taken(client_for(office), address(project))
    assert set(files) == {"目录.xlsx", "01_基本情况_备案文件_备案.pdf"}
    assert any("作废" in row["做了什么"] for row in sheet(files, "历史"))


def test_a_file_that_is_gone_is_said_and_breaks_nothing(project, office, client_for):
    gone = store([b"first slip"], name="回单.pdf", at=make.NOW)
    path_of(gone.sha256).unlink()
    files = taken(client_for(office), address(project))
    assert "02_到位资金_银行凭证_回单.pdf" not in files
    assert sheet(files, "目录")[1]["备注"] == dossier.GONE


def test_each_download_is_a_line_in_the_log_and_none_in_the_project_history(project, seats, client_for):
    for post in ("county", "township", "inspector"):
        taken(client_for(seats[post]), address(project))
    told = AuditEntry.objects.filter(action=TAKEN).order_by("pk")
    assert [(entry.actor, entry.record_code) for entry in told] == [
        (seats[post].label, project.code) for post in ("county", "township", "inspector")
    ]
    assert {entry.subject_model for entry in told} == {"townships.seat"}
    log = client_for(seats["auditor"]).get("/accounts/audit/?kind=views").content.decode()
    assert f"下载{project}档案（{project.code}）" in log


@pytest.mark.parametrize(("post", "answer"), [("leader", 403), ("department", 404), ("admin", 403), ("auditor", 403)])
def test_others_get_no_file_and_no_button(post, answer, project, seats, client_for):
    client = client_for(seats[post])
    assert client.get(address(project)).status_code == answer
    assert "下载档案" not in client.get(f"/ledgers/projects/records/{project.code}/").content.decode()
    assert not AuditEntry.objects.filter(action=TAKEN).exists()


def test_who_shares_the_credit_sees_the_project_and_does_not_take_its_file(project, neighbour, client_for):
    shares = [(project.landing_unit, "landing", 6000), (neighbour, "referral", 4000)]
    with make.writing_as(project.county) as writing:
        set_shares(writing, project=project, shares=shares)
    client = client_for(make.township_seat(neighbour))
    assert client.get(f"/ledgers/projects/records/{project.code}/").status_code == 200
    assert client.get(address(project)).status_code == 403


def test_the_button_stands_on_the_page(project, office, client_for):
    assert address(project) in client_for(office).get(f"/ledgers/projects/records/{project.code}/").content.decode()


def test_a_list_gives_a_folder_for_each_project(project, neighbour, office, client_for):
    other = make.new_project(neighbour, name="别的项目")
    client = client_for(office)
    files = taken(client, "/ledgers/projects/dossiers.zip")
    assert {name.split("/")[0] for name in files} == {
        "总目录.xlsx",
        f"{project.code}_某某 新材料项目",
        f"{other.code}_别的项目",
    }
    listed = sheet(files, "总目录", "总目录.xlsx")
    assert {row["项目编号"]: row["材料份数"] for row in listed} == {project.code: 3, other.code: 0}
    one = taken(client, f"/ledgers/projects/dossiers.zip?landing_unit={neighbour.code}")
    assert {name.split("/")[0] for name in one} == {"总目录.xlsx", f"{other.code}_别的项目"}
    assert "/ledgers/projects/dossiers.zip?" in client.get("/ledgers/projects/").content.decode()


def test_a_list_is_for_the_office_and_for_inspections(project, seats, client_for):
    assert client_for(seats["inspector"]).get("/ledgers/projects/dossiers.zip").status_code == 200
    assert client_for(seats["township"]).get("/ledgers/projects/dossiers.zip").status_code == 403
    assert "dossiers.zip" not in client_for(seats["township"]).get("/ledgers/projects/").content.decode()


def test_too_many_projects_are_refused_with_a_sentence(project, neighbour, office, client_for, monkeypatch):
    monkeypatch.setattr("projects.dossier_views.MOST_AT_ONCE", 1)
    client = client_for(office)
    assert client.get("/ledgers/projects/dossiers.zip").status_code == 200
    make.new_project(neighbour)
    answer = client.get("/ledgers/projects/dossiers.zip")
    assert answer.status_code == 400
    assert "符合条件的有2个项目，一次最多下载1个项目的档案，请缩小筛选范围。" in answer.content.decode()
    assert MOST_AT_ONCE == 200


def test_a_wrong_filter_is_told(office, client_for):
    assert client_for(office).get("/ledgers/projects/dossiers.zip?stage=nowhere").status_code == 400


def test_a_later_ledger_joins_with_one_line(project, office, client_for, monkeypatch):
    monkeypatch.setattr(dossier, "_FURTHER", [])
    note = Section("问题", lambda: [OutColumn("内容")], lambda project, seat: [project.name], lambda text, seat: [text])
    file_section(note)
    file_section(note)
    files = taken(client_for(office), address(project))
    names = load_workbook(BytesIO(files["目录.xlsx"])).sheetnames
    assert names == [*SHEETS[:5], "问题", *SHEETS[5:]]
    assert [row["内容"] for row in sheet(files, "问题")] == [project.name]


def test_more_rows_ask_no_more_questions(project, office, client_for):
    client = client_for(office)

    def questions():
        with CaptureQueriesContext(connection) as asked:
            taken(client, address(project))
        return len(asked)

    few = questions()
    for month in range(4, 8):
        paper(make.judge(make.new_arrival(project, month=date(2024, month, 1))), "arrivals", "发票", "发票.pdf")
    assert questions() == few <= 27
