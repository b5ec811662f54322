"""通报 downloaded: its numbers are the page's, its words those of the ranking, frozen or of today."""

import json
import subprocess
from datetime import date
from io import BytesIO
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from docx import Document

from core.dates import DateSpan
from tests import factories as make
from tests.publications import published
from tests.reporting import year
from tests.reporting.briefing.reading import rows, texts
from tests.reporting.published import page as shown
from tests.reporting.published import published as published_figures
from tests.reporting.published import ranked_rows
from tests.reporting.scoring_files import SAMPLE_NAMES, SAMPLES

PERIOD = "2024Q2"
DRAFT = f"/reports/ranking/{PERIOD}/briefing.docx"


def downloaded(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return response


def read(client, address):
    return Document(BytesIO(downloaded(client, address).content))


def test_a_draft_says_so_everywhere(contest, office, client_for):
    response = downloaded(client_for(office), DRAFT)
    name = unquote(response["Content-Disposition"])
    assert name.endswith("关于2024年二季度乡镇擂台情况的通报（草稿）.docx")
    document = Document(BytesIO(response.content))
    assert "关于2024年二季度乡镇擂台情况的通报\n（草稿）" in texts(document)
    assert document.sections[0].header.paragraphs[0].text == "草稿"
    assert "没有经过审定，发布前还会变化" in "".join(texts(document))


def test_the_words_of_a_quarter(contest, office, client_for):
    """5310.5 of 10000 万元 are 53.105 %, half the year's pace is 50 %."""
    found = texts(read(client_for(office), DRAFT))
    assert "2024年二季度共2个单位参评，按组排名，其中中心镇1个、特色镇1个。" in found
    assert "2个单位合计：本年累计到位资金5,310.50万元，完成年度目标的53.1%，超时序3.1个百分点。" in found
    assert "（一）中心镇。第1名芦溪镇，100.00分。" in found
    assert any(text.startswith("（二）塔山镇。总分") for text in found)
    assert "本年累计到位资金。超时序的1个：芦溪镇（超25.0个百分点）；欠进度的1个：塔山镇（欠29.7个百分点）。" in found
    assert "六、下步打算" in found
    assert not any("黑榜" in text or "榜单" in text or "奖励" in text for text in found)


def test_numbers_equal_the_published_page(contest, office, client_for):
    row = published(contest, PERIOD)
    client = client_for(office)
    page = ranked_rows(shown(client, f"/reports/publications/{row.code}/ranking/"))
    document = read(client, f"/reports/publications/{row.code}/briefing.docx")
    table = rows(document.tables[0])
    heading = table[0]
    assert document.sections[0].header.is_linked_to_previous
    assert len(table) == 1 + len(page)
    for cells in table[1:]:
        told = dict(zip(heading, cells, strict=True))
        assert told["总分"] in " ".join(page[told["单位"]]).split()
        assert f"总分{told['总分']}分" in "".join(texts(document))


def test_what_is_published_stays_while_records_change(contest, township, office, client_for):
    row = published(contest, PERIOD)
    client, address = client_for(office), f"/reports/publications/{row.code}/briefing.docx"
    before = texts(read(client, address))
    project = make.new_project(township, signed=DateSpan.day(date(2024, 5, 1)))
    make.judge(make.new_arrival(project, "777", date(2024, 5, 2)))
    assert texts(read(client, address)) == before
    assert f"{row.meeting}审定" in "".join(before)


@pytest.fixture
def awarded_year(contest, county, township, neighbour):
    """芦溪镇 has 75 % of its year's target and takes the first award, 塔山镇 20.26 % and failed the year before."""
    year.add_score_metrics(county)
    make.new_score(neighbour, "50", "2023")
    return year.awarded(year.year_scheme(county, [township, neighbour]), provisional=True)


def test_the_words_of_a_year(awarded_year, office, client_for):
    document = read(client_for(office), f"/reports/publications/{awarded_year.code}/briefing.docx")
    found = texts(document)
    assert "关于2024年度乡镇擂台考核情况的通报\n（暂定）" in found
    assert "合格线为60分，达到的1个（芦溪镇），没有达到的1个（塔山镇）。" in found
    assert "（一）一等奖。1个单位，芦溪镇（50万元）。" in found
    assert "（二）二等奖。没有单位。" in found
    assert "共1个单位获奖，奖金合计50万元，奖给单位，不发给个人。" in found
    lists = [text for text in found if text[3:].startswith(("擂主。", "调整。", "表扬。"))]
    assert [text.split("。条件")[0] for text in lists] == [
        "（一）擂主。1个单位，芦溪镇", "（二）调整。1个单位，塔山镇", "（三）表扬。没有单位",
    ]  # fmt: skip
    assert rows(document.tables[2])[1][:2] == ["一等奖", "芦溪镇"]


@pytest.mark.parametrize("post", ["county", "county2", "leader", "inspector"])
def test_who_may_download(contest, seats, client_for, post):
    downloaded(client_for(seats[post]), DRAFT)
    assert "下载通报（Word）" in shown(client_for(seats[post]), f"/reports/ranking/{PERIOD}/")


@pytest.mark.parametrize("post", ["township", "township2", "department"])
def test_units_are_not_offered_it(contest, seats, client_for, post):
    client = client_for(seats[post])
    assert client.get(DRAFT).status_code == 403
    assert "下载通报" not in shown(client, f"/reports/ranking/{PERIOD}/")


def test_nothing_before_it_is_published_and_nothing_without_a_scheme(contest, office, client_for):
    client = client_for(office)
    assert client.get("/reports/ranking/2024/briefing.docx").status_code == 404
    assert client.get("/reports/ranking/2024Q9/briefing.docx").status_code == 404


def test_a_published_briefing_asks_little(contest, office, client_for):
    row = published(contest, PERIOD)
    client = client_for(office)
    with CaptureQueriesContext(connection) as asked:
        downloaded(client, f"/reports/publications/{row.code}/briefing.docx")
    assert len(asked) <= 8


@pytest.mark.parametrize("name", SAMPLE_NAMES)
def test_every_sample_scheme_tells_its_totals(county, office, client_for, name):
    """Vetoes, ties, missing targets, lists and awards: totals and ranks as the page has them."""
    scheme, inputs = (json.loads((SAMPLES / f"{name}.{kind}.json").read_text()) for kind in ("scheme", "input"))
    row = published_figures(county, scheme, inputs)
    document = read(client_for(office), f"/reports/publications/{row.code}/briefing.docx")
    heading, *table = rows(document.tables[0])
    told = [dict(zip(heading, cells, strict=True)) for cells in table]
    page = ranked_rows(shown(client_for(office), f"/reports/publications/{row.code}/ranking/"))
    assert {one["单位"] for one in told} == {unit["name"] for unit in inputs["units"]}
    assert all(one["总分"] in " ".join(page[one["单位"].split()[0]]).split() for one in told)


@pytest.mark.office
def test_a_real_office_program_opens_it(contest, office, client_for, tmp_path):
    """One sheet of text at least, and each attachment on a page of its own."""
    (tmp_path / "briefing.docx").write_bytes(downloaded(client_for(office), DRAFT).content)
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(tmp_path / "briefing.docx")], check=True, capture_output=True, timeout=180)
    told = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "briefing.pdf"), "-"], check=True, capture_output=True, timeout=60
    )
    pages = [page for page in told.stdout.decode().split("\f") if page.strip()]
    assert len(pages) >= 4
    assert all("草稿" in page for page in pages)
    assert [sum(f"附件{n}" in page.replace(" ", "") for page in pages) for n in (1, 2)] == [1, 1]
