"""A metric whose conditions no longer fit stops with a sentence; it never counts more."""

import pytest

from core.periods import Period
from reporting.metrics import MetricError, list_query, values
from reporting.models import Metric
from reporting.ranking import draft_ranking
from reporting.services import add_metrics, add_scheme
from tests import factories as make

QUARTER = Period.parse("2024Q1")
BODY = {
    "name": "示例",
    "year": 2024,
    "period": "quarter",
    "indicators": [{"name": "签约", "family": "招商引资", "points": 10, "formula": "MIN(签约数, 1)*满分"}],
}


@pytest.fixture
def county(db):
    return make.new_county()


def metric(county, **values):
    definition = {"name": "签约数", "ledger": "projects", "conditions": {"contract": ["formal"]}, **values}
    with make.writing_as(county) as writing:
        return add_metrics(writing, [definition])[0]


def outlived(county, **values):
    """A metric that was sound when it was saved, and is no more: the ledger has changed since."""
    row = metric(county)
    Metric.objects.filter(pk=row.pk).update(**values)
    return make.fresh(row)


@pytest.mark.parametrize(
    ("conditions", "sentence"),
    [
        ({"colour": ["red"]}, "没有“colour”这个筛选条件"),
        ({"contract": ["verbal"]}, "签约类型"),
        ({"landing_unit": ["DW1999-00001"]}, "落户乡镇"),
    ],
)
def test_an_unknown_filter_or_a_dead_value_stops_the_metric(county, conditions, sentence):
    make.new_project(make.new_township(county))
    broken = outlived(county, conditions=conditions)
    with pytest.raises(MetricError, match="计入条件已失效") as caught:
        values(broken, QUARTER)
    assert sentence in str(caught.value)


def test_a_column_that_is_no_more_stops_the_metric(county):
    with pytest.raises(MetricError, match="计算栏"):
        values(outlived(county, measure="sum", column="gone"), QUARTER)


def test_a_ledger_that_is_no_more_stops_the_metric(county):
    row = metric(county)
    row.ledger = "gone"
    with pytest.raises(MetricError, match="台账已不存在"):
        list_query(row, QUARTER)


def test_a_broken_metric_leaves_its_units_without_rank_and_says_why(county):
    unit = make.new_township(county)
    outlived(county, conditions={"colour": ["red"]})
    with make.writing_as(county) as writing:
        scheme = add_scheme(writing, body=BODY, participants=[(unit, "")])
    draft = draft_ranking(scheme, QUARTER)
    assert [result.rank for result in draft.results.units] == [None]
    assert list(draft.broken) == ["签约数"]
    assert "缺少数据：签约数" in draft.results.errors[0].message
