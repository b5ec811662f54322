"""月统计表, 季排名表 and 年奖评表 on the office's form: the publication's numbers, read back from the file."""

import re
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook

from core.ledgers.ledger import all_ledgers
from core.periods import Period
from core.spreadsheet.official_form import write_form
from reporting.monthly.statistics import month_statistics
from reporting.official_forms import month_form, ranking_form
from reporting.presentation.monthly import month_page
from reporting.publishing.kinds import content_of
from reporting.ranking import draft_ranking
from tests import factories as make
from tests.publications import in_checking, published, published_month
from tests.reporting.office import all_printed
from tests.reporting.test_awards import scheme  # noqa: F401 (a fixture)
from tests.test_queries import row_for

pytestmark = pytest.mark.django_db
PAPER = re.compile(rb"/MediaBox\s*\[\s*0 0 (1190|841)")
"""A3 or A4, landscape."""


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.FILES_ROOT = tmp_path


def read(content):
    return list(load_workbook(BytesIO(content), data_only=True).active.iter_rows(values_only=True))


def drawn(form):
    return read(written(form))


def written(form):
    stream = BytesIO()
    write_form(stream, form)
    return stream.getvalue()


def filled(make_form, content):
    return written(make_form(content, county="示例县", made_on=make.TODAY))


def row_of(rows, name):
    return next(row for row in rows if name in row[:3])


def asked(client, row, status=200):
    answer = client.get(f"/reports/publications/{row.code}/form.xlsx")
    assert answer.status_code == status
    return read(answer.content)


def test_a_published_ranking_has_the_publications_scores(contest, office, client_for):
    row = published(contest, "2024Q2")
    make.judge(make.new_arrival(make.new_project(make.new_township(row.county, name="后来镇")), "1"))
    rows = asked(client_for(office), row)
    draft = content_of(row)
    assert rows[0][0] == f"{row.county}2024年二季度乡镇擂台排名表"
    assert [cell for cell in rows[1] if cell][-1] == "单位：分"
    for result in draft.results.units:
        cells = row_of(rows, result.unit)
        assert cells[0] == result.rank
        shown = [cell for cell in cells[2 : 2 + len(result.indicators)] if not isinstance(cell, str)]
        assert [Decimal(str(cell)) for cell in shown] == [
            one.score for one in result.indicators if one.score is not None
        ]
        assert Decimal(str(cells[-2])) == result.total


def test_headings_carry_full_marks_under_their_family(contest, county):
    rows = drawn(ranking_form(draft_ranking(contest, Period.parse("2024Q2")), county="示例县", made_on=make.TODAY))
    marks = [one.points for one in draft_ranking(contest, Period.parse("2024Q2")).rules.indicators]
    headings = [cell for cell in rows[3] if cell]
    assert [heading.rsplit("（", 1)[1] for heading in headings] == [f"{mark.normalize():f}分）" for mark in marks]


def test_the_years_form_names_tiers_and_adds_up_their_money(scheme):  # noqa: F811
    draft = draft_ranking(scheme, Period.parse("2024"))
    rows = drawn(ranking_form(draft, county="示例县", made_on=make.TODAY))
    assert rows[0][0].endswith("奖评表")
    money = sum(one.amount or 0 for one in draft.results.units)
    assert money > 0
    assert row_of(rows, "合计")[-2] == money
    for result in draft.results.units:
        assert row_of(rows, result.unit)[-3:-1] == (result.award or "未获奖", result.amount)


def test_a_publications_form_is_worded_by_the_county(contest, office, client_for):
    row, client = in_checking(contest, "2024Q2"), client_for(office)
    client.post("/forms/ranking/", {"title": "{县}{期间}擂台榜"})
    assert asked(client, row)[0][0] == f"{row.county}2024年二季度擂台榜"


def test_a_draft_says_that_it_is_one(contest, office, client_for):
    rows = asked(client_for(office), in_checking(contest, "2024Q2"))
    assert "第1版，草稿；部门台账口径，非统计数据" in [row[0] for row in rows]


def test_the_months_form_has_the_pages_numbers(contest, office, client_for, county):
    row = published_month(contest, "2024-05")
    rows = asked(client_for(office), row)
    page = month_page(content_of(row))
    assert rows[0][0] == f"{county}2024年5月统计表"
    read_back = [tuple(row[2:]) for row in rows if isinstance(row[0], int) or row[1] == "全县合计"]
    shown = [line for block in page.blocks for _, lines in block.groups for line in lines]
    wholes = [block.whole for block in page.blocks]
    assert len(read_back) == len(shown) + len(wholes)
    for block in page.blocks:
        start = next(place for place, row in enumerate(rows) if row[0] == f"{block.title}（{block.unit}）")
        whole = next(row for row in rows[start:] if row[1] == "全县合计")
        assert [_same(value, cell) for value, cell in zip(whole[2:], block.whole.cells, strict=True)] == [True] * 10


def _same(value, cell):
    return value == cell.text if cell.number is None else Decimal(str(value)) == cell.number


@pytest.mark.office
def test_libreoffice_opens_and_prints_every_form(scheme, contest, office, client_for, township, tmp_path):  # noqa: F811
    client = client_for(office)
    contents = {"month": filled(month_form, month_statistics(contest.county, Period.parse("2024-05"), contest))}
    contents |= {
        when: filled(ranking_form, draft_ranking(rules, Period.parse(when)))
        for rules, when in ((contest, "2024Q2"), (scheme, "2024"))
    }
    for ledger in (ledger for ledger in all_ledgers() if ledger.official_form):
        row_for(ledger.key, township)
        contents[ledger.key] = client.get(f"/ledgers/{ledger.key}/form.xlsx").content
    contents["targets"] = client.get("/reports/targets/2024/form.xlsx").content
    pages = all_printed(contents, tmp_path)
    assert len(pages) >= 7
    assert {name: PAPER.search(page) is not None for name, page in pages.items()} == dict.fromkeys(pages, True)


def test_the_publications_page_offers_it(contest, office, client_for):
    row = in_checking(contest, "2024Q2")
    shown = client_for(office).get(f"/reports/publications/{row.code}/").content.decode()
    assert f'href="/reports/publications/{row.code}/form.xlsx"' in shown


@pytest.mark.parametrize("page", ["months/2024-05", "ranking/2024Q2"])
def test_a_draft_is_printed_as_one(page, contest, client_for, county):
    client = client_for(make.new_seat(county, duties=["entry"]))
    shown = client.get(f"/reports/{page}/").content.decode()
    assert f'href="/reports/{page}/form.xlsx"' in shown
    texts = [cell for row in read(client.get(f"/reports/{page}/form.xlsx").content) for cell in row if cell]
    assert any("草稿；部门台账口径，非统计数据" in str(text) for text in texts)
    assert "芦溪镇" in texts
