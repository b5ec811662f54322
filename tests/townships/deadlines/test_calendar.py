"""报送日历: a deadline for each ledger and month, gaps said, holidays passed over, and who is reminded of what."""

import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.dates import DateSpan
from core.ledgers.importing import commit_import, plan_import
from core.ledgers.ledger import ledger_for
from core.write import Refused
from reporting.open_work import open_work_of
from tests import factories as make
from tests.core.spreadsheet.workbooks import saved
from tests.projects.reports import new_report
from townships.deadlines.calendar import (
    deadline_of,
    ledgers_with_deadlines,
    move_deadlines,
    moves,
    set_deadlines,
    usual_deadline,
    workdays_of,
    years_of,
)
from townships.deadlines.models import Holiday, LedgerDeadline
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


NATIONAL = [("off", date(2024, 10, 1), date(2024, 10, 7)), ("work", date(2024, 10, 12), date(2024, 10, 12))]


@pytest.fixture
def national_day(county, elsewhere):
    """Seven days off, a Saturday worked for one of them; another county keeps a day of its own."""
    make.new_holiday(elsewhere, first_day=date(2024, 10, 8))
    return [make.new_holiday(county, kind=k, first_day=first, last_day=last) for k, first, last in NATIONAL]


@pytest.mark.parametrize(
    ("day", "workday"),
    [
        (date(2024, 7, 5), date(2024, 7, 5)),  # a Friday
        (date(2024, 7, 6), date(2024, 7, 8)),
        (date(2024, 7, 7), date(2024, 7, 8)),
        (date(2024, 10, 5), date(2024, 10, 8)),  # a Saturday of the holiday, which ends on Monday the 7th
        (date(2024, 10, 12), date(2024, 10, 12)),  # a Saturday worked in the holiday's place
        (date(2024, 10, 13), date(2024, 10, 14)),
    ],
)
def test_weekends_and_holidays_move_a_day_on(day, workday, county, national_day):
    assert workdays_of(county.pk).since(day) == workday


def test_a_holiday_that_is_void_moves_nothing(county, national_day):
    with make.writing_as(county) as writing:
        writing.void(national_day[0], reason="登记错了")
    assert workdays_of(county.pk).since(date(2024, 10, 1)) == date(2024, 10, 1)


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2024, 9, 30), date(2024, 10, 1), "2024年10月1日已登记为示例节放假"),
        (date(2024, 10, 12), date(2024, 10, 12), "2024年10月12日已登记为示例节调休上班"),
        (date(2024, 12, 2), date(2024, 12, 1), "截止日不能早于起始日"),
        (date(2024, 3, 1), date(2024, 4, 1), "一次放假不超过31天"),
    ],
)
def test_a_holiday_that_cannot_be(first, last, said, county, national_day):
    with pytest.raises(ValidationError, match=said):
        make.new_holiday(county, first_day=first, last_day=last)


# -- when holidays change ------------------------------------------------------------------------------


def by_rule(county, month, rule_day=5, ledger="farm_months", day=None):
    """One month more, by the rule, or on a `day` of somebody's own."""
    (year,) = years_of(county.pk, month.year, [ledger_for(ledger)])
    held = {one.first: one.fixed and one.fixed.due_on for one in year.months}
    days = {**held, month: day or workdays_of(county.pk).due(month, rule_day)}
    rule = None if day else rule_day
    with make.writing_as(county) as writing:
        set_deadlines(writing, ledger=ledger_for(ledger), year=month.year, days=days, rule_day=rule)


def due(county, month, ledger="farm_months"):
    return deadline_of(county.pk, ledger_for(ledger), month)


def test_only_what_is_ahead_and_was_set_by_the_rule_moves(county, office):
    """make.TODAY is 2024-07-05: June's day is over for this purpose once it is past, September's is ahead."""
    may, june, july, september = (date(2024, number, 1) for number in (5, 6, 7, 9))
    for month in (may, june, september):
        by_rule(county, month)
    by_rule(county, september, ledger="reports", rule_day=12)
    by_rule(county, july, day=date(2024, 8, 5))  # by hand, on the very day of the rule
    for day in (date(2024, 6, 5), make.TODAY, date(2024, 8, 5)):
        make.new_holiday(county, first_day=day)
    for kind, first, last in NATIONAL:
        make.new_holiday(county, kind=kind, first_day=first, last_day=last)
    told = [(move.row.ledger, move.row.month, move.due_on) for move in moves(county.pk, make.TODAY)]
    assert told == [
        ("farm_months", june, date(2024, 7, 8)),
        ("farm_months", september, date(2024, 10, 8)),
        ("reports", september, date(2024, 10, 12)),
    ]
    with make.writing_as(office) as writing:
        assert move_deadlines(writing) == 3
    assert [due(county, month) for month in (may, june, july, september)] == [
        date(2024, 6, 5),
        date(2024, 7, 8),
        date(2024, 8, 5),
        date(2024, 10, 8),
    ]
    assert moves(county.pk, make.TODAY) == []


