"""The preview of an import: every row, by kind and page by page, and the choice of rows."""

from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from core.closing import close_month
from core.models import ImportBatch
from projects.models import Project
from tests import factories as make
from townships.models import County

pytestmark = pytest.mark.django_db

ADDRESS = "/ledgers/projects/import/preview/"
HEADERS = ("项目名称", "落户乡镇", "总投资（万元）", "签约时间")
MIXED = (
    ("甲项目", "芦溪镇", 100, "2024-03-05"),
    ("乙项目", "芦溪镇", 200, "2024.13"),
    ("丙项目", "芦溪镇", 300, "2024-03-06"),
    ("丙项目", "芦溪镇", 300, "2024-03-06"),
)


@pytest.fixture
def client(client_for, settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"
    county = make.new_county()
    make.new_township(county, name="芦溪镇")
    return client_for(make.new_seat(county, duties=["entry"]))


def upload(client, *rows):
    book, stream = Workbook(), BytesIO()
    for row in (HEADERS, *rows):
        book.active.append(row)
    book.save(stream)
    client.post("/ledgers/projects/import/", {"file": SimpleUploadedFile("台账.xlsx", stream.getvalue())})


def shown(client, query=""):
    return [(row.planned.row, row.word) for row in client.get(ADDRESS + query).context["page"]]


def names():
    return sorted(Project.objects.values_list("name", flat=True))


def test_every_row_is_shown_and_each_kind_can_be_asked_for(client):
    upload(client, *MIXED)
    assert shown(client) == [(2, "新增"), (3, "错误"), (4, "新增"), (5, "疑似重复")]
    assert shown(client, "?kind=error") == [(3, "错误")]
    assert shown(client, "?kind=warning") == [(5, "疑似重复")]
    assert len(shown(client, "?kind=nonsense")) == 4
    chips = client.get(ADDRESS).context["chips"]
    assert [(chip.word, chip.count) for chip in chips] == [
        ("全部", 4), ("新增", 2), ("疑似重复", 1), ("错误", 1), ("提醒", 1),
    ]  # fmt: skip


@pytest.mark.parametrize(("query", "count"), [("", 100), ("?page=2", 1), ("?page=9", 1), ("?page=x", 100)])
def test_the_hundred_and_first_row_is_on_the_second_page(client, query, count):
    upload(client, *[(f"项目{n}", "芦溪镇", 1, "2024-03-05") for n in range(101)])
    assert len(shown(client, query)) == count


@pytest.mark.parametrize(("sent", "status", "saved"), [
    ({}, 422, []),
    ({"take": "all"}, 422, []),
    ({"take": "clean"}, 302, ["丙项目", "甲项目"]),
    ({"take": "ticked", "row": ["2"]}, 302, ["丙项目"]),
    ({"take": "ticked", "row": ["1", "3", "99", "x"]}, 422, []),
    ({"take": "ticked"}, 422, []),
])  # fmt: skip
def test_only_chosen_rows_without_errors_are_written(client, sent, status, saved):
    upload(client, *MIXED)
    assert client.post(ADDRESS, {"token": "x", **sent}).status_code == status
    assert names() == saved
    batch = ImportBatch.objects.first()
    whole = len(saved) if sent.get("take") == "ticked" else len(MIXED)
    assert (batch and batch.row_count) == (whole if saved else None)


def test_without_errors_everything_is_written_unless_rows_are_ticked(client):
    upload(client, MIXED[0], MIXED[2])
    assert client.post(ADDRESS, {"token": "x", "take": "ticked", "row": ["0"]}).status_code == 302
    upload(client, MIXED[0], MIXED[2])
    assert client.post(ADDRESS, {"token": "y"}).status_code == 302
    assert names() == ["丙项目", "甲项目"]


def test_a_row_like_a_refused_one_is_no_second_one(client):
    """Both stand in a closed month: whoever mends the first must hear of the second too."""
    county = County.objects.get()
    with make.writing_as(make.new_seat(county, duties=["review"])) as writing:
        close_month(writing, ledger="agreements", month=date(2024, 3, 1))
    upload(client, MIXED[2], MIXED[3])
    assert shown(client) == [(2, "错误"), (3, "错误")]


def test_the_preview_of_many_rows_takes_no_more_queries(client, django_assert_max_num_queries):
    upload(client, *[(f"项目{n}", "芦溪镇", 1, "2024-03-05") for n in range(150)])
    with django_assert_max_num_queries(30):
        client.get(ADDRESS)


def test_of_very_many_remarks_the_first_two_hundred_are_listed(client):
    upload(client, *[(f"项目{n}", "芦溪镇", 1, "2024.13") for n in range(201)])
    shown = client.get(ADDRESS).content.decode()
    assert "要改的地方（201）" in shown
    assert (shown.count("第201行“签约时间”"), "第202行“签约时间”" in shown.split("逐行核对")[0]) == (1, False)
    assert "这里只列出前 200 处" in shown
