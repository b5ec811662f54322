"""撤销导入: everything a batch wrote is taken back, unless somebody has worked on it since."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import Workbook

from core.closing import close_month
from core.files import attach, store
from core.ledgers.importing import import_into, plan_import
from core.ledgers.ledger import ledger_for
from core.ledgers.undoing import obstacles, take_back
from core.models import AuditEntry, ImportBatch
from core.records import Verdict
from core.verification import accept_opening, give_verdict
from core.write import Refused
from projects.models import Agreement, Milestone, Project, ProjectShare
from tests import factories as make
from townships.models import Unit

pytestmark = pytest.mark.django_db

HEADERS = ("项目名称", "落户乡镇", "总投资（万元）", "签约时间", "投资方", "开工时间")
OLD = ("甲项目", "芦溪镇", 100, "2024-03-05", "甲公司", None)
CHANGED = ("甲项目", "芦溪镇", 150, "2024-03-05", "乙公司", None)
NEW = ("乙项目", "芦溪镇", 200, "2024-03-06", "丙公司", "2024-05-01")
LIVING = (Project, Agreement, Milestone, ProjectShare, Unit)


@pytest.fixture(autouse=True)
def county(settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"
    county = make.new_county()
    make.new_township(county, name="芦溪镇")
    return county


@pytest.fixture
def clerk(county):
    return make.new_seat(county, duties=["entry"])


@pytest.fixture
def reviewer(county):
    return make.new_seat(county, duties=["review"])


def imported(clerk, *rows, **options):
    book, stream = Workbook(), BytesIO()
    for row in (HEADERS, *rows):
        book.active.append(row)
    book.save(stream)
    with make.writing_as(clerk) as writing:
        plan = plan_import(ledger_for("projects"), stream, clerk, **options)
        assert plan.errors == []
        return import_into(writing, plan, store([stream.getvalue()], name="台账.xlsx", at=make.NOW), "台账.xlsx")


def undo(clerk, batch, reason="导错了表"):
    with make.writing_as(clerk) as writing:
        return take_back(writing, make.fresh(batch), reason=reason)


def living():
    return [model.objects.current().count() for model in LIVING]


def contents():
    """Every living row without what the door counts."""
    return [
        [
            {k: v for k, v in row.items() if k != "row_version"}
            for row in model.objects.current().order_by("pk").values()
        ]
        for model in LIVING
    ]


def test_new_rows_are_voided_with_all_that_came_along(clerk):
    batch = imported(clerk, NEW, ("丁项目", "新镇", 1, "2024-03-06", None, None), create_units=True)
    assert living() == [2, 2, 1, 2, 2]
    undo(clerk, batch)
    assert living() == [0, 0, 0, 0, 1]
    assert make.fresh(batch).void_reason == "导错了表"
    assert set(Project.objects.values_list("void_reason", flat=True)) == {"导错了表"}


def test_changed_rows_stand_as_before_with_their_verdict(clerk, reviewer):
    imported(clerk, OLD)
    with make.writing_as(reviewer) as writing:
        give_verdict(writing, Agreement.objects.all(), verdict=Verdict.ACCEPTED, on=date(2024, 4, 1), note="已核")
    before = contents()
    batch = imported(clerk, CHANGED)
    agreement = Agreement.objects.get()
    assert (agreement.total_investment, agreement.verdict) == (Decimal(150), Verdict.PENDING)
    assert undo(clerk, batch) == 3  # the project, its agreement, and the investor that came with it
    assert contents() == before
    assert AuditEntry.objects.filter(action="撤销导入").count() == 2


def test_the_same_file_comes_in_again_after_the_undoing(clerk):
    undo(clerk, imported(clerk, NEW))
    imported(clerk, NEW)
    assert living() == [1, 1, 1, 1, 1]


def verify(row, reviewer):
    with make.writing_as(reviewer) as writing:
        give_verdict(writing, Agreement.objects.current(), verdict=Verdict.ACCEPTED, on=date(2024, 4, 1), note="已核")


def change(row, reviewer):
    with make.writing_as(row.county_id) as writing:
        writing.change(row, remark="补充")


def hang_a_row_on_it(row, reviewer):
    make.new_arrival(row, "100", date(2024, 3, 1))


def attach_a_paper(row, reviewer):
    with make.writing_as(row.county_id) as writing:
        stored = store([b"paper"], name="a.pdf", at=make.NOW)
        attach(writing, row, ledger="projects", slot="协议", name="a.pdf", stored=stored)


@pytest.mark.parametrize("touch", [verify, change, hang_a_row_on_it, attach_a_paper])
def test_what_was_touched_since_keeps_the_batch(clerk, reviewer, touch):
    batch = imported(clerk, NEW)
    touch(Project.objects.get(), reviewer)
    before = contents()
    with pytest.raises(Refused, match="不能撤销这一批"):
        undo(clerk, batch)
    assert contents() == before


def test_the_first_obstacles_are_named_and_the_rest_counted(clerk):
    batch = imported(clerk, *[(f"项目{n}", "芦溪镇", 1, "2024-03-05", None, None) for n in range(5)])
    for project in Project.objects.order_by("pk"):
        change(project, None)
    found = obstacles(make.fresh(batch))
    assert len(found) == 4
    assert found[0].startswith("项目“项目0”导入后已由")
    assert found[-1] == "另有 2 处后来的改动。"


def test_an_accepted_batch_stays(clerk, reviewer):
    batch = imported(clerk, NEW)
    ledger = ledger_for("projects")
    with make.writing_as(reviewer) as writing:
        accept_opening(
            writing, batch, ledger.written_by(batch), document="纪要", dated=date(2024, 1, 1), on=date(2024, 4, 1)
        )
    with pytest.raises(Refused, match="作期初认定，不能撤销"):
        undo(clerk, batch)


def test_a_closed_month_keeps_its_batch(clerk, reviewer):
    batch = imported(clerk, NEW)
    with make.writing_as(reviewer) as writing:
        close_month(writing, ledger="agreements", month=date(2024, 3, 1))
    assert obstacles(make.fresh(batch)) == ["2024年3月的签约记录已经关账，不能撤销这一批。"]
    with pytest.raises(Refused, match="已经关账"):
        undo(clerk, batch)


def test_a_batch_is_taken_back_once(clerk):
    batch = imported(clerk, NEW)
    undo(clerk, batch)
    with pytest.raises(Refused, match="已经撤销"):
        undo(clerk, batch)


def test_another_batch_untouched_by_it_stays(clerk):
    imported(clerk, OLD)
    undo(clerk, imported(clerk, OLD, NEW))
    assert list(Project.objects.current().values_list("name", flat=True)) == ["甲项目"]


def test_the_page_asks_why_and_says_what_became_of_it(clerk, client_for):
    batch, client = imported(clerk, NEW), client_for(clerk)
    address = f"/imports/{batch.code}/undo/"
    assert "新增的 1 条记录作废" in client.get(address).content.decode()
    assert client.post(address, {"token": "x"}).status_code == 422
    assert client.post(address, {"token": "x", "reason": "导错了表"}).status_code == 302
    page = client.get(f"/imports/{batch.code}/").content.decode()
    assert "已撤销" in page
    assert "期初认定" not in page
    assert "这一批已经撤销" in client.get(address).content.decode()
    assert ImportBatch.objects.get().voided_at
