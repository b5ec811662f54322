"""Publications that wait for somebody's word: a unit's 确认 while they are checked, the county's own answers."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from reporting.models import Publication
from reporting.models.publications import PublicationStage
from townships.models import Duty, Role, Seat


@dataclass(frozen=True)
class ToAnswer:
    """`disputes`: questions that the county has not answered; 0 where the seat's own unit has to confirm."""

    publication: Publication
    disputes: int


def publications_to_answer(seat: Seat, today: date) -> list[ToAnswer]:
    """In at most one statement; a unit that has asked about a row has given its word."""
    checking = Publication.objects.current().visible_to(seat).filter(stage=PublicationStage.CHECKING)
    if seat.role == Role.COUNTY and Duty.PUBLISH in seat.duties:
        open_ones = Q(disputes__outcome="", disputes__voided_at=None)
        asked = checking.annotate(open_disputes=Count("disputes", filter=open_ones)).filter(open_disputes__gt=0)
        return [ToAnswer(row, row.open_disputes) for row in asked.select_related("scheme").order_by("answer_by", "pk")]
    if seat.role != Role.TOWNSHIP or Duty.REVIEW not in seat.duties:
        return []
    own = checking.filter(
        answer_by__gte=today, scheme__participants__unit=seat.unit_id, scheme__participants__voided_at=None
    )
    said = Q(answers__unit=seat.unit_id, answers__voided_at=None) | Q(
        disputes__unit=seat.unit_id, disputes__voided_at=None
    )
    answered = Publication.objects.in_county(seat.county_id).filter(said).values("pk")
    rows = own.exclude(pk__in=answered).select_related("scheme").order_by("answer_by", "pk")
    return [ToAnswer(row, 0) for row in rows]
