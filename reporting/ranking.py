"""A draft ranking: what the scheme makes of today's knowledge of a period.

inputs: figures, targets, groups as values; results = score(scheme.rules, inputs)
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from core.ledgers.ledger import all_ledgers
from core.periods import Period
from reporting.bases import bases_of, beside
from reporting.metrics import Figure, Found, MetricError, figures, nothing
from reporting.models import Application, Metric, Participant, Scheme
from reporting.models.metrics import SpanRule
from reporting.models.publications import SUBJECTS, PublicationKind
from reporting.scoring.engine import score
from reporting.scoring.inputs import Inputs, UnitInput
from reporting.scoring.results import Results
from reporting.scoring.scheme import Scheme as Rules
from reporting.targeting.in_force import Key, Version, in_force, versions
from townships.models import County, Unit


@dataclass(frozen=True, eq=False)
class Draft:
    """A computed ranking with what the pages need to open each figure; two are the same only if they are one."""

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
    provisional: bool = False
    """Whether that publication is 暂定."""
    before: Mapping[str, int] = field(default_factory=dict)
    """unit → rank in the period before, where it is known: frozen in a publication, or computed with the draft."""

    @property
    def kind(self) -> PublicationKind:
        return PublicationKind.SELECTION if self.rules.selects else PublicationKind.RANKING

    @property
    def title(self) -> str:
        """2024年第一季度乡镇擂台."""
        return f"{self.period.label}{SUBJECTS[self.kind]}"

    @property
    def units(self) -> list[Unit]:
        return [participant.unit for participant in self.participants]

    @property
    def measured_in(self) -> dict[str, str]:
        """metric → its unit of measure, as it stands behind a number in a sentence."""
        return {name: metric.unit_of_measure for name, metric in self.metrics.items()}

    @cached_property
    def unit_of(self) -> dict[str, Unit]:
        return {participant.unit.name: participant.unit for participant in self.participants}


def scheme_for(county: County, period: Period) -> Scheme | None:
    """The newest version of the county's scheme for that kind of period, of that year or the last before."""
    return _scheme_held(county.pk, period)


def _scheme_held(county_id: int, period: Period) -> Scheme | None:
    schemes = Scheme.objects.assessing().in_county(county_id).filter(period=period.kind, year__lte=period.year)
    return schemes.newest_first().first()


def draft_ranking(scheme: Scheme, period: Period) -> Draft:
    """Computed from today's knowledge in a fixed number of statements, however many metrics and units there are."""
    (draft,) = _drafts([(scheme, period)])
    return draft


def compared_ranking(scheme: Scheme, period: Period) -> Draft:
    """A draft that knows the ranks of the period before as well; both are computed from the same statements."""
    earlier = period.previous()
    held = _scheme_held(scheme.county_id, earlier)
    if held is None:
        return draft_ranking(scheme, period)
    draft, before = _drafts([(scheme, period), (held, earlier)])
    return replace(draft, before=_ranks(before))


def ranks_before(draft: Draft) -> dict[str, int]:
    """unit → rank in the period before, under the scheme that held then; empty where there was none."""
    earlier = draft.period.previous()
    scheme = _scheme_held(draft.scheme.county_id, earlier)
    return {} if scheme is None else _ranks(draft_ranking(scheme, earlier))


def _ranks(draft: Draft) -> dict[str, int]:
    """A period without a single figure ranks everybody first by nothing: there is nothing to compare with."""
    if not any(figure for unit in draft.inputs.units for figure in unit.actual.values()):
        return {}
    return {unit.unit: unit.rank for unit in draft.results.units if unit.rank}


# -- what a draft reads ----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Plan:
    """A scheme asked for a period, and which figures that takes."""

    scheme: Scheme
    rules: Rules
    period: Period
    participants: tuple[Participant, ...]
    metrics: dict[str, Metric]
    broken: dict[str, str]

    def asked(self) -> Iterator[tuple[Metric, Period]]:
        for period in self.periods.values():
            yield from ((metric, period) for metric in self.metrics.values())

    @property
    def periods(self) -> dict[str, Period]:
        """What `UnitInput` calls its figures → the period they are of."""
        functions, wanted = self.rules.functions, {"actual": self.period}
        if "上年同期" in functions:
            wanted["last_year"] = self.period.year_earlier().seen_from(self.period)
        if "上期" in functions:
            wanted["last_period"] = self.period.previous().seen_from(self.period)
        return wanted


Figures = Mapping[tuple[Metric, Period], Found]


