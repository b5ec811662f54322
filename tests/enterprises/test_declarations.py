"""申报入库台账: steps of an enterprise into and out of the library, which count once they are verified."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict

from core.audit_trail import history_of
from core.closing import close_month
from core.dates import DateSpan
from core.files import attach, store
from core.ledgers.forms import LedgerForm
from core.ledgers.query import ListQuery
from core.records import Verdict
from core.write import Refused
from enterprises.models import Declaration
from tests.factories import (
    NOW,
    fresh,
    judge,
    new_declaration,
    new_enterprise,
    new_seat,
    township_seat,
    void,
    writing_as,
)

MAY = DateSpan.day(date(2024, 5, 20))


def listed(ledger, seat, query=""):
    return ListQuery(ledger, QueryDict(query), seat)


def found(ledger, seat, query=""):
    return list(listed(ledger, seat, query).ordered)


@pytest.fixture
def mill(township):
    return new_enterprise(township, name="纺织厂", scale_group="industry")


@pytest.fixture
def inn(neighbour):
    return new_enterprise(neighbour, name="旅馆", scale_group="catering")


# -- scope -------------------------------------------------------------------------------------------


def test_a_township_sees_and_adds_declarations_of_its_own_enterprises_only(declarations, mill, inn, clerk):
    own, _other = new_declaration(mill), new_declaration(inn)
    assert found(declarations, clerk) == [own]
    assert clerk.may("add", declarations.blank(clerk))
    with pytest.raises(Refused, match="不能新增这条申报入库记录"):
        new_declaration(inn, "delisted", DateSpan.month(2024, 6), by=clerk)


def test_the_form_finds_enterprises_by_code_or_name_within_what_the_seat_sees(declarations, mill, inn, clerk):
    given = {"step": "intended", "happened": "2024年5月"}
    by_name = LedgerForm({**given, "enterprise": mill.name}, ledger=declarations, seat=clerk)
    by_code = LedgerForm({**given, "enterprise": f"{mill.code} {mill.name}"}, ledger=declarations, seat=clerk)
    hidden = LedgerForm({**given, "enterprise": inn.name}, ledger=declarations, seat=clerk)
    assert by_name.is_valid(), by_name.errors
    assert by_code.is_valid(), by_code.errors
    assert by_name.values["enterprise"] == by_code.values["enterprise"] == mill
    assert not hidden.is_valid()
    assert hidden.errors["enterprise"] == ["没有找到企业“旅馆”，请填写编号或全名。"]


def test_the_form_writes_a_month_as_a_month(declarations, mill, clerk):
    given = {"enterprise": mill.code, "step": "intended", "happened": "2024年5月", "submission": "2024年5月月度"}
    form = LedgerForm(given, ledger=declarations, seat=clerk)
    assert form.is_valid(), form.errors
    with writing_as(clerk) as writing:
        row = fresh(declarations.add(writing, form.values))
    assert row.happened == DateSpan.month(2024, 5)
    assert row.submission == "2024年5月月度"
    assert row.claimed_by == clerk.user


def test_its_history_is_told_on_the_enterprises_page(mill, office):
    row = new_declaration(mill)
    judge(row, by=office)
    sentences = [told.sentence for told in history_of(mill, office)]
    assert sentences == [f"认定纺织厂入库（{row.code}）", f"新增纺织厂入库（{row.code}）", f"新增纺织厂（{mill.code}）"]


# -- 入库 and 退库 take turns --------------------------------------------------------------------------


def test_an_enterprise_enters_once_until_it_has_left(mill):
    new_declaration(mill, "listed", DateSpan.month(2023, 3))
    with pytest.raises(ValidationError, match="已于2023年3月入库，其间没有退库，不能再次入库"):
        new_declaration(mill, "listed", DateSpan.month(2024, 3))
    new_declaration(mill, "delisted", DateSpan.month(2023, 11))
    assert new_declaration(mill, "listed", DateSpan.month(2024, 3)).pk
    with pytest.raises(ValidationError, match="已于2023年11月退库，其间没有入库"):
        new_declaration(mill, "delisted", DateSpan.month(2023, 12))


def test_an_earlier_entry_may_not_be_written_before_a_later_one(mill):
    new_declaration(mill, "listed", DateSpan.month(2024, 3))
    with pytest.raises(ValidationError, match="已于2024年3月入库"):
        new_declaration(mill, "listed", DateSpan.month(2023, 3))


def test_an_enterprise_that_entered_before_records_began_may_leave(mill):
    assert new_declaration(mill, "delisted").pk


def test_a_void_or_refused_entry_stands_in_nobodys_way(mill, inn, office):
    void(new_declaration(mill))
    assert new_declaration(mill).pk
    judge(new_declaration(inn), verdict=Verdict.REFUSED, by=office, note="统计局未批准")
    assert new_declaration(inn).pk


def test_a_refused_entry_can_not_come_back_beside_another(inn, office):
    refused = judge(new_declaration(inn), verdict=Verdict.REFUSED, by=office, note="统计局未批准")
    new_declaration(inn, happened=DateSpan.month(2024, 6))
    with pytest.raises(ValidationError, match="已于2024年6月入库"), writing_as(office) as writing:
        writing.change(refused, remark="改正")


def test_declaring_again_after_a_return_is_another_step(mill):
    for step, month in (("submitted", 3), ("returned", 4), ("submitted", 5)):
        new_declaration(mill, step, DateSpan.month(2024, month))
    with pytest.raises(ValidationError):
        new_declaration(mill, "submitted", DateSpan.month(2024, 5))
    assert Declaration.objects.count() == 3


# -- verification ------------------------------------------------------------------------------------


def test_an_entry_counts_in_its_month_once_somebody_else_has_verified_it(declarations, mill, office):
    row = new_declaration(mill, by=office)
    counted = "step=listed&verdict=accepted&counted_from=2024-05-01&counted_to=2024-05-31"
    assert listed(declarations, office, counted).totals == {"count": 0}
    with pytest.raises(Refused, match="是您本人填报的"):
        judge(row, by=office)
    row = judge(row, by=new_seat(office.county))
    assert (row.counted_from, row.counted_until) == (date(2024, 5, 20), date(2024, 5, 20))
    assert found(declarations, office, counted) == [row]


def test_a_month_known_only_as_a_year_counts_in_the_year_only(declarations, mill, office):
    row = judge(new_declaration(mill, happened=DateSpan.year(2024)), by=office)
    assert (row.counted_from, row.counted_until) == (date(2024, 1, 1), date(2024, 12, 31))
    assert found(declarations, office, "counted_from=2024-05-01&counted_to=2024-05-31") == []
    assert found(declarations, office, "counted_from=2024-01-01&counted_to=2024-12-31") == [row]


def test_what_comes_in_after_its_month_was_closed_counts_in_the_next_open_one(mill, office):
    with writing_as(office) as writing:
        close_month(writing, ledger="declarations", month=date(2024, 5, 1))
    with pytest.raises(Refused, match="2024年5月的申报入库记录已经关账"):
        new_declaration(mill)
    row = judge(new_declaration(mill, late_reason="名单六月才收到"), by=office)
    assert (row.counted_from, row.counted_until) == (date(2024, 6, 1), date(2024, 6, 30))


def test_a_change_asks_for_verification_again(mill, office):
    row = judge(new_declaration(mill), by=office)
    with writing_as(office) as writing:
        writing.change(row, happened=DateSpan.month(2024, 6))
    assert (fresh(row).verdict, fresh(row).counted_from) == (Verdict.PENDING, None)


def test_acceptance_without_the_statistics_offices_list_needs_a_note(settings, tmp_path, mill, clerk, office):
    settings.FILES_ROOT = tmp_path
    row = new_declaration(mill, by=clerk)
    with pytest.raises(Refused, match="还缺统计局入库名单"):
        judge(row, by=office, note="")
    with writing_as(clerk) as writing:
        stored = store([b"%PDF-1.4 list"], name="list.pdf", at=NOW)
        attach(writing, row, ledger="declarations", slot="统计局入库名单", stored=stored, name="list.pdf")
    assert judge(row, by=office, note="").verdict == Verdict.ACCEPTED


def test_an_intention_needs_no_papers(mill, office):
    assert judge(new_declaration(mill, "intended"), by=office, note="").verdict == Verdict.ACCEPTED


# -- the list ----------------------------------------------------------------------------------------


def test_filters_narrow_the_list(declarations, mill, inn, township, office):
    entry = judge(new_declaration(mill, happened=MAY), by=office)
    intention = new_declaration(inn, "intended", DateSpan.month(2024, 6))
    assert found(declarations, office, "step=listed") == [entry]
    assert found(declarations, office, "verdict=pending") == [intention]
    assert found(declarations, office, f"township={township.code}") == [entry]
    assert found(declarations, office, f"enterprise={inn.code}") == [intention]
    assert found(declarations, office, "scale_group=catering") == [intention]
    assert found(declarations, office, "happened_from=2024-06-01&happened_to=2024-06-30") == [intention]
    assert found(declarations, office, "as_of=2024-05-31") == [entry]
    assert found(declarations, office, "verified_from=2024-07-01") == [entry]


def test_credit_is_the_townships_whole(declarations, mill, inn, township, office):
    own = new_declaration(mill)
    new_declaration(inn)
    query = listed(declarations, office, f"credit={township.code}")
    assert query.totals == {"count": 1}
    assert [(row, row.credit_bp) for row in query.ordered] == [(own, 10_000)]


def test_units_add_up_to_the_county(mill, inn, office):
    new_declaration(mill)
    new_declaration(mill, "intended", DateSpan.month(2024, 1))
    new_declaration(inn)
    rows = Declaration.objects.current().in_county(office.county_id).by_unit(distinct="enterprise")
    assert {(row["credited_unit"], row["rows"], row["share"], row["distinct"]) for row in rows} == {
        (mill.township_id, 2, 20_000, 1),
        (inn.township_id, 1, 10_000, 1),
    }


def test_why_a_row_is_not_counted_is_said_in_words(declarations, mill, office):
    row = judge(new_declaration(mill, "submitted"), verdict=Verdict.RETURNED, by=office, note="缺利润表")
    assert declarations.why_not(row, "verdict", "已认定") == "退回：缺利润表"
    assert declarations.why_not(row, "step", "入库") == "环节是已申报，不是入库"
    assert declarations.line_label(row) == "纺织厂"


def test_the_list_takes_a_fixed_number_of_queries(declarations, township, office, django_assert_num_queries):
    for _ in range(4):
        new_declaration(new_enterprise(township))
    query = listed(declarations, office)
    with django_assert_num_queries(2):
        assert query.total_sentence == "共 4 条申报入库记录"
        shown = [[column.show(row) for column in declarations.list_columns] for row in query.ordered]
    assert shown[0][1:6] == ["芦溪镇", "—", "入库", "—", "2024年5月20日"]


def test_every_constraint_of_ours_has_a_short_name_and_a_sentence():
    ours = [c for c in Declaration._meta.constraints if not c.name.startswith("enterprises_declaration_")]
    assert all(len(constraint.name) <= 30 for constraint in ours)
    once = next(constraint for constraint in ours if constraint.name == "declaration_once")
    assert once.violation_error_message == "这家企业当天的这个环节已登记过，请修改原来那条。"


def test_a_seat_of_another_township_can_not_judge_or_change(mill, neighbour):
    row = new_declaration(mill)
    stranger = township_seat(neighbour, ["entry", "review"])
    assert not stranger.may("change", row)
    assert not stranger.may("verify", row)
