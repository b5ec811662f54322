"""A township's clerk enters a whole project alone: the investor and the voucher come with it."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from core.dates import DateSpan
from core.ledgers.ledger import ledger_for
from core.write import Refused, door
from projects.models import Arrival, Investor, Voucher
from townships.models import UnitKind
from townships.services import add_unit, found_county, give_seat, open_account, system_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat():
    county = found_county(code="510799", name="甲县")
    with door(system_of(county), at=timezone.now()) as writing:
        unit = add_unit(writing, name="甲镇", kind=UnitKind.TOWNSHIP)
        user = open_account(writing, username="clerk", full_name="经办", password="x" * 12)
        return give_seat(writing, user=user, role="township", duties=["entry"], unit=unit)


def project_values(seat):
    return {
        "name": "甲项目",
        "landing_unit": seat.unit,
        "signed": DateSpan.day(date(2024, 3, 5)),
        "contract": "formal",
        "total_investment": Decimal(3000),
        "investor": "甲公司",
        "investor_place": "重庆",
    }


def test_a_township_names_an_investor_the_county_lacks(seat):
    with door(seat, at=timezone.now()) as writing:
        project = ledger_for("projects").add(writing, project_values(seat))

    assert project.investor == Investor.objects.get(name="甲公司")


def test_a_township_enters_the_voucher_of_its_own_arrival(seat):
    with door(seat, at=timezone.now()) as writing:
        project = ledger_for("projects").add(writing, project_values(seat))
        voucher = {
            "voucher_kind": "bank",
            "voucher_issuer": "甲银行",
            "voucher_number": "1",
            "voucher_amount": Decimal(50),
        }
        values = {"project": project, "month": date(2024, 4, 1), "amount": Decimal(50), "nature": "fixed", **voucher}
        values["voucher_amount"] = Decimal(50)
        ledger_for("arrivals").add(writing, values)

    assert Arrival.objects.get().voucher == Voucher.objects.get(number="1")


def test_what_all_townships_share_no_township_changes(seat):
    with door(seat, at=timezone.now()) as writing:
        project = ledger_for("projects").add(writing, project_values(seat))

    with pytest.raises(Refused, match="不能修改这条投资方"), door(seat, at=timezone.now()) as writing:
        writing.change(project.investor, name="乙公司")


def test_without_the_duty_nobody_adds_an_investor(seat):
    with door(system_of(seat.county), at=timezone.now()) as writing:
        seat = writing.change(seat, duties=["review"])

    with pytest.raises(Refused, match="不能新增"), door(seat, at=timezone.now()) as writing:
        writing.add(Investor(name="甲公司"))


@pytest.mark.parametrize("key", ["projects", "agreements", "milestones", "arrivals", "enterprises", "declarations"])
def test_the_form_and_the_import_open_before_the_row_says_whose_it_is(seat, key):
    ledger = ledger_for(key)

    assert (seat.may("add", ledger.blank(seat)), seat.may("import", ledger.blank(seat))) == (True, True)


@pytest.mark.parametrize("key", ["units", "pilots"])
def test_what_only_the_county_keeps_stays_closed(seat, key):
    assert not seat.may("add", ledger_for(key).blank(seat))


def test_a_voucher_that_another_township_entered_is_told_without_its_amount(seat):
    """Whoever guesses a number learns neither what it is worth nor whose it is."""
    with door(system_of(seat.county), at=timezone.now()) as writing:
        unit = add_unit(writing, name="乙镇", kind=UnitKind.TOWNSHIP)
        theirs = ledger_for("projects").add(writing, project_values(seat) | {"name": "乙项目", "landing_unit": unit})
        own = ledger_for("projects").add(writing, project_values(seat))
        values = {"month": date(2024, 4, 1), "amount": Decimal(50), "nature": "fixed"}
        voucher = {"voucher_kind": "bank", "voucher_issuer": "甲银行", "voucher_number": "1"}
        ledger_for("arrivals").add(writing, {**values, **voucher, "project": theirs, "voucher_amount": Decimal(77)})

    with pytest.raises(Refused) as refusal, door(seat, at=timezone.now()) as writing:
        ledger_for("arrivals").add(writing, {**values, **voucher, "project": own, "voucher_amount": Decimal(60)})
    assert refusal.value.message_dict == {
        "voucher_amount": ["与这张凭证先前登记的金额不一致，请对照凭证原件核对；无误的，请联系县招商办。"]
    }


def test_a_townships_form_begins_with_the_township_itself(client_for, clerk, office, township, neighbour):
    asked = client_for(clerk).get("/ledgers/projects/new/").context["form"]
    assert asked["landing_unit"].initial == township
    assert client_for(office).get("/ledgers/projects/new/").context["form"]["landing_unit"].initial is None


def test_what_belongs_to_another_township_is_refused_with_what_to_look_at(client_for, clerk, neighbour):
    given = {"name": "年产8000吨粉丝项目", "landing_unit": neighbour.pk, "signed": "2024-03-05", "contract": "formal"}
    page = client_for(clerk).post("/ledgers/projects/new/", {**given, "total_investment": "5000", "token": "x"})
    assert "只能填报本单位的，请核对填写的单位" in page.content.decode()
