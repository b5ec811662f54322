"""A list's cells straight from the database: loading whole rows costs several times what writing them does."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import QuerySet

from core.ledgers.columns import Column
from core.ledgers.kinds import Kind, Reference, Text
from core.ledgers.query import ListQuery

AT_ONCE = 2000
"""Rows; so many are in memory while a list is written."""


@dataclass(frozen=True)
class Read:
    """What one column asks of the database, and how its cell is made of the answers."""

    paths: tuple[str, ...]
    cell: Callable[..., Any]

    @property
    def is_plain(self) -> bool:
        """Whether the cell is the database's answer itself."""
        return getattr(self.cell, "__func__", None) is Kind.export


def exported_rows(query: ListQuery, columns: Sequence[Column]) -> Iterator[Sequence[Any]]:
    """The cells of every row in the list's order, as `Column.export` makes them."""
    ledger, seat = query.ledger, query.seat
    reads = [read_of(column, query.rows) for column in columns]
    if None in reads or ledger.withheld_from(seat, columns):
        records = query.ordered.iterator(AT_ONCE)
        return ([ledger.export(column, record, seat) for column in columns] for record in records)
    return _from_values(query.ordered, [read for read in reads if read])


def _from_values(rows: QuerySet, reads: list[Read]) -> Iterator[Sequence[Any]]:
    """Most cells are what the database gives; only the others cost a call each."""
    paths = paths_of(reads)
    places = [[paths.index(path) for path in read.paths] for read in reads]
    firsts = [at[0] for at in places]
    made = [(n, read.cell, places[n]) for n, read in enumerate(reads) if not read.is_plain]
    single = [(n, cell, at[0]) for n, cell, at in made if len(at) == 1]
    several = [(n, cell, at) for n, cell, at in made if len(at) > 1]
    for values in rows.values_list(*paths).iterator(AT_ONCE):
        row = [values[place] for place in firsts]
        for number, cell, place in single:
            row[number] = cell(values[place])
        for number, cell, at in several:
            row[number] = cell(*[values[place] for place in at])
        yield row


def paths_of(reads: list[Read]) -> list[str]:
    """What one statement has to ask for, each once."""
    return list(dict.fromkeys(path for read in reads for path in read.paths))


def read_of(column: Column, rows: QuerySet) -> Read | None:
    """None where only the row itself knows the value."""
    kind = column.kind
    if column.reads:
        return Read(column.reads, lambda *parts: kind.export(kind.from_database(*parts)))
    if callable(column.source):
        return None
    path = (column.source or column.name).replace(".", "__")
    if isinstance(kind, Reference):
        path, kind = f"{path}__{kind.label}", Text()
    return Read((path,), kind.export) if _is_value(path, rows) else None


def _is_value(path: str, rows: QuerySet) -> bool:
    """Whether a plain value stands there: an annotation, or a field that is no relation, by to-one relations."""
    if path in rows.query.annotations:
        return True
    model = rows.model
    *relations, last = path.split("__")
    try:
        for name in relations:
            field = model._meta.get_field(name)
            if not (field.many_to_one or field.one_to_one) or field.auto_created:
                return False
            model = field.related_model
        return not model._meta.get_field(last).is_relation
    except FieldDoesNotExist:
        return False
