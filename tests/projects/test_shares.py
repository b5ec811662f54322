"""Shares of credit: from a month on, for one kind of figure, to the 元, and always the whole."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Sum
from hypothesis import given
from hypothesis import strategies as st

from core.closing import close_month
from core.ledgers.ledger import ledger_for
from core.write import Refused
from projects.credits import EVER, split
from projects.models import Agreement, Arrival, Milestone, ProjectShare
from projects.models.projects import CreditScope, ShareRole
from projects.services import set_shares
from tests import factories as make

pytestmark = pytest.mark.django_db
LANDING, REFERRAL, FIRST_TALK, SUPPORT = (
    ShareRole.LANDING, ShareRole.REFERRAL, ShareRole.FIRST_TALK, ShareRole.SUPPORT,
)  # fmt: skip
MARCH, APRIL, JUNE = (date(2024, month, 1) for month in (3, 4, 6))


@pytest.fixture
def project(township):
    """Signed on 5 March."""
    return make.new_project(township)


def agree(project, *shares, by=None, **options):
    with make.writing_as(by or project.county_id) as writing:
        return set_shares(writing, project=project, shares=shares, **options)


def halves(project, neighbour, **options):
    return agree(project, (project.landing_unit, LANDING, 5000), (neighbour, REFERRAL, 5000), **options)


def credited(rows, unit, amount="amount"):
    """What these rows bring the unit, 万元."""
    return rows.credited_to(unit.pk).aggregate(total=Sum(f"credited_{amount}"))["total"] or Decimal(0)


def by_unit(rows, amount="amount"):
    return {row["credited_unit"]: row["amount"] for row in rows.by_unit(amount=amount)}


def funds(scope=CreditScope.FUNDS):
    return Arrival.objects.current().shared_by(scope)


# -- the sum --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("percent", "stated"), [(4999, "99.99%"), (5001, "100.01%")])
def test_shares_that_are_not_the_whole_are_refused_with_their_sum(project, neighbour, percent, stated):
    with pytest.raises(Refused) as refusal:
        agree(project, (project.landing_unit, LANDING, 5000), (neighbour, REFERRAL, percent))
    assert refusal.value.messages == [f"各单位份额之和要等于100%，现在是{stated}。"]
    assert project.projectshares.get().percent == 10_000


def test_a_unit_stands_once_and_only_one_is_where_it_lands(project, neighbour):
    with pytest.raises(Refused, match="塔山镇写了不止一行"):
        agree(project, (neighbour, REFERRAL, 5000), (neighbour, FIRST_TALK, 5000))
    with pytest.raises(Refused, match="只有一个落地单位"):
        agree(project, (neighbour, LANDING, 5000), (project.landing_unit, LANDING, 5000))


def test_general_shares_cannot_be_taken_away_altogether(project):
    with pytest.raises(Refused, match="现在是0%"):
        agree(project)


@pytest.mark.parametrize(
    "values",
    [
        {"percent": 0},
        {"percent": 10_001},
        {"since": date(2024, 3, 2)},
        {"since": APRIL, "superseded_from": APRIL},
        {"since": APRIL, "superseded_from": date(2024, 5, 2)},
    ],
)
def test_a_share_that_means_nothing_cannot_exist(project, neighbour, county, values):
    row = ProjectShare(project=project, unit=neighbour, landing=False, **values)
    with pytest.raises(ValidationError), make.writing_as(county) as writing:
        writing.add(row)


def test_a_project_without_agreement_counts_wholly_where_it_lands(project, township):
    (share,) = project.projectshares.current()
    assert (share.unit, share.role, share.percent, share.since) == (township, LANDING, 10_000, EVER)


def test_the_landing_unit_need_not_have_a_part(project, neighbour, township):
    make.new_arrival(project, "100")
    agree(project, (neighbour, REFERRAL, 10_000))
    assert by_unit(Arrival.objects.current()) == {neighbour.pk: Decimal(100)}
    assert not Arrival.objects.credited_to(township.pk).exists()


def test_without_the_landing_unit_the_largest_part_takes_the_remainder(county, project, neighbour):
    third = make.new_township(county)
    agree(project, (neighbour, REFERRAL, 3333), (third, FIRST_TALK, 6667))
    assert project.projectshares.current().get(landing=True).unit == third


@given(st.lists(st.integers(1, 3000), min_size=1, max_size=3), st.integers(-(10**9), 10**9))
def test_parts_add_up_to_the_yuan(others, amount):
    shares = [10_000 - sum(others), *others]
    parts = split(amount, shares, landing=0)
    assert sum(parts) == amount
    assert all(abs(part - amount * share / 10_000) <= len(shares) for part, share in zip(parts, shares, strict=True))


# -- from when ------------------------------------------------------------------------------------


def test_an_agreement_holds_from_its_month_on(project, neighbour, township):
    make.new_arrival(project, "100", MARCH)
    make.new_arrival(project, "200.0001", APRIL)
    halves(project, neighbour, since=APRIL, document="分成协议")
    rows = Arrival.objects.current()
    assert credited(rows, township) == Decimal("200.0001")
    assert credited(rows, neighbour) == Decimal("100")
    assert by_unit(rows) == {township.pk: Decimal("200.0001"), neighbour.pk: Decimal(100)}
    assert [s.when for s in ProjectShare.objects.current().order_by("pk")] == [
        "从一开始，到2024年3月止", "2024年4月起", "2024年4月起",
    ]  # fmt: skip


def test_a_later_word_about_the_same_month_replaces_the_earlier(project, neighbour, township):
    make.new_arrival(project, "100", JUNE)
    halves(project, neighbour, since=JUNE)
    agree(project, (township, LANDING, 9000), (neighbour, REFERRAL, 1000), since=APRIL)
    assert credited(Arrival.objects.current(), neighbour) == Decimal(10)
    assert sorted(s.since for s in ProjectShare.objects.current()) == [EVER, APRIL, APRIL]


def test_closed_months_keep_their_shares_and_later_ones_may_change(project, neighbour, township, reviewer):
    make.new_arrival(project, "100", MARCH)
    make.new_arrival(project, "100", APRIL)
    with make.writing_as(reviewer) as writing:
        for ledger in ("arrivals", "agreements"):
            close_month(writing, ledger=ledger, month=MARCH)
    for since in (EVER, MARCH):
        with pytest.raises(Refused, match="2024年3月的"):
            halves(project, neighbour, since=since)
    halves(project, neighbour, since=APRIL)
    assert credited(Arrival.objects.current(), neighbour) == Decimal(50)


def test_an_agreement_in_the_past_of_a_closed_month_is_refused_too(project, neighbour, reviewer):
    make.new_arrival(project, "100", JUNE)
    with make.writing_as(reviewer) as writing:
        close_month(writing, ledger="arrivals", month=JUNE)
    with pytest.raises(Refused, match="2024年6月的到位资金已经关账"):
        halves(project, neighbour, since=APRIL)


def test_a_project_goes_by_its_signing_and_one_not_signed_by_what_was_agreed_last(project, neighbour, township):
    unsigned = make.new_project(township, agreement={})
    for row in (project, unsigned):
        halves(row, neighbour, since=APRIL)
    rows = ledger_for("projects").rows(make.system(township.county_id))
    assert [p.pk for p in rows.credited_to(neighbour.pk)] == [unsigned.pk]
    assert {p.pk for p in rows.credited_to(township.pk)} == {project.pk, unsigned.pk}


# -- for which figures ----------------------------------------------------------------------------


def test_a_scope_of_its_own_holds_for_its_figures_alone(project, neighbour, township):
    make.new_arrival(project, "100", MARCH)
    agree(project, (neighbour, REFERRAL, 10_000), scope=CreditScope.CONTRACT)
    agree(project, (township, LANDING, 5000), (neighbour, REFERRAL, 5000), scope=CreditScope.FUNDS)
    assert by_unit(Arrival.objects.current()) == {township.pk: Decimal(100)}
    assert by_unit(funds()) == {township.pk: Decimal(50), neighbour.pk: Decimal(50)}
    contracts = Agreement.objects.current().shared_by(CreditScope.CONTRACT)
    assert by_unit(contracts, "total_investment") == {neighbour.pk: Decimal(1000)}
    assert [r.project for r in Milestone.objects.shared_by(CreditScope.PROGRESS)] == []


def test_where_a_scope_begins_later_the_general_shares_hold_before(project, neighbour, township):
    make.new_arrival(project, "100", MARCH)
    make.new_arrival(project, "10", APRIL)
    agree(project, (neighbour, REFERRAL, 10_000), scope=CreditScope.FUNDS, since=APRIL)
    assert by_unit(funds()) == {township.pk: Decimal(100), neighbour.pk: Decimal(10)}
    assert credited(funds(), neighbour) == 10


def test_a_scope_withdrawn_goes_back_to_the_general_shares(project, neighbour, township):
    make.new_arrival(project, "100", MARCH)
    make.new_arrival(project, "10", APRIL)
    agree(project, (neighbour, REFERRAL, 10_000), scope=CreditScope.FUNDS)
    agree(project, scope=CreditScope.FUNDS, since=APRIL)
    assert by_unit(funds()) == {neighbour.pk: Decimal(100), township.pk: Decimal(10)}


def test_what_a_unit_gets_in_one_row_and_in_all_rows_is_the_same(project, neighbour, county, township):
    third = make.new_township(county)
    make.new_arrival(project, "1000.0001", MARCH)
    make.new_arrival(project, "-0.0007", JUNE, remark="冲减")
    agree(project, (township, LANDING, 3334), (neighbour, REFERRAL, 3333), (third, SUPPORT, 3333), since=APRIL)
    agree(project, (third, SUPPORT, 7001), (neighbour, REFERRAL, 2999), scope=CreditScope.FUNDS, since=JUNE)
    for rows in (funds(), Arrival.objects.current()):
        at_once = by_unit(rows)
        assert {unit.pk: credited(rows, unit) for unit in (township, neighbour, third)} == {
            unit.pk: at_once.get(unit.pk, Decimal(0)) for unit in (township, neighbour, third)
        }
        parts = rows.with_credits("amount").values_list("credited_unit", "credited_amount")
        assert sum(part for _, part in parts) == sum(at_once.values()) == Decimal("999.9994")


def test_shared_rows_go_by_the_day_they_happened(project, neighbour, township):
    make.new_arrival(project, "1", MARCH)
    late = make.new_arrival(project, "2", JUNE)
    halves(project, neighbour, since=APRIL)
    assert [row.pk for row in Arrival.objects.shared(True)] == [late.pk]
    assert Arrival.objects.shared(False).count() == 1


# -- who ------------------------------------------------------------------------------------------


def test_only_the_county_office_may_agree_on_shares(project, neighbour, clerk, reviewer, office, elsewhere):
    for seat in (clerk, reviewer, make.new_seat(elsewhere)):
        with pytest.raises(Refused, match="不能设定分成"):
            halves(project, neighbour, by=seat)
    halves(project, neighbour, by=office)


def test_a_unit_of_another_county_gets_nothing(project, elsewhere, office):
    stranger = make.new_township(elsewhere)
    with pytest.raises(Refused, match="不属于本县"):
        agree(project, (stranger, REFERRAL, 10_000), by=office)


def test_a_sharing_township_sees_the_project_and_a_project_that_moves_takes_its_share_along(
    project, neighbour, county, township
):
    third = make.new_township(county)
    halves(project, third, since=APRIL)
    assert ledger_for("projects").find(make.township_seat(third), project.code) == project
    with make.writing_as(county) as writing:
        ledger_for("projects").change(writing, project, {"landing_unit": neighbour})
    landing = ProjectShare.objects.current().filter(role=LANDING)
    assert {share.unit for share in landing} == {neighbour}
    assert len(landing) == 2
