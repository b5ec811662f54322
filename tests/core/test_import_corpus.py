"""Every layout of the corpus through the importer: the rows it holds, what is said of it, and its own total."""

from decimal import Decimal

import pytest

from core.dates import DateSpan
from core.ledgers.importing import ERROR, NEW, SAME, commit_import, plan_import
from core.ledgers.ledger import ledger_for
from projects.models import Investor
from tests import factories as make
from tests.core.layouts import LAYOUTS, PLAIN, ROWS, Layout, sheet
from tests.core.sample_cells import CASES, READ_AS, as_read, is_taken, ledger_of, table_of, wanted

pytestmark = pytest.mark.django_db


@pytest.fixture
def townships(township, neighbour):
    return township, neighbour


def planned(layout, seat):
    return plan_import(ledger_for("projects"), layout.stream(), seat)


def told(values):
    signed: DateSpan = values["signed"]
    return values["name"], str(values["landing_unit"]), f"{values['total_investment'].normalize():f}", signed.label


def test_there_are_fifty_layouts():
    assert len(LAYOUTS) >= 50


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


NOTHING_OF = {"投资方": "/", "投资项目代码": "无", "联系县领导": "待定", "联系电话": "——", "进展情况": "—", "备注": "-"}


def test_signs_for_nothing_are_kept_nowhere_and_prose_keeps_its_words(office, townships):
    """An investor or a code called 无 would be everybody's; that a project's content is not yet known is told."""
    book = Layout(
        lambda book: sheet(book, "台账", (*PLAIN, *NOTHING_OF, "建设内容"), (*ROWS[0], *NOTHING_OF.values(), "待定"))
    )
    plan = plan_import(ledger_for("projects"), book.stream(), office)
    (row,) = plan.rows
    read = {column.header: row.values.get(column.name) or None for column in plan.ledger.import_columns}
    assert {header: read[header] for header in (*NOTHING_OF, "建设内容")} == dict.fromkeys(NOTHING_OF) | {
        "建设内容": "待定"
    }
    with make.writing_as(office) as writing:
        commit_import(writing, plan)
    assert not Investor.objects.exists()


@pytest.mark.parametrize("suffix", ["xlsx", "xls"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['case']}-{case['kind']}")
def test_a_sample_cell_is_taken_asked_about_or_refused(case, suffix, office, townships):
    ledger = ledger_for(ledger_of(case))
    (row,) = plan_import(ledger, table_of([case], suffix), office).rows
    if case["kind"] == "value":
        assert row.kind == (NEW if is_taken(case, ledger) else ERROR), row.remarks
        assert as_read(row.values[READ_AS[case["column"]]]) == wanted(case)
    else:
        assert row.kind == ERROR
        assert ("请改清楚后再导入" in row.remarks[0].message) == (case["kind"] == "ask")


def test_all_the_samples_are_there():
    assert len(CASES) == 34
