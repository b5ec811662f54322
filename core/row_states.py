"""A row before and after: copies, what differs between them, and relations that are already in hand."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple, TypeVar

from django.db import models
from django.db.models.base import ModelState

AnyRow = TypeVar("AnyRow", bound=models.Model)

SET_BY_DOOR = frozenset({"county", "entered_by", "claimed_by", "verified_by", "batch"})
NOT_HELD = object()
KINDS_OF_CHANGE = 1024
"""Sets of fields that change together, of which is remembered what follows for each such row."""


class Change(NamedTuple):
    """A row as it was and as it is now, and the fields in which they differ."""

    before: models.Model
    after: models.Model
    fields: frozenset[str]

    @classmethod
    def between(cls, before: models.Model, after: models.Model) -> "Change":
        return cls(before, after, differences(before, after))


def applied(record: models.Model, values: Mapping[str, Any]) -> frozenset[str]:
    """Set the values; name the fields that now differ from what the database holds."""
    before = clone(record)
    set_values(record, values)
    return differences(before, record)


def set_values(record: models.Model, values: Mapping[str, Any]) -> None:
    """What a row says already is not set again: most of a workbook's cells are as they were."""
    held, related = record.__dict__, record._state.fields_cache
    for name, value in values.items():
        known = held[name] if name in held else related.get(name, NOT_HELD)
        if known is not value and known != value:
            setattr(record, name, value)


def differences(before: models.Model, after: models.Model) -> frozenset[str]:
    """Names of the fields in which two states of a row differ."""
    old, new = before.__dict__, after.__dict__
    return frozenset([name for name, at in _columns(type(after)) if old[at] is not new[at] and old[at] != new[at]])


@cache
def _columns(model: type[models.Model]) -> tuple[tuple[str, str], ...]:
    """(name, attribute) of every field that is a column."""
    return tuple((field.name, field.attname) for field in model._meta.concrete_fields)


def attribute(record: models.Model, attname: str) -> models.Field:
    """The field behind an attribute (`investor_id` → investor)."""
    return next(field for field in record._meta.concrete_fields if field.attname == attname)


def clone(row: AnyRow) -> AnyRow:
    """Another instance in the same state, with the relations that are loaded; writing the one leaves the other."""
    copy = object.__new__(type(row))
    copy.__dict__ |= row.__dict__
    copy._state = ModelState()
    copy._state.adding, copy._state.db = False, row._state.db
    copy._state.fields_cache = dict(row._state.fields_cache)
    return copy


def share_relations(known: Iterable[models.Model], locked: Iterable[models.Model]) -> None:
    """The rows come fresh under lock; what they point to was loaded with the caller's rows."""
    by_pk = {row.pk: row for row in known}
    for row in locked:
        source = by_pk[row.pk]
        for field in relations(type(row)):
            if field.is_cached(source) and getattr(source, field.attname) == getattr(row, field.attname):
                field.set_cached_value(row, field.get_cached_value(source))


def load_relations(rows: Sequence[Any]) -> None:
    """What is not in hand of what they point to, one query a relation."""
    names = [
        field.name
        for field in (relations(type(rows[0])) if rows else ())
        if field.name not in SET_BY_DOOR
        and any(row.__dict__[field.attname] is not None and field.name not in row._state.fields_cache for row in rows)
    ]
    models.prefetch_related_objects(rows, *names)


def already_loaded(record: models.Model) -> set[str]:
    """Relations whose row is in hand, or which the door itself set, need no query to prove that it exists."""
    return {f.name for f in relations(type(record)) if f.is_cached(record) or f.name in SET_BY_DOOR}


def as_they_were(record: models.Model, fields: frozenset[str]) -> frozenset[str]:
    """What need not be asked of a row of which only these fields are new: it came from the database."""
    loaded = [field.name for field in new_relations(type(record), fields) if field.is_cached(record)]
    return _others(type(record), fields).union(loaded)


@lru_cache(KINDS_OF_CHANGE)
def _others(model: type[models.Model], fields: frozenset[str]) -> frozenset[str]:
    return frozenset(name for name, _ in _columns(model)) - fields | SET_BY_DOOR


@lru_cache(KINDS_OF_CHANGE)
def new_relations(model: type[models.Model], fields: frozenset[str] | None) -> tuple[models.Field, ...]:
    """What these fields (None: all) may newly point to, beside what the door itself sets."""
    named = [field for field in relations(model) if fields is None or field.name in fields]
    return tuple(field for field in named if field.name not in SET_BY_DOOR)


@lru_cache(KINDS_OF_CHANGE)
def attributes(model: type[models.Model], fields: frozenset[str]) -> tuple[str, ...]:
    """Where a row of this model holds these fields, sorted (`investor` → investor_id)."""
    return tuple(sorted(model._meta.get_field(name).attname for name in fields))


@cache
def relations(model: type[models.Model]) -> tuple[models.Field, ...]:
    return tuple(field for field in model._meta.concrete_fields if field.is_relation)
