"""History as people read it: 3月4日 张三（芦溪镇 填报）把总投资由 5,000 万元改为 8,000 万元。"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.apps import apps

from core.actors import Actor
from core.audit import NOTHING
from core.ledgers.ledger import all_ledgers
from core.models import AuditEntry, ClosingException
from core.records import Record
from core.withheld import NOT_SHOWN


@dataclass(frozen=True)
class Told:
    at: datetime
    actor: str
    sentence: str
    details: tuple[str, ...]
    reason: str
    exception: str = ""
    """Code of the 关账例外 under which a closed month was written."""


def history_of(record: Record, seat: Actor, most: int = 100) -> list[Told]:
    """What happened to the row and to what belongs to it, the newest first, as this seat reads it."""
    subject = record.history_subject
    entries = AuditEntry.objects.filter(
        county_id=record.county_id, subject_model=subject._meta.label_lower, subject_id=subject.pk
    )
    found = entries.order_by("-at", "-pk")[:most]
    return [told(entry, partial(seat.reads, record=record)) for entry in found]


def written_under(exception: ClosingException, seat: Actor, most: int = 200) -> list[Told]:
    """What was written into a closed month under it, the newest first, as this seat reads it."""
    entries = AuditEntry.objects.filter(county_id=exception.county_id, exception=exception.code)
    return [told(entry, partial(seat.reads, record=exception)) for entry in entries.order_by("-pk")[:most]]


def told(entry: AuditEntry, reads: Callable[[str], bool] = lambda kind: True) -> Told:
    """All of it, as the auditor sees it; `reads` says which kinds of what is withheld somebody else reads."""
    sentence = f"{entry.action}{entry.record_label}" + (f"（{entry.record_code}）" if entry.record_code else "")
    withheld = getattr(apps.get_model(entry.model), "withheld_fields", {})
    details = tuple(
        f"{label}有改动，内容{NOT_SHOWN}"
        if (kind := withheld.get(name)) and not reads(kind)
        else change_sentence(label, before, after)
        for name, label, before, after in map(with_names, entry.changes)
    )
    return Told(entry.at, entry.actor, sentence, details, entry.reason, entry.exception)


def with_names(change: list[str]) -> list[str]:
    """A ledger is kept by its key and told by its name."""
    field, name, *values = change
    return [field, name, *(NAMES.get(field, str)(value) for value in values)]


def name_of_ledger(key: str) -> str:
    return next((ledger.name for ledger in all_ledgers() if ledger.key == key), key)


NAMES: dict[str, Callable[[str], str]] = {"ledger": name_of_ledger}


def change_sentence(name: Any, before: str, after: str) -> str:
    if before == NOTHING:
        return f"{name}：{after}"
    return f"把{name}由 {before} 改为 {after}"
