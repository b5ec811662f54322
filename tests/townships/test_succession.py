"""单位沿革: registering a merger or a split, what goes over, what is refused in words, and how it is taken back."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from core.closing import close_month
from core.models import AuditEntry
from tests import factories as make
from townships.models import PilotTerm, Seat, Unit, UnitAlias, UnitSuccession
from townships.services import pilot_on, unit_names
from townships.succession import succeed, take_back

ON = date(2024, 7, 1)
LAST_DAY = date(2024, 6, 30)


def register(by, predecessor, successor, **values):
    with make.writing_as(by) as writing:
        return succeed(writing, predecessor=predecessor, successor=successor, **{"on": ON, **values})


def pilot(unit, first_day=date(2024, 1, 1), last_day=None, category="central"):
    with make.writing_as(unit.county) as writing:
        term = PilotTerm(unit=unit, category=category, type="leading", first_day=first_day, last_day=last_day)
        return writing.add(term)


def again(row):
    return type(row).objects.get(pk=row.pk)


def refused(by, predecessor, successor, **values):
    with pytest.raises(ValidationError) as refusal:
        register(by, predecessor, successor, **values)
    return " ".join(refusal.value.messages)


def test_a_merger_ends_the_predecessor_the_day_before(office, township, neighbour):
    register(office, township, neighbour)
    assert again(township).valid_until == LAST_DAY
    assert list(Unit.objects.valid_on(LAST_DAY).filter(pk=township.pk)) == [township]
    assert not Unit.objects.valid_on(ON).filter(pk=township.pk).exists()


def test_a_merger_takes_people_and_names_along_with_history(office, clerk, township, neighbour):
    with make.writing_as(office) as writing:
        writing.add(UnitAlias(unit=township, name="芦溪乡"))
    row = register(office, township, neighbour, document="川府〔2024〕1号")
    assert again(clerk).unit == neighbour
    names = unit_names(office)
    assert {names[name] for name in ("芦溪乡", "芦溪镇", "芦溪")} == {neighbour}
    assert [item["title"] for item in row.carried] == ["人员岗位", "单位别名"]
    told = AuditEntry.objects.filter(model="townships.seat", record_id=clerk.pk).latest("pk")
    assert (told.action, told.changes[0][2:]) == ("单位合并", ["芦溪镇", "塔山镇"])


def test_an_older_workbook_finds_the_heir_through_a_chain(office, county, township, neighbour):
    third = make.new_township(county, name="龙泉镇")
    register(office, township, neighbour, on=date(2024, 3, 1))
    register(office, neighbour, third)
    assert unit_names(office)["芦溪镇"] == unit_names(office)["塔山"] == third


def test_the_heir_goes_on_with_the_pilot_term(office, township, neighbour):
    pilot(township, last_day=date(2026, 12, 31))
    register(office, township, neighbour)
    assert pilot_on(township, LAST_DAY) is not None
    assert pilot_on(township, ON) is None
    assert pilot_on(neighbour, LAST_DAY) is None
    assert pilot_on(neighbour, ON).last_day == date(2026, 12, 31)


def test_an_heir_with_a_term_of_its_own_keeps_it(office, township, neighbour):
    pilot(township)
    own = pilot(neighbour, category="special")
    register(office, township, neighbour)
    assert pilot_on(neighbour, ON) == own


def test_a_split_passes_nothing_on_by_itself(office, county, clerk, township, neighbour):
    pilot(township)
    third = make.new_township(county)
    for heir in (neighbour, third):
        register(office, township, heir, kind="split")
    assert again(township).valid_until == LAST_DAY
    assert again(clerk).unit == township
    assert [pilot_on(unit, ON) for unit in (township, neighbour, third)] == [None, None, None]
    assert "芦溪镇" not in unit_names(office)


def test_who_took_over_sees_and_keeps_what_was_left(office, clerk, township, neighbour):
    project, enterprise = make.new_project(township), make.new_enterprise(township)
    other = make.township_seat(neighbour)
    assert not type(project).objects.visible_to(other).filter(pk=project.pk).exists()
    register(office, township, neighbour)
    heir = Seat.objects.get(pk=other.pk)
    assert type(project).objects.visible_to(heir).filter(pk=project.pk).exists()
    assert heir.may("change", again(project))
    assert heir.may("change", again(enterprise))
    assert Seat.objects.get(pk=clerk.pk).may("change", again(project))


def test_a_problem_of_the_merged_unit_is_answered_by_its_heir(office, township, neighbour):
    problem = make.new_problem(township, assigned_to=township)
    register(office, township, neighbour)
    assert make.township_seat(neighbour).may("problem-reply", again(problem))


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"on": make.TODAY + timedelta(days=1)}, "承接日期不能晚于今天"),
        ({"on": date(2000, 1, 1)}, "芦溪镇设立于2000年1月1日，承接日期要晚于那一天。"),
        ({"on": date(2000, 1, 2)}, "芦溪镇设立于2000年1月1日，承接日期要晚于那一天。"),
    ],
)
def test_days_that_can_not_be(office, township, neighbour, values, sentence):
    assert sentence in refused(office, township, neighbour, **values)
    assert again(township).valid_until is None


@pytest.mark.parametrize("on", [make.TODAY, date(2000, 1, 3)])
def test_the_first_and_the_last_day_that_can_be(office, township, neighbour, on):
    assert register(office, township, neighbour, on=on).on == on


def test_itself(office, township):
    assert "单位不能承接自己" in refused(office, township, township)


def test_two_heirs_of_a_merger(office, county, township, neighbour):
    register(office, township, neighbour)
    assert "合并只有一个承接单位" in refused(office, township, make.new_township(county))


def test_a_merger_and_a_split_of_the_same_unit(office, county, township, neighbour):
    register(office, township, neighbour, kind="split")
    assert "已登记为分设" in refused(office, township, make.new_township(county))


def test_days_that_overlap(office, county, township, neighbour):
    """Two heirs of a split take over on one day; a unit that ended by itself is taken over the day after."""
    register(office, township, neighbour, kind="split")
    third = make.new_township(county)
    assert "芦溪镇已于2024年6月30日撤销，承接日期应为次日2024年7月1日" in refused(
        office, township, third, kind="split", on=date(2024, 7, 2)
    )


def test_an_heir_that_was_not_there(office, county, township, neighbour):
    late = make.new_township(county, name="新镇", valid_from=date(2024, 7, 2))
    assert "新镇设立于2024年7月2日，晚于承接日期" in refused(office, township, late)
    assert register(office, neighbour, make.new_township(county, valid_from=ON)).pk
    gone = make.new_township(county, name="老镇", valid_until=LAST_DAY)
    assert "老镇已于2024年6月30日撤销" in refused(office, township, gone)


def test_a_circle(office, county, township, neighbour):
    third = make.new_township(county)
    register(office, township, neighbour)
    register(office, neighbour, third, on=date(2024, 7, 3))
    assert "后来由" in refused(office, third, township, on=date(2024, 6, 1))


def test_kinds_that_do_not_go_together(office, county, township):
    department = make.new_unit(county, "department")
    assert "乡镇、街道、园区之间才能互相承接" in refused(office, township, department)
    assert register(office, department, make.new_unit(county, "department")).pk


@pytest.mark.parametrize("closed", [date(2024, 6, 1), date(2024, 7, 1)])
def test_a_closed_month(office, township, neighbour, closed):
    with make.writing_as(township.county) as writing:
        close_month(writing, ledger="arrivals", month=closed)
    assert f"2024年{closed.month}月已经关账" in refused(office, township, neighbour, on=date(2024, 6, 30))


def test_the_day_after_a_closed_month(office, township, neighbour):
    with make.writing_as(township.county) as writing:
        close_month(writing, ledger="arrivals", month=date(2024, 6, 1))
    assert register(office, township, neighbour).pk


def test_another_county(office, elsewhere, township):
    assert "不属于本县" in refused(office, township, make.new_township(elsewhere))


@pytest.mark.parametrize("role", ["reviewer", "clerk"])
def test_who_may_not(request, role, township, neighbour):
    assert "不能" in refused(request.getfixturevalue(role), township, neighbour)


def test_taken_back_everything_stands_as_before(office, clerk, township, neighbour):
    term = pilot(township, last_day=date(2026, 12, 31))
    with make.writing_as(office) as writing:
        writing.add(UnitAlias(unit=township, name="芦溪乡"))
    row = register(office, township, neighbour)
    with make.writing_as(office) as writing:
        take_back(writing, succession=row, reason="登记有误")
    assert again(township).valid_until is None
    assert again(clerk).unit == township
    assert unit_names(office)["芦溪乡"] == unit_names(office)["芦溪镇"] == township
    assert again(term).last_day == date(2026, 12, 31)
    assert pilot_on(neighbour, ON) is None
    assert register(office, township, neighbour).pk


def test_what_was_counted_in_a_closed_month_is_not_taken_back(office, township, neighbour):
    row = register(office, township, neighbour)
    with make.writing_as(township.county) as writing:
        close_month(writing, ledger="arrivals", month=date(2024, 7, 1))
    with pytest.raises(ValidationError, match="已经关账"), make.writing_as(office) as writing:
        take_back(writing, succession=row, reason="登记有误")


def test_the_last_day_of_a_merged_unit_is_said_by_its_heir(office, client_for, township, neighbour):
    register(office, township, neighbour)
    page = f"/ledgers/units/records/{township.code}/edit/"
    form = client_for(office).get(page).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields} | {"valid_until": ""}
    assert "撤销日期由单位沿革决定" in client_for(office).post(page, sent).content.decode()
    assert UnitSuccession.objects.current().count() == 1
