"""撤销导入: a batch is taken back as a whole, as long as nothing has touched its rows since."""

from typing import Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from core.audit import VIEWED
from core.ledgers.ledger import ledger_of
from core.locks import MonthLocks
from core.models import AuditEntry, Evidence, ImportBatch, Overwritten
from core.records import Record
from core.write import Door, Refused

NAMED = 3
"""So many obstacles are named; the rest are counted."""


def obstacles(batch: ImportBatch) -> list[str]:
    """Why this batch can't be taken back: sentences, the first ones named; empty where it can."""
    if batch.voided_at:
        return ["这一批已经撤销。"]
    if batch.accepted_on:
        return [f"这一批已于{batch.accepted_on:%Y-%m-%d}由{batch.accepted_as}作期初认定，不能撤销。"]
    later = list(_later_entries(batch)[:NAMED])
    if not later:
        return _papers(batch) or _closed_months(batch)
    more = _later_entries(batch).count() - len(later)
    return [_touched(entry) for entry in later] + ([f"另有 {more} 处后来的改动。"] if more else [])


def take_back(writing: Door, batch: ImportBatch, *, reason: str) -> int:
    """Void what the batch brought and put back what it changed, last first; counts the rows.

    Raises Refused with the first obstacles.
    """
    if found := obstacles(batch):
        raise Refused(" ".join(found))
    kinds = _written(batch)
    count = sum(_put_back(writing, batch, rows) for rows in kinds)
    for rows in kinds:
        count += writing.void_many([row for row in rows if row.batch_id == batch.pk], reason=reason)
    writing.void(batch, reason=reason)
    return count


def _entries(batch: ImportBatch) -> QuerySet:
    """What the act that brought the batch wrote, the batch's own line left out. Found by its moment, which is
    indexed, and by its act."""
    here = AuditEntry.objects.filter(county_id=batch.county_id, at=batch.entered_at)
    own = here.filter(model=batch._meta.label_lower, record_id=batch.pk).values("act")
    return here.filter(act__in=own).exclude(model=batch._meta.label_lower)


def _later_entries(batch: ImportBatch) -> QuerySet:
    written = _entries(batch)
    last = written.order_by("-pk").values("pk")[:1]
    touched = Exists(written.filter(model=OuterRef("model"), record_id=OuterRef("record_id")))
    beneath = Exists(written.filter(model=OuterRef("subject_model"), record_id=OuterRef("subject_id")))
    later = AuditEntry.objects.filter(county_id=batch.county_id, pk__gt=last).exclude(action=VIEWED)
    return later.filter(Q(touched) | Q(beneath)).order_by("pk")


def _touched(entry: AuditEntry) -> str:
    name = apps.get_model(entry.model)._meta.verbose_name
    when = timezone.localtime(entry.at)
    return f"{name}“{entry.record_label}”导入后已由{entry.actor}于{when:%Y-%m-%d}{entry.action}，不能撤销这一批。"


def _papers(batch: ImportBatch) -> list[str]:
    """Evidence names its row by ledger and number, so history tells nothing of it under the row."""
    for rows in _written(batch):
        ledger = ledger_of(type(rows[0]))
        papers = Evidence.objects.current().filter(county_id=batch.county_id, ledger=ledger.key if ledger else "")
        wrote = _entries(batch).filter(model=rows[0]._meta.label_lower).values("record_id")
        if paper := papers.filter(record_id__in=wrote, entered_at__gte=batch.entered_at).order_by("pk").first():
            return [f"导入后已附上材料“{paper}”，不能撤销这一批。"]
    return []


def _closed_months(batch: ImportBatch) -> list[str]:
    locks = MonthLocks(batch.county_id, timezone.localdate())
    for rows in _written(batch):
        if sentence := locks.against_change(rows, {"voided_at"}):
            return [f"{sentence.split('，')[0]}，不能撤销这一批。"]
    return []


def _written(batch: ImportBatch) -> list[list[Record]]:
    """The rows that the batch wrote, one list a kind; the kind written last comes first, so that nothing hangs on
    a row when its turn comes."""
    by_kind: dict[str, set[int]] = {}
    for name, pk in _entries(batch).order_by("-pk").values_list("model", "record_id"):
        by_kind.setdefault(name, set()).add(pk)
    found = [apps.get_model(name).objects.in_bulk(keys) for name, keys in by_kind.items()]
    return [[rows[pk] for pk in sorted(rows, reverse=True)] for rows in found]


def _put_back(writing: Door, batch: ImportBatch, rows: list[Record]) -> int:
    """The first of what was overwritten in a row is what stood there before."""
    before: dict[int, dict[str, Any]] = {}
    for kept in Overwritten.objects.filter(batch=batch, model=rows[0]._meta.label_lower).order_by("-pk"):
        before[kept.record_id] = before.get(kept.record_id, {}) | kept.values
    changed = [row for row in rows if row.pk in before and row.batch_id != batch.pk]
    writing.restore_each([(row, before[row.pk]) for row in changed])
    return len(changed)
