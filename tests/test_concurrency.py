"""Many people at once, on a real file and on a real server: nobody is locked out, no number is lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from functools import wraps

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, connections
from django.db.models import F, Value

from core.closing import close_month
from core.fields import MoneyField
from core.models import AuditEntry
from core.write import Refused, SentTwice, Stale
from projects.models import Allocation, Arrival, FundingDocument, Investor, Payment, Project
from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)
WRITES, PEOPLE = 240, 24


def together(act, items, people=PEOPLE):
    """Run `act` for every item, `people` at a time, each on a connection of its own; what each returned or raised."""

    @wraps(act)
    def alone(item):
        try:
            return act(item)
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(people) as pool:
        return list(pool.map(alone, items))


def unexpected(results, *allowed):
    return [repr(r) for r in results if isinstance(r, Exception) and not isinstance(r, allowed)]


def test_the_database_is_a_real_one():
    assert "memory" not in str(connection.settings_dict["NAME"])


def test_every_one_of_240_writes_gets_its_own_number():
    county = make.new_county()

    def write(number):
        with make.writing_as(county) as writing:
            return writing.add(Investor(name=f"第{number}家")).code

    codes = together(write, range(WRITES))
    assert unexpected(codes) == []
    assert sorted(codes) == [f"TZ2024-{number:05d}" for number in range(1, WRITES + 1)]
    assert Investor.objects.count() == AuditEntry.objects.filter(action="新增").count() == WRITES


def test_counties_number_apart_at_the_same_time():
    counties = [make.new_county() for _ in range(3)]

    def write(number):
        with make.writing_as(counties[number % 3]) as writing:
            return writing.add(Investor(name=f"第{number}家")).code

    codes = together(write, range(60))
    assert unexpected(codes) == []
    assert sorted(codes) == sorted([f"TZ2024-{number:05d}" for number in range(1, 21)] * 3)


def test_of_those_who_saw_the_same_row_one_changes_it():
    project = make.new_project(make.new_township(make.new_county()))

    def change(number):
        with make.writing_as(project.county_id) as writing:
            return writing.change(project, version=1, remark=f"第{number}人")

    results = together(change, range(PEOPLE))
    assert unexpected(results, Stale) == []
    assert sum(isinstance(result, Project) for result in results) == 1
    assert make.fresh(project).row_version == 2


def test_a_form_clicked_many_times_is_saved_once():
    county = make.new_county()

    def send(number):
        with make.writing_as(county, token="one form") as writing:
            return writing.add(Investor(name=f"第{number}家"))

    results = together(send, range(PEOPLE))
    assert unexpected(results, SentTwice) == []
    assert Investor.objects.count() == 1


def test_a_closing_is_never_overtaken_by_a_write_on_its_way():
    """Whatever came in before the closing is inside the closed month; nothing comes in after it."""
    project = make.new_project(make.new_township(make.new_county()))
    march = date(2024, 3, 1)

    def act(number):
        with make.writing_as(project.county_id) as writing:
            if number == PEOPLE:
                close_month(writing, ledger="arrivals", month=march)
                return Arrival.objects.count()
        return make.new_arrival(project, Decimal(1), march)

    results = together(act, range(PEOPLE * 2))
    assert unexpected(results, Refused) == []
    assert Arrival.objects.count() == results[PEOPLE]


def test_people_who_pay_at_once_never_pay_more_than_was_allocated():
    """Twelve times 10 万元 fit into 120; half of those who try find no room."""
    allocation = make.new_allocation(make.new_township(make.new_county()), "120")

    def pay(number):
        return make.new_payment(allocation, "10", voucher_number=f"{number}")

    results = together(pay, range(PEOPLE))
    assert unexpected(results, Refused, ValidationError) == []
    assert sum(isinstance(result, Payment) for result in results) == 12
    assert make.fresh(allocation).paid == Decimal(120)


def test_people_who_allocate_at_once_never_allocate_more_than_came_down():
    county = make.new_county()
    unit, document = make.new_township(county), make.new_document(county, "120")

    results = together(lambda number: make.new_allocation(unit, "10", document=document), range(PEOPLE))
    assert unexpected(results, Refused, ValidationError) == []
    assert Allocation.objects.count() == 12
    assert make.fresh(document).allocated == Decimal(120)


def test_the_database_alone_keeps_two_sums_at_once_within_the_total():
    """Without the county's gate: the two statements meet at the row itself, and the CHECK refuses the second."""
    document = make.new_document(make.new_county(), "100")
    more = F("allocated") + Value(Decimal(60), output_field=MoneyField())

    results = together(
        lambda number: FundingDocument.objects.filter(pk=document.pk).update(allocated=more), range(2), 2
    )
    assert sorted(isinstance(result, IntegrityError) for result in results) == [False, True]
    assert make.fresh(document).allocated == Decimal(60)
