"""补录和季末集中: told by ledger and quarter, each number a list, nobody ranked."""

import re
from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.closing import close_month
from core.dates import DateSpan
from core.ledgers.ledger import all_ledgers, ledger_for
from core.periods import Period
from reporting.metrics import counted, value, values
from tests import factories as make
from townships.deadlines.calendar import set_deadlines
from townships.deadlines.entry_times import entry_times
from townships.models import Unit

pytestmark = pytest.mark.django_db
QUARTER = Period.parse("2024Q2")


def entered(day):
    return datetime(2024, 7, day, 23, 30, tzinfo=make.NOW.tzinfo)


def milestone(project, day, *, at=make.NOW, step="start", **values):
    return make.new_milestone(project, step, happened=DateSpan.day(day), **values)


def times(seat, key="milestones"):
    return next(one for one in entry_times(seat, QUARTER) if one.ledger == ledger_for(key))


def test_the_last_five_days_of_the_quarter_are_counted_to_the_day(office, township):
    for day in (date(2024, 6, 25), date(2024, 6, 26), date(2024, 6, 30), date(2024, 7, 1)):
        milestone(make.new_project(township), day)
    make.new_milestone(make.new_project(township), happened=DateSpan.month(2024, 6))
    found = times(office)
    assert (found.rows, found.dated, found.last, found.share) == (4, 3, 2, 6667)


def test_a_ledger_of_months_says_no_share(office, township):
    make.new_arrival(make.new_project(township), "100", date(2024, 6, 1))
    found = times(office, "arrivals")
    assert (found.rows, found.dated, found.share) == (1, 0, None)


@pytest.mark.parametrize(("due", "overdue"), [(date(2024, 7, 4), 1), (date(2024, 7, 5), 0)])
def test_what_was_entered_after_the_deadline_is_counted_from_the_next_day(due, overdue, county, office, township):
    with make.writing_as(county) as writing:
        set_deadlines(writing, ledger=ledger_for("milestones"), year=2024, days={date(2024, 6, 1): due})
    milestone(make.new_project(township), date(2024, 6, 20))
    assert times(office).overdue == overdue


def test_what_came_after_closing_is_late(county, office, township):
    with make.writing_as(county) as writing:
        close_month(writing, ledger="milestones", month=date(2024, 6, 1))
    milestone(make.new_project(township), date(2024, 6, 20), late_reason="漏报")
    assert (times(office).late, times(office).overdue) == (1, 0)


def test_a_unit_sees_its_own_and_every_number_opens_its_list(county, office, clerk, township, neighbour, client_for):
    with make.writing_as(county) as writing:
        set_deadlines(writing, ledger=ledger_for("milestones"), year=2024, days={date(2024, 6, 1): date(2024, 7, 1)})
        close_month(writing, ledger="milestones", month=date(2024, 5, 1))
    for unit in (township, neighbour):
        milestone(make.new_project(unit), date(2024, 6, 28))
        milestone(make.new_project(unit), date(2024, 5, 3), late_reason="漏报")
    assert (times(clerk).rows, times(office).rows) == (2, 4)
    client = client_for(office)
    page = client.get("/entry-times/2024Q2/").content.decode().replace("&amp;", "&")
    inside = "/ledgers/milestones/?happened_from=2024-04-01&happened_to=2024-06-30"
    listed = {
        f"{inside}": 4,
        f"{inside}&timing=late": 2,
        f"{inside}&timing=overdue": 2,
        "/ledgers/milestones/?happened_from=2024-06-26&happened_to=2024-06-30": 2,
    }
    for address, count in listed.items():
        assert f'href="{address}">{count}</a>' in page
        assert client.get(address).context["query"].totals["count"] == count
    assert "不排名" in page
    assert neighbour.name not in page


def test_the_page_takes_quarters_only(office, client_for):
    client = client_for(office)
    assert client.get("/entry-times/2024-06/").status_code == 404
    assert client.get("/entry-times/第二季/").status_code == 404
    assert client.get("/entry-times/").status_code == 302


def test_it_asks_one_statement_a_ledger(office, township):
    for size in (1, 3):
        for _ in range(size):
            milestone(make.new_project(township), date(2024, 6, 20))
        with CaptureQueriesContext(connection) as asked:
            entry_times(office, QUARTER)
        assert len(asked) == sum(ledger.verifiable for ledger in all_ledgers())


# -- 逾期天数 of any ledger --------------------------------------------------------------------------------


def days_late_of(county, ledger, **conditions):
    """{unit: Σ 逾期天数, number of months with a late row} of the second quarter, as metrics give them."""
    asked = {"ledger": ledger, "basis": "happened", "has_target": False, "conditions": conditions}
    days = make.new_metric(county, measure="formula", formula="逾期天数", credit="whole", **asked)
    overdue = {**asked, "conditions": {**conditions, "timing": ["overdue"]}}
    months = make.new_metric(county, measure="months", **overdue)
    for metric in (days, months):
        for unit in Unit.objects.in_county(county.pk).places():
            lines = counted(metric, QUARTER, unit)
            if metric is days:
                assert sum(line.amount for line in lines) == value(metric, QUARTER, unit)
    found = [values(metric, QUARTER) for metric in (days, months)]
    return {unit: tuple(int(of.get(unit, 0)) for of in found) for unit in {*found[0], *found[1]}}


def test_days_after_the_deadline_are_asked_of_any_ledger(county, township, neighbour):
    """make.NOW is 2024-07-05: five days late for June, sixteen for May, in time where nobody set a day."""
    june, may, april = (date(2024, month, 1) for month in (6, 5, 4))
    days = {june: date(2024, 6, 30), may: date(2024, 6, 19)}
    with make.writing_as(county) as writing:
        set_deadlines(writing, ledger=ledger_for("farm_months"), year=2024, days=days)
        set_deadlines(writing, ledger=ledger_for("visits"), year=2024, days={june: date(2024, 6, 2)})
    for month in (june, may, april):
        make.new_farms(township, month=month)
    make.new_farms(township, month=june, kind="cooperative")
    make.new_farms(neighbour, month=april)
    assert days_late_of(county, "farm_months") == {township.pk: (5 + 16 + 5, 2), neighbour.pk: (0, 0)}


def test_a_departments_figure_is_late_by_its_own_series(county, township, office):
    """Due on the 4th of the next month and on the 5th: entered on 2024-07-05."""
    bureau = make.new_unit(county, "department")
    for day in (4, 5):
        make.new_figure(make.new_series(bureau, due_day=day), township, month=date(2024, 6, 1))
    make.new_figure(make.new_series(bureau, due_day=4), township, month=date(2024, 5, 1))
    assert days_late_of(county, "department_figures") == {township.pk: (1 + 31, 2)}
    assert times(office, "department_figures").overdue == 2


def test_a_list_shows_the_days_where_they_are_chosen(county, township, office, client_for):
    with make.writing_as(county) as writing:
        days = {date(2024, 6, 1): date(2024, 6, 30)}
        set_deadlines(writing, ledger=ledger_for("farm_months"), year=2024, days=days)
    make.new_farms(township, month=date(2024, 6, 1))
    client = client_for(office)
    page = client.get("/ledgers/farm_months/?columns=unit&columns=late_days").content.decode()
    assert "逾期天数" in page
    assert re.search(r"<td[^>]*>\s*5\s*</td>", page)
    assert "逾期天数" not in client.get("/ledgers/farm_months/?columns=unit").content.decode().split("<table")[1]
