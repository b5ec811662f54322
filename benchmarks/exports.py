"""A list of 100 000 rows as a workbook: against its bare statement and the fastest writer, and styled against plain."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import QueryDict
from rustpy_xlsxwriter import write_worksheet

from benchmarks.measuring import Measured
from core.ledgers.exporting import out_column, write_list
from core.ledgers.ledger import ledger_for
from core.ledgers.query import ListQuery
from core.ledgers.row_values import AT_ONCE, exported_rows, paths_of, read_of
from core.spreadsheet.writing import write_table

NOW = datetime(2024, 4, 1, tzinfo=UTC)


def exports(key: str, rows: int, seat: Any) -> Iterator[Measured | str]:
    """The product's export first, then the same cells with and without style, and what it takes of memory."""
    yield Measured(
        f"export of {rows} rows of {key}, against its bare SQL and the fastest writer",
        lambda: export_of(key, seat),
        lambda: _filed(lambda path: _bare_export(path, key, seat)),
        target=1.6,
    )
    query = _query(key, seat)
    columns = [out_column(column) for column in query.written_columns]
    cells = list(exported_rows(query, query.written_columns))
    names = [column.caption for column in columns]
    yield Measured(
        f"writing these {rows} rows with styles, against plain",
        lambda: _filed(lambda path: write_table(path, key, columns, cells, made_at=NOW)),
        lambda: _filed(lambda path: _write_plainly(path, names, cells)),
        target=1.25,
    )
    yield f"memory of that export over an idle process: {_memory(key, seat)} MB (target 150)"


def export_of(key: str, seat: Any, most: int | None = None) -> None:
    """As the product writes it, or only its first rows."""
    query = _query(key, seat)
    if most is not None:
        query.rows = query.rows.filter(pk__lte=query.rows.order_by("pk")[most - 1 : most].get().pk)
    _filed(lambda path: write_list(path, query, at=NOW))


def _memory(key: str, seat: Any) -> str:
    command = [sys.executable, "-m", "benchmarks.memory", key, str(seat.pk)]
    here = os.environ | {"LEITAI_BENCH": str(settings.VAR_DIR)}
    return subprocess.run(command, env=here, capture_output=True, text=True, check=True).stdout.strip()


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
