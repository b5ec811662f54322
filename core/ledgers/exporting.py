"""A list as a workbook: its filters, its columns, its order; and the empty table to fill in."""

from datetime import datetime
from io import BytesIO
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse

from core.ledgers.columns import Column
from core.ledgers.kinds import Choice
from core.ledgers.ledger import Ledger
from core.ledgers.query import ListQuery
from core.spreadsheet.writing import OutColumn, Written, display_width, write_table, write_template

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def export_response(query: ListQuery, *, at: datetime) -> HttpResponse:
    stream = BytesIO()
    write_list(stream, query, at=at)
    return workbook_response(stream, f"{query.ledger.name}{at:%Y%m%d}.xlsx")


def write_list(stream: BytesIO, query: ListQuery, *, at: datetime) -> Written:
    """The rows exactly as the list shows them, with what was filtered said above."""
    columns = query.written_columns
    rows = ([column.export(record) for column in columns] for record in query.ordered.iterator(2000))
    captions = [query.total_sentence, *(f"{word['label']}：{word['value']}" for word in query.shown_words)]
    out = [out_column(column) for column in columns]
    return write_table(stream, query.ledger.name, out, rows, made_at=at, caption_lines=captions)


def template_response(ledger: Ledger, seat: Any) -> HttpResponse:
    stream = BytesIO()
    write_template(stream, ledger.name, [out_column(column) for column in ledger.import_columns])
    return workbook_response(stream, f"{ledger.name}导入模板.xlsx")


def out_column(column: Column) -> OutColumn:
    choices = tuple(label for _, label in column.kind.choices) if isinstance(column.kind, Choice) else ()
    return OutColumn(
        column.header,
        column.kind.excel,
        width=max(12, min(40, display_width(column.heading) + 4)),
        unit=column.unit,
        hint=column.help,
        choices=choices,
        required=column.required,
    )


def workbook_response(stream: BytesIO, name: str) -> HttpResponse:
    response = HttpResponse(stream.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response
