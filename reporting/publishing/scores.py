"""成绩: what a published ranking writes beside its frozen parts, for years, awards and later schemes to read."""

from core.write import Door, Refused
from reporting.models import Publication, PublishedScore
from reporting.publishing.proposals import void_proposals_before
from reporting.ranking import Draft
from reporting.scoring.results import UnitResult

MOST_PLACES = 4


def scores_fit(draft: Draft) -> None:
    """Raises Refused for totals with more places than a score is kept with."""
    if draft.rules.rounding.total > MOST_PLACES:
        raise Refused(f"方案的总分保留{draft.rules.rounding.total}位小数，发布最多{MOST_PLACES}位，请修改方案。")


def write_scores(writing: Door, publication: Publication, draft: Draft) -> None:
    """The results as rows of 成绩; those of the version before are voided, so that none counts twice."""
    old = PublishedScore.objects.current().filter(
        publication__scheme__name=publication.scheme.name,
        publication__period=publication.period,
        county=publication.county_id,
    )
    for row in old:
        writing.void(row, reason=f"由{publication}更正", permission="publish")
    writing.add_many([_score(publication, draft, result) for result in draft.results.units], permission="publish")
    void_proposals_before(writing, publication)


def _score(publication: Publication, draft: Draft, result: UnitResult) -> PublishedScore:
    return PublishedScore(
        publication=publication,
        unit=draft.unit_of[result.unit],
        group=result.group or "",
        kind=draft.period.kind,
        first_day=draft.period.first_day,
        last_day=draft.period.last_day,
        total=result.total,
        rank=result.rank,
        tied=result.tied,
        qualified=result.qualified,
        award=result.award or "",
        amount=result.amount,
    )
