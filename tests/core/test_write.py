"""The door: what it lets through, what it refuses, and that nothing of a refused act stays."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction

from core.dates import DateSpan
from core.models import AuditEntry, Counter, FormToken
from core.write import Refused, SentTwice, Stale, door
from projects.models import Arrival, Investor, Project, ProjectShare, Voucher
from projects.models.projects import Agreement
from projects.services import add_project, record_arrival
from tests import factories as make
from townships.models import UnitAlias

pytestmark = pytest.mark.django_db


def entries():
    return list(AuditEntry.objects.order_by("pk"))


def said(refusal):
    """Every sentence of the refusal."""
    return " ".join(refusal.value.messages)


# -- scope -------------------------------------------------------------------------------------------


def test_a_clerk_adds_to_the_own_unit(clerk, township):
    project = make.new_project(township, by=clerk, name="甲项目")
    assert (project.county, project.landing_unit, project.entered_by) == (township.county, township, clerk.user)
    assert project.entered_as == clerk.label


def test_a_clerk_does_not_write_for_another_unit(clerk, neighbour):
    with pytest.raises(Refused) as refusal:
        make.new_project(neighbour, by=clerk)
    assert "不能新增这条项目" in said(refusal)
    assert Project.objects.count() == 0


@pytest.mark.parametrize("act", ["change", "void"])
def test_a_clerk_does_not_touch_another_units_row(act, clerk, neighbour):
    project = make.new_project(neighbour)
    with pytest.raises(Refused), make.writing_as(clerk) as writing:
        writing.change(project, remark="改") if act == "change" else writing.void(project, reason="误")
    assert (make.fresh(project).remark, make.fresh(project).voided_at) == ("", None)


def test_a_project_is_not_given_away(clerk, township, neighbour):
    project = make.new_project(township)
    with pytest.raises(Refused), make.writing_as(clerk) as writing:
        writing.change(project, responsible_unit=neighbour)
    assert make.fresh(project).responsible_unit == township


@pytest.mark.parametrize("post", ["county2", "leader", "admin", "auditor", "security", "inspector", "township2"])
def test_without_the_duty_of_entry_nothing_is_entered(post, seats, township):
    with pytest.raises(Refused):
        make.new_project(township, by=seats[post])


def test_a_row_belongs_to_the_writers_county_whatever_it_says(county, elsewhere, township):
    with make.writing_as(county) as writing:
        investor = writing.add(Investor(name="甲公司", county=elsewhere))
    assert investor.county_id == county.pk


def test_the_county_of_a_row_is_never_changed(county, elsewhere):
    with make.writing_as(county) as writing:
        investor = writing.add(Investor(name="甲公司"))
    with pytest.raises(Refused) as refusal, make.writing_as(county) as writing:
        writing.change(investor, county=elsewhere)
    assert said(refusal) == "记录不能移到别的县。"
    assert make.fresh(investor).county == county


def test_another_countys_row_is_not_changed(county, elsewhere):
    with make.writing_as(county) as writing:
        investor = writing.add(Investor(name="甲公司"))
    for act in ("change", "void"):
        with pytest.raises(Refused), make.writing_as(elsewhere) as writing:
            writing.change(investor, place="重庆") if act == "change" else writing.void(investor, reason="误")
    assert (make.fresh(investor).place, make.fresh(investor).voided_at) == ("", None)


def test_a_row_points_to_no_other_county(county, elsewhere, township):
    abroad = make.new_township(elsewhere)
    with pytest.raises(Refused) as refusal, make.writing_as(county) as writing:
        add_project(writing, project={"name": "甲", "landing_unit": abroad, "responsible_unit": township})
    assert refusal.value.message_dict == {"landing_unit": ["“落户单位”不属于本县。"]}
    project = make.new_project(township)
    with pytest.raises(Refused), make.writing_as(county) as writing:
        writing.change(project, landing_unit=abroad)
    assert make.fresh(project).landing_unit == township


def test_many_rows_point_to_no_other_county_either(county, elsewhere):
    abroad = make.new_township(elsewhere)
    with pytest.raises(Refused), make.writing_as(county) as writing:
        writing.add_many([UnitAlias(unit=abroad, name="甲")])


# -- versions and tokens -----------------------------------------------------------------------------


def test_who_saw_an_older_row_is_told(clerk, township):
    project = make.new_project(township)
    with make.writing_as(clerk) as writing:
        writing.change(project, version=1, remark="先")
    with pytest.raises(Stale) as refusal, make.writing_as(clerk) as writing:
        writing.change(project, version=1, remark="后")
    assert "别人已修改了这条记录" in said(refusal)
    assert (make.fresh(project).remark, make.fresh(project).row_version) == ("先", 2)


def test_an_older_version_is_not_voided(clerk, township):
    project = make.new_project(township)
    with make.writing_as(clerk) as writing:
        writing.change(project, remark="先")
    with pytest.raises(Stale), make.writing_as(clerk) as writing:
        writing.void(project, reason="误", version=1)


def test_saving_what_stands_there_changes_nothing(clerk, township):
    project = make.new_project(township, remark="甲")
    before = len(entries())
    with make.writing_as(clerk) as writing:
        writing.change(project, version=1, remark="甲")
    assert (make.fresh(project).row_version, len(entries())) == (1, before)


def test_a_form_is_taken_once(county):
    with make.writing_as(county, token="t1") as writing:
        writing.add(Investor(name="甲公司"))
    with pytest.raises(SentTwice) as refusal, make.writing_as(county, token="t1") as writing:
        writing.add(Investor(name="乙公司"))
    assert "已按第一次保存" in said(refusal)
    assert list(Investor.objects.values_list("name", flat=True)) == ["甲公司"]


def test_a_refused_form_may_be_sent_again(county):
    for name in ("", "甲公司"):
        try:
            with make.writing_as(county, token="t1") as writing:
                writing.add(Investor(name=name))
        except ValidationError:
            assert FormToken.objects.count() == 0
    assert Investor.objects.count() == 1


# -- audit -------------------------------------------------------------------------------------------


def test_every_write_is_told_under_one_act(clerk, township):
    project = make.new_project(township, by=clerk)
    told = [entry for entry in entries() if entry.user_id == clerk.user_id]
    assert [entry.model for entry in told] == ["projects.project", "projects.projectshare", "projects.agreement"]
    assert {entry.act for entry in told} == {told[0].act}
    assert {(e.actor, e.subject_id, e.county_id) for e in told} == {(clerk.label, project.pk, township.county_id)}


def test_a_change_is_told_in_words(clerk, township):
    project = make.new_project(township, name="旧名")
    with make.writing_as(clerk, reason="更名批复") as writing:
        writing.change(project, name="新名")
    last = entries()[-1]
    assert (last.action, last.reason, last.changes) == ("修改", "更名批复", [["name", "项目名称", "旧名", "新名"]])


def test_what_fails_leaves_neither_rows_nor_history_nor_numbers(clerk, township):
    counters = list(Counter.objects.values_list("kind", "last"))
    before = len(entries())
    with suppress(ZeroDivisionError), make.writing_as(clerk) as writing:
        add_project(writing, project={"name": "甲", "landing_unit": township})
        1 / 0  # noqa: B018
    assert (Project.objects.count(), len(entries())) == (0, before)
    assert list(Counter.objects.values_list("kind", "last")) == counters


def test_one_bad_row_of_many_keeps_all_out(county, township):
    rows = [Investor(name="甲"), Investor(name=""), Investor(name="丙")]
    with pytest.raises(ValidationError), make.writing_as(county) as writing:
        writing.add_many(rows)
    assert Investor.objects.count() == 0


def test_rows_kept_outside_the_ledgers_are_told_too(county):
    user = make.new_user(full_name="张三")
    assert entries()[-1].record_label == "张三"
    assert user.password not in str(entries()[-1].changes)


# -- codes -------------------------------------------------------------------------------------------


def test_codes_count_per_county_kind_and_year(county, elsewhere):
    def codes(place, year, names):
        with make.writing_as(place, at=make.NOW.replace(year=year)) as writing:
            return [writing.add(Investor(name=name)).code for name in names]

    assert codes(county, 2024, "甲乙") == ["TZ2024-00001", "TZ2024-00002"]
    assert codes(elsewhere, 2024, "甲") == ["TZ2024-00001"]
    assert codes(county, 2025, "丙") == ["TZ2025-00001"]
    assert codes(county, 2024, "丁") == ["TZ2024-00003"]


def test_the_code_of_a_voided_row_is_not_given_again(county):
    with make.writing_as(county) as writing:
        first = writing.add(Investor(name="甲"))
        writing.void(first, reason="重复")
        second = writing.add(Investor(name="甲"))
    assert (first.code, second.code) == ("TZ2024-00001", "TZ2024-00002")


def test_many_rows_get_consecutive_codes(county):
    with make.writing_as(county) as writing:
        writing.add(Investor(name="甲"))
        rows = writing.add_many([Investor(name="乙"), Investor(name="丙")])
    assert [row.code for row in rows] == ["TZ2024-00002", "TZ2024-00003"]


def test_the_year_of_a_code_is_the_countys_year(county):
    """Half past midnight of New Year's Day in Shanghai is still the old year in Greenwich."""
    with door(make.system(county), at=datetime(2024, 12, 31, 16, 30, tzinfo=UTC)) as writing:
        assert writing.add(Investor(name="甲")).code == "TZ2025-00001"


