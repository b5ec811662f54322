"""History tells every 元: what is rounded for reading must not hide a change."""

from decimal import Decimal

import pytest

from core.amounts import say_wan
from core.ledgers.kinds import Money
from core.models import AuditEntry
from projects.models import Agreement
from tests import factories as make


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (None, "—"),
        ("5000", "5,000.00"),
        ("5000.1", "5,000.10"),
        ("5000.12", "5,000.12"),
        ("5000.1234", "5,000.1234"),
        ("5000.0050", "5,000.0050"),
        ("0.0001", "0.0001"),
        ("-0.0049", "−0.0049"),
    ],
)
def test_an_amount_is_said_to_the_yuan_where_two_places_would_round_it(amount, said):
    value = None if amount is None else Decimal(amount)
    assert say_wan(value) == said
    assert Money().tell(value) == said


@pytest.mark.django_db
@pytest.mark.parametrize("yuan", [1, 49, 50])
def test_a_change_of_a_few_yuan_is_told(yuan, township):
    project = make.new_project(township, total_investment="1000")
    total = Decimal(1000) + Decimal(yuan) / 10_000
    with make.writing_as(township.county) as writing:
        writing.change(Agreement.objects.get(project=project), total_investment=total)
    (change,) = AuditEntry.objects.get(action="修改").changes
    assert change[2:] == ["1,000.00 万元", f"{total:,.4f} 万元"]
