"""The one door: every write of every form, import and command passes here.

    with door(seat, at=now) as writing:
        project = writing.add(Project(...))
        writing.change(agreement, version=3, total_investment=Decimal("8000"))

What the door sees to, once: row scope, the period lock, row versions, constraints in words, codes, audit.
"""

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from datetime import date, datetime
from functools import partial
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from core.actors import ACTS, Actor
from core.audit import NOTHING, VIEWED, changes_between, told_fields, told_of
from core.bulk_writes import insert_rows, update_rows
from core.collecting import uncollected
from core.locks import MonthLocks
from core.models import AuditEntry, Counter, FormToken, Gate, ImportBatch, Overwritten
from core.periods import Period
from core.records import Record
from core.refusals import CHANGED_MEANWHILE, Refused, SentTwice, Stale, in_words
from core.row_guards import (
    as_kept,
    as_seen,
    check,
    locked_as_seen,
    nothing_hangs_on,
    portions,
    still_valid,
)
from core.row_states import (
    Change,
    already_loaded,
    applied,
    as_they_were,
    attributes,
    clone,
    load_relations,
    new_relations,
    set_values,
    share_relations,
)
from core.running_sums import keep_sums, keep_sums_of

AnyRecord = TypeVar("AnyRecord", bound=Record)


RESTORED = "撤销导入"
OF_ROW = ("model", "record_id", "record_code", "record_label", "subject_model", "subject_id")
TOLD = ("action", *OF_ROW, "changes", "exception")
"""What a line of history says of its row, beside what is said of the act."""
KEPT = ("model", "record_id", "values")
"""What is kept of a row that an import overwrites, beside its batch."""

WRITTEN_FOR_ONESELF = frozenset({"add", "change", "import"})
"""What the people of a unit do with their own unit's rows alone."""


@contextmanager
def door(
    actor: Actor, *, at: datetime, reason: str = "", token: str = "", batch: ImportBatch | None = None
) -> Iterator["Door"]:
    """Open one transaction; everything written through it is saved together or not at all."""
    try:
        with transaction.atomic():
            writing = Door(actor, at, reason, batch)
            writing.use_token(token)
            yield writing
            writing.write_history()
    except IntegrityError as error:
        raise in_words(error) from error


