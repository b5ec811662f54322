"""更名: a unit under a new name is still found under the old one."""

import pytest

from core.ledgers.ledger import ledger_for
from tests import factories as make
from townships.models import UnitAlias
from townships.services import unit_names

pytestmark = pytest.mark.django_db


def rename(unit, name, by):
    with make.writing_as(by) as writing:
        return ledger_for("units").change(writing, make.fresh(unit), {"name": name})


def test_workbooks_with_the_old_name_find_the_unit(township, office):
    rename(township, "新芦溪镇", office)
    known = unit_names(office)
    assert (known["芦溪镇"], known["新芦溪镇"], known["新芦溪"]) == (township, township, township)


def test_there_and_back_writes_each_name_once(township, office):
    for name in ("新芦溪镇", "芦溪镇", "新芦溪镇"):
        rename(township, name, office)
    assert sorted(UnitAlias.objects.current().values_list("name", flat=True)) == ["新芦溪镇", "芦溪镇"]


def test_other_changes_write_no_name(township, office):
    with make.writing_as(office) as writing:
        ledger_for("units").change(writing, township, {"region_code": "510722100"})
    assert not UnitAlias.objects.exists()
