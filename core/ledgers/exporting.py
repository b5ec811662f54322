"""A list as a workbook: its filters, its columns, its order; and the empty table to fill in."""

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from tempfile import NamedTemporaryFile
from typing import Any, BinaryIO
from urllib.parse import quote

from django.http import FileResponse, Http404, HttpResponse

from core.ledgers.columns import Column
from core.ledgers.form_wording import wording_of
from core.ledgers.kinds import Choice
from core.ledgers.ledger import Ledger
from core.ledgers.official_forms import FormField, OfficialForm
from core.ledgers.query import BadQuery, ListQuery
from core.ledgers.row_values import exported_rows
from core.spreadsheet.fitting import display_width
from core.spreadsheet.official_form import FormColumn, FormSheet, write_form
from core.spreadsheet.writing import OutColumn, Written, write_table, write_template

MOST_ON_PAPER = 5000
"""Rows of an official form; some two hundred sheets of A3."""
LAST_YEAR = "上年同期按本台账现有记录计算，"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def export_response(query: ListQuery, *, at: datetime) -> FileResponse:
    """The workbook, written to a file that is gone once it was sent: a long list never stands in memory."""
    file = NamedTemporaryFile(suffix=".xlsx")  # noqa: SIM115 (the response closes it)
    write_list(file.name, query, at=at)
    return FileResponse(file, as_attachment=True, filename=f"{query.ledger.name}{at:%Y%m%d}.xlsx", content_type=XLSX)


def write_list(target: BinaryIO | str, query: ListQuery, *, at: datetime) -> Written:
    """The rows exactly as the list shows them, with what was filtered said above.

    What Excel can't hold is known only at the end; where there was any, the list is written once more to say so.
    """
    words = (f"{word['label']}：{word['value']}" for word in query.shown_words)
    captions = [query.total_sentence, *words, *_withheld(query, query.written_columns)]
    written = _write(target, query, captions, at)
    if written.losses:
        if not isinstance(target, str):
            target.seek(0)
            target.truncate()
        written = _write(target, query, [*captions, *written.losses], at)
    return written


def _write(target: BinaryIO | str, query: ListQuery, captions: list[str], at: datetime) -> Written:
    columns = query.written_columns
    rows, out = exported_rows(query, columns), [out_column(column) for column in columns]
    return write_table(target, query.ledger.name, out, rows, made_at=at, caption_lines=captions)


def form_response(query: ListQuery, *, at: datetime) -> HttpResponse:
    """The list on the office's form. Raises Http404 where the ledger has none, BadQuery where it is too long."""
    form = query.ledger.official_form
    if form is None:
        raise Http404(f"{query.ledger.name}没有官方表样。")
    stream = BytesIO()
    sheet = form_sheet(query, form, at=at)
    write_form(stream, sheet)
    return workbook_response(stream, f"{sheet.wording.title}{at:%Y%m%d}.xlsx")


def form_sheet(query: ListQuery, form: OfficialForm, *, at: datetime) -> FormSheet:
    """Exactly the rows of the list; what they were filtered by is said under the table."""
    if query.totals["count"] > MOST_ON_PAPER:
        raise BadQuery(f"官方表样供打印，最多{MOST_ON_PAPER}行，请先按乡镇或时间筛选；全部数据请导出本表。")
    seat, credited = query.seat, query.credit_columns
    columns = [*(query.ledger.column(field.column) for field in form.fields), *credited]
    fields = [*form.fields, *(FormField(column.name, band="计入", summed=bool(column.unit)) for column in credited)]
    before = query.year_earlier() if form.compared else None
    scope = _said("范围：", query, [word["name"] for word in query.shown_words])
    return FormSheet(
        wording=wording_of(seat.county_id, form, {"县": str(seat.county), "年": str(at.year)}),
        reporter=str(seat.unit) if seat.unit else f"{seat.county}招商办",
        made_on=at.date(),
        columns=[_form_column(field, column, form) for field, column in zip(fields, columns, strict=True)],
        lines=exported_rows(query, columns),
        unit=form.unit,
        notes=(*scope, *_withheld(query, columns), *(_said(LAST_YEAR, before, before.days) if before else ())),
        count=query.total_sentence,
        apart=[field.column for field in fields].index(form.apart) if form.apart else None,
        earlier=before and _sums_of(before, fields),
    )


def _sums_of(query: ListQuery, fields: Sequence[FormField]) -> dict[int, Decimal]:
    """{place of the column: its sum over the list}, of whole amounts and of credited ones alike."""
    totals = {**query.ledger.totals(query.rows, as_of=query.as_of), **query.totals}
    return {place: totals[field.column] or Decimal(0) for place, field in enumerate(fields) if field.summed}


def _said(beginning: str, query: ListQuery, names: Collection[str]) -> tuple[str, ...]:
    """A line about what bounds the list; none where nothing does."""
    words = "；".join(f"{word['label']}：{word['value']}" for word in query.shown_words if word["name"] in names)
    return (f"{beginning}{words}",) if words else ()


def _withheld(query: ListQuery, columns: Sequence[Column]) -> tuple[str, ...]:
    """Why cells are empty that are not empty in the ledger."""
    headers = "、".join(column.header for column in query.ledger.withheld_from(query.seat, columns))
    besides = "，本单位的记录除外" if query.seat.unit_id else ""
    return (f"按本县的栏目可见范围不显示：{headers}{besides}。",) if headers else ()


def _form_column(field: FormField, column: Column, form: OfficialForm) -> FormColumn:
    """The unit stands once above the table; only another one is said in the header."""
    heading = field.heading or (column.header if column.unit == form.unit else column.heading)
    return FormColumn(heading, column.kind.excel, field.band, field.width, field.summed)


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
