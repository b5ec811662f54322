"""The page of 关账: what would be closed is told before it is done; nothing closes by a slip of the keys."""

from datetime import date, timedelta

import pytest

from core.closing import close_month
from core.models import Closing
from core.write import Refused
from tests import factories as make

pytestmark = pytest.mark.django_db
MARCH = {"month": "2024-03", "ledgers": ["arrivals", "agreements"]}


@pytest.fixture(autouse=True)
def _at_the_tests_time(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: make.NOW)


@pytest.fixture
def arrivals(township, clerk):
    project = make.new_project(township)
    for month in (3, 3, 4):
        make.new_arrival(project, "10", date(2024, month, 1), by=clerk)


def test_before_closing_one_is_told_what_still_waits(arrivals, reviewer, client_for):
    page = client_for(reviewer).post("/closing/", MARCH)
    assert page.status_code == 200
    told = {line.ledger.key: (line.rows, line.waiting) for line in page.context["lines"]}
    assert told["arrivals"] == (2, 2)
    assert "2024年3月关账" in page.content.decode()
    assert Closing.objects.count() == 0


def test_whoever_is_sure_closes_and_comes_back(arrivals, reviewer, client_for):
    page = client_for(reviewer).post("/closing/", {**MARCH, "sure": "1", "token": "once"}, follow=True)
    assert page.redirect_chain == [("/closing/", 302)]
    assert "已关账：2024年3月，2本台账。" in page.content.decode()
    assert sorted(Closing.objects.values_list("ledger", flat=True)) == ["agreements", "arrivals"]


def test_a_month_that_has_not_come_is_not_closed(reviewer):
    with pytest.raises(Refused) as refusal, make.writing_as(reviewer) as writing:
        close_month(writing, ledger="arrivals", month=date(2042, 3, 1))
    assert refusal.value.message_dict == {"month": ["2042年3月还没有到，不能关账。"]}


def test_a_slip_of_the_keys_is_said_beside_the_month(reviewer, client_for):
    page = client_for(reviewer).post("/closing/", {**MARCH, "month": "2042-03", "sure": "1"})
    assert page.status_code == 422
    assert page.context["form"].errors["month"] == ["2042年3月还没有到，不能关账。"]


def test_exceptions_stand_with_the_ledgers_they_are_about(township, reviewer, client_for):
    for ledger, days in (("arrivals", 1), ("milestones", 0)):
        with make.writing_as(reviewer, at=make.NOW - timedelta(days=days)) as writing:
            close_month(writing, ledger=ledger, month=date(2024, 3, 1))
    make.new_exception(township)
    closed = client_for(reviewer).get("/closing/").context["closed"]
    assert {act.names: act.exceptions for act in closed} == {"项目节点": 0, "到位资金台账": 1}


def test_telling_what_waits_asks_twice_for_each_ledger(arrivals, reviewer, client_for, django_assert_max_num_queries):
    client = client_for(reviewer)
    client.get("/closing/")
    with django_assert_max_num_queries(12):
        client.post("/closing/", MARCH)
