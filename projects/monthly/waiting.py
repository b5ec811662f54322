"""What of the monthly reports waits for whom, and the month that nobody has begun yet."""

from datetime import date

from core.ledgers.ledger import ledger_for
from core.periods import Period, month_label
from projects.models.reports import Timeliness
from projects.monthly.steps import Stage
from townships.models import WHOLE_COUNTY, Duty, Role, Seat
from townships.waiting import Kind

TOWNSHIP, OFFICE = frozenset({Role.TOWNSHIP}), frozenset({Role.COUNTY})
ENTRY, REVIEW = frozenset({Duty.ENTRY}), frozenset({Duty.REVIEW})
KINDS = (
    Kind("退回修改", TOWNSHIP, ENTRY, {"stage": Stage.RETURNED}, mark="tag tag-returned"),
    Kind("待填报", TOWNSHIP, ENTRY, {"stage": Stage.FILLING}),
    Kind("待审核", TOWNSHIP, REVIEW, {"stage": Stage.SIGNING}),
    Kind("待受理", OFFICE, REVIEW, {"stage": Stage.ACCEPTING}),
    Kind("逾期未报", WHOLE_COUNTY | TOWNSHIP, frozenset(), {"timeliness": Timeliness.MISSING}, mark="tag tag-overdue"),
)
BEGINNERS = TOWNSHIP | OFFICE


def month_to_begin(seat: Seat, day: date) -> str:
    """The month before that day's, in words, where this seat may begin its reports and nobody has; else empty."""
    if seat.role not in BEGINNERS or Duty.ENTRY not in seat.duties:
        return ""
    month = Period.containing(day, "month").previous().first_day
    begun = ledger_for("reports").rows(seat).filter(month=month).exists()
    return "" if begun else month_label(month)
