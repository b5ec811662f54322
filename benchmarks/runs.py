"""What is measured against what."""

from collections.abc import Callable, Iterator
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.shortcuts import render
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benchmarks.data import YEAR, fill, hold_contest, publish
from benchmarks.exports import exports
from benchmarks.imports import imports
from benchmarks.measuring import Measured
from core.models import User
from core.periods import Period
from reporting.models import Publication
from reporting.presentation.ranking import ranking_page as ranking_page_of
from reporting.publishing.thawing import published_draft
from reporting.ranking import draft_ranking


def measured(projects: int, rows: int) -> Iterator[Measured | str]:
    """Each ratio when its data is there; a sentence where something is told that is no ratio.

    The demo first: it is filled in one transaction, in which PostgreSQL would plan by what stood there before.
    """
    call_command("migrate", verbosity=0)
    call_command("demo", verbosity=0)
    yield ranking_page()
    call_command("flush", verbosity=0, interactive=False)
    _, seat = fill(projects)
    settle()
    yield list_page(projects)
    yield from exports("projects", projects, seat)
    yield from imports(rows, seat)
    call_command("flush", verbosity=0, interactive=False)
    yield from contest()


def settle() -> None:
    """What PostgreSQL does by itself a minute after so many rows were written: look at what there is now."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def list_page(projects: int) -> Measured:
    client = _signed_in("bench")
    return Measured(
        f"list page, 50 of {projects} projects, against admin's changelist",
        lambda: _page(client, "/ledgers/projects/"),
        lambda: _page(client, "/admin/projects/project/"),
    )


def contest() -> Iterator[Measured]:
    """A quarter's ranking in the middle of the year: computed from its rows, and published."""
    units, projects, arrivals = 30, 5_000, 20_000
    scheme, quarter = hold_contest(units, projects, arrivals), Period.parse(f"{YEAR}Q2")
    settle()
    yield against_bare_sql(
        f"draft of {units} units, {projects} projects, {arrivals} arrivals",
        lambda: draft_ranking(scheme, quarter),
        target=1.5,
    )
    yield published_page(publish(scheme, quarter), units)


def ranking_page() -> Measured:
    client = _signed_in("leader")
    address = client.get("/reports/ranking/").url
    return against_bare_sql("ranking page of the demo", lambda: _page(client, address))


def published_page(row: Publication, units: int) -> Measured:
    """What was frozen, against its template with everything already at hand."""
    client = _signed_in("bench")
    address = reverse("published-ranking", args=[row.code])
    request, frozen = client.get(address).wsgi_request, published_draft(row)
    context = {"page": ranking_page_of(frozen, frozen.before), "draft": frozen, "publication": row}
    return Measured(
        f"published ranking of {units} units, against its template rendered from constants",
        lambda: _page(client, address),
        lambda: render(request, "reporting/ranking.html", context).content,
        target=2,
    )


def against_bare_sql(name: str, run: Callable[[], Any], target: float | None = None) -> Measured:
    """What runs against nothing but the statements that it sends."""
    with CaptureQueriesContext(connection) as captured:
        run()
    statements = [query["sql"] for query in captured.captured_queries]
    told = f"{name}, {len(statements)} statements, against its bare SQL"
    return Measured(told, run, lambda: _bare(statements), target)


def _bare(statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
            cursor.fetchall()


def _page(client: Client, address: str) -> None:
    response = client.get(address)
    if response.status_code != 200:
        raise RuntimeError(f"{address} answered {response.status_code}")
    len(response.content)


def _signed_in(username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend")
    return client
