"""`manage.py seal`: the chain over the audit log, made and checked."""

import pytest
from django.core.management import call_command

from core.models import AuditEntry, Seal
from core.tasks import seal_counties
from tests import factories as make


def test_the_worker_seals_what_every_county_wrote_once(db):
    for _ in range(2):
        make.new_township(make.new_county())
    assert seal_counties.func() == 2
    assert seal_counties.func() == 0
    make.new_township(make.new_county())
    assert seal_counties.func() == 1
    assert Seal.objects.count() == 3


def test_the_command_names_the_run_of_rows_that_was_altered(db, capsys):
    make.new_township(make.new_county())
    call_command("seal")
    call_command("seal", check=True)
    assert "全部封条与日志相符" in capsys.readouterr().out
    first = AuditEntry.objects.first()
    AuditEntry.objects.filter(pk=first.pk).update(actor="别人")
    with pytest.raises(SystemExit) as stopped:
        call_command("seal", check=True)
    assert stopped.value.code == 1
    assert f"第 {first.pk} 至" in capsys.readouterr().err
