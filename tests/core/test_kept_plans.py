"""Turning the pages of a preview reads the workbook once, and never shows what no longer holds."""

from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from core.closing import close_month
from core.ledgers import import_runs
from core.ledgers.importing import plan_import
from core.ledgers.kept_plans import KEPT, kept_plan, last_act
from core.models import ImportBatch
from projects.models import Project
from tests import factories as make

pytestmark = pytest.mark.django_db

ADDRESS = "/ledgers/projects/import/preview/"
HEADERS = ("项目名称", "落户乡镇", "总投资（万元）", "签约时间")
ROWS = tuple((f"{n}号项目", "芦溪镇", 100 + n, "2024-03-05") for n in range(150))


@pytest.fixture(autouse=True)
def town(township, files_root):
    return township


@pytest.fixture
def client(office, client_for):
    return client_for(office)


@pytest.fixture
def readings(monkeypatch):
    """One entry for each time that a workbook was planned."""
    read = []

    def plan(*arguments, **options):
        read.append(arguments)
        return plan_import(*arguments, **options)

    monkeypatch.setattr(import_runs, "plan_import", plan)
    return read


def upload(client, *rows):
    book, stream = Workbook(), BytesIO()
    for row in (HEADERS, *rows):
        book.active.append(row)
    book.save(stream)
    client.post("/ledgers/projects/import/", {"file": SimpleUploadedFile("台账.xlsx", stream.getvalue())})


def kinds(client, query=""):
    return {row.word for row in client.get(ADDRESS + query).context["page"]}


def test_pages_and_kinds_come_from_one_reading(client, readings):
    upload(client, *ROWS)
    assert kinds(client) == kinds(client, "?page=2") == kinds(client, "?kind=created") == {"新增"}
    assert len(readings) == 1


def test_after_any_write_in_the_county_it_is_read_again(client, readings, township):
    upload(client, *ROWS[:1])
    assert kinds(client) == {"新增"}
    make.new_project(township, name="0号项目", total_investment="100")
    assert kinds(client) == {"无变化"}
    assert len(readings) == 2


def test_a_closing_or_another_countys_write(client, readings, reviewer, elsewhere):
    upload(client, *ROWS[:1])
    assert kinds(client) == {"新增"}
    make.new_project(make.new_township(elsewhere))
    assert kinds(client) == {"新增"}
    assert len(readings) == 1
    with make.writing_as(reviewer) as writing:
        close_month(writing, ledger="agreements", month=date(2024, 3, 1))
    assert kinds(client) == {"错误"}


def test_another_seat_has_a_plan_of_its_own(client, readings, clerk, client_for):
    other = client_for(clerk)
    upload(client, *ROWS[:1])
    upload(other, *ROWS[:1])
    assert kinds(client) == kinds(other) == {"新增"}
    assert len(readings) == 2


def test_a_plan_that_was_written_is_not_shown_again(client, readings):
    upload(client, *ROWS[:1])
    client.post(ADDRESS, {"token": "t"})
    assert Project.objects.count() == 1
    upload(client, *ROWS[:1])
    assert kinds(client) == {"无变化"}


def test_what_a_person_confirmed_is_what_is_written(client, township):
    """Somebody entered the same project meanwhile: confirming would now change it instead of adding one."""
    upload(client, *ROWS[:1])
    seen = client.get(ADDRESS).context["plan"].digest
    make.new_project(township, name="0号项目", total_investment="77")
    answer = client.post(ADDRESS, {"token": "t", "seen": seen})
    assert answer.status_code == 422
    assert "台账里有了新的改动" in answer.content.decode()
    assert ImportBatch.objects.count() == 0
    seen = answer.context["plan"].digest
    assert client.post(ADDRESS, {"token": "t", "seen": seen}).status_code == 302
    assert ImportBatch.objects.get().summary["updated"] == 1


def test_a_change_elsewhere_in_the_county_stops_nobody(client, township):
    upload(client, *ROWS[:1])
    seen = client.get(ADDRESS).context["plan"].digest
    make.new_project(township, name="别的项目")
    assert client.post(ADDRESS, {"token": "t", "seen": seen}).status_code == 302


def test_few_plans_are_kept(county):
    made = []
    for number in [*range(KEPT + 1), 0, KEPT]:
        kept_plan((last_act(county.pk), number), lambda number=number: made.append(number))
    assert made == [*range(KEPT + 1), 0]
