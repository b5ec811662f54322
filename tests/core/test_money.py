"""Money is exact on both databases: sums, limits in HAVING, and what a slip of the keyboard does."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import Avg, Max, Min, Sum

from core.dates import DateSpan
from core.fields import MAX_WAN
from projects.models import Arrival
from tests import factories as make

pytestmark = pytest.mark.django_db
YUAN = Decimal("0.0001")


@pytest.fixture
def project(township):
    return make.new_project(township)


def book(project, *amounts):
    with make.writing_as(project.county) as writing:
        month = DateSpan.month(2024, 5)
        rows = [Arrival(project=project, happened=month, amount=Decimal(a), remark="冲减") for a in amounts]
        return writing.add_many(rows)


def total(rows=Arrival.objects):
    return rows.aggregate(total=Sum("amount"))["total"]


def test_money_comes_back_as_it_went_in(project):
    for amount in ("0.0001", "1234.5678", "-0.0007", str(MAX_WAN), str(-MAX_WAN)):
        (row,) = book(project, amount)
        assert make.fresh(row).amount == Decimal(amount)


def test_it_is_whole_yuan_in_the_database(project):
    book(project, "1234.5678")
    with connection.cursor() as cursor:
        cursor.execute("SELECT amount FROM projects_arrival")
        assert cursor.fetchone() == (12_345_678,)


def test_sums_are_exact(project):
    book(project, *["0.0001"] * 200, *["0.1"] * 10, "99999998.9999")
    assert total() == Decimal("99999998.9999") + 200 * YUAN + 1


def test_sums_beyond_a_float_are_exact(project):
    """2^53 元 is where binary floats begin to lose the last 元."""
    book(project, *[MAX_WAN] * 20, "0.0001")
    assert total() == MAX_WAN * 20 + YUAN


@pytest.mark.parametrize(("limit", "found"), [("9999.9999", 1), ("10000", 1), ("10000.0001", 0)])
def test_a_limit_on_a_sum_is_exact(limit, found, project):
    book(project, "3333.3333", "3333.3333", "3333.3334")
    sums = Arrival.objects.values("project").annotate(total=Sum("amount"))
    assert sums.filter(total__gte=Decimal(limit)).count() == found
    assert sums.filter(total__lt=Decimal(limit)).count() == 1 - found


def test_largest_smallest_and_comparisons_are_exact(project):
    book(project, "0.3", "0.1", "0.2")
    assert Arrival.objects.aggregate(low=Min("amount"), high=Max("amount")) == {
        "low": Decimal("0.1"),
        "high": Decimal("0.3"),
    }
    assert Arrival.objects.filter(amount=Decimal("0.3")).count() == 1


@pytest.mark.parametrize("amount", [MAX_WAN + YUAN, -MAX_WAN - YUAN, Decimal(10**12), Decimal(10**30)])
def test_an_impossible_amount_is_refused_in_words(amount, project):
    with pytest.raises(ValidationError) as refusal:
        make.new_arrival(project, amount, remark="冲减")
    assert refusal.value.message_dict == {"amount": ["金额超过一万亿元，请核对是否把元当成了万元。"]}


@pytest.mark.parametrize("amount", ["0.00001", "1.23456"])
def test_less_than_a_yuan_is_refused_in_words(amount, project):
    with pytest.raises(ValidationError) as refusal:
        make.new_arrival(project, amount)
    assert refusal.value.message_dict == {"amount": ["金额精确到元，以万元计最多四位小数。"]}


def test_an_impossible_amount_can_not_exist_even_by_script(project):
    (row,) = book(project, "1")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE projects_arrival SET amount = %s WHERE id = %s", [10**12 + 1, row.pk])


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("1234567890123", "万元"), ("1e30", "1e30"), ("0.00001", "元"), ("很多", "很多"), ("NaN", "NaN")],
)
def test_what_is_no_amount_is_refused_beside_the_field(typed, sentence, project, office, client_for):
    data = {"project": project.code, "month": "2024-05", "nature": "fixed", "amount": typed}
    page = client_for(office).post("/ledgers/arrivals/new/", data)
    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["amount"]
    assert sentence in str(page.context["form"].errors["amount"])
    assert typed in page.content.decode()
    assert Arrival.objects.count() == 0


def test_an_average_is_sum_by_count(project):
    book(project, "1", "2", "2")
    found = Arrival.objects.aggregate(total=Sum("amount"), mean=Avg("amount"))
    assert found["total"] / 3 == Decimal(5) / 3
    assert date(2024, 5, 1) == Arrival.objects.first().happened_on