def _drafts(asked: Sequence[tuple[Scheme, Period]]) -> list[Draft]:
    """One county's rankings computed together: what they read is asked for once."""
    plans = list(_plans(asked))
    wanted = list(dict.fromkeys(pair for plan in plans for pair in plan.asked()))
    found = dict(zip(wanted, figures(wanted), strict=True))
    targets = _targets_of(plans)
    last_years = {**found, **_last_years(plans, found)}
    return [_draft(plan, found, last_years, targets) for plan in plans]


def _last_years(plans: Iterable[_Plan], found: Figures) -> Figures:
    """What 上年同期 reads: the figures with 历史基数 for months of which there are no records."""
    periods = [(plan, plan.periods.get("last_year")) for plan in plans]
    asked = list(dict.fromkeys((metric, when) for plan, when in periods if when for metric in plan.metrics.values()))
    return {pair: beside(found[pair], bases) for pair, bases in zip(asked, bases_of(asked), strict=True)}


def _plans(asked: Sequence[tuple[Scheme, Period]]) -> Iterator[_Plan]:
    schemes = [scheme for scheme, _ in asked]
    names = {scheme.pk: scheme.rules.names for scheme in schemes}
    participants = _participants_of(schemes)
    rows = Metric.objects.current().in_county(schemes[0].county_id).filter(name__in=set().union(*names.values()))
    metrics = list(rows.order_by("pk"))
    for scheme, period in asked:
        named = {metric.name: metric for metric in metrics if metric.name in names[scheme.pk]}
        broken = broken_names(scheme.rules, named)
        read = {name: metric for name, metric in named.items() if name not in broken}
        yield _Plan(scheme, scheme.rules, period, tuple(participants[scheme.pk]), read, broken)


def broken_names(rules: Rules, metrics: Collection[str]) -> dict[str, str]:
    """name → sentence, for names that no metric of the county gives and for those that mean two things."""
    derived = {derived.name for derived in rules.derived}
    twice = "方案的派生指标“{}”与同名的指标重复，按派生指标计算，请给其中一个改名。"
    absent = "方案读取的“{}”没有这个指标，请先建立指标，或修改方案。"
    return {
        **{name: twice.format(name) for name in metrics if name in derived},
        **{name: absent.format(name) for name in rules.metric_names if name not in metrics},
    }


def _participants_of(schemes: Iterable[Scheme]) -> dict[int, list[Participant]]:
    found: dict[int, list[Participant]] = defaultdict(list)
    rows = Participant.objects.current().filter(scheme__in=schemes).select_related("unit")
    for row in rows.order_by("group", "unit__position", "unit__code"):
        found[row.scheme_id].append(row)
    return found


def _targets_of(plans: Sequence[_Plan]) -> list[Version]:
    metrics = {metric.pk for plan in plans for metric in plan.metrics.values()}
    years = {plan.period.year for plan in plans}
    return versions(plans[0].scheme.county_id, years, metrics)


def _draft(plan: _Plan, found: Figures, last_years: Figures, targets: Iterable[Version]) -> Draft:
    """A metric that can't be trusted is left out of the figures, with its sentence in `broken`."""
    tables = {"actual": found, "last_year": last_years, "last_period": found}
    inputs = _inputs(plan, tables, in_force(targets, plan.period.year, plan.period.last_day))
    errors = {metric.name: found[metric, period] for metric, period in plan.asked()}
    failed = {name: str(error) for name, error in errors.items() if isinstance(error, MetricError)}
    broken = plan.broken | failed
    results = score(plan.rules, inputs)
    return Draft(plan.scheme, plan.rules, plan.period, inputs, results, plan.participants, plan.metrics, broken)


def _inputs(plan: _Plan, tables: Mapping[str, Figures], targets: Mapping[Key, Version]) -> Inputs:
    named = {metric.pk: name for name, metric in plan.metrics.items()}
    held = [(named[row.metric], row) for row in targets.values() if row.metric in named]
    covered = months_covered(plan.metrics, plan.period)
    target: dict[int | None, dict[str, Decimal]] = defaultdict(dict)
    due: dict[int | None, dict[str, Decimal]] = defaultdict(dict)
    for name, row in held:
        target[row.unit][name] = row.basic
        last = plan.period.months_elapsed
        if (part := row.plan(last - covered[name] + 1, last)) is not None:
            due[row.unit][name] = part
    return Inputs(
        period=plan.period.code,
        months_elapsed=plan.period.months_elapsed,
        months_covered=plan.period.months_covered,
        covered=covered,
        decided=_decided_in(plan.scheme) if plan.rules.selects else {},
        prorate={name: row.spread for name, row in held},
        units=tuple(
            UnitInput(
                name=participant.unit.name,
                group=participant.group or None,
                target=target[participant.unit_id],
                plan=due[participant.unit_id],
                **_figures_of(plan, tables, participant.unit_id),
            )
            for participant in plan.participants
        ),
    )