# -- void --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", ["", "  "])
def test_nothing_is_voided_without_a_reason(reason, clerk, township):
    project = make.new_project(township)
    with pytest.raises(Refused) as refusal, make.writing_as(clerk) as writing:
        writing.void(project, reason=reason)
    assert "请写明作废原因" in said(refusal)


def test_a_voided_row_stays_and_is_changed_no_more(clerk, township):
    arrival = make.void(make.new_arrival(make.new_project(township)), by=clerk, reason="重复登记")
    assert (make.fresh(arrival).void_reason, Arrival.objects.current().count()) == ("重复登记", 0)
    with pytest.raises(Refused) as refusal, make.writing_as(clerk) as writing:
        writing.change(arrival, remark="改")
    assert "已作废" in said(refusal)


def test_voided_rows_are_not_changed_together_either(county, township):
    arrival = make.void(make.new_arrival(make.new_project(township)))
    with pytest.raises(Refused), make.writing_as(county) as writing:
        writing.change_many([arrival], action="修改", remark="改")


def test_a_row_that_others_hang_on_is_not_voided(county, township):
    """Or its declarations would go on counting for an enterprise that is not there."""
    declaration = make.new_declaration(make.new_enterprise(township))
    for row, words in ((declaration.enterprise, "1 条申报入库记录"), (township, "1 条企业")):
        with pytest.raises(Refused) as refusal:
            make.void(make.fresh(row))
        assert words in said(refusal)
    make.void(declaration)
    make.void(declaration.enterprise)
    assert make.void(township).voided_at


