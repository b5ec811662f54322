"""Who gets in where: the whole address book against `tests/access.txt`, and what no role may reach."""

from pathlib import Path

import pytest
from django.urls import reverse

from core.ledgers.ledger import all_ledgers
from projects.models import Voucher
from tests import factories as make
from tests.access import World, address_book, answers, heading

TABLE = Path(__file__).with_name("access.txt")

pytestmark = pytest.mark.django_db


def written():
    return [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]


def test_every_address_is_in_the_table():
    assert sorted({line.split()[0] for line in written()}) == sorted(address_book())


@pytest.mark.django_db(transaction=True)  # what a page keeps until somebody writes, it keeps outside of transactions
def test_every_answer_is_the_one_in_the_table():
    """A new address or role shows here as a line too many; check it by hand before it goes into the table."""
    found = answers(World())
    assert sorted(set(found) - set(written())) == []
    assert sorted(set(written()) - set(found)) == []


def test_the_table_names_every_role():
    assert heading() in TABLE.read_text(encoding="utf-8").splitlines()


def rows_of(unit):
    """A row in every ledger, as far as a unit's own people enter them: ledger key → row."""
    project = make.new_project(unit)
    enterprise = make.new_enterprise(unit)
    return {
        "projects": project,
        "agreements": make.signing_of(project),
        "milestones": make.new_milestone(project),
        "arrivals": make.new_arrival(project),
        "progress": make.new_month(project),
        "investment_projects": (investment := make.new_investment(unit)),
        "investment_moves": make.new_move(investment, accepted=False),
        "enterprises": enterprise,
        "declarations": make.new_declaration(enterprise),
        "enterprise_months": make.new_figures(enterprise),
        "cultivation": (cultivation := make.new_cultivation(enterprise)),
        "cultivation_measures": make.new_measure(cultivation),
        "farm_months": make.new_farms(unit),
        "visits": make.new_visit(enterprise),
        "problems": make.new_problem(unit, by=make.township_seat(unit)),
    }


SEEN_BY_ALL = {
    "declaration_windows",
    "declaration_materials",
    "exit_rules",
    "cultivation_limits",
    "local_thresholds",
    "holidays",
    "figure_series",
    "targets",
    "units",
    "successions",
    "pilots",
    "scores",
    "award_proposals",
}
"""Ledgers about the county itself, whose rows every unit sees."""
WRITTEN_BY_OTHERS = {
    "ratings",
    "mandates",
    "department_figures",
    "investment_months",
    "coherence_rules",
    "base_figures",
}
"""About a unit, and entered by none of its own people: tests/reporting/test_rating_pages.py, test_figure_pages.py,
tests/enterprises/test_months.py, test_coherence.py, tests/projects/test_investment.py."""
WRITTEN_BY_KEEPERS = {"funding_documents", "allocations", "payments"}
"""Money of a unit, written by who keeps it: tests/projects/test_funding.py."""
WRITTEN_BY_ACTS = {"reports", "coherence_questions", "closing_exceptions"}
"""A unit's own, without the ledger's forms: tests/projects/test_report_pages.py,
tests/enterprises/test_coherence.py, tests/core/test_closing_exceptions.py."""


def test_the_table_of_rows_holds_every_ledger(township):
    others = SEEN_BY_ALL | WRITTEN_BY_OTHERS | WRITTEN_BY_KEEPERS | WRITTEN_BY_ACTS
    assert set(rows_of(township)) | others == {ledger.key for ledger in all_ledgers()}


@pytest.mark.parametrize("page", ["", "edit/", "void/", "evidence/"])
def test_another_units_row_is_nowhere_in_any_ledger(page, clerk, township, neighbour, client_for):
    own, others = rows_of(township), rows_of(neighbour)
    client = client_for(clerk)
    for key, row in others.items():
        base = f"/ledgers/{key}/"
        assert client.get(f"{base}records/{row.code}/{page}").status_code == 404, key
        assert client.get(f"{base}records/{own[key].code}/{page}").status_code == 200, key


def test_lists_and_their_files_hold_own_rows_only(clerk, township, neighbour, elsewhere, client_for):
    own, others = rows_of(township), rows_of(neighbour)
    abroad = rows_of(make.new_township(elsewhere))
    client = client_for(clerk)
    for key, row in own.items():
        page = client.get(f"/ledgers/{key}/")
        assert [shown.code for shown in page.context["table"].body] == [row.code], key
        assert page.context["query"].totals["count"] == 1, key
    assert {key: row.code for key, row in others.items()} != {key: row.code for key, row in own.items()}
    assert abroad


def test_a_county_seat_sees_its_county_and_no_other(office, township, elsewhere, client_for):
    own = rows_of(township)
    rows_of(make.new_township(elsewhere))
    client = client_for(office)
    for key, row in own.items():
        codes = [shown.code for shown in client.get(f"/ledgers/{key}/").context["table"].body]
        assert codes == [row.code], key


def test_forms_offer_no_rows_of_another_county(office, township, elsewhere, client_for):
    abroad = make.new_township(elsewhere, name="外县镇")
    page = client_for(office).get("/ledgers/projects/new/").content.decode()
    assert township.name in page
    assert abroad.name not in page


def test_a_form_takes_no_row_of_another_unit(clerk, neighbour, client_for):
    project = make.new_project(neighbour)
    data = {"project": project.code, "month": "2024-05", "amount": "10", "nature": "fixed"}
    page = client_for(clerk).post("/ledgers/arrivals/new/", data)
    assert page.status_code == 422
    assert "没有找到项目" in page.content.decode()


def test_a_filter_names_no_row_of_another_county(office, elsewhere, client_for):
    make.new_project(make.new_township(elsewhere))
    with make.writing_as(elsewhere) as writing:
        abroad = make.new_township(elsewhere, region_code="510799")
        writing.add(Voucher(kind="bank", issuer="甲", number="1", amount=1))
    for name in ("landing_unit", "credit"):
        address = f"/ledgers/projects/?{name}={abroad.code}"
        assert client_for(office).get(address).status_code == 400


def test_seats_are_changed_only_to_ones_own(clerk, office, client_for):
    client = client_for(clerk)
    second = make.new_seat(clerk.county, user=clerk.user)
    assert client.post(reverse("choose-seat"), {"seat": second.pk}).status_code == 302
    assert client.get(reverse("home")).context["seat"].pk == second.pk
    assert client.post(reverse("choose-seat"), {"seat": office.pk}).status_code == 403


def test_a_seat_that_was_taken_back_opens_nothing(county, clerk, client_for):
    client = client_for(clerk)
    with make.writing_as(county) as writing:
        writing.void(clerk, reason="调离")
    assert client.get("/ledgers/projects/").status_code == 403


def test_an_inspection_ends(county, client_for):
    past = make.new_seat(county, "inspector", (), valid_until=make.TODAY.replace(year=2020))
    assert client_for(past).get("/ledgers/projects/").status_code == 403
