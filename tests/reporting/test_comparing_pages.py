"""A publication beside last year on the same definition, and as one sheet in SVG."""

import re
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.dates import DateSpan
from core.periods import Period
from reporting.models import Publication
from reporting.presentation.picture import picture
from reporting.publishing.thawing import published_draft
from reporting.ranking import draft_ranking
from reporting.services import add_scheme
from tests import factories as make
from tests.publications import published
from tests.reporting.contest import SCHEME
from tests.reporting.published import published as published_from
from tests.reporting.scoring_files import input_data, scheme_data, unit_data
from tests.reporting.test_supposing_pages import page, rows

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.FILES_ROOT = tmp_path


def compared(publication):
    return f"/reports/publications/{publication.code}/compared/"


def sheet(publication):
    return f"/reports/publications/{publication.code}/picture.svg"


@pytest.fixture
def young(county):
    """A unit founded after last year's quarter."""
    return make.new_township(county, name="新设镇", valid_from=date(2024, 7, 1))


@pytest.fixture
def this_year(contest, county, township, neighbour, young):
    """The contest's quarter a year on, under a scheme of its own; in the old one 芦溪镇 and 塔山镇 took part."""
    body = {**SCHEME, "year": 2025, "indicators": [{**one, "points": 50} for one in SCHEME["indicators"]]}
    participants = [(township, "中心镇"), (neighbour, "特色镇"), (young, "特色镇")]
    with make.writing_as(county) as writing:
        scheme = add_scheme(writing, body=body, participants=participants, document="县委办〔2025〕1号")
    return published(scheme, "2025Q2")


@pytest.fixture
def last_year(contest):
    return published(contest, "2024Q2")


# -- 同口径比较 -----------------------------------------------------------------------------------------


def test_last_year_is_recomputed_beside_what_was_published(last_year, this_year, contest, township, office, client_for):
    then = draft_ranking(this_year.scheme, Period.parse("2024Q2"))
    recomputed = {unit.unit: f"{unit.total:.2f}" for unit in then.results.units}
    make.judge(make.new_arrival(make.new_project(township, signed=DateSpan.day(date(2024, 5, 2))), "500"))
    shown = page(client_for(office), address=compared(this_year))
    found = rows(shown)
    assert "重算用的是今天掌握的记录" in shown
    assert [found["塔山镇"][i] for i in (0, 3, 4)] == ["1", published_total(last_year, "塔山镇"), recomputed["塔山镇"]]
    assert found["芦溪镇"][3] == published_total(last_year, "芦溪镇")
    assert f"/reports/publications/{last_year.code}/ranking/" in shown


def published_total(publication, unit):
    return f"{publication.scores.get(unit__name=unit).total:.2f}"


def test_a_unit_that_did_not_exist_says_so_and_takes_no_rank(last_year, this_year, office, client_for):
    shown = page(client_for(office), address=compared(this_year))
    assert "新设镇2024年二季度时还没有设立，没有参加重算。" in shown
    assert "新设镇" not in rows(shown)


def test_without_a_publication_last_year_there_is_only_the_recomputed_one(this_year, office, client_for):
    shown = page(client_for(office), address=compared(this_year))
    assert "2024年二季度没有发布过排名，只有重算的结果。" in shown
    assert [rows(shown)["芦溪镇"][i] for i in (0, 3, 5)] == ["—", "—", "—"]


def test_the_last_version_of_last_year_is_the_one_compared_with(last_year, this_year, contest, office, client_for):
    second = published(contest, "2024Q2", correction="补正")
    shown = page(client_for(office), address=compared(this_year))
    assert f"/reports/publications/{second.code}/ranking/" in shown
    assert f"/reports/publications/{last_year.code}/ranking/" not in shown


def test_comparing_asks_little_more_than_a_draft(last_year, this_year, office, client_for):
    client = client_for(office)
    with CaptureQueriesContext(connection) as asked:
        page(client, address=compared(this_year))
    assert len(asked) <= 20


def test_what_is_not_published_is_neither_compared_nor_drawn(contest, office, client_for):
    with make.writing_as(contest.county) as writing:
        row = writing.add(Publication(scheme=contest, period="2024Q2", answer_by=make.TODAY + timedelta(days=1)))
    client = client_for(office)
    assert [client.get(address(row)).status_code for address in (compared, sheet)] == [404, 404]


# -- the picture ----------------------------------------------------------------------------------------


def texts(markup):
    return ["".join(node.itertext()) for node in ElementTree.fromstring(markup).iter(f"{SVG}text")]


def test_the_picture_says_what_the_publication_says(last_year, office, client_for):
    response = client_for(office).get(sheet(last_year))
    assert response["Content-Type"].startswith("image/svg+xml")
    said = texts(response.content)
    assert {"2024年二季度乡镇擂台", "中心镇", "特色镇", "芦溪镇", "塔山镇", "名次", "总分", "较上期"} <= set(said)
    assert published_total(last_year, "芦溪镇") in said
    assert f"校验码前16位：{last_year.sha256[:16]}" in said
    assert "领导小组第1次会议审定，2024年7月5日" in said
    assert "部门台账口径，非统计数据" in said
    assert "第1版" in "".join(said)
    assert b"style" not in response.content


def test_names_are_written_as_text_whatever_they_are(county, office, client_for):
    inputs = input_data(unit_data("甲<b>&乙", {"签约额": 1}))
    row = published_from(county, scheme_data(), inputs)
    assert "甲<b>&乙" in texts(client_for(office).get(sheet(row)).content)


@pytest.mark.parametrize("count", [1, 20, 60])
def test_all_units_stand_between_title_and_record(count, county):
    inputs = input_data(*(unit_data(f"第{n:02}乡镇人民政府驻地街道办事处", {"签约额": n}) for n in range(count)))
    row = published_from(county, scheme_data(), inputs)
    drawn = picture(row, published_draft(row))
    assert len(drawn.lines) == count
    assert 560 < drawn.head_rule < drawn.lines[0].y < drawn.lines[-1].rule <= 2620
    assert all(line.squeezed == ("700" if 16 * drawn.size > 700 else "") for line in drawn.lines)
    assert max(len(line) for line, _ in drawn.answer) <= 44
    assert re.fullmatch(r"[0-9a-f]{16}", drawn.record[2][0].rpartition("：")[2])
