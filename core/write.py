"""The one door: every write of every form, import and command passes here.

    with door(seat, at=now) as writing:
        project = writing.add(Project(...))
        writing.change(agreement, version=3, total_investment=Decimal("8000"))

What the door sees to, once: row scope, the period lock, row versions, constraints in words, codes, audit.
"""

import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from core.actors import ACTS, Actor
from core.audit import NOTHING, VIEWED, changes_between, told_fields
from core.locks import MonthLocks
from core.models import AuditEntry, Counter, FormToken, Gate, ImportBatch, Overwritten
from core.periods import Period
from core.records import Record
from core.running_sums import keep_sums
from core.violations import broken_rule

AnyRecord = TypeVar("AnyRecord", bound=Record)


CHANGED_MEANWHILE = "您编辑期间别人已修改了这条记录，您填的内容还在下面，请核对最新内容后再保存。"


class Refused(ValidationError):
    """The door says no, with a sentence for the person who asked."""


class Stale(Refused):
    """Somebody else changed the row meanwhile."""


class SentTwice(Refused):
    """The same form came in a second time; the first one was saved."""


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
        raise _in_words(error) from error


class Door:
    def __init__(self, actor: Actor, at: datetime, reason: str, batch: ImportBatch | None):
        self.actor, self.at, self.reason, self.batch = actor, at, reason, batch
        self.act = uuid.uuid4()
        self._history: list[AuditEntry] = []
        self._overwritten: list[Overwritten] = []
        self._locks = MonthLocks(actor.county_id)
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
        _check(record)
        record.save(force_insert=True)
        self._tell("新增", None, record)
        return record

    def add_many(self, records: list[AnyRecord], *, permission: str = "add") -> list[AnyRecord]:
        """Many rows of one kind at once: constraints are left to the database, which knows them all.

        A rule over several rows (Σ on a voucher) is asked once all of them are there, or it would miss the
        others of its own batch.
        """
        if not records:
            return records
        for record, code in zip(records, self._next_codes(records[0], len(records)), strict=True):
            self._prepare(record, code, permission)
            record.clean_fields(exclude=_already_loaded(record))
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
        before = _clone(current)
        fields = _apply(current, values)
        if not fields:
            return current
        self._check_change(before, current, fields, permission)
        _check(current)
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
        _as_seen(rows, locked)
        _share_relations(rows, locked)
        changed = [(before, row) for row in locked if (before := self._changed(row, values, permission))]
        names = {name for before, row in changed for name in _differences(before, row)}
        if changed:
            model.objects.bulk_update([row for _, row in changed], sorted(names), batch_size=200)
        for before, row in changed:
            self._tell(action, before, row)
        return len(changed)

    def _changed(self, row: AnyRecord, values: dict[str, Any], permission: str) -> AnyRecord | None:
        """Set the values on one of many rows, checked; the row as it was, or None where nothing differs."""
        before = _clone(row)
        fields = _apply(row, {k: v(row) if callable(v) else v for k, v in values.items()})
        if not fields:
            return None
        self._check_change(before, row, fields, permission)
        row.clean_fields(exclude=_already_loaded(row))
        return before

    def void(
        self, record: AnyRecord, *, reason: str, version: int | None = None, permission: str = "void"
    ) -> AnyRecord:
        """作废: nothing real is deleted, and nothing that still counts is left hanging on a row that does not."""
        if not reason.strip():
            raise Refused({"void_reason": "请写明作废原因。"})
        current = self._locked(record, version)
        self._allowed(permission, current)
        self._months_open(current, {"voided_at"})
        _nothing_hangs_on(current)
        before = _clone(current)
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
        for part in _portions(rows):
            chosen = model.objects.filter(pk__in=[row.pk for row in part])
            locked = list(chosen.select_for_update().order_by("pk"))
            _as_seen(part, locked)
            self._may_void(locked, permission)
            chosen.update(voided_at=self.at, void_reason=reason, row_version=models.F("row_version") + 1)
            for row in locked:
                before = _clone(row)
                row.voided_at, row.void_reason = self.at, reason
                self._tell("作废", before, row)
        return len(rows)

    def _may_void(self, rows: list[AnyRecord], permission: str) -> None:
        for row in rows:
            self._allowed(permission, row)
        if sentence := self._locks.against_change(rows, {"voided_at"}):
            raise Refused(sentence)
        _nothing_hangs_on(*rows)

    def restore(self, record: AnyRecord, values: dict[str, Any], *, permission: str = "change") -> AnyRecord:
        """Put the row back as it was before an import, what was judged of it then included.

        `values` by attribute name, as `Overwritten` keeps them. The row says again exactly what its judge saw, so
        the judgement is not asked for once more. Raises Refused where a month that it touches is closed.
        """
        current = self._locked(record, None)
        before = _clone(current)
        fields = _apply(current, {name: _attribute(current, name).to_python(value) for name, value in values.items()})
        self._allowed(permission, before)
        self._months_open(before, fields)
        self._months_open(current, fields)
        self._same_county(current)
        current.row_version += 1
        _check(current)
        current.save(force_update=True)
        self._tell("撤销导入", before, current)
        return current

    def keep(self, instance: models.Model, *, action: str, **values: Any) -> models.Model:
        """Rows that belong to no ledger (accounts, counties, schemes' parts): validated, saved, told."""
        before = _clone(instance) if instance.pk else None
        for name, value in values.items():
            setattr(instance, name, value)
        if hasattr(instance, "county_id") and instance.county_id is None:
            instance.county_id = self.actor.county_id
        instance.full_clean(exclude=_already_loaded(instance))
        instance.save()
        self._tell(action, before, instance)
        return instance

    def remove(self, instance: models.Model, *, action: str) -> None:
        """Only for what is not a record: a target that was never used, a participant of a draft."""
        if isinstance(instance, Record):
            raise TypeError("records are voided, not removed")
        self._tell(action, instance, instance)
        instance.delete()

    def write_history(self) -> None:
        AuditEntry.objects.bulk_create(self._history, batch_size=500)
        Overwritten.objects.bulk_create(self._overwritten, batch_size=500)
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
        _still_valid(current)
        return current

    def _check_change(self, before: Record, after: Record, fields: set[str], permission: str) -> None:
        self._allowed(permission, before)
        self._months_open(before, fields)
        self._months_open(after, fields)
        if after.county_id != before.county_id:
            raise Refused("记录不能移到别的县。")
        if permission == "change":
            after.content_changed(self.actor.user_id, fields)
            self._allowed("change", after)
        self._same_county(after)
        after.row_version = before.row_version + 1

    def _allowed(self, action: str, record: Record) -> None:
        if record.county_id != self.actor.county_id or not self.actor.may(action, record):
            verb = ACTS.get(action, "办理")
            raise Refused(f"您当前的身份（{self.actor.label}）不能{verb}这条{record._meta.verbose_name}。")

    def _same_county(self, record: Record) -> None:
        """A row may point only to rows of its own county; that is what keeps counties apart for good."""
        for field in record._meta.concrete_fields:
            if not field.is_relation or field.name in SET_BY_DOOR or getattr(record, field.attname) is None:
                continue
            county_id = getattr(getattr(record, field.name), "county_id", record.county_id)
            if county_id != record.county_id:
                raise Refused({field.name: f"“{field.verbose_name}”不属于本县。"})

    def _months_open(self, record: Record, fields: set[str]) -> None:
        if sentence := self._locks.against_change([record], fields):
            raise Refused(sentence)

    def _in_time(self, records: list[AnyRecord]) -> None:
        """New rows of a closed month are asked why they come only now; a row that would change such a month's
        other rows has no way in."""
        for record in records:
            if sentence := self._locks.against_new(type(record), record.months_locked_for({"code"})):
                raise Refused({"late_reason": sentence})
        if sentence := self._locks.against_change(records, {"code"}):
            raise Refused(sentence)

    def open_span(self, record: Record) -> tuple[date, date]:
        """归属: the row's own span while its last month is open, else the earliest open month (补计)."""
        closed = self._locks.closed(record.closes_with)
        month = Period.containing(record.happened_until, "month")
        if month.first_day not in closed:
            return record.happened_on, record.happened_until
        while month.first_day in closed:
            month = month.next()
        return month.first_day, month.last_day

    # -- telling ---------------------------------------------------------------------------------

    def tell_view(self, seat: Any, address: str, *, action: str = VIEWED, label: str = "页面", code: str = "") -> None:
        """查看 by a seat whose every view is logged, or 下载; `address` is the page's path with its query."""
        told = [["address", "地址", NOTHING, address]]
        self._keep_entry(action, seat, seat, label=label[:200], code=code, changes=told)

    def _tell(self, action: str, before: models.Model | None, after: models.Model) -> None:
        keep_sums(before, after)
        self._remember(before, after)
        self._keep_entry(
            action,
            after,
            getattr(after, "history_subject", after),
            label=str(after)[:200],
            code=getattr(after, "code", ""),
            changes=changes_between(before, after, told_fields(after)),
        )

    def _remember(self, before: models.Model | None, after: models.Model) -> None:
        """What an import overwrites, its batch can give back."""
        if self.batch is None or before is None or not isinstance(after, Record):
            return
        names = {after._meta.get_field(name).attname for name in _differences(before, after) - {"row_version"}}
        self._overwritten.append(
            Overwritten(
                county_id=self.actor.county_id,
                batch=self.batch,
                model=after._meta.label_lower,
                record_id=after.pk,
                values={name: getattr(before, name) for name in sorted(names)},
            )
        )

    def _keep_entry(
        self,
        action: str,
        row: models.Model,
        subject: models.Model,
        *,
        label: str,
        code: str = "",
        changes: list[list[str]],
    ) -> None:
        self._history.append(
            AuditEntry(
                county_id=self.actor.county_id,
                at=self.at,
                act=self.act,
                user_id=self.actor.user_id,
                actor=self.actor.label,
                action=action,
                model=row._meta.label_lower,
                record_id=row.pk,
                record_code=code,
                record_label=label,
                subject_model=subject._meta.label_lower,
                subject_id=subject.pk,
                changes=changes,
                reason=self.reason,
            )
        )

    def _next_codes(self, record: Record, count: int) -> list[str]:
        year = timezone.localtime(self.at).year
        place = {"county_id": self.actor.county_id, "kind": record.code_prefix, "year": year}
        Counter.objects.get_or_create(**place)
        counter = Counter.objects.select_for_update().get(**place)
        first = counter.last + 1
        counter.last += count
        counter.save()
        return [f"{record.code_prefix}{year}-{number:05d}" for number in range(first, first + count)]


