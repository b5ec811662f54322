"""企业月度指标台账: sources side by side, who sees and enters which, what needs a 授权书, what is missing or alike."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from openpyxl import Workbook

from core.closing import close_month
from core.ledgers.ledger import ledger_for
from core.ledgers.query import ListQuery
from core.write import Refused
from enterprises.models import EnterpriseMonth
from reporting.measures import metric_ledgers
from tests import factories as make
from tests.factories import new_enterprise, new_figures, new_mandate, signed_in

pytestmark = pytest.mark.django_db
LIST = "/ledgers/enterprise_months/"
MAY, JUNE = date(2024, 5, 1), date(2024, 6, 1)


@pytest.fixture
def firm(township):
    return new_enterprise(township, name="棉纺公司")


def form_of(firm, **values):
    return {"enterprise": firm.code, "month": "2024-05", "origin": "self", "revenue": "120", "token": "x", **values}


# -- side by side --------------------------------------------------------------------------------------


def test_sources_stand_side_by_side_and_none_twice(firm):
    new_mandate(firm)
    own, taxed = new_figures(firm, revenue=Decimal(100)), new_figures(firm, origin="tax", revenue=Decimal(80))
    assert {own.revenue, taxed.revenue} == {Decimal(100), Decimal(80)}
    with pytest.raises(ValidationError, match="这家企业这个月的数据已按这个来源登记过"):
        new_figures(firm)
    new_figures(firm, JUNE)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"revenue": None}, "请至少填写一项数据"),
        ({"revenue": Decimal(-1)}, "填了负数的，请核对"),
        ({"tax": Decimal(-1)}, "填了负数的，请核对"),
        ({"wages": Decimal(-1)}, "工资总额不能为负"),
        ({"revenue": Decimal(1), "answer": "agrees"}, "核对意见由部门填写"),
    ],
)
def test_what_a_month_may_not_say(values, sentence, firm):
    with pytest.raises(ValidationError, match=sentence):
        new_figures(firm, **values)


@pytest.mark.parametrize(
    "values",
    [{"revenue": Decimal(0)}, {"employees": 0}, {"revenue": Decimal(-1), "remark": "上月多报，冲减"}],
)
def test_what_a_month_may_say(values, firm):
    assert new_figures(firm, **values).pk


# -- 授权书 ---------------------------------------------------------------------------------------------


def test_a_department_without_a_mandate_answers_in_words_alone(firm):
    with pytest.raises(ValidationError, match="没有授权税务提供这个月的数据"):
        new_figures(firm, origin="tax", tax=Decimal(3))
    assert new_figures(firm, origin="tax", answer="check").get_answer_display() == "建议核实"


@pytest.mark.parametrize(
    ("first", "last", "allowed"),
    [
        (MAY, MAY, True),
        (date(2024, 1, 1), None, True),
        (date(2024, 1, 1), date(2024, 4, 1), False),
        (JUNE, None, False),
    ],
)
def test_a_mandate_holds_for_its_months(first, last, allowed, firm):
    new_mandate(firm, first_month=first, last_month=last)
    if allowed:
        assert new_figures(firm, origin="tax", tax=Decimal(3)).pk
    else:
        with pytest.raises(ValidationError, match="没有授权税务"):
            new_figures(firm, origin="tax", tax=Decimal(3))


def test_a_mandate_holds_for_its_department_and_enterprise_alone(firm, township):
    new_mandate(firm, "power")
    with pytest.raises(ValidationError, match="没有授权税务"):
        new_figures(firm, origin="tax", tax=Decimal(3))
    with pytest.raises(ValidationError, match="没有授权供电"):
        new_figures(new_enterprise(township), origin="power", power=3)
    assert new_figures(firm, origin="power", power=3).pk


def test_a_voided_mandate_allows_nothing(firm):
    make.void(new_mandate(firm), reason="企业撤回")
    with pytest.raises(ValidationError, match="没有授权税务"):
        new_figures(firm, origin="tax", tax=Decimal(3))


# -- who sees and enters what --------------------------------------------------------------------------


def test_a_township_never_sees_what_departments_say(firm, clerk, office):
    new_mandate(firm)
    own = new_figures(firm, revenue=Decimal("111.11"))
    taxed = new_figures(firm, origin="tax", tax=Decimal("222.22"))
    visit = new_figures(firm, origin="visit", employees=33333)
    ledger, client = ledger_for("enterprise_months"), signed_in(clerk)
    assert list(ledger.rows(clerk)) == [own]
    assert set(ledger.rows(office)) == {own, taxed, visit}
    for row in (taxed, visit):
        assert client.get(f"{LIST}records/{row.code}/").status_code == 404
    for address in (LIST, f"{LIST}print/", f"/ledgers/enterprises/records/{firm.code}/"):
        page = client.get(address).content.decode()
        assert ("222.22" in page, "33333" in page, taxed.code in page) == (False, False, False)
    assert not ledger_for("mandates").rows(clerk).exists()


def test_no_metric_can_be_built_that_would_show_them():
    assert "enterprise_months" not in {ledger.key for ledger in metric_ledgers()}


@pytest.mark.parametrize(("origin", "stored"), [("self", 1), ("tax", 0), ("visit", 0)])
def test_a_township_enters_the_enterprises_own_report_only(origin, stored, firm, clerk):
    new_mandate(firm)
    signed_in(clerk).post(f"{LIST}new/", form_of(firm, origin=origin))
    assert EnterpriseMonth.objects.count() == stored


def test_a_township_can_not_make_its_row_a_departments(firm, clerk):
    new_mandate(firm)
    row = new_figures(firm)
    data = form_of(firm, origin="tax", version=row.row_version)
    signed_in(clerk).post(f"{LIST}records/{row.code}/edit/", data)
    row.refresh_from_db()
    assert row.origin == "self"


def test_a_neighbour_enters_nothing_for_it(firm, neighbour):
    with pytest.raises(Refused):
        new_figures(firm, by=make.township_seat(neighbour))


def test_a_closed_month_asks_why_it_comes_late(firm, county):
    with make.writing_as(county) as writing:
        close_month(writing, ledger="enterprise_months", month=MAY)
    with pytest.raises(Refused, match="2024年5月的企业月度数据已经关账"):
        new_figures(firm)
    assert new_figures(firm, revenue=Decimal(1), late_reason="报表晚到").pk


# -- missing, and alike --------------------------------------------------------------------------------


def listed(seat, address):
    return signed_in(seat).get(address).content.decode()


def alike(seat, month):
    """Enterprises named in the list of what is like the month before."""
    query = ListQuery(ledger_for("enterprise_months"), QueryDict(f"repeated={month}"), seat)
    return [row.enterprise.name for row in query.ordered]


def test_who_has_not_reported_a_month_is_found(firm, township, clerk):
    new_enterprise(township, name="只有税务的公司")
    asked = new_enterprise(township, name="问过部门的公司")
    new_enterprise(township, name="注销的公司", status="cancelled")
    new_figures(asked, origin="tax", answer="agrees")
    new_figures(firm, MAY)
    page = listed(clerk, "/ledgers/enterprises/?unreported=2024-05")
    found = [name in page for name in ("棉纺公司", "只有税务的公司", "问过部门的公司", "注销的公司")]
    assert found == [False, True, True, False]
    assert "棉纺公司" in listed(clerk, "/ledgers/enterprises/?unreported=2024-06")


def test_a_month_like_the_one_before_is_found(township, office):
    for name, before, now in (
        ("雷同公司", {"revenue": Decimal(100), "power": 5000}, {"revenue": Decimal(100), "power": 5000}),
        ("差一度公司", {"revenue": Decimal(100), "power": 5000}, {"revenue": Decimal(100), "power": 5001}),
        ("少一项公司", {"revenue": Decimal(100), "power": 5000}, {"revenue": Decimal(100)}),
    ):
        firm = new_enterprise(township, name=name)
        new_figures(firm, MAY, **before)
        new_figures(firm, JUNE, **now)
    words = new_enterprise(township, name="只答复公司")
    new_figures(words, MAY, "tax", answer="agrees")
    new_figures(words, JUNE, "tax", answer="agrees")
    assert alike(office, "2024-06") == ["雷同公司"]
    assert alike(office, "2024-05") == []


def test_january_is_held_against_december(firm, office):
    new_figures(firm, date(2023, 12, 1))
    new_figures(firm, date(2024, 1, 1))
    assert alike(office, "2024-01") == ["棉纺公司"]


# -- workbooks -----------------------------------------------------------------------------------------


def test_a_workbook_of_a_month_is_taken_and_a_second_time_adds_nothing(firm, clerk):
    book = Workbook()
    for row in (
        ("企业名称", "月份", "来源", "营业收入（万元）", "用电量"),
        ("棉纺公司", "2024-05", "自报", 120.5, 8000),
    ):
        book.active.append(row)
    stream = BytesIO()
    book.save(stream)
    client = signed_in(clerk)
    for _ in range(2):
        client.post(f"{LIST}import/", {"file": SimpleUploadedFile("月报.xlsx", stream.getvalue())})
        client.post(f"{LIST}import/preview/", {"token": "x"})
    row = EnterpriseMonth.objects.get()
    assert (row.revenue, row.power, row.origin, row.month) == (Decimal("120.5"), 8000, "self", MAY)


def test_the_list_leads_to_who_has_not_reported(firm, clerk, office):
    names = [
        [name.split("月")[-1] for name, _ in ledger_for("enterprise_months").links(seat)] for seat in (clerk, office)
    ]
    assert names == [["尚未提交的企业", "行业前十企业"], ["尚未提交的企业", "行业前十企业", "数据授权书"]]
    (_, address), _ = ledger_for("enterprise_months").links(clerk)
    assert "棉纺公司" in listed(clerk, address)
