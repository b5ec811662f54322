"""What a projection of a main figure starts from: this year, its last three months, the year before."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from core.periods import Period
from reporting.bases import added, bases_of
from reporting.dashboards.main_figures import YEAR_SO_FAR, over_the_year
from reporting.dashboards.reach import Reach
from reporting.metrics import MetricError, value
from reporting.models import Metric
from reporting.projection import RECENT, Projection, YearSoFar, projected
from reporting.targeting.in_force import Aim, aims
from townships.models import County


@dataclass(frozen=True)
class Forecast:
    """`year` and `projection` are None where the metric can't be trusted; then `broken` says why."""

    metric: Metric
    year: YearSoFar | None
    projection: Projection | None
    broken: str = ""

    @property
    def name(self) -> str:
        return self.metric.name.removeprefix(YEAR_SO_FAR)


def forecasts(metrics: Iterable[Metric], reached: Reach, county: County) -> list[Forecast]:
    listed = list(metrics)
    targets = aims(county.pk, [metric.pk for metric in listed], reached.until)
    return [_forecast(metric, reached, targets.get((metric.pk, None))) for metric in listed]


def _forecast(metric: Metric, reached: Reach, aim: Aim | None) -> Forecast:
    try:
        year = year_so_far(over_the_year(metric), reached.until, aim and aim.basic)
    except MetricError as error:
        return Forecast(metric, None, None, str(error))
    return Forecast(metric, year, projected(year))


def year_so_far(metric: Metric, until: Period, target: Decimal | None) -> YearSoFar:
    """`metric` is year to date, so that what is distinct stays distinct; `until`: the last month that is in."""
    actual, months = value(metric, until), until.months_elapsed
    before = until.year_earlier()
    return YearSoFar(
        months=months,
        actual=actual,
        target=target,
        recent=actual - _three_months_ago(metric, until) if months >= RECENT else None,
        last_part=_with_base(metric, before),
        last_whole=_with_base(metric, Period("year", before.year)),
    )


def _with_base(metric: Metric, period: Period) -> Decimal:
    """Last year's figure as this year's is compared with it."""
    return value(metric, period) + added(bases_of([(metric, period)])[0])


def _three_months_ago(metric: Metric, until: Period) -> Decimal:
    """In March the last three months are all there is of the year."""
    if until.months_elapsed == RECENT:
        return Decimal(0)
    return value(metric, Period("month", until.year, until.number - RECENT))