SET_BY_DOOR = frozenset({"county", "entered_by", "claimed_by", "verified_by", "batch"})


def _check(record: Record) -> None:
    """Everything the model says about a row. Constraints are asked without exception: their unique keys
    begin with the county, which the door itself set."""
    record.full_clean(exclude=_already_loaded(record), validate_constraints=False)
    record.validate_constraints()


def _nothing_hangs_on(*records: Record) -> None:
    """Of rows of one kind."""
    by_pk = {record.pk: record for record in records}
    for relation in records[0]._meta.get_fields(include_hidden=True):
        model = relation.related_model
        if not relation.one_to_many or not issubclass(model, Record) or relation.field.name in model.loose_fields:
            continue
        hanging = model.objects.current().filter(**{f"{relation.field.name}__in": by_pk})
        if found := hanging.order_by("pk").values_list(relation.field.attname, flat=True):
            first, count = by_pk[found[0]], list(found).count(found[0])
            raise Refused(f"还有 {count} 条{model._meta.verbose_name}与“{first}”相连，请先处理这些记录，再作废它。")


def _portions(rows: list[AnyRecord], size: int = 500) -> Iterator[list[AnyRecord]]:
    return (rows[start : start + size] for start in range(0, len(rows), size))


def _as_seen(seen: list[Record], locked: list[Record]) -> None:
    """A judgement is about the rows as its author saw them."""
    versions = {row.pk: row.row_version for row in seen}
    for row in locked:
        _still_valid(row)
        if versions[row.pk] != row.row_version:
            raise Stale(f"“{row}”：{CHANGED_MEANWHILE}")