def test_records_are_never_removed(county):
    with make.writing_as(county) as writing:
        investor = writing.add(Investor(name="甲"))
        with pytest.raises(TypeError):
            writing.remove(investor, action="删除")


# -- changes of many rows ----------------------------------------------------------------------------


def test_a_change_of_many_rows_asks_for_verification_again(county, township):
    arrival = make.judge(make.new_arrival(make.new_project(township)))
    with make.writing_as(county) as writing:
        writing.change_many([arrival], action="修改", amount=Decimal(7))
    after = make.fresh(arrival)
    assert (after.amount, after.verdict, after.verified_amount, after.counted_from) == (
        Decimal(7),
        "pending",
        None,
        None,
    )


def test_a_change_of_many_rows_leaves_untouched_rows_alone(county):
    with make.writing_as(county) as writing:
        rows = writing.add_many([Investor(name="甲", place="重庆"), Investor(name="乙")])
    with make.writing_as(county) as writing:
        assert writing.change_many(rows, action="修改", place="重庆") == 1
    assert [make.fresh(row).row_version for row in rows] == [1, 2]


def test_rules_over_several_rows_hold_for_rows_written_together(county, township):
    """Two arrivals of one import must not claim more than their voucher holds."""
    project = make.new_project(township)
    with make.writing_as(county) as writing:
        voucher = writing.add(Voucher(kind="bank", issuer="甲银行", number="1", amount=Decimal(100)))
    rows = [
        Arrival(project=project, happened=DateSpan.month(2024, month), amount=Decimal(60), voucher=voucher)
        for month in (3, 4)
    ]
    with pytest.raises(ValidationError) as refusal, make.writing_as(county) as writing:
        writing.add_many(rows)
    assert "超过凭证余额" in said(refusal)
    assert Arrival.objects.count() == 0


