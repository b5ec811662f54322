"""专项资金: what a document's money may become, who writes it, and what never adds up."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone

from core.closing import close_month
from core.dates import DateSpan
from core.ledgers.ledger import ledger_for
from core.ledgers.query import ListQuery
from core.periods import Period
from core.records import Verdict
from core.write import Refused
from projects.models import Allocation, FundingDocument, Payment
from projects.models.funding import Aging
from reporting.metrics import value
from reporting.services import add_metrics
from reporting.shipped import shipped
from tests import factories as make

pytestmark = pytest.mark.django_db
YUAN = Decimal("0.0001")


@pytest.fixture
def document(county):
    return make.new_document(county, "1000", number="示例财〔2024〕8号")


@pytest.fixture
def allocation(document, township):
    return make.new_allocation(township, "300", document=document)


# -- the sums ---------------------------------------------------------------------------------------


def test_allocations_fill_a_document_to_the_last_yuan(document, allocation, township):
    make.new_allocation(township, "700", document=document)
    assert make.fresh(document).allocated == Decimal(1000)
    with pytest.raises(ValidationError, match="这份文件还可分配 0 万元"):
        make.new_allocation(township, YUAN, document=document)


def test_one_yuan_above_what_is_left_is_refused(document, allocation, township):
    with pytest.raises(ValidationError, match="这份文件还可分配 700 万元"):
        make.new_allocation(township, Decimal(700) + YUAN, document=document)
    assert make.fresh(document).allocated == Decimal(300)


def test_payments_fill_an_allocation_to_the_last_yuan(allocation):
    make.new_payment(allocation, "300")
    assert make.fresh(allocation).paid == Decimal(300)
    with pytest.raises(ValidationError, match="这笔分配还可拨付 0 万元"):
        make.new_payment(allocation, YUAN)


def test_the_check_stands_where_a_row_asks_nothing(document, allocation, township, monkeypatch):
    """What two people see at once is no guard: the database has the last word, in the rule's own words."""
    monkeypatch.setattr(Allocation, "clean", lambda row: None)
    monkeypatch.setattr(Payment, "clean", lambda row: None)
    with pytest.raises(Refused, match="分配合计超过了下达总额"):
        make.new_allocation(township, Decimal(700) + YUAN, document=document)
    with pytest.raises(Refused, match="拨付合计超过了分配金额"):
        make.new_payment(allocation, Decimal(300) + YUAN)


def test_what_was_paid_too_much_comes_back_with_a_reason_and_never_below_nothing(allocation):
    make.new_payment(allocation, "100")
    with pytest.raises(ValidationError, match="冲减（负数）要在备注中写明原因"):
        make.new_payment(allocation, "-40")
    make.new_payment(allocation, "-40", remark="多拨退回")
    assert make.fresh(allocation).paid == Decimal(60)
    with pytest.raises(Refused, match="冲减超过了已拨付的金额"):
        make.new_payment(allocation, Decimal(-60) - YUAN, remark="多拨退回")


def test_what_is_void_or_refused_gives_its_sum_back(document, allocation):
    first, second = make.new_payment(allocation, "100"), make.new_payment(allocation, "50")
    make.void(first)
    assert make.fresh(allocation).paid == Decimal(50)
    make.judge(second, verdict=Verdict.REFUSED, note="凭证不符")
    assert make.fresh(allocation).paid == Decimal(0)
    make.void(make.fresh(second))
    make.void(allocation)
    assert make.fresh(document).allocated == Decimal(0)


def test_a_changed_amount_moves_the_sum_by_the_difference(document, allocation, county):
    payment = make.new_payment(allocation, "100")
    with make.writing_as(county) as writing:
        writing.change(payment, amount=Decimal(120))
        writing.change(allocation, amount=Decimal(250))
    assert (make.fresh(allocation).paid, make.fresh(document).allocated) == (Decimal(120), Decimal(250))


def test_what_moves_to_another_document_leaves_the_first(document, allocation, county):
    other = make.new_document(county, "500")
    with make.writing_as(county) as writing:
        writing.change(allocation, document=other)
    assert (make.fresh(document).allocated, make.fresh(other).allocated) == (Decimal(0), Decimal(300))


@pytest.mark.parametrize(("total", "allowed"), [(Decimal(300), True), (Decimal(300) - YUAN, False)])
def test_a_total_is_not_put_below_what_was_allocated(total, allowed, document, allocation, county):
    with make.writing_as(county) as writing:
        if allowed:
            assert writing.change(document, total=total).allocated == Decimal(300)
        else:
            with pytest.raises(ValidationError, match="分配合计超过了下达总额"):
                writing.change(document, total=total)


