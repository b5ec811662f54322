"""部门数据 by workbook: given out, filled in Excel, read into the boxes, and checked there like anything typed."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from reporting.department import services
from reporting.models import DepartmentFigure
from tests import factories as make
from townships.models import Duty, Role, UnitKind

pytestmark = pytest.mark.django_db
MARCH = date(2024, 3, 1)
PAGE = "/reports/department-figures/2024-03/"


@pytest.fixture
def bureau(county):
    return make.new_unit(county, UnitKind.DEPARTMENT, name="县统计局")


@pytest.fixture
def writer(county, bureau):
    return make.new_seat(county, Role.DEPARTMENT, [Duty.ENTRY], unit=bureau)


@pytest.fixture
def series(bureau, township, neighbour):
    with make.writing_as(bureau.county) as writing:
        return [services.add_series(writing, name=name, owner=bureau) for name in ("固定资产投资", "工业产值")]


def given_out(client):
    answer = client.get(f"{PAGE}table.xlsx")
    assert answer.status_code == 200
    return load_workbook(BytesIO(b"".join(answer.streaming_content)))


def as_file(book):
    stream = BytesIO()
    book.save(stream)
    return SimpleUploadedFile("部门数据.xlsx", stream.getvalue())


def boxes(client):
    form = client.get(PAGE).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields if name.startswith("f-")}
    return {**typed, "token": form["token"].value(), "seen": form.versions}


def given_back(client, file, **typed):
    return client.post(PAGE, {**boxes(client), **typed, "act": "read", "file": file})


def kept(client, answer):
    """Save what the boxes now hold."""
    form = answer.context["form"]
    typed = {name: form[name].value() or "" for name in form.fields if name.startswith("f-")}
    return client.post(PAGE, {**typed, "seen": form.versions, "token": "", "act": "keep"})


def own(head, *rows):
    book = Workbook()
    for row in (head, *rows):
        book.active.append(row)
    return as_file(book)


HEAD = ["单位", "固定资产投资（万元）", "工业产值（万元）"]


def test_it_goes_out_and_comes_back_and_is_saved_by_a_second_click(writer, series, township, client_for):
    client = client_for(writer)
    with make.writing_as(writer) as writing:
        services.report_month(writing, month=date(2024, 2, 1), given={(series[0], township): Decimal(77)})
    book = given_out(client)
    rows = {row[0].value: row for row in book.active.iter_rows()}
    assert [cell.value for cell in rows["单位"]] == [*HEAD, "上月固定资产投资（万元）", "上月工业产值（万元）"]
    assert [cell.value for cell in rows["芦溪镇"]] == ["芦溪镇", None, None, 77, None]
    for name, amount in (("芦溪镇", 120.5), ("塔山镇", "1,300")):
        rows[name][1].value = amount
    answer = given_back(client, as_file(book))
    assert answer.status_code == 422
    assert "已把工作簿里的数读入表里，还没有保存" in answer.content.decode()
    assert DepartmentFigure.objects.filter(happened_on=MARCH).count() == 0
    assert kept(client, answer).status_code == 302
    march = DepartmentFigure.objects.filter(happened_on=MARCH)
    found = march.order_by("unit__name").values_list("unit__name", "series__name", "reported")
    assert set(found) == {("芦溪镇", "固定资产投资", Decimal("120.5")), ("塔山镇", "固定资产投资", Decimal(1300))}


@pytest.mark.parametrize("empty", [None, "—", " / "])
def test_empty_cells_leave_boxes_alone_and_what_is_reported_goes_out_again(empty, writer, series, township, client_for):
    client = client_for(writer)
    typed = {f"f-{series[1].code}-{township.code}": "7"}
    answer = given_back(client, own(HEAD, ["芦溪镇", 5, empty], ["合计", 5, empty]), **typed)
    kept(client, answer)
    assert {row[0].value: row[1].value for row in given_out(client).active.iter_rows(min_row=4)} == {
        "单位": HEAD[1],
        "芦溪镇": 5,
        "塔山镇": None,
    }
    assert set(DepartmentFigure.objects.values_list("reported", flat=True)) == {5, 7}


def test_a_slip_of_the_unit_is_asked_about_like_a_typed_one(writer, series, township, client_for):
    with make.writing_as(writer) as writing:
        services.report_month(writing, month=date(2024, 2, 1), given={(series[0], township): Decimal(500)})
    client = client_for(writer)
    answer = given_back(client, own(HEAD, ["芦溪镇", 5_200_000, None]))
    asked = kept(client, answer)
    assert asked.status_code == 422
    assert "如把元填成万元" in asked.content.decode()


@pytest.mark.parametrize(
    ("head", "rows", "sentence"),
    [
        (["单位", "固定资产投资（元）"], [["芦溪镇", 5]], "“固定资产投资”一栏按元填写，本表按万元填报"),
        ([*HEAD, "税收收入"], [["芦溪镇", 1, 2, 3]], "本表没有“税收收入”这一栏"),
        (HEAD, [["东山镇", 1, 2]], "第2行：表里没有“东山镇”这个单位"),
        (HEAD, [["芦溪镇", 1, 2], ["芦溪镇", 1, 2]], "第3行：“芦溪镇”填了两次"),
        (HEAD, [["芦溪镇", None, None]], "工作簿里没有填数"),
        (HEAD, [["芦溪镇", "=1+1", 2]], "有没算出结果的公式"),
        (["项目", "金额"], [["甲", 5]], "没有找到本表"),
    ],
)
def test_what_has_no_sure_place_is_refused(head, rows, sentence, writer, series, client_for):
    answer = given_back(client_for(writer), own(head, *rows))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_another_months_workbook_is_told_apart(writer, series, client_for):
    client = client_for(writer)
    book = given_out(client)
    book.active["A1"] = "2024年2月部门数据"
    book.active.append(["芦溪镇", 1, 2])
    assert "工作簿写的是2024年2月，本页是2024年3月" in given_back(client, as_file(book)).content.decode()


def test_a_cell_that_is_no_number_is_said_at_its_box(writer, series, township, client_for):
    answer = given_back(client_for(writer), own(HEAD, ["芦溪镇", "约300", 2]))
    assert f"f-{series[0].code}-{township.code}" in answer.context["form"].errors


def test_no_file_no_workbook_and_no_owner(writer, series, clerk, county, client_for):
    client = client_for(writer)
    assert "请先选择填好的工作簿" in client.post(PAGE, {**boxes(client), "act": "read"}).content.decode()
    broken = given_back(client, SimpleUploadedFile("部门数据.xlsx", b"no workbook"))
    assert broken.status_code == 422
    other = make.new_seat(
        county, Role.DEPARTMENT, [Duty.ENTRY], unit=make.new_unit(county, UnitKind.DEPARTMENT, name="县税务局")
    )
    assert client_for(other).get(f"{PAGE}table.xlsx").status_code == 404
    for seat in (other, clerk):
        file = own(HEAD, ["芦溪镇", 1, 2])
        assert client_for(seat).post(PAGE, {"act": "read", "file": file}).status_code == 403
    assert DepartmentFigure.objects.count() == 0


def test_series_that_a_header_can_not_tell_apart_are_filled_on_the_page(bureau, writer, series, client_for):
    with make.writing_as(bureau.county) as writing:
        services.add_series(writing, name="工业产值（亿元）", owner=bureau)
    answer = given_back(client_for(writer), own(HEAD, ["芦溪镇", 1, 2]))
    assert answer.status_code == 422
    assert "名称太相近" in answer.content.decode()
