"""A county's own workbook, from the upload to accepted history."""

import json
import re
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import expect

from core.ledgers import import_runs
from core.ledgers.ledger import ledger_for
from tests.background import work
from tests.browser.acts import downloaded, fill, fits, go, log_in, press, texts
from tests.browser.county import give_password
from tests.browser.sizes import LAPTOP, PHONE
from tests.core.sample_cells import cases_of, is_taken, table_of
from tests.factories import new_county, new_township, seats_of_every_role
from townships.models import Unit

pytestmark = pytest.mark.browser

WORKBOOKS = Path(__file__).parent.parent / "data" / "workbooks"
EXPECTED = json.loads((WORKBOOKS / "county-261-projects.expected.json").read_text(encoding="utf-8"))


@pytest.fixture
def seats(transactional_db):
    county = new_county(name="示例县")
    return seats_of_every_role(county, new_township(county))


def upload(page, ledger, file, *, new_townships=False):
    """The preview of what the file would do."""
    page.goto(f"/ledgers/{ledger}/import/")
    page.set_input_files("[name=file]", file)
    if new_townships:
        page.get_by_label("导入时一并新增").check()
    go(page.get_by_role("button", name="上传并核对"))
    page.wait_for_url("**/import/preview/")
    assert "还没有写入" in page.locator(".title-line").inner_text()


def confirm(page, button="^导入"):
    """The address of the batch."""
    go(page.get_by_role("button", name=re.compile(button)))
    page.wait_for_url("**/imports/*/")
    return page.url


def import_workbook(page, ledger):
    """Upload, look at the preview, confirm; the address of the batch."""
    upload(page, ledger, WORKBOOKS / "county-261-projects.xlsx", new_townships=True)
    return confirm(page)


def accept_history(page, batch):
    page.goto(batch)
    fill(page, document="县招商引资工作领导小组会议纪要〔2024〕3号", dated="2024年1月8日")
    press(page, "把这一批认定为历史数据")


def total_of(page, ledger, query=""):
    page.goto(f"/ledgers/{ledger}/?{query}")
    return page.locator(".words .total").inner_text()


def test_a_workbook_of_261_projects_becomes_accepted_history(seats, seated):
    entry, review = seated(seats["county"]), seated(seats["county2"])
    batch = import_workbook(entry, "projects")
    expect(entry.get_by_role("button", name="把这一批认定为历史数据")).to_have_count(0)
    accept_history(review, batch)
    accept_history(review, import_workbook(entry, "arrivals"))
    assert total_of(review, "projects").startswith(f"共 {EXPECTED['projects']} 个项目，")
    for year, figures in EXPECTED["by_year"].items():
        months = f"counted_from={year}-01-01&counted_to={year}-12-31"
        assert total_of(review, "projects", f"signing_verdict=accepted&{months}").startswith(
            f"共 {figures['signed']} 个项目，"
        )
        assert f" {float(figures['funds_yi']):.2f} 亿元" in total_of(review, "arrivals", f"verdict=accepted&{months}")
    assert f"{EXPECTED['funds_total_yi']} 亿元" in total_of(review, "arrivals", "verdict=accepted")


def test_a_file_that_is_no_workbook_is_refused_beside_its_field(seats, seated, tmp_path):
    wrong = tmp_path / "台账.xlsx"
    wrong.write_text("这不是工作簿", encoding="utf-8")
    page = seated(seats["county"])
    page.goto("/ledgers/projects/import/")
    page.set_input_files("[name=file]", wrong)
    go(page.get_by_role("button", name="上传并核对"))
    expect(page.locator(".field.wrong .errorlist li")).to_have_count(1)


def rows_of_preview(page, kind):
    """The numbers of the sheet's rows that the preview shows of that kind."""
    go(page.get_by_role("navigation", name="按种类查看").get_by_role("link", name=kind))
    return [int(text) for text in texts(page.locator(".list-table tbody td.number:nth-child(4)"))]


