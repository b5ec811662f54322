"""关账: from then on the door refuses writes into that ledger's month."""

from datetime import date

from django.core.exceptions import ValidationError

from core.models import Closing
from core.periods import month_label
from core.write import Door, Refused


def close_month(writing: Door, *, ledger: str, month: date) -> Closing:
    """Close one month of one ledger. Months close in any order; each closes once."""
    if not writing.actor.may("close", Closing(county_id=writing.actor.county_id)):
        raise Refused(f"您当前的身份（{writing.actor.label}）不能关账。")
    closing = Closing(
        county_id=writing.actor.county_id,
        ledger=ledger,
        month=month,
        closed_at=writing.at,
        closed_as=writing.actor.label,
    )
    try:
        writing.keep(closing, action="关账")
    except ValidationError as error:
        raise Refused(f"{month_label(month)}已经关账，不用再关。") from error
    return closing
