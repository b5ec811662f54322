"""培育: a county's limits of the tiers, the gap to the threshold, and the steps out of the 培育库 and back."""

from datetime import date
from decimal import Decimal

from core.write import Door, Refused
from enterprises.forecast import LIMITS, Limits, Needed, Tier, needed
from enterprises.models import Cultivation, CultivationLimit, Standing
from enterprises.models.cultivation import LEAVE

HUNDRED = Decimal(100)


def limits_on(county_id: int, day: date) -> Limits:
    """The county's own limits as they hold on that day, else the usual ones; 达标应入 is the threshold itself."""
    rows = CultivationLimit.objects.current().in_county(county_id).filter(valid_from__lte=day)
    own = rows.order_by("-valid_from").first()
    if own is None:
        return LIMITS
    return ((Decimal(1), Tier.DUE), (own.sprint / HUNDRED, Tier.SPRINT), (own.key / HUNDRED, Tier.KEY))


def needed_by(row: Cultivation) -> Needed | None:
    """What the running year still asks; `row` with its tier. None where no revenue is asked, or once it has left."""
    if row.line is None or row.standing != Standing.INSIDE:
        return None
    return needed(row.so_far or Decimal(0), row.line, row.last_month.month if row.so_far is not None else 0)


def leave(writing: Door, *, row: Cultivation, on: date, cause: str, note: str = "", version: int | None = None) -> None:
    """Out of the 培育库 from that day on. Raises Refused where it has left already."""
    if Cultivation.objects.get(pk=row.pk).left_on is not None:
        raise Refused("这家企业已经出培育库。")
    said = {"left_on": on, "left_cause": cause, "left_note": note}
    writing.change(row, action="出培育库", permission=LEAVE, version=version, **said)


def resume(writing: Door, *, row: Cultivation, version: int | None = None) -> None:
    """As if it had never left: for a leaving that was written by mistake."""
    said = {"left_on": None, "left_cause": "", "left_note": ""}
    writing.change(row, action="撤销出培育库", permission=LEAVE, version=version, **said)
