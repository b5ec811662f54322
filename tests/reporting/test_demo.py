"""The demo county: the published figures of its pilots, and that every page has something to show."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Count, F, Sum
from django.test import override_settings

from core.ledgers.ledger import all_ledgers, ledger_for
from core.models import Closing, Evidence, User
from core.records import Verdict
from enterprises.models import Declaration, DeclarationStep
from projects.lifecycle import Step
from projects.models import Agreement, Arrival, Investor, Milestone, Project
from reporting.dashboards.reach import last_counted
from reporting.demo import filling
from reporting.demo.invention import invent
from reporting.demo.people import PASSWORD, PEOPLE
from reporting.demo.places import PILOTS
from reporting.demo.stories import FIRST_CLOSED, LAST_MONTH
from reporting.ranking import draft_ranking, latest_period, periods_with_scheme, scheme_for
from tests.factories import NOW
from townships.models import PilotTerm, Role, Seat, Unit, UnitKind
from townships.services import seats_of, system_of

BEFORE = (date(2023, 1, 1), date(2023, 12, 31))
YEAR = (date(2024, 1, 1), date(2024, 12, 31))
HALF_YEAR = (date(2025, 1, 1), date(2025, 6, 30))
QUICK = {"PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"]}


@pytest.fixture(scope="module")
def filled(django_db_setup, django_db_blocker, tmp_path_factory):
    """Filled once for this file and undone at its end; each test runs inside."""
    files = override_settings(FILES_ROOT=tmp_path_factory.mktemp("files"), **QUICK)
    with django_db_blocker.unblock(), files, transaction.atomic():
        yield filling.fill_demo_county()
        transaction.set_rollback(True)


@pytest.fixture
def county(filled, db):
    return filled


def of_pilots(rows, days, path="project__landing_unit"):
    """Verified rows of the four pilots that count in these days."""
    first, last = days
    counted = rows.filter(counted_from__gte=first, counted_until__lte=last)
    return counted.filter(**{f"{path}__name__in": PILOTS}, verdict=Verdict.ACCEPTED)


def signings(days):
    return of_pilots(Agreement.objects.filter(kind="formal"), days)


# -- the published figures ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "projects", "wan"), [(BEFORE, 13, "78300"), (YEAR, 42, "112800"), (HALF_YEAR, 12, "186000")]
)
def test_the_pilots_sign_as_many_projects_as_published(county, days, projects, wan):
    found = signings(days).aggregate(projects=Count("project", distinct=True), wan=Sum("verified_amount"))
    assert found == {"projects": projects, "wan": Decimal(wan)}


@pytest.mark.parametrize(("days", "companies"), [(BEFORE, 13), (YEAR, 23), (HALF_YEAR, 18)])
def test_the_pilots_bring_in_as_many_companies_as_published(county, days, companies):
    landed = of_pilots(Milestone.objects.filter(step=Step.LANDING), days)
    assert landed.aggregate(n=Count("project__investor", distinct=True))["n"] == companies


def test_growth_is_as_published(county):
    """招引企业 +76 %, 签约金额 +44 %; 签约项目 +223 %, published as a round 220 %."""
    before, year = (signings(days).aggregate(n=Count("pk"), wan=Sum("verified_amount")) for days in (BEFORE, YEAR))
    assert (int(Decimal(23 - 13) / 13 * 100), int((year["wan"] / before["wan"] - 1) * 100)) == (76, 44)
    assert int((year["n"] / before["n"] - 1) * 100) == 223


def test_seven_enterprises_of_the_pilots_are_to_be_declared(county):
    rows = Declaration.objects.filter(step=DeclarationStep.INTENDED)
    assert of_pilots(rows, HALF_YEAR, "enterprise__township").count() == 7


def test_the_overview_opens_on_the_last_month_of_the_story(county):
    assert last_counted(county).replace(day=1) == LAST_MONTH


# -- what there is to look at ------------------------------------------------------------------------


def test_all_names_say_that_they_are_invented(county):
    assert county.demo
    assert not Project.objects.exclude(name__contains="演示").exists()
    assert not Investor.objects.exclude(name__contains="演示").exists()
    assert not User.objects.exclude(full_name__contains="演示").exists()


def test_twenty_townships_and_a_park_four_of_them_pilots(county):
    standing = Unit.objects.filter(valid_until=None)
    kinds = Counter(standing.places().values_list("kind", flat=True))
    assert kinds == {UnitKind.TOWNSHIP: 18, UnitKind.STREET: 2, UnitKind.PARK: 1}
    terms = Counter(PilotTerm.objects.values_list("category", "type"))
    assert terms == {(c, t): 1 for c in ("central", "special") for t in ("leading", "rising")}


def test_every_ledger_has_rows(county):
    seat = system_of(county)
    entered = [ledger for ledger in all_ledgers() if not ledger.model.made_by]
    assert [ledger.key for ledger in entered if not ledger.rows(seat).exists()] == []


def test_every_tier_state_and_light_of_cultivation_is_there(county):
    seat = system_of(county)
    rows = list(ledger_for("cultivation").rows(seat))
    assert {row.standing for row in rows} == {"inside", "listed", "left"}
    assert {row.tier for row in rows if row.standing == "inside"} == {"due", "sprint", "key", "reserve"}
    lights = {row.light for row in ledger_for("cultivation_measures").rows(seat)}
    assert lights == {"green", "yellow", "red", "done"}


def test_rows_wait_for_a_verdict_and_others_were_refused_or_sent_back(county):
    for model in (Agreement, Arrival):
        assert set(model.objects.values_list("verdict", flat=True)) == set(Verdict.values)
    assert not Milestone.objects.filter(verdict=Verdict.REFUSED, verdict_note="").exists()
    assert Milestone.objects.filter(step=Step.HALTED).exclude(reason="").exists()
    assert Milestone.objects.filter(step=Step.ENDED).exclude(reason="").exists()


def test_there_is_something_to_explain(county):
    """Late rows, rows known to the year only, reductions, reversals, shares, split vouchers."""
    verified = Agreement.objects.filter(verdict=Verdict.ACCEPTED)
    assert verified.exclude(late_reason="").filter(counted_from__gt=F("happened_until")).exists()
    assert verified.filter(happened_precision="year").exists()
    assert verified.filter(verified_amount__lt=F("total_investment")).exclude(verdict_note="").exists()
    assert Arrival.objects.filter(amount__lt=0).exclude(remark="").exists()
    assert Project.objects.annotate(n=Count("projectshares")).filter(n=2).exists()
    split = Arrival.objects.filter(voucher__isnull=False).values("voucher").annotate(n=Count("project", distinct=True))
    assert split.filter(n=2).exists()


def test_nobody_verifies_what_was_entered_under_the_same_name(county):
    entered = set(Arrival.objects.values_list("entered_by__username", flat=True))
    verified = set(Arrival.objects.exclude(verified_by=None).values_list("verified_by__username", flat=True))
    assert (entered, verified) == ({"county", "township", "township2"}, {"county2"})


def test_months_are_closed_from_the_pilots_beginning_on(county):
    months = Closing.objects.filter(ledger="arrivals").order_by("month").values_list("month", flat=True)
    assert (months[0], months.last(), len(months)) == (FIRST_CLOSED, date(2025, 5, 1), 17)


def test_evidence_can_be_opened(county):
    assert Evidence.objects.filter(slot="营业执照").exists()


def test_the_latest_quarter_ranks_the_pilots(county):
    period = latest_period(county)
    draft = draft_ranking(scheme_for(county, period), period)
    assert period.code == "2025Q2"
    assert draft.broken == {}
    assert {result.unit for result in draft.results.units if result.total} == set(PILOTS)


def test_earlier_quarters_have_a_ranking_too(county):
    assert [period.code for period in periods_with_scheme(county)][-1] == "2024Q1"


# -- accounts ----------------------------------------------------------------------------------------


def test_one_account_per_role_each_with_the_printed_password(county):
    users = {user.username: user for user in User.objects.all()}
    assert set(users) == {person.username for person in PEOPLE}
    assert all(user.check_password(PASSWORD) for user in users.values())
    assert set(Seat.objects.values_list("role", flat=True)) == set(Role.values) - {Role.SECURITY, Role.INSPECTOR}


def test_one_clerk_holds_two_seats(county):
    seats = seats_of(User.objects.get(username="township2"), NOW.date())
    assert [seat.unit.name for seat in seats] == ["棠湾镇", "麦浪镇"]


def test_the_stories_are_the_same_each_time():
    assert invent() == invent()
