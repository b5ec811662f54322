"""Every layout of the corpus through the importer: the rows it holds, what is said of it, and its own total."""

import json
from decimal import Decimal
from io import BytesIO

import pytest
from django.conf import settings
from openpyxl import Workbook

from core.dates import DateSpan
from core.ledgers.importing import ERROR, NEW, SAME, commit_import, plan_import
from core.ledgers.ledger import ledger_for
from core.spreadsheet.reading import open_workbook
from tests import factories as make
from tests.core.layouts import LAYOUTS

pytestmark = pytest.mark.django_db
SAMPLES = settings.BASE_DIR / "tests/data/workbooks"


@pytest.fixture
def townships(township, neighbour):
    return township, neighbour


def planned(layout, seat):
    return plan_import(ledger_for("projects"), layout.stream(), seat)


def told(values):
    signed: DateSpan = values["signed"]
    return values["name"], str(values["landing_unit"]), f"{values['total_investment'].normalize():f}", signed.label


def test_there_are_thirty_layouts():
    assert len(LAYOUTS) >= 30


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_gives_its_rows(name, office, townships):
    layout = LAYOUTS[name]
    plan = planned(layout, office)
    assert [told(row.values) for row in plan.rows if row.kind == NEW] == layout.rows
    assert sum(row.kind == ERROR for row in plan.rows) == layout.refused
    said = "\n".join(remark.message for remark in (*plan.warnings, *plan.errors))
    assert [words for words in layout.says if words not in said] == []
    stated = plan.totals.get("总投资", {}).get("stated")
    assert (stated and f"{Decimal(stated).normalize():f}") == layout.stated


@pytest.mark.parametrize("name", [name for name, layout in LAYOUTS.items() if layout.rows and not layout.refused])
def test_a_second_time_changes_nothing(name, office, townships):
    with make.writing_as(office) as writing:
        commit_import(writing, planned(LAYOUTS[name], office))
    assert {row.kind for row in planned(LAYOUTS[name], office).rows} <= {SAME, "duplicates"}


CASES = json.loads((SAMPLES / "cells.expected.json").read_text(encoding="utf-8"))
GOOD = {
    "项目名称": "某项目",
    "落户乡镇": "芦溪镇",
    "总投资(万元)": 100,
    "签约时间": "2024-03-05",
    "统一社会信用代码": "",
}
READ_AS = {"总投资(万元)": "total_investment", "签约时间": "signed", "落户乡镇": "landing_unit", "项目名称": "name"}


def table_of(case, suffix):
    """A table of one row, good but for the sample's cell, as its own kind of file holds it."""
    found = open_workbook(SAMPLES / f"cells.{suffix}").sheets[0].cell(case["case"] + 1, 3)
    ledger = "enterprises" if case["column"] == "统一社会信用代码" else "projects"
    book, stream = Workbook(), BytesIO()
    names = {"项目名称": "企业名称", "落户乡镇": "所在乡镇"} if ledger == "enterprises" else {}
    book.active.append([names.get(name, name) for name in GOOD])
    book.active.append([*GOOD.values()])
    cell = book.active.cell(2, [*GOOD].index(case["column"]) + 1)
    cell.value, cell.number_format = found.value, found.number_format
    if found.is_error:
        cell.data_type = "e"
    elif isinstance(found.value, str):
        cell.data_type = "s"
    book.save(stream)
    stream.seek(0)
    return ledger_for(ledger), stream


def as_read(value):
    if isinstance(value, DateSpan):
        return value.code
    return Decimal(value) if isinstance(value, Decimal) else value and str(value)


@pytest.mark.parametrize("suffix", ["xlsx", "xls"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['case']}-{case['kind']}")
def test_a_sample_cell_is_taken_asked_about_or_refused(case, suffix, office, townships):
    ledger, stream = table_of(case, suffix)
    (row,) = plan_import(ledger, stream, office).rows
    name = READ_AS.get(case["column"], "uscc")
    if case["kind"] == "value":
        want = Decimal(case["want"]) if name == "total_investment" and case["want"] else case["want"]
        required = want is None and ledger.column(name).required
        assert row.kind == (ERROR if required else NEW), row.remarks
        assert as_read(row.values[name]) == want
    else:
        assert row.kind == ERROR
        assert ("请改清楚后再导入" in row.remarks[0].message) == (case["kind"] == "ask")


def test_all_the_samples_are_there():
    assert len(CASES) == 34
