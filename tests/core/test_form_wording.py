"""表样用语: a county's own title, lines and signatures on its printed forms; nobody else's."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from core.models import FormWording
from tests import factories as make

pytestmark = pytest.mark.django_db
ADDRESS = "/forms/projects/"
WORDS = {"title": "{县}{年}年项目总台账", "footer_lines": "注：含园区。\n\n=1+1", "signatures": "填表:张三\n审核"}


def first_column(client, address="/ledgers/projects/form.xlsx"):
    answer = client.get(address)
    assert answer.status_code == 200
    return [row[0] for row in load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True)]


def test_the_countys_words_are_printed(office, county, client_for):
    client = client_for(office)
    assert client.post(ADDRESS, WORDS).url == "/forms/"
    found = first_column(client)
    assert found[0].startswith(f"{county}20")
    assert found[0].endswith("年项目总台账")
    assert found[-3:-1] == ["注：含园区。", "=1+1"]
    assert found[-1].split() == ["填表：张三", "审核："]
    assert "{县}{年}年项目总台账" in client.get("/forms/").content.decode()


def test_another_county_keeps_the_shipped_words(office, elsewhere, client_for):
    client_for(office).post(ADDRESS, WORDS)
    abroad = client_for(make.new_seat(elsewhere, duties=["entry"]))
    assert first_column(abroad)[0] == f"{elsewhere}招商引资项目台账"


def test_a_unit_prints_the_countys_words_and_may_not_change_them(office, clerk, county, client_for):
    client_for(office).post(ADDRESS, {"title": "{县}总表"})
    assert first_column(client_for(clerk))[0] == f"{county}总表"
    assert client_for(clerk).post(ADDRESS, {"title": "别的"}).status_code == 403


def test_what_is_left_blank_stays_as_it_is_shipped(office, county, client_for):
    client = client_for(office)
    client.post(ADDRESS, {"footer_lines": "注：含园区。"})
    found = first_column(client)
    assert found[0] == f"{county}招商引资项目台账"
    assert found[-1].split() == ["制表人：", "审核人：", "负责人："]


def test_the_words_are_changed_and_their_history_told(office, client_for):
    client = client_for(office)
    client.post(ADDRESS, {"title": "甲"})
    page = client.get(ADDRESS)
    assert page.context["form"].initial["title"] == "甲"
    client.post(ADDRESS, {"title": "乙", "version": page.context["form"].initial["version"]})
    assert FormWording.objects.get().title == "乙"
    assert "把标题由 甲 改为 乙" in client.get(ADDRESS).content.decode()


def test_who_saw_an_older_version_is_told(office, client_for):
    client = client_for(office)
    client.post(ADDRESS, {"title": "甲"})
    version = FormWording.objects.get().row_version
    client.post(ADDRESS, {"title": "乙", "version": version})
    assert client.post(ADDRESS, {"title": "丙", "version": version}).status_code == 422
    assert FormWording.objects.get().title == "乙"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"footer_lines": "\n".join("一" * 9)}, "最多写8行。"),
        ({"signatures": "\n".join("一" * 7)}, "最多写6行。"),
        ({"signatures": "：张三"}, "冒号前面要写明是谁签名"),
    ],
)
def test_what_does_not_fit_is_said(given, sentence, office, client_for):
    answer = client_for(office).post(ADDRESS, given)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_nothing_said_keeps_nothing(office, client_for):
    client_for(office).post(ADDRESS, {})
    assert not FormWording.objects.exists()


def test_a_form_that_is_not_there(office, client_for):
    assert client_for(office).get("/forms/nothing/").status_code == 404


def test_the_list_leads_to_the_words(office, clerk, client_for):
    link = 'href="/forms/projects/"'
    assert link in client_for(office).get("/ledgers/projects/").content.decode()
    assert link not in client_for(clerk).get("/ledgers/projects/").content.decode()
