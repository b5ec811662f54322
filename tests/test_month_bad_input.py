"""What a month is sent that it must not take: refused or asked about in a sentence, and nothing is half-saved."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from core.closing import close_month
from core.ledgers.ledger import ledger_for
from projects.models import Arrival, MonthlyReport, ProjectMonth
from projects.monthly import services as monthly
from reporting.department import services
from reporting.models import DepartmentFigure
from tests import factories as make
from tests.projects.reports import JUNE, new_report
from townships.deadlines.calendar import set_deadlines, years_of
from townships.models import Duty, Role, UnitKind

pytestmark = pytest.mark.django_db
MAY = date(2024, 5, 1)


# -- 元 for 万元, 万元 for 亿元 --------------------------------------------------------------------------


@pytest.mark.parametrize(("amount", "asked"), [("600000", "100倍以上"), ("0.06", "千分之一"), ("66", "")])
def test_an_amount_in_another_unit_is_asked_about_on_the_reports_page(amount, asked, township, clerk, client_for):
    project = make.new_project(township, total_investment="9000000")
    make.new_month(project, "600", MAY)
    report = new_report(township)
    typed = {"investment": amount, "progress": "主体封顶", "version": ""}
    boxes = {f"{project.code}-{name}": text for name, text in typed.items()}
    page = client_for(clerk).post(f"/ledgers/reports/records/{report.code}/fill/", {**boxes, "do": "save"}, follow=True)
    shown = page.content.decode()
    assert ("请核对单位是不是万元" in shown, asked in shown) == (bool(asked), True)
    assert ProjectMonth.objects.get(happened_on=JUNE).investment == Decimal(amount)


def test_an_amount_beyond_a_projects_whole_is_asked_about(township, clerk, client_for):
    project = make.new_project(township, total_investment="5000")
    report = new_report(township)
    boxes = {f"{project.code}-{name}": text for name, text in {"investment": "50000000", "progress": "打桩"}.items()}
    answer = client_for(clerk).post(
        f"/ledgers/reports/records/{report.code}/fill/", {**boxes, f"{project.code}-version": ""}, follow=True
    )
    assert "超过了总投资5000万元" in answer.content.decode()


def test_an_amount_that_can_be_no_wan_at_all_is_refused(township, clerk, client_for):
    project = make.new_project(township)
    data = {"project": project.code, "month": "2024-05", "amount": "1000000000000", "nature": "fixed"}
    answer = client_for(clerk).post("/ledgers/arrivals/new/", data)
    assert answer.status_code == 422
    assert "请核对数字和单位（元、万元、亿元）" in answer.content.decode()


# -- a month reported twice --------------------------------------------------------------------------


def test_a_unit_has_one_report_of_a_month(township, clerk):
    first = new_report(township)
    with make.writing_as(clerk) as writing:
        assert monthly.open_report(writing, unit=township, month=JUNE) == first
        assert monthly.open_reports(writing, units=[township], month=JUNE) == []
    second = MonthlyReport(county=township.county, unit=township, month=JUNE, due_on=JUNE, code="YB2024-99999")
    with pytest.raises(ValidationError, match="这个单位这个月的月报已经有了"):
        second.validate_constraints()


def test_a_departments_figure_is_reported_once(township, office):
    series = make.new_series(make.new_unit(township.county, UnitKind.DEPARTMENT))
    with make.writing_as(office) as writing:
        services.report(writing, month=MAY, series=series, unit=township, reported=Decimal(5))
    with pytest.raises(ValidationError, match="已经报过，请在原记录上修改"), make.writing_as(office) as writing:
        services.report(writing, month=MAY, series=series, unit=township, reported=Decimal(6))
    assert DepartmentFigure.objects.get().reported == 5


# -- a closed month ----------------------------------------------------------------------------------


def test_a_report_of_a_closed_month_is_neither_begun_nor_filled(township, clerk, client_for):
    report = new_report(township, MAY)
    with make.writing_as(township.county) as writing:
        for month in (MAY, JUNE):
            close_month(writing, ledger="reports", month=month)
    client = client_for(clerk)
    assert client.post(f"/ledgers/reports/records/{report.code}/fill/", {"do": "save"}).status_code == 403
    begun = client.post("/ledgers/reports/months/2024-06/", {"token": "a"})
    assert begun.status_code == 422
    assert "2024年6月的月报已经锁定，不能再新增" in begun.content.decode()
    assert MonthlyReport.objects.count() == 1


# -- whose figure it is, and a paste too wide --------------------------------------------------------


@pytest.fixture
def bureau(county, township):
    unit = make.new_unit(county, UnitKind.DEPARTMENT, name="县统计局")
    make.new_series(unit)
    return make.new_seat(county, Role.DEPARTMENT, [Duty.ENTRY], unit=unit)


def test_a_figure_of_another_department_is_not_taken(bureau, county, township, client_for):
    theirs = make.new_series(make.new_unit(county, UnitKind.DEPARTMENT, name="县税务局"))
    client, page = client_for(bureau), "/reports/department-figures/2024-05/"
    form = client.get(page).context["form"]
    typed = {name: "5" for name in form.fields if name.startswith("f-")}
    answer = client.post(page, {**typed, f"f-{theirs.code}-{township.code}": "5", "act": "keep"})
    assert answer.status_code == 422
    assert "表里有不归您填报的数据项" in answer.content.decode()
    assert DepartmentFigure.objects.count() == 0


@pytest.mark.parametrize("paste", ["{}\t1\t2", "1\t2", "单位\t甲\t乙\n{}\t1\t2"])
def test_a_paste_wider_than_the_grid_places_nothing(paste, bureau, township, client_for):
    client, page = client_for(bureau), "/reports/department-figures/2024-05/"
    boxes = {name: "" for name in client.get(page).context["form"].fields if name.startswith("f-")}
    answer = client.post(page, {**boxes, "act": "paste", "paste": paste.format(township.name)})
    assert "粘贴了2列数，表里只有1项数据" in answer.content.decode()
    assert DepartmentFigure.objects.count() == 0


# -- negative arrivals, deadlines with gaps ----------------------------------------------------------


def test_a_negative_arrival_says_why(township, clerk, client_for):
    project, client = make.new_project(township), client_for(clerk)
    data = {"project": project.code, "month": "2024-05", "amount": "-50", "nature": "fixed", "basis": "arrival"}
    answer = client.post("/ledgers/arrivals/new/", data)
    assert answer.status_code == 422
    assert "原因" in "".join(answer.context["form"].non_field_errors())
    assert Arrival.objects.count() == 0
    assert client.post("/ledgers/arrivals/new/", data | {"remark": "银行退回"}).status_code == 302


def test_a_table_of_deadlines_with_gaps_says_them(county, office, client_for):
    days = {date(2024, month, 1): date(2024, month, 28) for month in (1, 2, 4)}
    with make.writing_as(county) as writing:
        set_deadlines(writing, ledger=ledger_for("visits"), year=2024, days=days)
    (held,) = years_of(county.pk, 2024, [ledger_for("visits")])
    assert held.told_gaps == "3月、5月、6月、7月、8月、9月、10月、11月、12月"
    assert (
        f"走访台账{held.told_gaps}没有设定期限，不催报" in client_for(office).get("/deadlines/2024/").content.decode()
    )
