"""Many rows of one table written together, each with values of its own: one statement a batch.

Django's own `bulk_update` builds a CASE with a branch for every row and column, whose cost outgrows the writing; its
`bulk_create` asks every value of every row how it is to be compiled.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.db import connection, models

AT_ONCE = 500
"""Rows in one statement on PostgreSQL; SQLite takes one prepared statement for all of them."""


def update_rows(rows: Sequence[models.Model], names: Iterable[str]) -> None:
    """Write these fields of these rows of one model, as the instances hold them; its constraints answer as ever.

    Raises IntegrityError where the database refuses a row, LookupError where one of them is not there.
    """
    fields = [type(rows[0])._meta.get_field(name) for name in names] if rows else []
    if not fields:
        return
    key = rows[0]._meta.pk
    values = [[_stored(row, field) for field in (*fields, key)] for row in rows]
    with connection.cursor() as cursor:
        count = WRITERS.get(connection.vendor, _one_by_one)(cursor, rows[0]._meta.db_table, fields, key, values)
    if count != len(rows):
        raise LookupError(f"{len(rows)} rows of {rows[0]._meta.label} were to be written, {count} were there")


def insert_rows(rows: Sequence[models.Model]) -> None:
    """Add these rows of one model whose key the database counts, in their order; nothing comes back into them."""
    if not rows:
        return
    fields = [field for field in rows[0]._meta.concrete_fields if not field.primary_key]
    values = [[_stored(row, field) for field in fields] for row in rows]
    quote, one = connection.ops.quote_name, f"({', '.join(['%s'] * len(fields))})"
    into = f"INSERT INTO {quote(rows[0]._meta.db_table)} ({', '.join(quote(f.column) for f in fields)}) VALUES"
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(f"{into} {one}", values)
            return
        for part in _portions(values):
            cursor.execute(f"{into} {', '.join([one] * len(part))}", [value for row in part for value in row])


def _stored(row: models.Model, field: models.Field) -> Any:
    return field.get_db_prep_save(field.pre_save(row, add=False), connection)


def _one_by_one(cursor: Any, table: str, fields: list[models.Field], key: models.Field, values: list[list]) -> int:
    quote = connection.ops.quote_name
    assigned = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    cursor.executemany(f"UPDATE {quote(table)} SET {assigned} WHERE {quote(key.column)} = %s", values)
    return cursor.rowcount


def _from_values(cursor: Any, table: str, fields: list[models.Field], key: models.Field, values: list[list]) -> int:
    quote, count = connection.ops.quote_name, 0
    columns = [f"c{number}" for number in range(len(fields) + 1)]
    assigned = ", ".join(f"{quote(f.column)} = v.{c}{_cast(f)}" for f, c in zip(fields, columns, strict=False))
    one = f"({', '.join(['%s'] * len(columns))})"
    for part in _portions(values):
        told = f"(VALUES {', '.join([one] * len(part))}) AS v ({', '.join(columns)})"
        found = f"{quote(table)}.{quote(key.column)} = v.{columns[-1]}"
        cursor.execute(
            f"UPDATE {quote(table)} SET {assigned} FROM {told} WHERE {found}", [v for row in part for v in row]
        )
        count += cursor.rowcount
    return count


def _cast(field: models.Field) -> str:
    """A column of nothing but NULL would pass for text; a text is not cast, or one too long would be cut unsaid."""
    column = field.db_type(connection)
    return "" if column.startswith(("varchar", "text")) else f"::{column}"


def _portions(values: list[list]) -> Iterator[list[list]]:
    return (values[start : start + AT_ONCE] for start in range(0, len(values), AT_ONCE))


WRITERS: dict[str, Callable[..., int]] = {"postgresql": _from_values}
