"""栏目可见范围: contacts, vouchers, tax and power, wherever a row shows them, by who reads it."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.apps import apps
from django.http import QueryDict
from openpyxl import Workbook, load_workbook

from core.audit_trail import history_of
from core.ledgers.exporting import form_sheet, write_list
from core.ledgers.importing import SAME, plan_import
from core.ledgers.ledger import all_ledgers, ledger_for
from core.ledgers.query import BadQuery, ListQuery
from core.models import AuditEntry
from core.withheld import NOT_SHOWN, Withheld
from core.write import Refused
from enterprises.top import figures_for
from projects.models.projects import ShareRole
from projects.services import set_shares
from tests import factories as make
from townships.models import Role
from townships.models.disclosure import Audience
from townships.services import set_disclosure

pytestmark = pytest.mark.django_db
NUMBER, PHONE = "ZH-20240506", "13800001234"
VOUCHER = {
    "voucher_kind": "bank",
    "voucher_issuer": "芦溪农商行",
    "voucher_number": NUMBER,
    "voucher_amount": Decimal(500),
}


@pytest.fixture
def project(township, neighbour):
    """With a telephone number, and brought by the neighbour, who therefore sees it."""
    found = make.new_project(township, name="芦溪光伏项目", contact="钱经理", phone=PHONE)
    shares = [(township, ShareRole.LANDING, 7000), (neighbour, ShareRole.REFERRAL, 3000)]
    with make.writing_as(found.county) as writing:
        set_shares(writing, project=found, shares=shares)
    return found


@pytest.fixture
def arrival(project):
    values = {"project": project, "month": date(2024, 5, 1), "amount": Decimal(100), "nature": "fixed"}
    with make.writing_as(project.county) as writing:
        return ledger_for("arrivals").add(writing, {**values, **VOUCHER})


@pytest.fixture
def payment(township):
    return make.new_payment(make.new_allocation(township), voucher_number=NUMBER)


def set_to(county, **disclosed):
    with make.writing_as(make.new_seat(county, duties=["review"])) as writing:
        set_disclosure(writing, disclosed=disclosed)


def seat_of(role, county):
    ends = date(2099, 12, 31) if role == Role.INSPECTOR else None
    return make.new_seat(county, role, (), valid_until=ends)


def page(client_for, seat, record, ledger):
    return client_for(seat).get(f"/ledgers/{ledger}/records/{record.code}/").content.decode()


def listed(key, seat, text=""):
    return ListQuery(ledger_for(key), QueryDict(text), seat)


def written(query):
    stream = BytesIO()
    write_list(stream, query, at=make.NOW)
    return list(load_workbook(stream).active.iter_rows(values_only=True))


def cell_under(rows, header):
    place = next(number for number, row in enumerate(rows) if header in row)
    return rows[place + 1][rows[place].index(header)]


# -- who reads what --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "phone", "voucher"), [(Role.LEADER, False, True), (Role.INSPECTOR, True, True), (Role.COUNTY, True, True)]
)
def test_who_reads_the_whole_county_reads_what_is_shipped_for_that_role(role, phone, voucher, county, arrival):
    seat = seat_of(role, county)
    assert seat.reads(Withheld.CONTACT, arrival.project) is phone
    assert seat.reads(Withheld.VOUCHER, arrival) is voucher


def test_the_units_own_people_read_it_and_who_introduced_the_project_does_not(township, neighbour, arrival):
    own, other = make.township_seat(township), make.township_seat(neighbour)
    assert own.reads(Withheld.CONTACT, arrival.project)
    assert own.reads(Withheld.VOUCHER, arrival)
    assert not other.reads(Withheld.CONTACT, arrival.project)
    assert not other.reads(Withheld.VOUCHER, arrival)
    assert arrival in type(arrival).objects.visible_to(other)


def test_a_township_where_the_project_lands_reads_what_another_unit_keeps(county, township, project):
    park = make.new_unit(county, "park", name="园区")
    with make.writing_as(county) as writing:
        moved = writing.change(project, responsible_unit=park)
    assert make.township_seat(township).reads(Withheld.CONTACT, moved)
    assert make.township_seat(park).reads(Withheld.CONTACT, moved)


@pytest.mark.parametrize("audience", list(Audience))
def test_a_county_opens_it_to_whom_it_likes(audience, county, township, neighbour, arrival):
    set_to(county, voucher=[audience])
    readers = {
        Audience.LEADER: seat_of(Role.LEADER, county),
        Audience.INSPECTOR: seat_of(Role.INSPECTOR, county),
        Audience.OTHERS: make.township_seat(neighbour),
    }
    reading = {who for who, seat in readers.items() if seat.reads(Withheld.VOUCHER, arrival)}
    assert reading == {audience}
    assert make.township_seat(township).reads(Withheld.VOUCHER, arrival)


def test_whose_own_a_row_is_is_said_alike_of_one_row_and_in_the_database(township, arrival, payment):
    make.new_figures(make.new_enterprise(township))
    for model in (model for model in apps.get_models() if getattr(model, "own_to", ())):
        for unit in (township.pk, 0):
            inside = set(model.objects.filter(model.own_rows([unit])).values_list("pk", flat=True))
            assert inside == {row.pk for row in model.objects.all() if row.is_own([unit])}


def test_every_ledger_with_something_withheld_says_whose_own_its_rows_are():
    names = {ledger.key: ledger.model.own_to for ledger in all_ledgers() if ledger.withheld or ledger.withheld_slots}
    assert [key for key, paths in names.items() if not paths] == []
    assert set(names) >= {"projects", "arrivals", "payments", "enterprises", "enterprise_months", "cultivation"}


# -- pages ------------------------------------------------------------------------------------------------


def test_a_page_leaves_it_out_and_says_so(client_for, township, neighbour, arrival):
    own, other = make.township_seat(township), make.township_seat(neighbour)
    assert PHONE in page(client_for, own, arrival.project, "projects")
    shown = page(client_for, other, arrival.project, "projects")
    assert PHONE not in shown
    assert "钱经理" not in shown
    assert "不显示：企业联系人、联系电话。" in shown
    assert NUMBER in page(client_for, own, arrival, "arrivals")
    shown = page(client_for, other, arrival, "arrivals")
    assert NUMBER not in shown
    assert "芦溪农商行" not in shown


def test_history_tells_that_it_changed_and_not_to_what(client_for, township, neighbour, project):
    with make.writing_as(project.county) as writing:
        changed = writing.change(project, phone="13900005678", content="年产光伏组件100万片")
    told = [line for entry in history_of(changed, make.township_seat(neighbour)) for line in entry.details]
    assert f"联系电话有改动，内容{NOT_SHOWN}" in told
    assert any("年产光伏组件100万片" in line for line in told)
    assert "13900005678" not in page(client_for, make.township_seat(neighbour), project, "projects")
    assert "13900005678" in page(client_for, make.township_seat(township), project, "projects")


def test_a_voucher_of_an_arrival_is_not_told_by_the_projects_history(client_for, neighbour, arrival):
    assert NUMBER not in page(client_for, make.township_seat(neighbour), arrival.project, "projects")


def test_a_scan_is_named_and_not_opened(client_for, township, neighbour, arrival, files_root, pdf):
    uploading = client_for(make.township_seat(township))
    given = {"slot": "银行凭证", "file": pdf}
    assert uploading.post(f"/ledgers/arrivals/records/{arrival.code}/evidence/", given).status_code == 302
    where = f"/files/{apps.get_model('core.Evidence').objects.get().code}/"
    assert where in page(client_for, make.township_seat(township), arrival, "arrivals")
    shown = page(client_for, make.township_seat(neighbour), arrival, "arrivals")
    assert where not in shown
    assert "银行凭证" in shown
    opened = client_for(make.township_seat(township)).get(where)
    assert (opened.status_code, b"".join(opened.streaming_content)) == (200, b"%PDF-1.7 scan")
    refused = client_for(make.township_seat(neighbour)).get(where)
    assert (refused.status_code, "不对您的岗位公开" in refused.content.decode()) == (403, True)


# -- lists and workbooks ------------------------------------------------------------------------------------


def test_a_list_shows_it_in_the_own_rows_alone(client_for, township, neighbour, arrival):
    theirs = "/ledgers/arrivals/?columns=project,voucher_number"
    assert NUMBER in client_for(make.township_seat(township)).get(theirs).content.decode()
    shown = client_for(make.township_seat(neighbour)).get(theirs).content.decode()
    assert NUMBER not in shown
    assert NOT_SHOWN in shown
    printed = client_for(make.township_seat(neighbour)).get("/ledgers/arrivals/print/?columns=project,voucher_number")
    assert NUMBER not in printed.content.decode()


def test_a_workbook_leaves_the_cell_empty_and_says_why(township, neighbour, arrival):
    own, other = (written(listed("arrivals", make.township_seat(unit))) for unit in (township, neighbour))
    assert (cell_under(own, "凭证号"), cell_under(other, "凭证号")) == (NUMBER, None)
    said = [text for row in other for text in row if text and "栏目可见范围" in str(text)]
    assert said == ["按本县的栏目可见范围不显示：凭证种类、出具单位、凭证号、凭证金额，本单位的记录除外。"]


def test_an_official_form_does_not_print_it(neighbour, arrival):
    query = listed("arrivals", make.township_seat(neighbour))
    sheet = form_sheet(query, query.ledger.official_form, at=make.NOW)
    assert not any(NUMBER in map(str, line) for line in sheet.lines)
    assert any("栏目可见范围" in note for note in sheet.notes)


def test_it_is_neither_searched_nor_sorted_by(county, payment):
    leader = seat_of(Role.LEADER, county)
    assert listed("payments", leader, f"q={NUMBER}").totals["count"] == 1
    listed("payments", leader, "sort=voucher_number")
    set_to(county, voucher=[])
    leader = type(leader).objects.get(pk=leader.pk)
    assert listed("payments", leader, f"q={NUMBER}").totals["count"] == 0
    assert listed("payments", leader, f"q={payment.allocation.unit}").totals["count"] == 1
    with pytest.raises(BadQuery, match="不能按“voucher_number”排序"):
        listed("payments", leader, "sort=voucher_number")
    own = make.township_seat(payment.allocation.unit)
    assert listed("payments", own, f"q={NUMBER}").totals["count"] == 1


def test_a_line_behind_a_figure_does_not_tell_the_voucher(payment):
    assert NUMBER not in ledger_for("payments").line_label(payment)


def test_the_rows_behind_a_figure_of_vouchers_are_withheld_with_them(client_for, county, township, arrival):
    """Tax and power are measured by no metric; a formula may read what a voucher says."""
    given = {"ledger": "arrivals", "measure": "formula", "formula": "IF(凭证金额>=1, 1, 0)", "basis": "happened"}
    metric = make.new_metric(county, **given)
    leader, own = seat_of(Role.LEADER, county), make.township_seat(township)
    where = f"/reports/metrics/{metric.code}/2024Q2/{township.code}/"
    assert [client_for(seat).get(where).status_code for seat in (leader, own)] == [200, 200]
    set_to(county, voucher=[])
    assert [client_for(seat).get(where).status_code for seat in (leader, own)] == [403, 200]


@pytest.mark.parametrize("typed", ["13900000000", PHONE], ids=["another", "the same"])
def test_a_workbook_that_names_the_row_does_not_bring_it_out(typed, township, neighbour, project):
    """Nor does the preview say whether the guess was right."""
    book, stream = Workbook(), BytesIO()
    signed = make.signing_of(project)
    book.active.append(["编号", "项目名称", "落户乡镇", "总投资（万元）", "签约时间", "联系电话"])
    told = [project.code, project.name, township.name, signed.total_investment, signed.happened_on]
    book.active.append([*told, typed])
    book.save(stream)
    other, own = (
        plan_import(ledger_for("projects"), BytesIO(stream.getvalue()), make.township_seat(unit))
        for unit in (neighbour, township)
    )
    (row,) = other.rows
    assert (row.record, row.kind, row.changes) == (project, SAME, [])
    assert "“联系电话”一栏不对您的岗位公开，没有导入。" in [remark.message for remark in other.warnings]
    (row,) = own.rows
    assert row.changes == ([("联系电话", PHONE, typed)] if typed != PHONE else [])


# -- an enterprise's tax and power ------------------------------------------------------------------------


@pytest.fixture
def mill(township):
    found = make.new_enterprise(township, name="芦溪纺织厂")
    make.new_figures(found, revenue=Decimal(300), tax=Decimal("21.5"), power=9876)
    return found


def test_tax_and_power_are_withheld_from_leaders_where_the_county_says_so(client_for, county, mill):
    leader = seat_of(Role.LEADER, county)
    year = f"/ledgers/enterprises/records/{mill.code}/"
    assert "21.50" in client_for(leader).get(year).content.decode()
    assert "tax" in listed("enterprise_months", leader).totals
    set_to(county, tax=[], utilities=[])
    leader = type(leader).objects.get(pk=leader.pk)
    shown = client_for(leader).get(year).content.decode()
    assert "21.50" not in shown
    assert "9,876" not in shown
    assert "300.00" in shown
    assert "不显示：入库税收、用电量、用水量、用气量。" in shown
    assert "tax" not in listed("enterprise_months", leader).totals
    assert "21.5" not in client_for(leader).get("/ledgers/enterprise_months/").content.decode()
    assert {"tax", "power"}.isdisjoint(figures_for(leader))
    asked = client_for(leader).get("/ledgers/enterprise_months/top/?figure=tax&month=2024-05&span=month")
    assert asked.status_code == 422


def test_the_township_keeps_its_own_sums_and_figures(client_for, county, township, mill):
    set_to(county, tax=[], utilities=[])
    own = make.township_seat(township)
    assert listed("enterprise_months", own).totals["tax"] == Decimal("21.5")
    assert "21.50" in client_for(own).get(f"/ledgers/enterprises/records/{mill.code}/").content.decode()
    assert {"tax", "power"} <= set(figures_for(own))


def test_a_question_about_tax_is_withheld_with_it(county, mill):
    rules = {name: make.new_question(mill, figure=name).rule for name in ("tax", "revenue")}
    leader = seat_of(Role.LEADER, county)
    assert {q.rule for q in ledger_for("coherence_questions").rows(leader)} == set(rules.values())
    set_to(county, tax=[])
    leader = type(leader).objects.get(pk=leader.pk)
    assert {q.rule for q in ledger_for("coherence_questions").rows(leader)} == {rules["revenue"]}


# -- setting it ---------------------------------------------------------------------------------------------


def test_a_reviewer_of_the_county_sets_it_and_the_log_says_it_in_words(client_for, county):
    reviewer = make.new_seat(county, duties=["review"])
    given = {"contact": ["leader", "inspector"], "voucher": [], "tax": ["leader"], "utilities": ["leader"]}
    refused = client_for(reviewer).post("/disclosure/", given)
    assert (refused.status_code, "设定依据" in refused.content.decode()) == (422, True)
    given["reason"] = "6月例会"
    assert client_for(reviewer).post("/disclosure/", given).status_code == 302
    entry = AuditEntry.objects.get(action="设定栏目可见范围")
    ((name, label, _before, after),) = entry.changes
    assert (name, label, entry.reason) == ("disclosed", "栏目可见范围", "6月例会")
    assert after == "联系方式：县领导、检查；凭证：无；税收：县领导；水电气：县领导"
    assert "checked" in client_for(reviewer).get("/disclosure/").content.decode()


@pytest.mark.parametrize("role", [Role.COUNTY, Role.LEADER])
def test_others_see_the_rule_and_cannot_set_it(role, client_for, county):
    seat = make.new_seat(county, role, ("entry",) if role == Role.COUNTY else ())
    client = client_for(seat)
    shown = client.get("/disclosure/").content.decode()
    assert "由县招商办有“审核”职责的岗位设定。" in shown
    assert "disabled" in shown
    assert client.post("/disclosure/", {"contact": ["leader"]}).status_code == 403
    with make.writing_as(seat) as writing, pytest.raises(Refused, match="不能设定栏目可见范围"):
        set_disclosure(writing, disclosed={})


def test_an_unknown_audience_is_refused(client_for, county):
    client = client_for(make.new_seat(county, duties=["review"]))
    assert client.post("/disclosure/", {"contact": ["everybody"]}).status_code == 422