def test_an_allocation_is_not_put_below_what_was_paid(allocation, county):
    make.new_payment(allocation, "100")
    with make.writing_as(county) as writing, pytest.raises(ValidationError, match="拨付合计超过了分配金额"):
        writing.change(allocation, amount=Decimal("99.9999"))


def test_what_still_carries_money_is_not_voided(document, allocation):
    with pytest.raises(Refused, match="还有 1 条资金分配"):
        make.void(document)


# -- what a row may say -----------------------------------------------------------------------------


def test_days_go_forward(document, allocation, township):
    with pytest.raises(ValidationError, match="分配日期早于文件的下达日期"):
        make.new_allocation(township, document=document, allocated_on=date(2024, 1, 9))
    with pytest.raises(ValidationError, match="拨付日期早于分配日期"):
        make.new_payment(allocation, happened=DateSpan.day(date(2024, 1, 31)))


def test_a_project_is_one_of_the_unit_that_has_the_money(document, township, neighbour):
    project = make.new_project(neighbour)
    with pytest.raises(ValidationError, match="使用单位要是这个项目的落户乡镇或责任单位"):
        make.new_allocation(township, document=document, project=project)
    assert make.new_allocation(neighbour, document=document, project=project).pk


def test_a_payment_of_a_closed_month_says_why_it_comes_late(allocation, county):
    with make.writing_as(county) as writing:
        close_month(writing, ledger="payments", month=date(2024, 5, 1))
    with pytest.raises(Refused, match="2024年5月的资金拨付已经关账"):
        make.new_payment(allocation)
    late = make.judge(make.new_payment(allocation, late_reason="凭证晚到"))
    assert late.counted_from == date(2024, 6, 1)


def test_an_award_is_allocated_once(document, township):
    make.new_allocation(township, document=document, proposal="JB2024-00001")
    with pytest.raises(ValidationError, match="这条奖补建议已经分配过资金"):
        make.new_allocation(township, document=document, proposal="JB2024-00001")


# -- who writes, who sees ---------------------------------------------------------------------------


def form_of(department, **values):
    given = {"number": "示例财〔2024〕9号", "kind": "city", "department": department.pk, "total": "500"}
    return {**given, "issued_on": "2024-03-01", "token": "x", **values}


def test_a_department_keeps_its_own_documents_and_no_others(county, client_for):
    own, other = make.new_unit(county, "department"), make.new_unit(county, "department")
    client = client_for(make.new_seat(county, "department", ["entry"], unit=own))
    assert client.post("/ledgers/funding_documents/new/", form_of(other)).status_code == 422
    assert client.post("/ledgers/funding_documents/new/", form_of(own, token="y")).status_code == 302
    assert [row.department for row in FundingDocument.objects.all()] == [own]
    foreign = make.new_document(county, department=other)
    assert client.get(f"/ledgers/funding_documents/records/{foreign.code}/").status_code == 404


def test_a_township_reads_its_own_money_and_writes_none(allocation, neighbour, clerk, client_for):
    payment = make.new_payment(allocation)
    foreign = make.new_payment(make.new_allocation(neighbour))
    client = client_for(clerk)
    rows = {
        "funding_documents": (allocation.document, foreign.allocation.document),
        "allocations": (allocation, foreign.allocation),
        "payments": (payment, foreign),
    }
    for key, (own, others) in rows.items():
        base = f"/ledgers/{key}/"
        assert client.get(f"{base}records/{own.code}/").status_code == 200
        assert client.get(f"{base}records/{others.code}/").status_code == 404
        assert [client.get(f"{base}{page}").status_code for page in ("new/", f"records/{own.code}/edit/")] == [403, 403]
        assert [row.code for row in client.get(base).context["table"].body] == [own.code]


def test_leaders_read_all_of_it(allocation, neighbour, county, client_for):
    make.new_allocation(neighbour)
    client = client_for(make.new_seat(county, "leader", []))
    assert len(client.get("/ledgers/allocations/").context["table"].body) == 2
    assert client.get("/ledgers/allocations/new/").status_code == 403


# -- what is shown ----------------------------------------------------------------------------------


