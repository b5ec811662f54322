"""A list of 100 000 rows as a workbook: against its bare statement and the fastest writer, and styled against plain."""

import resource
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import connection
from django.http import QueryDict
from rustpy_xlsxwriter import write_worksheet

from core.ledgers.exporting import out_column, write_list
from core.ledgers.ledger import ledger_for
from core.ledgers.query import ListQuery
from core.ledgers.row_values import AT_ONCE, exported_rows, paths_of, read_of
from core.spreadsheet.writing import write_table

NOW = datetime(2024, 4, 1, tzinfo=UTC)
Measured = tuple[str, Callable[[], Any], Callable[[], Any]]


def exports(key: str, rows: int, seat: Any) -> Iterator[Measured]:
    """The product's export first, then the same cells with and without style."""
    yield (
        f"export of {rows} rows of {key}, against its bare SQL and the fastest writer",
        lambda: _filed(lambda path: write_list(path, _query(key, seat), at=NOW)),
        lambda: _filed(lambda path: _bare_export(path, key, seat)),
    )
    query = _query(key, seat)
    columns = [out_column(column) for column in query.written_columns]
    cells = list(exported_rows(query, query.written_columns))
    names = [column.caption for column in columns]
    yield (
        f"writing these {rows} rows with styles, against plain",
        lambda: _filed(lambda path: write_table(path, key, columns, cells, made_at=NOW)),
        lambda: _filed(lambda path: _write_plainly(path, names, cells)),
    )


def most_memory() -> int:
    """The most this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _query(key: str, seat: Any) -> ListQuery:
    return ListQuery(ledger_for(key), QueryDict(), seat)


def _filed(write: Callable[[str], Any]) -> None:
    with TemporaryDirectory() as folder:
        write(str(Path(folder) / "list.xlsx"))


def _bare_export(path: str, key: str, seat: Any) -> None:
    """What cannot be had for less: the same statement's rows as the database gives them, each cell as it comes."""
    query = _query(key, seat)
    reads = [read for column in query.written_columns if (read := read_of(column, query.rows))]
    paths = paths_of(reads)
    with connection.cursor() as cursor:
        cursor.execute(*query.ordered.values_list(*paths).query.sql_with_params())
        write_worksheet((dict(zip(paths, row, strict=True)) for row in _fetched(cursor)), path)


def _fetched(cursor: Any) -> Iterator[Sequence[Any]]:
    while rows := cursor.fetchmany(AT_ONCE):
        yield from rows


def _write_plainly(path: str, names: list[str], cells: list[Sequence[Any]]) -> None:
    write_worksheet((dict(zip(names, row, strict=True)) for row in cells), path)
