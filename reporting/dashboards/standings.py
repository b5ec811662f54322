"""Which ranking speaks for a period: its own where published, else that of the last period with a scheme by then."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.periods import Period
from reporting.models import Publication, PublishedScore
from reporting.models.publications import PublicationKind, PublicationStage
from reporting.publishing.thawing import published_draft
from reporting.ranking import Draft, compared_ranking, draft_ranking, latest_period, scheme_for
from townships.models import County

PERIODS_SHOWN = 8
MOST_STEPS = 1200
"""Back over a century of months, and no further."""


@dataclass(frozen=True)
class Standing:
    """A ranking with the ranks before it; `version` is 0 for a draft."""

    draft: Draft
    before: Mapping[str, int]
    version: int


def standing_at(county: County, asked: Period) -> Standing | None:
    """That period's own ranking where it was published, a year's too; else of the last period over by its end."""
    period = ranked_period(county, asked.last_day)
    official = official_of(county, [asked, period] if period else [asked])
    if published := official.get(asked) or (official.get(period) if period else None):
        draft = published_draft(published)
        return Standing(draft, draft.before, published.version)
    scheme = scheme_for(county, period) if period else None
    if period is None or scheme is None:
        return None
    draft = compared_ranking(scheme, period)
    return Standing(draft, draft.before, 0)


def ranked_period(county: County, day: date) -> Period | None:
    """The last period of the newest scheme's kind that has figures and ends by that day."""
    period = latest_period(county)
    for _ in range(MOST_STEPS):
        if period is None or period.last_day <= day:
            break
        period = period.previous()
    return period


def official_of(county: County, periods: list[Period]) -> dict[Period, Publication]:
    """period → the newest published version of its ranking."""
    rows = (
        Publication.objects.current()
        .in_county(county.pk)
        .filter(kind=PublicationKind.RANKING, stage=PublicationStage.PUBLISHED)
    )
    rows = rows.filter(period__in=[period.code for period in periods]).select_related("scheme")
    return {row.when: row for row in rows.order_by("version", "pk")}


@dataclass(frozen=True)
class PeriodScores:
    """Totals and ranks of one period by the unit's name, as published or as a draft has them today."""

    period: Period
    version: int
    totals: Mapping[str, Decimal]
    ranks: Mapping[str, int]


def last_scores(county: County, period: Period, count: int = PERIODS_SHOWN) -> list[PeriodScores]:
    """The last periods up to this one that a scheme was made for, the oldest first."""
    periods = [period]
    while len(periods) < count:
        periods.append(periods[-1].previous())
    official = official_of(county, periods)
    rows = _published(list(official.values()))
    found = [_scores(county, asked, official.get(asked), rows) for asked in reversed(periods)]
    return [scores for scores in found if scores]


def _published(publications: list[Publication]) -> dict[int, list[PublishedScore]]:
    found: dict[int, list[PublishedScore]] = {}
    for row in PublishedScore.objects.current().filter(publication__in=publications).select_related("unit"):
        found.setdefault(row.publication_id, []).append(row)
    return found


def _scores(
    county: County, period: Period, official: Publication | None, rows: Mapping[int, list[PublishedScore]]
) -> PeriodScores | None:
    if official is not None:
        scores = rows.get(official.pk, [])
        totals = {score.unit.name: score.total for score in scores if score.total is not None}
        return PeriodScores(
            period, official.version, totals, {s.unit.name: s.rank for s in scores if s.rank is not None}
        )
    scheme = scheme_for(county, period)
    return _drafted(draft_ranking(scheme, period)) if scheme else None


def _drafted(draft: Draft) -> PeriodScores | None:
    """None for a period before anything was recorded: nothing ranked there means nothing."""
    if not any(figure for unit in draft.inputs.units for figure in unit.actual.values()):
        return None
    units = draft.results.units
    totals = {unit.unit: unit.total for unit in units if unit.total is not None}
    return PeriodScores(draft.period, 0, totals, {unit.unit: unit.rank for unit in units if unit.rank})
