"""月报 through its pages: a month from the clerk to the county and back, the to-do of everybody on the way."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.closing import close_month
from core.models import Evidence
from core.periods import Period
from projects.models import MonthlyReport, ProjectMonth
from projects.monthly import services
from projects.monthly.steps import Stage
from tests import factories as make
from tests.projects.reports import new_report, report_at
from townships.models import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def month():
    """The one whose reports are due: last month, as the pages see it."""
    return Period.containing(timezone.localdate(), "month").previous()


@pytest.fixture
def signer(township):
    return make.township_seat(township, ["review"])


def page_of(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def told(client):
    """What the first page says of reports, without its markup."""
    found = re.search(r'<p class="answer">月报：(.*?)</p>', page_of(client, "/"), re.DOTALL)
    return "".join(re.sub("<[^>]+>", "", found[1]).split()) if found else ""


def act(client, report, name, **data):
    return client.post(f"/ledgers/reports/records/{report.code}/acts/{name}/", data)


def boxes(project, **values):
    given = {"investment": "60", "progress": "主体施工到二层", "version": "", **values}
    return {f"{project.code}-{name}": value for name, value in given.items()}


def test_the_way_of_a_report(month, county, office, reviewer, clerk, signer, township, client_for):
    project, quiet = make.new_project(township, name="锂电铜箔项目"), make.new_project(township)
    filling, signing, giving, judging = (client_for(seat) for seat in (clerk, signer, office, reviewer))
    address = f"/ledgers/reports/months/{month.code}/"
    assert told(filling) == f"{month.label}的月报还没有开始填报。"
    assert told(giving) == f"{month.label}的月报还没有布置。"
    assert giving.get("/ledgers/reports/months/").url == address
    assert "布置" in page_of(giving, address)
    assert giving.post(address, {"token": "a"}).status_code == 302
    report = MonthlyReport.objects.get()
    waits = {"due": "待填报1份。", "missing": "待填报1份，逾期未报1份。"}
    assert told(filling) == waits[MonthlyReport.objects.with_timeliness(timezone.localdate()).get().timeliness]

    fill = f"/ledgers/reports/records/{report.code}/fill/"
    assert page_of(filling, fill).count("本月尚未提交</b>") == 2
    answer = filling.post(fill, {"version": report.row_version, **boxes(project, investment="六十"), **boxes(quiet)})
    assert answer.status_code == 302
    shown = page_of(filling, fill)
    assert 'value="六十"' in shown
    assert "已原样保留" in shown
    row = ProjectMonth.objects.get()
    sent = {**boxes(project), **boxes(quiet, version=row.row_version)}
    answer = filling.post(fill, {"version": make.fresh(report).row_version, **sent, "do": "submit"})
    assert answer.url == f"/ledgers/reports/records/{report.code}/acts/submit/"
    assert "120.00" in page_of(filling, answer.url)
    assert act(filling, report, "submit").status_code == 302
    assert told(signing).startswith("待审核1份")

    assert act(signing, report, "refuse", text="二期没有写").status_code == 302
    assert told(filling).startswith("退回修改1份")
    assert "二期没有写" in page_of(filling, fill)
    assert act(filling, report, "submit").status_code == 302
    assert act(signing, report, "sign").status_code == 302
    assert told(judging).startswith("待受理1份")
    assert act(judging, report, "return", text="请核对投资", deadline="2099-01-05").status_code == 302
    assert "请核对投资" in page_of(filling, f"/ledgers/reports/records/{report.code}/")
    assert act(filling, report, "submit").status_code == 302
    assert act(signing, report, "sign").status_code == 302
    assert act(judging, report, "accept").status_code == 302
    assert make.fresh(report).stage == Stage.ACCEPTED
    assert [told(client) for client in (filling, signing, giving, judging)] == [""] * 4
    assert "已受理" in page_of(judging, address)


def test_a_clerk_begins_a_report_once(month, clerk, client_for):
    client, address = client_for(clerk), f"/ledgers/reports/months/{month.code}/"
    first = client.post(address, {"token": "a"})
    assert client.post(address, {"token": "b"}).url == first.url
    assert MonthlyReport.objects.count() == 1


def test_a_unit_that_has_not_begun_is_told_to_be_late(county, township, office, client_for):
    before, ahead = (page_of(client_for(office), f"/ledgers/reports/months/{code}/") for code in ("2024-06", "2099-06"))
    assert [("逾期未报" in shown, "未到期" in shown) for shown in (before, ahead)] == [(True, False), (False, True)]


def test_a_report_signed_on_paper(township, clerk, reviewer, pdf, client_for):
    report = report_at(Stage.SIGNING, township)
    client = client_for(clerk)
    assert act(client, report, "paper", signer="李副镇长").status_code == 422
    assert act(client, report, "paper", signer="李副镇长", paper=pdf).status_code == 302
    assert (make.fresh(report).stage, Evidence.objects.get().slot) == (Stage.ACCEPTING, services.SLOT)
    assert "李副镇长代签" in page_of(client_for(reviewer), f"/ledgers/reports/records/{report.code}/")


def test_what_the_county_enters_for_a_unit_says_so(township, office, client_for):
    report = new_report(township)
    client = client_for(office)
    assert act(client, report, "nothing").status_code == 302
    assert make.fresh(report).on_behalf
    assert "代录" in page_of(client, "/ledgers/reports/months/2024-06/")


def test_a_closed_month_says_so(township, clerk, client_for):
    report, client = new_report(township), client_for(clerk)
    with make.writing_as(township.county) as writing:
        close_month(writing, ledger="reports", month=report.month)
    assert "2024年6月的月报已经锁定" in page_of(client, f"/ledgers/reports/records/{report.code}/fill/", 403)
    shown = page_of(client, f"/ledgers/reports/records/{report.code}/")
    assert "已锁定" in shown
    assert "/acts/" not in shown
    assert act(client, report, "nothing").status_code == 422
    assert "开始填报" not in page_of(client, "/ledgers/reports/months/2024-06/")


def test_the_printed_form(township, office, clerk, signer, client_for):
    project = make.new_project(township, name="锂电铜箔项目")
    make.new_month(project, month=date(2024, 6, 1), investment="-5", progress="主体封顶", remark="上月多报")
    report = new_report(township)
    sheet = page_of(client_for(office), f"/ledgers/reports/records/{report.code}/sheet/")
    words = (
        "芦溪镇2024年6月月报",
        "单位：万元",
        "主体封顶（上月多报）",
        "分管领导（签字）",
        "芦溪镇（盖章）",
        "未审核",
    )
    assert [word for word in words if word not in sheet] == []
    for service, seat in ((services.submit, clerk), (services.sign, signer)):
        with make.writing_as(seat) as writing:
            report = service(writing, report=report)
    sheet = page_of(client_for(office), f"/ledgers/reports/records/{report.code}/sheet/")
    assert f"{signer.user}已于2024年7月5日在线审核" in sheet
    assert "未审核" not in sheet


def test_the_calendar_page(county, office, clerk, client_for):
    address = "/deadlines/2024/"
    client, of_reports = client_for(office), f"{address}reports/"
    assert client.post(of_reports, {"m06": "2024-07-08", "token": "a"}).status_code == 302
    assert 'value="2024-07-08"' in page_of(client, of_reports)
    shown = page_of(client, address)
    assert "月报台账1月、2月、3月、4月、5月、7月、8月、9月、10月、11月、12月没有设定期限，按次月5日计" in shown
    assert "7月8日" in page_of(client_for(clerk), address)
    assert client_for(clerk).post(of_reports, {}).status_code == 403
    assert client.post(of_reports, {"m06": "明天"}).status_code == 422
    assert page_of(client, "/deadlines/1899/", 404)


def test_a_unit_sees_its_own_reports_alone(township, neighbour, county, client_for):
    own, other = new_report(township), new_report(neighbour)
    shown = page_of(client_for(make.township_seat(township)), "/ledgers/reports/months/2024-06/")
    assert (own.code in shown, "塔山镇" in shown) == (True, False)
    shown = page_of(client_for(make.new_seat(county, Role.LEADER, [])), "/ledgers/reports/months/2024-06/")
    assert other.code in shown


@pytest.mark.parametrize("page", ["fill/", "sheet/", "", "acts/submit/"])
def test_the_pages_of_thirty_projects_take_no_more_queries(page, township, clerk, client_for):
    report, client = new_report(township), client_for(clerk)
    counts = []
    for number in (1, 29):
        for _ in range(number):
            make.new_month(make.new_project(township), month=date(2024, 6, 1))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page_of(client, f"/ledgers/reports/records/{report.code}/{page}")
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= 26


def test_the_month_of_thirty_units_takes_no_more_queries(county, office, client_for):
    client, counts = client_for(office), []
    for number in (1, 29):
        for _ in range(number):
            new_report(make.new_township(county))
        with CaptureQueriesContext(connection) as queries:
            page_of(client, "/ledgers/reports/months/2024-06/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= 18


def test_whoever_accepts_is_led_to_the_next_report(township, neighbour, office, reviewer, client_for):
    first, second = report_at(Stage.ACCEPTED, township), report_at(Stage.ACCEPTING, neighbour)
    other = report_at(Stage.ACCEPTING, make.new_township(township.county), month=date(2024, 5, 1))
    address = f"/ledgers/reports/records/{first.code}/"
    page = page_of(client_for(reviewer), address)
    assert f'href="/ledgers/reports/records/{second.code}/">下一份待受理：塔山镇</a>' in page
    assert other.code not in page
    assert "下一份待受理" not in page_of(client_for(office), address)