class Door:
    def __init__(self, actor: Actor, at: datetime, reason: str, batch: ImportBatch | None):
        self.actor, self.at, self.reason, self.batch = actor, at, reason, batch
        self.act = uuid.uuid4()
        self._history: list[tuple[Any, ...]] = []
        self._overwritten: list[tuple[Any, ...]] = []
        self._checked = 0
        self.heard: Callable[[int], None] = lambda checked: None
        """Told how many of many rows are checked, while all of them are waited for."""
        self._locks = MonthLocks(actor.county_id, timezone.localdate(at))
        self._lock_county()

    def _lock_county(self) -> None:
        Gate.objects.get_or_create(county_id=self.actor.county_id)
        Gate.objects.select_for_update().get(county_id=self.actor.county_id)

    def use_token(self, token: str) -> None:
        if not token:
            return
        if FormToken.objects.filter(token=token).exists():
            raise SentTwice("这张表已经提交过一次，已按第一次保存，没有重复保存。")
        FormToken.objects.create(token=token, county_id=self.actor.county_id, used_at=self.at)

    # -- writing ---------------------------------------------------------------------------------

    def add(self, record: AnyRecord, *, permission: str = "add") -> AnyRecord:
        self._prepare(record, self._next_codes(record, 1)[0], permission)
        self._in_time([record])
        check(record)
        record.save(force_insert=True)
        self._tell("新增", None, record)
        return record

    @uncollected()
    def add_many(self, records: list[AnyRecord], *, permission: str = "add") -> list[AnyRecord]:
        """Many rows of one kind at once: constraints are left to the database, which knows them all.

        A rule over several rows (Σ on a voucher) is asked once all of them are there, or it would miss the
        others of its own batch.
        """
        if not records:
            return records
        for part in portions(list(zip(records, self._next_codes(records[0], len(records)), strict=True))):
            for record, code in part:
                self._prepare(record, code, permission)
                record.clean_fields(exclude=already_loaded(record))
            self._tell_checked(len(part))
        self._in_time(records)
        type(records[0]).objects.bulk_create(records, batch_size=500)
        for record in records:
            record.clean()
            self._tell("新增", None, record)
        return records

    def change(
        self,
        record: AnyRecord,
        *,
        version: int | None = None,
        action: str = "修改",
        permission: str = "change",
        **values: Any,
    ) -> AnyRecord:
        """Set `values` on the row as it stands now; `version` is what the writer last saw."""
        current = self._locked(record, version)
        before = clone(current)
        fields = applied(current, values)
        if not fields:
            return current
        self._check_change(before, current, fields, permission)
        check(current)
        current.save(force_update=True)
        self._tell(action, before, current)
        return current

    def change_many(
        self, records: Iterable[AnyRecord], *, action: str, permission: str = "change", **values: Any
    ) -> int:
        """The same change to many rows, as one action; a value may be a function of the row.

        Counts the rows that it changed. Raises Stale where one of them is no longer as `records` holds it.
        """
        rows = list(records)
        if not rows:
            return 0
        model = type(rows[0])
        locked = list(model.objects.select_for_update().filter(pk__in=[r.pk for r in rows]).order_by("pk"))
        as_seen(rows, locked)
        share_relations(rows, locked)
        changed = [Change.between(before, row) for row in locked if (before := self._changed(row, values, permission))]
        self._update_each(changed)
        self._tell_each(action, changed)
        return len(changed)

    def _changed(self, row: AnyRecord, values: dict[str, Any], permission: str) -> AnyRecord | None:
        """Set the values on one of many rows, checked; the row as it was, or None where nothing differs."""
        before = clone(row)
        fields = applied(row, {k: v(row) if callable(v) else v for k, v in values.items()})
        if not fields:
            return None
        self._check_change(before, row, fields, permission)
        row.clean_fields(exclude=already_loaded(row))
        return before

    def change_each(
        self,
        changes: Sequence[tuple[AnyRecord, Mapping[str, Any]]],
        *,
        action: str = "修改",
        permission: str = "change",
    ) -> list[AnyRecord]:
        """Other values for each of many rows of one kind, in few statements and under every guard of `change`.

        `changes`: (the row as its writer saw it, values), each row once. Returns the rows as they now stand. A rule
        over several rows is asked once all of them are written. Raises Stale where a row was changed since.
        """
        hold_to = partial(self._check_content, permission=permission)
        return self._write_each(changes, action=action, permission=permission, hold_to=hold_to)

    @uncollected()
    def _write_each(
        self,
        changes: Sequence[tuple[AnyRecord, Mapping[str, Any]]],
        *,
        action: str,
        permission: str,
        hold_to: Callable[[Record, Record, frozenset[str]], None],
    ) -> list[AnyRecord]:
        rows: list[AnyRecord] = []
        written: list[Change] = []
        for part in portions(changes):
            copies = locked_as_seen([row for row, _ in part])
            changed = self._applied_each(part, copies)
            self._may_change_each(changed, permission)
            for before, row, fields in changed:
                hold_to(before, row, fields)
                row.clean_fields(exclude=as_they_were(row, fields))
            written += [Change.between(before, row) for before, row, _ in changed]
            rows += copies
            self._tell_checked(len(part))
        self._update_each(written)
        for change in written:
            change.after.clean()
        self._tell_each(action, written)
        return rows

    def _tell_checked(self, count: int) -> None:
        self._checked += count
        self.heard(self._checked)

    def _update_each(self, changes: Sequence[Change]) -> None:
        update_rows(
            [change.after for change in changes], sorted(frozenset().union(*{change.fields for change in changes}))
        )

    def _applied_each(
        self, changes: Sequence[tuple[AnyRecord, Mapping[str, Any]]], copies: Sequence[AnyRecord]
    ) -> list[Change]:
        """Those in which anything differs."""
        for copy, (_, values) in zip(copies, changes, strict=True):
            set_values(copy, values)
        load_relations(copies)
        made = [Change.between(seen, copy) for copy, (seen, _) in zip(copies, changes, strict=True)]
        return [change for change in made if change.fields]

    def _may_change_each(self, changed: list[Change], permission: str) -> None:
        """What is locked may hang on other rows: those are read once for all rows whose same fields change."""
        alike: dict[frozenset[str], list[Any]] = {}
        for before, after, fields in changed:
            self._allowed(permission, before)
            alike.setdefault(fields, []).extend((before, after))
        for fields, rows in alike.items():
            if sentence := self._locks.against_change(rows, fields):
                raise Refused(sentence)

    def void(
        self, record: AnyRecord, *, reason: str, version: int | None = None, permission: str = "void"
    ) -> AnyRecord:
        """作废: nothing real is deleted, and nothing that still counts is left hanging on a row that does not."""
        if not reason.strip():
            raise Refused({"void_reason": "请写明作废原因。"})
        current = self._locked(record, version)
        self._allowed(permission, current)
        self._months_open(current, {"voided_at"})
        nothing_hangs_on(current)
        before = clone(current)
        current.voided_at, current.void_reason = self.at, reason.strip()
        current.row_version += 1
        current.save(force_update=True)
        self._tell("作废", before, current)
        return current

    def void_many(self, records: Iterable[AnyRecord], *, reason: str, permission: str = "void") -> int:
        """作废 of many rows of one kind as one action; counts them.

        Raises Stale where one of them is no longer as `records` holds it, Refused like `void`.
        """
        rows = list(records)
        if not rows:
            return 0
        model = type(rows[0])
        for part in portions(rows):
            chosen = model.objects.filter(pk__in=[row.pk for row in part])
            locked = list(chosen.select_for_update().order_by("pk"))
            as_seen(part, locked)
            self._may_void(locked, permission)
            chosen.update(voided_at=self.at, void_reason=reason, row_version=models.F("row_version") + 1)
            for row in locked:
                before = clone(row)
                row.voided_at, row.void_reason = self.at, reason
                self._tell("作废", before, row)
        return len(rows)

    def _may_void(self, rows: list[AnyRecord], permission: str) -> None:
        for row in rows:
            self._allowed(permission, row)
        if sentence := self._locks.against_change(rows, {"voided_at"}):
            raise Refused(sentence)
        nothing_hangs_on(*rows)

    def restore(self, record: AnyRecord, values: Mapping[str, Any], *, permission: str = "change") -> AnyRecord:
        """Put the row back as it was before an import, what was judged of it then included.

        `values` by attribute name, as `Overwritten` keeps them. The row says again exactly what its judge saw, so
        the judgement is not asked for once more. Raises Refused where a month that it touches is closed.
        """
        current = self._locked(record, None)
        before = clone(current)
        fields = applied(current, as_kept(current, values))
        self._allowed(permission, before)
        self._months_open(before, fields)
        self._months_open(current, fields)
        self._check_restored(before, current, fields)
        check(current)
        current.save(force_update=True)
        self._tell(RESTORED, before, current)
        return current

    def restore_each(
        self, changes: Sequence[tuple[AnyRecord, Mapping[str, Any]]], *, permission: str = "change"
    ) -> list[AnyRecord]:
        """`restore` for many rows of one kind, in few statements; each row once."""
        kept = [(row, as_kept(row, values)) for row, values in changes]
        return self._write_each(kept, action=RESTORED, permission=permission, hold_to=self._check_restored)

    def _check_restored(self, before: Record, after: Record, fields: frozenset[str]) -> None:
        self._same_county(after, fields)
        after.row_version = before.row_version + 1

    def keep(self, instance: models.Model, *, action: str, **values: Any) -> models.Model:
        """Rows that belong to no ledger (accounts, counties, schemes' parts): validated, saved, told."""
        before = clone(instance) if instance.pk else None
        for name, value in values.items():
            setattr(instance, name, value)
        if hasattr(instance, "county_id") and instance.county_id is None:
            instance.county_id = self.actor.county_id
        instance.full_clean(exclude=already_loaded(instance))
        instance.save()
        self._tell(action, before, instance)
        return instance

    def remove(self, instance: models.Model, *, action: str) -> None:
        """Only for what is not a record: a target that was never used, a participant of a draft."""
        if isinstance(instance, Record):
            raise TypeError("records are voided, not removed")
        self._tell(action, instance, instance)
        instance.delete()

    @uncollected()
    def write_history(self) -> None:
        act = {"county_id": self.actor.county_id, "at": self.at, "act": self.act, "user_id": self.actor.user_id}
        said = {"actor": self.actor.label, "reason": self.reason}
        insert_rows(AuditEntry, TOLD, self._history, act | said)
        batch = {"county_id": self.actor.county_id, "batch_id": self.batch and self.batch.pk}
        insert_rows(Overwritten, KEPT, self._overwritten, batch)
        self._history, self._overwritten = [], []

    # -- checking --------------------------------------------------------------------------------

    def _prepare(self, record: Record, code: str, permission: str = "add") -> None:
        record.county_id = self.actor.county_id
        record.code, record.row_version, record.batch = code, 1, self.batch
        record.entered_by_id, record.entered_as, record.entered_at = self.actor.user_id, self.actor.label, self.at
        record.content_changed(self.actor.user_id, set())
        self._allowed(permission, record)
        self._same_county(record)

    def _locked(self, record: AnyRecord, version: int | None) -> AnyRecord:
        current = type(record).objects.select_for_update().get(pk=record.pk)
        if version is not None and version != current.row_version:
            raise Stale(CHANGED_MEANWHILE)
        still_valid(current)
        return current

    def _check_change(self, before: Record, after: Record, fields: frozenset[str], permission: str) -> None:
        self._allowed(permission, before)
        self._months_open(before, fields)
        self._months_open(after, fields)
        self._check_content(before, after, fields, permission)

    def _check_content(self, before: Record, after: Record, fields: frozenset[str], permission: str) -> None:
        if "county" in fields:
            raise Refused("记录不能移到别的县。")
        if permission == "change":
            after.content_changed(self.actor.user_id, fields)
            self._allowed("change", after)
        self._same_county(after, fields)
        after.row_version = before.row_version + 1

    def _allowed(self, action: str, record: Record) -> None:
        if record.county_id != self.actor.county_id or not self.actor.may(action, record):
            verb = ACTS.get(action, "办理")
            own = "，只能填报本单位的，请核对填写的单位" if self.actor.unit_id and action in WRITTEN_FOR_ONESELF else ""
            raise Refused(f"您当前的身份（{self.actor.label}）不能{verb}这条{record._meta.verbose_name}{own}。")

    def _same_county(self, record: Record, fields: frozenset[str] | None = None) -> None:
        """A row may point only to rows of its own county; that is what keeps counties apart for good. `fields`: those
        that are new, where the others were held to it when they were written."""
        for field in new_relations(type(record), fields):
            if getattr(record, field.attname) is None:
                continue
            county_id = getattr(getattr(record, field.name), "county_id", record.county_id)
            if county_id != record.county_id:
                raise Refused({field.name: f"“{field.verbose_name}”不属于本县。"})

    def _months_open(self, record: Record, fields: Set[str]) -> None:
        if sentence := self._locks.against_change([record], fields):
            raise Refused(sentence)

    def _in_time(self, records: list[AnyRecord]) -> None:
        """New rows of a closed month are asked why they come only now; a row that would change such a month's
        other rows has no way in."""
        for record in records:
            if sentence := self._locks.against_new(record, record.months_locked_for({"code"})):
                raise Refused({"late_reason": sentence})
        if sentence := self._locks.against_change(records, {"code"}):
            raise Refused(sentence)

    def open_span(self, record: Record) -> tuple[date, date]:
        """归属: the row's own span while its last month is open to it, else the earliest open month (补计)."""
        month = Period.containing(record.happened_until, "month")
        if not self._locks.closed_for(record, [month.first_day]):
            return record.happened_on, record.happened_until
        closed = self._locks.closed(record.closes_with)
        while month.first_day in closed:
            month = month.next()
        return month.first_day, month.last_day

    # -- telling ---------------------------------------------------------------------------------

    def tell_view(self, seat: Any, address: str, *, action: str = VIEWED, label: str = "页面", code: str = "") -> None:
        """查看 by a seat whose every view is logged, or 下载; `address` is the page's path with its query."""
        told = [["address", "地址", NOTHING, address]]
        self._keep_entry(action, seat, label=label, code=code, changes=told)

    def _tell(self, action: str, before: models.Model | None, after: models.Model) -> None:
        keep_sums(before, after)
        if before is None:
            told = changes_between(None, after, told_fields(type(after)))
            self._keep_entry(action, after, changes=told, exception=self._exception_behind([after], {"code"}))
        else:
            self._write_down(action, Change.between(before, after))

    def _tell_each(self, action: str, changes: Sequence[Change]) -> None:
        keep_sums_of([(change.before, change.after) for change in changes])
        for change in changes:
            self._write_down(action, change)

    def _write_down(self, action: str, change: Change) -> None:
        self._remember(change)
        exception = self._exception_behind([change.before, change.after], change.fields)
        self._keep_entry(action, change.after, changes=told_of(change), exception=exception)

    def _exception_behind(self, rows: list[models.Model], fields: Set[str]) -> str:
        """The 关账例外 without which this write would have been refused."""
        return self._locks.code_behind(rows, fields) if isinstance(rows[0], Record) else ""

    def _remember(self, change: Change) -> None:
        """What an import overwrites, its batch can give back."""
        before = change.before
        if self.batch is None or not isinstance(before, Record):
            return
        held = before.__dict__
        kept = {name: held[name] for name in attributes(type(before), change.fields) if name != "row_version"}
        self._overwritten.append((before._meta.label_lower, before.pk, kept))

    def _keep_entry(
        self,
        action: str,
        row: models.Model,
        *,
        changes: list[list[str]],
        label: str | None = None,
        code: str | None = None,
        exception: str = "",
    ) -> None:
        subject = getattr(row, "history_subject", row)
        code = getattr(row, "code", "") if code is None else code
        label = (str(row) if label is None else label)[:200]
        place = row._meta.label_lower, row.pk, code, label, subject._meta.label_lower, subject.pk
        self._history.append((action, *place, changes, exception))

    def _next_codes(self, record: Record, count: int) -> list[str]:
        year = timezone.localtime(self.at).year
        place = {"county_id": self.actor.county_id, "kind": record.code_prefix, "year": year}
        Counter.objects.get_or_create(**place)
        counter = Counter.objects.select_for_update().get(**place)
        first = counter.last + 1
        counter.last += count
        counter.save()
        return [f"{record.code_prefix}{year}-{number:05d}" for number in range(first, first + count)]
