"""评分 at the door: who may say what about whom, until when, and what is kept of it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from core.audit_trail import history_of
from core.write import Refused
from reporting.models import Rating, RatingSheet, Reviewer
from reporting.models.ratings import OWN_GROUP
from reporting.rating import services
from reporting.rating.roster import roster_of, waiting_for
from tests import factories as make
from tests.ratings import DEADLINE, closed, expert, new_sheet, opinion, reopened, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def judge(county):
    return expert(county)


@pytest.fixture
def head(neighbour):
    return make.township_seat(neighbour)


@pytest.fixture
def sheet(county, township, neighbour, judge, head, clerk):
    asked = [(judge, "部门"), (head, "乡镇"), (clerk, OWN_GROUP)]
    return new_sheet(county, [township, neighbour], asked)


def refused(act, *parts):
    with pytest.raises(Refused) as said:
        act()
    assert all(part in " ".join(said.value.messages) for part in parts), said.value.messages
    return said.value


@pytest.mark.parametrize("value", ["0", "100", "99.99"])
def test_both_ends_of_the_scale_are_inside(sheet, judge, township, value):
    assert say(sheet, judge, {township: value}) == 1
    assert Rating.objects.get().value == Decimal(value)


@pytest.mark.parametrize("value", ["-0.01", "100.01", "1000"])
def test_what_lies_beyond_is_refused_beside_its_box(sheet, judge, township, value):
    with pytest.raises(ValidationError, match="。") as said:
        say(sheet, judge, {township: value})
    assert said.value.message_dict == {"value": ["分值应在0分至100分之间。"]}
    assert not Rating.objects.exists()


def test_nobody_scores_their_own_unit_but_in_their_own_group(sheet, head, clerk, township, neighbour):
    roster = roster_of(sheet)
    assert {(r.group, unit.name) for r, unit in roster.asked} == {
        ("部门", "芦溪镇"), ("部门", "塔山镇"), ("乡镇", "芦溪镇"), ("自评", "芦溪镇"),
    }  # fmt: skip
    own = Reviewer.objects.get(seat=head)
    with make.writing_as(head) as writing:
        refused(lambda: services.rate(writing, sheet=sheet, given={(own, neighbour): opinion(90)}), "不请您评塔山镇")


def test_a_reviewer_writes_own_rows_only(sheet, judge, head, township):
    others = Reviewer.objects.get(seat=judge)
    with make.writing_as(head) as writing:
        given = {(others, township): opinion(90)}
        refused(lambda: services.rate(writing, sheet=sheet, given=given), "不能填写这条评分")
    say(sheet, judge, {township: 80})
    with make.writing_as(head) as writing:
        refused(lambda: services.rate(writing, sheet=sheet, given=given), "不能填写这条评分")
    assert Rating.objects.get().value == 80


@pytest.mark.parametrize("duties", [["entry"], ["review", "publish"]])
def test_the_county_office_answers_for_nobody(sheet, county, judge, township, duties):
    row = Reviewer.objects.get(seat=judge)
    with make.writing_as(make.new_seat(county, duties=duties)) as writing:
        given = {(row, township): opinion(90)}
        refused(lambda: services.rate(writing, sheet=sheet, given=given), "不能填写这条评分")


def test_a_leader_without_any_duty_scores_where_named(county, township):
    leader = make.new_seat(county, "leader", [])
    sheet = new_sheet(county, [township], [(leader, "县领导")])
    assert say(sheet, leader, {township: 88}) == 1


def test_a_reviewer_of_another_county_has_no_way_in(county, elsewhere, township):
    stranger = expert(elsewhere)
    with pytest.raises(Refused, match="不属于本县"):
        new_sheet(county, [township], [(stranger, "专家")])


def test_a_correction_takes_the_place_of_the_answer_and_is_told(sheet, judge, township):
    say(sheet, judge, {township: (80, "报送及时")})
    assert say(sheet, judge, {township: (80, "报送及时")}) == 0
    assert say(sheet, judge, {township: (85, "补报了材料")}) == 1
    row = Rating.objects.get()
    assert (row.value, row.reason) == (Decimal(85), "补报了材料")
    assert any("80" in str(entry) and "85" in str(entry) for entry in history_of(row, judge))


def test_two_answers_of_one_reviewer_about_one_unit_cannot_exist(sheet, judge, township):
    say(sheet, judge, {township: 80})
    row = Rating.objects.get()
    row.pk, row.code, row._state.adding = None, "PF2024-99999", True
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_the_last_day_is_still_a_day(sheet, judge, township):
    assert say(sheet, judge, {township: 80}, on=DEADLINE) == 1
    late = DEADLINE + timedelta(days=1)
    refused(lambda: say(sheet, judge, {township: 90}, on=late), "评到2024年7月10日为止", "请联系县招商办重新收集")


def test_what_is_closed_takes_no_answers_until_it_is_reopened_with_a_reason(sheet, judge, township):
    say(sheet, judge, {township: 80})
    row = closed(sheet)
    refused(lambda: say(row, judge, {township: 90}), "已经截止")
    with make.writing_as(sheet.county) as writing:
        refused(
            lambda: services.reopen_sheet(writing, sheet=row, answer_by=DEADLINE, reason=" "), "请写明重新收集的原因"
        )
    again = reopened(row, "一位评委漏评")
    assert (again.stage, again.reopened_because) == ("collecting", "一位评委漏评")
    assert say(again, judge, {township: 90}) == 1


def test_the_door_itself_knows_a_closed_sheet(sheet, judge, township):
    say(sheet, judge, {township: 80})
    closed(sheet)
    with make.writing_as(judge) as writing:
        refused(lambda: writing.change(Rating.objects.get(), permission="rate", value=Decimal(1)), "不能填写")


def test_a_sheet_without_any_answer_is_not_closed(sheet):
    refused(lambda: closed(sheet), "还没有任何人评分")


def test_scores_may_be_closed_with_somebody_missing_who_is_named(sheet, judge, township):
    say(sheet, judge, {township: 80})
    row = closed(sheet)
    silent = {reviewer.group: [unit.name for unit in units] for reviewer, units in roster_of(row).silent.items()}
    assert silent == {"部门": ["塔山镇"], "乡镇": ["芦溪镇"], "自评": ["芦溪镇"]}


# -- 有 and 无 --------------------------------------------------------------------------------------


@pytest.fixture
def veto(county, township, neighbour, judge):
    return new_sheet(county, [township, neighbour], [(judge, "纪委")], kind="veto", topic="一票否决事项")


def test_yes_needs_its_reason_and_no_needs_none(veto, judge, township, neighbour):
    with pytest.raises(ValidationError, match="。") as said:
        say(veto, judge, {township: (1, " ")})
    assert said.value.message_dict == {"reason": ["答“有”的要写明事由。"]}
    assert say(veto, judge, {township: (1, "虚报到位资金"), neighbour: 0}) == 2


def test_no_answer_is_not_no(veto, judge, township, neighbour):
    say(veto, judge, {township: 0})
    refused(lambda: closed(veto), "还没有答完", "纪委，1个", "没有答复不等于“无”")
    say(veto, judge, {neighbour: 0})
    assert closed(veto).stage == "closed"


# -- the county's own -------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["county2", "township", "township2", "department", "leader", "inspector"])
def test_only_whoever_enters_for_the_county_arranges(seats, township, role):
    with make.writing_as(seats[role]) as writing:
        values = {"topic": "满意度", "period": "2024Q2", "full_points": Decimal(10), "answer_by": DEADLINE}
        asked = {"units": [township], "reviewers": [(seats["department"], "部门")]}
        refused(lambda: services.open_sheet(writing, **asked, **values), "不能组织评分")


def test_only_departments_leaders_and_townships_are_asked(county, township, office):
    refused(lambda: new_sheet(county, [township], [(office, "县")]), "不能担任评委")


def test_units_and_reviewers_are_both_needed(county, township, judge):
    refused(lambda: new_sheet(county, [], [(judge, "部门")]), "至少选择一个被评单位")
    refused(lambda: new_sheet(county, [township], []), "至少指定一位评委")


def test_a_unit_that_is_not_rated_does_not_rate_itself(county, township, head):
    refused(lambda: new_sheet(county, [township], [(head, OWN_GROUP)]), "不在被评名单里，不能自评")


def test_one_seat_alone_speaks_for_its_unit(county, township, clerk):
    second = make.township_seat(township)
    refused(lambda: new_sheet(county, [township], [(clerk, OWN_GROUP), (second, OWN_GROUP)]), "只由一个岗位自评")


def test_a_topic_is_asked_once_a_period(sheet, county, township, judge):
    with pytest.raises(Exception, match="这个期间已有同一事项的评分表"):
        new_sheet(county, [township], [(judge, "部门")])
    assert new_sheet(county, [township], [(judge, "部门")], period="2024Q3").topic == sheet.topic


@pytest.mark.parametrize(
    ("weights", "sentence"),
    [
        ("部门70%，乡镇20%", "合计为90%"),
        ("部门70%，专家30%", "评委里没有“专家”这一组"),
        ("部门", "看不懂"),
        ("部门50%，部门50%", "写了两次"),
    ],
)
def test_weights_are_of_groups_that_are_asked_and_make_a_hundred(county, township, judge, head, weights, sentence):
    with pytest.raises(Exception, match=sentence):
        new_sheet(county, [township], [(judge, "部门"), (head, "乡镇")], weights=weights)


def test_a_deadline_lies_not_behind(county, township, judge):
    assert new_sheet(county, [township], [(judge, "部门")], answer_by=make.TODAY).is_open
    yesterday = make.TODAY - timedelta(days=1)
    asked = {"period": "2024Q1", "answer_by": yesterday}
    refused(lambda: new_sheet(county, [township], [(judge, "部门")], **asked), "不能早于今天")


def changed(sheet, units, reviewers, **values):
    names = ("topic", "period", "kind", "full_points", "criteria", "weights", "answer_by", "document")
    held = {name: getattr(sheet, name) for name in names}
    with make.writing_as(sheet.county) as writing:
        return services.change_sheet(writing, sheet=sheet, units=units, reviewers=reviewers, **{**held, **values})


def test_before_anybody_answered_everything_may_change(sheet, township, judge, head):
    row = changed(sheet, [township], [(head, "代表")], full_points=Decimal(10), topic="满意度")
    roster = roster_of(row)
    assert [(reviewer.seat, reviewer.group) for reviewer in roster.reviewers] == [(head, "代表")]
    assert (roster.units, row.full_points, str(row)) == ((township,), Decimal(10), "2024年二季度满意度")


def test_answers_stand_on_what_they_were_given_by(sheet, township, neighbour, judge, head):
    say(sheet, judge, {township: 80})
    everybody = [(judge, "部门"), (head, "乡镇")]
    refused(lambda: changed(sheet, [township, neighbour], everybody, full_points=Decimal(50)), "满分不能再改")
    refused(lambda: changed(sheet, [township, neighbour], everybody, period="2024Q3"), "期间不能再改")
    refused(lambda: changed(sheet, [neighbour], everybody), "芦溪镇已经有人评过，不能去掉")
    refused(lambda: changed(sheet, [township, neighbour], [(head, "乡镇")]), "已经评过，不能换组，也不能去掉")
    assert changed(sheet, [township], everybody, criteria="每迟报一次扣5分").criteria == "每迟报一次扣5分"


def test_only_a_sheet_without_answers_is_withdrawn(sheet, county, judge, township):
    say(sheet, judge, {township: 80})
    with make.writing_as(county) as writing:
        refused(lambda: services.withdraw_sheet(writing, sheet=sheet, reason="重复"), "已经有人评过")
    other = new_sheet(county, [township], [(judge, "部门")], topic="满意度")
    with make.writing_as(county) as writing:
        services.withdraw_sheet(writing, sheet=other, reason="重复")
    assert [row.pk for row in RatingSheet.objects.current()] == [sheet.pk]
    refused(lambda: say(other, judge, {}), "已经作废")


# -- who sees what ----------------------------------------------------------------------------------


def test_until_it_is_closed_each_sees_own_answers_only(sheet, judge, head, clerk, office, township, neighbour):
    say(sheet, judge, {township: 80, neighbour: 70})
    say(sheet, head, {township: 90})
    say(sheet, clerk, {township: 99})
    seen = {
        name: values(seat) for name, seat in {"judge": judge, "head": head, "clerk": clerk, "county": office}.items()
    }
    assert seen == {"judge": [70, 80], "head": [90], "clerk": [99], "county": [70, 80, 90, 99]}
    closed(sheet)
    assert values(clerk) == [80, 90, 99]  # now what was said about its unit
    assert values(head) == [70, 90]
    assert values(make.township_seat(township)) == [80, 90, 99]  # colleagues see the unit's, not what one of them said
    assert values(make.township_seat(neighbour)) == [70]


def values(seat):
    return sorted(int(row.value) for row in Rating.objects.current().visible_to(seat))


def test_another_county_sees_nothing(sheet, judge, township, elsewhere):
    say(sheet, judge, {township: 80})
    closed(sheet)
    stranger = make.new_seat(elsewhere)
    assert not Rating.objects.visible_to(stranger).exists()
    assert not RatingSheet.objects.visible_to(stranger).exists()


def test_what_waits_for_a_seat(sheet, judge, clerk, head, township, neighbour, county):
    def waiting(seat, day=make.TODAY):
        return [(str(roster.sheet), len(roster.unanswered)) for roster in waiting_for(seat, day)]

    assert waiting(judge) == [("2024年二季度服务和报送", 2)]
    assert waiting(clerk) == [("2024年二季度服务和报送", 1)]
    assert waiting(make.township_seat(township)) == []
    say(sheet, judge, {township: 80})
    assert waiting(judge) == [("2024年二季度服务和报送", 1)]
    assert waiting(judge, DEADLINE + timedelta(days=1)) == []
    say(sheet, judge, {neighbour: 80})
    assert waiting(judge) == []
