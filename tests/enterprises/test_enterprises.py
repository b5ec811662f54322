"""企业台账: who sees and edits what, which rows may exist, what the list counts."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404, QueryDict
from openpyxl import load_workbook

from core.ledgers.forms import LedgerForm
from core.ledgers.query import ListQuery
from core.models import AuditEntry
from core.write import Refused
from enterprises.models import Enterprise
from tests.factories import (
    fresh,
    judge,
    new_county,
    new_declaration,
    new_enterprise,
    new_seat,
    new_township,
    signed_in,
    township_seat,
    void,
    writing_as,
)

USCC = "91350100M000100Y43"
OTHER_USCC = "91110000802100433B"


def listed(ledger, seat, query=""):
    return ListQuery(ledger, QueryDict(query), seat)


def names(ledger, seat, query=""):
    return [row.name for row in listed(ledger, seat, query).ordered]


def form(ledger, seat, record=None, **values):
    return LedgerForm(values, ledger=ledger, seat=seat, record=record)


def errors_of(caught):
    return {name: list(sentences) for name, sentences in caught.value.message_dict.items()}


# -- scope -------------------------------------------------------------------------------------------


def test_a_township_sees_its_own_enterprises_only(enterprises, township, neighbour, office):
    own, other = new_enterprise(township), new_enterprise(neighbour)
    seat = township_seat(township)
    assert names(enterprises, seat) == [own.name]
    assert names(enterprises, office, "sort=name") == [own.name, other.name]
    with pytest.raises(Http404):
        enterprises.find(seat, other.code)


def test_no_list_crosses_the_county_border(enterprises, township, office):
    new_enterprise(new_township(new_county()), name="邻县企业")
    own = new_enterprise(township)
    assert names(enterprises, office) == [own.name]


def test_a_township_edits_its_own_enterprises_only(township, neighbour, clerk):
    own, other = new_enterprise(township), new_enterprise(neighbour)
    assert clerk.may("change", own)
    assert not clerk.may("change", other)
    with pytest.raises(Refused, match=r"芦溪镇 填报.*不能修改这条企业"), writing_as(clerk) as writing:
        writing.change(other, name="改名")
    assert fresh(other).name == other.name


def test_a_township_may_not_hand_an_enterprise_to_another(township, neighbour, clerk):
    own = new_enterprise(township)
    with pytest.raises(Refused), writing_as(clerk) as writing:
        writing.change(own, township=neighbour)


def test_a_township_may_add_to_itself_only(enterprises, township, neighbour, clerk):
    assert clerk.may("add", enterprises.blank(clerk))
    with pytest.raises(Refused, match="不能新增这条企业"):
        new_enterprise(neighbour, by=clerk)
    assert new_enterprise(township, by=clerk).entered_by == clerk.user


def test_leaders_read_and_do_not_write(enterprises, county, township):
    leader = new_seat(county, "leader", [])
    row = new_enterprise(township)
    assert names(enterprises, leader) == [row.name]
    assert not leader.may("change", row)


# -- what may exist ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("91350100M000100Y4", "有17位，统一社会信用代码应为18位"),
        ("91350100M000100Y4Z", "没有字母Z"),
        ("91310115MA1H8R7C6D", "最后一位校验码对不上"),
    ],
)
def test_the_form_says_what_is_wrong_with_a_unified_code(enterprises, township, office, written, sentence):
    wrong = form(enterprises, office, name="某厂", township=township.pk, status="active", uscc=written)
    assert not wrong.is_valid()
    assert sentence in wrong.errors["uscc"][0]


def test_the_form_cleans_codes(enterprises, township, office):
    good = form(
        enterprises,
        office,
        name="某厂",
        township=township.pk,
        status="active",
        uscc=" 91350100m000100y43",
        industry="C1711",
        registered_on="2024年2月1日",
        registered_capital="0.5亿元",
    )
    assert good.is_valid(), good.errors
    with writing_as(office) as writing:
        row = enterprises.add(writing, good.values)
    assert (row.uscc, row.industry, row.registered_on) == (USCC, "1711", date(2024, 2, 1))
    assert row.registered_capital == Decimal(5000)


def test_an_empty_form_gives_empty_texts(enterprises, township, office):
    sparse = form(enterprises, office, name="某厂", township=township.pk, status="active")
    assert sparse.is_valid(), sparse.errors
    with writing_as(office) as writing:
        row = fresh(enterprises.add(writing, sparse.values))
    assert (row.uscc, row.industry, row.scale_group, row.registered_on) == ("", "", "", None)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("uscc", "91350100M000100Y44", "最后一位校验码对不上"),
        ("uscc", USCC.lower(), f"请写成“{USCC}”"),
        ("industry", "9999", "没有“9999”这个行业代码"),
    ],
)
def test_the_door_takes_no_code_that_its_reader_would_not_give(township, field, value, sentence):
    with pytest.raises(ValidationError) as caught:
        new_enterprise(township, **{field: value})
    assert sentence in errors_of(caught)[field][0]


def test_one_unified_code_is_one_enterprise_of_the_county(township, neighbour):
    first = new_enterprise(township, uscc=USCC)
    with pytest.raises(ValidationError, match="统一社会信用代码"):
        new_enterprise(neighbour, uscc=USCC)
    void(first)
    assert new_enterprise(neighbour, uscc=USCC).uscc == USCC


def test_many_may_have_no_code_and_another_county_may_have_the_same(township):
    new_enterprise(township), new_enterprise(township)
    new_enterprise(township, uscc=USCC)
    assert new_enterprise(new_township(new_county()), uscc=USCC).pk


def test_a_name_stands_once_in_a_township(township, neighbour):
    new_enterprise(township, name="纺织厂")
    new_enterprise(neighbour, name="纺织厂")
    with pytest.raises(ValidationError, match="已登记过同名企业"):
        new_enterprise(township, name="纺织厂")


def test_a_negative_capital_is_refused_in_words(township):
    with pytest.raises(ValidationError) as caught:
        new_enterprise(township, registered_capital=Decimal(-1))
    assert errors_of(caught) == {"__all__": ["注册资本不能为负。"]}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"uscc": USCC}, "这个统一社会信用代码已登记在另一家企业名下，请核对。"),
        ({"name": "纺织厂"}, "这个乡镇已登记过同名企业，请核对后再新增。"),
    ],
)
def test_duplicates_are_explained(township, given, sentence):
    new_enterprise(township, name="纺织厂", uscc=USCC)
    twin = Enterprise(county_id=township.county_id, township=township, **{"name": "别的厂", **given})
    with pytest.raises(ValidationError) as caught:
        twin.validate_constraints()
    assert errors_of(caught) == {"__all__": [sentence]}


def test_every_constraint_has_a_sentence_and_a_short_name():
    for constraint in Enterprise._meta.constraints:
        if not constraint.name.endswith(("_code", "_range")):
            assert constraint.violation_error_message.endswith("。")
            assert "企业" in constraint.violation_error_message or "注册资本" in constraint.violation_error_message
        assert len(constraint.name) <= 30 or constraint.name.startswith("enterprises_enterprise_")


def test_changes_are_told_in_words(township, office):
    row = new_enterprise(township)
    with writing_as(office) as writing:
        writing.change(row, status="cancelled", industry="17")
    entry = AuditEntry.objects.filter(subject_id=row.pk, action="修改").get()
    assert [change[1:] for change in entry.changes] == [["国民经济行业", "无", "17"], ["登记状态", "存续", "注销"]]


# -- the list ----------------------------------------------------------------------------------------


def test_filters_narrow_the_list(enterprises, township, neighbour, office):
    mill = new_enterprise(township, name="纺织厂", industry="1711", scale_group="industry")
    inn = new_enterprise(neighbour, name="旅馆", industry="61", scale_group="catering", status="suspended")
    assert names(enterprises, office, f"township={township.code}") == [mill.name]
    assert names(enterprises, office, "section=H") == [inn.name]
    assert names(enterprises, office, "section=C&section=H&sort=name") == sorted([mill.name, inn.name])
    assert names(enterprises, office, "status=suspended") == [inn.name]
    assert names(enterprises, office, "scale_group=industry") == [mill.name]
    assert names(enterprises, office, f"q={mill.code}") == [mill.name]


def test_registration_dates_filter_both_ends_included(enterprises, township, office):
    for day in (date(2024, 3, 31), date(2024, 4, 1), date(2024, 6, 30), date(2024, 7, 1), None):
        new_enterprise(township, name=f"{day}", registered_on=day)
    inside = names(enterprises, office, "happened_from=2024-04-01&happened_to=2024-06-30&sort=registered_on")
    assert inside == ["2024-04-01", "2024-06-30"]
    assert "None" not in names(enterprises, office, "as_of=2024-12-31")


def test_credit_is_whole_and_adds_up(enterprises, township, neighbour, office):
    new_enterprise(township, registered_capital=Decimal("100.5"))
    new_enterprise(township, registered_capital=None)
    new_enterprise(neighbour, registered_capital=Decimal(7))
    query = listed(enterprises, office, f"credit={township.code}")
    assert query.totals == {"count": 2, "credited_registered_capital": Decimal("100.5")}
    assert {row.credit_bp for row in query.ordered} == {10_000}
    assert query.total_sentence == "共 2 家企业，计入注册资本 100.50 万元"


def test_units_add_up_to_the_county(township, neighbour):
    new_enterprise(township, industry="17", registered_capital=Decimal(1))
    new_enterprise(township, industry="17", registered_capital=Decimal(2))
    new_enterprise(neighbour, industry="18", registered_capital=None)
    rows = Enterprise.objects.current().in_county(township.county_id)
    found = {row["credited_unit"]: row for row in rows.by_unit(amount="registered_capital", distinct="industry")}
    assert found[township.pk] == {
        "credited_unit": township.pk,
        "rows": 2,
        "share": 20_000,
        "amount": Decimal(3),
        "valued": 2,
        "distinct": 1,
    }
    assert (found[neighbour.pk]["rows"], found[neighbour.pk]["amount"]) == (1, None)


def test_the_library_shows_verified_moves_only(enterprises, township, office):
    row = new_enterprise(township)
    entry = new_declaration(row)
    assert names(enterprises, office, "listing=listed") == []
    judge(entry, by=office)
    assert names(enterprises, office, "listing=listed") == [row.name]
    assert names(enterprises, office, "listing=listed&as_of=2024-04-30") == []
    assert enterprises.column("listing").show(enterprises.find(office, row.code)) == "在库"


def test_why_an_enterprise_is_not_counted_is_said_in_words(enterprises, township, office):
    row = enterprises.find(office, new_enterprise(township, status="cancelled").code)
    assert enterprises.why_not(row, "status", "存续") == "登记状态是注销，不是存续"
    assert enterprises.why_not(row, "scale_group", "规上工业") == "没有填写四上类别"
    assert enterprises.why_not(row, "listing", "在库") == "尚未入库"


def test_the_list_takes_a_fixed_number_of_queries(enterprises, township, office, django_assert_num_queries):
    for _ in range(5):
        new_enterprise(township)
    query = listed(enterprises, office)
    with django_assert_num_queries(2):
        assert query.total_sentence == "共 5 家企业，注册资本 2,500.00 万元"
        shown = [[column.show(row) for column in enterprises.columns] for row in query.ordered]
    assert shown[0][2] == "芦溪镇"


def test_the_export_shows_the_list_and_no_phone_number(township, neighbour, office):
    new_enterprise(township, name="纺织厂", uscc=USCC, industry="1711", phone="13800000000")
    new_enterprise(neighbour, name="旅馆")
    response = signed_in(office).get(f"/ledgers/enterprises/export.xlsx?township={township.code}")
    assert response.status_code == 200
    sheet = load_workbook(BytesIO(response.getvalue())).active
    cells = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {"纺织厂", USCC, "1711 纺织业", "芦溪镇", "存续"} <= set(cells)
    assert not {"旅馆", "13800000000"} & set(cells)


def test_another_townships_enterprises_are_not_in_a_townships_export(township, neighbour, clerk):
    new_enterprise(neighbour, name="旅馆")
    response = signed_in(clerk).get("/ledgers/enterprises/export.xlsx")
    sheet = load_workbook(BytesIO(response.getvalue())).active
    assert "旅馆" not in [cell.value for row in sheet.iter_rows() for cell in row]


def test_the_page_shows_the_declarations(enterprises, township, office):
    row = new_enterprise(township)
    declaration = new_declaration(row)
    panels = {panel["title"]: panel for panel in enterprises.panels(enterprises.find(office, row.code), office)}
    panel = panels["申报入库台账"]
    assert list(panel["rows"]) == [declaration]
    assert "enterprise" not in [column.name for column in panel["columns"]]
