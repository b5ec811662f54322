"""分设划转: what a split unit leaves is given to its heirs one by one, and nothing goes over by itself."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from core.closing import close_month
from core.dates import DateSpan
from core.models import AuditEntry
from core.periods import Period
from enterprises.models import Declaration, Enterprise
from projects.models import Arrival, InvestmentProject, Project
from projects.models.projects import ShareRole
from projects.services import set_shares
from tests import factories as make
from tests.waiting import waiting_of
from townships.ledgers import SuccessionLedger
from townships.models import Seat, UnitSuccession
from townships.problems.models import Problem
from townships.succeeding import HOLDINGS
from townships.succession import Given, give_over, left_by, succeed, take_back

ON = date(2024, 6, 10)
JUNE, JULY = date(2024, 6, 1), date(2024, 7, 1)


@pytest.fixture
def west(county):
    return make.new_township(county, name="芦溪西镇")


@pytest.fixture
def east(county):
    return make.new_township(county, name="芦溪东镇")


@pytest.fixture
def split(office, township, west, east):
    with make.writing_as(office) as writing:
        for heir in (west, east):
            succeed(writing, predecessor=township, successor=heir, on=ON, kind="split", document="川府〔2024〕9号")


def give(by, unit, *given):
    with make.writing_as(by) as writing:
        return give_over(writing, unit=unit, given=[Given(HOLDINGS[key], row, heir) for key, row, heir in given])


def again(row):
    return type(row).objects.get(pk=row.pk)


def waits(seat):
    return [(waiting.word, waiting.count) for waiting in waiting_of(SuccessionLedger(), seat)]


@pytest.fixture
def left(township, neighbour):
    """One of each kind that the unit has in its hands."""
    project = make.new_project(township)
    other = make.new_project(neighbour)
    with make.writing_as(township.county) as writing:
        parts = [(neighbour, ShareRole.LANDING, 7000), (township, ShareRole.REFERRAL, 3000)]
        (_, share) = set_shares(writing, project=other, shares=parts)
    return {
        "seats": make.township_seat(township),
        "projects": project,
        "shares": share,
        "investments": make.new_investment(township),
        "enterprises": make.new_enterprise(township),
        "problems": make.new_problem(township, assigned_to=township),
    }


def test_all_kinds_are_listed_until_they_are_given(left, split, office, township, west):
    found = {holding.key: rows for holding, rows in left_by(township)}
    assert found == {key: [row] for key, row in left.items()}
    assert set(found) == set(HOLDINGS)
    assert waits(office) == [("分设后待划转", 2)]
    give(office, township, *((key, left[key], west) for key in HOLDINGS))
    assert left_by(township) == []
    assert waits(office) == []


def test_each_goes_where_it_was_given_and_no_further(left, split, office, township, west, east):
    given = [(key, left[key], (west, east)[turn % 2]) for turn, key in enumerate(HOLDINGS)]
    assert give(office, township, *given) == {west: 3, east: 3}
    heirs = {key: heir for key, _, heir in given}
    assert Seat.objects.get(pk=left["seats"].pk).unit == heirs["seats"]
    assert Project.objects.get(pk=left["projects"].pk).responsible_unit == heirs["projects"]
    assert InvestmentProject.objects.get(pk=left["investments"].pk).unit == heirs["investments"]
    assert Enterprise.objects.get(pk=left["enterprises"].pk).township == heirs["enterprises"]
    problem = Problem.objects.get(pk=left["problems"].pk)
    assert (problem.responsible, problem.deadline) == (heirs["problems"], left["problems"].deadline)
    shares = left["shares"].project.projectshares.current().lasting().in_order()
    assert [(share.unit, share.percent) for share in shares][1:] == [(heirs["shares"], 3000)]
    carried = {row.successor: len(row.carried) for row in UnitSuccession.objects.current()}
    assert carried == {west: 3, east: 3}


def test_one_given_leaves_the_rest_waiting(left, split, office, township, west):
    give(office, township, ("enterprises", left["enterprises"], west))
    assert {holding.key for holding, _ in left_by(township)} == set(HOLDINGS) - {"enterprises"}
    assert waits(office) == [("分设后待划转", 2)]


def test_what_happened_before_stays_with_the_split_unit(split, office, township, west):
    project = make.new_project(township, signed=DateSpan.day(date(2024, 3, 5)))
    enterprise = make.new_enterprise(township)
    listed = make.new_declaration(enterprise)
    for month in (date(2024, 5, 1), JUNE, JULY):
        make.new_arrival(project, "10", month)
    give(office, township, ("projects", project, west), ("enterprises", enterprise, west))
    found = {row["credited_unit"]: row["amount"] for row in Arrival.objects.current().by_unit(amount="amount")}
    assert found == {township.pk: Decimal(10), west.pk: Decimal(20)}
    assert Declaration.objects.get(pk=listed.pk).township == township
    told = AuditEntry.objects.filter(record_id=enterprise.pk, model="enterprises.enterprise").latest("pk")
    assert (told.action, told.changes[0][2:]) == ("分设划转", ["芦溪镇", "芦溪西镇"])


def test_closed_months_keep_their_credit_and_their_place(split, office, county, township, west):
    project = make.new_project(township, signed=DateSpan.day(date(2024, 6, 12)))
    for month in (JUNE, JULY):
        make.judge(make.new_arrival(project, "10", month))
    with make.writing_as(county) as writing:
        close_month(writing, ledger="arrivals", month=JUNE)
    give(office, township, ("projects", project, west))
    found = {row["credited_unit"]: row["amount"] for row in Arrival.objects.current().by_unit(amount="amount")}
    assert found == {township.pk: Decimal(10), west.pk: Decimal(10)}
    assert (again(project).responsible_unit, again(project).landing_unit) == (west, township)


def test_an_open_project_lands_with_its_heir(split, office, township, west):
    project = make.new_project(township)
    give(office, township, ("projects", project, west))
    assert again(project).landing_unit == west


def test_a_share_beside_the_heirs_own_is_added_to_it(split, office, county, township, west):
    project = make.new_project(township)
    with make.writing_as(county) as writing:
        parts = [(township, ShareRole.LANDING, 6000), (west, ShareRole.REFERRAL, 4000)]
        set_shares(writing, project=project, shares=parts)
    give(office, township, ("projects", project, west))
    lasting = project.projectshares.current().lasting()
    assert [(share.unit, share.percent, share.since) for share in lasting] == [(west, 10_000, JUNE)]


@pytest.mark.parametrize("by", ["reviewer", "clerk"])
def test_who_may_not(request, left, split, township, west, by):
    with pytest.raises(ValidationError, match="不能划转"):
        give(request.getfixturevalue(by), township, ("enterprises", left["enterprises"], west))


def test_nobody_but_an_heir(left, split, office, township, neighbour):
    with pytest.raises(ValidationError, match="塔山镇不是芦溪镇的承接单位"):
        give(office, township, ("enterprises", left["enterprises"], neighbour))


def test_all_or_nothing(left, split, office, township, west, neighbour):
    with pytest.raises(ValidationError):
        give(
            office,
            township,
            ("enterprises", left["enterprises"], west),
            ("problems", left["problems"], neighbour),
        )
    assert again(left["enterprises"]).township == township


def test_a_split_of_which_something_was_given_is_not_taken_back(left, split, office, township, west):
    give(office, township, ("enterprises", left["enterprises"], west))
    row = UnitSuccession.objects.get(successor=west)
    with pytest.raises(ValidationError, match="已有 1 项划给芦溪西镇"), make.writing_as(office) as writing:
        take_back(writing, succession=row, reason="登记有误")


# -- the page ------------------------------------------------------------------------------------------


def page_of(unit):
    return f"/units/{unit.code}/divide/"


def test_the_page_lists_what_waits_and_gives_it_in_one_act(left, split, office, client_for, township, west, east):
    client = client_for(office)
    text = client.get(page_of(township)).content.decode()
    assert "还有 <strong>6</strong> 项等待划转" in text
    assert all(str(row) in text for row in left.values())
    sent = {"projects-others": west.code, f"enterprises-{left['enterprises'].code}": east.code}
    told = client.post(page_of(township), sent, follow=True).content.decode()
    assert "已办理芦溪镇的划转：划给芦溪西镇 1 项，划给芦溪东镇 1 项。" in told
    assert "还有 <strong>4</strong> 项等待划转" in told
    assert AuditEntry.objects.filter(action="分设划转").values("act").distinct().count() == 1


def test_one_choice_goes_before_that_for_the_rest(split, office, client_for, township, west, east):
    first, second = make.new_enterprise(township), make.new_enterprise(township)
    sent = {"enterprises-others": west.code, f"enterprises-{second.code}": east.code}
    client_for(office).post(page_of(township), sent)
    assert (again(first).township, again(second).township) == (west, east)


def test_nothing_chosen_and_nonsense(left, split, office, client_for, township):
    client = client_for(office)
    assert "还没有选择划给哪个单位。" in client.post(page_of(township), {}).content.decode()
    assert client.post(page_of(township), {"projects-others": "DW2024-99999"}).status_code == 422


def test_a_unit_that_was_not_split_has_no_page(office, client_for, township):
    response = client_for(office).get(page_of(township))
    assert response.status_code == 404
    assert "没有登记分设" in response.content.decode()


def test_the_page_takes_as_many_statements_for_many_as_for_few(
    left, split, office, client_for, township, django_assert_max_num_queries
):
    client = client_for(office)
    for _ in range(5):
        make.new_project(township)
        make.new_enterprise(township)
        make.new_problem(township, assigned_to=township)
    with django_assert_max_num_queries(20):
        client.get(page_of(township))


def test_the_record_and_the_first_page_lead_there(left, split, office, client_for, township, west):
    row = UnitSuccession.objects.get(successor=west)
    client = client_for(office)
    assert page_of(township) in client.get(f"/ledgers/successions/records/{row.code}/").content.decode()
    assert "分设后待划转" in client.get("/").content.decode()
    assert client.get("/ledgers/successions/?waiting=waiting").context["query"].totals["count"] == 2


def test_a_period_before_the_split_and_one_after(split, office, township, west):
    project = make.new_project(township, signed=DateSpan.day(date(2024, 7, 2)))
    give(office, township, ("projects", project, west))
    assert Project.objects.as_of(Period.parse("2024Q3").last_day).credited_to(west.pk).get() == project
