"""The list's total is the sum of its column, however it is computed."""

from datetime import date
from decimal import Decimal

from django.http import QueryDict

from core.dates import DateSpan
from core.ledgers.ledger import ledger_for
from core.ledgers.query import ListQuery
from projects.models import Agreement
from tests import factories as make


def test_the_total_is_the_sum_of_the_column_on_every_day(db):
    county = make.new_county()
    township, seat = make.new_township(county), make.new_seat(county)
    framework = make.new_project(
        township, total_investment="500", agreement={"kind": "framework"}, signed=DateSpan.day(date(2024, 1, 5))
    )
    make.new_project(township, total_investment="1000", signed=DateSpan.day(date(2024, 2, 5)))
    with make.writing_as(county) as writing:
        upgrade = {"kind": "formal", "reason": "upgrade", "happened": DateSpan.day(date(2024, 3, 5))}
        writing.add(Agreement(project=framework, total_investment=Decimal("800.5"), **upgrade))
    for day, total in (("2024-01-31", "500"), ("2024-02-29", "1500"), ("2024-03-31", "1800.5")):
        query = ListQuery(ledger_for("projects"), QueryDict(f"as_of={day}"), seat)
        assert query.totals["total_investment"] == Decimal(total)
        assert sum(project.total_investment or 0 for project in query.rows) == Decimal(total)
