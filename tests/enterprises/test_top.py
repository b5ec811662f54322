"""行业前十: who makes how much of a figure, for a month or the year so far, and who sees of whom."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest

from core.periods import Period
from enterprises.top import Asked, last_told, top_of
from tests import factories as make

pytestmark = pytest.mark.django_db
PAGE, BOOK = "/ledgers/enterprise_months/top/", "/ledgers/enterprise_months/top.xlsx"
MAY = Period.parse("2024-05")


def told(township, revenue, month=5, industry="1711", **values):
    enterprise = make.new_enterprise(township, industry=industry, **values)
    make.new_figures(enterprise, date(2024, month, 1), revenue=Decimal(revenue))
    return enterprise


def lines(found):
    return [(line.rank, line.label, line.value, line.share) for line in found]


def test_ranks_values_and_shares(township, neighbour, office):
    told(township, "600", name="甲")
    told(neighbour, "300.5", name="乙", industry="52")
    told(township, "99.5", name="丙", industry="")
    found = top_of(office, Asked("revenue", MAY))
    assert (found.total, found.members, found.share_of_first) == (1000, 3, 10_000)
    assert lines(found.enterprises) == [
        (1, "甲", 600, 6000), (2, "乙", Decimal("300.5"), 3005), (3, "丙", Decimal("99.5"), 995)
    ]  # fmt: skip
    assert [(line.industry, line.value) for line in found.industries] == [
        ("纺织业", 600), ("零售业", Decimal("300.5")), ("未填行业", Decimal("99.5"))
    ]  # fmt: skip
    assert [(line.township, line.members, line.share) for line in found.townships] == [
        ("芦溪镇", 2, 6995), ("塔山镇", 1, 3005)
    ]  # fmt: skip


def test_equals_share_a_place_and_the_eleventh_is_left_out(township, office):
    for amount in (*range(20, 11, -1), 11, 11, 10):
        told(township, str(amount))
    found = top_of(office, Asked("revenue", MAY))
    assert [line.rank for line in found.enterprises] == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10]
    assert [line.tied for line in found.enterprises] == [False] * 9 + [True, True]
    assert found.members == 12


def test_a_month_and_the_year_so_far(township, office):
    one = told(township, "100", month=5)
    for month, amount in ((1, 7), (6, 1000)):
        make.new_figures(one, date(2024, month, 1), revenue=Decimal(amount))
    make.new_figures(one, date(2023, 12, 1), revenue=Decimal(1000))
    totals = [top_of(office, Asked("revenue", MAY, whole_year)).total for whole_year in (False, True)]
    assert totals == [100, 107]


def test_only_what_enterprises_say_and_still_stands(township, office):
    one = told(township, "100")
    make.new_mandate(one)
    make.new_figures(one, date(2024, 5, 1), "tax", revenue=Decimal(999))
    refused = told(township, "50")
    make.judge(refused.months.get(), verdict="refused", note="重复")
    make.new_figures(make.new_enterprise(township), date(2024, 5, 1), power=5)
    assert (top_of(office, Asked("revenue", MAY)).total, top_of(office, Asked("power", MAY)).total) == (100, 5)


def test_by_section_and_township(township, neighbour, office):
    told(township, "1", name="厂")
    told(township, "2", name="店", industry="5211")
    told(neighbour, "4", name="邻厂")
    asked = [Asked("revenue", MAY, section="C"), Asked("revenue", MAY, township=township)]
    assert [[line.label for line in top_of(office, one).enterprises] for one in asked] == [["邻厂", "厂"], ["店", "厂"]]


def test_a_township_sees_its_own_alone(township, neighbour, clerk, client_for):
    told(township, "1", name="本镇厂")
    told(neighbour, "4", name="邻镇厂")
    assert [line.label for line in top_of(clerk, Asked("revenue", MAY)).enterprises] == ["本镇厂"]
    page = client_for(clerk).get(f"{PAGE}?month=2024-05&township={neighbour.code}").content.decode()
    assert ("本镇厂" in page, "邻镇厂" in page) == (True, False)


def test_nothing_and_less_than_nothing_have_no_share(township, office):
    told(township, "0")
    assert [line.share for line in top_of(office, Asked("revenue", MAY)).enterprises] == [None]
    assert top_of(office, Asked("tax", MAY)).enterprises == []


def test_the_page_begins_with_the_last_month_told(township, office, client_for):
    told(township, "100", month=4)
    assert last_told(office, date(2024, 5, 1)).code == "2024-04"
    assert last_told(office, date(2024, 4, 30)).code == "2024-03"
    page = client_for(office).get(PAGE).content.decode()
    assert "2024年4月营业收入前十" in page


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("month=五月", "五月"),
        ("month=2024", "请写到月份"),
        ("month=", "请填写"),
        ("figure=profit", "选择一个有效的选项"),
        ("figure=employees&span=year", "从业人数是月末数，只能按当月看"),
        ("section=Z", "选择一个有效的选项"),
        ("township=DW1", "选择一个有效的选项"),
    ],
)
def test_what_cannot_be_asked_is_told(query, sentence, office, client_for):
    for address in (PAGE, BOOK):
        answer = client_for(office).get(f"{address}?{query}")
        assert (answer.status_code, sentence in answer.content.decode()) == (422, True)


def test_the_workbook_holds_the_three_tables(township, neighbour, office, client_for):
    told(township, "600", name="甲")
    told(neighbour, "400", name="乙")
    book = openpyxl.load_workbook(BytesIO(client_for(office).get(f"{BOOK}?month=2024-05").content))
    rows = {sheet.title: [row for row in sheet.iter_rows(values_only=True) if row[0] in (1, 2)] for sheet in book}
    assert rows["企业"] == [(1, "甲", "芦溪镇", "纺织业", 600, 0.6), (2, "乙", "塔山镇", "纺织业", 400, 0.4)]
    assert rows["行业"] == [(1, "纺织业", 2, 1000, 1)]
    assert rows["乡镇"] == [(1, "芦溪镇", 1, 600, 0.6), (2, "塔山镇", 1, 400, 0.4)]


def test_more_enterprises_ask_no_more(township, office, django_assert_num_queries):
    for _ in range(2):
        told(township, "100")
        with django_assert_num_queries(1):
            top_of(office, Asked("revenue", MAY))
