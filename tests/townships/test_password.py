"""One's own password: changed through the door, told in the log, never what it is."""

import json

import pytest
from django.core import serializers
from django.urls import reverse

from core.models import AuditEntry
from tests import factories as make

pytestmark = pytest.mark.django_db
OLD, NEW = "original-2024", "sorghum-2025"


def with_password(user):
    user.set_password(OLD)
    with make.writing_as(0) as writing:
        return writing.keep(user, action="开设账号")


def changed(client, old=OLD, new=NEW):
    return client.post(reverse("own-password"), {"old_password": old, "new_password1": new, "new_password2": new})


def last_entry():
    return AuditEntry.objects.order_by("-pk").first()


def test_the_log_tells_who_changed_a_password_and_not_which(clerk, client_for):
    with_password(clerk.user)
    client = client_for(clerk)
    assert changed(client).url == reverse("home")
    assert make.fresh(clerk.user).check_password(NEW)
    entry = last_entry()
    assert (entry.county_id, entry.actor, entry.action) == (clerk.county_id, clerk.label, "修改密码")
    assert (entry.record_label, entry.changes) == (str(clerk.user), [])
    told = serializers.serialize("json", [entry])
    assert NEW not in told
    assert json.dumps(make.fresh(clerk.user).password) not in told


def test_whoever_changed_it_stays_signed_in(clerk, client_for):
    with_password(clerk.user)
    client = client_for(clerk)
    changed(client)
    assert client.get(reverse("home")).status_code == 200


def test_a_wrong_password_changes_and_tells_nothing(clerk, client_for):
    with_password(clerk.user)
    before = AuditEntry.objects.count()
    assert changed(client_for(clerk), old="guess-2024").status_code == 422
    assert AuditEntry.objects.count() == before


def test_a_person_without_a_seat_is_told_of_too(client):
    user = with_password(make.new_user())
    client.force_login(user)
    assert changed(client).url == reverse("home")
    assert (last_entry().action, last_entry().actor) == ("修改密码", f"{user}（无岗位）")
