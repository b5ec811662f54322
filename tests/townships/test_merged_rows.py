"""Rows of a unit that was merged stay where they are: lists, forms and workbooks of today still find them."""

import re
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.http import QueryDict
from openpyxl import load_workbook

from core.ledgers.exporting import write_list
from core.ledgers.importing import NEW, SAME, plan_import
from core.ledgers.ledger import ledger_for
from core.ledgers.query import ListQuery
from core.periods import Period
from projects.monthly.lines import lines_of
from reporting.department.month import month_of_figures
from reporting.metrics import value
from reporting.models import DepartmentFigure, Metric
from tests import factories as make
from tests.projects.reports import new_report
from townships.models import Seat

ON = date(2024, 7, 1)
JUNE, JULY = date(2024, 6, 1), date(2024, 7, 1)


@pytest.fixture
def held(township, neighbour):
    """One project, enterprise and problem of each."""
    found = {}
    for unit in (township, neighbour):
        found[unit] = make.new_project(unit), make.new_enterprise(unit), make.new_problem(unit, assigned_to=unit)
    return found


@pytest.fixture
def merged(held, township, neighbour):
    return make.new_merger(township, neighbour)


def count(seat, key, query):
    return ListQuery(ledger_for(key), QueryDict(query), seat).rows.count()


@pytest.mark.parametrize(
    ("key", "name"), [("projects", "landing_unit"), ("enterprises", "township"), ("problems", "responsible")]
)
def test_a_list_of_the_heir_holds_what_the_merged_unit_left(merged, office, neighbour, key, name):
    asked = f"{name}={neighbour.code}"
    assert count(office, key, asked) == 2
    if key == "projects":
        assert count(office, key, f"{asked}&as_of=2024-07-01") == 2
        assert count(office, key, f"{asked}&as_of=2024-06-30") == 1


def test_the_credit_of_the_heir_is_seen_as_of_the_day_of_the_list(merged, office, township, neighbour):
    assert count(office, "projects", f"credit={neighbour.code}") == 2
    assert count(office, "projects", f"credit={township.code}") == 0
    assert count(office, "projects", f"credit={township.code}&as_of=2024-06-30") == 1
    assert count(office, "projects", f"credit={neighbour.code}&as_of=2024-06-30&units_on=2024-07-01") == 2


@pytest.mark.parametrize("place", [0, 1])
def test_a_form_keeps_the_unit_that_is_gone(merged, held, client_for, township, neighbour, place):
    row = held[township][place]
    key = ("projects", "enterprises")[place]
    page = f"/ledgers/{key}/records/{row.code}/edit/"
    client = client_for(make.township_seat(neighbour))
    form = client.get(page).context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "")}
    answer = client.post(page, sent | {"remark": "补充"})
    assert answer.status_code == 302, answer.context["form"].errors
    changed = make.fresh(row)
    assert (changed.remark, changed.stands_in()) == ("补充", township)
    new = client_for(make.new_seat(township.county)).get(f"/ledgers/{key}/new/").context["form"]
    field = new.fields["landing_unit" if key == "projects" else "township"]
    assert township not in field.queryset


@pytest.mark.parametrize("key", ["projects", "enterprises"])
def test_an_older_workbook_finds_its_rows_again(held, office, township, neighbour, key):
    stream = BytesIO()
    write_list(stream, ListQuery(ledger_for(key), QueryDict(), office), at=make.NOW)
    make.new_merger(township, neighbour)
    stream.seek(0)
    plan = plan_import(ledger_for(key), stream, office)
    assert [row.kind for row in plan.rows] == [SAME, SAME]
    assert not plan.errors
    assert any("已由塔山镇承接" in remark.message for remark in plan.warnings)


def rows_of_units(key, *units):
    """One row of each unit in June, 100 of it."""
    if key == "farm_months":
        return [make.new_farms(unit, month=JUNE, added=100) for unit in units]
    if key == "allocations":
        document = make.new_document(units[0].county, 1000)
        return [make.new_allocation(unit, 100, document=document, allocated_on=JUNE) for unit in units]
    if key in ("targets", "base_figures"):
        metric = make.new_metric(units[0].county)
        made = {"targets": make.new_target, "base_figures": make.new_base}[key]
        return [made(unit, metric=metric) for unit in units]
    series = make.new_series(make.new_unit(units[0].county, "department"))
    return [make.new_figure(series, unit, "100", JUNE) for unit in units]


def sheet_before_the_merger(key, office, *, names=None, codes=True):
    """The ledger's own export; `names`: units written as another, `codes`: with 编号."""
    stream = BytesIO()
    write_list(stream, ListQuery(ledger_for(key), QueryDict(), office), at=make.NOW)
    book = load_workbook(stream)
    for cell in (cell for line in book.active.iter_rows() for cell in line):
        if str(cell.value) in (names or {}):
            cell.value = names[cell.value]
        if (
            not codes
            and re.fullmatch(r"[A-Z]{2}\d{4}-\d{5}", str(cell.value))
            and cell.column == book.active.max_column
        ):
            cell.value = None
    stream = BytesIO()
    book.save(stream)
    stream.seek(0)
    return stream


