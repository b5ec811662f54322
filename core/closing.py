"""关账: from then on the door refuses writes into that ledger's month; 例外 opens one cell of it again, until a day."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from core.ledgers.ledger import ledger_for
from core.locks import MonthLocks
from core.models import Closing, ClosingException, Decision
from core.periods import month_label
from core.records import Record
from core.write import Door, Refused

LONGEST = timedelta(days=31)
"""For how long a cell may be open: longer would be a month that is not closed."""


def close_month(writing: Door, *, ledger: str, month: date) -> Closing:
    """Close one month of one ledger. Months close in any order; each closes once."""
    if not writing.actor.may("close", Closing(county_id=writing.actor.county_id)):
        raise Refused(f"您当前的身份（{writing.actor.label}）不能关账。")
    if month > today(writing):
        raise Refused({"month": f"{month_label(month)}还没有到，不能关账。"})
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


def ask_exception(
    writing: Door, *, ledger: str, month: date, unit: Any = None, row: Record | None = None, reason: str, until: date
) -> ClosingException:
    """申请: one unit's month of a closed ledger, or one `row` of it (`unit` is then whose row it is)."""
    _in_days(until, today(writing), "wanted_until")
    if month not in MonthLocks(writing.actor.county_id, today(writing)).closed(ledger):
        raise Refused({"month": f"{month_label(month)}没有关账，可以直接填报，不用申请例外。"})
    if row is None and unit is not None and (said := ledger_for(ledger).model.why_not_reopened(unit)):
        raise Refused({"unit": said})
    cell = {"unit_id": unit.pk if unit else None, "unit_name": str(unit) if unit else ""}
    if row is not None and unit is not None and unit.pk not in row.reopened_for():
        raise Refused(f"“{row}”不由{unit}填报，请由填报单位或县招商办申请。")
    if row is not None:
        cell |= {"record_id": row.pk, "record_name": f"{row}（{row.code}）"[:200]}
    asked = ClosingException(ledger=ledger, month=month, reason=reason.strip(), wanted_until=until, **cell)
    return writing.add(asked, permission="ask_exception")


def grant_exception(
    writing: Door, exception: ClosingException, *, until: date, note: str = "", version: int | None = None
) -> ClosingException:
    """批准 by a second person; `until` is the last day on which the cell is open."""
    _in_days(until, today(writing), "until")
    return _decide(writing, exception, Decision.GRANTED, note, version, until=until)


def refuse_exception(
    writing: Door, exception: ClosingException, *, note: str, version: int | None = None
) -> ClosingException:
    return _decide(writing, exception, Decision.REFUSED, note, version)


def end_exception(
    writing: Door, exception: ClosingException, *, note: str, version: int | None = None
) -> ClosingException:
    """收回 before its day: what was written under it stays."""
    return _decide(writing, exception, Decision.ENDED, note, version)


NEXT = {Decision.GRANTED: Decision.ASKED, Decision.REFUSED: Decision.ASKED, Decision.ENDED: Decision.GRANTED}
"""decision → the one from which it is taken."""
VERBS = {Decision.GRANTED: "批准", Decision.REFUSED: "不同意", Decision.ENDED: "收回"}


def _decide(
    writing: Door,
    exception: ClosingException,
    decision: Decision,
    note: str,
    version: int | None,
    **values: Any,
) -> ClosingException:
    if exception.decision != NEXT[decision]:
        raise Refused(f"这份申请现在是“{exception.get_decision_display()}”，不能{VERBS[decision]}。")
    if decision != Decision.GRANTED and not note.strip():
        raise Refused({"note": f"{VERBS[decision]}要写明原因，申请人会看到。"})
    if exception.entered_by_id is not None and exception.entered_by_id == writing.actor.user_id:
        raise Refused("这份申请是您本人提出的，请由另一位同事批准。")
    by = {"decided_by_id": writing.actor.user_id, "decided_as": writing.actor.label, "decided_on": today(writing)}
    told = {"action": VERBS[decision], "permission": "decide_exception", "note": note.strip()}
    # What is ended keeps who granted it and when; history tells the rest.
    values |= {"decision": decision, **(by if decision != Decision.ENDED else {})}
    return writing.change(exception, version=version, **told, **values)


def _in_days(until: date, day: date, field: str) -> None:
    if not day <= until <= day + LONGEST:
        raise Refused({field: f"开放至的日期应在今天到{LONGEST.days}天以内，请核对。"})


def today(writing: Door) -> date:
    return timezone.localdate(writing.at)
