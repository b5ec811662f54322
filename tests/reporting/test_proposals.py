"""奖补建议: from a final year's awards alone, one for each unit with money, taken back when it is corrected."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core.write import Refused
from projects.models import Arrival
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


def test_one_for_each_unit_with_money(scheme, township):
    (row,) = proposed(awarded(scheme))
    assert (row.unit, row.award, row.amount, row.nature, row.stage) == (
        township,
        "一等奖",
        Decimal(50),
        "working",
        "proposed",
    )
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
    for text in ("工作经费", "县委办〔2024〕12号", "建议", "50.00 万元"):
        assert text in detail
    assert b"".join(publisher.get(f"{base}export.xlsx")).startswith(b"PK")
    assert client_for(office).get(f"{base}new/").status_code == 403
    assert client_for(office).get(f"{base}records/{row.code}/edit/").status_code == 403
