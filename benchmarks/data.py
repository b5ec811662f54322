"""A county far larger than any: 100 000 projects with their agreements and shares; and a contest of thirty units."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from django.conf import settings

from core.models import User
from core.periods import Period
from core.records import Verdict
from core.write import door
from projects.models import Agreement, Arrival, Investor, Milestone, Project, ProjectShare
from reporting.models import Publication, Scheme
from reporting.publishing import steps
from reporting.ranking import draft_ranking
from reporting.services import add_metrics, add_scheme
from reporting.targeting.services import set_targets
from townships.models import County, Seat, Unit, UnitKind
from townships.services import system_of

YEAR = 2024
GROUPS = ("中心镇", "特色镇")
NOW = datetime(YEAR, 4, 1, tzinfo=UTC)
TOWNSHIPS = 20


def fill(count: int) -> tuple[County, Seat]:
    """Rows straight into the tables, a benchmark's data, not anybody's records; and one act of somebody."""
    common = _common()
    first, *_ = _projects(count, _townships(TOWNSHIPS, common), common)
    seat = _seat(common)
    with door(seat, at=NOW) as writing:  # a county where somebody wrote once: what every page counts is kept till then
        writing.change(first, name="演示首个项目")
    return common["county"], seat


def _seat(common: dict[str, Any]) -> Seat:
    """Who opens the pages."""
    user = User.objects.create_superuser("bench", password="bench-2024-only", full_name="测试")
    return Seat.objects.create(code="GW000001", user=user, role="county", duties=["entry"], **common)


def hold_contest(units: int, projects: int, arrivals: int) -> Scheme:
    """The demo's scheme and metrics over so many units and rows, every unit with a target for every metric."""
    common = _common()
    townships = _townships(units, common)
    rows = _projects(projects, townships, common)
    _seat(common)
    _kept(Milestone, projects, lambda i: _milestone(i, rows[i], common))
    _kept(Arrival, arrivals, lambda i: _arrival(i, rows[i % projects], common))
    with door(system_of(common["county"]), at=NOW) as writing:
        metrics = add_metrics(writing, [*_fixture("metrics"), *_fixture("metrics-enterprises")])
        targets = {(metric, unit): Decimal(120) for metric in metrics if metric.has_target for unit in townships}
        set_targets(writing, year=YEAR, given=targets)
        body = {**_fixture("scheme-demo"), "year": YEAR}
        return add_scheme(writing, body=body, participants=[(unit, GROUPS[unit.pk % 2]) for unit in townships])


def publish(scheme: Scheme, period: Period) -> Publication:
    """That contest's ranking, frozen."""
    draft = draft_ranking(scheme, period)
    with door(system_of(scheme.county), at=NOW) as writing:
        row = steps.open_checking(writing, draft=draft, answer_by=NOW.date() + timedelta(days=1))
    with door(system_of(scheme.county), at=NOW + timedelta(days=2)) as writing:
        row = steps.approve(writing, publication=row, draft=draft, meeting="领导小组会议", approved_on=NOW.date())
        return steps.publish(writing, publication=row, draft=draft, before={})


def _fixture(name: str) -> Any:
    return json.loads((settings.BASE_DIR / "fixtures" / f"{name}.json").read_text(encoding="utf-8"))


def _common() -> dict[str, Any]:
    return {"county": County.objects.create(code="999999", name="演示县"), "entered_at": NOW}


def _townships(count: int, common: dict[str, Any]) -> list[Unit]:
    return _kept(Unit, count, lambda i: Unit(code=f"DW{i:06}", name=f"{i}号镇", kind=UnitKind.TOWNSHIP, **common))


def _projects(count: int, units: list[Unit], common: dict[str, Any]) -> list[Project]:
    """With the landing unit's share and a formal agreement each."""
    investor = Investor.objects.create(code="TZ000001", name="演示投资公司", **common)
    projects = _kept(Project, count, lambda i: _project(i, units, investor, common))
    _kept(ProjectShare, count, lambda i: _share(i, projects[i], common))
    _kept(Agreement, count, lambda i: _agreement(i, projects[i], common))
    return projects


def _project(i: int, units: list[Unit], investor: Investor, common: dict[str, Any]) -> Project:
    unit = units[i % len(units)]
    place = {"landing_unit": unit, "responsible_unit": unit, "investor": investor}
    return Project(code=f"XM{i:06}", name=f"演示{i}号项目", local_industry="健康食品", **place, **common)


def _share(i: int, project: Project, common: dict[str, Any]) -> ProjectShare:
    return ProjectShare(code=f"FE{i:06}", project=project, unit_id=project.landing_unit_id, **common)


def _agreement(i: int, project: Project, common: dict[str, Any]) -> Agreement:
    amount = Decimal(500 + i % 20_000)
    accepted = _accepted(date(2022 + i % 3, 1 + i % 12, 1 + i % 28))
    amounts = {"total_investment": amount, "verified_amount": amount}
    return Agreement(code=f"XY{i:06}", project=project, **amounts, **accepted, **common)


def _milestone(i: int, project: Project, common: dict[str, Any]) -> Milestone:
    step, accepted = ("start", "production")[i % 2], _accepted(date(YEAR, 1 + i % 12, 1 + i % 28))
    return Milestone(code=f"JD{i:06}", project=project, step=step, **accepted, **common)


def _arrival(i: int, project: Project, common: dict[str, Any]) -> Arrival:
    amounts = {"amount": Decimal(10 + i % 500), "verified_amount": Decimal(10 + i % 500)}
    return Arrival(code=f"DZ{i:06}", project=project, **amounts, **_accepted(date(YEAR, 1 + i % 12, 1)), **common)


def _accepted(day: date) -> dict[str, Any]:
    span = {"happened_on": day, "happened_until": day, "counted_from": day, "counted_until": day}
    return {"verdict": Verdict.ACCEPTED, "verified_on": day, **span}


def _kept(model: Any, count: int, make: Any) -> list[Any]:
    rows = (make(i) for i in range(count))
    kept: list[Any] = []
    for chunk in _chunks(rows, 2000):
        kept += model.objects.bulk_create(chunk)
    return kept


def _chunks(rows: Iterator[Any], size: int) -> Iterator[list[Any]]:
    while chunk := list(islice(rows, size)):
        yield chunk
