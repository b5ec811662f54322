"""全市排位 of one period: which metrics its grid asks for, and how it is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from core.periods import Period
from core.write import Door, Refused
from reporting.dashboards.main_figures import main_metrics
from reporting.metrics import what_it_counts
from reporting.models import CityRank, Metric
from reporting.monthly.statistics import shown_metrics
from townships.models import County


@dataclass(frozen=True)
class GivenRank:
    """What was typed for one metric; `figure` in its unit, None where the notice gives a place alone."""

    place: int
    counties: int
    figure: Decimal | None = None


def ranked_metrics(county: County, period: Period) -> list[Metric]:
    """What the grid asks for: the metrics of the month's statistics and the main figures, each subject once."""
    found: dict[tuple, Metric] = {}
    for row in CityRank.objects.current().in_county(county.pk).filter(period=period.code).select_related("metric"):
        found.setdefault(what_it_counts(row.metric), row.metric)
    for metric in (*main_metrics(county, period.year), *shown_metrics(county, period.year)):
        found.setdefault(what_it_counts(metric), metric)
    return sorted(found.values(), key=lambda metric: metric.code)


def set_city_ranks(
    writing: Door,
    *,
    period: Period,
    given: Mapping[Metric, GivenRank | None],
    document: str,
    published_on: date | None = None,
) -> int:
    """Write one period's grid; an emptied line withdraws its place. Counts what changed."""
    if not writing.actor.may("set_targets", CityRank(county_id=writing.actor.county_id)):
        raise Refused(f"您当前的身份（{writing.actor.label}）不能录入全市排位。")
    rows = CityRank.objects.current().in_county(writing.actor.county_id).filter(period=period.code)
    known = {row.metric_id: row for row in rows.select_related("metric")}
    source = {"document": document, "published_on": published_on}
    return sum(_set(writing, known.get(m.pk), m, period, rank, source) for m, rank in given.items())


def _set(
    writing: Door,
    row: CityRank | None,
    metric: Metric,
    period: Period,
    rank: GivenRank | None,
    source: Mapping[str, Any],
) -> bool:
    values = {"place": rank.place, "counties": rank.counties, "figure": rank.figure, **source} if rank else {}
    if row is None and rank:
        writing.add(CityRank(metric=metric, period=period.code, **values), permission="set_targets")
    elif row is not None and not rank:
        writing.void(row, reason="撤销全市排位", permission="set_targets")
    elif row is not None and any(getattr(row, name) != value for name, value in values.items()):
        writing.change(row, permission="set_targets", **values)
    else:
        return False
    return True
