"""A draft ranking: what the scheme makes of today's knowledge of a period.

inputs = ranking_inputs(scheme, period)     # figures, targets, groups: frozen values
results = score(load_scheme(scheme.body), inputs)
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db.models import Max

from core.ledgers.ledger import Ledger, all_ledgers
from core.periods import Period
from reporting.metrics import MetricError, values
from reporting.models import Metric, Participant, Scheme, Target
from reporting.models.metrics import SpanRule
from reporting.scoring.engine import score
from reporting.scoring.inputs import Inputs, UnitInput
from reporting.scoring.results import Results
from reporting.scoring.scheme import Scheme as Rules
from reporting.scoring.scheme import load_scheme
from townships.models import County, Unit


@dataclass(frozen=True)
class Draft:
    """A computed ranking with what the pages need to open each figure."""

    scheme: Scheme
    rules: Rules
    period: Period
    inputs: Inputs
    results: Results
    participants: tuple[Participant, ...]
    metrics: dict[str, Metric]
    broken: dict[str, str]
    """metric name → sentence, for metrics whose conditions no longer fit."""
    publication: str = ""
    """The code of the publication that this was read back from; empty where it is computed live."""
    before: Mapping[str, int] = field(default_factory=dict)
    """A publication's frozen ranks of the period before."""

    @cached_property
    def unit_of(self) -> dict[str, Unit]:
        return {participant.unit.name: participant.unit for participant in self.participants}


def scheme_for(county: County, period: Period) -> Scheme | None:
    """The newest version of the county's scheme for that kind of period, of that year or the last before."""
    schemes = Scheme.objects.current().in_county(county.pk).filter(period=period.kind, year__lte=period.year)
    return schemes.order_by("-year", "-version", "-pk").first()


def draft_ranking(scheme: Scheme, period: Period) -> Draft:
    rules = load_scheme(scheme.body)
    participants = tuple(
        scheme.participants.current().select_related("unit").order_by("group", "unit__position", "unit__code")
    )
    found = metrics_read_by(scheme)
    broken = broken_names(rules, found)
    metrics = {name: metric for name, metric in found.items() if name not in broken}
    inputs = ranking_inputs(scheme, period, participants, metrics, broken)
    return Draft(scheme, rules, period, inputs, score(rules, inputs), participants, metrics, broken)


def ranks_before(draft: Draft) -> dict[str, int]:
    """unit → rank in the period before, under the scheme that held then; empty where there was none.

    A period without a single figure ranks everybody first by nothing: there is nothing to compare with.
    """
    earlier = draft.period.previous()
    scheme = scheme_for(draft.scheme.county, earlier)
    if scheme is None:
        return {}
    before = draft_ranking(scheme, earlier)
    if not any(figure for unit in before.inputs.units for figure in unit.actual.values()):
        return {}
    return {unit.unit: unit.rank for unit in before.results.units if unit.rank}


def metrics_read_by(scheme: Scheme) -> dict[str, Metric]:
    """The county's metrics that this scheme's formulas name."""
    names = load_scheme(scheme.body).names
    rows = Metric.objects.current().in_county(scheme.county_id).filter(name__in=names)
    return {metric.name: metric for metric in rows}


def broken_names(rules: Rules, metrics: Collection[str]) -> dict[str, str]:
    """name → sentence, for names that no metric of the county gives and for those that mean two things."""
    derived = {derived.name for derived in rules.derived}
    twice = "方案的派生指标“{}”与同名的指标重复，按派生指标计算，请给其中一个改名。"
    absent = "方案读取的“{}”没有这个指标，请先建立指标，或修改方案。"
    return {
        **{name: twice.format(name) for name in metrics if name in derived},
        **{name: absent.format(name) for name in rules.metric_names if name not in metrics},
    }


def ranking_inputs(
    scheme: Scheme,
    period: Period,
    participants: Iterable[Participant],
    metrics: dict[str, Metric],
    broken: dict[str, str],
) -> Inputs:
    """The engine's input; a metric that can't be trusted is left out and its sentence put into `broken`.

    What no metric gives is known and has no figure, so that whoever reads it is in error and nobody else.
    """
    rules = load_scheme(scheme.body)
    functions = rules.functions
    absent: dict[str, None] = dict.fromkeys(name for name in rules.metric_names if name not in metrics)
    actual = _figures(metrics, period, broken) | absent
    last_year = _figures(metrics, period.year_earlier(), broken) if "上年同期" in functions else {}
    last_period = _figures(metrics, period.previous(), broken) if "上期" in functions else {}
    targets = targets_of(scheme.county_id, period.year, metrics)
    units = tuple(
        UnitInput(
            name=p.unit.name,
            group=p.group or None,
            actual=_of(actual, p.unit_id),
            target={name: row.basic for (unit_id, name), row in targets.items() if unit_id == p.unit_id},
            plan={},
            last_year=_of(last_year, p.unit_id),
            last_period=_of(last_period, p.unit_id),
        )
        for p in participants
    )
    return Inputs(
        period=period.code,
        months_elapsed=period.months_elapsed,
        months_covered=period.months_covered,
        covered=months_covered(metrics, period),
        prorate={name: row.spread for (_, name), row in targets.items()},
        units=units,
    )


def _figures(
    metrics: dict[str, Metric], period: Period, broken: dict[str, str]
) -> dict[str, dict[int, Decimal] | None]:
    figures: dict[str, dict[int, Decimal] | None] = {}
    for name, metric in metrics.items():
        try:
            figures[name] = values(metric, period)
        except MetricError as error:
            figures[name], broken[name] = None, str(error)
    return figures


def _of(figures: dict[str, dict[int, Decimal] | None], unit_id: int) -> dict[str, Decimal | None]:
    """A unit without a single record has 0, not nothing; a broken metric has nothing, and the page says so."""
    return {name: None if found is None else found.get(unit_id, Decimal(0)) for name, found in figures.items()}


def targets_of(county_id: int, year: int, metrics: dict[str, Metric]) -> dict[tuple[int | None, str], Target]:
    rows = Target.objects.current().in_county(county_id).filter(year=year, metric__in=metrics.values())
    return {(row.unit_id, row.metric.name): row for row in rows.select_related("metric")}


def periods_with_scheme(county: County) -> list[Period]:
    """The periods a scheme was made for and in which something was verified, the newest first; at most eight."""
    latest = latest_period(county)
    found: list[Period] = []
    while latest and len(found) < 8 and scheme_for(county, latest):
        found.append(latest)
        latest = latest.previous()
    return found


def latest_period(county: County) -> Period | None:
    """The last period of the newest scheme's kind into which anything was counted."""
    scheme = Scheme.objects.current().in_county(county.pk).order_by("-year", "-version", "-pk").first()
    if scheme is None:
        return None
    days = [latest_counted(ledger, county.pk) for ledger in all_ledgers() if ledger.verifiable]
    known = [day for day in days if day and day.year <= scheme.year] or [date(scheme.year, 12, 31)]
    return Period.containing(max(known), scheme.period)


def latest_counted(ledger: Ledger, county_id: int) -> date | None:
    rows = ledger.model.objects.current().in_county(county_id)
    return rows.aggregate(last=Max("counted_from"))["last"]


def months_covered(metrics: dict[str, Metric], period: Period) -> dict[str, int]:
    """metric name → months of the year it covers at the period's end: what its target is held against."""
    own = {SpanRule.PERIOD}
    return {n: period.months_covered if m.span in own else period.months_elapsed for n, m in metrics.items()}
