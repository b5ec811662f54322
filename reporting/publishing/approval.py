"""审定: what lay before the meeting. What moved afterwards is published only with its reason, never unseen."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from core.write import Refused
from reporting.models import Dispute, Publication
from reporting.publishing.announcing import shown_day
from reporting.publishing.kinds import KINDS, Content
from townships.models import Unit

CHECKED, MOVED = "核对", "审定后变动"


def told_answers(publication: Publication, silent: Iterable[Unit]) -> dict[str, Any]:
    """What is frozen of 核对: who confirmed what, who asked what and was answered how, who let the time go by."""
    answers = publication.answers.current().select_related("unit").order_by("pk")
    disputes = publication.disputes.current().select_related("unit", "about", "metric").order_by("pk")
    return {
        "answers": [
            {"unit": row.unit.name, "total": row.total, "rank": row.rank, "on": _day(row.entered_at)} for row in answers
        ],
        "disputes": [_told_dispute(row) for row in disputes],
        "silent": [unit.name for unit in silent],
    }


def _told_dispute(row: Dispute) -> dict[str, Any]:
    return {
        "unit": row.unit.name,
        "about": row.about.name,
        "metric": row.metric.name,
        "row": row.row_code,
        "label": row.row_label,
        "counted": row.counted,
        "claim": row.claim,
        "on": _day(row.entered_at),
        "outcome": row.outcome,
        "reply": row.reply,
        "replied_on": row.replied_on.isoformat() if row.replied_on else None,
    }


def _day(moment: datetime) -> str:
    return timezone.localdate(moment).isoformat()


def moved_since(publication: Publication, content: Content) -> list[str]:
    """What is no longer as it was approved, in sentences; nothing for what is not approved yet."""
    if publication.approved_on is None:
        return []
    was, now = publication.approved_stands, KINDS[content.kind].decided(content)
    names = dict.fromkeys([*was, *now])
    return [_moved(publication, name, was.get(name), now.get(name)) for name in names if was.get(name) != now.get(name)]


def _moved(publication: Publication, name: str, was: str | None, now: str | None) -> str:
    if was is None or now is None:
        return f"{name}：审定后{'新列入' if was is None else '不再列入'}名单"
    return f"{name}：审定时{was}，现在{now}" if publication.has_ranks else f"{name}：数字与审定时不同"


def moved_with_reason(publication: Publication, content: Content, why: str) -> dict[str, Any] | None:
    """What is frozen of it: {"why", "results": [sentence, …]}. Raises Refused where the reason is missing."""
    moved = moved_since(publication, content)
    if not moved:
        return None
    if not why.strip():
        told = "；".join(moved)
        raise Refused({"since_approval": f"审定以后结果有变动（{told}），请写明原因；要重新开会的，请撤回后重新核对。"})
    return {"why": why.strip(), "results": moved}


def in_its_time(publication: Publication, approved_on: date, today: date, announced_from: date | None) -> None:
    """核对 comes first, then the meeting, then 公示. Raises Refused for a day that turns this round."""
    opened = timezone.localdate(publication.entered_at)
    if approved_on > today:
        raise Refused({"approved_on": "审定日期不能晚于今天，请在会议以后填写。"})
    if approved_on < opened:
        raise Refused({"approved_on": f"{shown_day(opened)}才发起核对，审定日期不能早于这一天。"})
    if announced_from and announced_from < approved_on:
        raise Refused({"announced_from": "公示要在审定以后，公示起不能早于审定日期。"})
