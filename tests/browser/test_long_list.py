"""A list of ten thousand projects: fifty rows, the right totals, and no more queries than a short one."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import expect

from core.records import Verdict
from projects.models import Agreement, Project, ProjectShare
from tests import factories as make

pytestmark = pytest.mark.browser

MANY = 10_000
SIGNED = date(2024, 3, 5)


@pytest.fixture
def seat(transactional_db):
    return make.new_seat(make.new_county(name="示例县"))


def fill(seat, numbers):
    """Rows straight into the tables: through the door it would take minutes."""
    common = {"county": seat.county, "entered_at": make.NOW}
    township = make.new_township(seat.county)
    place = {"landing_unit": township, "responsible_unit": township}
    projects = kept(Project(code=f"XM2024{i:06}", name=f"第{i}号项目", **place, **common) for i in numbers)
    kept(
        ProjectShare(code=f"FE2024{i:06}", project=p, unit=township, **common)
        for i, p in zip(numbers, projects, strict=True)
    )
    span = {"happened_on": SIGNED, "happened_until": SIGNED, "counted_from": SIGNED, "counted_until": SIGNED}
    accepted = {"verdict": Verdict.ACCEPTED, "verified_on": SIGNED, **span, **common}
    amounts = [Decimal(100 + i % 7) for i in numbers]
    kept(
        Agreement(code=f"XY2024{i:06}", project=p, total_investment=a, verified_amount=a, **accepted)
        for i, p, a in zip(numbers, projects, amounts, strict=True)
    )
    return sum(amounts)


def kept(rows):
    rows = list(rows)
    return type(rows[0]).objects.bulk_create(rows, batch_size=2000)


def queries_of(seat, path):
    client = make.signed_in(seat)
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_ten_thousand_projects_show_fifty_rows_their_totals_and_take_no_further_query(seat, seated):
    few = fill(seat, range(1, 61))
    short = queries_of(seat, "/ledgers/projects/")
    total = few + fill(seat, range(61, MANY + 1))
    assert queries_of(seat, "/ledgers/projects/") == short
    page = seated(seat)
    page.goto("/ledgers/projects/")
    expect(page.locator("tbody tr")).to_have_count(50)
    assert page.locator(".words .total").inner_text() == f"共 {MANY:,} 个项目，总投资 {total / 10_000:.2f} 亿元"
    page.goto("/ledgers/projects/?page=200&sort=name")
    assert "第 200 页，共 200 页" in page.locator(".pager").inner_text()
    expect(page.locator("tbody tr")).to_have_count(50)
