"""公示: asked for where awards are given, kept to its last day, objections answered before anything is published."""

import json
from datetime import date, timedelta

import pytest

from core.write import Refused
from reporting.models import Objection, Publication
from reporting.publishing import steps
from reporting.publishing.announcing import answer_objection, raise_objection
from reporting.publishing.proof import broken_publications
from tests import factories as make
from tests.publications import published
from tests.reporting.year import (
    ANNOUNCED,
    FIRST,
    LAST,
    MEETING,
    announced,
    checked,
    draft_of,
    on,
    publish_on,
    year_scheme,
)

DAY = timedelta(days=1)


@pytest.fixture
def scheme(contest, county, township, neighbour):
    return year_scheme(county, [township, neighbour], lists=[])


@pytest.fixture
def publisher(county, client_for):
    return client_for(make.new_seat(county, "county", ["publish"]))


def objected(row, day=FIRST, written=None, **values):
    given = {"raised_by": "群众来信第3号", "claim": "塔山镇少计一笔资金", **values}
    with make.writing_as(row.county_id, at=on(written or day)) as writing:
        return raise_objection(writing, publication=row, raised_on=day, **given)


def answered(objection, day, text="已核对，原数无误"):
    with make.writing_as(objection.county_id, at=on(day)) as writing:
        return answer_objection(writing, objection=objection, outcome="rejected", text=text)


# -- the days --------------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", ["announced_from", "announced_until", "contact"])
def test_an_award_is_not_approved_without_its_announcement(scheme, missing):
    row = checked(scheme)
    with make.writing_as(scheme.county, at=on(date(2024, 7, 12))) as writing, pytest.raises(Refused) as refused:
        steps.approve(writing, publication=row, draft=draft_of(row), **MEETING, **{**ANNOUNCED, missing: None})
    assert set(refused.value.message_dict) == {missing}


@pytest.mark.parametrize("day", [FIRST, LAST])
def test_nothing_is_published_before_its_end(scheme, day):
    with pytest.raises(Refused, match="公示到2024年7月21日，公示期满后才能发布"):
        publish_on(announced(scheme), day)


def test_the_day_after_is_free(scheme):
    assert publish_on(announced(scheme), LAST + DAY).is_published


def test_what_was_approved_without_it_stays_unpublished(scheme):
    """However the row came there: publishing asks again."""
    row = announced(scheme)
    Publication.objects.filter(pk=row.pk).update(contact="")
    with pytest.raises(Refused, match="要先公示"):
        publish_on(row, LAST + DAY)


def test_a_quarter_needs_none(contest):
    assert published(contest, "2024Q2").announced_from is None


def test_a_year_without_awards_needs_none(contest, county, township):
    row = checked(year_scheme(county, [township], awards=[], lists=[]))
    with make.writing_as(county, at=on(date(2024, 7, 12))) as writing:
        row = steps.approve(writing, publication=row, draft=draft_of(row), **MEETING)
    assert publish_on(row, date(2024, 7, 12)).is_published


# -- objections ------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", [FIRST, LAST])
def test_an_objection_is_of_a_day_of_the_announcement(scheme, day):
    assert objected(announced(scheme), day).is_open


@pytest.mark.parametrize("day", [FIRST - DAY, LAST + DAY])
def test_outside_of_its_days_it_is_none(scheme, day):
    with pytest.raises(Refused, match="提出日期要在公示期内"):
        objected(announced(scheme), day, written=LAST + DAY)


def test_nobody_objects_tomorrow(scheme):
    with pytest.raises(Refused, match="不能晚于今天"):
        objected(announced(scheme), LAST, written=FIRST)


def test_a_letter_that_came_in_time_is_entered_late(scheme):
    assert objected(announced(scheme), LAST, written=LAST + 3 * DAY).raised_on == LAST


@pytest.mark.parametrize("step", [checked, lambda scheme: publish_on(announced(scheme), LAST + DAY)])
def test_only_what_is_announced_can_be_objected_to(scheme, step):
    with pytest.raises(Refused, match="不能登记异议"):
        objected(step(scheme))


def test_an_open_objection_keeps_it_from_being_published(scheme):
    row = announced(scheme)
    raised = objected(row)
    with pytest.raises(Refused, match="还有 1 条公示异议没有答复"):
        publish_on(row, LAST + DAY)
    answered(raised, LAST + DAY)
    assert publish_on(row, LAST + DAY).is_published


def test_it_is_answered_once_and_with_a_reason(scheme):
    raised = objected(announced(scheme))
    with pytest.raises(Refused, match="请写明答复理由"):
        answered(raised, LAST, text=" ")
    answered(raised, LAST)
    with pytest.raises(Refused, match="已经答复"):
        answered(raised, LAST)


def test_what_was_objected_is_frozen_with_the_result(scheme):
    row = announced(scheme)
    answered(objected(row), LAST)
    row = publish_on(row, LAST + DAY)
    (told,) = json.loads(row.parts.get(name="公示异议").text)
    assert (told["raised_by"], told["outcome"], told["reply"]) == ("群众来信第3号", "rejected", "已核对，原数无误")
    assert list(broken_publications(scheme.county_id)) == []


# -- the pages -------------------------------------------------------------------------------------


def post(client, address, status=302, **given):
    response = client.post(address, given)
    assert response.status_code == status, response.content.decode()
    return response.content.decode() if status != 302 else response["Location"]


def page(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_the_form_of_approval_asks_for_it(scheme, publisher):
    address = f"/reports/publications/{checked(scheme).code}/approve/"
    said = post(publisher, address, status=422, meeting="会议", approved_on="2024年7月12日")
    assert said.count("请填写。") == 2 * 3  # in the summary and beside each
    given = {"announced_from": "2024-07-15", "announced_until": "2024-07-14", "contact": "县招商办"}
    said = post(publisher, address, status=422, meeting="会议", approved_on="2024年7月12日", **given)
    assert "公示止要不早于公示起" in said
    post(publisher, address, meeting="会议", approved_on="2024年7月12日", **{**given, "announced_until": "2024-07-21"})


def test_an_objection_is_entered_and_answered_on_the_publications_page(scheme, publisher, clerk, client_for):
    row = announced(scheme)
    address = f"/reports/publications/{row.code}/"
    assert "公示到2024年7月21日，期满后可以发布" in page(publisher, address)
    said = post(publisher, f"{address}objections/", status=422, raised_by="", raised_on="2024-07-16", claim="少计")
    assert "请填写。" in said
    post(publisher, f"{address}objections/", raised_by="塔山镇", raised_on="2024-07-16", claim="少计一笔")
    assert "1条公示异议待答复" in page(publisher, address)
    raised = Objection.objects.get()
    post(publisher, f"{address}objections/{raised.code}/", outcome="upheld", reply="已补计")
    shown = page(client_for(clerk), address)
    for text in ("塔山镇", "少计一笔", "已补计", "2024年7月15日至2024年7月21日", "县招商办，0816-0000000"):
        assert text in shown
    assert "登记异议" not in shown


def test_a_stage_line_shows_the_announcement(scheme, publisher, contest):
    row = checked(scheme)
    assert "公示" in page(publisher, f"/reports/publications/{row.code}/")
    quarter = published(contest, "2024Q2")
    assert "<b>公示</b>" not in page(publisher, f"/reports/publications/{quarter.code}/")
