"""`manage.py demo`: fills an empty database, keeps what was entered since, starts over when asked."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from core.models import User
from core.write import door
from projects.models import Project
from reporting.demo import filling
from reporting.demo.invention import invent
from reporting.demo.people import PASSWORD, PEOPLE
from reporting.demo.places import COUNTY_CODE
from tests.factories import NOW, new_county
from townships.models import County
from townships.services import system_of

LATER_STEPS = (
    "fill_questions",
    "fill_cultivation",
    "fill_reports",
    "fill_department_figures",
    "fill_targets",
    "select_pilots",
    "publish_quarters",
    "publish_months",
    "ask_for_ratings",
    "call_for_pilots",
    "fill_problems",
)


@pytest.fixture
def small(transactional_db, settings, tmp_path, monkeypatch):
    """The command with a county of a few projects and nothing published: what it does does not hang on how much there
    is, and test_demo.py looks at the whole.

    As on the command line, no transaction is open around it: PostgreSQL empties no table that waits for one.
    """
    settings.FILES_ROOT = tmp_path
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    few = invent()[:3]
    monkeypatch.setattr(filling, "invent", lambda: few)
    for step in LATER_STEPS:
        monkeypatch.setattr(filling, step, lambda *given: None)


def run(**options):
    out = StringIO()
    call_command("demo", stdout=out, **options)
    return out.getvalue()


def test_the_command_prints_every_account(small):
    printed = run()
    assert all(person.username in printed for person in PEOPLE)
    assert PASSWORD in printed


def test_running_again_keeps_what_was_entered(small):
    run()
    with door(system_of(County.objects.get()), at=NOW) as writing:
        writing.change(Project.objects.first(), remark="我改的")
    before = Project.objects.count(), User.objects.count()
    assert "保留" in run()
    assert (Project.objects.count(), User.objects.count()) == before
    assert Project.objects.filter(remark="我改的").exists()


def test_reset_starts_over(small):
    run()
    with door(system_of(County.objects.get()), at=NOW) as writing:
        writing.change(Project.objects.first(), remark="我改的")
    run(reset=True)
    assert County.objects.get().code == COUNTY_CODE
    assert not Project.objects.filter(remark="我改的").exists()
    assert Project.objects.exists()


def test_reset_never_empties_a_database_with_a_real_county(small):
    run()
    new_county(name="正式县")
    with pytest.raises(CommandError, match="正式县"):
        run(reset=True)
    assert Project.objects.exists()
