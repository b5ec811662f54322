"""List, detail and export of every ledger ask the database the same number of questions, however many rows."""

from datetime import date
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.closing import close_month
from core.ledgers.ledger import all_ledgers, ledger_for
from core.locks import MonthLocks
from enterprises.models import FarmMonth
from projects.models import MonthlyReport
from reporting.models import Rating, RatingSheet
from tests import factories as make
from tests.projects.reports import new_report
from tests.ratings import closed, expert, new_sheet, say
from townships.models import PilotTerm

pytestmark = pytest.mark.django_db
MOST = {"list": 24, "detail": 38, "export": 16, "print": 17, "chosen": 24, "form": 16}
"""So many at most, session, seat and menu included: a new question has to be argued for here. Six of them
are the number beside 首页, which outside of a test is kept until somebody writes."""


def new_pilot(unit):
    with make.writing_as(unit.county) as writing:
        return writing.add(PilotTerm(unit=unit, category="central", type="leading", first_day=make.TODAY))


def new_rating(township):
    """Of a sheet of its own, that is closed."""
    seat = expert(township.county)
    sheet = new_sheet(township.county, [township], [(seat, "部门")], topic=f"第{make.following(RatingSheet)}项")
    say(sheet, seat, {township: (80, "按时报送")})
    closed(sheet)
    return Rating.objects.order_by("pk").last()


def closed_unit(township):
    """Another unit, in a county where March is closed."""
    if MonthLocks(township.county_id, make.TODAY).closed("arrivals") == set():
        with make.writing_as(township.county) as writing:
            close_month(writing, ledger="arrivals", month=date(2024, 3, 1))
    return make.new_township(township.county)


def in_department(township):
    return make.new_series(make.new_unit(township.county, "department"))


def investment(key, township):
    move = make.new_move(make.new_investment(township, contract=make.new_project(township)))
    month = make.judge(make.new_investment_month(move.project))
    return {"investment_moves": move, "investment_months": month}.get(key, move.project)


def declared(key, township):
    enterprise = make.new_enterprise(township)
    declaration = make.new_declaration(enterprise)
    return enterprise if key == "enterprises" else declaration


def cultivated(key, township):
    row = make.judge(make.new_cultivation(make.new_enterprise(township, industry="1711")))
    measure = make.new_measure(row)
    return row if key == "cultivation" else measure


def of_project(key, township):
    project = make.new_project(township, investor=make.new_investor(township.county))
    rows = {
        "projects": project,
        "agreements": make.signing_of(project),
        "milestones": make.new_milestone(project),
        "arrivals": make.judge(make.new_arrival(project)),
        "progress": make.judge(make.new_month(project)),
    }
    return rows[key]


def paid(township, **values):
    return make.new_payment(make.new_allocation(township, **values))


def months_before_june(model):
    """A first day that no row of these has yet."""
    return date(2024, 6 - model.objects.count(), 1)


ROWS = {
    "units": lambda township: make.new_township(township.county),
    "successions": lambda township: make.new_split(make.new_township(township.county)),
    "pilots": lambda township: new_pilot(make.new_township(township.county)),
    "problems": lambda t: make.new_problem(t, assigned_to=make.new_unit(t.county, "department")),
    "scores": make.new_score,
    "ratings": new_rating,
    "reports": lambda township: new_report(township, months_before_june(MonthlyReport)),
    "figure_series": in_department,
    "department_figures": lambda township: make.new_figure(in_department(township), township),
    "award_proposals": make.new_proposal,
    "funding_documents": lambda township: paid(township).allocation.document,
    "allocations": lambda township: paid(township, project=make.new_project(township)).allocation,
    "payments": paid,
    "enterprise_months": lambda township: make.judge(make.new_figures(make.new_enterprise(township))),
    "declaration_windows": lambda township: make.new_window(township.county),
    "declaration_materials": lambda township: make.new_material(township.county),
    "exit_rules": lambda township: make.new_exit_rule(township.county),
    "holidays": lambda township: make.new_holiday(township.county),
    "local_thresholds": lambda township: make.new_threshold(township.county),
    "cultivation_limits": lambda township: make.new_limit(township.county),
    "visits": lambda township: make.judge(make.new_visit(make.new_enterprise(township), demand="增加用电容量")),
    "closing_exceptions": lambda township: make.new_exception(closed_unit(township)),
    "targets": lambda township: make.new_target(township, metric=make.new_metric(township.county)),
    "base_figures": lambda township: make.new_base(township, metric=make.new_metric(township.county)),
    "farm_months": lambda township: make.judge(make.new_farms(township, month=months_before_june(FarmMonth))),
    "coherence_rules": lambda township: make.new_question(make.new_enterprise(township)).rule,
    "coherence_questions": lambda t: make.new_question(make.new_enterprise(t), responsible=t),
    "mandates": lambda township: make.new_mandate(make.new_enterprise(township)),
    **{key: partial(investment, key) for key in ("investment_projects", "investment_moves", "investment_months")},
    **{key: partial(declared, key) for key in ("enterprises", "declarations")},
    **{key: partial(cultivated, key) for key in ("cultivation", "cultivation_measures")},
    **{key: partial(of_project, key) for key in ("projects", "agreements", "milestones", "arrivals", "progress")},
}


def row_for(key, township):
    """One more row of that ledger, with what hangs on such a row."""
    return ROWS[key](township)


def questions(client, address):
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address)
        assert answer.status_code == 200
        assert b"".join(answer)
    return len(asked)


@pytest.mark.parametrize("key", [ledger.key for ledger in all_ledgers()])
@pytest.mark.parametrize("post", ["office", "clerk"])
def test_more_rows_ask_no_more_questions(key, post, request, township, client_for):
    client = client_for(request.getfixturevalue(post))
    row_for(key, township)
    every_column = ",".join(column.name for column in ledger_for(key).choosable_columns)
    addresses = {"list": f"/ledgers/{key}/", "export": f"/ledgers/{key}/export.xlsx", "print": f"/ledgers/{key}/print/"}
    addresses["chosen"] = f"/ledgers/{key}/?columns={every_column}"
    if ledger_for(key).official_form:
        addresses["form"] = f"/ledgers/{key}/form.xlsx"
    few = {name: questions(client, address) for name, address in addresses.items()}
    for _ in range(3):
        row_for(key, township)
    many = {name: questions(client, address) for name, address in addresses.items()}
    assert many == few
    assert {name: n for name, n in many.items() if n > MOST[name]} == {}


@pytest.mark.parametrize("key", [ledger.key for ledger in all_ledgers()])
def test_a_page_of_one_row_asks_the_same_whatever_stands_beside(key, office, township, client_for):
    client = client_for(office)
    row = row_for(key, township)
    address = f"/ledgers/{key}/records/{row.code}/"
    alone = questions(client, address)
    for _ in range(3):
        row_for(key, township)
    assert questions(client, address) == alone <= MOST["detail"]


def test_a_project_with_many_rows_asks_no_more(office, township, client_for):
    client, project = client_for(office), make.new_project(township)
    address = f"/ledgers/projects/records/{project.code}/"
    make.new_arrival(project)
    few = questions(client, address)
    for month in range(1, 5):
        make.judge(make.new_arrival(project, month=make.TODAY.replace(month=month, day=1)))
    assert questions(client, address) == few
