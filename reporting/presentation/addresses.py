"""Where a ranking's pages are: live under its period, published under the publication's code."""

from django.urls import reverse

from reporting.models import Metric
from reporting.ranking import Draft
from townships.models import Unit


def ranking_address(draft: Draft) -> str:
    if draft.publication:
        return reverse("published-ranking", args=[draft.publication])
    if draft.rules.selects:
        return reverse("selection-scores", args=[draft.scheme.code])
    return reverse("ranking", args=[draft.period.code])


def score_address(draft: Draft, unit: str) -> str:
    """`unit`: its name, as the engine knows it."""
    code = draft.unit_of[unit].code
    if draft.publication:
        return reverse("published-score", args=[draft.publication, code])
    if draft.rules.selects:
        return reverse("selection-score", args=[draft.scheme.code, code])
    return reverse("unit-score", args=[draft.period.code, code])


def figure_address(draft: Draft, metric: Metric, unit: Unit) -> str:
    if draft.publication:
        return reverse("published-figure", args=[draft.publication, metric.code, unit.code])
    return reverse("figure", args=[metric.code, draft.period.code, unit.code])
