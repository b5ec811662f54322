"""新型农业经营主体: counts by township, month and kind."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict

from core.closing import close_month
from core.ledgers.importing import plan_import
from core.ledgers.ledger import ledger_for
from core.ledgers.query import ListQuery
from core.periods import Period
from core.write import Refused
from enterprises.models import FarmMonth
from reporting.metrics import value
from reporting.services import add_metrics
from reporting.shipped import shipped_metrics
from tests import factories as make
from tests.enterprises.test_importing import imported, workbook


@pytest.fixture
def farms(db):
    return ledger_for("farm_months")


def test_a_township_enters_its_own_counts(farms, township, neighbour, clerk):
    own = make.new_farms(township, by=clerk)
    make.new_farms(neighbour)
    assert list(ListQuery(farms, QueryDict(), clerk).rows) == [own]
    with pytest.raises(Refused, match="不能新增"):
        make.new_farms(neighbour, month=date(2024, 6, 1), by=clerk)


def test_a_month_and_kind_is_counted_once(township):
    make.new_farms(township)
    with pytest.raises(ValidationError, match="已登记过"):
        make.new_farms(township)
    assert make.new_farms(township, kind="cooperative").pk
    assert make.new_farms(township, month=date(2024, 6, 1)).pk


@pytest.mark.parametrize(
    ("values", "sentence"),
    [({"added": Decimal("1.5")}, "整数"), ({"added": -1}, "不能为负"), ({"removed": Decimal(-2)}, "不能为负")],
)
def test_only_whole_households_that_are_there(values, sentence, township):
    with pytest.raises(ValidationError, match=sentence):
        make.new_farms(township, **values)


def test_no_change_is_a_count_too(township):
    assert make.new_farms(township, added=0).pk


def test_a_sheet_comes_in_with_its_own_words_and_again_changes_nothing(farms, township, neighbour, office):
    rows = [
        ["乡镇", "月份", "类型", "新增", "注销"],
        ["芦溪镇", "2024-05", "合作社", 2, None],
        ["塔山镇", "2024年5月", "家庭农场", 5, 1],
    ]
    assert imported(farms, office, workbook(*rows)).counts["created"] == 2
    told = FarmMonth.objects.order_by("pk").values_list("unit__name", "kind", "added", "removed")
    assert list(told) == [("芦溪镇", "cooperative", 2, 0), ("塔山镇", "family_farm", 5, 1)]
    assert [row.changes for row in plan_import(farms, workbook(*rows), office).rows] == [[], []]


def test_a_closed_month_is_not_edited(township, office):
    row = make.new_farms(township)
    with make.writing_as(office) as writing:
        close_month(writing, ledger="farm_months", month=date(2024, 5, 1))
    with pytest.raises(Refused), make.writing_as(office) as writing:
        writing.change(row, added=Decimal(9))


def test_the_metrics_count_what_is_accepted(township, neighbour, office, county):
    make.judge(make.new_farms(township, added=3, removed=5), by=office)
    make.judge(make.new_farms(township, kind="cooperative", added=2), by=office)
    make.new_farms(neighbour, added=9)
    names = ("新增新型农业经营主体户数", "新型农业经营主体净增户数")
    with make.writing_as(county) as writing:
        metrics = add_metrics(writing, [row for row in shipped_metrics() if row["name"] in names])
    may = Period.parse("2024-05")
    assert {str(metric): value(metric, may, township) for metric in metrics} == {names[0]: 5, names[1]: 0}
    assert {str(metric): value(metric, may) for metric in metrics} == {names[0]: 5, names[1]: 0}


def test_the_list_says_its_sums_in_households(farms, township, office):
    make.new_farms(township, added=1200, removed=1)
    query = ListQuery(farms, QueryDict(), office)
    assert farms.column("added").show(query.rows.get()) == "1,200"
    assert "万元" not in query.total_sentence
