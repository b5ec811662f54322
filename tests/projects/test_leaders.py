"""联系县领导 and 分管镇领导: who looks after a project, and who did before, with the days."""

from datetime import date, timedelta

import pytest

from core.write import Refused
from projects.leading import assign_leader
from projects.models import ProjectLeader
from projects.models.leaders import LeaderKind
from projects.services import change_project, void_project
from tests import factories as make
from townships.handing_over import hand_over

pytestmark = pytest.mark.django_db
MARCH, JUNE = date(2024, 3, 1), date(2024, 6, 1)
COUNTY, TOWNSHIP = LeaderKind.COUNTY, LeaderKind.TOWNSHIP


@pytest.fixture
def project(township):
    return make.new_project(township, county_leader="甲县长")


def assign(project, name, since, kind=COUNTY, by=None, **more):
    with make.writing_as(by or project.county) as writing:
        return assign_leader(writing, project=make.fresh(project), kind=kind, name=name, since=since, **more)


def told(project, kind=COUNTY):
    rows = ProjectLeader.objects.current().filter(project=project, kind=kind).in_order()
    return [(row.name, row.since, row.until) for row in rows]


def test_a_change_ends_one_and_begins_the_next(project):
    assign(project, "乙县长", MARCH, post="副县长", document="县委办〔2024〕3号")
    assign(project, "丙县长", JUNE)
    assert told(project) == [
        ("丙县长", JUNE, None),
        ("乙县长", MARCH, JUNE - timedelta(days=1)),
        ("甲县长", None, MARCH - timedelta(days=1)),
    ]
    assert make.fresh(project).county_leader == "丙县长"


def test_the_two_kinds_stand_apart(project):
    assign(project, "镇长", MARCH, kind=TOWNSHIP)
    assert told(project) == []
    assert told(project, TOWNSHIP) == [("镇长", MARCH, None)]
    assert make.fresh(project).county_leader == "甲县长"


@pytest.mark.parametrize("since", [MARCH, MARCH - timedelta(days=1)])
def test_times_never_overlap(project, since):
    assign(project, "乙县长", MARCH)
    with pytest.raises(Refused, match="接任的日期要晚于这一天"):
        assign(project, "丙县长", since)
    assert told(project)[0] == ("乙县长", MARCH, None)


def test_the_day_after_is_early_enough(project):
    assign(project, "乙县长", MARCH)
    assign(project, "丙县长", MARCH + timedelta(days=1))
    assert told(project)[1] == ("乙县长", MARCH, MARCH)


def test_the_same_leader_is_no_change(project):
    with pytest.raises(Refused, match="不用更换"):
        assign(project, "甲县长", MARCH)


def test_another_name_in_the_form_goes_on_the_record(project):
    with make.writing_as(project.county) as writing:
        change_project(writing, project=project, county_leader="乙县长")
    assert told(project) == [("乙县长", make.TODAY, None), ("甲县长", None, make.TODAY - timedelta(days=1))]
    with make.writing_as(project.county) as writing:
        change_project(writing, project=make.fresh(project), county_leader="")
    assert told(project) == [("甲县长", None, make.TODAY - timedelta(days=1))]


def test_other_changes_leave_it_alone(project):
    with make.writing_as(project.county) as writing:
        change_project(writing, project=project, remark="备注")
    assert told(project) == []


def test_a_hand_over_is_a_change_of_leader(project, clerk, township):
    receiver = make.township_seat(township).user
    assign(project, clerk.user.full_name, MARCH, kind=TOWNSHIP)
    with make.writing_as(make.new_seat(project.county, "admin", [])) as writing:
        hand_over(writing, giver=clerk.user, receiver=receiver, on=JUNE, witness="监交人", reason="调离")
    assert told(project, TOWNSHIP) == [
        (receiver.full_name, JUNE, None),
        (clerk.user.full_name, MARCH, JUNE - timedelta(days=1)),
    ]


def test_a_voided_project_takes_it_along(project):
    assign(project, "乙县长", MARCH)
    with make.writing_as(project.county) as writing:
        void_project(writing, project=make.fresh(project), reason="重复")
    assert told(project) == []


def test_the_page_says_who_and_since_when(project, office, clerk, neighbour, client_for):
    client, address = client_for(office), f"/ledgers/projects/records/{project.code}/leaders/"
    sent = {"kind": "county_leader", "name": "乙县长", "post": "副县长", "since": "2024年3月1日", "document": ""}
    page = client.post(address, sent, follow=True).content.decode()
    assert "联系县领导：乙县长（副县长）" in page
    assert "起始时间未记，到2024年2月29日止" in page
    assert address in page
    assert client.post(address, sent).status_code == 422
    assert client_for(clerk).get(address).status_code == 200
    assert client_for(make.township_seat(neighbour)).get(address).status_code == 404
