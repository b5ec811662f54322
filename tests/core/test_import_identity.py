"""Which record a row is about: 编号, then 投资项目代码, then name, township and year; never a guess between two."""

from datetime import date
from io import BytesIO

import pytest
from django.http import QueryDict
from openpyxl import Workbook, load_workbook

from core.dates import DateSpan
from core.ledgers.exporting import write_list
from core.ledgers.importing import ERROR, NEW, SAME, UPDATE, import_into, plan_import
from core.ledgers.ledger import ledger_for
from core.ledgers.query import ListQuery
from core.models import StoredFile
from projects.lifecycle import Step
from projects.models import Milestone, Project
from tests import factories as make

pytestmark = pytest.mark.django_db
HEADERS = ("项目名称", "落户乡镇", "总投资（万元）", "签约时间", "投资项目代码", "编号")
FIRST, SECOND = "2401-510722-04-01-000001", "2401-510722-04-01-000002"


def planned(seat, *rows, headers=HEADERS, key="projects", title=None):
    book, stream = Workbook(), BytesIO()
    book.active.title = title or "台账"
    for row in (headers, *rows):
        book.active.append(row)
    book.save(stream)
    stream.seek(0)
    return plan_import(ledger_for(key), stream, seat)


def only(plan):
    (row,) = plan.rows
    return row.kind, row.record, [remark.message for remark in row.remarks]


def taken(seat, plan):
    stored, _ = StoredFile.objects.get_or_create(sha256="0" * 64, size=1, media_type="x", stored_at=make.NOW)
    with make.writing_as(seat) as writing:
        return import_into(writing, plan, stored, "a.xlsx")


@pytest.fixture
def project(township):
    signed = DateSpan.day(date(2024, 3, 5))
    return make.new_project(township, name="甲项目", total_investment="100", signed=signed, approval_code=FIRST)


def test_the_number_finds_a_record_whatever_else_was_changed(office, project, township):
    plan = planned(office, ("乙项目", "芦溪镇", 200, "2023-01-01", "", project.code))
    assert only(plan)[:2] == (UPDATE, project)
    taken(office, plan)
    assert Project.objects.current().get().name == "乙项目"


def test_the_states_code_finds_a_renamed_project(office, project):
    assert only(planned(office, ("甲项目一期", "芦溪镇", 100, "2024-03-05", FIRST, "")))[:2] == (UPDATE, project)
    assert only(planned(office, ("甲项目", "芦溪镇", 100, "2024-03-05", FIRST, "")))[:2] == (SAME, project)


def test_name_township_and_year_find_it_where_no_code_is_given(office, project):
    assert only(planned(office, (" 甲 项目", "芦溪镇", 100, "2024-03-05", "", "")))[1] == project
    assert only(planned(office, ("甲项目", "芦溪镇", 100, "2023-03-05", "", "")))[0] == NEW


def test_a_number_that_nobody_has_is_refused(office, project):
    kind, _, said = only(planned(office, ("甲项目", "芦溪镇", 100, "2024-03-05", "", "XM2024-00099")))
    assert kind == ERROR
    assert "没有编号为XM2024-00099的项目，请核对；新增的不填编号。" in said[0]


def test_the_sheets_own_counting_is_no_number(office, project):
    assert only(planned(office, ("丙项目", "芦溪镇", 100, "2024-03-05", "", "1")))[0] == NEW
    assert only(planned(office, ("甲项目", "芦溪镇", 100, "2024-03-05", "", 1)))[1] == project


def test_two_codes_of_two_projects_are_refused(office, project, township):
    other = make.new_project(township, name="丁项目", approval_code=SECOND)
    kind, _, said = only(planned(office, ("甲项目", "芦溪镇", 100, "2024-03-05", SECOND, "")))
    assert kind == ERROR
    assert f"投资项目代码是“丁项目”（{other.code}）的" in said[0]
    assert f"名称、乡镇和签约年份是“甲项目”（{project.code}）的，请核对是哪一个" in said[0]
    assert only(planned(office, ("丁项目", "芦溪镇", 100, "2024-03-05", SECOND, project.code)))[0] == ERROR


def test_another_countys_number_is_nobodys(office, township, elsewhere):
    far = make.new_project(make.new_township(elsewhere), name="远项目")
    make.new_project(make.new_township(elsewhere), name="更远项目")
    kind, _, said = only(planned(office, ("甲项目", "芦溪镇", 100, "2024-03-05", "", "XM2024-00002")))
    assert (kind, far.name) == (ERROR, "远项目")
    assert "没有编号为XM2024-00002的项目" in said[0]


def test_two_equal_payments_come_back_by_their_numbers(office, project):
    rows = [make.new_arrival(project, "50", date(2024, 4, 1)) for _ in range(2)]
    stream, ledger = BytesIO(), ledger_for("arrivals")
    write_list(stream, ListQuery(ledger, QueryDict(), office), at=make.NOW)
    stream.seek(0)
    plan = plan_import(ledger, stream, office)
    assert {row.record.pk for row in plan.rows} == {row.pk for row in rows}
    assert [row.kind for row in plan.rows] == [SAME, SAME]


