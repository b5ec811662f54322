"""A row before and after: copies, what differs between them, and relations that are already in hand."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.db import models
from django.db.models.base import ModelState

AnyRow = TypeVar("AnyRow", bound=models.Model)

SET_BY_DOOR = frozenset({"county", "entered_by", "claimed_by", "verified_by", "batch"})


def applied(record: models.Model, values: Mapping[str, Any]) -> set[str]:
    """Set the values; name the fields that now differ from what the database holds."""
    before = clone(record)
    for name, value in values.items():
        setattr(record, name, value)
    return differences(before, record)


def differences(before: models.Model, after: models.Model) -> set[str]:
    """Names of the fields in which two states of a row differ."""
    old, new = before.__dict__, after.__dict__
    return {f.name for f in after._meta.concrete_fields if old[f.attname] != new[f.attname]}


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
        for field in _relations(row):
            if field.is_cached(source) and getattr(source, field.attname) == getattr(row, field.attname):
                field.set_cached_value(row, field.get_cached_value(source))


def load_relations(rows: list[Any]) -> None:
    """What is not in hand of what they point to, one query a relation."""
    names = {
        field.name
        for row in rows
        for field in _relations(row)
        if field.name not in SET_BY_DOOR and getattr(row, field.attname) is not None and not field.is_cached(row)
    }
    models.prefetch_related_objects(rows, *sorted(names))


def already_loaded(record: models.Model) -> set[str]:
    """Relations whose row is in hand, or which the door itself set, need no query to prove that it exists."""
    return {f.name for f in _relations(record) if f.is_cached(record) or f.name in SET_BY_DOOR}


def _relations(record: models.Model) -> list[models.Field]:
    return [field for field in record._meta.concrete_fields if field.is_relation]
