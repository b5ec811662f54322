"""From how much on an enterprise is 四上, at every boundary of the standard."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from core.readings import Unreadable
from enterprises.forecast import Tier, tier_of
from enterprises.industries import name_of, read_industry
from enterprises.models import AboveScaleGroup
from enterprises.thresholds import Threshold, group_of, read_scope, shipped, threshold_of
from tests.factories import new_enterprise

NOW = date(2025, 6, 30)
OLD = date(2018, 12, 31)

CURRENT = {
    "01": None, "05": None,
    "06": ("industry", 2000), "12": ("industry", 2000), "13": ("industry", 2000), "1711": ("industry", 2000),
    "43": ("industry", 2000), "44": ("industry", 2000), "46": ("industry", 2000),
    "47": ("construction", None), "50": ("construction", None),
    "51": ("trade", 2000), "52": ("trade", 500),
    "53": ("service", 2000), "60": ("service", 2000),
    "61": ("catering", 200), "62": ("catering", 200),
    "63": ("service", 2000), "65": ("service", 2000),
    "66": None, "69": None,
    "70": None, "701": ("real_estate", None), "7010": ("real_estate", None),
    "7020": ("service", 1000), "7030": ("service", 1000), "7040": ("service", 1000), "7090": ("service", 1000),
    "71": ("service", 1000), "75": ("service", 1000),
    "76": ("service", 2000), "79": ("service", 2000),
    "80": ("service", 500), "82": ("service", 500),
    "83": ("service", 1000), "84": ("service", 2000), "8411": ("service", 2000), "85": ("service", 500),
    "86": ("service", 500), "90": ("service", 500),
    "91": None, "96": None, "97": None,
}  # fmt: skip


@pytest.mark.parametrize(("industry", "wanted"), CURRENT.items())
def test_the_present_standard_at_every_boundary(industry, wanted):
    row = threshold_of(industry, NOW)
    assert (row and (row.group, row.amount)) == wanted
    assert group_of(industry, NOW) == (wanted[0] if wanted else "")


@pytest.mark.parametrize(
    ("industry", "day", "wanted"),
    [
        ("63", date(2016, 12, 31), None),
        ("63", date(2017, 1, 1), (1000, 50)),
        ("63", OLD, (1000, 50)),
        ("63", date(2019, 1, 1), None),
        ("63", date(2020, 12, 31), None),
        ("63", date(2021, 1, 1), (2000, None)),
        ("80", OLD, (500, 50)),
        ("86", OLD, (500, 50)),
        ("85", OLD, (1000, 50)),
        ("7020", OLD, (1000, 50)),
        ("17", OLD, (2000, None)),
        ("17", date(2019, 6, 1), (2000, None)),
    ],
)
def test_the_standard_follows_the_day(industry, day, wanted):
    row = threshold_of(industry, day)
    assert (row and (row.amount, row.employees)) == wanted


STANDARD = (
    ("industry", "2000", None, "06 46", date(2017, 1, 1), None),
    ("construction", None, None, "47 50", date(2017, 1, 1), None),
    ("trade", "2000", None, "51", date(2017, 1, 1), None),
    ("trade", "500", None, "52", date(2017, 1, 1), None),
    ("catering", "200", None, "61", date(2017, 1, 1), None),
    ("catering", "200", None, "62", date(2017, 1, 1), None),
    ("real_estate", None, None, "701", date(2017, 1, 1), None),
    ("service", "1000", 50, "53 60 63 65 71 79 83 85 702 704 709", date(2017, 1, 1), date(2018, 12, 31)),
    ("service", "500", 50, "80 82 86 90", date(2017, 1, 1), date(2018, 12, 31)),
    ("service", "2000", None, "53 60 63 65 76 79 84", date(2021, 1, 1), None),
    ("service", "1000", None, "71 75 83 702 704 709", date(2021, 1, 1), None),
    ("service", "500", None, "80 82 85 90", date(2021, 1, 1), None),
)
"""Of every row: group, 万元, people instead, first and last industry of each part of its scope, first and last day."""


@pytest.mark.parametrize(("group", "amount", "people", "edges", "first", "last"), STANDARD)
def test_every_row_at_the_edges_of_its_scope_and_of_its_days(group, amount, people, edges, first, last):
    wanted = (group, None if amount is None else Decimal(amount), people)
    for industry in edges.split():
        for day in (first, last or date(2099, 12, 31)):
            row = threshold_of(industry, day)
            assert (row.group, row.amount, row.employees) == wanted, (industry, day)
        for day in (first - timedelta(days=1), *([last + timedelta(days=1)] if last else [])):
            assert threshold_of(industry, day) is None, (industry, day)


def test_no_shipped_row_is_missing_from_that_table():
    told = {
        (group, amount and Decimal(amount), people, first, last) for group, amount, people, _, first, last in STANDARD
    }
    assert {(r.group, r.amount, r.employees, r.valid_from, r.valid_until) for r in shipped()} == told
    assert len(shipped()) == len(STANDARD)
    edges = {industry for *_, parts, _, _ in STANDARD for industry in parts.split()}
    assert edges <= {code for row in shipped() for code in row.codes}


@pytest.mark.parametrize("amount", sorted({row[1] for row in STANDARD if row[1]}, key=Decimal))
def test_who_reaches_the_amount_to_the_yuan_is_due(amount):
    line = Decimal(amount)
    assert [tier_of(line + step, line) for step in (Decimal("-0.0001"), Decimal(0))] == [Tier.SPRINT, Tier.DUE]


def test_who_names_more_digits_goes_first():
    wide = Threshold("industry", "规上工业", ("38",), "收入", Decimal(2000), None, date(2021, 1, 1), None, "")
    fine = Threshold("industry", "电池", ("384",), "收入", Decimal(1000), None, date(2021, 1, 1), None, "")
    assert threshold_of("3841", NOW, (wide, fine)) is threshold_of("3841", NOW, (fine, wide)) is fine
    assert threshold_of("381", NOW, (wide, fine)) is wide


def test_an_unknown_or_missing_industry_falls_into_no_group():
    assert [group_of(industry, NOW) for industry in ("", "7", "00", "99")] == ["", "", "", ""]


def test_no_two_shipped_rows_claim_one_industry_on_one_day():
    for day in (date(2017, 1, 1), OLD, date(2019, 1, 1), date(2021, 1, 1), NOW):
        codes = [code for row in shipped() if row.holds_on(day) for code in row.codes]
        assert sorted(codes) == sorted(set(codes))


def test_every_shipped_row_says_a_known_group_and_its_source():
    assert {row.group for row in shipped()} == set(AboveScaleGroup.values) - {AboveScaleGroup.LOCAL}
    assert all(row.source for row in shipped())


def test_a_row_is_told_in_words():
    assert threshold_of("52", NOW).label == "限上零售业（年主营业务收入500万元）"
    assert threshold_of("47", NOW).label == "资质建筑业（总承包或专业承包资质）"
    assert threshold_of("63", OLD).label == "规上服务业（年营业收入1000万元或从业人员50人）"


@pytest.mark.parametrize(("text", "codes"), [("51", ("51",)), ("06-08，701", ("06", "07", "08", "701"))])
def test_a_scope_is_read_as_it_is_written(text, codes):
    assert read_scope(text) == codes


@pytest.mark.parametrize("text", ["", "6", "C13", "46-06", "06-701", "06-46、"])
def test_a_scope_that_names_no_industry_is_refused(text):
    with pytest.raises(Unreadable):
        read_scope(text)


def test_the_classes_that_thresholds_tell_apart_have_their_names():
    assert (name_of("7020"), name_of("70"), name_of("1711")) == ("物业管理", "房地产业", "纺织业")
    assert read_industry("7020 物业管理") == read_industry("7020 房地产业") == "7020"
    with pytest.raises(Unreadable, match="7010是房地产开发经营"):
        read_industry("7010 物业管理")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("group", "told"),
    [
        ("", "规上工业（年主营业务收入2000万元）"),
        ("industry", "规上工业（年主营业务收入2000万元）"),
        ("service", "规上工业（年主营业务收入2000万元）。登记的四上类别是规上服务业，请核对"),
    ],
)
def test_an_enterprises_page_tells_its_standard_and_asks_about_another_group(
    group, told, enterprises, township, office
):
    row = new_enterprise(township, industry="1711", scale_group=group)
    assert dict(enterprises.facts(row, office))["入库标准"] == told


@pytest.mark.django_db
def test_who_is_not_among_them_has_no_standard(enterprises, township, office):
    assert dict(enterprises.facts(new_enterprise(township, industry="01"), office))["入库标准"] == "—"
