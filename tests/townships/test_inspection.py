"""检查: reads everything of a county until a date, and every view is in the log that the auditor reads."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.audit import VIEWED, broken_seals, seal
from core.models import AuditEntry
from tests import factories as make

pytestmark = pytest.mark.django_db
ADDRESS = "/ledgers/projects/?q=%E8%8A%A6%E6%BA%AA&sort=name"
OTHERS = [post for post in make.POSTS if post != "inspector"]


def views():
    return AuditEntry.objects.filter(action=VIEWED).order_by("pk")


def test_each_page_an_inspector_opens_is_one_line(seats, township, client_for):
    inspector = seats["inspector"]
    client = client_for(inspector)
    project = make.new_project(township)
    pages = ["/", ADDRESS, f"/ledgers/projects/records/{project.code}/", "/ledgers/projects/export.xlsx"]
    for address in pages:
        answer = client.get(address)
        assert answer.status_code == 200
        assert b"".join(answer)
    assert [entry.changes[0][3] for entry in views()] == pages
    assert {(e.county_id, e.user_id, e.actor) for e in views()} == {
        (inspector.county_id, inspector.user_id, inspector.label)
    }


def test_what_was_refused_or_missing_is_logged_as_well(seats, client_for):
    client = client_for(seats["inspector"])
    assert client.get("/accounts/").status_code == 403
    assert client.get("/nowhere/").status_code == 404
    assert views().count() == 2


def test_nobody_elses_views_are_logged(seats, client_for):
    for post in OTHERS:
        client_for(seats[post]).get("/")
        client_for(seats[post]).get("/ledgers/projects/")
    assert not views().exists()


def test_a_view_costs_few_questions(seats, client_for):
    """What the inspector's page asks beyond a leader's: county gate, lock and the line, in one transaction."""
    counts = {}
    for post in ("leader", "inspector"):
        client = client_for(seats[post])
        client.get("/ledgers/projects/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/ledgers/projects/")
        counts[post] = len(asked)
    assert counts["inspector"] - counts["leader"] <= 5


def test_the_auditor_sees_views_as_their_own_kind(seats, township, client_for):
    make.new_project(township)
    client_for(seats["inspector"]).get(ADDRESS)
    auditor, log = client_for(seats["auditor"]), reverse("audit-log")
    shown = {kind: auditor.get(f"{log}?kind={kind}").content.decode() for kind in ("", "writes", "views")}
    line = "查看页面"
    assert {kind: line in page for kind, page in shown.items()} == {"": True, "writes": False, "views": True}
    assert "地址：/ledgers/projects/?q=%E8%8A%A6%E6%BA%AA&amp;sort=name" in shown["views"]
    assert "新增" not in shown["views"].split("<tbody>")[1]
    assert auditor.get(f"{log}?kind=nothing").status_code == 404


def test_views_are_sealed_with_the_rest(seats, county, client_for):
    client_for(seats["inspector"]).get("/")
    seal(county.pk, at=make.NOW)
    assert broken_seals(county.pk) == []
    views().update(changes=[])
    assert len(broken_seals(county.pk)) == 1
