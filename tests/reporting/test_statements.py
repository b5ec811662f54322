"""Statements that are kept: sent again as they are until somebody writes, and never beyond that."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.dates import DateSpan
from core.periods import Period
from reporting import statements
from reporting.metrics import MetricError, figures, totals
from reporting.models import Metric
from reporting.services import add_metrics
from reporting.shipped import shipped_metrics
from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)
QUARTER = Period.parse("2024Q1")
DAY = DateSpan.day(date(2024, 1, 15))


@pytest.fixture(autouse=True)
def _nothing_kept():
    statements._kept.cache_clear()
    yield
    statements._kept.cache_clear()


@pytest.fixture
def county(db):
    return make.new_county()


def metrics_of(county, *definitions):
    with make.writing_as(county) as writing:
        return add_metrics(writing, definitions)


def signed_in(county, **values):
    return metrics_of(
        county, {"name": "签约数", "ledger": "projects", "basis": "happened", "measure": "count", **values}
    )[0]


def kept():
    found = statements._kept.cache_info()
    return found.hits, found.misses


def test_what_is_kept_gives_the_same_figures_as_what_is_new(county):
    first, second = make.new_township(county), make.new_township(county)
    make.judge(make.signing_of(make.new_project(first, total_investment="12345.6789", signed=DAY)))
    make.judge(make.new_arrival(make.new_project(second), amount="77", month=DAY.first))
    asked = [(metric, QUARTER) for metric in metrics_of(county, *shipped_metrics())]
    new = figures(asked), totals(asked)
    assert kept() == (0, 2)
    assert (figures(asked), totals(asked)) == new
    assert kept() == (2, 2)
    assert any(new[0])


def test_a_kept_statement_finds_what_came_since(county):
    """The rows are read each time; kept is only how they are asked for."""
    township, metric = make.new_township(county), signed_in(county)
    assert figures([(metric, QUARTER)]) == [{}]
    Metric.objects.filter(pk=metric.pk).update(description="")  # around the door: no line in the log
    make.new_project(township)
    assert figures([(metric, QUARTER)]) == [{township.pk: 1}]


def test_every_write_of_the_county_ends_what_was_kept(county):
    metric = signed_in(county)
    figures([(metric, QUARTER)])
    make.new_township(county)
    figures([(metric, QUARTER)])
    assert kept() == (0, 2)


def test_what_another_county_writes_does_not(county):
    metric, elsewhere = signed_in(county), make.new_county(name="邻县")
    figures([(metric, QUARTER)])
    make.new_township(elsewhere)
    figures([(metric, QUARTER)])
    assert kept() == (1, 1)


def test_a_condition_that_died_meanwhile_stops_the_metric(county):
    """The unit that the condition names is struck out; that is a line in the log."""
    township = make.new_township(county)
    metric = signed_in(county, conditions={"landing_unit": [township.code]})
    assert figures([(metric, QUARTER)]) == [{}]
    make.void(make.fresh(township))
    (found,) = figures([(metric, QUARTER)])
    assert isinstance(found, MetricError)


def test_a_definition_that_differs_is_another_question(county):
    """Saved or not: the metric builder asks for what nobody has saved yet."""
    township, metric = make.new_township(county), signed_in(county)
    make.new_project(township)
    assert figures([(metric, QUARTER)]) == [{township.pk: 1}]
    metric.conditions = {"contract": ["framework"]}
    assert figures([(metric, QUARTER)]) == [{}]


def test_inside_a_transaction_nothing_is_kept(county):
    metric = signed_in(county)
    with make.writing_as(county):
        figures([(metric, QUARTER)])
    assert kept() == (0, 0)


def test_a_kept_question_takes_two_statements(county):
    metric = signed_in(county)
    figures([(metric, QUARTER)])
    with CaptureQueriesContext(connection) as captured:
        figures([(metric, QUARTER)])
    assert len(captured.captured_queries) == 2


def test_a_period_looked_back_upon_is_another_question(county):
    """What is kept of a quarter as it was says nothing of it as the next one sees it, after a merger."""
    gone, heir = make.new_township(county), make.new_township(county)
    metric = signed_in(county)
    make.new_project(gone, signed=DAY)
    make.new_merger(gone, heir, on=date(2024, 4, 1))
    assert figures([(metric, QUARTER)]) == [{gone.pk: 1}]
    assert figures([(metric, QUARTER.seen_from(QUARTER.next()))]) == [{heir.pk: 1}]
    assert kept() == (0, 2)