def _decided_in(scheme: Scheme) -> dict[str, bool]:
    """{unit: chosen} where a meeting parted equals in this selection."""
    rows = Application.objects.current().filter(selection__scheme=scheme, selection__voided_at=None)
    return dict(rows.exclude(decided=None).order_by("pk").values_list("unit__name", "decided"))


def _figures_of(plan: _Plan, tables: Mapping[str, Figures], unit_id: int) -> dict[str, dict[str, Figure | None]]:
    """A unit without a single record has 0, not nothing; a broken metric has nothing, and the page says so.

    What no metric gives is known and has no figure, so that whoever reads it is in error and nobody else.
    """

    def figure(kind: str, metric: Metric, period: Period) -> Figure | None:
        by_unit = tables[kind][metric, period]
        return None if isinstance(by_unit, MetricError) else by_unit.get(unit_id, nothing(metric))

    held: dict[str, dict[str, Figure | None]] = {
        kind: {name: figure(kind, metric, period) for name, metric in plan.metrics.items()}
        for kind, period in plan.periods.items()
    }
    absent: dict[str, Figure | None] = {name: None for name in plan.rules.metric_names if name not in plan.metrics}
    return {"last_year": {}, "last_period": {}} | held | {"actual": held["actual"] | absent}


def periods_with_scheme(county: County) -> list[Period]:
    """The periods a scheme was made for and in which something was verified, the newest first; at most eight."""
    schemes = list(_newest_schemes(county))
    period = _latest_period(county, schemes)
    found: list[Period] = []
    while period and len(found) < 8 and any(s.period == period.kind and s.year <= period.year for s in schemes):
        found.append(period)
        period = period.previous()
    return sorted({*found, *_whole_years(found, schemes)}, reverse=True)


def _whole_years(periods: Sequence[Period], schemes: Sequence[Scheme]) -> Iterator[Period]:
    """The years that end with one of these periods and have a scheme of their own."""
    for period in periods:
        year = Period.containing(period.last_day, "year")
        held = any(scheme.period == "year" and scheme.year <= year.year for scheme in schemes)
        if held and year.last_day == period.last_day:
            yield year


def latest_period(county: County) -> Period | None:
    """The last period of the newest scheme's kind into which anything was counted."""
    return _latest_period(county, list(_newest_schemes(county)))


def _newest_schemes(county: County) -> QuerySet:
    return Scheme.objects.assessing().in_county(county.pk).newest_first().only("period", "year")


def running(schemes: Sequence[Scheme]) -> Scheme:
    """Of the newest year's schemes one that ranks within the year: the year's own is for its end."""
    newest = [scheme for scheme in schemes if scheme.year == schemes[0].year]
    return next((scheme for scheme in newest if scheme.period != "year"), newest[0])


def _latest_period(county: County, schemes: Sequence[Scheme]) -> Period | None:
    if not schemes:
        return None
    newest = running(schemes)
    known = [day for day in latest_counted(county) if day.year <= newest.year]
    return Period.containing(max(known, default=date(newest.year, 12, 31)), newest.period)


def latest_counted(county: County) -> Sequence[date]:
    """Into which days the newest rows of the ledgers count that targets are set for; all ledgers in one statement.

    A visit of yesterday begins no quarter of the ranking. Where no target asks for any row, every ledger speaks.
    """
    ledgers = [ledger for ledger in all_ledgers() if ledger.verifiable]
    rows = [ledger.model.objects.current().filter(county=OuterRef("pk")) for ledger in ledgers]
    counted = [found.exclude(counted_from=None).order_by("-counted_from").values("counted_from") for found in rows]
    aimed = Metric.objects.current().filter(county=OuterRef("pk"), has_target=True)
    asked = [Exists(aimed.filter(ledger=ledger.key)) for ledger in ledgers]
    found = County.objects.values_list(*(Subquery(days[:1]) for days in counted), *asked).get(pk=county.pk)
    known = [(day, wanted) for day, wanted in zip(found, found[len(ledgers) :], strict=False) if day]
    return [day for day, wanted in known if wanted] or [day for day, _ in known]


def months_covered(metrics: dict[str, Metric], period: Period) -> dict[str, int]:
    """metric name → months of the year it covers at the period's end: what its target is held against."""
    own = {SpanRule.PERIOD}
    return {n: period.months_covered if m.span in own else period.months_elapsed for n, m in metrics.items()}