def test_a_deadline_never_moves_into_the_past(county, national_day):
    by_rule(county, date(2024, 9, 1))
    with make.writing_as(county) as writing:
        for row in national_day:
            writing.void(row, reason="通知作废")
    assert [move.due_on for move in moves(county.pk, date(2024, 10, 4))] == [date(2024, 10, 7)]
    assert moves(county.pk, date(2024, 10, 8)) == []


def test_a_day_changed_by_hand_no_longer_follows_the_rule(county):
    by_rule(county, JUNE)
    by_rule(county, JUNE, day=date(2024, 7, 12))
    make.new_holiday(county, first_day=date(2024, 7, 12))
    assert moves(county.pk, make.TODAY) == []


def test_reports_take_the_day_to_which_their_deadline_moved(county, township, office):
    by_rule(county, JUNE, ledger="reports")
    report = new_report(township, JUNE)
    make.new_holiday(county, first_day=make.TODAY)
    with make.writing_as(office) as writing:
        move_deadlines(writing)
    assert make.fresh(report).due_on == date(2024, 7, 8)


def test_who_may_not_set_deadlines_moves_none(county, clerk):
    with pytest.raises(Refused, match="不能设定报送期限"), make.writing_as(clerk) as writing:
        move_deadlines(writing)


def test_the_page_shows_what_would_move_and_moves_it(county, office, reviewer, client_for, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: make.NOW)
    by_rule(county, date(2024, 9, 1))
    assert "没有登记2024年的放假调休" in client_for(office).get("/deadlines/2024/").content.decode()
    for kind, first, last in NATIONAL:
        make.new_holiday(county, kind=kind, first_day=first, last_day=last)
    shown = client_for(office).get("/deadlines/2024/").content.decode()
    assert "放假调休：示例节10月1日至10月7日放假，示例节10月12日调休上班。" in shown
    assert "调整这1个期限" in shown
    assert "调整这1个期限" not in client_for(reviewer).get("/deadlines/2024/").content.decode()
    assert client_for(reviewer).post("/deadlines/2024/move/").status_code == 403
    token = re.search(r'name="token" value="(.*?)"', shown)[1]
    assert client_for(office).post("/deadlines/2024/move/", {"token": token}).status_code == 302
    assert due(county, date(2024, 9, 1)) == date(2024, 10, 8)
    assert "调整这1个期限" not in client_for(office).get("/deadlines/2024/").content.decode()


def test_a_notices_table_is_imported_and_read_again(county, office):
    table = [
        ["节日名称", "安排", "开始日期", "结束日期", "依据文件"],
        ["国庆节", "放假调休", "2024年10月1日", "2024-10-07", "国办发明电〔2023〕7号"],
        ["国庆节", "上班", "2024-10-12", None, "国办发明电〔2023〕7号"],
    ]
    for expected in ("created", "unchanged"):
        plan = plan_import(ledger_for("holidays"), saved(table), office)
        assert [row.kind for row in plan.rows] == [expected] * 2
        with make.writing_as(office) as writing:
            commit_import(writing, plan)
    rows = Holiday.objects.order_by("first_day").values_list("kind", "first_day", "last_day")
    assert list(rows) == NATIONAL


def test_the_calendar_asks_as_often_for_many_holidays_and_moves_as_for_few(county, office, client_for, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: make.NOW)
    client = client_for(office)

    def asked():
        make.new_holiday(county, first_day=workdays_of(county.pk).due(JUNE, 5))
        with CaptureQueriesContext(connection) as found:
            assert client.get("/deadlines/2024/").status_code == 200
        return len(found)

    by_rule(county, JUNE)
    client.get("/deadlines/2024/")
    first = asked()
    for month in range(7, 12):
        by_rule(county, date(2024, month, 1))
        make.new_holiday(county, first_day=due(county, date(2024, month, 1)))
    assert asked() == first


# -- the pages ---------------------------------------------------------------------------------------


def test_empty_months_are_filled_by_the_rule_and_saved_only_then(county, office, client_for):
    client, page = client_for(office), "/deadlines/2024/farm_months/"
    make.new_holiday(county, first_day=date(2024, 10, 1), last_day=date(2024, 10, 7))
    rule = {"do": "fill", "day": "5", "m06": "2024-07-12"}
    shown = client.post(page, rule).content.decode()
    assert 'value="2024-07-12"' in shown  # what was typed stays
    assert 'value="2024-10-08"' in shown  # September's: the 5th is a Saturday within the holiday
    assert years_of(county.pk, 2024, [ledger_for("farm_months")])[0].gaps == []
    days = {f"m{month:02}": f"2024-{month:02}-28" for month in range(1, 12)} | {"m09": "2024-10-08", "day": "5"}
    assert client.post(page, days).status_code == 302
    assert dict(LedgerDeadline.objects.exclude(rule_day=None).values_list("due_on", "rule_day")) == {
        date(2024, 10, 8): 5
    }
    table = client.get("/deadlines/2024/").content.decode()
    assert "新型农业经营主体台账12月没有设定期限，不催报" in table
    assert "6月28日" in table


@pytest.mark.parametrize("rule", [{"day": "0"}, {"day": "29"}, {"day": ""}])
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
