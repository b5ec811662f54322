"""A page shows exactly the rows of the list query, each once, in the order that the export has too."""

import pytest
from django.http import QueryDict

from core.ledgers import tables
from core.ledgers.ledger import ledger_for
from core.ledgers.query import ListQuery
from tests import factories as make
from townships.models import UnitAlias

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("sort", ["", "name", "-name", "total_investment", "-total_investment", "-landing_unit"])
def test_pages_put_together_are_the_exported_rows(sort, monkeypatch):
    monkeypatch.setattr(tables, "PAGE_SIZE", 2)
    county = make.new_county()
    township, seat = make.new_township(county), make.new_seat(county)
    for amount in ("300", "100", "300", "200", "300"):
        make.new_project(township, total_investment=amount)
    exported = ListQuery(ledger_for("projects"), QueryDict(f"sort={sort}"), seat).ordered
    pages = [ListQuery(ledger_for("projects"), QueryDict(f"sort={sort}&page={page}"), seat) for page in (1, 2, 3)]
    shown = [row.code for query in pages for row in tables.table_for(query, lambda record: record.code).body]
    assert shown == [row.code for row in exported]


def test_a_unit_of_which_two_aliases_match_is_listed_once():
    county = make.new_county()
    township = make.new_township(county)
    with make.writing_as(county) as writing:
        for name in ("芦溪", "芦溪镇人民政府"):
            writing.add(UnitAlias(unit=township, name=name))
    query = ListQuery(ledger_for("units"), QueryDict("q=芦溪&kind=township"), make.new_seat(county))
    assert [unit.pk for unit in query.rows] == [township.pk]
    assert query.totals["count"] == 1