KEYED_BY_UNIT = ("farm_months", "allocations", "department_figures", "targets", "base_figures")


@pytest.mark.parametrize("codes", [True, False])
@pytest.mark.parametrize("key", KEYED_BY_UNIT)
def test_an_older_workbook_of_numbers_by_unit_changes_nothing(key, codes, office, township, neighbour):
    """By its own name the merged unit's row is found, be there one of the heir's beside it."""
    rows_of_units(key, township, neighbour)
    stream = sheet_before_the_merger(key, office, codes=codes)
    make.new_merger(township, neighbour)
    plan = plan_import(ledger_for(key), stream, office)
    assert [remark.message for remark in plan.errors] == []
    assert [(row.kind, row.changes) for row in plan.rows] == [(SAME, [])] * 2


@pytest.mark.parametrize("key", KEYED_BY_UNIT)
def test_a_new_row_under_the_old_name_is_the_heirs(key, county, office, township, neighbour):
    third = make.new_township(county, name="新光镇")
    rows_of_units(key, third)
    stream = sheet_before_the_merger(key, office, names={third.name: township.name}, codes=False)
    make.new_merger(township, neighbour)
    (row,) = plan_import(ledger_for(key), stream, office).rows
    assert (row.kind, row.values["unit"]) == (NEW, neighbour)


def test_a_new_row_under_the_old_name_never_overwrites_the_heirs(county, office, township, neighbour):
    rows_of_units("farm_months", neighbour)
    stream = sheet_before_the_merger("farm_months", office, names={neighbour.name: township.name}, codes=False)
    make.new_merger(township, neighbour)
    plan = plan_import(ledger_for("farm_months"), stream, office)
    assert ["承接单位已有" in remark.message for remark in plan.errors] == [True]


def test_the_heirs_report_asks_for_the_projects_of_both(held, township, neighbour):
    report, earlier = new_report(neighbour, JULY), new_report(neighbour, JUNE)
    make.new_merger(township, neighbour)
    assert {line.project for line in lines_of(report)} == {held[township][0], held[neighbour][0]}
    assert {line.project for line in lines_of(earlier)} == {held[neighbour][0]}


def test_what_waits_for_the_merged_unit_waits_for_its_heir(merged, client_for, neighbour):
    page = client_for(make.township_seat(neighbour)).get("/").content.decode()
    assert "逾期</span> <strong>2</strong>" in page


def test_a_seat_asks_once_for_whom_it_stands(merged, township, neighbour, django_assert_num_queries):
    seat = Seat.objects.get(pk=make.township_seat(neighbour).pk)
    with django_assert_num_queries(1):
        assert set(seat.stands_for) == {township.pk, neighbour.pk}
        assert seat.stands_for


# -- 部门数据 ------------------------------------------------------------------------------------------


def figures(county, township, neighbour, kind, told):
    """`told`: month → (the one that goes, its heir); None where nothing was reported."""
    bureau = make.new_unit(county, "department")
    series = make.new_series(bureau, name="税收", kind=kind)
    for month, amounts in told.items():
        for unit, amount in zip((township, neighbour), amounts, strict=True):
            if amount is not None:
                make.judge(make.new_figure(series, unit, amount, month))
    return series


@pytest.mark.parametrize(("kind", "own"), [("cumulative", Decimal(25)), ("stock", Decimal(25)), ("flow", Decimal(175))])
def test_the_first_figure_after_a_merger_holds_the_predecessors_too(county, township, neighbour, kind, own):
    figures(
        county, township, neighbour, kind, {JUNE: ("100", "50"), JULY: (None, "175"), date(2024, 8, 1): (None, "180")}
    )
    make.new_merger(township, neighbour)
    rows = DepartmentFigure.objects.with_months().filter(unit=neighbour).order_by("happened_on")
    assert [row.counted_amount for row in rows][1:] == [own, 180 if kind == "flow" else 5]


def test_months_of_a_merged_unit_add_up_to_what_was_reported(county, township, neighbour):
    told = {JUNE: ("100", "50"), JULY: (None, "175"), date(2024, 8, 1): (None, "180")}
    figures(county, township, neighbour, "cumulative", told)
    make.new_merger(township, neighbour)
    assert value(Metric.objects.get(name="税收"), Period.parse("2024"), neighbour) == 180


def test_a_new_year_begins_anew(county, township, neighbour):
    figures(county, township, neighbour, "cumulative", {date(2023, 12, 1): ("100", "50"), JULY: (None, "175")})
    make.new_merger(township, neighbour)
    assert DepartmentFigure.objects.with_months().get(unit=neighbour, happened_on=JULY).month_amount == 175


def test_the_grid_compares_with_the_sum_of_the_predecessors(office, county, township, neighbour):
    series = figures(county, township, neighbour, "flow", {date(2023, 7, 1): ("1", "2"), JUNE: ("10", "20")})
    make.new_merger(township, neighbour)
    shown = month_of_figures(office, JULY, [neighbour], make.TODAY)
    before = shown.before(series, neighbour)
    assert (before.last, before.year_ago) == (30, 3)
