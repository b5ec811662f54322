"""项目进展台账: one row for each project and month, what it must say, and what keeps it from being said twice."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from core.closing import close_month
from core.periods import Period
from core.records import Verdict
from core.write import Refused
from projects.models import ProjectMonth
from projects.services import void_project
from reporting.metrics import value
from reporting.services import add_metrics
from reporting.shipped import shipped
from tests import factories as make

pytestmark = pytest.mark.django_db
LIST = "/ledgers/progress/"
MAY = date(2024, 5, 1)


@pytest.fixture
def project(township):
    return make.new_project(township, name="锂电铜箔项目")


def form_of(project, **values):
    given = {"project": project.code, "month": "2024-05", "investment": "60", "progress": "主体施工到二层"}
    return {**given, "token": "x", **values}


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"progress": ""}, "请填写形象进度；确实没有变化的，请勾选“本月无变化”。"),
        ({"unchanged": "on"}, "勾选了“本月无变化”的，本月完成投资要填0。"),
        ({"investment": "-1"}, "本月完成投资为负数的，要在备注中写明原因。"),
    ],
)
def test_what_contradicts_itself_is_refused_and_stays_typed(said, sentence, project, clerk, client_for):
    page = client_for(clerk).post(f"{LIST}new/", form_of(project, **said))
    assert (page.status_code, ProjectMonth.objects.count()) == (422, 0)
    text = page.content.decode()
    assert sentence in text
    assert 'value="2024-05"' in text


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"investment": "0"},
        {"investment": "0", "progress": "", "unchanged": "on"},
        {"investment": "-1", "remark": "上月多报"},
    ],
)
def test_what_a_month_may_say(said, project, clerk, client_for):
    assert client_for(clerk).post(f"{LIST}new/", form_of(project, **said)).status_code == 302
    row = ProjectMonth.objects.get()
    assert (row.month, row.unchanged, row.verdict) == (MAY, "unchanged" in said, Verdict.PENDING)


def test_the_same_month_of_a_project_is_entered_once(project):
    first = make.new_month(project)
    with pytest.raises(ValidationError, match="这个项目这个月的进展已登记过"):
        make.new_month(project)
    make.new_month(project, month=date(2024, 6, 1))
    make.void(first, reason="填错项目")
    assert make.new_month(project).pk != first.pk


def test_a_returned_month_is_put_right_and_waits_again(project, clerk, client_for):
    row = make.new_month(project)
    make.judge(row, verdict=Verdict.RETURNED, note="与现场不符")
    address = f"{LIST}records/{row.code}/edit/"
    row.refresh_from_db()
    data = form_of(project, progress="主体施工到一层", version=row.row_version)
    assert client_for(clerk).post(address, data).status_code == 302
    row.refresh_from_db()
    assert (row.verdict, row.progress) == (Verdict.PENDING, "主体施工到一层")


def test_a_word_can_be_taken_away_again(project, clerk, client_for):
    row = make.new_month(project, problem="缺土方")
    data = form_of(project, problem="", version=row.row_version)
    assert client_for(clerk).post(f"{LIST}records/{row.code}/edit/", data).status_code == 302
    row.refresh_from_db()
    assert row.problem == ""


def test_a_closed_month_refuses_with_a_sentence(project, county):
    with make.writing_as(county) as writing:
        close_month(writing, ledger="progress", month=MAY)
    with pytest.raises(Refused, match="2024年5月的项目月度进展已经关账"):
        make.new_month(project)
    assert make.new_month(project, late_reason="进度单晚到").pk
    assert make.new_month(project, month=date(2024, 6, 1)).pk


def test_a_voided_project_takes_its_months_along(project, county):
    make.new_month(project)
    with make.writing_as(county) as writing:
        void_project(writing, project=project, reason="重复登记")
    assert not ProjectMonth.objects.current().exists()


def test_the_sum_is_what_was_accepted_up_to_the_month(project, county, township):
    for month, amount in ((4, "20"), (5, "60"), (6, "-5")):
        make.judge(make.new_month(project, amount, date(2024, month, 1), remark="按进度单"))
    make.new_month(project, "999", date(2024, 7, 1))
    with make.writing_as(county) as writing:
        month, year = add_metrics(writing, shipped("metrics-progress"))
    assert value(month, Period.parse("2024-05"), township) == Decimal("60")
    assert value(year, Period.parse("2024-05"), township) == Decimal("80")
    assert value(year, Period.parse("2024-07"), township) == Decimal("75")


def test_unchanged_months_are_found_by_a_filter(project, clerk, client_for):
    make.new_month(project, "0", unchanged=True, progress="")
    make.new_month(project, month=date(2024, 6, 1))
    client = client_for(clerk)
    found = {answer: client.get(f"{LIST}?unchanged={answer}").content.decode() for answer in ("yes", "no")}
    assert ["2024年5月" in text for text in found.values()] == [True, False]
    assert ["2024年6月" in text for text in found.values()] == [False, True]


def workbook(*rows):
    book = Workbook()
    for row in (("项目名称", "月份", "本月完成投资（万元）", "本月无变化", "形象进度", "存在问题"), *rows):
        book.active.append(row)
    stream = BytesIO()
    book.save(stream)
    return SimpleUploadedFile("调度表.xlsx", stream.getvalue())


def bring_in(client, file):
    client.post(f"{LIST}import/", {"file": file})
    return client.post(f"{LIST}import/preview/", {"token": "x"})


def test_a_workbook_of_a_month_is_taken_and_a_second_time_adds_nothing(project, clerk, client_for):
    other = make.new_project(project.landing_unit, name="冷链物流项目")
    rows = (("锂电铜箔项目", "2024-05", 60, "否", "主体封顶", "缺工"), ("冷链物流项目", "2024-05", 0, "是", None, None))
    client = client_for(clerk)
    assert bring_in(client, workbook(*rows)).status_code == 302
    found = ProjectMonth.objects.order_by("pk").values_list("project", "investment", "unchanged", "progress")
    expected = [(project.pk, Decimal("60"), False, "主体封顶"), (other.pk, Decimal("0"), True, "")]
    assert list(found) == expected
    bring_in(client, workbook(*rows))
    assert ProjectMonth.objects.count() == 2


def test_another_units_clerk_sees_no_months_of_it(project, county, client_for):
    make.new_month(project)
    stranger = make.township_seat(make.new_township(county))
    page = client_for(stranger).get(LIST)
    assert "锂电铜箔项目" not in page.content.decode()


def test_a_row_of_a_workbook_that_contradicts_itself_enters_nothing(project, clerk, client_for):
    client = client_for(clerk)
    page = bring_in(client, workbook(("锂电铜箔项目", "2024-05", 60, "是", "主体封顶", None)))
    assert (page.status_code, ProjectMonth.objects.count()) == (422, 0)
    assert "勾选了“本月无变化”的，本月完成投资要填0。" in page.content.decode()


def test_a_month_said_twice_in_a_workbook_is_entered_once_as_first_said(project, clerk, client_for):
    row = ("锂电铜箔项目", "2024-05", 60, "否", "主体封顶", None)
    bring_in(client_for(clerk), workbook(row, (*row[:2], 70, *row[3:])))
    assert [found.investment for found in ProjectMonth.objects.all()] == [Decimal("60")]
