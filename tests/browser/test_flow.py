"""From a township's entry to the leader's question: what moved the ranking, and what did not count."""

from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.browser.acts import accept_list, downloaded, fill, go, log_in, message, ranking, save, texts, tick, typed
from tests.browser.county import QUARTER, give_password
from tests.reporting.office import recalculated, spoilt

pytestmark = pytest.mark.browser

PROJECT = {
    "name": "芦溪魔芋精粉加工项目",
    "landing_unit": "芦溪镇",
    "signed": "2024-06-18",
    "contract": "正式合同",
    "investor": "示例魔芋食品公司",
}


def open_new_project(page):
    page.goto("/")
    go(page.get_by_role("link", name="新增项目", exact=True))


def enter_project(page, total="6000"):
    fill(page, **PROJECT, total_investment=total)
    save(page)


def enter_arrival(page, project, amount):
    """From the project's own page, which fills in the project."""
    go(page.get_by_role("link", name="登记到位资金"))
    assert project in page.locator("[name=project]").input_value()
    fill(page, month="2024-06", amount=amount)
    save(page)


def signed_in_by_password(opened, seat, username):
    give_password(seat.user, username)
    page = opened()
    log_in(page, username)
    return page


def test_an_impossible_amount_is_refused_beside_its_field_and_nothing_typed_is_lost(small, seated):
    page = seated(small.seats["township"])
    open_new_project(page)
    enter_project(page, total="1234567890123")
    beside = page.locator(".field.wrong", has=page.locator("[name=total_investment]"))
    assert "1234567890123" in beside.locator(".errorlist").inner_text()
    expect(page.locator(".field.wrong")).to_have_count(1)
    assert "总投资" in page.locator(".error-summary").inner_text()
    names = ("name", "signed", "investor", "total_investment")
    assert typed(page, *names) == [PROJECT["name"], PROJECT["signed"], PROJECT["investor"], "1234567890123"]
    fill(page, total_investment="6000")
    save(page)
    assert "已新增项目“芦溪魔芋精粉加工项目”" in message(page)


def test_an_entry_moves_the_ranking_once_a_second_person_has_verified_it(small, opened, seated):
    leader = seated(small.seats["leader"])
    before = ranking(leader)
    assert before == {"塔山镇": ("1", "50.00"), "芦溪镇": ("2", "0.00")}

    clerk = signed_in_by_password(opened, small.seats["township"], "clerk")
    open_new_project(clerk)
    enter_project(clerk)
    assert "已新增项目" in message(clerk)
    enter_arrival(clerk, PROJECT["name"], "4200")
    assert ranking(leader) == before  # 填报 is not 认定

    office = signed_in_by_password(opened, small.seats["county2"], "office")
    for ledger, done in (("agreements", "已认定 1 笔签约。"), ("arrivals", "已认定 1 笔到位资金。")):
        office.goto(f"/ledgers/{ledger}/?landing_unit={small.luxi.code}")
        tick(office, "认定状态", "待认定")
        accept_list(office, "与协议和凭证核对无误")
        assert message(office) == done
    after = ranking(leader)
    assert after["塔山镇"][1] == "50.00"
    assert {unit: rank for unit, (rank, _) in after.items()} == {"芦溪镇": "1", "塔山镇": "2"}
    drill_down(leader)


def drill_down(page):
    """单位 → 算式与代入 → 计入 and 未计入, each with what explains it."""
    go(page.get_by_role("link", name="芦溪镇"))
    scored = page.get_by_role("article", name="新签约金额")
    words = scored.inner_text()
    assert "取小（新签约金额 ÷ 时序目标（新签约金额），1）× 满分" in words
    assert "MIN(6000 ÷ 2000, 1) × 20 = 20" in words
    go(scored.get_by_role("link", name="新签约金额"))
    inside, outside = texts(page.locator(".sides > section"))
    assert PROJECT["name"] in inside
    assert "未计入及原因（1条）" in outside
    assert "芦溪光伏框架项目" in outside
    assert "是框架协议，不是正式合同" in outside
    go(page.get_by_role("link", name="中打开"))
    assert page.locator(".words .total").inner_text().startswith("共 1 笔签约")


@pytest.mark.office
def test_the_downloaded_ranking_recalculates_to_what_the_page_shows(small, seated, tmp_path):
    page = seated(small.seats["leader"])
    shown = ranking(page)
    file = downloaded(page.get_by_role("link", name="下载Excel"))
    content = Path(file.path()).read_bytes()
    assert file.suggested_filename == "2024年二季度乡镇擂台排名表.xlsx"
    assert load_workbook(BytesIO(content)).sheetnames[0] == "排名"
    sheet = recalculated(spoilt(content), tmp_path)["排名"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    found = {row[1]: totals_in(row, shown[row[1]]) for row in rows if row[1] in shown}
    assert found == shown


def totals_in(row, expected):
    """(rank, total) where the row holds both numbers; what it holds instead, else."""
    rank, total = expected
    numbers = [f"{value:.2f}" for value in row if isinstance(value, int | float)]
    return expected if f"{int(rank):.2f}" in numbers and total in numbers else numbers


def test_leaders_reach_the_ranking_from_the_menu(small, seated):
    page = seated(small.seats["leader"])
    page.goto("/")
    go(page.get_by_role("link", name="擂台排名"))
    page.wait_for_url(f"**/{QUARTER}/")
    assert "中心镇第1 塔山镇" in page.locator(".answer").inner_text()
