"""An export brought back changes nothing: every row 无变化, no error, whatever the cells hold."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import QueryDict
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from core.dates import DateSpan
from core.ledgers import kinds
from core.ledgers.exporting import write_list
from core.ledgers.importing import SAME, commit_import, plan_import
from core.ledgers.ledger import all_ledgers, ledger_for
from core.ledgers.query import ListQuery
from enterprises.kinds import Industry
from projects.models import Agreement
from tests import factories as make
from townships.problems.subjects import subject_named

pytestmark = pytest.mark.django_db
IMPORTED = [ledger.key for ledger in all_ledgers() if ledger.import_key]
FEW = settings(
    max_examples=5,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

MARKS = st.characters(exclude_categories=("Cs", "Cc", "Cn", "Zl", "Zp", "Co"))
WORDS = st.text(MARKS, max_size=12).map(str.strip)
TRICKY = st.sampled_from(
    ["=1+1", "+86", "-1", "@甲", "0012", "1.20", "2024-03-05", "约5000万元", "甲 乙", "（一）", "#N/A"]
)
TEXTS = TRICKY | WORDS
LONG_TEXTS = st.lists(TEXTS.filter(bool), max_size=3).map("\n".join)
"""Lines of words: the reader of cells takes empty lines out of a long text."""
DAYS = st.dates(date(2015, 1, 1), date(2024, 5, 31))
OF_ENTERPRISES = ("declarations", "enterprise_months", "visits")
UNITS = ("landing_unit", "responsible_unit", "township", "unit", "liaison_unit", "owner")
AMOUNTS = st.decimals(Decimal("0.0001"), Decimal("99999999.9999"), places=4)
SPANS = st.builds(DateSpan.of, DAYS, st.sampled_from(["day", "month", "quarter", "year"]))


def values_of(column, rows):
    """What such a column may hold, as form and import would give it."""
    match column.kind:
        case kinds.Reference():
            return st.sampled_from(rows[column.name])
        case kinds.Choice():
            return st.sampled_from([value for value, _ in column.kind.choices])
        case kinds.Money():
            return AMOUNTS | AMOUNTS.map(lambda amount: -amount) if column.kind.signed else AMOUNTS
        case kinds.Number():
            return AMOUNTS
        case kinds.Span():
            return SPANS
        case kinds.Month():
            return DAYS.map(lambda day: day.replace(day=1))
        case kinds.Day():
            return DAYS
        case kinds.Integer():
            return st.integers(2000, 2030)
        case Industry():
            return st.sampled_from(["17", "1711", "C1810", "01"]).map(lambda code: code.lstrip("C"))
        case kinds.UnifiedCode():
            return st.just("")
        case kinds.Code():
            return st.from_regex(r"[0-9A-Z]{1,18}", fullmatch=True)
        case kinds.LongText():
            return LONG_TEXTS
    return TEXTS


def row_values(ledger, rows, number):
    """One row as the form would hand it over; its name begins so that no two are the same."""
    asked = [column for column in ledger.import_columns if column.in_form and column.name != "late_reason"]
    made = {
        column.name: values_of(column, rows) if column.required else st.none() | values_of(column, rows)
        for column in asked
    }
    if "name" in made:
        made["name"] = TEXTS.map(lambda text: f"{number}号{text}".strip())
    if "month" in made:
        # Two equal payments of one month are asked about, whether they come from an export or not.
        made["month"] = st.integers(2015, 2023).map(lambda year: date(year, number + 1, 1))
    if "liaison" in made:
        made["enterprise"] = st.just(rows["enterprise"][number])
    if "measure" in made:
        # Of one enterprise each measure stands once, and what is done says with which result.
        made["measure"] = TEXTS.map(lambda text: f"{number}号{text}".strip())
    if "allocated_on" in made:
        made["allocated_on"] = st.integers(2015, 2023).map(lambda year: date(year, number + 1, 1))
    if "allocation" in made:
        made["voucher_number"] = st.from_regex(r"[0-9A-Z]{1,18}", fullmatch=True).map(lambda text: f"{number}{text}")
    if "subject" in made:
        # What a problem is about is a row of whichever ledger; the sheet names it.
        made["subject"] = st.none() | st.sampled_from(rows["subject"])
    return st.fixed_dictionaries(made)


def written_and_planned(ledger, drawn, seat):
    """(rows that the ledger took, the plan of its own export)."""
    taken = sum(add(ledger, values, seat) for values in drawn)
    stream = BytesIO()
    write_list(stream, ListQuery(ledger, QueryDict(), seat), at=make.NOW)
    stream.seek(0)
    return taken, plan_import(ledger, stream, seat)


def add(ledger, values, seat):
    """Whether the ledger took the row: amounts that contradict each other it refuses."""
    try:
        with transaction.atomic(), make.writing_as(seat.county) as writing:
            ledger.add(writing, values)
    except ValidationError:
        return False
    return True


def figure_rows(key, township):
    """A series of either kind, for the ledger that needs one."""
    if key != "department_figures":
        return {}
    bureau = make.new_unit(township.county, "department")
    return {"unit": [township], "series": [make.new_series(bureau, kind=kind) for kind in ("flow", "stock")]}


def funding_rows(key, township):
    """What the columns of the three ledgers of 专项资金 name."""
    if key == "funding_documents":
        return {"department": [make.new_unit(township.county, "department")]}
    if key == "allocations":
        document = make.new_document(township.county, "99999999", issued_on=date(2014, 1, 1))
        return {"document": [document], "unit": [township], "project": [make.new_project(township)]}
    if key == "payments":
        document = make.new_document(township.county, "99999999", issued_on=date(2014, 1, 1))
        whole = make.new_allocation(township, "99999999", document=document, allocated_on=date(2014, 1, 1))
        return {"allocation": [whole]}
    return {}


def cultivation_rows(key, township):
    """Enterprises to be taken in, of which each has one place; one that is in, to do something for."""
    if key == "cultivation":
        return {"enterprise": [make.new_enterprise(township) for _ in range(3)]}
    return (
        {"cultivation": [make.new_cultivation(make.new_enterprise(township))]} if key == "cultivation_measures" else {}
    )


def investment_rows(key, township):
    """What the columns of the three ledgers of 固投 name; months need a project that is in the library."""
    if key == "investment_projects":
        return {"unit": [township], "contract": [make.new_project(township)]}
    project = make.new_investment(township, "99999999")
    if key == "investment_months":
        make.new_move(project, day=date(2014, 1, 1))
    return {"project": [project]}


@pytest.mark.parametrize("key", IMPORTED)
@FEW
@given(data=st.data())
def test_importing_an_export_changes_nothing(key, data, office, township):
    ledger = ledger_for(key)
    with transaction.atomic():
        rows = {name: [township] for name in UNITS}
        rows["project"] = [make.new_project(township)] if key in ("arrivals", "progress") else []
        rows["subject"] = [subject_named(office, make.new_project(township).code)] if key == "problems" else []
        rows["enterprise"] = [make.new_enterprise(township)] if key in OF_ENTERPRISES else []
        rows |= cultivation_rows(key, township)
        rows |= figure_rows(key, township) | funding_rows(key, township)
        rows |= {name: [make.new_township(township.county) for _ in range(2)] for name in ("predecessor", "successor")}
        rows["metric"] = [make.new_metric(township.county)] if key in ("targets", "base_figures") else []
        rows |= investment_rows(key, township) if key.startswith("investment_") else {}
        drawn = [data.draw(row_values(ledger, rows, number)) for number in range(3)]
        taken, plan = written_and_planned(ledger, drawn, office)
        transaction.set_rollback(True)
    assert [remark.message for remark in plan.errors] == []
    assert [(row.kind, row.changes) for row in plan.rows] == [(SAME, [])] * taken


def planned(key, seat, changed=None):
    """The plan of the ledger's own export, in whose first row somebody wrote {header: text}."""
    stream = BytesIO()
    write_list(stream, ListQuery(ledger_for(key), QueryDict(), seat), at=make.NOW)
    book = load_workbook(stream)
    rows = list(book.active.iter_rows())
    header = next(place for place, row in enumerate(rows) if row[0].value == "项目名称")
    for head, cell in zip(rows[header], rows[header + 1], strict=True):
        cell.value = (changed or {}).get(head.value, cell.value)
    stream = BytesIO()
    book.save(stream)
    stream.seek(0)
    return plan_import(ledger_for(key), stream, seat)


