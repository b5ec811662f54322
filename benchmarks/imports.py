"""A workbook of 10 000 rows: read, checked and saved, each against what cannot be had for less.

The floors are one statement for all rows (executemany on SQLite; COPY into a temporary table and one UPDATE … FROM on
PostgreSQL) with the audit rows that belong to them, and calamine for the values of the cells.
"""

import io
import json
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django.db import connection, transaction
from django.http import QueryDict
from openpyxl import Workbook as Book
from python_calamine import CalamineWorkbook

from benchmarks.measuring import Measured
from core.ledgers.exporting import write_list
from core.ledgers.importing import ImportPlan, commit_import, plan_import
from core.ledgers.ledger import ledger_for
from core.ledgers.query import ListQuery
from core.models import AuditEntry
from core.spreadsheet.package import Limits, read_parts, repack
from core.spreadsheet.reading import open_workbook
from core.write import door
from enterprises.models import Enterprise
from townships.models import Unit

NOW = datetime(2024, 4, 1, tzinfo=UTC)
LEDGER = "enterprises"


def imports(rows: int, seat: Any) -> Iterator[Measured]:
    """What the county's directory of enterprises costs, with one amount of each row changed."""
    fill_enterprises(rows, seat)
    book = workbook(seat)
    plan = planned(book, seat)  # once: saving is rolled back each time, so that it still fits
    yield Measured(
        f"reading the values of {rows} rows, against calamine",
        lambda: values_alone(book),
        lambda: calamine(book),
        target=1.2,
    )
    yield Measured(
        f"reading {rows} rows with merges, formats and formulas, against calamine",
        lambda: open_workbook(io.BytesIO(book)),
        lambda: calamine(book),
        target=5,
    )
    yield Measured(
        f"saving {rows} changed rows, against one bare UPDATE with its audit rows",
        lambda: saved(plan, seat),
        lambda: bare_update(rows),
        target=2,
    )
    yield Measured(
        f"importing {rows} changed rows, against calamine and the bare UPDATE together",
        lambda: saved(planned(book, seat), seat),
        lambda: (calamine(book), bare_update(rows)),
        target=4,
    )


def fill_enterprises(count: int, seat: Any) -> None:
    townships = list(Unit.objects.filter(county=seat.county).order_by("pk"))
    common = {"county": seat.county, "entered_at": NOW, "registered_on": date(2020, 1, 1)}
    made = (
        Enterprise(
            code=f"QY{i:06}",
            name=f"演示{i}号企业",
            township=townships[i % len(townships)],
            registered_capital=Decimal(100 + i % 900),
            **common,
        )
        for i in range(count)
    )
    Enterprise.objects.bulk_create(made, batch_size=2000)


def workbook(seat: Any) -> bytes:
    """The ledger's own export, in which one amount of every row says something else."""
    stream, changed = io.BytesIO(), io.BytesIO()
    write_list(stream, ListQuery(ledger_for(LEDGER), QueryDict(), seat), at=NOW)
    stream.seek(0)
    book, header = Book(write_only=True), None
    sheet = book.create_sheet("企业名录")
    for line in CalamineWorkbook.from_filelike(stream).get_sheet_by_index(0).to_python():
        if header is not None and (place := header.index("注册资本（万元）")) is not None:
            line[place] = float(line[place] or 0) + 1
        header = line if header is None and "企业名称" in line else header
        sheet.append(line)
    book.save(changed)
    return changed.getvalue()


def calamine(book: bytes) -> list[Any]:
    found = CalamineWorkbook.from_filelike(io.BytesIO(book))
    return [found.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in found.sheet_names]


def values_alone(book: bytes) -> list[Any]:
    """As the product opens a workbook it does not know: its limits asked, its parts packed anew, then calamine."""
    return calamine(repack(read_parts(book, Limits())).read())


def planned(book: bytes, seat: Any) -> ImportPlan:
    return plan_import(ledger_for(LEDGER), io.BytesIO(book), seat)


def saved(plan: ImportPlan, seat: Any) -> None:
    if plan.errors or plan.counts["updated"] != plan.row_count:
        raise RuntimeError(f"the workbook does not fit its ledger: {plan.counts}, {plan.errors[:3]}")
    with transaction.atomic():
        with door(seat, at=NOW, reason="导入") as writing:
            commit_import(writing, plan)
        transaction.set_rollback(True)


@cache
def audit_row() -> tuple[list[str], list[Any]]:
    """Columns and values of one history line, as the door would write it."""
    changes = [["registered_capital", "注册资本", "100.00 万元", "101.00 万元"]]
    told: dict[str, Any] = {
        "county_id": 1, "at": NOW, "act": uuid.uuid4(), "actor": "县招商办 测试", "action": "修改",
        "model": "enterprises.enterprise", "record_id": 1, "record_code": "QY000001", "record_label": "演示1号企业",
        "subject_model": "enterprises.enterprise", "subject_id": 1, "changes": changes, "reason": "导入",
        "exception": "",
    }  # fmt: skip
    fields = [AuditEntry._meta.get_field(name) for name in told]
    return [f.column for f in fields], [
        f.get_db_prep_save(value, connection) for f, value in zip(fields, told.values(), strict=True)
    ]


def bare_update(count: int) -> None:
    keys = list(Enterprise.objects.order_by("pk").values_list("pk", flat=True)[:count])
    values = [(1_010_000, 2, key) for key in keys]
    with transaction.atomic(), connection.cursor() as cursor:
        FLOORS[connection.vendor](cursor, values)
        transaction.set_rollback(True)


def _by_executemany(cursor: Any, values: list[tuple[int, int, int]]) -> None:
    columns, told = audit_row()
    cursor.executemany(
        "UPDATE enterprises_enterprise SET registered_capital = %s, row_version = %s WHERE id = %s", values
    )
    marks = ", ".join(["%s"] * len(columns))
    cursor.executemany(f"INSERT INTO core_auditentry ({', '.join(columns)}) VALUES ({marks})", [told] * len(values))


def _by_copy(cursor: Any, values: list[tuple[int, int, int]]) -> None:
    columns, told = audit_row()
    cursor.execute("CREATE TEMPORARY TABLE given (capital bigint, version int, id bigint) ON COMMIT DROP")
    _copy(cursor, "given", ["capital", "version", "id"], values)
    cursor.execute(
        "UPDATE enterprises_enterprise e SET registered_capital = g.capital, row_version = g.version "
        "FROM given g WHERE e.id = g.id"
    )
    texts = [json.dumps(v.adapted, ensure_ascii=False) if hasattr(v, "adapted") else v for v in told]
    _copy(cursor, "core_auditentry", columns, [texts] * len(values))


def _copy(cursor: Any, table: str, columns: list[str], rows: list[Any]) -> None:
    lines = "".join("\t".join(map(str, row)) + "\n" for row in rows)
    cursor.cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", io.StringIO(lines))


FLOORS: dict[str, Callable[[Any, list[tuple[int, int, int]]], None]] = {
    "sqlite": _by_executemany,
    "postgresql": _by_copy,
}
