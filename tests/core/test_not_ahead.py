"""What happened lies behind today, wherever a person says when: in a form, in a workbook, on the command line."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from core.dates import DateSpan
from core.ledgers.forms import LedgerForm
from core.ledgers.kinds import Happened, HappenedMonth, not_ahead
from core.ledgers.ledger import ledger_for
from core.readings import Unreadable
from core.spreadsheet.raw import RawCell
from tests import factories as make

DAY = timedelta(days=1)
PRESENT = {
    "today": lambda today: today,
    "today as a span": DateSpan.day,
    "this month": lambda today: DateSpan.month(today.year, today.month),
    "this year": lambda today: DateSpan.year(today.year),
    "nothing": lambda today: None,
}
AHEAD = {
    "tomorrow": lambda today: today + DAY,
    "tomorrow as a span": lambda today: DateSpan.day(today + DAY),
    "next month": lambda today: (today.replace(day=1) + 32 * DAY).replace(day=1),
    "next year": lambda today: DateSpan.year(today.year + 1),
}
"""What is said → when that is, seen from today."""


@pytest.mark.parametrize("said", PRESENT)
def test_today_and_what_has_begun_may_have_happened(said):
    when = PRESENT[said](timezone.localdate())
    assert not_ahead(when) is when


@pytest.mark.parametrize("said", AHEAD)
def test_what_is_still_ahead_has_not_happened(said):
    with pytest.raises(Unreadable, match="还没有到，请核对年份和日期"):
        not_ahead(AHEAD[said](timezone.localdate()))


@pytest.mark.parametrize("kind", [Happened(), HappenedMonth()], ids=lambda kind: kind.name)
def test_a_workbook_is_asked_like_a_form(kind):
    ahead, behind = RawCell(date(2062, 6, 1)), RawCell(date(2024, 6, 1))
    with pytest.raises(Unreadable, match="2062年6月"):
        kind.read(ahead, unit=None, lookup=None)
    assert kind.read(behind, unit=None, lookup=None) is not None


@pytest.mark.django_db
@pytest.mark.parametrize(("key", "name"), [("projects", "signed"), ("arrivals", "month"), ("farm_months", "month")])
def test_the_forms_say_so_beside_the_date(key, name, township, clerk):
    make.new_project(township)
    form = LedgerForm({name: "2062-06"}, ledger=ledger_for(key), seat=clerk)
    assert form.errors[name] == ["2062年6月还没有到，请核对年份和日期。"]
