"""问题 as figures of the responsible unit: closed, due, closed in time, overdue; each as of the period's end."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from core.periods import Period
from reporting.metrics import counted, not_counted, value
from reporting.services import add_metrics
from reporting.shipped import shipped
from tests import factories as make
from townships.problems import services

pytestmark = pytest.mark.django_db
RAISED = date(2024, 1, 10)


@pytest.fixture
def solving(county):
    return make.new_unit(county, "department", name="县自然资源局")


@pytest.fixture
def metrics(county):
    with make.writing_as(county) as writing:
        return {metric.name: metric for metric in add_metrics(writing, shipped("metrics-problems"))}


def a_problem(township, unit, title, deadline, applied=None, closed=None):
    problem = make.new_problem(township, assigned_to=unit, title=title, raised_on=RAISED, deadline=deadline)
    for day, service in ((applied, services.apply_to_close), (closed, services.accept)):
        if day:
            at = datetime(day.year, day.month, day.day, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
            with make.writing_as(problem.county_id, at=at) as writing:
                problem = service(writing, problem=problem, text="办好了")
    return problem


@pytest.fixture
def problems(township, solving):
    end = date(2024, 3, 31)
    a_problem(township, solving, "按期", end, end, date(2024, 4, 2))
    a_problem(township, solving, "提前", date(2024, 6, 30), date(2024, 3, 1), date(2024, 3, 2))
    a_problem(township, solving, "逾期办结", date(2024, 3, 1), date(2024, 3, 2), date(2024, 3, 5))
    a_problem(township, solving, "一直没办", date(2024, 2, 29))
    a_problem(township, solving, "还没到期", end)
    make.new_problem(township, title="没有交办", raised_on=RAISED)


@pytest.mark.parametrize(
    ("name", "period", "figure"),
    [
        ("问题销号数", "2024-03", 2),
        ("问题销号数", "2024Q2", 1),
        ("到期问题数", "2024Q1", 4),
        ("到期问题数", "2024Q2", 1),
        ("按期销号问题数", "2024Q1", 0),
        ("按期销号问题数", "2024Q2", 1),
        ("按期销号问题数", "2024", 2),
        ("逾期未销号数", "2024-02", 0),
        ("逾期未销号数", "2024Q1", 1),
        ("逾期未销号数", "2024-04", 2),
    ],
)
def test_figures_of_the_responsible_unit(name, period, figure, metrics, problems, solving, township):
    metric, when = metrics[name], Period.parse(period)
    assert value(metric, when, solving) == value(metric, when) == figure
    assert value(metric, when, township) == 0
    assert len(counted(metric, when, solving)) == figure


def test_what_does_not_count_says_why(metrics, problems, solving):
    def reasons(name, period):
        lines = not_counted(metrics[name], Period.parse(period), solving)
        return {line.label: "；".join(line.reasons) for line in lines}

    told = reasons("按期销号问题数", "2024Q1")
    assert told["逾期办结"] == "到期末亮灯不是按期办结，现在是逾期办结"
    assert told["提前"] == "计入2024年6月"
    assert reasons("问题销号数", "2024Q1")["按期"] == "计入2024年4月"
    assert "没有交办" not in told
