"""One's own password: changed through the door, told in the log, never what it is."""

import json

import pytest
from django.core import serializers
from django.urls import reverse

from core.models import AuditEntry
from core.write import Refused, door
from tests import factories as make
from townships.models import Role
from townships.services import reset_password

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


# -- forgotten: the administrator gives a new one --------------------------------------------------


@pytest.fixture
def admin(county):
    return make.new_seat(county, Role.ADMIN, [])


def reset(client, user, password=NEW):
    address = reverse("password-reset", args=[user.pk])
    form = client.get(address).context["form"]
    return client.post(address, {"token": form["token"].value(), "password": password})


def test_the_administrator_resets_a_forgotten_password(admin, clerk, client_for):
    with_password(clerk.user)
    signed_in = client_for(clerk)
    assert reset(client_for(admin), clerk.user).url == reverse("accounts")
    assert make.fresh(clerk.user).check_password(NEW)
    assert (last_entry().action, last_entry().record_label) == ("重设密码", str(clerk.user))
    assert signed_in.get(reverse("home")).status_code == 302


def test_a_weak_password_is_refused_beside_the_form(admin, clerk, client_for):
    with_password(clerk.user)
    response = reset(client_for(admin), clerk.user, "short")
    assert response.status_code == 422
    assert make.fresh(clerk.user).check_password(OLD)


def test_whoever_sits_in_another_county_as_well_is_not_reset_from_here(admin, clerk, client_for):
    with_password(clerk.user)
    make.new_seat(make.new_county(), user=clerk.user)
    response = reset(client_for(admin), clerk.user)
    assert response.status_code == 422
    assert "在别的县也有岗位" in response.content.decode()
    assert make.fresh(clerk.user).check_password(OLD)


def test_nobody_else_resets_a_password(office, clerk):
    with pytest.raises(Refused, match="只有系统管理员能重设密码"), door(office, at=make.NOW) as writing:
        reset_password(writing, user=clerk.user, password=NEW)
