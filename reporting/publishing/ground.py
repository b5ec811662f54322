"""What every step of a publication stands on: who may, the row as it is now, the versions beside it."""

from typing import Any, TypeVar

from django.utils import timezone

from core.write import Door, Refused
from reporting.models import Dispute, Metric, Objection, Publication, Scheme
from reporting.models.publications import DisputeOutcome, PublicationKind
from townships.models import Unit

Question = TypeVar("Question", Dispute, Objection)


def may_publish(writing: Door) -> None:
    """Raises Refused for a seat without the duty."""
    if not writing.actor.may("publish", Publication(county_id=writing.actor.county_id)):
        raise Refused(f"您当前的身份（{writing.actor.label}）不能办理核对、审定和发布。")


def as_it_stands(publication: Publication) -> Publication:
    """The row behind the county's gate: whoever came first has already moved it on."""
    rows = Publication.objects.current().in_county(publication.county_id)
    found = rows.select_related("scheme").filter(pk=publication.pk).first()
    if found is None:
        raise Refused(f"{publication}已经撤回。")
    return found


def versions_of(scheme: Scheme, period: str, kind: str = PublicationKind.RANKING) -> Any:
    """All versions of that period in the county, whichever version of the scheme they were made by, except 作废.

    A month has one ranking for each scheme, and one statistics; a selection has its own version of a scheme.
    """
    rows = Publication.objects.current().in_county(scheme.county_id).filter(kind=kind, period=period)
    same: dict[str, dict[str, Any]] = {
        PublicationKind.RANKING: {"scheme__name": scheme.name},
        PublicationKind.SELECTION: {"scheme": scheme},
    }
    return rows.filter(**same.get(kind, {})).select_related("scheme")


def other_versions(publication: Publication) -> Any:
    """The other versions of the same document."""
    return versions_of(publication.scheme, publication.period, publication.kind).exclude(pk=publication.pk)


def disputable(publication: Publication, metric: Metric, about: Unit) -> bool:
    """Whether the figure is part of what is checked: of a unit that takes part, read by the scheme that ranks it."""
    read = not publication.has_ranks or metric.name in publication.scheme.rules.names
    return read and publication.scheme.participants.current().filter(unit=about).exists()


def answered(writing: Door, *, question: Question, outcome: str, text: str) -> Question:
    """The county's answer to what somebody asked or objected, with its reason; it is given once."""
    may_publish(writing)
    if not question.is_open:
        raise Refused(f"这条{question._meta.verbose_name}已经答复。")
    if not text.strip():
        raise Refused({"reply": "请写明答复理由。"})
    return writing.change(
        question,
        action="答复",
        permission="publish",
        outcome=DisputeOutcome(outcome),
        reply=text.strip(),
        replied_on=timezone.localdate(writing.at),
        replied_as=writing.actor.label,
    )
