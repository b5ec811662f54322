"""Many rows of one table written together, each with values of its own: one statement a batch.

Django's own `bulk_update` builds a CASE with a branch for every row and column, whose cost outgrows the writing; its
`bulk_create` asks every value of every row how it is to be compiled. Here values go by the column: what is the same in
all rows is made ready once.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from operator import attrgetter
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models

AT_ONCE = 2000
"""Rows in one statement on PostgreSQL; SQLite takes one prepared statement for all of them."""
NOTHING_YET = object()

Column = tuple[models.Field, Sequence[Any]]
"""A field and what is to be stored in it, row by row."""


def update_rows(rows: Sequence[models.Model], names: Iterable[str]) -> None:
    """Write these fields of these rows of one model, as the instances hold them; its constraints answer as ever.

    Raises IntegrityError where the database refuses a row, LookupError where one of them is not there.
    """
    fields = [type(rows[0])._meta.get_field(name) for name in names] if rows else []
    if not fields:
        return
    key = rows[0]._meta.pk
    columns = [(field, list(_stored(field, map(attrgetter(field.attname), rows)))) for field in (*fields, key)]
    with _connection().cursor() as cursor:
        count = UPDATES.get(_connection().vendor, _update_one_by_one)(cursor, rows[0]._meta.db_table, columns)
    if count != len(rows):
        raise LookupError(f"{len(rows)} rows of {rows[0]._meta.label} were to be written, {count} were there")


def insert_rows(
    model: type[models.Model], names: Sequence[str], rows: Sequence[Sequence[Any]], shared: Mapping[str, Any]
) -> None:
    """Add rows to a table whose key the database counts, in their order: `names` says what the values of each row are,
    `shared` what is the same in all of them. Every column is named in one of the two."""
    if not rows:
        return
    own = [model._meta.get_field(name) for name in names]
    columns = [
        (field, list(_stored(field, values))) for field, values in zip(own, zip(*rows, strict=True), strict=True)
    ]
    given = [(field := model._meta.get_field(name), next(_stored(field, [value]))) for name, value in shared.items()]
    with _connection().cursor() as cursor:
        INSERTS.get(_connection().vendor, _insert_one_by_one)(cursor, model._meta.db_table, columns, given)


def _connection() -> Any:
    """The connection itself: its stand-in in `django.db` is asked anew for every attribute of every value."""
    return connections[DEFAULT_DB_ALIAS]


def _stored(field: models.Field, values: Iterable[Any]) -> Iterator[Any]:
    """As the database takes them; a value that is so already, or comes again, is not made ready once more."""
    prepare, connection, last, ready = field.get_db_prep_save, _connection(), NOTHING_YET, None
    as_it_is = TAKEN_AS_IT_IS.get(type(field))
    for value in values:
        if type(value) is as_it_is:
            yield value
            continue
        if value is not last:
            last, ready = value, prepare(value, connection)
        yield ready


TAKEN_AS_IT_IS: dict[type[models.Field], type] = {
    models.CharField: str,
    models.BigAutoField: int,
    models.BigIntegerField: int,
    models.PositiveIntegerField: int,
}


def _names(fields: Iterable[models.Field]) -> list[str]:
    return [_connection().ops.quote_name(field.column) for field in fields]


# -- one prepared statement for all rows ---------------------------------------------------------------


def _update_one_by_one(cursor: Any, table: str, columns: list[Column]) -> int:
    *assigned, key = [f"{name} = %s" for name in _names(field for field, _ in columns)]
    quote = _connection().ops.quote_name
    values = zip(*[stored for _, stored in columns], strict=True)
    cursor.executemany(f"UPDATE {quote(table)} SET {', '.join(assigned)} WHERE {key}", list(values))
    return int(cursor.rowcount)


def _insert_one_by_one(cursor: Any, table: str, columns: list[Column], shared: list[tuple[models.Field, Any]]) -> None:
    names = _names(field for field, _ in (*columns, *shared))
    values = zip(*[stored for _, stored in columns], *[repeat(value) for _, value in shared], strict=False)
    into = f"INSERT INTO {_connection().ops.quote_name(table)} ({', '.join(names)})"
    cursor.executemany(f"{into} VALUES ({', '.join(['%s'] * len(names))})", list(values))


# -- PostgreSQL: a column goes over as one array -------------------------------------------------------


def _update_from_arrays(cursor: Any, table: str, columns: list[Column]) -> int:
    fields = [field for field, _ in columns]
    *assigned, key = [f"{name} = {value}" for name, value in zip(_names(fields), _unnested(fields), strict=True)]
    quote, count = _connection().ops.quote_name, 0
    for part in _portions(columns):
        cursor.execute(
            f"UPDATE {quote(table)} SET {', '.join(assigned)} FROM {_arrays(fields)} WHERE {quote(table)}.{key}", part
        )
        count += cursor.rowcount
    return count


def _insert_from_arrays(cursor: Any, table: str, columns: list[Column], shared: list[tuple[models.Field, Any]]) -> None:
    fields = [field for field, _ in columns]
    names = ", ".join(_names((*[field for field, _ in shared], *fields)))
    values = ", ".join([*[f"%s{_cast(field)}" for field, _ in shared], *_unnested(fields)])
    into = f"INSERT INTO {_connection().ops.quote_name(table)} ({names}) SELECT {values} FROM {_arrays(fields)}"
    for part in _portions(columns):
        cursor.execute(f"{into} ORDER BY place", [*[value for _, value in shared], *part])


def _arrays(fields: Sequence[models.Field]) -> str:
    types = ", ".join(f"%s::{_plain_type(field)}[]" for field in fields)
    return f"unnest({types}) WITH ORDINALITY AS v ({', '.join(f'c{n}' for n in range(len(fields)))}, place)"


def _unnested(fields: Sequence[models.Field]) -> list[str]:
    return [f"v.c{number}{_cast(field)}" for number, field in enumerate(fields)]


def _plain_type(field: models.Field) -> str:
    """JSON goes over as the text it is, so that a list in it is no further dimension of the array."""
    kind = field.rel_db_type(_connection()) if field.primary_key else field.db_type(_connection())
    return "text" if kind.startswith(("varchar", "jsonb")) else str(kind)


def _cast(field: models.Field) -> str:
    """A text is not cast, or one too long would be cut unsaid."""
    kind = str(field.db_type(_connection()))
    return "" if kind.startswith(("varchar", "text")) else f"::{_plain_type(field) if kind != 'jsonb' else kind}"


def _portions(columns: list[Column]) -> Iterator[list[list[Any]]]:
    """The arrays of as many rows as go into one statement."""
    ready = [[_as_text(value) for value in stored] if _is_json(field) else stored for field, stored in columns]
    for start in range(0, len(ready[0]), AT_ONCE):
        yield [list(stored[start : start + AT_ONCE]) for stored in ready]


def _is_json(field: models.Field) -> bool:
    return isinstance(field, models.JSONField)


def _as_text(value: Any) -> str | None:
    return None if value is None else value.dumps(value.adapted)


UPDATES: dict[str, Callable[..., int]] = {"postgresql": _update_from_arrays}
INSERTS: dict[str, Callable[..., None]] = {"postgresql": _insert_from_arrays}
