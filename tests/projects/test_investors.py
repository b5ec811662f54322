"""The investors that a workbook names: each known or entered once, all of them together."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.dates import DateSpan
from core.ledgers.ledger import ledger_for
from projects.models import Investor, Project
from tests import factories as make

pytestmark = pytest.mark.django_db


def imported(township, named):
    """New projects of these (investor, 所在地); the number of statements that it took."""
    values = {"landing_unit": township, "signed": DateSpan.day(date(2024, 3, 5)), "total_investment": Decimal(100)}
    made = [
        {**values, "name": f"{name}{place}项目", "investor": name, "investor_place": place} for name, place in named
    ]
    with CaptureQueriesContext(connection) as captured, make.writing_as(township.county) as writing:
        ledger_for("projects").add_all(writing, made)
    return len(captured)


def test_new_ones_are_entered_once_as_the_first_row_says(township):
    imported(township, [("乙公司", ""), ("甲公司", "成都"), ("甲公司", "绵阳")])
    imported(township, [("甲公司", "德阳")])
    assert list(Investor.objects.order_by("code").values_list("name", "place")) == [("乙公司", ""), ("甲公司", "成都")]
    assert Project.objects.filter(investor__name="甲公司").count() == 3


def test_another_countys_investor_is_not_taken(township, elsewhere):
    imported(make.new_township(elsewhere), [("甲公司", "外县")])
    imported(township, [("甲公司", "本县")])
    assert set(Project.objects.values_list("county_id", "investor__place")) == {
        (township.county_id, "本县"), (elsewhere.pk, "外县"),
    }  # fmt: skip


def test_statements_do_not_grow_with_them(township):
    imported(township, [("甲公司", "")])
    few = imported(township, [(f"{n}公司", "") for n in range(3)])
    assert imported(township, [(f"{n}集团", "") for n in range(30)]) == few
