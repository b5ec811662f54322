"""认定: a second person accepts, returns or refuses what somebody claimed."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from core.models import ImportBatch
from core.records import DatedRecord, Verdict
from core.write import Door, Refused

VERBS = {Verdict.ACCEPTED: "认定", Verdict.RETURNED: "退回", Verdict.REFUSED: "不予认定", Verdict.PENDING: "撤销认定"}


def give_verdict(
    writing: Door,
    records: Iterable[DatedRecord],
    *,
    verdict: Verdict,
    on: date,
    note: str = "",
    amount: Decimal | None = None,
    opening: bool = False,
    version: int | None = None,
) -> int:
    """Judge all these rows as one action; count them. `version` is what the judge saw of a single row.

    `amount` (万元) is what is accepted where it differs from the claim; it needs a note, like every
    verdict that is not an acceptance. Raises Refused, and then none of the rows is judged.
    """
    rows = list(records)
    _check(writing, rows, verdict, note, amount)
    if version is not None:
        rows[0].row_version = version
    values: dict[str, Any] = {
        "verdict": verdict,
        "verified_by_id": writing.actor.user_id,
        "verified_as": writing.actor.label,
        "verified_on": on,
        "verdict_note": note,
        "opening": opening,
        "counted_from": lambda row: writing.open_span(row)[0] if verdict == Verdict.ACCEPTED else None,
        "counted_until": lambda row: writing.open_span(row)[1] if verdict == Verdict.ACCEPTED else None,
    }
    if rows and hasattr(rows[0], "verified_amount"):
        accepted = verdict == Verdict.ACCEPTED
        values["verified_amount"] = lambda row: (amount if amount is not None else row.claimed) if accepted else None
    return writing.change_many(rows, action=VERBS[verdict], permission=rows[0].judged_under, **values) if rows else 0


def _check(writing: Door, rows: list[DatedRecord], verdict: Verdict, note: str, amount: Decimal | None) -> None:
    if verdict != Verdict.ACCEPTED and not note.strip():
        raise Refused({"note": f"{VERBS[verdict]}要写明原因，填报单位会看到。"})
    if amount is not None and len(rows) != 1:
        raise Refused({"amount": "核减金额只能一笔一笔地认定。"})
    if amount is not None and amount != rows[0].claimed and not note.strip():
        raise Refused({"note": "认定金额与填报金额不同，请写明原因。"})
    own = [row for row in rows if writing.actor.user_id in (row.entered_by_id, row.claimed_by_id)]
    if own and writing.actor.user_id is not None:
        raise Refused(f"“{own[0]}”是您本人填报的，请由另一位同事认定。")
    if verdict == Verdict.ACCEPTED and rows and not note.strip():
        _papers_are_there(rows)


def _papers_are_there(rows: list[DatedRecord]) -> None:
    missing = type(rows[0]).missing_papers(rows)
    for row in rows:
        if papers := missing.get(row.pk):
            raise Refused({"note": f"“{row}”还缺{'、'.join(papers)}；确实不需要的，请在意见里写明。"})


def accept_opening(
    writing: Door, batch: ImportBatch, records: Iterable[Iterable[DatedRecord]], *, document: str, dated: date, on: date
) -> int:
    """期初: the imported history of one batch is accepted once, with its document; counts the rows.

    `records` holds one iterable per kind of row that the batch wrote; what was judged by itself since keeps
    its verdict.
    """
    if batch.accepted_on:
        raise Refused(f"这一批已于{batch.accepted_on:%Y-%m-%d}由{batch.accepted_as}认定，不用再认定。")
    if not document.strip():
        raise Refused({"document": "请填写期初认定所依据的文件或会议纪要。"})
    note = f"期初：{document.strip()}"
    count = sum(
        give_verdict(writing, _waiting(rows), verdict=Verdict.ACCEPTED, on=on, note=note, opening=True)
        for rows in records
    )
    writing.change_many(
        [batch],
        action="期初认定",
        permission="verify",
        accepted_document=document.strip(),
        accepted_document_date=dated,
        accepted_on=on,
        accepted_as=writing.actor.label,
    )
    return count


def _waiting(rows: Iterable[DatedRecord]) -> list[DatedRecord]:
    return [row for row in rows if row.verdict == Verdict.PENDING and row.voided_at is None]