def test_different_money_stands_side_by_side_and_is_never_added(county, office):
    make.new_document(county, "1000")
    make.new_document(county, "200", kind="platform")
    query = ListQuery(ledger_for("funding_documents"), QueryDict(), office)
    assert query.total_sentence == (
        "共 2 份资金文件，平台公司协调资金下达总额 200.00 万元，省级财政资金下达总额 1,000.00 万元"
    )


def test_money_of_the_treasuries_of_one_unit_adds_up_and_no_other_does(county, township, office):
    """What a unit was given of 财政资金 is one figure, as the metric has it; with other money there is none."""
    asked = QueryDict(f"credit={township.code}")
    for kind in ("province", "county"):
        make.new_allocation(township, "100", document=make.new_document(county, kind=kind))
    assert ListQuery(ledger_for("allocations"), asked, office).totals == {"count": 2, "credited_amount": Decimal(200)}
    make.new_allocation(township, "7", document=make.new_document(county, kind="platform"))
    assert ListQuery(ledger_for("allocations"), asked, office).totals == {
        "count": 3,
        "credited_amount:county": Decimal(100),
        "credited_amount:platform": Decimal(7),
        "credited_amount:province": Decimal(100),
    }
    assert (
        "计入平台公司协调资金分配金额 7.00 万元" in ListQuery(ledger_for("allocations"), asked, office).total_sentence
    )


def test_a_document_shows_its_rates_with_both_denominators(document, allocation, office, client_for):
    make.new_payment(allocation, "150")
    page = client_for(office).get(f"/ledgers/funding_documents/records/{document.code}/").content.decode()
    for words in ("到位率（已拨付÷下达总额）", "15%", "支付率（已拨付÷已分配）", "50%", "<progress"):
        assert words in page


@pytest.mark.parametrize(
    ("days", "age"),
    [
        (89, Aging.FRESH),
        (90, Aging.DAYS_90),
        (179, Aging.DAYS_90),
        (180, Aging.DAYS_180),
        (364, Aging.DAYS_180),
        (365, Aging.DAYS_365),
    ],
)
def test_the_age_of_what_is_not_paid(days, age, county, township, office):
    today = timezone.localdate()
    document = make.new_document(county, issued_on=today - timedelta(days=400))
    row = make.new_allocation(township, document=document, allocated_on=today - timedelta(days=days))
    found = [code for code in Aging.values if listed(office, f"aging={code}") == [row.code]]
    assert found == [age]
    make.new_payment(row, "100", DateSpan.day(today))
    assert listed(office, "aging=paid") == [row.code]


def listed(seat, text):
    return [row.code for row in ListQuery(ledger_for("allocations"), QueryDict(text), seat).rows]


def test_a_project_shows_its_funding(document, township, office, client_for):
    project = make.new_project(township)
    make.new_allocation(township, "88.5", document=document, project=project)
    page = client_for(office).get(f"/ledgers/projects/records/{project.code}/").content.decode()
    assert "资金分配台账" in page
    assert "示例财〔2024〕8号" in page


def test_the_shipped_figures_are_of_fiscal_money_and_as_of_the_month(document, allocation, county, township):
    make.judge(make.new_payment(allocation, "40"))
    make.judge(make.new_payment(allocation, "20", DateSpan.day(date(2024, 6, 3))))
    make.judge(make.new_payment(make.new_allocation(township, document=make.new_document(county, kind="platform"))))
    with make.writing_as(county) as writing:
        allocated, paid = add_metrics(writing, shipped("metrics-funding"))
    assert value(allocated, Period.parse("2024-05"), township) == Decimal(300)
    assert [value(paid, Period.parse(month), township) for month in ("2024-05", "2024-06")] == [40, 60]


@pytest.mark.parametrize(("days", "told"), [(179, {}), (180, {"满180天未拨清": 1}), (365, {"满一年未拨清": 1})])
def test_money_that_lies_about_is_told_on_the_first_page(days, told, township, office, clerk, client_for):
    allocated_on = timezone.localdate() - timedelta(days=days)
    make.new_allocation(township, allocated_on=allocated_on)
    ledger = ledger_for("allocations")
    for seat, wanted in ((office, told), (clerk, {})):
        waiting = dict(client_for(seat).get("/").context["waits"]).get(ledger, [])
        assert {kind.word: kind.count for kind in waiting} == wanted
        for kind in waiting:
            found = client_for(seat).get(f"/ledgers/allocations/?{kind.query}").context["query"]
            assert found.totals["count"] == kind.count
