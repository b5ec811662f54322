"""On a slow line people go on while an answer is under way: what they did last is what they see in the end."""

import re

import pytest
from playwright.sync_api import expect

from reporting.models import Scheme
from reporting.scheme_editing.services import copy_scheme
from tests import factories as make
from tests.browser.acts import answered_backwards, fill, touch, typed

pytestmark = pytest.mark.browser


@pytest.fixture
def new_indicator(small, seated):
    """The page of an indicator that is not there yet, in a draft."""
    scheme = Scheme.objects.get()
    with make.writing_as(small.county) as writing:
        draft = copy_scheme(writing, scheme=scheme, name=scheme.name, year=scheme.year)
    page = seated(small.seats["county"])
    page.goto(f"/reports/schemes/{draft.code}/edit/indicators/new/")
    return page


def choose(page, rule):
    page.locator("[name=rule]").select_option(label=rule)


def test_a_filter_chosen_while_the_list_is_being_sorted_holds(small, seated):
    page = seated(small.seats["county"])
    page.goto("/ledgers/projects/")
    with answered_backwards(page, re.compile("sort=")):
        touch(page.locator("#results thead").get_by_role("link", name="项目名称"))
        touch(page.locator(".pick summary", has_text="签约类型"))
        page.locator(".pick[open]").get_by_label("框架协议", exact=True).check()
    expect(page).to_have_url(re.compile("contract=framework.*sort=|sort=.*contract=framework"))
    expect(page.locator(".words li")).to_contain_text(["框架协议"])
    expect(page.locator("#results tbody th")).to_have_text(["芦溪光伏框架项目"])


def test_what_is_typed_while_a_preset_brings_its_blanks_stays(new_indicator):
    with answered_backwards(new_indicator, re.compile("/indicators/")):
        choose(new_indicator, "分档")
        fill(new_indicator, name="签约")
    expect(new_indicator.locator("[name=slot_p3]")).to_have_count(1)
    assert typed(new_indicator, "name") == ["签约"]


def test_of_two_presets_chosen_one_after_the_other_the_last_holds(new_indicator):
    with answered_backwards(new_indicator, re.compile("/indicators/")):
        choose(new_indicator, "全有全无")
        choose(new_indicator, "分档")
    expect(new_indicator.locator("[name=slot_p3]")).to_have_count(1)
    expect(new_indicator.locator("[name=rule] option:checked")).to_have_text("分档")
