"""奖补建议: from a final year's awards alone, one for each unit with money, taken back when it is corrected."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest

from core.write import Refused
from projects.models import Allocation, Arrival
from reporting.models import AwardProposal
from reporting.publishing.proposals import propose_awards
from tests import factories as make
from tests.publications import published
from tests.reporting.year import LAST, announced, awarded, on, year_scheme


@pytest.fixture
def scheme(contest, county, township, neighbour):
    """芦溪镇 takes the first award with 50 万元, 塔山镇 is below the pass mark."""
    return year_scheme(county, [township, neighbour], lists=[])


@pytest.fixture
def publisher(county, client_for):
    return client_for(make.new_seat(county, "county", ["publish"]))


def proposed(row, document="县委办〔2024〕12号"):
    with make.writing_as(row.county_id, at=on(LAST + timedelta(days=3))) as writing:
        return propose_awards(writing, publication=row, nature="working", document=document)


def stage_of(row):
    return AwardProposal.objects.with_stage().get(pk=row.pk).stage


def test_one_for_each_unit_with_money(scheme, township):
    (row,) = proposed(awarded(scheme))
    assert (row.unit, row.award, row.amount, row.nature) == (township, "一等奖", Decimal(50), "working")
    assert stage_of(row) == "proposed"
    assert AwardProposal.objects.current().count() == 1


def test_an_award_without_money_asks_for_none(contest, county, township):
    scheme = year_scheme(county, [township], lists=[], awards=[{"tier": "先进单位"}])
    with pytest.raises(Refused, match="没有带奖金的奖项"):
        proposed(awarded(scheme))


def test_not_before_it_is_published(scheme):
    with pytest.raises(Refused, match="还没有发布"):
        proposed(announced(scheme))


def test_not_from_a_provisional_result(scheme):
    with pytest.raises(Refused, match="是暂定结果"):
        proposed(awarded(scheme, provisional=True))
    assert len(proposed(awarded(scheme, correction="年报定案"))) == 1


def test_not_from_a_quarter(contest):
    with pytest.raises(Refused, match="不是年度评奖"):
        proposed(published(contest, "2024Q2"))


def test_only_once(scheme):
    row = awarded(scheme)
    proposed(row)
    with pytest.raises(Refused, match="已经提出"):
        proposed(row)


def test_only_with_the_document_that_allows_it(scheme):
    with pytest.raises(Refused, match="请填写依据文号"):
        proposed(awarded(scheme), document=" ")


def test_a_correction_takes_back_what_was_proposed_before(scheme, neighbour):
    first = awarded(scheme)
    (old,) = proposed(first)
    make.judge(make.new_arrival(Arrival.objects.credited_to(neighbour.pk).get().project, "2789.5"))
    second = awarded(scheme, correction="漏计一笔资金")
    old = make.fresh(old)
    assert old.voided_at is not None
    assert old.void_reason == f"由{second}更正"
    assert {(row.unit.name, row.amount) for row in proposed(second)} == {
        ("芦溪镇", Decimal(50)),
        ("塔山镇", Decimal(50)),
    }
    with pytest.raises(Refused, match="已经更正"):
        proposed(first)


def test_money_never_goes_to_a_person(scheme):
    labels = [label for _, label in AwardProposal._meta.get_field("nature").choices]
    assert labels == ["工作经费", "项目资金", "其他"]


# -- the pages -------------------------------------------------------------------------------------


def test_it_is_one_click_from_the_publication(scheme, publisher, clerk, client_for):
    row = awarded(scheme)
    page, act = f"/reports/publications/{row.code}/", f"/reports/publications/{row.code}/proposals/"
    assert act in publisher.get(page).content.decode()
    assert act not in client_for(clerk).get(page).content.decode()
    shown = publisher.get(act).content.decode()
    assert "为1个获奖单位各写一条建议，金额按发布的奖金，合计50万元。" in shown
    assert "个人" in shown
    assert publisher.post(act, {"nature": "working", "document": ""}).status_code == 422
    assert publisher.post(act, {"nature": "bonus", "document": "文"}).status_code == 422
    assert publisher.post(act, {"nature": "project", "document": "县委办〔2024〕12号"}).status_code == 302
    shown = publisher.get(page).content.decode()
    assert act not in shown
    assert "已提出1条" in shown


def test_a_provisional_publication_does_not_offer_it(scheme, publisher):
    row = awarded(scheme, provisional=True)
    shown = publisher.get(f"/reports/publications/{row.code}/").content.decode()
    assert "/proposals/" not in shown
    assert "发起正式结果的核对" in shown


def test_they_are_a_ledger_that_nobody_fills_in(scheme, publisher, office, client_for):
    (row,) = proposed(awarded(scheme))
    base = "/ledgers/award_proposals/"
    for rest in ("", f"?publication={row.publication.code}", "?nature=working&award=一等奖&period=2024", "print/"):
        shown = publisher.get(f"{base}{rest}")
        assert shown.status_code == 200
        assert "芦溪镇" in shown.content.decode()
    detail = publisher.get(f"{base}records/{row.code}/").content.decode()
    for text in ("工作经费", "县委办〔2024〕12号", "待分配", "50.00 万元"):
        assert text in detail
    assert b"".join(publisher.get(f"{base}export.xlsx")).startswith(b"PK")
    assert client_for(office).get(f"{base}new/").status_code == 403
    assert client_for(office).get(f"{base}records/{row.code}/edit/").status_code == 403


# -- the ledger of funds takes them over --------------------------------------------------------------


ALLOCATIONS = "/ledgers/allocations/"


def allocated(document, row, **values):
    said = {"document": document.number, "unit": row.unit_id, "amount": "50", "allocated_on": "2025-03-01", **values}
    return {"proposal": row.code, **said}


def test_a_proposal_opens_the_form_of_its_allocation(scheme, client_for, office, clerk, county):
    (row,) = proposed(awarded(scheme))
    document = make.new_document(county)
    page, browser = f"/ledgers/award_proposals/records/{row.code}/", client_for(office)
    assert "转入资金分配" not in client_for(clerk).get(page).content.decode()
    found = re.search(r'href="([^"]*allocations/new/[^"]*)"', browser.get(page).content.decode())
    link = found[1].replace("&amp;", "&")
    form = browser.get(link).context["form"]
    assert (form["amount"].value(), form["proposal"].value()) == ("50", row.code)
    assert browser.post(f"{ALLOCATIONS}new/", allocated(document, row)).status_code == 302
    assert stage_of(row) == "allocated"
    shown = browser.get(page).content.decode()
    assert "转入资金分配" not in shown
    assert "已分配" in shown
    assert row.code in browser.get("/ledgers/award_proposals/?stage=allocated").content.decode()
    assert row.code not in browser.get("/ledgers/award_proposals/?stage=proposed").content.decode()
    given = Allocation.objects.get()
    with make.writing_as(county) as writing:
        writing.void(given, reason="文号填错")
    assert stage_of(row) == "proposed"


def test_the_allocation_keeps_to_what_was_published(scheme, client_for, office, county, neighbour):
    (row,) = proposed(awarded(scheme))
    document, browser = make.new_document(county), client_for(office)
    for wrong, sentence in (
        ({"amount": "50.0001"}, f"超过奖补建议 {row.code} 公布的奖金 50 万元"),
        ({"unit": neighbour.pk}, f"奖补建议 {row.code} 是给芦溪镇的，不能分给塔山镇"),
        ({"proposal": "JB2024-09999"}, "没有编号为 JB2024-09999 的奖补建议"),
    ):
        answer = browser.post(f"{ALLOCATIONS}new/", allocated(document, row, **wrong))
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
    assert browser.post(f"{ALLOCATIONS}new/", allocated(document, row)).status_code == 302
    given = Allocation.objects.get()
    more = allocated(document, row, amount="51", version=given.row_version)
    assert browser.post(f"{ALLOCATIONS}records/{given.code}/edit/", more).status_code == 422
    again = browser.post(f"{ALLOCATIONS}new/", allocated(document, row))
    assert "这条奖补建议已经分配过资金" in again.content.decode()
    assert make.fresh(given).amount == Decimal(50)


def test_another_countys_proposal_is_none(scheme, client_for, office, elsewhere):
    (row,) = proposed(awarded(scheme))
    far, document = make.new_township(elsewhere, name="远镇"), make.new_document(elsewhere)
    browser = client_for(make.new_seat(elsewhere, duties=["entry"]))
    answer = browser.post(f"{ALLOCATIONS}new/", allocated(document, row, unit=far.pk))
    assert "没有编号为" in answer.content.decode()
