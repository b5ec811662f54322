"""What is measured against what."""

from collections.abc import Callable, Iterator
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.data import fill
from core.models import User

Measured = tuple[str, Callable[[], Any], Callable[[], Any]]


def measured(projects: int) -> Iterator[Measured]:
    call_command("migrate", verbosity=0)
    fill(projects)
    yield list_page(projects)
    call_command("flush", verbosity=0, interactive=False)
    call_command("demo", verbosity=0)
    yield ranking_page()


def list_page(projects: int) -> Measured:
    client = _signed_in("bench")
    return (
        f"list page, 50 of {projects} projects, against admin's changelist",
        lambda: _page(client, "/ledgers/projects/"),
        lambda: _page(client, "/admin/projects/project/"),
    )


def ranking_page() -> Measured:
    """The page against nothing but the statements that it sends."""
    client = _signed_in("leader")
    address = client.get("/reports/ranking/").url
    with CaptureQueriesContext(connection) as captured:
        _page(client, address)
    statements = [query["sql"] for query in captured.captured_queries]
    return (
        f"ranking page, {len(statements)} statements, against its bare SQL",
        lambda: _page(client, address),
        (lambda: _bare(statements)),
    )


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
