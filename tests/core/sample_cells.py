"""The sample's cells, each in a row that is good but for it, as a workbook of the ledger that the cell belongs to."""

import json
from decimal import Decimal
from io import BytesIO

from django.conf import settings
from openpyxl import Workbook

from core.dates import DateSpan
from core.spreadsheet.reading import open_workbook

SAMPLES = settings.BASE_DIR / "tests/data/workbooks"
CASES = json.loads((SAMPLES / "cells.expected.json").read_text(encoding="utf-8"))
NAME, USCC = "项目名称", "统一社会信用代码"
GOOD = {NAME: "", "落户乡镇": "芦溪镇", "总投资(万元)": 100, "签约时间": "2024-03-05", USCC: ""}
OF_ENTERPRISES = {NAME: "企业名称", "落户乡镇": "所在乡镇"}
READ_AS = {
    "总投资(万元)": "total_investment",
    "签约时间": "signed",
    "落户乡镇": "landing_unit",
    NAME: "name",
    USCC: "uscc",
}


def ledger_of(case):
    return "enterprises" if case["column"] == USCC else "projects"


def cases_of(ledger):
    return [case for case in CASES if ledger_of(case) == ledger]


def name_of(case):
    return f"样表第{case['case']}例"


def table_of(cases, suffix="xlsx"):
    """A row for each of the cases, which are all of one ledger; the cell as its own kind of file holds it."""
    source = open_workbook(SAMPLES / f"cells.{suffix}").sheets[0]
    names = OF_ENTERPRISES if ledger_of(cases[0]) == "enterprises" else {}
    book, stream = Workbook(), BytesIO()
    book.active.append([names.get(name, name) for name in GOOD])
    for number, case in enumerate(cases, 2):
        book.active.append([*(GOOD | {NAME: name_of(case)}).values()])
        put(book.active.cell(number, [*GOOD].index(case["column"]) + 1), source.cell(case["case"] + 1, 3))
    book.save(stream)
    stream.seek(0)
    return stream


def put(cell, found):
    cell.value, cell.number_format = found.value, found.number_format
    if found.is_error:
        cell.data_type = "e"
    elif isinstance(found.value, str):
        cell.data_type = "s"


def as_read(value):
    if isinstance(value, DateSpan):
        return value.code
    return Decimal(value) if isinstance(value, Decimal) else value and str(value)


def is_taken(case, ledger):
    """Whether its row is written: an empty cell is read as nothing, which some columns may not be."""
    return case["kind"] == "value" and (case["want"] is not None or not ledger.column(READ_AS[case["column"]]).required)


def wanted(case):
    return Decimal(case["want"]) if case["column"] == "总投资(万元)" and case["want"] else case["want"]
