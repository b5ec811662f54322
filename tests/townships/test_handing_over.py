"""移交: one act gives on all that is open, shuts the account, keeps the names, and leaves a list to be signed."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.ledgers.ledger import ledger_for
from core.ledgers.saved_views import save_view
from core.models import AuditEntry
from core.records import Verdict
from core.write import Refused
from reporting.models import Reviewer
from tests import factories as make
from tests.ratings import closed, new_sheet, say
from townships.handing_over import CHANGED, found_with, hand_over
from townships.models import HandOver, Seat
from townships.services import seats_of

pytestmark = pytest.mark.django_db
TOLD = {"witness": "王监交", "reason": "调离"}
TODAY = make.TODAY


@pytest.fixture
def admin(county):
    return make.new_seat(county, "admin", [])


@pytest.fixture
def receiver(township):
    return make.township_seat(township, ["review"]).user


def given(actor, giver, receiver, **more):
    with make.writing_as(actor) as writing:
        return hand_over(writing, giver=giver, receiver=receiver, on=TODAY, **{**TOLD, **more})


def lines(person, county):
    return [(line.source.title, line.thing.name) for line in found_with(person, county.pk, TODAY)]


def test_seats_go_to_the_receiver_and_the_account_is_shut(clerk, receiver, admin, client_for):
    browser = client_for(clerk)
    assert browser.get("/").status_code == 200
    row = given(admin, clerk.user, receiver)
    assert not list(seats_of(clerk.user, TODAY))
    assert {(seat.unit, tuple(seat.duties)) for seat in seats_of(receiver, TODAY)} == {
        (clerk.unit, ("entry",)),
        (clerk.unit, ("review",)),
    }
    assert not make.fresh(clerk.user).is_active
    assert browser.get("/").status_code == 302
    assert row.seats == clerk.title
    assert (make.fresh(clerk).voided_at, make.fresh(clerk).valid_until) == (None, TODAY - timedelta(days=1))


def test_a_seat_as_good_is_not_given_twice(clerk, admin):
    other = make.township_seat(clerk.unit, ["entry", "review"])
    given(admin, clerk.user, other.user)
    assert list(seats_of(other.user, TODAY)) == [other]


def test_everything_open_is_on_the_list(clerk, county, township, neighbour, elsewhere):
    person = clerk.user
    project = make.new_project(township, by=clerk, township_leader=person.full_name)
    arrival = make.new_arrival(project, by=clerk)
    make.judge(arrival, verdict=Verdict.RETURNED, note="看不清")
    make.new_project(make.new_township(elsewhere), county_leader=person.full_name)
    new_sheet(county, [neighbour], [(clerk, "评委")], topic="服务评价")
    with make.writing_as(county) as writing:
        ledger = ledger_for("projects")
        save_view(writing, ledger=ledger, user=person, name="常用", query="", shared=True)
        save_view(writing, ledger=ledger, user=person, name="自己的", query="", shared=False)
    assert lines(person, county) == [
        ("岗位", clerk.title),
        ("退回待改", f"{arrival}（{arrival.code}）"),
        ("等待认定", "签约1笔"),
        ("共享视图", "常用"),
        ("联系和分管的项目", f"{project}（{project.code}）"),
        ("评分", "2024年二季度服务评价（评委）"),
    ]


def test_projects_views_and_ratings_name_the_receiver(clerk, receiver, admin, county, township, neighbour):
    person = clerk.user
    project = make.new_project(township, township_leader=person.full_name, county_leader="别人")
    sheet = new_sheet(county, [neighbour], [(clerk, "评委")], topic="服务评价")
    with make.writing_as(county) as writing:
        named = {"ledger": ledger_for("projects"), "name": "常用", "query": ""}
        view = save_view(writing, user=person, shared=True, **named)
        save_view(writing, user=receiver, shared=False, **named)
    given(admin, person, receiver)
    found = make.fresh(project)
    assert (found.township_leader, found.county_leader) == (receiver.full_name, "别人")
    assert make.fresh(view).owner == receiver
    assert make.fresh(view).name == f"常用（{person}）"
    reviewer = Reviewer.objects.current().get(sheet=sheet)
    assert (reviewer.seat.user, reviewer.seat.unit) == (receiver, township)
    left = [line for line in lines(person, county) if line[0] not in ("等待认定", "退回待改")]
    assert left == []


def test_history_keeps_the_name_of_who_wrote(clerk, receiver, admin, township):
    project = make.new_project(township, by=clerk)
    given(admin, clerk.user, receiver)
    assert make.fresh(project).entered_as == clerk.label
    assert AuditEntry.objects.filter(actor=clerk.label, record_code=project.code, action="新增").exists()
    assert AuditEntry.objects.filter(actor=admin.label, action="停用账号").exists()


@pytest.mark.parametrize("who", ["giver", "receiver"])
def test_who_gives_or_receives_does_not_arrange_it(who, county, clerk, receiver):
    people = {"giver": clerk.user, "receiver": receiver}
    actor = make.new_seat(county, duties=["review"], user=people[who])
    with pytest.raises(Refused, match="第三人"):
        given(actor, **people)
    assert not HandOver.objects.exists()


def test_the_office_hands_over_no_seat_that_watches(reviewer, county, receiver):
    auditor = make.new_seat(county, "auditor", [])
    with pytest.raises(Refused, match="由系统管理员办理"):
        given(reviewer, auditor.user, receiver)
    assert list(seats_of(auditor.user, TODAY)) == [auditor]


def test_the_office_hands_over_business_seats(reviewer, clerk, receiver):
    assert given(reviewer, clerk.user, receiver).code.startswith("YJ")


@pytest.mark.parametrize("post", ["county", "township", "township2", "leader", "auditor", "inspector"])
def test_nobody_else_hands_over(post, seats, clerk, receiver):
    with pytest.raises(Refused):
        given(seats[post], clerk.user, receiver)
    assert list(seats_of(clerk.user, TODAY)) == [clerk]


def test_a_list_that_changed_meanwhile_is_shown_again(admin, clerk, receiver, county):
    looked_at = len(lines(clerk.user, county))
    make.new_seat(county, "leader", [], user=clerk.user)
    with pytest.raises(Refused, match=CHANGED):
        given(admin, clerk.user, receiver, expected=looked_at)
    assert make.fresh(clerk.user).is_active


def test_a_reviewer_who_is_asked_already_is_not_asked_twice(admin, clerk, county, neighbour, township):
    other = make.township_seat(township)
    new_sheet(county, [neighbour], [(clerk, "评委"), (other, "评委")], topic="服务评价")
    with pytest.raises(Refused, match="已是"):
        given(admin, clerk.user, other.user)
    assert make.fresh(clerk.user).is_active
    assert Seat.objects.get(pk=clerk.pk).valid_until is None


def test_a_person_of_two_counties_keeps_the_account(admin, clerk, receiver, elsewhere):
    abroad = make.new_seat(elsewhere, "leader", [], user=clerk.user)
    given(admin, clerk.user, receiver)
    assert make.fresh(clerk.user).is_active
    assert list(seats_of(clerk.user, TODAY)) == [abroad]


def test_closed_sheets_are_history(admin, clerk, receiver, county, neighbour):
    sheet = new_sheet(county, [neighbour], [(clerk, "评委")], topic="旧的")
    say(sheet, clerk, {neighbour: (80, "按时报送")})
    closed(sheet)
    assert "评分" not in [title for title, _ in lines(clerk.user, county)]
    given(admin, clerk.user, receiver)
    assert Reviewer.objects.get(sheet=sheet).seat == clerk


# -- the pages ---------------------------------------------------------------------------------------


def test_from_the_list_to_the_signed_paper(admin, clerk, receiver, client_for, township):
    client = client_for(admin)
    assert clerk.user.full_name in client.get("/accounts/handovers/").content.decode()
    address = f"/accounts/handovers/{clerk.user_id}/new/"
    page = client.get(address)
    assert clerk.title in page.content.decode()
    sent = {**TOLD, "receiver": receiver.pk, "expected": page.context["form"]["expected"].initial}
    answer = client.post(address, sent, follow=True)
    paper = answer.content.decode()
    assert "移交清单" in paper
    for words in (clerk.title, "移交人：", "接收人：", "监交人：", "王监交", str(receiver), "调离"):
        assert words in paper
    assert client.get(address).status_code == 404
    assert "调离" in client.get("/accounts/handovers/").content.decode()


def test_another_countys_people_cannot_receive(admin, clerk, elsewhere, client_for):
    stranger = make.new_seat(elsewhere, "leader", []).user
    address = f"/accounts/handovers/{clerk.user_id}/new/"
    answer = client_for(admin).post(address, {**TOLD, "receiver": stranger.pk})
    assert answer.status_code == 422
    assert client_for(admin).get(f"/accounts/handovers/{stranger.pk}/new/").status_code == 404


def test_more_open_things_ask_no_more_questions(admin, clerk, township, client_for):
    client, address = client_for(admin), f"/accounts/handovers/{clerk.user_id}/new/"
    make.new_project(township, by=clerk, township_leader=clerk.user.full_name)

    def questions():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    few = questions()
    for _ in range(3):
        make.new_project(township, by=clerk, township_leader=clerk.user.full_name)
    assert questions() == few <= 45
