"""A county's own workbook, from the upload to accepted history."""

import json
import re
from pathlib import Path

import pytest

from core.ledgers import import_runs
from tests.background import work
from tests.browser.acts import fill, log_in
from tests.browser.county import give_password
from tests.factories import new_county, new_township, seats_of_every_role

pytestmark = pytest.mark.browser

WORKBOOKS = Path(__file__).parent.parent / "data" / "workbooks"
EXPECTED = json.loads((WORKBOOKS / "county-261-projects.expected.json").read_text(encoding="utf-8"))


@pytest.fixture
def seats(transactional_db):
    county = new_county(name="示例县")
    return seats_of_every_role(county, new_township(county))


def import_workbook(page, ledger):
    """Upload, look at the preview, confirm; the address of the batch."""
    page.goto(f"/ledgers/{ledger}/import/")
    page.set_input_files("[name=file]", WORKBOOKS / "county-261-projects.xlsx")
    page.get_by_label("导入时一并新增").check()
    page.get_by_role("button", name="上传并核对").click()
    page.wait_for_url("**/import/preview/")
    assert "还没有写入" in page.locator(".title-line").inner_text()
    page.get_by_role("button", name=re.compile("^导入")).click()
    page.wait_for_url("**/imports/*/")
    return page.url


def accept_history(page, batch):
    page.goto(batch)
    fill(page, document="县招商引资工作领导小组会议纪要〔2024〕3号", dated="2024年1月8日")
    page.get_by_role("button", name="把这一批认定为历史数据").click()
    page.locator(".message").wait_for()


def total_of(page, ledger, query=""):
    page.goto(f"/ledgers/{ledger}/?{query}")
    return page.locator(".words .total").inner_text()


def test_a_workbook_of_261_projects_becomes_accepted_history(seats, seated):
    entry, review = seated(seats["county"]), seated(seats["county2"])
    batch = import_workbook(entry, "projects")
    assert entry.get_by_role("button", name="把这一批认定为历史数据").count() == 0
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
    page.get_by_role("button", name="上传并核对").click()
    assert page.locator(".field.wrong .errorlist li").count() == 1


def upload(page):
    page.goto("/ledgers/projects/import/")
    page.set_input_files("[name=file]", WORKBOOKS / "county-261-projects.xlsx")
    page.get_by_label("导入时一并新增").check()
    page.get_by_role("button", name="上传并核对").click()
    page.wait_for_url("**/import/progress/")


def leave_and_come_back(page):
    page.goto("/ledgers/projects/")
    page.goto("/ledgers/projects/import/")
    page.get_by_role("link", name="接着核对").click()
    page.wait_for_url("**/import/progress/")


def look_on(page):
    """A page leads on by itself, or by its link where scripts are off."""
    link = page.get_by_role("link", name="看看到哪一步了")
    if link.count():
        link.click()


def import_in_the_background(page):
    """Both runs of the worker, each while its page is looked at."""
    upload(page)
    assert "正在排队" in page.locator("[role=status]").inner_text()
    leave_and_come_back(page)
    work()
    look_on(page)
    page.wait_for_url("**/import/preview/")
    page.get_by_role("button", name=re.compile("^导入")).click()
    page.wait_for_url("**/import/progress/")
    assert page.get_by_role("heading", level=1).inner_text() == "正在导入"
    work()
    look_on(page)
    page.wait_for_url("**/imports/*/")
    assert f"新增 {EXPECTED['projects']} 条" in page.locator(".message").inner_text()


def test_a_long_workbook_says_how_far_it_is_and_leads_on_by_itself(seats, seated, monkeypatch):
    monkeypatch.setattr(import_runs, "LONG", 100)
    page = seated(seats["county"])
    import_in_the_background(page)
    assert total_of(page, "projects").startswith(f"共 {EXPECTED['projects']} 个项目，")


def test_a_long_workbook_without_scripts(seats, opened, monkeypatch):
    monkeypatch.setattr(import_runs, "LONG", 100)
    give_password(seats["county"].user, "office")
    page = opened(java_script_enabled=False)
    log_in(page, "office")
    import_in_the_background(page)


def test_a_long_workbook_that_could_not_be_written_is_told(seats, seated, monkeypatch):
    monkeypatch.setattr(import_runs, "LONG", 100)
    page = seated(seats["county"])
    upload(page)
    monkeypatch.setattr(import_runs, "plan_import", None)
    work()
    page.get_by_role("alert").wait_for()
    assert "台账没有任何改动" in page.get_by_role("alert").inner_text()
    monkeypatch.undo()
    monkeypatch.setattr(import_runs, "LONG", 100)
    page.get_by_role("button", name="重新核对").click()
    page.wait_for_url("**/import/progress/")
    work()
    page.wait_for_url("**/import/preview/")