def new_agreement(project, total, **values):
    with make.writing_as(project.county) as writing:
        day = DateSpan.day(date(2024, 4, 1))
        writing.add(Agreement(project=project, kind="formal", happened=day, total_investment=total, **values))


@pytest.mark.parametrize(("kind", "reason"), [("formal", "increase"), ("framework", "upgrade")])
def test_what_several_agreements_come_to_does_not_become_the_first_ones(kind, reason, office, township):
    """The list shows what all agreements come to; form and import set the first one's own."""
    project = make.new_project(township, total_investment="1000", agreement={"kind": kind})
    new_agreement(project, 500, reason=reason)
    (row,) = planned("projects", office).rows
    assert (row.kind, row.changes) == (SAME, [])


def test_another_cell_that_was_changed_leaves_the_agreements_alone(office, township):
    project = make.new_project(township, total_investment="1000")
    new_agreement(project, 500, reason="increase")
    plan = planned("projects", office, changed={"备注": "新的备注"})
    assert [row.changes for row in plan.rows] == [[("备注", "—", "新的备注")]]
    with make.writing_as(office.county) as writing:
        commit_import(writing, plan)
    assert [row.total_investment for row in project.agreements.order_by("pk")] == [1000, 500]
    assert make.fresh(project).remark == "新的备注"


def test_the_drawn_rows_are_taken(office, township):
    """Or the round trips above would prove nothing."""
    ledger = ledger_for("enterprises")
    taken, plan = written_and_planned(ledger, [{"name": "甲公司", "township": township}], office)
    assert (taken, plan.counts["unchanged"]) == (1, 1)
