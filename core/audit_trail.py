"""History as people read it: 3月4日 张三（芦溪镇 填报）把总投资由 5,000 万元改为 8,000 万元。"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.audit import NOTHING
from core.ledgers.ledger import all_ledgers
from core.models import AuditEntry, ClosingException
from core.records import Record


@dataclass(frozen=True)
class Told:
    at: datetime
    actor: str
    sentence: str
    details: tuple[str, ...]
    reason: str
    exception: str = ""
    """Code of the 关账例外 under which a closed month was written."""


def history_of(record: Record, most: int = 100) -> list[Told]:
    """What happened to the row and to what belongs to it, the newest first."""
    subject = record.history_subject
    entries = AuditEntry.objects.filter(
        county_id=record.county_id, subject_model=subject._meta.label_lower, subject_id=subject.pk
    )
    return [told(entry) for entry in entries.order_by("-at", "-pk")[:most]]


def written_under(exception: ClosingException, most: int = 200) -> list[Told]:
    """What was written into a closed month under it, the newest first."""
    entries = AuditEntry.objects.filter(county_id=exception.county_id, exception=exception.code)
    return [told(entry) for entry in entries.order_by("-pk")[:most]]


def told(entry: AuditEntry) -> Told:
    sentence = f"{entry.action}{entry.record_label}" + (f"（{entry.record_code}）" if entry.record_code else "")
    details = tuple(change_sentence(*change[1:]) for change in map(with_names, entry.changes))
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