def _still_valid(record: Record) -> None:
    if record.voided_at:
        raise Refused(f"“{record}”已作废，不能再修改。")


def _apply(record: Record, values: dict[str, Any]) -> set[str]:
    """Set the values; name the fields that now differ from what the database holds."""
    before = _clone(record)
    for name, value in values.items():
        setattr(record, name, value)
    return _differences(before, record)


def _differences(before: Record, after: Record) -> set[str]:
    """Names of the fields in which two states of a row differ."""
    fields = after._meta.concrete_fields
    return {f.name for f in fields if getattr(before, f.attname) != getattr(after, f.attname)}


def _attribute(record: Record, attname: str) -> models.Field:
    """The field behind an attribute (`investor_id` → investor)."""
    return next(field for field in record._meta.concrete_fields if field.attname == attname)


def _clone(row: models.Model) -> models.Model:
    copy = type(row)(**{f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields})
    copy._state.adding = False
    for field in row._meta.concrete_fields:
        if field.is_relation and field.is_cached(row):
            field.set_cached_value(copy, field.get_cached_value(row))
    return copy


def _share_relations(known: list[Record], locked: list[Record]) -> None:
    """The rows come fresh under lock; what they point to was loaded with the caller's rows."""
    by_pk = {row.pk: row for row in known}
    for row in locked:
        for field in row._meta.concrete_fields:
            source = by_pk[row.pk]
            if (
                field.is_relation
                and field.is_cached(source)
                and getattr(source, field.attname) == getattr(row, field.attname)
            ):
                field.set_cached_value(row, field.get_cached_value(source))


def _already_loaded(record: models.Model) -> set[str]:
    """Relations whose row is in hand, or which the door itself set, need no query to prove that it exists."""
    relations = (f for f in record._meta.concrete_fields if f.is_relation)
    return {f.name for f in relations if f.is_cached(record) or f.name in SET_BY_DOOR}


def _in_words(error: IntegrityError) -> Refused:
    """The database refused: say which rule it was, in that rule's own sentence."""
    if rule := broken_rule(error):
        return Refused({NON_FIELD_ERRORS: str(rule.get_violation_error_message())})
    return Refused("保存没有成功：与已有记录重复或相互矛盾，请核对后再试。")
