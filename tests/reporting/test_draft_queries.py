"""A draft reads everything in a handful of statements, and in each figure what its metric reads alone."""

from math import ceil

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.periods import Period
from reporting import statements as reading
from reporting.measures import ROW_BY_ROW
from reporting.metrics import MetricError, figures, values
from reporting.ranking import compared_ranking, draft_ranking, ranks_before
from reporting.services import add_scheme
from tests import factories as make
from tests.reporting.contest import SCHEME

QUARTER = Period.parse("2024Q2")
MOST = 11
BASES = 1
"""One question more where a scheme compares with last year: for the 历史基数 of months without records."""


def questions(ask):
    with CaptureQueriesContext(connection) as asked:
        ask()
    return len(asked)


@pytest.fixture
def every_metric(contest, metrics, county, township, neighbour):
    """A scheme that sets each metric against its own figure of a year and of a quarter ago."""
    formula = "+".join(f"{name}-上年同期({name})-上期({name})" for name in metrics)
    indicator = {"name": "全部", "family": "招商引资", "points": 1, "formula": f"MIN(0*({formula}), 1)"}
    body = {**SCHEME, "name": "全部指标", "indicators": [indicator]}
    with make.writing_as(county) as writing:
        return add_scheme(writing, body=body, participants=[(township, "甲"), (neighbour, "乙")])


@pytest.fixture
def row_by_row(metrics):
    """So many metrics take a question of their own in each period: only their rows can give them."""
    return sum(metric.measure in ROW_BY_ROW for metric in metrics.values())


def test_a_draft_asks_few_questions_however_many_metrics_it_reads(contest, every_metric, row_by_row):
    few, many = (questions(lambda scheme=scheme: draft_ranking(scheme, QUARTER)) for scheme in (contest, every_metric))
    assert many - 3 * row_by_row - BASES == few <= MOST


def test_the_ranks_before_cost_one_question_more(every_metric, metrics, row_by_row):
    """And three periods more: the one before as it was beside the one looked back upon, that of its last year, and the
    one before the last; a hundred figures go in one statement."""
    alone = questions(lambda: draft_ranking(every_metric, QUARTER))
    summed = len(metrics) - row_by_row
    statements = ceil(6 * summed / reading.AT_ONCE) - ceil(3 * summed / reading.AT_ONCE)
    assert questions(lambda: compared_ranking(every_metric, QUARTER)) == alone + 1 + 3 * row_by_row + statements


def test_the_ranks_before_are_those_of_the_draft_before(every_metric):
    following = Period.parse("2024Q3")
    draft = compared_ranking(every_metric, following)
    assert draft.before == ranks_before(draft_ranking(every_metric, following))
    assert set(draft.before.values()) == {1}


def test_the_page_asks_few_questions(contest, office, client_for):
    client = client_for(office)
    assert questions(lambda: client.get(f"/reports/ranking/{QUARTER.code}/")) <= MOST + 8


@pytest.mark.parametrize("at_once", [1, 2, 100])
def test_together_metrics_give_what_each_gives_alone(at_once, contest, metrics, monkeypatch):
    asked = [(metric, Period.parse(code)) for metric in metrics.values() for code in ("2024Q1", "2024Q2", "2024")]
    alone = [values(*pair) for pair in asked]
    monkeypatch.setattr(reading, "AT_ONCE", at_once)
    assert figures(asked) == alone
    assert any(alone)


def test_a_metric_that_fails_takes_no_other_with_it(contest, metrics):
    sound, broken, last = (metrics[name] for name in ("到位资金", "新签约项目数", "新签约金额"))
    broken.conditions = {"colour": ["red"]}
    found = figures([(sound, QUARTER), (broken, QUARTER), (last, QUARTER)])
    assert isinstance(found[1], MetricError)
    assert (found[0], found[2]) == (values(sound, QUARTER), values(last, QUARTER)) != ({}, {})


def test_only_amounts_are_added_up(contest, metrics):
    metric = metrics["到位资金"]
    metric.column = "project"
    (found,) = figures([(metric, QUARTER)])
    assert "计算栏“project”" in str(found)
