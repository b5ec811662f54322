"""A county far larger than any: 100 000 projects with their agreements and shares."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from core.models import User
from core.records import Verdict
from projects.models import Agreement, Investor, Project, ProjectShare
from townships.models import County, Seat, Unit, UnitKind

NOW = datetime(2024, 4, 1, tzinfo=UTC)
TOWNSHIPS = 20


def fill(count: int) -> tuple[County, Seat]:
    """Rows straight into the tables: a benchmark's data, not anybody's records."""
    county = County.objects.create(code="999999", name="演示县")
    common = {"county": county, "entered_at": NOW}
    units = _kept(Unit, TOWNSHIPS, lambda i: Unit(code=f"DW{i:06}", name=f"{i}号镇", kind=UnitKind.TOWNSHIP, **common))
    investor = Investor.objects.create(code="TZ000001", name="演示投资公司", **common)
    projects = _kept(Project, count, lambda i: _project(i, units, investor, common))
    _kept(ProjectShare, count, lambda i: _share(i, projects[i], common))
    _kept(Agreement, count, lambda i: _agreement(i, projects[i], common))
    user = User.objects.create_superuser("bench", password="bench-2024-only", full_name="测试")
    seat = Seat.objects.create(code="GW000001", user=user, role="county", duties=["entry"], **common)
    return county, seat


def _project(i: int, units: list[Unit], investor: Investor, common: dict[str, Any]) -> Project:
    unit = units[i % TOWNSHIPS]
    place = {"landing_unit": unit, "responsible_unit": unit, "investor": investor}
    return Project(code=f"XM{i:06}", name=f"演示{i}号项目", local_industry="健康食品", **place, **common)


def _share(i: int, project: Project, common: dict[str, Any]) -> ProjectShare:
    return ProjectShare(code=f"FE{i:06}", project=project, unit_id=project.landing_unit_id, **common)


def _agreement(i: int, project: Project, common: dict[str, Any]) -> Agreement:
    day = date(2022 + i % 3, 1 + i % 12, 1 + i % 28)
    amount = Decimal(500 + i % 20_000)
    verified = {"verdict": Verdict.ACCEPTED, "verified_amount": amount, "verified_on": day}
    span = {"happened_on": day, "happened_until": day, "counted_from": day, "counted_until": day}
    return Agreement(code=f"XY{i:06}", project=project, total_investment=amount, **verified, **span, **common)


def _kept(model: Any, count: int, make: Any) -> list[Any]:
    rows = (make(i) for i in range(count))
    kept: list[Any] = []
    for chunk in _chunks(rows, 2000):
        kept += model.objects.bulk_create(chunk)
    return kept


def _chunks(rows: Iterator[Any], size: int) -> Iterator[list[Any]]:
    while chunk := list(islice(rows, size)):
        yield chunk
