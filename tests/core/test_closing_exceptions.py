"""关账例外: one cell of a closed month is open again until a day, by every way in, and nothing beside it is."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.audit_trail import written_under
from core.closing import ask_exception, close_month, end_exception, grant_exception, refuse_exception
from core.dates import DateSpan
from core.models import ClosingException
from core.write import Refused
from projects.models import Arrival, Milestone
from projects.models.projects import ShareRole
from projects.monthly import services as monthly
from projects.services import set_shares
from tests import factories as make
from tests.core.test_closing import workbook
from tests.projects.reports import new_report
from townships.models import Unit

pytestmark = pytest.mark.django_db
MARCH = date(2024, 3, 1)
LAST = timedelta(days=3)
"""How long a new exception of the factory is open."""


@pytest.fixture
def arrival(township):
    """Of March, accepted, its month closed since."""
    row = make.judge(make.new_arrival(make.new_project(township), "100", MARCH))
    close(township)
    return row


def close(unit, *ledgers, month=MARCH):
    with make.writing_as(unit.county) as writing:
        for ledger in ledgers or ("arrivals",):
            close_month(writing, ledger=ledger, month=month)


def changed(row, by, *, at=make.NOW, amount=Decimal(60)):
    with make.writing_as(by, at=at) as writing:
        return writing.change(row, amount=amount)


# -- the cell ----------------------------------------------------------------------------------------


def test_a_units_month_is_written_again_and_counts_in_that_month(arrival, township, clerk, reviewer):
    exception = make.new_exception(township)
    row = changed(arrival, clerk)
    new = make.new_arrival(row.project, "5", MARCH, by=clerk, nature="working")
    judged = [make.judge(each, by=reviewer) for each in (row, new)]
    assert [(each.counted_from, each.late_reason) for each in judged] == [(MARCH, ""), (MARCH, "")]
    assert len(written_under(exception, reviewer)) == 4


def test_what_the_office_alone_writes_is_opened_with_its_units_month(county, township, office):
    """固投填报数 and a department's own figures of an enterprise: no unit's people write them."""
    project = make.new_investment(township)
    make.new_move(project, day=date(2024, 1, 5))
    enterprise = make.new_enterprise(township)
    make.new_mandate(enterprise)
    rows = [make.new_investment_month(project, month=MARCH), make.new_figures(enterprise, MARCH, origin="tax")]
    close(township, "investment_months", "enterprise_months")
    for row in rows:
        with pytest.raises(Refused), make.writing_as(office) as writing:
            writing.change(row, remark="更正")
        make.new_exception(township, ledger=row.closes_with)
        with make.writing_as(office) as writing:
            assert writing.change(row, remark="更正").remark == "更正"


def test_a_department_is_asked_for_its_own_figures(county, township, office):
    """An exception of a township would open none of them."""
    bureau = make.new_unit(county, "department")
    close(township, "department_figures")
    asked = {"ledger": "department_figures", "month": MARCH, "reason": "漏报", "until": make.TODAY}
    with pytest.raises(Refused, match="请选归口部门"), make.writing_as(office) as writing:
        ask_exception(writing, unit=township, **asked)
    with make.writing_as(office) as writing:
        assert ask_exception(writing, unit=bureau, **asked).unit_id == bureau.pk


def test_another_unit_another_ledger_and_another_month_stay_closed(arrival, township, neighbour, clerk):
    close(township, "milestones")
    close(township, month=date(2024, 2, 1))
    make.new_exception(township)
    others = make.new_project(neighbour)
    with pytest.raises(Refused):
        make.new_arrival(others, "5", MARCH)
    with pytest.raises(Refused):
        make.new_arrival(arrival.project, "5", date(2024, 2, 1), by=clerk)
    with pytest.raises(Refused):
        make.new_milestone(arrival.project, happened=DateSpan.day(date(2024, 3, 9)))
    assert (Arrival.objects.count(), Milestone.objects.count()) == (1, 0)


def test_one_row_is_open_and_no_row_beside_it(township, clerk):
    project = make.new_project(township)
    first, second = (make.new_arrival(project, amount, MARCH) for amount in ("100", "200"))
    close(township)
    make.new_exception(township, row=first)
    assert changed(first, clerk).amount == Decimal(60)
    with pytest.raises(Refused):
        changed(second, clerk)
    with pytest.raises(Refused):
        make.new_arrival(project, "5", MARCH, by=clerk, nature="working")


def test_a_row_of_another_ledger_with_the_same_number_stays_closed(township, clerk):
    project = make.new_project(township)
    milestone = make.new_milestone(project, happened=DateSpan.day(date(2024, 3, 9)))
    arrival = make.new_arrival(project, "100", MARCH)
    close(township, "arrivals", "milestones")
    exception = make.new_exception(township, row=arrival)
    ClosingException.objects.filter(pk=exception.pk).update(record_id=milestone.pk)
    with pytest.raises(Refused), make.writing_as(clerk) as writing:
        writing.change(milestone, happened=DateSpan.day(date(2024, 3, 8)))


def test_the_last_day_is_open_and_the_next_is_closed_without_any_job(arrival, township, clerk):
    make.new_exception(township)
    assert changed(arrival, clerk, at=make.NOW + LAST).amount == Decimal(60)
    with pytest.raises(Refused, match="2024年3月的到位资金已经关账"):
        changed(arrival, clerk, at=make.NOW + LAST + timedelta(days=1), amount=Decimal(70))
    assert make.fresh(arrival).amount == Decimal(60)


def test_what_is_asked_refused_or_ended_opens_nothing(arrival, township, clerk):
    asked = make.new_exception(township, granted=False)
    with pytest.raises(Refused):
        changed(arrival, clerk)
    with make.writing_as(township.county) as writing:
        refuse_exception(writing, asked, note="以后月份补计即可")
    with pytest.raises(Refused):
        changed(arrival, clerk)
    granted = make.new_exception(township)
    with make.writing_as(township.county) as writing:
        end_exception(writing, granted, note="已改完")
    with pytest.raises(Refused):
        changed(arrival, clerk)
    assert make.fresh(arrival).amount == Decimal(100)


def test_another_countys_exception_opens_nothing_here(arrival, township, elsewhere, clerk):
    abroad = make.new_township(elsewhere)
    close(abroad)
    exception = make.new_exception(abroad)
    ClosingException.objects.filter(pk=exception.pk).update(unit_id=township.pk)
    with pytest.raises(Refused):
        changed(arrival, clerk)


def test_a_row_does_not_move_out_of_the_cell_into_another_closed_month(arrival, township, clerk):
    close(township, month=date(2024, 2, 1))
    make.new_exception(township)
    with pytest.raises(Refused, match="2024年2月"), make.writing_as(clerk) as writing:
        writing.change(arrival, happened=DateSpan.month(2024, 2))


# -- by every way in ---------------------------------------------------------------------------------


def test_the_form_the_import_and_void_obey_it(arrival, township, clerk, client_for, monkeypatch):
    make.new_exception(township, days=20)
    monkeypatch.setattr("django.utils.timezone.now", lambda: make.NOW)
    client = client_for(clerk)
    form = {"project": arrival.project.code, "month": "2024-03", "amount": "7", "nature": "working", "basis": "arrival"}
    assert client.post("/ledgers/arrivals/new/", form).status_code == 302
    rows = workbook((arrival.project.name, "2024-03", 8))
    client.post("/ledgers/arrivals/import/", {"file": SimpleUploadedFile("到位.xlsx", rows.read())})
    assert client.post("/ledgers/arrivals/import/preview/", {"token": "x"}).status_code == 302
    assert client.post(f"/ledgers/arrivals/records/{arrival.code}/void/", {"reason": "重复"}).status_code == 302
    shown = Arrival.objects.current().order_by("pk").values_list("amount", "late_reason")
    assert list(shown) == [(Decimal(7), ""), (Decimal(8), "")]


def test_an_import_of_projects_reads_the_cell_of_their_unit(township, clerk, client_for, monkeypatch):
    close(township, "agreements")
    monkeypatch.setattr("django.utils.timezone.now", lambda: make.NOW)
    client = client_for(clerk)

    def tried():
        rows = workbook_of_projects(township)
        client.post("/ledgers/projects/import/", {"file": SimpleUploadedFile("项目.xlsx", rows.read())})
        return client.get("/ledgers/projects/import/preview/").status_code

    assert tried() == 422
    make.new_exception(township, ledger="agreements")
    assert tried() == 200


def workbook_of_projects(township):
    head = ("项目名称", "落户乡镇", "签约时间", "总投资（万元）")
    return workbook(("新项目", township.name, "2024-03-05", 5000), head=head)


def test_a_closed_months_report_is_filled_again(township, clerk, client_for, monkeypatch):
    report = new_report(township, MARCH)
    close(township, "reports", "progress")
    monkeypatch.setattr("django.utils.timezone.now", lambda: make.NOW)
    client, page = client_for(clerk), f"/ledgers/reports/records/{report.code}/fill/"
    assert client.get(page).status_code == 403
    make.new_exception(township, ledger="reports")
    assert client.get(page).status_code == 200
    with make.writing_as(clerk) as writing:
        assert monthly.report_nothing(writing, report=report).zero


def test_a_departments_grid_is_open_again_to_it_alone(township, office, client_for, monkeypatch):
    department = make.new_unit(township.county, "department")
    series = make.new_series(department)
    seat = make.new_seat(township.county, "department", ["entry"], unit=department)
    close(township, "department_figures")
    monkeypatch.setattr("django.utils.timezone.now", lambda: make.NOW)
    page = "/reports/department-figures/2024-03/"
    assert client_for(seat).get(page).context["fills"] is False
    make.new_exception(department, ledger="department_figures")
    assert client_for(seat).get(page).context["fills"] is True
    assert client_for(office).get(page).context["fills"] is False
    box = f"f-{series.code}-{township.code}"
    assert client_for(seat).post(page, {box: "12", "seen": "", "reason": ""}).status_code == 302


# -- asking and granting -----------------------------------------------------------------------------


def test_whoever_asked_does_not_grant(arrival, township, county):
    both = make.new_seat(county, duties=["entry", "review"])
    asked = make.new_exception(township, granted=False, by=both)
    with pytest.raises(Refused, match="您本人提出的"), make.writing_as(both) as writing:
        grant_exception(writing, asked, until=make.TODAY)
    asked.decision, asked.until, asked.decided_on, asked.decided_by = "granted", make.TODAY, make.TODAY, both.user
    with pytest.raises(ValidationError, match="您本人提出的"):
        asked.validate_constraints()


def test_a_unit_asks_for_itself_and_grants_nothing(arrival, township, neighbour, clerk, county):
    with pytest.raises(Refused, match="不能申请"):
        make.new_exception(neighbour, granted=False, by=clerk)
    head = make.township_seat(township, duties=["review"])
    asked = make.new_exception(township, granted=False, by=clerk)
    for actor in (head, make.new_seat(county, duties=["entry"])):
        with pytest.raises(Refused, match="不能批准"), make.writing_as(actor) as writing:
            grant_exception(writing, asked, until=make.TODAY)


def test_a_unit_asks_for_no_row_that_others_write(arrival, township, neighbour, client_for, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: make.NOW)
    with pytest.raises(Refused, match="不由塔山镇填报"):
        make.new_exception(neighbour, row=arrival, granted=False)
    shared = [(township, ShareRole.LANDING, 5000), (neighbour, ShareRole.REFERRAL, 5000)]
    with make.writing_as(township.county) as writing:
        set_shares(writing, project=arrival.project, shares=shared, scope="general", since=date(2024, 7, 1))
    page = client_for(make.township_seat(neighbour)).get(f"/ledgers/arrivals/records/{arrival.code}/")
    assert (page.status_code, page.context["closed_to_change"]) == (200, False)


@pytest.mark.parametrize(("days", "granted"), [(-1, False), (0, True), (31, True), (32, False)])
def test_it_ends_within_a_month_from_today(days, granted, arrival, township):
    asked = make.new_exception(township, granted=False)
    until = make.TODAY + timedelta(days=days)
    with make.writing_as(township.county) as writing:
        if granted:
            assert grant_exception(writing, asked, until=until).until == until
        else:
            with pytest.raises(Refused, match="31天以内"):
                grant_exception(writing, asked, until=until)


def test_an_open_month_needs_no_exception_and_a_cell_is_asked_for_once(arrival, township):
    with pytest.raises(Refused, match="没有关账"):
        make.new_exception(township, month=date(2024, 4, 1), granted=False)
    make.new_exception(township, granted=False)
    with pytest.raises(ValidationError, match="已有一份申请"):
        make.new_exception(township, granted=False)


def test_a_no_says_why_and_is_final(arrival, township):
    asked = make.new_exception(township, granted=False)
    with make.writing_as(township.county) as writing:
        with pytest.raises(Refused, match="写明原因"):
            refuse_exception(writing, asked, note=" ")
        refused = refuse_exception(writing, asked, note="补计即可")
        with pytest.raises(Refused, match="现在是“不同意”，不能批准"):
            grant_exception(writing, refused, until=make.TODAY)


def test_an_exception_of_no_cell_can_not_be(arrival, township, county):
    with pytest.raises(ValidationError, match="请选定单位"), make.writing_as(county) as writing:
        ask_exception(writing, ledger="arrivals", month=MARCH, reason="误", until=make.TODAY)


# -- what is seen ------------------------------------------------------------------------------------


def test_the_months_record_shows_it_with_what_was_written(arrival, township, clerk, reviewer, client_for):
    exception = make.new_exception(township)
    changed(arrival, clerk)
    make.new_arrival(arrival.project, "9", date(2024, 6, 1), by=clerk, nature="working")
    (told,) = written_under(exception, reviewer)
    assert "把到位金额由 100.00 万元 改为 60.00 万元" in told.details
    client = client_for(reviewer)
    page = client.get(f"/ledgers/closing_exceptions/records/{exception.code}/").content.decode()
    assert "把到位金额由 100.00 万元 改为 60.00 万元" in page
    closing = client.get("/closing/").content.decode()
    assert "1 份" in closing
    row = client.get(f"/ledgers/arrivals/records/{arrival.code}/").content.decode()
    assert f'按关账例外<a href="/ledgers/closing_exceptions/records/{exception.code}/"' in row


def test_pages_ask_and_grant(arrival, township, clerk, reviewer, client_for, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: make.NOW)
    client = client_for(clerk)
    row = client.get(f"/ledgers/arrivals/records/{arrival.code}/").content.decode()
    assert f"/closing/exceptions/new/?of=arrivals&row={arrival.code}" in row.replace("&amp;", "&")
    given = {"month": "2024-03", "reason": "回单更正", "wanted_until": "2024-07-08"}
    page = client.post(f"/closing/exceptions/new/?of=arrivals&row={arrival.code}", given)
    assert page.status_code == 302
    exception = ClosingException.objects.get()
    assert (exception.record_id, exception.unit_id) == (arrival.pk, township.pk)
    decide = f"/closing/exceptions/{exception.code}/decide/"
    assert client.get(decide).status_code == 403
    office = client_for(reviewer)
    told = {"version": 1, "verdict": "granted", "until": "2024-07-06", "note": ""}
    assert office.post(decide, told).status_code == 302
    assert changed(arrival, clerk).amount == Decimal(60)
    assert office.post(decide, {"version": 2, "note": ""}).status_code == 422
    assert office.post(decide, {"version": 2, "note": "改完"}).status_code == 302
    assert make.fresh(exception).decision == "ended"


def test_the_page_asks_for_a_units_month_in_several_ledgers(arrival, township, office, client_for, monkeypatch):
    close(township, "milestones")
    monkeypatch.setattr("django.utils.timezone.now", lambda: make.NOW)
    given = {"month": "2024-03", "reason": "漏报", "wanted_until": "2024-07-08", "ledgers": ["arrivals", "milestones"]}
    client = client_for(office)
    assert client.post("/closing/exceptions/new/", given).status_code == 422
    unit = Unit.objects.get(pk=township.pk)
    assert client.post("/closing/exceptions/new/", given | {"unit": unit.pk}).status_code == 302
    assert set(ClosingException.objects.values_list("ledger", "unit_name")) == {
        ("arrivals", township.name),
        ("milestones", township.name),
    }
    bad = client.post("/closing/exceptions/new/", given | {"unit": unit.pk, "month": "2024-05"})
    assert "2024年5月没有关账" in bad.content.decode()


def test_a_closed_month_with_an_exception_costs_one_statement_more(arrival, township, clerk):
    with CaptureQueriesContext(connection) as closed, pytest.raises(Refused):
        changed(arrival, clerk)
    assert sum("core_closingexception" in query["sql"] for query in closed) == 1
    open_row = make.new_arrival(arrival.project, "9", date(2024, 6, 1), nature="working")
    with CaptureQueriesContext(connection) as untouched:
        changed(open_row, clerk)
    assert not any("core_closingexception" in query["sql"] for query in untouched)