def test_chosen_columns_come_back_by_their_numbers(office, project):
    stream, ledger = BytesIO(), ledger_for("projects")
    write_list(stream, ListQuery(ledger, QueryDict("columns=name,landing_unit,remark"), office), at=make.NOW)
    book = load_workbook(stream)
    cell = next(cell for row in book.active.iter_rows() for cell in row if cell.value == "甲项目")
    cell.value = "改名项目"
    stream = BytesIO()
    book.save(stream)
    stream.seek(0)
    plan = plan_import(ledger, stream, office)
    assert [(row.kind, row.record, row.changes) for row in plan.rows] == [
        (UPDATE, project, [("项目名称", "甲项目", "改名项目")])
    ]


@pytest.mark.parametrize("written", ["{code}", "甲项目（{code}）", "甲项目({code})", "写错的名称（{code}）", FIRST])
def test_a_parent_is_found_by_its_number(office, project, township, written):
    make.new_project(township, name="甲项目", signed=DateSpan.day(date(2022, 1, 1)))
    row = (written.format(code=project.code), "2024-05", 10)
    plan = planned(office, row, headers=("项目名称", "到位月份", "到位金额（万元）"), key="arrivals")
    assert plan.errors == []
    assert plan.rows[0].values["project"] == project


def test_a_name_of_two_projects_asks_for_the_number(office, project, township):
    make.new_project(township, name="甲项目", signed=DateSpan.day(date(2022, 1, 1)))
    headers = ("项目名称", "到位月份", "到位金额（万元）")
    plan = planned(office, ("甲项目", "2024-05", 10), headers=headers, key="arrivals")
    assert "有2个项目都叫“甲项目”，请在名称后用括号注明编号" in plan.errors[0].message


# -- 开工时间 -----------------------------------------------------------------------------------------------


STARTED = ("项目名称", "落户乡镇", "总投资（万元）", "签约时间", "开工时间")


def starting(office, day):
    return planned(office, ("甲项目", "芦溪镇", 100, "2024-03-05", day), headers=STARTED)


def test_a_start_that_comes_later_is_written_and_can_be_put_right(office, project):
    for day in ("2024-05-06", "2024-05-07"):
        plan = starting(office, day)
        assert [change[0] for change in plan.rows[0].changes] == ["开工时间"]
        taken(office, plan)
    (start,) = Milestone.objects.current().filter(project=project, step=Step.START)
    assert start.happened_on == date(2024, 5, 7)
    assert starting(office, "2024-05-07").rows[0].kind == SAME


def test_a_verified_start_stays_and_says_so(office, project):
    taken(office, starting(office, "2024-05-06"))
    make.judge(Milestone.objects.current().get(step=Step.START))
    plan = starting(office, "2024-06-01")
    assert plan.rows[0].kind == SAME
    assert plan.errors == []
    assert any("开工时间已认定为2024年5月6日，没有改动" in remark.message for remark in plan.rows[0].remarks)


# -- a sheet for each township ------------------------------------------------------------------------------


@pytest.mark.parametrize("title", ["芦溪镇", "芦溪", "芦溪镇2024年签约项目", "芦溪镇（5个）"])
def test_a_sheets_name_is_its_township(office, township, title):
    row = ("甲项目", 100, "2024-03-05")
    plan = planned(office, row, headers=("项目名称", "总投资（万元）", "签约时间"), title=title)
    assert plan.errors == []
    assert plan.rows[0].values["landing_unit"] == township


@pytest.mark.parametrize("title", ["Sheet1", "2024年", "别处镇"])
def test_a_sheet_that_names_no_township_leaves_the_question(office, township, title):
    row = ("甲项目", 100, "2024-03-05")
    plan = planned(office, row, headers=("项目名称", "总投资（万元）", "签约时间"), title=title)
    assert "缺少“落户乡镇”" in plan.errors[0].message


def test_a_column_goes_before_the_sheets_name(office, township, neighbour):
    plan = planned(office, ("甲项目", "塔山镇", 100, "2024-03-05", "", ""), title="芦溪镇")
    assert plan.rows[0].values["landing_unit"] == neighbour


@pytest.mark.parametrize(("amount", "kind"), [
    (1_000_000, ERROR), (0.01, ERROR), (999_999, UPDATE), (0.0101, UPDATE), (10_000, UPDATE), (100, SAME),
])  # fmt: skip
def test_exactly_ten_thousand_times_the_old_amount_is_a_slip_of_the_unit(office, project, amount, kind):
    found, _, said = only(planned(office, ("甲项目", "芦溪镇", amount, "2024-03-05", FIRST, "")))
    assert found == kind
    assert ["正好差一万倍" in sentence for sentence in said] == [True] * (kind == ERROR)
