"""月报 by workbook: given out with its projects, filled in Excel, read back; 代录 by the county, judged by another."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from core.closing import close_month
from core.write import Refused
from projects.models import MonthlyReport, ProjectMonth
from tests import factories as make
from tests.projects.reports import JUNE, new_report

pytestmark = pytest.mark.django_db
HEAD = 4
"""Title, time of making and caption stand above the header."""


@pytest.fixture
def projects(township):
    return [make.new_project(township, name=name) for name in ("锂电铜箔项目", "魔芋加工项目", "纺织项目")]


@pytest.fixture
def report(projects, township):
    return new_report(township)


def address(report, page):
    return f"/ledgers/reports/records/{report.code}/{page}"


def given_out(client, report):
    answer = client.get(address(report, "table.xlsx"))
    assert answer.status_code == 200
    return load_workbook(BytesIO(b"".join(answer.streaming_content)))


def cells(book):
    return [[cell.value for cell in row] for row in book.active.iter_rows(min_row=HEAD)]


def filled(book, **texts):
    """{project name: {header: value}} written into the workbook that was given out."""
    sheet = book.active
    columns = {cell.value: cell.column for cell in sheet[HEAD]}
    rows = {sheet.cell(row, columns["项目名称"]).value: row for row in range(HEAD + 1, sheet.max_row + 1)}
    for name, values in texts.items():
        for header, value in values.items():
            sheet.cell(rows[name], columns[header], value)
    return as_file(book)


def as_file(book):
    stream = BytesIO()
    book.save(stream)
    return SimpleUploadedFile("月报.xlsx", stream.getvalue())


def given_back(client, report, file):
    return client.post(address(report, "fill/"), {"do": "read", "version": "", "token": "", "file": file})


AMOUNT = "本月完成投资（万元）"


def test_the_workbook_names_the_projects_that_are_asked(report, projects, clerk, client_for):
    make.new_month(projects[0], 60, date(2024, 5, 1))
    head, *rows = cells(given_out(client_for(clerk), report))
    assert head[:5] == ["项目编号", "项目名称", "月份", AMOUNT, "本月无变化"]
    assert [row[:3] for row in rows] == [[p.code, p.name, "2024-06"] for p in projects]
    assert {row[3] for row in rows} == {None}
    assert [row[-2:] for row in rows] == [[60, "主体施工到二层"], [None, None], [None, None]]


def test_what_was_filled_is_read_and_what_is_wrong_is_kept(report, projects, clerk, client_for):
    client = client_for(clerk)
    file = filled(
        given_out(client, report),
        锂电铜箔项目={AMOUNT: 120.5, "形象进度": "主体封顶", "存在问题": "用电未通"},
        魔芋加工项目={"本月无变化": "是"},
        纺织项目={AMOUNT: "约150", "形象进度": "厂房打桩"},
    )
    answer = given_back(client, report, file)
    assert answer.status_code == 302
    kept = ProjectMonth.objects.order_by("pk").values_list("project__name", "investment", "unchanged", "problem")
    assert list(kept) == [
        ("锂电铜箔项目", Decimal("120.5"), False, "用电未通"),
        ("魔芋加工项目", Decimal(0), True, ""),
    ]
    page = client.get(address(report, "fill/")).content.decode()
    assert 'value="约150"' in page
    _, *rows = cells(given_out(client, report))
    assert [row[3:5] for row in rows] == [[120.5, None], [0, "是"], ["约150", None]]


def test_a_workbook_comes_back_unchanged_and_changes_nothing(report, projects, clerk, client_for):
    client = client_for(clerk)
    given_back(client, report, filled(given_out(client, report), 锂电铜箔项目={AMOUNT: 5, "形象进度": "打桩"}))
    row = ProjectMonth.objects.get()
    given_back(client, report, as_file(given_out(client, report)))
    assert make.fresh(row).row_version == row.row_version == 1


def test_a_sign_for_nothing_leaves_its_box_empty_and_a_word_fills_it(report, projects, clerk, client_for):
    client = client_for(clerk)
    said = {AMOUNT: 5, "形象进度": "打桩", "存在问题": "无", "下一步安排": " / ", "备注": "——"}
    given_back(client, report, filled(given_out(client, report), 锂电铜箔项目=said))
    row = ProjectMonth.objects.get()
    assert (row.progress, row.problem, row.next_step, row.remark) == ("打桩", "无", "", "")


@pytest.mark.parametrize(("header", "amount"), [("本月完成投资（元）", 1_200_000), ("本月完成投资（亿元）", 0.012)])
def test_another_unit_of_money_in_the_header_is_read_for_what_it_says(
    header, amount, report, projects, clerk, client_for
):
    book = Workbook()
    book.active.append(["项目名称", "月份", header, "形象进度"])
    book.active.append([projects[0].name, "2024年6月", amount, "打桩"])
    given_back(client_for(clerk), report, as_file(book))
    assert ProjectMonth.objects.get().investment == Decimal(120)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([["别的项目", "2024-06", 5, "打桩"]], "第2行：“别的项目”不在芦溪镇本月要报的项目里"),
        ([["锂电铜箔项目", "2024-05", 5, "打桩"]], "第2行写的是2024年5月，这份月报是2024年6月"),
        ([["锂电铜箔项目", "待定", 5, "打桩"]], "第2行“月份”"),
        ([["锂电铜箔项目", "2024-06", 5, "甲"], ["锂电铜箔项目", "2024-06", 6, "乙"]], "第3行：“锂电铜箔项目”填了两次"),
        ([["锂电铜箔项目", "2024-06", None, None]], "没有填写任何项目"),
        ([["锂电铜箔项目", "2024-06", "=1+1", "打桩"]], "第2行有没算出结果的公式"),
    ],
)
def test_a_workbook_that_is_not_this_report_is_told_why(rows, sentence, report, projects, clerk, client_for):
    book = Workbook()
    book.active.append(["项目名称", "月份", AMOUNT, "形象进度"])
    for row in rows:
        book.active.append(row)
    answer = given_back(client_for(clerk), report, as_file(book))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert ProjectMonth.objects.count() == 0


def test_a_column_too_many_another_file_and_none_at_all_are_refused(report, projects, clerk, client_for):
    client, book = client_for(clerk), Workbook()
    book.active.append(["项目名称", "月份", AMOUNT, "形象进度", "同比增长"])
    book.active.append([projects[0].name, "2024-06", 5, "打桩", 3])
    assert "本表没有“同比增长”这一栏" in given_back(client, report, as_file(book)).content.decode()
    other = Workbook()
    other.active.append(["企业名称", "营业收入"])
    assert "没有找到本表" in given_back(client, report, as_file(other)).content.decode()
    broken = given_back(client, report, SimpleUploadedFile("月报.xlsx", b"PK no workbook"))
    assert broken.status_code == 422
    none = client.post(address(report, "fill/"), {"do": "read", "version": "", "token": ""})
    assert "请先选择填好的工作簿" in none.content.decode()


def test_a_closed_month_takes_no_workbook(report, projects, clerk, client_for):
    client = client_for(clerk)
    file = filled(given_out(client, report), 锂电铜箔项目={AMOUNT: 5, "形象进度": "打桩"})
    with make.writing_as(report.county_id) as writing:
        close_month(writing, ledger="progress", month=JUNE)
    assert "已经关账" in given_back(client, report, file).content.decode()
    assert ProjectMonth.objects.count() == 0


# -- 代录 --------------------------------------------------------------------------------------------


def test_the_county_enters_a_clerks_workbook_and_somebody_else_judges_it(report, projects, office, county, client_for):
    client = client_for(office)
    page = client.get(address(report, "fill/")).content.decode()
    assert "您正在代芦溪镇录入" in page
    texts = {name: {"本月无变化": "是"} for name in ("魔芋加工项目", "纺织项目")}
    texts["锂电铜箔项目"] = {AMOUNT: 120, "形象进度": "主体封顶"}
    given_back(client, report, filled(given_out(client, report), **texts))
    client.post(address(report, "acts/submit/"), {"version": make.fresh(report).row_version})
    entered = MonthlyReport.objects.get()
    assert (entered.unit, entered.on_behalf, entered.submitted_by) == (report.unit, True, office.user)
    row = ProjectMonth.objects.get(project=projects[0])
    assert (row.entered_by, row.claimed_by) == (office.user, office.user)
    both = make.new_seat(county, duties=["entry", "review"], user=office.user)
    with pytest.raises(Refused, match="您本人填报的"):
        make.judge(row, by=both)
    assert make.judge(row, by=make.new_seat(county, duties=["review"])).verdict == "accepted"


def test_a_neighbour_neither_takes_nor_gives_the_workbook(report, neighbour, client_for):
    client = client_for(make.township_seat(neighbour))
    assert client.get(address(report, "table.xlsx")).status_code == 404
