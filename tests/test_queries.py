"""List, detail and export of every ledger ask the database the same number of questions, however many rows."""

from datetime import date

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


def row_for(key, township):
    """One more row of that ledger, with what hangs on such a row."""
    if key == "units":
        return make.new_township(township.county)
    if key == "successions":
        return make.new_split(make.new_township(township.county))
    if key == "pilots":
        return new_pilot(make.new_township(township.county))
    if key == "problems":
        return make.new_problem(township, assigned_to=make.new_unit(township.county, "department"))
    if key == "scores":
        return make.new_score(township)
    if key == "ratings":
        return new_rating(township)
    if key == "reports":
        return new_report(township, date(2024, 6 - MonthlyReport.objects.count(), 1))
    if key in ("figure_series", "department_figures"):
        series = make.new_series(make.new_unit(township.county, "department"))
        return series if key == "figure_series" else make.new_figure(series, township)
    if key == "award_proposals":
        return make.new_proposal(township)
    if key == "funding_documents":
        return make.new_payment(make.new_allocation(township)).allocation.document
    if key == "allocations":
        return make.new_payment(make.new_allocation(township, project=make.new_project(township))).allocation
    if key == "payments":
        return make.new_payment(make.new_allocation(township))
    if key.startswith("investment_"):
        move = make.new_move(make.new_investment(township, contract=make.new_project(township)))
        month = make.judge(make.new_investment_month(move.project))
        return {"investment_moves": move, "investment_months": month}.get(key, move.project)
    if key in ("enterprises", "declarations"):
        enterprise = make.new_enterprise(township)
        declaration = make.new_declaration(enterprise)
        return enterprise if key == "enterprises" else declaration
    if key == "enterprise_months":
        return make.judge(make.new_figures(make.new_enterprise(township)))
    if key == "declaration_windows":
        return make.new_window(township.county)
    if key == "declaration_materials":
        return make.new_material(township.county)
    if key == "exit_rules":
        return make.new_exit_rule(township.county)
    if key == "local_thresholds":
        return make.new_threshold(township.county)
    if key == "cultivation_limits":
        return make.new_limit(township.county)
    if key in ("cultivation", "cultivation_measures"):
        row = make.judge(make.new_cultivation(make.new_enterprise(township, industry="1711")))
        measure = make.new_measure(row)
        return row if key == "cultivation" else measure
    if key == "visits":
        return make.judge(make.new_visit(make.new_enterprise(township), demand="增加用电容量"))
    if key == "closing_exceptions":
        return make.new_exception(closed_unit(township))
    if key == "targets":
        return make.new_target(township, metric=make.new_metric(township.county))
    if key == "base_figures":
        return make.new_base(township, metric=make.new_metric(township.county))
    if key == "farm_months":
        return make.judge(make.new_farms(township, month=date(2024, 6 - FarmMonth.objects.count(), 1)))
    if key == "coherence_rules":
        return make.new_question(make.new_enterprise(township)).rule
    if key == "coherence_questions":
        return make.new_question(make.new_enterprise(township), responsible=township)
    if key == "mandates":
        return make.new_mandate(make.new_enterprise(township))
    project = make.new_project(township, investor=make.new_investor(township.county))
    rows = {
        "projects": project,
        "agreements": make.signing_of(project),
        "milestones": make.new_milestone(project),
        "arrivals": make.judge(make.new_arrival(project)),
        "progress": make.judge(make.new_month(project)),
    }
    return rows[key]


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
