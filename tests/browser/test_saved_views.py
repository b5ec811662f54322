"""A view of a list from one desk to another: saved, shared, opened by a township, exported as it stands."""

from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from tests import factories as make
from tests.browser.acts import downloaded, fill, go, tick, touch

pytestmark = pytest.mark.browser

COLUMNS = "columns=name,total_investment"


def test_a_shared_view_is_opened_by_another_seat_and_exported(transactional_db, seated):
    county = make.new_county(name="示例县")
    township = make.new_township(county)
    make.new_project(township, name="框架项目", agreement={"kind": "framework"})
    make.new_project(township, name="正式项目")
    office, clerk = make.new_seat(county), make.township_seat(township, ["entry"])

    page = seated(office)
    page.goto(f"/ledgers/projects/?{COLUMNS}")
    tick(page, "签约类型", "正式合同")
    touch(page.locator("summary", has_text="视图"))
    go(page.get_by_role("link", name="保存为视图"))
    fill(page, name="正式签约")
    page.get_by_label("共享给全县").check()
    go(page.get_by_role("button", name="保存视图"))
    page.locator("summary", has_text="视图：正式签约").wait_for()

    other = seated(clerk)
    other.goto("/ledgers/projects/")
    touch(other.locator("summary", has_text="视图"))
    go(other.get_by_role("link", name="正式签约"))
    other.locator("summary", has_text="视图：正式签约").wait_for()
    expect(other.locator("#results tbody th")).to_have_text(["正式项目"])
    touch(other.locator("summary", has_text="导出"))
    file = downloaded(other.get_by_role("link", name="本表"))
    sheet = load_workbook(BytesIO(Path(file.path()).read_bytes())).active
    rows = [row[:2] for row in sheet.iter_rows(values_only=True)]
    assert rows[-2:] == [("项目名称", "总投资（万元）"), ("正式项目", 1000)]
