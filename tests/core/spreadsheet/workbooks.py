"""Workbooks made for a test: rows from the top, merges, and whatever else a sheet may carry."""

import io
import zipfile
from collections.abc import Callable, Iterable, Sequence

from openpyxl import Workbook as NewWorkbook

from core.spreadsheet.reading import FoundTable, Workbook, find_tables, open_workbook
from tests.core.spreadsheet.headers import PROJECTS

HEADER = ["序号", "项目名称", "总投资（万元）", "签约时间", "备注"]


def saved(
    rows: Iterable[Sequence[object]], *, merges: Iterable[str] = (), change: Callable | None = None
) -> io.BytesIO:
    book = NewWorkbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    for merge in merges:
        sheet.merge_cells(merge)
    if change:
        change(sheet)
    stream = io.BytesIO()
    book.save(stream)
    return stream


def opened(rows: Iterable[Sequence[object]], **options: object) -> Workbook:
    return open_workbook(saved(rows, **options))


def only_table(rows: Iterable[Sequence[object]], **options: object) -> FoundTable:
    (table,) = find_tables(opened(rows, **options), PROJECTS)
    return table


def record(number: int, **cells: object) -> list[object]:
    values = {"name": f"示例{number}号项目", "total": number * 100, "signed": "2023年5月", "remark": None} | cells
    return [number, *values.values()]


def patched(stream: io.BytesIO, changes: dict[str, Callable[[bytes], bytes]]) -> io.BytesIO:
    """The workbook with some of its parts rewritten."""
    result = io.BytesIO()
    with zipfile.ZipFile(stream) as source, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = source.read(name)
            target.writestr(name, changes[name](part) if name in changes else part)
    return result


def with_part(stream: io.BytesIO, name: str, content: bytes) -> io.BytesIO:
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return stream
