"""Workbooks of enterprises and declarations: in, matched, and out again without a difference."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.http import QueryDict
from openpyxl import Workbook

from core.ledgers.exporting import write_list
from core.ledgers.importing import commit_import, plan_import
from core.ledgers.query import ListQuery
from core.write import Refused
from enterprises.models import Declaration, Enterprise
from tests.factories import NOW, judge, new_declaration, new_enterprise, township_seat, writing_as

USCC = "91350100M000100Y43"
OTHER_USCC = "91110000802100433B"


def workbook(*rows):
    book, stream = Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(stream)
    stream.seek(0)
    return stream


def exported(ledger, seat):
    stream = BytesIO()
    write_list(stream, ListQuery(ledger, QueryDict(""), seat), at=NOW)
    stream.seek(0)
    return stream


def imported(ledger, seat, file, **options):
    plan = plan_import(ledger, file, seat, **options)
    assert [remark.message for remark in plan.errors] == []
    with writing_as(seat) as writing:
        commit_import(writing, plan)
    return plan


PLAIN = ["序号", "企业名称", "所在乡镇", "联系人"]
HEADERS = [
    "序号",
    "单位名称",
    "社会信用代码",
    "所属镇街",
    "行业代码",
    "注册时间",
    "注册资金（亿元）",
    "经营状态",
    "专业类别",
]


def test_a_directory_as_met_in_practice_comes_in(enterprises, township, neighbour, office):
    book = workbook(
        ["2024年示例县企业名录"],
        HEADERS,
        [1, "芦溪纺织有限公司", USCC, "芦溪", "C1711", "2023.5.6", 0.12, "在业", "工业"],
        [2, "塔山旅馆", "无", "塔山镇", "住宿业", None, None, None, "住宿业"],
    )
    plan = imported(enterprises, office, book)
    assert plan.counts == {"created": 2, "updated": 0, "unchanged": 0, "duplicates": 0}
    mill, inn = Enterprise.objects.order_by("pk")
    assert (mill.uscc, mill.township, mill.industry, mill.status) == (USCC, township, "1711", "active")
    assert (mill.registered_on, mill.registered_capital) == (date(2023, 5, 6), Decimal(1200))
    assert (inn.uscc, inn.township, inn.industry, inn.scale_group) == ("", neighbour, "61", "catering")
    assert (inn.registered_on, inn.registered_capital, inn.status) == (None, None, "active")


def test_an_export_imported_again_changes_nothing(enterprises, township, neighbour, office):
    new_enterprise(township, uscc=USCC, industry="1711", scale_group="industry", remark="第一行\n第二行")
    new_enterprise(township, industry="01", status="revoked", registered_on=None, registered_capital=None)
    new_enterprise(neighbour, registered_capital=Decimal("0.0001"))
    plan = plan_import(enterprises, exported(enterprises, office), office)
    assert [remark.message for remark in plan.errors] == []
    assert [row.changes for row in plan.rows if row.changes] == []
    assert plan.counts == {"created": 0, "updated": 0, "unchanged": 3, "duplicates": 0}


def test_a_directory_without_a_status_column_revives_nobody(enterprises, township, office):
    closed = new_enterprise(township, name="纺织厂", status="cancelled")
    plan = imported(enterprises, office, workbook(PLAIN, [1, "纺织厂", "芦溪镇", "张三"]))
    assert plan.of("updated")[0].changes == [("联系人", "—", "张三")]
    closed.refresh_from_db()
    assert (closed.contact, closed.status) == ("张三", "cancelled")


@pytest.mark.parametrize(
    ("cell", "header", "sentence"),
    [
        ("91350100M000100Y44", "统一社会信用代码", "最后一位校验码对不上"),
        (911101085923662400, "统一社会信用代码", "请设为文本"),
    ],
)
def test_a_wrong_unified_code_stops_the_import_and_says_where(enterprises, township, office, cell, header, sentence):
    book = workbook(["企业名称", "统一社会信用代码", "所在乡镇"], ["某厂", cell, "芦溪镇"])
    (error,) = plan_import(enterprises, book, office).errors
    assert (error.row, error.column) == (2, header)
    assert sentence in error.message


def test_an_industry_that_lost_its_zero_is_asked_about(enterprises, township, office):
    book = workbook(["企业名称", "所在乡镇", "行业代码"], ["某厂", "芦溪镇", 131], ["农场", "芦溪镇", 1])
    plan = plan_import(enterprises, book, office)
    assert ["开头可能少了0" in error.message for error in plan.errors] == [True]
    assert [(row.kind, row.values["industry"]) for row in plan.rows] == [("error", None), ("created", "01")]


def test_the_unified_code_finds_an_enterprise_under_another_name_and_place(enterprises, township, neighbour, office):
    row = new_enterprise(township, name="老名字", uscc=USCC)
    book = workbook(["企业名称", "统一社会信用代码", "所在乡镇"], ["新名字", USCC, "塔山镇"])
    plan = imported(enterprises, office, book)
    assert plan.of("updated")[0].changes == [("企业名称", "老名字", "新名字"), ("所在乡镇", "芦溪镇", "塔山镇")]
    row.refresh_from_db()
    assert (row.name, row.township, Enterprise.objects.count()) == ("新名字", neighbour, 1)


def test_without_a_code_name_and_township_find_it(enterprises, township, neighbour, office):
    new_enterprise(township, name="纺织 厂", uscc=USCC)
    book = workbook(PLAIN, [1, "纺织厂", "芦溪镇", None], [2, "纺织厂", "塔山镇", None])
    plan = plan_import(enterprises, book, office)
    assert [row.kind for row in plan.rows] == ["updated", "created"]


def test_a_code_that_comes_in_later_joins_the_enterprise_that_had_none(enterprises, township, office):
    row = new_enterprise(township, name="纺织厂")
    imported(enterprises, office, workbook(["企业名称", "信用代码", "所在乡镇"], ["纺织厂", USCC, "芦溪镇"]))
    row.refresh_from_db()
    assert (row.uscc, Enterprise.objects.count()) == (USCC, 1)


def test_two_enterprises_of_one_name_and_different_codes_stay_two(enterprises, township, neighbour, office):
    new_enterprise(township, name="纺织厂", uscc=USCC)
    book = workbook(["企业名称", "信用代码", "所在乡镇"], ["纺织厂", OTHER_USCC, "塔山镇"])
    assert imported(enterprises, office, book).counts["created"] == 1


def test_a_row_met_twice_in_a_workbook_is_imported_once(enterprises, township, office):
    book = workbook(
        ["企业名称", "信用代码", "所在乡镇"],
        ["纺织厂", USCC, "芦溪镇"],
        ["纺织厂（新）", f"'{USCC.lower()}", "芦溪镇"],
    )
    plan = imported(enterprises, office, book)
    assert plan.counts == {"created": 1, "updated": 0, "unchanged": 0, "duplicates": 1}
    assert "疑似重复" in plan.warnings[0].message


def test_a_township_imports_its_own_only(enterprises, township, neighbour, clerk):
    book = workbook(PLAIN, [1, "纺织厂", "芦溪镇", None])
    assert imported(enterprises, clerk, book).counts["created"] == 1
    plan = plan_import(enterprises, workbook(PLAIN, [1, "旅馆", "塔山镇", None]), clerk)
    with pytest.raises(Refused), writing_as(clerk) as writing:
        commit_import(writing, plan)
    assert Enterprise.objects.count() == 1


def test_an_import_takes_no_more_statements_for_more_rows(enterprises, township, office, django_assert_max_num_queries):
    rows = [[number, f"第{number}厂", "芦溪镇", None] for number in range(60)]
    plan = plan_import(enterprises, workbook(PLAIN, *rows), office)
    with django_assert_max_num_queries(20), writing_as(office) as writing:
        commit_import(writing, plan)
    assert Enterprise.objects.count() == 60


# -- declarations ------------------------------------------------------------------------------------


def test_declarations_come_in_in_the_order_of_their_days(declarations, township, office):
    new_enterprise(township, name="纺织厂", uscc=USCC)
    book = workbook(
        ["企业名称", "申报情况", "日期", "批次"],
        ["纺织厂", "入库", "2024年3月", "2024年3月月度"],
        [USCC, "已退库", "2023.11", None],
        ["纺织厂", "已入库", "2021年", None],
    )
    assert imported(declarations, office, book).counts["created"] == 3
    rows = Declaration.objects.order_by("pk").values_list("step", "happened_precision", "submission")
    assert list(rows) == [("listed", "year", ""), ("delisted", "month", ""), ("listed", "month", "2024年3月月度")]


def test_two_entries_without_an_exit_stop_the_whole_import(declarations, township, office):
    new_enterprise(township, name="纺织厂")
    header = ["企业名称", "环节", "日期"]
    book = workbook(header, ["纺织厂", "入库", "2024年3月"], ["纺织厂", "入库", "2023年3月"])
    plan = plan_import(declarations, book, office)
    with pytest.raises(Exception, match="已于2023年3月入库"), writing_as(office) as writing:
        commit_import(writing, plan)
    assert Declaration.objects.count() == 0


def test_an_unknown_enterprise_is_an_error_and_a_double_name_a_question(declarations, township, neighbour, office):
    new_enterprise(township, name="纺织厂"), new_enterprise(neighbour, name="纺织厂")
    book = workbook(["企业名称", "环节", "日期"], ["纺织厂", "入库", "2024年3月"], ["旅馆", "入库", "2024年3月"])
    double, unknown = plan_import(declarations, book, office).errors
    assert "有2家企业都叫“纺织厂”" in double.message
    assert "没有登记过这个名称" in unknown.message


def test_exported_declarations_imported_again_change_nothing(declarations, township, office):
    mill = new_enterprise(township, name="纺织厂")
    judge(new_declaration(mill), by=office)
    new_declaration(new_enterprise(township), "intended", submission="第一批", remark="待补材料")
    plan = plan_import(declarations, exported(declarations, office), office)
    assert [remark.message for remark in plan.errors] == []
    assert plan.counts == {"created": 0, "updated": 0, "unchanged": 2, "duplicates": 0}


def test_a_township_declares_its_own_enterprises_only(declarations, township, neighbour):
    new_enterprise(neighbour, name="旅馆")
    seat = township_seat(township)
    plan = plan_import(declarations, workbook(["企业名称", "环节", "日期"], ["旅馆", "入库", "2024年3月"]), seat)
    assert "没有登记过这个名称" in plan.errors[0].message
