"""The six figures of a county or a unit: which they are follows from its scheme, how they stand from its metrics."""

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from decimal import Decimal

from core.growth import growth
from reporting.bases import added, bases_of
from reporting.dashboards.reach import Reach
from reporting.metrics import MetricError, value, what_it_counts
from reporting.models import Metric, Scheme
from reporting.models.metrics import Measure, SpanRule
from reporting.progress import Progress, progress
from reporting.ranking import running
from reporting.targeting.in_force import Aim, aims
from townships.models import County, Unit

MOST = 6
YEAR_SO_FAR = "本年累计"


@dataclass(frozen=True)
class MainFigure:
    """One metric as it stands. Figures are in its own unit of measure, None where it can't be trusted (`broken`).

    `this_period` and `period_before` are of the period itself; `progress` and `year_before` are year to date.
    """

    metric: Metric
    this_period: Decimal | None
    period_before: Decimal | None
    year_before: Decimal | None
    progress: Progress | None
    broken: str = ""

    @property
    def name(self) -> str:
        """到位资金, whether the county keeps it by period or as 本年累计到位资金."""
        return self.metric.name.removeprefix(YEAR_SO_FAR)

    @property
    def growth(self) -> Decimal | None:
        return growth(self.progress.actual, self.year_before) if self.progress else None


def main_metrics(county: County, year: int) -> list[Metric]:
    """What the newest scheme of that year sets targets for, in its order; then what else has targets; at most six.

    Two metrics that count the same over different spans are one main figure.
    """
    known = {m.name: m for m in Metric.objects.current().in_county(county.pk).filter(has_target=True).order_by("code")}
    found: dict[tuple, Metric] = {}
    for name in (*_read_by_scheme(county, year), *known):
        metric = known.get(name)
        if metric is not None and _adds_up_over_a_year(metric):
            found.setdefault(what_it_counts(metric), metric)
    return list(found.values())[:MOST]


def _read_by_scheme(county: County, year: int) -> Iterator[str]:
    schemes = list(Scheme.objects.assessing().in_county(county.pk).filter(year__lte=year).newest_first())
    for indicator in running(schemes).rules.indicators if schemes else ():
        yield from (reference.name for reference in indicator.formula.references)


def _adds_up_over_a_year(metric: Metric) -> bool:
    return metric.span in (SpanRule.PERIOD, SpanRule.YEAR_TO_DATE) and metric.measure != Measure.AVERAGE


def over_the_year(metric: Metric) -> Metric:
    """The same metric from January on, never saved; its drill-down takes `?span=year`."""
    if metric.span != SpanRule.PERIOD:
        return metric
    return _spanning(metric, SpanRule.YEAR_TO_DATE, f"{YEAR_SO_FAR}{metric.name}")


def over_the_period(metric: Metric) -> Metric:
    if metric.span != SpanRule.YEAR_TO_DATE:
        return metric
    return _spanning(metric, SpanRule.PERIOD, metric.name.removeprefix(YEAR_SO_FAR))


def _spanning(metric: Metric, span: str, name: str) -> Metric:
    changed = copy(metric)
    changed.span, changed.name = span, name
    return changed


def main_figures(
    metrics: Iterable[Metric], reached: Reach, county: County, unit: Unit | None = None
) -> list[MainFigure]:
    """Of the county as a whole, where a record counts once, or of a unit by its shares."""
    listed = list(metrics)
    targets = aims(county.pk, [metric.pk for metric in listed], reached.until)
    key, before = unit and unit.pk, reached.until.year_earlier().seen_from(reached.until)
    bases = bases_of([(over_the_year(metric), before) for metric in listed])
    based = [added(of_metric, unit) for of_metric in bases]
    return [
        _main_figure(metric, reached, targets.get((metric.pk, key)), base, unit)
        for metric, base in zip(listed, based, strict=True)
    ]


def _main_figure(metric: Metric, reached: Reach, aim: Aim | None, base: Decimal, unit: Unit | None) -> MainFigure:
    """`base`: what 历史基数 adds to the figure of the year before."""
    own, year, until = over_the_period(metric), over_the_year(metric), reached.until
    try:
        return MainFigure(
            metric=metric,
            this_period=value(own, reached.period, unit),
            period_before=value(own, reached.period.previous().seen_from(reached.period), unit),
            year_before=value(year, until.year_earlier().seen_from(until), unit) + base,
            progress=held_against(value(year, until, unit), aim, reached.months),
        )
    except MetricError as error:
        return MainFigure(metric, None, None, None, None, str(error))


def held_against(figure: Decimal, aim: Aim | None, months: int) -> Progress:
    """A figure of the year so far, `months` long, against what was to be reached."""
    return progress(figure, aim.basic, months, aim.spread, aim.plan) if aim else progress(figure, None, months)


def funds_metric(metrics: Iterable[Metric]) -> Metric | None:
    """The money that arrived: the first main metric that sums the ledger of arrivals."""
    return next((m for m in metrics if m.ledger == "arrivals" and m.measure == Measure.SUM), None)