# -- the database's own refusals, in words -----------------------------------------------------------


def test_a_unique_constraint_speaks_in_its_own_sentence(county):
    with pytest.raises(Refused) as refusal, make.writing_as(county) as writing:
        writing.add_many([Investor(name="甲"), Investor(name="甲")])
    assert refusal.value.message_dict == {NON_FIELD_ERRORS: ["已有同名投资方。"]}


def test_a_check_constraint_speaks_in_its_own_sentence(county, township, neighbour):
    project = make.new_project(township)
    with pytest.raises(Refused) as refusal, make.writing_as(county) as writing:
        writing.add_many([ProjectShare(project=project, unit=neighbour, landing=False, percent=10_001)])
    assert refusal.value.message_dict == {NON_FIELD_ERRORS: ["份额要大于0，不超过100%。"]}


def test_a_code_given_twice_speaks_chinese(county):
    with make.writing_as(county) as writing:
        writing.add(Investor(name="甲"))
    Counter.objects.filter(kind="TZ").update(last=0)
    with pytest.raises(Refused) as refusal, make.writing_as(county) as writing:
        writing.add_many([Investor(name="乙")])
    assert "%(" not in said(refusal)
    assert "编号" in said(refusal)


def test_two_unique_rules_of_one_table_are_told_apart(county, township, neighbour):
    project = make.new_project(township)
    with pytest.raises(Refused) as refusal, make.writing_as(county) as writing:
        writing.add_many([ProjectShare(project=project, unit=neighbour, percent=1)])
    assert refusal.value.message_dict == {NON_FIELD_ERRORS: ["一个项目只有一个单位承担尾差。"]}
    with pytest.raises(Refused) as refusal, make.writing_as(county) as writing:
        writing.add_many([ProjectShare(project=project, unit=township, percent=1, landing=False)])
    assert refusal.value.message_dict == {NON_FIELD_ERRORS: ["这个单位在本项目已有份额。"]}


def test_a_refusal_by_a_form_stands_beside_its_field(county, township):
    with pytest.raises(ValidationError) as refusal, make.writing_as(county) as writing:
        writing.add(Voucher(kind="bank", issuer="甲银行", number="1", amount=Decimal(10**13)))
    assert list(refusal.value.message_dict) == ["amount"]


def test_the_second_person_is_a_rule_of_the_database(county, township, clerk):
    arrival = make.new_arrival(make.new_project(township), by=clerk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Arrival.objects.filter(pk=arrival.pk).update(verified_by=clerk.user)


def test_an_accepted_row_has_its_month_by_rule_of_the_database(township):
    agreement = make.signing_of(make.new_project(township))
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.filter(pk=agreement.pk).update(verdict="accepted")


def test_the_clock_is_the_callers(county, township):
    later = make.NOW + timedelta(days=400)
    with make.writing_as(county, at=later) as writing:
        arrival = record_arrival(writing, project=make.new_project(township), month=date(2024, 3, 1), amount=Decimal(1))
    assert make.fresh(arrival).entered_at == later
