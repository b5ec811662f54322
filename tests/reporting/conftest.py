"""What tests of reports begin with."""

import json

import pytest
from django.conf import settings

from reporting.services import add_metrics
from tests import factories as make
from tests.reporting.contest import hold_contest


@pytest.fixture
def metrics(county):
    path = settings.BASE_DIR / "fixtures" / "metrics.json"
    with make.writing_as(county) as writing:
        added = add_metrics(writing, json.loads(path.read_text(encoding="utf-8")))
    return {metric.name: metric for metric in added}


@pytest.fixture
def contest(county, township, neighbour, metrics):
    """芦溪镇 has 4500 of a year's 6000 万元, 塔山镇 810.5 of 4000; each is alone in its group."""
    return hold_contest(county, metrics, {township: "中心镇", neighbour: "特色镇"}, ["6000", "4000"])
