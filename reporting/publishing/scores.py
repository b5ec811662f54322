"""成绩: what a published ranking writes beside its frozen parts, for years, awards and later schemes to read."""

from collections.abc import Iterator
from datetime import date

from core.write import Door, Refused
from reporting.models import Publication, PublishedScore
from reporting.models.publications import PublicationStage
from reporting.publishing.ground import other_versions
from reporting.publishing.proposals import void_proposals_before
from reporting.ranking import Draft
from reporting.scoring.results import UnitResult

MOST_PLACES = 4
WRITTEN = ("group", "kind", "first_day", "last_day", "total", "rank", "tied", "qualified", "award", "amount")


def ranked_once(draft: Draft, today: date | None = None) -> None:
    """Raises Refused where one of the units has this period's score by a scheme of another name."""
    rows = PublishedScore.objects.current().in_county(draft.scheme.county_id)
    same = rows.filter(kind=draft.period.kind, last_day=draft.period.last_day, unit__in=draft.units)
    other = same.exclude(publication__scheme__name=draft.scheme.name).select_related("publication__scheme").first()
    if other is not None:
        named = other.publication.scheme.name
        raise Refused(
            f"{draft.period.label}已经按方案“{named}”发布，同一期间只能有一份排名，更正请沿用原来的方案名称。"
        )


def scores_fit(draft: Draft) -> None:
    """Raises Refused for totals with more places than a score is kept with, and for a second ranking."""
    ranked_once(draft)
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


def broken_scores(publication: Publication, draft: Draft) -> Iterator[str]:
    """Rows that no longer say what was frozen: years and awards read them, not the frozen parts."""
    scores = [_score(publication, draft, result) for result in draft.results.units]
    expected = {score.unit.code: score for score in scores}
    stored = {row.unit.code: row for row in publication.scores.select_related("unit")}
    for code, score in expected.items():
        if code not in stored:
            yield f"{score.unit.name}的成绩不在了。"
        elif any(getattr(stored[code], name) != getattr(score, name) for name in WRITTEN):
            yield f"{score.unit.name}的成绩与冻结的结果不符。"
    yield from (f"多出{row.unit.name}的成绩。" for code, row in stored.items() if code not in expected)
    corrected = _corrected(publication)
    wrong = [row.unit.name for row in stored.values() if (row.voided_at is not None) != corrected]
    if wrong:
        yield f"{'、'.join(wrong)}的成绩{'已被更正却没有作废' if corrected else '没有更正却被作废'}。"


def _corrected(publication: Publication) -> bool:
    later = other_versions(publication).filter(version__gt=publication.version)
    return later.filter(stage=PublicationStage.PUBLISHED).exists()
