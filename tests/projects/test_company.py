"""项目公司 and 国民经济行业 of a project: what floor 3 takes from floor 2."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict

from core.ledgers.forms import LedgerForm
from core.ledgers.ledger import ledger_for
from core.ledgers.query import ListQuery
from core.spreadsheet.raw import RawCell
from core.write import Refused
from tests.factories import (
    fresh,
    new_county,
    new_enterprise,
    new_project,
    new_seat,
    new_township,
    writing_as,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def township():
    return new_township(new_county())


@pytest.fixture
def office(township):
    return new_seat(township.county)


def form_for(seat, township, **values):
    given = {"name": "纺织项目", "landing_unit": township.pk, "signed": "2024-03-05", "contract": "formal"}
    return LedgerForm(
        {**given, "total_investment": "1000", **values}, ledger=ledger_for("projects"), seat=seat, record=None
    )


def test_a_project_names_its_company(township, office):
    mill = new_enterprise(township, name="纺织厂")
    form = form_for(office, township, company="纺织厂", industry="C1711")
    assert form.is_valid(), form.errors
    with writing_as(office) as writing:
        project = fresh(ledger_for("projects").add(writing, form.values))
    assert (project.company, project.industry) == (mill, "1711")
    assert list(mill.projects.all()) == [project]


def test_a_project_needs_no_company_and_may_lose_it(township, office):
    ledger = ledger_for("projects")
    form = form_for(office, township)
    assert form.is_valid(), form.errors
    with writing_as(office) as writing:
        project = ledger.add(writing, form.values)
        ledger.change(writing, project, {"company": new_enterprise(township)})
        ledger.change(writing, project, {"company": None})
    assert fresh(project).company is None


def test_a_company_of_another_county_is_refused(township):
    stranger = new_enterprise(new_township(new_county()))
    with pytest.raises(Refused, match="“项目公司”不属于本县"):
        new_project(township, company=stranger)


def test_the_form_says_what_is_wrong_with_an_industry(township, office):
    form = form_for(office, township, industry="B1711")
    assert form.errors["industry"] == ["写的是“B1711”，17属于门类C，请核对字母和数字。"]


def test_the_door_takes_no_industry_outside_the_standard(township):
    with pytest.raises(ValidationError, match="没有“9999”这个行业代码"):
        new_project(township, industry="9999")


def test_an_industry_reads_from_cells_and_shows_its_name():
    industry = ledger_for("projects").column("industry").kind
    read = [industry.read(RawCell(value), unit=None, lookup=None) for value in ("C18", "纺织业", 17, "—", None)]
    assert read == ["18", "17", "17", None, None]
    assert (industry.show("1711"), industry.show(""), industry.export("")) == ("1711 纺织业", "—", None)


def test_the_list_loads_companies_with_the_projects(township, office, django_assert_num_queries):
    for _ in range(3):
        new_project(township, company=new_enterprise(township))
    query = ListQuery(ledger_for("projects"), QueryDict(f"landing_unit={township.code}"), office)
    assert query.totals == {"count": 3, "total_investment": Decimal(3000)}
    with django_assert_num_queries(1):
        shown = [[column.show(row) for column in ledger_for("projects").columns] for row in query.ordered]
    assert "第3家企业" in shown[0]
