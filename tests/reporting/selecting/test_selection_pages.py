"""遴选 in the pages: the township applies, the county examines, experts score, everybody sees what is theirs."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from reporting.models import Application, Selection
from reporting.scheme_editing.examples import example_body
from reporting.services import add_metrics
from reporting.shipped import shipped_metrics
from tests import factories as make
from tests.ratings import expert
from tests.selections import accepted, applied, called, published, scored, selecting_scheme
from townships.models import PilotTerm

pytestmark = pytest.mark.django_db
LIST = "/reports/selections/"
MOST = 46
"""Statements on a selection's page, however many applied."""


def in_days(count):
    return timezone.localdate() + timedelta(days=count)


@pytest.fixture
def selection(county):
    """Open on the day on which the test runs."""
    return called(county, apply_until=in_days(10))


@pytest.fixture
def address(selection):
    return f"{LIST}{selection.code}/"


@pytest.fixture
def publisher(county, client_for):
    return client_for(make.new_seat(county, "county", ["publish"]))


@pytest.fixture
def official(county, township, neighbour):
    """A selection whose result is published: the first township is chosen."""
    found = called(county)
    for unit in (township, neighbour):
        accepted(found, unit)
    scored(found, {township: 90, neighbour: 80})
    return published(found)


def page(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status, response.content.decode()
    return response.content.decode()


def post(client, address, status=302, **given):
    response = client.post(address, given)
    assert response.status_code == status, response.content.decode()
    return response["Location"] if status == 302 else response.content.decode()


def paper():
    return SimpleUploadedFile("申报书.pdf", b"paper", content_type="application/pdf")


WISH = {"category": "central", "type": "leading", "statement": "区位好"}


# -- the call ----------------------------------------------------------------------------------------


def test_a_county_begins_with_the_example_and_calls(county, office, client_for):
    client = client_for(office)
    with make.writing_as(county) as writing:
        add_metrics(writing, shipped_metrics())
    edit = post(client, "/reports/schemes/new/", example="g-selection")
    scheme = edit.split("/")[3]
    post(client, f"/reports/schemes/{scheme}/start/")
    told = {"name": "试点乡镇遴选", "scheme": scheme, "document": "县委办1号", "apply_until": in_days(9).isoformat()}
    where = post(client, f"{LIST}new/", **told, first_day="2027-01-01", last_day="2027-12-31")
    assert "已有0个乡镇申报" in page(client, where)
    assert Selection.objects.get().scheme.code == scheme


def test_a_call_in_the_past_is_refused_beside_its_day(county, office, client_for):
    told = {"name": "遴选", "scheme": selecting_scheme(county).code, "document": "1号", "apply_until": "2024-01-01"}
    text = post(client_for(office), f"{LIST}new/", 422, **told, first_day="2027-01-01", last_day="2027-12-31")
    assert "申报截止日期不能早于今天" in text


def test_without_a_scheme_the_page_says_what_to_do_first(office, client_for):
    assert "请先在考核方案里载入乡镇遴选示例" in page(client_for(office), f"{LIST}new/")


def test_places_are_part_of_the_schemes_settings(county, office, client_for):
    scheme = selecting_scheme(county)
    text = page(client_for(office), f"/reports/schemes/{scheme.code}/settings/")
    assert "中心镇名额" in text
    assert "名额：中心镇1个，特色镇1个" in page(client_for(office), f"/reports/schemes/{scheme.code}/")
    assert "参评单位</a>" not in text


# -- applying ----------------------------------------------------------------------------------------


def test_a_township_finds_the_call_on_its_first_page_and_applies(clerk, selection, address, client_for):
    client = client_for(clerk)
    assert "还没有申报" in page(client, "/")
    where = post(client, f"{address}apply/", **WISH, paper=paper())
    assert "申报书.pdf" in page(client, where)
    assert "已申报中心镇，待审查" in page(client, "/")


def test_an_application_without_a_paper_says_so(clerk, selection, address, client_for):
    assert "请选择" in post(client_for(clerk), f"{address}apply/", 422, **WISH)
    assert not Application.objects.exists()


def test_a_change_keeps_the_paper(clerk, selection, address, client_for):
    client = client_for(clerk)
    post(client, f"{address}apply/", **WISH, paper=paper())
    assert "不换就不用再传" in page(client, f"{address}apply/")
    post(client, f"{address}apply/", **{**WISH, "statement": "补充产业基础"})
    assert Application.objects.get().statement == "补充产业基础"


def test_a_township_does_not_see_who_else_applied_before(clerk, neighbour, selection, address, client_for):
    applied(selection, neighbour, at=timezone.now())
    text = page(client_for(clerk), address)
    assert neighbour.name not in text
    assert "已有1个乡镇申报" in text


def test_scores_are_shown_to_townships_from_checking_on(clerk, township, client_for, county):
    found = called(county)
    accepted(found, township)
    client = client_for(clerk)
    scores = f"{LIST}scores/{found.scheme.code}/"
    assert "到核对时才给乡镇看" in page(client, scores, 403)
    scored(found, {township: 90})
    published(found)
    assert "90.00" in page(client, scores)
    assert "返回排名" in page(client, f"{scores}{township.code}/")


def test_what_experts_said_of_another_township_is_not_offered_to_be_opened(
    official, clerk, township, neighbour, client_for
):
    client, opens = client_for(clerk), "看每一条记录"
    scores = f"/reports/publications/{official.code}/ranking/"
    assert opens in page(client, f"{scores}{township.code}/")
    assert opens not in page(client, f"{scores}{neighbour.code}/")


# -- examining, experts ------------------------------------------------------------------------------


def test_the_county_examines_and_asks_experts(county, office, township, selection, address, client_for):
    application = applied(selection, township, at=timezone.now())
    client = client_for(office)
    refused = f"{LIST}applications/{application.code}/examine/"
    assert "请写明理由" in post(client, refused, 422, outcome="refused")
    post(client, refused, outcome="accepted")
    judge = expert(county)
    post(client, f"{address}experts/", experts=judge.code, answer_by=in_days(3).isoformat())
    assert "已评0/1" in page(client, address)
    sheet = selection.sheets.get()
    text = page(client_for(judge), f"/reports/ratings/{sheet.code}/fill/")
    assert f'href="{address}"' in text
    assert "申报书.pdf" in page(client_for(judge), f"{LIST}applications/{application.code}/")


# -- published ---------------------------------------------------------------------------------------


def test_a_published_selection_shows_who_is_chosen_and_gives_the_terms(official, township, neighbour, publisher):
    address = f"{LIST}{official.scheme.selections.get().code}/"
    assert f"入选中心镇{township}" in page(publisher, address)
    where = post(publisher, f"{address}grant/", document="县府发〔2024〕20号")
    assert "已授予" in page(publisher, where)
    assert [term.unit for term in PilotTerm.objects.all()] == [township]
    assert "2025年1月1日至2025年12月31日" in page(publisher, address)


def test_it_stands_among_the_publications_and_in_no_ranking(official, publisher):
    assert "遴选方案" in page(publisher, "/reports/publications/")
    text = page(publisher, f"/reports/publications/{official.code}/")
    assert "2024年乡镇遴选" in text
    assert "看遴选结果" in text
    assert "通报" not in text
    shown = page(publisher, f"/reports/publications/{official.code}/ranking/")
    assert "未入选" in shown
    assert "重算去年同期" not in shown


def test_it_has_no_briefing(official, publisher):
    page(publisher, f"/reports/publications/{official.code}/briefing.docx", 404)


def test_the_frozen_workbook_says_who_is_chosen(official, publisher):
    response = publisher.get(f"/reports/publications/{official.code}/table.xlsx")
    book = load_workbook(BytesIO(b"".join(response.streaming_content)))
    cells = [str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row if cell.value is not None]
    assert any("2024年乡镇遴选" in text for text in cells)
    assert any(text.startswith("未入选") for text in cells)


def test_the_page_asks_as_often_for_many_as_for_one(county, office, client_for):
    def asked(count):
        found = called(county, scheme=selecting_scheme(county, name=f"遴选{count}"), apply_until=in_days(10))
        for _ in range(count):
            accepted(found, make.new_township(county), at=timezone.now())
        with CaptureQueriesContext(
            connection,
        ) as context:
            page(client_for(office), f"{LIST}{found.code}/")
        return len(context)

    few = asked(1)
    assert asked(4) == few <= MOST


def test_the_shipped_example_names_what_is_shipped():
    names = {row["name"] for row in shipped_metrics()}
    formulas = " ".join(row["formula"] for row in example_body("g-selection")["indicators"])
    assert {name for name in names if name.endswith("评分") and name in formulas} == {
        f"{item}评分" for item in ("区位交通", "资源禀赋", "规划衔接", "产业项目", "实施进度", "要素保障", "工作机制")
    }
