"""申报 and its examination: the deadline's day, one application a township, who takes part."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from core.write import Refused
from reporting.models import Application, Participant, Selection
from reporting.selecting import services
from tests import factories as make
from tests.ratings import expert
from tests.selections import TERM, UNTIL, accepted, applied, called, in_checking, on, scored, selecting_scheme

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def selection(county):
    return called(county)


def examined(application, accept, reply=""):
    with make.writing_as(application.county) as writing:
        return services.examine(writing, application=application, accepted=accept, reply=reply)


# -- the call ----------------------------------------------------------------------------------------


def test_a_scheme_serves_one_selection(county, selection):
    with pytest.raises(ValidationError, match="已经用于另一次遴选"):
        called(county, scheme=selection.scheme)


@pytest.mark.parametrize("rules", [{"purpose": "assessment", "places": {}}])
def test_only_a_selections_scheme_calls(county, rules):
    with pytest.raises(Refused, match="请选择已经启用的遴选方案"):
        called(county, scheme=selecting_scheme(county, **rules))


def test_the_deadline_is_today_at_the_earliest(county):
    scheme = selecting_scheme(county)
    with pytest.raises(Refused, match="不能早于今天"):
        called(county, scheme=scheme, apply_until=make.TODAY - DAY)
    assert called(county, scheme=scheme, apply_until=make.TODAY)


def test_the_scheme_takes_the_document_of_the_call_where_it_has_none(selection):
    assert make.fresh(selection.scheme).document == "县委办〔2024〕9号"


def test_a_call_that_was_answered_is_not_withdrawn(selection, township):
    application = applied(selection, township)
    with make.writing_as(selection.county) as writing, pytest.raises(Refused, match="已经申报，不能作废"):
        services.withdraw_selection(writing, selection=selection, reason="误发")
    with make.writing_as(selection.county) as writing:
        services.withdraw_application(writing, application=application, reason="不报了")
        services.withdraw_selection(writing, selection=selection, reason="误发")
    assert not Selection.objects.current().exists()


@pytest.mark.parametrize("role", ["township", "leader", "department"])
def test_only_the_county_calls(county, township, role):
    unit = {"township": township, "department": make.new_unit(county, "department")}.get(role)
    seat = make.new_seat(county, role, ["entry"], unit=unit)
    with make.writing_as(seat) as writing, pytest.raises(Refused, match="不能办理遴选"):
        services.open_selection(writing, scheme=selecting_scheme(county), name="遴选", apply_until=UNTIL, **TERM)


# -- applying ----------------------------------------------------------------------------------------


def test_a_township_applies_on_the_last_day_and_not_the_day_after(selection, township, neighbour):
    assert applied(selection, township, at=on(UNTIL)).applied_on == UNTIL
    with pytest.raises(Refused, match="申报已于2024年7月15日截止"):
        applied(selection, neighbour, at=on(UNTIL + DAY))


def test_a_second_application_changes_the_first(selection, township, clerk):
    first = applied(selection, township, by=clerk)
    again = applied(selection, township, by=clerk, category="special")
    assert again.pk == first.pk
    assert again.category == "special"


def test_a_township_applies_for_itself_alone(selection, neighbour, clerk):
    with pytest.raises(Refused):
        applied(selection, neighbour, by=clerk)
    assert not Application.objects.exists()


def test_a_category_without_places_is_not_applied_for(county, township):
    selection = called(county, scheme=selecting_scheme(county, places={"中心镇": 1}))
    with pytest.raises(Refused, match="没有特色镇的名额"):
        applied(selection, township, category="special")


def test_a_department_does_not_apply(county, selection):
    with pytest.raises(Refused, match="本单位不能申报"):
        applied(selection, make.new_unit(county, "department"))


def test_an_application_needs_its_paper_once(selection, township):
    given = {"category": "central", "type": "rising", "statement": "理由"}
    with make.writing_as(selection.county) as writing, pytest.raises(Refused, match="请上传申报书"):
        services.apply_for(writing, selection=selection, unit=township, **given)
    first = applied(selection, township)
    with make.writing_as(selection.county) as writing:
        again = services.apply_for(writing, selection=selection, unit=township, **given)
    assert (again.paper_id, again.type) == (first.paper_id, "rising")


def test_it_is_withdrawn_until_the_deadline_and_may_be_made_again(selection, township, clerk):
    application = applied(selection, township, by=clerk)
    with make.writing_as(clerk) as writing:
        services.withdraw_application(writing, application=application, reason="另报特色镇")
    assert applied(selection, township, by=clerk).pk != application.pk
    with make.writing_as(clerk, at=on(UNTIL + DAY)) as writing, pytest.raises(Refused, match="截止"):
        services.withdraw_application(writing, application=Application.objects.current().get(), reason="晚了")


# -- examining ---------------------------------------------------------------------------------------


def test_who_is_accepted_takes_part_in_its_category(selection, township):
    examined(applied(selection, township, category="special"), True)
    row = Participant.objects.current().get(scheme=selection.scheme_id)
    assert (row.unit, row.group) == (township, "特色镇")


def test_who_is_refused_is_told_why_and_takes_no_part(selection, township):
    application = examined(applied(selection, township), True)
    with pytest.raises(Refused, match="请写明理由"):
        examined(application, False, " ")
    refused = examined(application, False, "申报书没有盖章")
    assert (refused.stage, refused.reply) == ("refused", "申报书没有盖章")
    assert not Participant.objects.current().filter(scheme=selection.scheme_id).exists()


def test_what_was_examined_is_changed_by_the_county_alone(selection, township, clerk):
    accepted(selection, township, by=clerk)
    with pytest.raises(Refused, match="县招商办已审查（已受理）"):
        applied(selection, township, by=clerk)


def test_once_it_is_checked_nothing_about_the_applicants_changes(selection, township):
    application = accepted(selection, township)
    scored(selection, {township: 80})
    in_checking(selection)
    with pytest.raises(Refused, match="不能再改"):
        examined(application, False, "晚了")
    with make.writing_as(selection.county) as writing, pytest.raises(Refused, match="不能再改"):
        services.change_selection(writing, selection=selection, apply_until=UNTIL + DAY)


# -- the experts -------------------------------------------------------------------------------------


def test_experts_are_asked_about_every_item_once(selection, township, neighbour):
    accepted(selection, township)
    applied(selection, neighbour)
    assert services.topics_of(selection) == ["区位交通"]
    scored(selection, {township: 80})
    sheet = selection.sheets.get()
    assert (sheet.topic, sheet.period, sheet.full_points) == ("区位交通", "2024", 100)
    assert [row.unit for row in sheet.rated_units.all()] == [township]
    assert services.topics_of(selection) == []
    with pytest.raises(Refused, match="都已下发评分表"):
        scored(selection, {township: 80})


def test_nobody_is_asked_before_somebody_takes_part(selection, township):
    applied(selection, township)
    with pytest.raises(Refused, match="还没有受理的申报"):
        scored(selection, {})


def test_an_expert_reads_the_applications_and_other_departments_do_not(county, selection, township):
    asked, other = expert(county), expert(county)
    application = accepted(selection, township)
    scored(selection, {township: 80}, by=asked)
    assert list(Application.objects.visible_to(asked)) == [application]
    assert not Application.objects.visible_to(other).exists()
