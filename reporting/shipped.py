"""The metrics that come with the product, ledger by ledger; a county takes them over and changes them as it likes."""

import json
from typing import Any

from django.conf import settings

from core.write import Door
from reporting.models import Metric
from reporting.services import add_metrics

FILES = (
    "metrics",
    "metrics-enterprises",
    "metrics-scores",
    "metrics-ratings",
    "metrics-selection",
    "metrics-problems",
    "metrics-progress",
    "metrics-reports",
    "metrics-funding",
    "metrics-investment",
)


def shipped_metrics() -> list[dict[str, Any]]:
    """The definitions, whose keys are the model's fields."""
    return [row for name in FILES for row in shipped(name)]


def shipped(name: str) -> Any:
    """What one file of fixtures/ holds."""
    return json.loads((settings.BASE_DIR / "fixtures" / f"{name}.json").read_text(encoding="utf-8"))


def lacking_metrics(county_id: int) -> list[dict[str, Any]]:
    """Those whose name no metric of the county has."""
    known = set(Metric.objects.current().in_county(county_id).values_list("name", flat=True))
    return [row for row in shipped_metrics() if row["name"] not in known]


def take_over_metrics(writing: Door) -> list[Metric]:
    """Those that the county lacks; what it has under the same name stays as it is."""
    return add_metrics(writing, lacking_metrics(writing.actor.county_id))
