"""奖补建议: from a final year's awards to rows that the county's ledger of funds can take over."""

from core.write import Door, Refused
from reporting.models import AwardProposal, Publication, PublishedScore
from reporting.models.awards import AwardNature
from reporting.publishing.ground import as_it_stands, may_publish, versions_of


def propose_awards(writing: Door, *, publication: Publication, nature: str, document: str) -> list[AwardProposal]:
    """One proposal for each awarded unit, with the amount that was published.

    `nature`: an AwardNature; `document`: the 文号 that allows it. Raises Refused for what is not final, was corrected
    meanwhile, or was proposed before.
    """
    may_publish(writing)
    publication = as_it_stands(publication)
    _may_be_proposed(publication)
    if not document.strip():
        raise Refused({"document": "请填写依据文号。"})
    awarded = list(awarded_scores(publication))
    if not awarded:
        raise Refused(f"{publication}没有带奖金的奖项，不用提出奖补建议。")
    rows = [_proposal(score, AwardNature(nature), document.strip()) for score in awarded]
    return writing.add_many(rows, permission="publish")


def _may_be_proposed(publication: Publication) -> None:
    if not publication.is_published:
        raise Refused(f"{publication}还没有发布，不能提出奖补建议。")
    if publication.provisional:
        raise Refused(f"{publication}是暂定结果，正式发布后才能提出奖补建议。")
    if not publication.must_be_announced:
        raise Refused(f"{publication}不是年度评奖，不能提出奖补建议。")
    newer = [v for v in versions_of(publication.scheme, publication.period) if v.version > publication.version]
    if any(version.is_published for version in newer):
        raise Refused(f"{publication}已经更正，请从最新一版提出奖补建议。")
    if publication.proposals.current().exists():
        raise Refused(f"{publication}的奖补建议已经提出，不用再提。")


def awarded_scores(publication: Publication) -> list[PublishedScore]:
    """The results with money in them, as the award list has them."""
    rows = PublishedScore.objects.current().filter(publication=publication, amount__gt=0).exclude(award="")
    return list(rows.select_related("unit", "publication__scheme").order_by("group", "rank", "unit__position"))


def _proposal(score: PublishedScore, nature: AwardNature, document: str) -> AwardProposal:
    return AwardProposal(
        publication=score.publication,
        unit=score.unit,
        group=score.group,
        award=score.award,
        amount=score.amount,
        nature=nature,
        document=document,
    )


def void_proposals_before(writing: Door, publication: Publication) -> None:
    """A corrected version takes back what was proposed from the versions before it."""
    versions = versions_of(publication.scheme, publication.period).exclude(pk=publication.pk)
    for row in AwardProposal.objects.current().filter(publication__in=versions):
        writing.void(row, reason=f"由{publication}更正", permission="publish")
