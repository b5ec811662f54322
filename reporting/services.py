"""Writes about metrics and schemes."""

from collections.abc import Iterable, Mapping
from typing import Any

from core.write import Door, Refused
from reporting.models import Metric, Participant, Scheme
from reporting.models.schemes import SchemePurpose
from townships.models import Unit

FREE_FIELDS = frozenset(["description", "has_target"])
"""What may change of a metric while a scheme reads it: no figure depends on it."""


def add_metric(writing: Door, **definition: Any) -> Metric:
    """A new metric; the keys are the model's fields."""
    _name_is_free(writing, definition.get("name", ""))
    return writing.add(Metric(**definition), permission="edit_metrics")


def change_metric(writing: Door, *, metric: Metric, version: int | None = None, **values: Any) -> Metric:
    """What a scheme in force reads stays as it is: its ranking must not change under the reader."""
    changed = {name for name, value in values.items() if getattr(metric, name) != value}
    if changed - FREE_FIELDS:
        _unused(metric, "改动口径")
    if "name" in changed:
        _name_is_free(writing, values["name"])
    if "spread" in changed:
        # 分摊 is said once, by the metric: what was given before falls due as what is given now.
        given = metric.targets.current()
        writing.change_many(given, action="改分摊", permission="edit_metrics", spread=values["spread"])
    return writing.change(metric, version=version, permission="edit_metrics", **values)


def void_metric(writing: Door, *, metric: Metric, reason: str) -> Metric:
    _unused(metric, "作废")
    return writing.void(metric, reason=reason, permission="edit_metrics")


def schemes_at_work(county_id: int) -> list[Scheme]:
    """Drafts, and of each scheme in force the newest version: one for each name, year and kind of period."""
    newest: dict[Any, Scheme] = {}
    for row in Scheme.objects.current().in_county(county_id).newest_first():
        newest.setdefault(row.pk if row.is_draft else (row.name, row.year, row.period), row)
    return list(newest.values())


def uses_of(metric: Metric) -> list[Scheme]:
    """The schemes, drafts among them, in which some formula or tie break reads this metric."""
    return [scheme for scheme in schemes_at_work(metric.county_id) if metric.name in scheme.rules.names]


def _unused(metric: Metric, act: str) -> None:
    if uses := uses_of(metric):
        named = "、".join(f"“{scheme}”" for scheme in uses)
        raise Refused(f"考核方案{named}正在使用指标“{metric}”，不能{act}。请另建一个指标，在方案的下一版里改用它。")


def _name_is_free(writing: Door, name: str) -> None:
    """A scheme's derived metric and a metric of the same name could not be told apart."""
    for scheme in schemes_at_work(writing.actor.county_id):
        if name in {derived.name for derived in scheme.rules.derived}:
            raise Refused({"name": f"考核方案“{scheme}”里有同名的派生指标，请换一个名称。"})


def add_metrics(writing: Door, definitions: Iterable[Mapping[str, Any]]) -> list[Metric]:
    """Metrics from their file (fixtures/metrics.json); the keys are the model's fields."""
    return [writing.add(Metric(**definition), permission="edit_metrics") for definition in definitions]


def add_scheme(
    writing: Door, *, body: Mapping[str, Any], participants: Iterable[tuple[Unit, str]], document: str = ""
) -> Scheme:
    """A scheme from its file, with the units it compares and their groups."""
    scheme = writing.add(
        Scheme(
            name=body["name"],
            year=body["year"],
            period=body["period"],
            purpose=body.get("purpose", SchemePurpose.ASSESSMENT),
            body=dict(body),
            document=document,
        )
    )
    for unit, group in participants:
        writing.add(Participant(scheme=scheme, unit=unit, group=group))
    return scheme
