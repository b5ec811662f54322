"""A list of problems as offices keep it in Excel: those already given to somebody come in so."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest

from core.files import store
from core.ledgers.importing import commit_import, import_into, plan_import
from core.ledgers.ledger import ledger_for
from core.ledgers.undoing import take_back
from core.write import Refused
from tests import factories as make
from townships.problems.models import Cooperation, Problem, ProblemStep

pytestmark = pytest.mark.django_db
HEADER = ("问题", "涉及乡镇", "涉及项目或企业", "具体情况", "问题来源", "提出日期", "责任部门", "办理时限", "交办单号")


def workbook(*rows, header=HEADER):
    book = openpyxl.Workbook()
    for row in (header, *rows):
        book.active.append(row)
    stream = BytesIO()
    book.save(stream)
    stream.seek(0)
    return stream


def planned(seat, *rows):
    return plan_import(ledger_for("problems"), workbook(*rows), seat)


GIVEN = ("用地", "芦溪镇", None, "缺15亩", "项目", "2024-05-01", "县自然资源局", "2024-08-31", "督查3号")
RAISED = ("用电", "芦溪镇", None, "容量不足", "走访", "2024-05-02", None, None, None)


def test_what_is_given_already_comes_in_given(office, township, land):
    plan = planned(office, GIVEN, RAISED)
    assert plan.errors == []
    with make.writing_as(office) as writing:
        commit_import(writing, plan)
    given, raised = Problem.objects.order_by("pk")
    assert (given.stage, given.responsible, given.deadline, given.document) == (
        "handling", land, date(2024, 8, 31), "督查3号",
    )  # fmt: skip
    assert given.assigned_on == given.raised_on == date(2024, 5, 1)
    assert (raised.stage, raised.responsible, raised.township) == ("raised", None, township)
    assert ProblemStep.objects.get().problem == given
    assert planned(office, GIVEN, RAISED).counts["unchanged"] == 2


def test_a_problem_names_its_project(office, township):
    project = make.new_project(township, name="芦溪食品园")
    row = ("用电", None, "芦溪食品园", "容量不足", "项目", "2024-05-02", None, None, None)
    with make.writing_as(office) as writing:
        commit_import(writing, planned(office, row))
    problem = Problem.objects.get()
    assert (problem.subject_ledger, problem.subject_id, problem.township) == ("projects", project.pk, township)
    assert planned(office, row).counts["unchanged"] == 1


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ((*GIVEN[:7], None, None), "责任单位和办理期限都要填写"),
        ((*GIVEN[:6], None, *GIVEN[7:]), "责任单位和办理期限都要填写"),
        ((*GIVEN[:2], "没有的项目", *GIVEN[3:]), "没有找到“没有的项目”"),
        ((*GIVEN[:6], "没有的局", *GIVEN[7:]), "没有的局"),
        ((*GIVEN[:4], "道听途说", *GIVEN[5:]), "道听途说"),
    ],
)
def test_what_can_not_be_read_is_said_beside_the_row(row, sentence, office, township, land):
    assert sentence in "".join(remark.message for remark in planned(office, row).errors)


def test_a_township_gives_nothing_to_anybody(clerk, township, land):
    assert "由县招商办交办时填写" in planned(clerk, GIVEN).errors[0].message
    with make.writing_as(clerk) as writing:
        commit_import(writing, planned(clerk, RAISED))
    assert Problem.objects.get().raised_unit == township


def test_no_workbook_moves_a_deadline(office, township, land):
    with make.writing_as(office) as writing:
        commit_import(writing, planned(office, GIVEN))
    moved = (*GIVEN[:7], "2024-12-31", "督查3号")
    with pytest.raises(Refused, match="办理期限的变更请在它的页面上办理"), make.writing_as(office) as writing:
        commit_import(writing, planned(office, moved))


def test_a_workbook_gives_what_was_only_raised(office, township, land):
    with make.writing_as(office) as writing:
        commit_import(writing, planned(office, RAISED))
    with make.writing_as(office) as writing:
        commit_import(writing, planned(office, (*RAISED[:6], "县自然资源局", "2024-08-31", None)))
    assert Problem.objects.get().responsible == land


def test_an_import_is_taken_back_with_its_steps(office, township, land):
    with make.writing_as(office) as writing:
        stored = store([b"list"], name="问题清单.xlsx", at=make.NOW)
        batch = import_into(writing, planned(office, GIVEN), stored, "问题清单.xlsx")
    with make.writing_as(office) as writing:
        take_back(writing, batch, reason="导错了")
    for model in (Problem, ProblemStep, Cooperation):
        assert not model.objects.current().exists()
