"""A township applies to be a pilot, the county examines, an expert scores; a published result gives the terms."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests import factories as make
from tests.browser.acts import fill, fits, go, message, press
from tests.browser.sizes import PHONE
from tests.ratings import expert
from tests.selections import accepted, called, published, scored, selecting_scheme

pytestmark = pytest.mark.browser
PAPER = {"name": "芦溪镇申报书.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 paper"}


def in_days(count):
    return (timezone.localdate() + timedelta(days=count)).isoformat()


def follow(page, name):
    go(page.get_by_role("main").get_by_role("link", name=name, exact=True).first)


def apply(page):
    page.goto("/")
    follow(page, "去申报")
    page.get_by_label("中心镇（名额1个）").check()
    page.get_by_label("示范引领型").check()
    fill(page, statement="区位好，产业基础牢。")
    page.locator("[name=paper]").set_input_files(PAPER)
    press(page, "提交申报")
    assert "已提交" in message(page)
    assert fits(page)


def examine(page, selection, judge):
    page.goto(f"/reports/selections/{selection.code}/")
    follow(page, "审查")
    page.get_by_label("受理", exact=True).check()
    press(page, "保存")
    follow(page, "请专家评分")
    fill(page, answer_by=in_days(3))
    page.get_by_label(judge.label).check()
    press(page, "下发评分表")


def score(page):
    page.goto("/")
    go(page.locator(".answer a").first)
    page.get_by_label("芦溪镇的分值").fill("88")
    press(page, "保存评分")


def close(page, selection):
    page.goto(f"/reports/selections/{selection.code}/")
    follow(page, "区位交通")
    follow(page, "截止")
    press(page, "截止")
    page.goto(f"/reports/selections/{selection.code}/")


def test_a_township_applies_and_is_scored(small, seated):
    until = timezone.localdate() + timedelta(days=5)
    selection = called(small.county, scheme=selecting_scheme(small.county), apply_until=until)
    office, judge = seated(small.seats["county"]), expert(small.county)
    apply(seated(make.township_seat(small.luxi), PHONE))
    examine(office, selection, judge)
    score(seated(judge))
    close(office, selection)
    row = office.locator("tbody tr", has_text="芦溪镇").first.inner_text()
    assert "88.00" in row
    assert "入选" in row


def test_the_chosen_become_pilots(small, seated):
    selection = called(small.county, scheme=selecting_scheme(small.county))
    for unit in (small.luxi, small.tashan):
        accepted(selection, unit)
    scored(selection, {small.luxi: 90, small.tashan: 80})
    published(selection)
    office = seated(small.seats["county2"])
    office.goto(f"/reports/selections/{selection.code}/")
    assert office.locator(".answer").inner_text() == "入选中心镇芦溪镇。"
    follow(office, "授予试点")
    fill(office, document="县府发〔2024〕20号")
    press(office, "授予试点")
    assert message(office) == "已授予芦溪镇试点。"
    assert "2025年1月1日至2025年12月31日" in office.locator("tbody tr", has_text="芦溪镇").first.inner_text()
