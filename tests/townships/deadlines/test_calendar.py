"""报送日历: a deadline for each ledger and month, gaps said, holidays passed over, and who is reminded of what."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from core.dates import DateSpan
from core.ledgers.ledger import ledger_for
from core.readings import Unreadable
from core.write import Refused
from reporting.open_work import open_work_of
from tests import factories as make
from townships.deadlines.calendar import (
    ledgers_with_deadlines,
    set_deadlines,
    usual_deadline,
    workday_from,
    years_of,
)
from townships.deadlines.forms import read_days_off
from townships.deadlines.waiting import months_due

pytestmark = pytest.mark.django_db
JUNE = date(2024, 6, 1)
DUE = date(2024, 7, 10)


def due_by(county, ledger="farm_months", month=JUNE, day=DUE):
    with make.writing_as(county) as writing:
        return set_deadlines(writing, ledger=ledger_for(ledger), year=month.year, days={month: day})


# -- the table ---------------------------------------------------------------------------------------


def test_each_ledger_has_its_own_day(county, elsewhere):
    due_by(county)
    due_by(elsewhere, day=date(2024, 7, 20))
    farms, visits, reports = (ledger_for(key) for key in ("farm_months", "visits", "reports"))
    found = {year.ledger: year.months[5].due_on for year in years_of(county.pk, 2024, [farms, visits, reports])}
    assert found == {farms: DUE, visits: None, reports: date(2024, 7, 5)}


def test_what_has_days_of_its_own_is_not_in_the_table():
    assert "department_figures" not in {ledger.key for ledger in ledgers_with_deadlines()}
    assert {"reports", "arrivals", "enterprise_months"} <= {ledger.key for ledger in ledgers_with_deadlines()}
    assert usual_deadline(ledger_for("arrivals"), JUNE) is None


def test_a_month_without_a_day_is_a_gap_where_others_have_one(county):
    farms = ledger_for("farm_months")
    (untouched,) = years_of(county.pk, 2024, [farms])
    due_by(county)
    (held,) = years_of(county.pk, 2024, [farms])
    assert untouched.gaps == []
    assert held.told_gaps == "1月、2月、3月、4月、5月、7月、8月、9月、10月、11月、12月"


def test_a_day_is_taken_back_and_is_never_before_its_month(county, clerk):
    due_by(county)
    due_by(county, day=None)
    assert years_of(county.pk, 2024, [ledger_for("farm_months")])[0].months[5].due_on is None
    with pytest.raises(ValidationError, match="不能早于所报的月份"):
        due_by(county, day=JUNE)
    with pytest.raises(Refused, match="不能设定报送期限"), make.writing_as(clerk) as writing:
        set_deadlines(writing, ledger=ledger_for("farm_months"), year=2024, days={JUNE: DUE})


@pytest.mark.parametrize(
    ("day", "workday"),
    [
        (date(2024, 7, 5), date(2024, 7, 5)),  # a Friday
        (date(2024, 7, 6), date(2024, 7, 8)),
        (date(2024, 7, 7), date(2024, 7, 8)),
        (date(2024, 10, 5), date(2024, 10, 8)),  # a Saturday of the holiday, which ends on Monday the 7th
    ],
)
def test_weekends_and_holidays_move_a_day_on(day, workday):
    assert workday_from(day, read_days_off("2024-10-01至2024-10-07")) == workday


def test_days_off_are_read_and_asked_about():
    assert len(read_days_off("2025-01-28至2025-02-04，2025-05-01")) == 9
    for wrong in ("2025-02-04至2025-01-28", "2025-01-01至2025-12-31", "国庆节"):
        with pytest.raises(Unreadable):
            read_days_off(wrong)


# -- the pages ---------------------------------------------------------------------------------------


def test_empty_months_are_filled_by_the_rule_and_saved_only_then(county, office, client_for):
    client, page = client_for(office), "/deadlines/2024/farm_months/"
    rule = {"do": "fill", "day": "5", "off": "2024-10-01至2024-10-07", "m06": "2024-07-12"}
    shown = client.post(page, rule).content.decode()
    assert 'value="2024-07-12"' in shown  # what was typed stays
    assert 'value="2024-10-08"' in shown  # September's: the 5th is a Saturday within the holiday
    assert years_of(county.pk, 2024, [ledger_for("farm_months")])[0].gaps == []
    days = {f"m{month:02}": f"2024-{month:02}-28" for month in range(1, 12)}
    assert client.post(page, days).status_code == 302
    table = client.get("/deadlines/2024/").content.decode()
    assert "新型农业经营主体台账12月没有设定期限，不催报" in table
    assert "6月28日" in table


@pytest.mark.parametrize("rule", [{"day": "0"}, {"day": "29"}, {"day": ""}, {"day": "5", "off": "国庆"}])
def test_a_rule_that_says_nothing_fills_nothing(rule, office, client_for):
    assert client_for(office).post("/deadlines/2024/farm_months/", {"do": "fill", **rule}).status_code == 422


def test_only_ledgers_with_months_have_deadlines(office, client_for):
    for key in ("projects", "department_figures"):
        assert client_for(office).get(f"/deadlines/2024/{key}/").status_code == 404


# -- reminders ---------------------------------------------------------------------------------------


def asked(seat, day):
    return [(one.ledger.key, one.month, one.late, one.lacking) for one in months_due(seat, day)]


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (DUE - timedelta(days=8), None),
        (DUE - timedelta(days=7), False),
        (DUE, False),
        (DUE + timedelta(days=1), True),
        (DUE + timedelta(days=45), True),
        (DUE + timedelta(days=46), None),
    ],
)
def test_a_month_is_asked_for_from_a_week_before_until_long_after(day, told, county, clerk):
    due_by(county)
    assert [late for *_, late, _ in asked(clerk, day)] == ([] if told is None else [told])


def test_who_has_entered_something_is_not_reminded_and_the_office_counts_the_rest(
    county, township, neighbour, clerk, office, reviewer
):
    due_by(county)
    make.new_farms(neighbour, month=JUNE)
    make.new_farms(township, month=date(2024, 5, 1))
    others = make.township_seat(neighbour)
    assert asked(others, DUE) == []
    assert asked(clerk, DUE) == asked(office, DUE) == [("farm_months", JUNE, False, 1)]
    assert asked(reviewer, DUE) == []
    make.new_farms(township, month=JUNE)
    assert asked(clerk, DUE) == asked(office, DUE) == []


def test_the_reminder_stands_on_the_first_page_and_in_the_number(county, clerk, client_for, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: make.NOW)
    before = open_work_of(clerk, make.TODAY).count
    due_by(county, day=make.TODAY - timedelta(days=1))
    page = "".join(client_for(clerk).get("/").content.decode().split())
    assert '2024年7月4日前报送，<strong>还没有记录</strong>，<spanclass="tagtag-overdue">逾期</span>' in page
    assert open_work_of(clerk, make.TODAY).count == before + 1


def test_the_day_of_the_month_does_not_matter_only_the_month_does(county, township, clerk):
    due_by(county, "visits")
    make.new_visit(make.new_enterprise(township), happened=DateSpan.day(date(2024, 6, 30)))
    assert asked(clerk, DUE) == []
