"""From the draft to the document and its correction, as office and townships do it together."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from tests import factories as make
from tests.browser.acts import fill, go, message, press, texts
from tests.browser.county import QUARTER

pytestmark = pytest.mark.browser

RANKING = f"/reports/ranking/{QUARTER}/"


def in_days(count):
    return (timezone.localdate() + timedelta(days=count)).isoformat()


def follow(page, name):
    go(page.locator("main a", has_text=re.compile(f"^{name}$")).last)


def open_checking(office, **more):
    office.goto(RANKING)
    follow(office, "发起更正" if more else "发起核对")
    fill(office, answer_by=in_days(2), **more)
    press(office, "发起核对")
    return office.url


def confirm(page, address, unit):
    page.goto(address)
    press(page, f"{unit}确认无误")
    assert message(page).startswith(f"{unit}已确认")


def dispute(page, row):
    """The first figure of the neighbour's score, and one row of it."""
    page.goto(RANKING)
    follow(page, "塔山镇")
    go(page.get_by_role("article", name="新签约金额").get_by_role("link", name="新签约金额"))
    follow(page, "申请复核")
    label = texts(page.locator("[name=row] option", has_text=row))[0]
    fill(page, row=label, claim="该项目由本镇首谈，请核对份额。")
    press(page, "提交")


def settle(office, address, meeting):
    office.goto(address)
    follow(office, "审定")
    fill(office, meeting=meeting, approved_on=in_days(0))
    press(office, "审定")
    follow(office, "发布")
    press(office, "发布")
    assert message(office).startswith("已发布2024年二季度")


def test_a_ranking_is_checked_disputed_published_and_corrected(small, seated):
    office, leader = seated(small.seats["county2"]), seated(small.seats["leader"])
    luxi = seated(make.township_seat(small.luxi, ["entry", "review"]))
    tashan = seated(make.township_seat(small.tashan, ["review"]))
    first = open_checking(office)
    dispute(luxi, "塔山装配式建筑部品项目")
    confirm(tashan, first, "塔山镇")
    office.goto(first)
    assert "2个单位中1个已确认，1条复核申请待答复" in office.locator(".answer").inner_text()
    follow(office, "答复")
    office.get_by_label("不采纳").check()
    fill(office, reply="首谈单位为塔山镇，有登记表。")
    press(office, "答复")
    settle(office, first, "领导小组第2次会议")
    leader.goto(RANKING)
    follow(leader, "第1版")
    assert "已发布 第1版" in leader.locator(".title-line").inner_text()
    published = leader.locator("table.ranking").inner_text()

    make.judge(make.new_arrival(small.tashan_project, "900"))
    second = open_checking(office, correction="塔山镇漏计一笔到位资金900万元")
    confirm(luxi, second, "芦溪镇")
    confirm(tashan, second, "塔山镇")
    settle(office, second, "领导小组第3次会议")
    told = office.get_by_role("main").inner_text()
    assert "塔山镇本年累计到位资金：800 改为 1700" in told
    leader.reload()
    assert leader.locator("table.ranking").inner_text() == published  # the first version is what it was
    leader.goto(second)
    follow(leader, "看排名")
    assert "已发布 第2版" in leader.locator(".title-line").inner_text()
    assert leader.locator("table.ranking").inner_text() != published