def test_the_band_rows_become_projects_of_their_townships(seats, seated):
    expected = json.loads((WORKBOOKS / "townships-band-rows.expected.json").read_text(encoding="utf-8"))
    page = seated(seats["county"])
    upload(page, "projects", WORKBOOKS / "townships-band-rows.xlsx", new_townships=True)
    assert page.locator(".answer").inner_text().startswith("共 82 行：")
    check = page.locator(".import-totals tbody tr", has_text="总投资")
    expect(check.locator("td")).to_have_text(["280,300.00", "280,300.00", "一致"])
    confirm(page)
    assert total_of(page, "projects") == "共 82 个项目，总投资 28.03 亿元"
    for name, figures in expected["by_township"].items():
        unit = Unit.objects.filter(name=name).first()
        assert (unit is None) == (figures["count"] == 0)
        if unit:
            assert total_of(page, "projects", f"landing_unit={unit.code}").startswith(f"共 {figures['count']} 个项目，")


def test_of_the_sample_cells_each_doubt_is_shown_and_the_rest_is_taken(seats, seated, tmp_path):
    ledger, cases, file = ledger_for("projects"), cases_of("projects"), tmp_path / "样表.xlsx"
    file.write_bytes(table_of(cases).getvalue())
    taken = [row for row, case in enumerate(cases, 2) if is_taken(case, ledger)]
    refused = [row for row, case in enumerate(cases, 2) if not is_taken(case, ledger)]
    new_township(seats["county"].county, name="芦溪镇")
    page = seated(seats["county"])
    upload(page, "projects", file)
    remarked = texts(page.get_by_role("region", name="要改的地方").locator("tbody td.number"))
    assert [*dict.fromkeys(int(text) for text in remarked)] == refused
    assert rows_of_preview(page, "错误") == refused
    assert rows_of_preview(page, "新增") == taken
    confirm(page, "^只导入没有错误的行")
    assert total_of(page, "projects").startswith(f"共 {len(taken)} 个项目，")
    page.goto("/ledgers/projects/?q=样表第3例")
    assert "12,000.00" in page.locator(".list-table tbody tr").inner_text()


STRANGE = ("工程项目全称", "所在镇办", "合同金额")


def strange_workbook(path, *names):
    """A header that says nothing of what the ledger knows, but for one column."""
    book = Workbook()
    book.active.title = "一月"
    book.active.append((*STRANGE, "签约时间"))
    for name in names:
        book.active.append((name, "芦溪镇", 1200, "2024-03-05"))
    book.save(path)
    return path


def read_as(page, **meanings):
    for header, meaning in meanings.items():
        page.get_by_label(f"“{header}”读作", exact=True).select_option(label=meaning)


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_a_header_that_was_explained_once_is_read_ever_after(size, seats, seated, tmp_path):
    new_township(seats["county"].county, name="芦溪镇")
    page = seated(seats["county"], size)
    upload(page, "projects", strange_workbook(tmp_path / "一月.xlsx", "甲项目"))
    expect(page.get_by_role("button", name=re.compile("^导入"))).to_have_count(0)
    go(page.get_by_role("link", name="核对表头"))
    read_as(page, 工程项目全称="项目名称", 所在镇办="落户乡镇", 合同金额="总投资")
    page.get_by_label("“合同金额”的单位", exact=True).select_option(label="万元")
    assert fits(page)
    go(page.get_by_role("button", name="按此读取，并记住这种表头"))
    confirm(page)
    upload(page, "projects", strange_workbook(tmp_path / "二月.xlsx", "乙项目", "丙项目"))
    assert page.locator(".answer").inner_text().startswith("共 2 行：")
    go(page.get_by_role("link", name="核对表头"))
    expect(page.get_by_role("button", name="忘掉这些选择，恢复自动识别")).to_have_count(1)


