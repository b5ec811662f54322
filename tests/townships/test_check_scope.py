"""`check_scope` finds what the door would never let in, however it came in."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from core.files import attach, store
from tests import factories as make

pytestmark = pytest.mark.django_db


def check():
    """(exit code, what it says)."""
    said = StringIO()
    try:
        call_command("check_scope", stdout=said, stderr=said)
    except SystemExit as end:
        return end.code, said.getvalue()
    return 0, said.getvalue()


@pytest.fixture
def abroad(elsewhere):
    return make.new_project(make.new_township(elsewhere))


@pytest.fixture
def project(township, clerk):
    row = make.new_project(township)
    with make.writing_as(clerk) as writing:
        stored = store([b"a"], name="a.pdf", at=make.NOW)
        attach(writing, row, ledger="projects", slot="其他", name="a.pdf", stored=stored)
    make.judge(make.new_arrival(row))
    return row


def break_row(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_what_came_through_the_door_stays_inside(project, abroad):
    assert check() == (0, "没有跨县的记录。\n")


def test_a_row_that_points_abroad_is_named(project, abroad):
    break_row("UPDATE projects_project SET landing_unit_id = %s WHERE id = %s", abroad.landing_unit_id, project.pk)
    code, said = check()
    assert code == 1
    assert said.splitlines() == [
        f"项目 {project.code}（县 {project.county_id}）的“落户单位”不属于本县。",
        "共 1 处跨县，请联系维护人员处理。",
    ]


def test_a_row_moved_abroad_is_named_with_all_that_belongs_to_it(project, abroad):
    break_row("UPDATE projects_project SET county_id = %s, code = 'X' WHERE id = %s", abroad.county_id, project.pk)
    code, said = check()
    assert code == 1
    for name in ("落户单位", "责任单位", "签约记录", "到位资金", "份额"):
        assert name in said


def test_a_unit_as_a_plain_number_is_watched_too(project, abroad):
    break_row("UPDATE core_evidence SET unit_id = %s", abroad.landing_unit_id)
    code, said = check()
    assert (code, said.count("佐证材料")) == (1, 1)


def test_a_row_of_no_county_is_named(project):
    break_row("UPDATE core_evidence SET county_id = 99999, unit_id = NULL")
    assert "属于不存在的县（99999）" in check()[1]
