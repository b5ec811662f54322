"""Lists narrowed to other rows, which the address names by their code."""

import pytest
from django.http import QueryDict
from django.utils import timezone

from core.ledgers.ledger import ledger_for
from core.ledgers.query import ListQuery
from core.write import door
from projects.services import add_project
from townships.models import UnitKind
from townships.services import add_unit, found_county, system_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def towns():
    """Two townships with one project each."""
    county = found_county(code="510799", name="甲县")
    with door(system_of(county), at=timezone.now()) as writing:
        towns = [add_unit(writing, name=name, kind=UnitKind.TOWNSHIP) for name in ("甲镇", "乙镇")]
        for town in towns:
            add_project(writing, project={"name": f"{town}项目", "landing_unit": town})
    return towns


def names(query, towns):
    rows = ListQuery(ledger_for("projects"), QueryDict(query), system_of(towns[0].county)).rows
    return sorted(row.name for row in rows)


def test_projects_of_one_township(towns):
    assert names(f"landing_unit={towns[0].code}", towns) == ["甲镇项目"]


def test_projects_of_either_township(towns):
    query = f"landing_unit={towns[0].code}&landing_unit={towns[1].code}"
    assert names(query, towns) == ["乙镇项目", "甲镇项目"]
