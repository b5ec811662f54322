"""`manage.py open_county` and 载入随附指标: how a real county begins."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from core.models import AuditEntry
from reporting.models import Metric
from reporting.shipped import lacking_metrics, shipped_metrics
from tests import factories as make
from townships.models import County

pytestmark = pytest.mark.django_db


def opened(code="510722", name="三台县", admin="guanli", **options):
    out = StringIO()
    call_command("open_county", code, name, admin=admin, admin_name="王管理", stdout=out, **options)
    return out.getvalue()


def test_a_county_begins_with_its_metrics_and_somebody_who_opens_accounts(client):
    printed = opened()
    password = printed.split("密码 ")[1].split("，")[0]
    county = County.objects.get()
    assert (county.code, county.name, county.demo) == ("510722", "三台县", False)
    assert Metric.objects.current().in_county(county.pk).count() == len(shipped_metrics())
    answer = client.post("/login/", {"username": "guanli", "password": password}, follow=True)
    assert answer.request["PATH_INFO"] == "/accounts/"
    assert AuditEntry.objects.filter(county_id=county.pk).exists()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"code": "51072"}, "要写6位数字"),
        ({"code": "５１０７２２"}, "要写6位数字"),
        ({"name": " "}, "请写明县名"),
    ],
)
def test_what_makes_no_county_is_refused(given, sentence):
    with pytest.raises(CommandError, match=sentence):
        opened(**given)
    assert not County.objects.exists()


def test_nothing_is_opened_twice():
    opened()
    with pytest.raises(CommandError, match="已经是三台县"):
        opened(admin="another")
    with pytest.raises(CommandError, match="已经有人使用"):
        opened(code="510723", name="盐亭县")
    assert County.objects.count() == 1


def test_a_county_takes_over_what_it_lacks_and_keeps_its_own(county, office, client_for):
    first, *rest = shipped_metrics()
    with make.writing_as(county) as writing:
        own = writing.add(Metric(**{**first, "description": "本县口径"}), permission="edit_metrics")
    client = client_for(office)
    page = client.get("/reports/metrics/shipped/").content.decode()
    assert f"本县还没有的{len(rest)}个" in page
    assert client.post("/reports/metrics/shipped/").status_code == 302
    assert make.fresh(own).description == "本县口径"
    assert lacking_metrics(county.pk) == []
    assert "都有了" in client.get("/reports/metrics/shipped/").content.decode()
