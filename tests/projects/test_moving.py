"""A project that turns out to stand in another township takes its credit along."""

import pytest
from django.http import QueryDict

from core.ledgers.ledger import ledger_for
from core.ledgers.query import ListQuery
from tests import factories as make

pytestmark = pytest.mark.django_db


def credited(unit, seat):
    return ListQuery(ledger_for("projects"), QueryDict(f"credit={unit.code}"), seat).totals["count"]


def test_the_landing_share_goes_where_the_project_lands(township, neighbour, office, client_for):
    project = make.new_project(township)
    given = {"name": project.name, "landing_unit": neighbour.pk, "responsible_unit": township.pk, "version": 1}
    page = client_for(office).post(f"/ledgers/projects/records/{project.code}/edit/", given)
    assert page.status_code == 302
    assert (credited(township, office), credited(neighbour, office)) == (0, 1)


def test_any_other_change_leaves_the_share_alone(township, office, client_for):
    project = make.new_project(township)
    given = {"name": "新名", "landing_unit": township.pk, "responsible_unit": township.pk, "version": 1}
    client_for(office).post(f"/ledgers/projects/records/{project.code}/edit/", given)
    assert project.projectshares.get().row_version == 1
