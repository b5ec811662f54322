"""A project of one group becomes half another's: its shares, both groups' ranking, and the figure behind it."""

import pytest

from projects.models import ProjectShare
from tests.browser.acts import fill, go, message, ranking, save, touch
from tests.browser.county import QUARTER

pytestmark = pytest.mark.browser


def shares_page(page, project, scope="general"):
    page.goto(f"/ledgers/projects/records/{project.code}/")
    go(page.get_by_role("heading", name="分成").locator("..").get_by_role("link", name="修改"))
    if scope != "general":
        go(page.get_by_role("link", name=scope, exact=True))


def part(page, number, unit, role, percent):
    fill(page, **{f"unit_{number}": unit, f"role_{number}": role, f"percent_{number}": percent})


def total(page):
    return page.locator("[data-sum]").inner_text()


def test_half_of_a_project_moves_to_another_unit(small, seated):
    office = seated(small.seats["county"])
    before = ranking(office)
    shares_page(office, small.tashan_project)
    assert total(office) == "100%"
    touch(office.get_by_role("button", name="增加一行"))
    part(office, 0, "塔山镇", "落地", "50")
    assert total(office) == "50%"
    part(office, 1, "芦溪镇", "首谈", "40%")
    assert total(office) == "90%"
    fill(office, document="两镇分成协议")
    save(office)
    assert "各单位份额之和要等于100%，现在是90%。" in office.locator(".error-summary").inner_text()
    part(office, 1, "芦溪镇", "首谈", "50")
    save(office)
    assert message(office).startswith("已保存“塔山装配式建筑部品项目”的通用分成")
    assert {s.percent for s in ProjectShare.objects.current().filter(project=small.tashan_project)} == {5000}
    after = ranking(office)
    assert float(after["塔山镇"][1]) < float(before["塔山镇"][1])
    assert float(after["芦溪镇"][1]) > float(before["芦溪镇"][1])
    office.goto(f"/reports/ranking/{QUARTER}/{small.luxi.code}/")
    go(office.get_by_role("article", name="新签约金额").get_by_role("link", name="新签约金额"))
    row = office.locator("tr", has_text="塔山装配式建筑部品项目").first
    assert "1,500.00" in row.inner_text()
    assert "50%" in row.inner_text()
