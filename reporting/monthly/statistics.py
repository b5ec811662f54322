"""A county's month: which metrics and units it shows, and their figures as today's records have them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from core.periods import MONTHS_COVERED, Period
from reporting.bases import added, bases_of, beside, plus
from reporting.dashboards.city import CityPlace, city_standings
from reporting.dashboards.main_figures import over_the_period, over_the_year
from reporting.formula.evaluate import Value
from reporting.metrics import Found, MetricError, figures, nothing, totals, what_it_counts
from reporting.models import Metric, Participant, Scheme, Target
from reporting.models.metrics import Measure, SpanRule
from reporting.models.publications import PublicationKind
from reporting.monthly.arithmetic import SLOTS, YEAR_BEFORE, MonthFigure
from reporting.targeting.in_force import Aim, aims
from townships.models import County

WHOLE = ""
"""The county itself, where units stand by their code."""
FigureKey = tuple[str, str]
"""(metric code, unit code or WHOLE)"""


@dataclass(frozen=True, eq=False)
class MonthStatistics:
    """One month of a county; two are the same only if they are one.

    The county's figure counts every record once and is no sum of its units.
    """

    kind: ClassVar[PublicationKind] = PublicationKind.STATISTICS

    scheme: Scheme
    period: Period
    participants: tuple[Participant, ...]
    metrics: tuple[Metric, ...]
    figures: Mapping[FigureKey, MonthFigure]
    broken: Mapping[str, str] = field(default_factory=dict)
    """metric name → sentence, for metrics that can't be trusted; they have no figures."""
    publication: str = ""
    """The code of the publication that this was read back from; empty where it is computed live."""
    city: Mapping[str, CityPlace] = field(default_factory=dict)
    """metric code → the county's place in its city, where the city has said one."""


def month_statistics(county: County, period: Period, scheme: Scheme | None = None) -> MonthStatistics | None:
    """Computed from today's knowledge in a fixed number of statements; None before the county has any scheme."""
    scheme = scheme or statistics_scheme(county, period.year)
    if scheme is None:
        return None
    metrics = shown_metrics(county, period.year)
    participants = scheme.participants.current().select_related("unit")
    listed = tuple(participants.order_by("group", "unit__position", "unit__code"))
    slots = _slots(metrics, period)
    broken = {found.metric.name: str(found.error) for found in slots.values() if found.error}
    known = tuple(metric for metric in metrics if metric.name not in broken)
    targets = aims(county.pk, [metric.pk for metric in known], period)
    held = {
        (metric.code, unit.code if unit else WHOLE): slots[metric.pk].figure(
            unit and unit.pk, targets.get((metric.pk, unit and unit.pk)), period
        )
        for metric in known
        for unit in (*(participant.unit for participant in listed), None)
    }
    return MonthStatistics(scheme, period, listed, metrics, held, broken, city=_city(known, county, period))


def _city(metrics: tuple[Metric, ...], county: County, period: Period) -> dict[str, CityPlace]:
    standings = city_standings(county, period.last_day)
    found = {metric.code: standings.get(what_it_counts(metric)) for metric in metrics}
    return {code: standing.now for code, standing in found.items() if standing}


def statistics_scheme(county: County, year: int) -> Scheme | None:
    """Whose participants a month lists; of several, those for the shortest periods: a month is nearest to them."""
    return min(_schemes(county, year), key=lambda scheme: MONTHS_COVERED[scheme.period], default=None)


def _schemes(county: County, year: int) -> list[Scheme]:
    """Those in force of that year, or of the last year before that has any; the newest versions first."""
    rows = list(Scheme.objects.assessing().in_county(county.pk).filter(year__lte=year).newest_first())
    return [row for row in rows if row.year == rows[0].year]


