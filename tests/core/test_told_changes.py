"""What history says of a change: names and words, never keys or the machine's way of writing them."""

import re
from datetime import date, timedelta

import pytest
from django.apps import apps

from core.audit import told_fields
from core.audit_trail import history_of, told
from core.closing import close_month
from core.models import AuditEntry, Closing, User
from core.records import Record
from projects.models import Investor
from tests import factories as make

pytestmark = pytest.mark.django_db

TOLD = [Closing, User, *(model for model in apps.get_models() if issubclass(model, Record))]


def details_of(model):
    return told(AuditEntry.objects.filter(model=model).last()).details


def test_a_share_is_told_in_percent_and_from_when(township):
    make.new_project(township)
    details = details_of("projects.projectshare")
    assert {"份额：100%", "自何月起：从一开始"} <= set(details)


def test_a_closed_month_is_told_by_the_name_of_its_ledger_and_a_readable_time(reviewer):
    with make.writing_as(reviewer) as writing:
        close_month(writing, ledger="arrivals", month=date(2024, 1, 1))
    ledger, _, closed_at, _ = details_of("core.closing")
    assert ledger == "台账：到位资金台账"
    assert re.fullmatch(r"关账时间：\d{4}年\d{1,2}月\d{1,2}日 \d\d:\d\d", closed_at)


def test_a_seat_is_told_by_its_duties(reviewer):
    assert "职责：审核、发布" in details_of("townships.seat")


@pytest.mark.parametrize("model", TOLD, ids=str)
def test_what_is_told_has_a_name_that_people_know(model):
    names = [str(model._meta.get_field(name).verbose_name) for name in told_fields(model)]
    assert [name for name in names if not re.search("[一-鿿]", name)] == []


def test_history_is_told_newest_first_though_what_is_older_was_written_later(county, office):
    with make.writing_as(county) as writing:
        investor = writing.add(Investor(name="恒信鞋服有限公司"))
    for days in (2, 1):
        with make.writing_as(county, at=make.NOW - timedelta(days=days)) as writing:
            writing.change(investor, name=f"恒信鞋服有限公司{days}")
    times = [entry.at for entry in history_of(investor, office)]
    assert times == sorted(times, reverse=True)
