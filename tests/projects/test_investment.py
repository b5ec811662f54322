"""固投: from how much on, with which papers, in which order; which project is silent, and what the metrics count."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from core.closing import close_month
from core.dates import DateSpan
from core.files import attach, store
from core.ledgers.ledger import ledger_for
from core.periods import Period
from core.records import Verdict
from core.write import Refused
from projects.models import InvestmentProject
from projects.models.investment import InvestmentStep, Part, State
from projects.tracks import all_materials, lowest, materials_for, stopped_after, track_of
from reporting.metrics import values
from reporting.services import add_metrics
from reporting.shipped import shipped
from tests import factories as make

pytestmark = pytest.mark.django_db
YUAN = Decimal("0.0001")
JUNE, MAY, APRIL, MARCH, FEBRUARY = (date(2024, month, 1) for month in (6, 5, 4, 3, 2))
END_OF_JUNE = date(2024, 6, 30)


def state_of(project, day=END_OF_JUNE):
    return InvestmentProject.objects.with_state(day).get(pk=project.pk).state


def listed(township, **values):
    """In the library since February, with figures in no month."""
    return make.new_move(make.new_investment(township, **values)).project


def shown(project, day=END_OF_JUNE):
    return InvestmentProject.objects.with_state(day).with_papers().get(pk=project.pk)


# -- thresholds and papers -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("planned", "key"),
    [
        ("499.9999", None),
        ("500", "small"),
        ("500.0001", "small"),
        ("4999.9999", "small"),
        ("5000", "large"),
        ("50000", "large"),
    ],
)
def test_the_ways_into_the_library_begin_at_500_and_5000(planned, key):
    track = track_of(Decimal(planned))
    assert (track and track.key) == key
    assert lowest() == 500


def test_nothing_is_no_track():
    assert track_of(None) is None
    assert materials_for(Decimal(499), False) == ()


def test_a_large_one_asks_for_more_papers_and_a_mere_purchase_for_others():
    small, large = materials_for(Decimal(600), False), materials_for(Decimal(6000), False)
    assert set(small) < set(large)
    assert "施工合同" not in materials_for(Decimal(6000), True)
    assert "设备购置合同" in materials_for(Decimal(600), True)


def test_below_the_threshold_it_is_neither_due_nor_may_it_apply(township):
    small = make.new_investment(township, Decimal(500) - YUAN)
    assert state_of(small) == State.EARLY
    with pytest.raises(ValidationError, match="计划总投资不到500万元，达不到固定资产投资入库标准"):
        make.new_move(small, InvestmentStep.APPLIED)
    assert state_of(make.new_investment(township, "500")) == State.DUE


def test_before_it_starts_it_is_not_due(township):
    project = make.new_investment(township, started_on=date(2024, 6, 30))
    assert state_of(project, date(2024, 6, 29)) == State.EARLY
    assert state_of(project) == State.DUE
    assert state_of(make.new_investment(township, started_on=None)) == State.EARLY


def test_the_list_names_what_is_missing(township, county):
    project = make.new_investment(township, "600")
    with make.writing_as(county) as writing:
        stored = store([b"%PDF-1.7"], name="合同.pdf", at=writing.at)
        attach(writing, project, ledger="investment_projects", slot="施工合同", name="合同.pdf", stored=stored)
    assert shown(project).lacking() == ["立项文件", "现场照片", "营业执照"]
    assert set(shown(project).lacking()) < set(all_materials())


@pytest.mark.parametrize(
    ("values", "doubts"),
    [
        ({}, []),
        ({"reporter": "甲公司", "approval_unit": "甲公司", "contract_party": "甲 公司"}, []),
        ({"reporter": "甲公司", "contract_party": "乙公司"}, ["上报单位、合同甲方不一致（甲公司、乙公司）"]),
        ({"approved_on": date(2024, 3, 2), "contract_on": date(2024, 3, 1)}, ["批文日期晚于施工合同日期"]),
        ({"approved_on": date(2024, 1, 9), "contract_on": date(2024, 1, 9)}, []),
        ({"contract_on": date(2024, 1, 11)}, ["施工合同日期晚于开工日期"]),
        ({"approved_total": Decimal(6000)}, []),
        ({"approved_total": Decimal(6000) - YUAN}, ["批文总投资与计划总投资不一致"]),
    ],
)
def test_papers_that_do_not_fit_together_are_asked_about(township, values, doubts):
    assert make.new_investment(township, "6000", **values).doubts() == doubts


def test_the_page_says_what_is_still_missing(township, office, client_for):
    make.new_investment(township, "600", reporter="甲公司", contract_party="乙公司")
    page = client_for(office).get("/ledgers/investment_projects/?state=due").content.decode()
    assert "缺立项文件、施工合同、现场照片、营业执照；上报单位、合同甲方不一致" in page


# -- parts of a contract's project -----------------------------------------------------------------------


def test_a_part_needs_its_own_approval_a_reason_and_the_contract(township):
    contract = make.new_project(township)
    whole = {"contract": contract, "part": Part.PHASE, "approval_number": "发改备1号", "split_reason": "分期供地"}
    make.new_investment(township, **whole)
    for lacking, sentence in (
        ({"approval_number": ""}, "要有自己的立项文号"),
        ({"approval_number": "发改备2号", "split_reason": ""}, "写明拆分原因"),
        ({"approval_number": "发改备3号", "contract": None}, "要写明属于哪个招商项目"),
        ({}, "这个立项文号已用于另一个固投项目"),
    ):
        with pytest.raises(ValidationError, match=sentence):
            make.new_investment(township, **{**whole, **lacking})


def test_it_stands_where_its_contract_lands(township, neighbour):
    with pytest.raises(ValidationError, match="建设地点要是这个招商项目的落户乡镇或责任单位"):
        make.new_investment(neighbour, contract=make.new_project(township))


def test_a_contract_shows_its_parts_and_begins_new_ones(township, office, client_for):
    contract = make.new_project(township)
    project = make.new_investment(township, contract=contract)
    page = client_for(office).get(f"/ledgers/projects/records/{contract.code}/").content.decode()
    assert project.name in page
    assert f"investment_projects/new/?contract={contract.code}" in page


# -- the way into the library -----------------------------------------------------------------------------


def test_applied_returned_applied_listed_removed(township):
    project, states = make.new_investment(township), []
    for day, step in enumerate(("applied", "returned", "applied", "listed", "removed"), start=1):
        note = "缺照片" if step == "returned" else ""
        make.new_move(project, step, date(2024, 3, day), remark=note)
        states.append(state_of(project))
    assert states == [State.APPLIED, State.RETURNED, State.APPLIED, State.SILENT, State.REMOVED]


def test_only_what_the_statistics_office_confirmed_counts(township):
    project = make.new_investment(township)
    move = make.new_move(project, accepted=False)
    assert state_of(project) == State.DUE
    make.judge(move)
    assert state_of(project) == State.SILENT


def test_without_the_offices_list_an_acceptance_needs_a_note(township):
    move = make.new_move(make.new_investment(township), accepted=False)
    with pytest.raises(Refused, match="固投入库名单"):
        make.judge(move, note="")


def test_nobody_accepts_his_own_entry(township, county):
    seat = make.new_seat(county, duties=["entry", "review"])
    with make.writing_as(seat) as writing:
        project = make.new_investment(township)
        moves = ledger_for("investment_moves")
        told = {"project": project, "step": "listed", "happened": DateSpan.day(date(2024, 2, 20))}
        move = moves.add(writing, told)
    with pytest.raises(Refused, match="是您本人填报的，请由另一位同事认定"):
        make.judge(move, by=seat)


def test_a_return_says_why(township):
    with pytest.raises(ValidationError, match="退回的要写明退回原因"):
        make.new_move(make.new_investment(township), InvestmentStep.RETURNED)


def test_listed_and_removed_take_turns(township):
    project = make.new_investment(township)
    with pytest.raises(ValidationError, match="这个项目没有入库，不能登记出库"):
        make.new_move(project, InvestmentStep.REMOVED)
    make.new_move(project)
    for day in (date(2024, 2, 19), date(2024, 2, 21)):
        with pytest.raises(ValidationError, match="已于2024年2月20日入库，不能重复登记"):
            make.new_move(project, day=day)


# -- what the statistics office gave back -------------------------------------------------------------------


def test_no_figure_before_it_is_listed(township):
    project = listed(township)
    with pytest.raises(ValidationError, match="到2024年1月底这个项目还没有入库"):
        make.new_investment_month(project, month=date(2024, 1, 1))
    make.new_investment_month(project, month=FEBRUARY)


def test_a_month_is_told_once_and_a_minus_has_its_reason(township):
    project = listed(township)
    make.new_investment_month(project)
    with pytest.raises(ValidationError, match="这个项目这个月的填报数已登记过"):
        make.new_investment_month(project)
    with pytest.raises(ValidationError, match="为负数的，要在备注中写明原因"):
        make.new_investment_month(project, "-1", MAY)
    make.new_investment_month(project, "-1", MAY, remark="多报冲减")


def test_twice_the_plan_is_asked_about_and_one_yuan_less_is_not(township):
    project = listed(township, planned="1000")
    make.new_investment_month(project, "1500", MAY)
    with pytest.raises(ValidationError, match="累计将超过计划总投资的2倍，请核对单位是不是万元"):
        make.new_investment_month(project, Decimal(500) + YUAN)
    make.new_investment_month(project, "500")


def test_a_township_reads_the_months_and_writes_none(township, clerk, client_for):
    month = make.new_investment_month(listed(township))
    browser, base = client_for(clerk), "/ledgers/investment_months/"
    assert browser.get(f"{base}records/{month.code}/").status_code == 200
    assert browser.get(f"{base}new/").status_code == 403
    assert browser.get(f"{base}records/{month.code}/edit/").status_code == 403


def test_a_closed_month_asks_why_it_comes_late(township, county):
    project = listed(township)
    with make.writing_as(county) as writing:
        close_month(writing, ledger="investment_months", month=MAY)
    with pytest.raises(Refused, match="已经关账"):
        make.new_investment_month(project, month=MAY)
    make.judge(make.new_investment_month(project, month=MAY, late_reason="反馈表晚到"))


# -- silent and stopped -------------------------------------------------------------------------------------


def test_silence_is_told_by_the_last_month_the_office_gave_back(township):
    first, second = listed(township), listed(township)
    make.new_investment_month(first, month=MAY)
    make.new_investment_month(second, month=MAY)
    assert [state_of(first), state_of(second)] == [State.REPORTING, State.REPORTING]
    make.new_investment_month(first, month=JUNE)
    assert [state_of(first), state_of(second)] == [State.REPORTING, State.SILENT]
    assert state_of(second, date(2024, 5, 31)) == State.REPORTING


def test_a_zero_is_no_figure_and_a_refused_one_neither(township):
    first, second, third = (listed(township) for _ in range(3))
    make.new_investment_month(first)
    make.new_investment_month(second, "0")
    make.judge(make.new_investment_month(third), verdict=Verdict.REFUSED, note="填错项目")
    assert [state_of(row) for row in (first, second, third)] == [State.REPORTING, State.STOPPED, State.STOPPED]


@pytest.mark.parametrize(("last", "state"), [(APRIL, State.SILENT), (MARCH, State.STOPPED)])
def test_three_months_without_a_figure_are_a_stop(township, last, state):
    first, second = listed(township), listed(township)
    make.new_investment_month(first)
    make.new_investment_month(second, month=last)
    assert stopped_after() == 3
    assert state_of(second) == state


def test_who_was_listed_of_late_has_not_stopped(township):
    first, second = listed(township), make.new_investment(township)
    make.new_move(second, day=date(2024, 4, 30))
    make.new_investment_month(first)
    assert state_of(second) == State.SILENT
    assert state_of(listed(township)) == State.STOPPED


# -- what waits, and what counts ------------------------------------------------------------------------------


def test_the_first_page_counts_what_its_links_list(township, neighbour, clerk, office, client_for):
    make.new_investment(township)
    make.new_investment(neighbour)
    returned = make.new_investment(township)
    make.new_move(returned, InvestmentStep.RETURNED, remark="缺照片")
    for seat, wanted in ((clerk, {"可入库未入库": 1, "申报被退回": 1}), (office, {"可入库未入库": 2, "申报被退回": 1})):
        client = client_for(seat)
        waiting = dict(client.get("/").context["waits"])[ledger_for("investment_projects")]
        assert {kind.word: kind.count for kind in waiting} == wanted
        for kind in waiting:
            found = client.get(f"/ledgers/investment_projects/?{kind.query}").context["query"]
            assert found.totals["count"] == kind.count


def test_metrics_count_what_the_lists_say(county, township, neighbour):
    with make.writing_as(county) as writing:
        metrics = {metric.name: metric for metric in add_metrics(writing, shipped("metrics-investment"))}
    reporting, silent = listed(township), listed(township)
    make.judge(make.new_investment_month(reporting, "321.5", JUNE))
    make.judge(make.new_investment_month(reporting, "100", MAY))
    make.new_investment_month(listed(neighbour), "77", JUNE)
    make.new_investment(township), make.new_investment(township, "499")
    make.new_investment(neighbour, started_on=date(2024, 7, 1))
    quarter = Period.parse("2024Q2")
    found = {name: values(metric, quarter) for name, metric in metrics.items()}
    assert found["固投填报投资"] == {township.pk: Decimal("421.5")}
    assert found["固投入库项目数"] == {township.pk: 2, neighbour.pk: 1}
    assert found["应入库固投项目数"] == {township.pk: 3, neighbour.pk: 1}
    assert found["在库固投项目数"] == {township.pk: 2, neighbour.pk: 1}
    assert found["在库无数据项目数"] == {township.pk: 1}
    assert silent.name


def test_papers_go_up_with_the_form(township, clerk, client_for):
    project = make.new_investment(township, "600")
    file = SimpleUploadedFile("备案.pdf", b"%PDF-1.7", content_type="application/pdf")
    address = f"/ledgers/investment_projects/records/{project.code}/evidence/"
    assert client_for(clerk).post(address, {"slot": "立项文件", "file": file}).status_code == 302
    assert "立项文件" not in shown(project).lacking()