def plain_workbook(path):
    """Rows 2 to 4 are good, row 5 has a month that does not exist."""
    signed = {"甲项目": "2024-03-05", "乙项目": "2024年4月", "丙项目": "2023年", "丁项目": "2024.13"}
    book = Workbook()
    book.active.append(("项目名称", "落户乡镇", "总投资（万元）", "签约时间"))
    for name, day in signed.items():
        book.active.append((name, "芦溪镇", 1200, day))
    book.save(path)
    return path


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_rows_are_chosen_and_the_batch_is_taken_back(size, seats, seated, tmp_path):
    new_township(seats["county"].county, name="芦溪镇")
    page = seated(seats["county"], size)
    upload(page, "projects", plain_workbook(tmp_path / "台账.xlsx"))
    assert fits(page)
    expect(page.get_by_label("勾选Sheet第5行")).to_have_count(0)
    for row in (2, 4):
        page.get_by_label(f"勾选Sheet第{row}行").check()
    batch = confirm(page, "^只导入本页勾选的行")
    page.goto("/ledgers/projects/?sort=name")
    assert sorted(texts(page.locator(".list-table tbody th a"))) == ["丙项目", "甲项目"]
    page.goto(batch)
    go(page.get_by_role("link", name="撤销这一批"))
    assert "新增的 2 条记录作废" in page.locator(".answer").inner_text()
    fill(page, reason="选错了文件")
    assert fits(page)
    press(page, "撤销这一批")
    page.goto("/ledgers/projects/")
    expect(page.locator(".list-table tbody tr")).to_have_count(0)


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_the_workbook_comes_back_with_a_comment_at_what_is_wrong(size, seats, seated, tmp_path):
    new_township(seats["county"].county, name="芦溪镇")
    page = seated(seats["county"], size)
    upload(page, "projects", plain_workbook(tmp_path / "台账.xlsx"))
    sentence = page.get_by_role("region", name="要改的地方").locator("td.says").bounding_box()
    assert sentence["x"] + sentence["width"] <= size["width"]
    file = downloaded(page.get_by_role("link", name="下载标注好的表"))
    assert file.suggested_filename == "台账（已标注）.xlsx"
    sheet = load_workbook(BytesIO(Path(file.path()).read_bytes())).active
    said = {cell.coordinate: cell.comment.text for row in sheet for cell in row if cell.comment}
    assert [place for place, sentence in said.items() if sentence.startswith("错误")] == ["D5"]
    assert "没有13月" in said["D5"]


def upload_long(page):
    page.goto("/ledgers/projects/import/")
    page.set_input_files("[name=file]", WORKBOOKS / "county-261-projects.xlsx")
    page.get_by_label("导入时一并新增").check()
    go(page.get_by_role("button", name="上传并核对"))
    page.wait_for_url("**/import/progress/")


def leave_and_come_back(page):
    page.goto("/ledgers/projects/")
    page.goto("/ledgers/projects/import/")
    go(page.get_by_role("link", name="接着核对"))
    page.wait_for_url("**/import/progress/")


def wait_on(page):
    """The page leads on by itself."""


def look_on(page):
    """By its link, where scripts are off."""
    go(page.get_by_role("link", name="看看到哪一步了"))


def import_in_the_background(page, onward):
    """Both runs of the worker, each while its page is looked at."""
    upload_long(page)
    assert "正在排队" in page.locator("[role=status]").inner_text()
    leave_and_come_back(page)
    work()
    onward(page)
    page.wait_for_url("**/import/preview/")
    go(page.get_by_role("button", name=re.compile("^导入")))
    page.wait_for_url("**/import/progress/")
    assert page.get_by_role("heading", level=1).inner_text() == "正在导入"
    work()
    onward(page)
    page.wait_for_url("**/imports/*/")
    assert f"新增 {EXPECTED['projects']} 条" in page.locator(".message").inner_text()


def test_a_long_workbook_says_how_far_it_is_and_leads_on_by_itself(seats, seated, monkeypatch):
    monkeypatch.setattr(import_runs, "LONG", 100)
    page = seated(seats["county"])
    import_in_the_background(page, wait_on)
    assert total_of(page, "projects").startswith(f"共 {EXPECTED['projects']} 个项目，")


def test_a_long_workbook_without_scripts(seats, opened, monkeypatch):
    monkeypatch.setattr(import_runs, "LONG", 100)
    give_password(seats["county"].user, "office")
    page = opened(java_script_enabled=False)
    log_in(page, "office")
    import_in_the_background(page, look_on)


def test_a_long_workbook_that_could_not_be_written_is_told(seats, seated, monkeypatch):
    monkeypatch.setattr(import_runs, "LONG", 100)
    page = seated(seats["county"])
    upload_long(page)
    monkeypatch.setattr(import_runs, "plan_import", None)
    work()
    page.get_by_role("alert").wait_for()
    assert "台账没有任何改动" in page.get_by_role("alert").inner_text()
    monkeypatch.undo()
    monkeypatch.setattr(import_runs, "LONG", 100)
    go(page.get_by_role("button", name="重新核对"))
    page.wait_for_url("**/import/progress/")
    work()
    page.wait_for_url("**/import/preview/")