def shown_metrics(county: County, year: int) -> tuple[Metric, ...]:
    """What that year's schemes read, in their order, then what else has targets that year.

    Two that count the same over different spans are one; the one with targets stands for both. What can't be told
    month by month (stocks, signing years, lists) and what reviewers say is left out.
    """
    rows = Metric.objects.current().in_county(county.pk).order_by("code")
    known = {metric.name: metric for metric in rows if _goes_month_by_month(metric)}
    aimed = _with_targets(county, year)
    found: dict[tuple, Metric] = {}
    for name in (*_read_by(_schemes(county, year)), *(n for n, metric in known.items() if metric.pk in aimed)):
        if metric := known.get(name):
            first = found.setdefault(what_it_counts(metric), metric)
            if first.pk not in aimed and metric.pk in aimed:
                found[what_it_counts(metric)] = metric
    return tuple(found.values())


def _goes_month_by_month(metric: Metric) -> bool:
    spans = (SpanRule.PERIOD, SpanRule.YEAR_TO_DATE)
    return metric.span in spans and metric.measure != Measure.LIST and not metric.book.confidential


def _with_targets(county: County, year: int) -> set[int]:
    rows = Target.objects.current().in_county(county.pk).filter(year=year)
    return set(rows.order_by().values_list("metric", flat=True).distinct())


def _read_by(schemes: list[Scheme]) -> Iterator[str]:
    """Each kind of period by its newest version, the shortest first; indicators in their order."""
    newest: dict[str, Scheme] = {}
    for scheme in schemes:
        newest.setdefault(scheme.period, scheme)
    for scheme in sorted(newest.values(), key=lambda scheme: MONTHS_COVERED[scheme.period]):
        for indicator in scheme.rules.indicators:
            yield from (reference.name for reference in indicator.formula.references)
        yield from sorted(scheme.rules.names)


# -- the figures ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Slots:
    """A metric's four figures: of the units by key, and of the county."""

    metric: Metric
    by_unit: tuple[Found, ...]
    whole: tuple[Value | MetricError | None, ...]

    @property
    def error(self) -> MetricError | None:
        return next((found for found in (*self.by_unit, *self.whole) if isinstance(found, MetricError)), None)

    def figure(self, unit: int | None, target: Aim | None, period: Period) -> MonthFigure:
        """`unit` is its key, None for the county. A unit without a single record has 0, not nothing."""
        none = nothing(self.metric)
        counted = self.whole if unit is None else (found.get(unit, none) for found in self.by_unit)
        spread = target.spread if target else self.metric.spread
        basic, plan = (target.basic, target.plan) if target else (None, None)
        return MonthFigure(*counted, target=basic, months=period.months_elapsed, spread=spread, plan=plan)


def _slots(metrics: tuple[Metric, ...], period: Period) -> dict[int, _Slots]:
    """metric key → its figures; all of them are asked for in one statement for units and one for the county."""
    asked = [pair for metric in metrics for pair in slot_queries(metric, period).values()]
    parts, wholes = figures(asked), totals(asked)
    size = len(SLOTS)
    before = range(SLOTS.index(YEAR_BEFORE), len(asked), size)
    for at, bases in zip(before, bases_of([asked[at] for at in before]), strict=True):
        parts[at], wholes[at] = beside(parts[at], bases), plus(wholes[at], added(bases))
    return {
        metric.pk: _Slots(metric, tuple(parts[at : at + size]), tuple(wholes[at : at + size]))
        for at, metric in zip(range(0, len(asked), size), metrics, strict=True)
    }


def slot_queries(metric: Metric, period: Period) -> dict[str, tuple[Metric, Period]]:
    """slot → the metric over the month or over the year so far, and the month up to which."""
    month, year = over_the_period(metric), over_the_year(metric)
    before, last_year = period.previous().seen_from(period), period.year_earlier().seen_from(period)
    asked = (month, period), (month, before), (year, period), (year, last_year)
    return dict(zip(SLOTS, asked, strict=True))


def subject_of(metric: Metric) -> str:
    """到位资金 of 本年累计到位资金: beside it stands which of the four figures is meant."""
    return metric.name.removeprefix("本年累计").removeprefix("本月")
