import json
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from core.dates import DateSpan
from core.readings import Unclear, Unreadable
from core.spreadsheet.cells import read_cell
from core.spreadsheet.raw import RawCell

WORKBOOKS = Path(__file__).resolve().parents[2] / "data" / "workbooks"
EXPECTED = json.loads((WORKBOOKS / "cells.expected.json").read_text("utf-8"))
UNIT_ALIASES = dict.fromkeys(("芦溪镇", "芦溪", "示例县芦溪镇人民政府"), "芦溪镇")
COLUMNS = {
    "总投资(万元)": {"kind": "money"},
    "签约时间": {"kind": "date"},
    "统一社会信用代码": {"kind": "uscc"},
    "落户乡镇": {"kind": "lookup", "lookup": UNIT_ALIASES.get},
    "项目名称": {"kind": "text", "required": True},
}


def cell_of_case(case):
    sheet = openpyxl.load_workbook(WORKBOOKS / "cells.xlsx").worksheets[0]
    cell = sheet.cell(case + 1, 3)
    return RawCell(cell.value, cell.number_format, is_error=cell.data_type == "e")


def as_expected(value):
    return value.code if isinstance(value, DateSpan) else value


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda row: f"{row['case']}-{row['kind']}")
def test_cells_met_in_real_workbooks(expected):
    cell, column = cell_of_case(expected["case"]), COLUMNS[expected["column"]]
    want = expected["want"]
    if expected["kind"] == "value":
        value = as_expected(read_cell(cell, **column))
        assert value == (Decimal(want) if want and column["kind"] == "money" else want)
    else:
        with pytest.raises(Unclear if expected["kind"] == "ask" else Unreadable) as said:
            read_cell(cell, **column)
        assert (want or "。") in str(said.value)


def test_an_unfinished_formula_is_not_a_blank():
    with pytest.raises(Unreadable, match="用WPS或Excel打开并保存后再导入"):
        read_cell(RawCell(None, is_formula_without_value=True), "money")


@pytest.mark.parametrize("kind", ["text", "money", "date", "integer", "choice", "uscc", "boolean", "percent", "month"])
@pytest.mark.parametrize("value", [None, "", " \u3000", "\u200b"])
def test_blanks_are_nothing_unless_required(kind, value):
    assert read_cell(RawCell(value), kind) is None
    with pytest.raises(Unreadable, match="必须填写"):
        read_cell(RawCell(value), kind, required=True)


PLAIN_KINDS = ["text", "money", "date", "integer", "uscc", "quantity", "percent", "lookup", "choice"]
SIGNS = ["—", "/", "－", "--", "－－", " — / — ", "／", "\u3000-\u200b", "\\", "-\n-"]


@pytest.mark.parametrize("kind", PLAIN_KINDS)
@pytest.mark.parametrize("value", [*SIGNS, "无", "待定"])
def test_placeholders_are_nothing(kind, value):
    assert read_cell(RawCell(value), kind) is None
    with pytest.raises(Unreadable, match="必须填写"):
        read_cell(RawCell(value), kind, required=True)


@pytest.mark.parametrize("value", SIGNS)
def test_a_sign_is_nothing_in_prose_either(value):
    assert read_cell(RawCell(value), "long_text") is None


@pytest.mark.parametrize("value", ["无", "暂无", "待定", "-5%", "1/2", "—— 已完工", "√"])
def test_prose_keeps_every_word(value):
    assert read_cell(RawCell(value), "long_text") == value


@pytest.mark.parametrize("value", ["无锡", "无名项目", "A-1", "-1", "3#/4#厂房", "√"])
def test_text_that_only_begins_like_a_placeholder_is_kept(value):
    assert read_cell(RawCell(value), "text") == value


# --- dates


@pytest.mark.parametrize(
    ("number", "span"),
    [
        (45047, DateSpan.day(date(2023, 5, 1))),
        (45047.75, DateSpan.day(date(2023, 5, 1))),
        (20000, DateSpan.day(date(1954, 10, 3))),
        (60000, DateSpan.day(date(2064, 4, 8))),
        (2023.5, DateSpan.month(2023, 5)),
        (2023.11, DateSpan.month(2023, 11)),
        (2023.12, DateSpan.month(2023, 12)),
        (2023.01, DateSpan.month(2023, 1)),
        (202305, DateSpan.month(2023, 5)),
        (202305.0, DateSpan.month(2023, 5)),
        (20230501, DateSpan.day(date(2023, 5, 1))),
        (2023, DateSpan.year(2023)),
    ],
)
def test_numbers_in_a_date_column(number, span):
    assert read_cell(RawCell(number), "date") == span


@pytest.mark.parametrize("number", [19999, 60001, 2023.13, 2023.001, 5, -1, 0.5, 1e300, True])
def test_numbers_that_are_no_dates(number):
    with pytest.raises(Unreadable):
        read_cell(RawCell(number), "date")


def test_the_1904_calendar_begins_later():
    assert read_cell(RawCell(45047), "date", date1904=True) == DateSpan.day(date(2027, 5, 2))


@pytest.mark.parametrize(
    ("number_format", "precision"),
    [
        *(("yyyy-mm-dd", "day"), ('yyyy"年"m"月"d"日"', "day"), ('yyyy"年"m"月"', "month"), ("yyyy/m", "month")),
        *(('[$-804]yyyy"年"m"月";@', "month"), ('[DBNum1][$-804]yyyy"年"m"月"', "month"), ("yyyy\\年m\\月", "month")),
        *(("mmm-yy", "month"), ("General", "day"), ('m"月"d"日"', "day"), ("yyyy.mm", "month"), ("@", "day")),
    ],
)
def test_the_first_of_a_month_shown_without_its_day_is_a_month(number_format, precision):
    first = datetime(2023, 5, 1)
    assert read_cell(RawCell(first, number_format), "date") == DateSpan.of(first.date(), precision)
    assert read_cell(RawCell(45047, number_format), "date") == DateSpan.of(first.date(), precision)


def test_another_day_keeps_its_precision_however_it_is_shown():
    assert read_cell(RawCell(datetime(2023, 5, 15, 8, 30), "yyyy/m"), "date") == DateSpan.day(date(2023, 5, 15))


def test_new_years_day_shown_as_a_year_is_a_year():
    assert read_cell(RawCell(datetime(2023, 1, 1), "yyyy"), "date") == DateSpan.year(2023)


def test_a_bare_year_typed_into_a_date_format_is_asked():
    with pytest.raises(Unclear, match="显示为1905年7月15日，像是在日期格式里只写了数字2023"):
        read_cell(RawCell(datetime(1905, 7, 15), "yyyy-mm-dd"), "date")


def test_a_clock_time_is_no_date():
    with pytest.raises(Unreadable):
        read_cell(RawCell(time(8, 30)), "date")


def test_month_columns_give_the_first_of_the_month():
    assert read_cell(RawCell("2023年5月"), "month") == date(2023, 5, 1)
    assert read_cell(RawCell(datetime(2023, 5, 31), "yyyy-mm-dd"), "month") == date(2023, 5, 1)
    with pytest.raises(Unclear, match="没有写到月份"):
        read_cell(RawCell("2023年三季度"), "month")


# --- money and numbers


def test_money_cells():
    assert read_cell(RawCell(0.30000000000000004), "money") == Decimal("0.3")
    assert read_cell(RawCell(1.2), "money", unit="亿元") == Decimal(12000)
    assert read_cell(RawCell("500元"), "money") == Decimal("0.05")
    assert read_cell(RawCell(-5), "money", allow_negative=True) == Decimal(-5)


@pytest.mark.parametrize("number_format", ["#,##0.00", "#,##0_);(#,##0)", '_(* #,##0.00_);_(* "-"??_);_(@_)', "0", "@"])
def test_plain_number_formats_change_nothing(number_format):
    assert read_cell(RawCell(5000, number_format), "money") == Decimal(5000)


def test_a_unit_in_the_number_format_is_the_cells_unit():
    assert read_cell(RawCell(1.2, '0.00"亿元"'), "money") == Decimal(12000)
    assert read_cell(RawCell(5000000, '#,##0"元"'), "money") == Decimal(500)


@pytest.mark.parametrize("number_format", ['0!.0,"万元"', "#,##0,", "0.00,,"])
def test_a_format_that_shows_another_number_is_asked(number_format):
    with pytest.raises(Unclear, match="格式让它显示成另一个数"):
        read_cell(RawCell(50000000, number_format), "money")


def test_a_foreign_currency_in_the_number_format_is_asked():
    with pytest.raises(Unclear, match="币种"):
        read_cell(RawCell(120, "[$$-409]#,##0.00"), "money")


@pytest.mark.parametrize("value", [True, datetime(2023, 5, 1), time(8)])
def test_other_types_are_no_money(value):
    with pytest.raises(Unreadable, match="这一栏应填金额"):
        read_cell(RawCell(value), "money")


@pytest.mark.parametrize(("value", "number"), [(3, 3), (3.0, 3), ("1,200", 1200), ("12人", 12), ("５", 5), ("3.0", 3)])
def test_integers(value, number):
    result = read_cell(RawCell(value), "integer")
    assert (result, type(result)) == (number, int)


@pytest.mark.parametrize("value", [3.5, "3.5", -1, "-1", "abc", 2**31, 1e300])
def test_other_numbers_are_no_integers(value):
    with pytest.raises(Unreadable):
        read_cell(RawCell(value), "integer")


def test_quantities_know_their_unit():
    assert read_cell(RawCell("30.5亩"), "quantity", unit="亩") == Decimal("30.5")
    assert read_cell(RawCell(905.5), "quantity", unit="天") == Decimal("905.5")
    with pytest.raises(Unreadable, match="负数"):
        read_cell(RawCell(-1), "quantity")


@pytest.mark.parametrize(
    "cell", [RawCell("85%"), RawCell("８５％"), RawCell(0.85, "0%"), RawCell(0.85, "0.00%"), RawCell("85.0 %")]
)
def test_percentages_are_ratios(cell):
    assert read_cell(cell, "percent") == Decimal("0.85")


@pytest.mark.parametrize("value", [85, 0.85, "85", "0.85", 1])
def test_a_percentage_without_its_sign_is_asked(value):
    with pytest.raises(Unclear, match="没有百分号"):
        read_cell(RawCell(value), "percent")


def test_zero_percent_needs_no_sign():
    assert read_cell(RawCell(0), "percent") == 0


# --- text and codes


def test_free_text_keeps_its_characters():
    assert read_cell(RawCell(" 年产５万吨㎡①\u200b项目\r\n（一期） "), "text") == "年产５万吨㎡①项目（一期）"
    assert read_cell(RawCell("ABC\nDEF"), "text") == "ABC DEF"


def test_long_text_keeps_its_lines():
    assert read_cell(RawCell("一、已开工 \r\n\r\n二、已投产\n"), "long_text") == "一、已开工\n二、已投产"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2023, "2023"),
        (13800000000.0, "13800000000"),
        (1.5, "1.5"),
        (True, "是"),
        (datetime(2023, 5, 1), "2023年5月1日"),
    ],
)
def test_other_types_as_text(value, text):
    assert read_cell(RawCell(value), "text") == text


@pytest.mark.parametrize("kind", ["text", "uscc", "project_code", "lookup"])
def test_numbers_that_lost_digits_are_refused_in_every_text_column(kind):
    with pytest.raises(Unreadable, match="请设为文本"):
        read_cell(RawCell(9.144030019220383e17), kind, lookup=str)


def test_codes():
    assert read_cell(RawCell("'91350100m000100y43"), "uscc") == "91350100M000100Y43"
    assert read_cell(RawCell("2311—330109—04—01—789813"), "project_code") == "2311-330109-04-01-789813"
    assert read_cell(RawCell(510722101000.0), "region_code") == "510722101"


@pytest.mark.parametrize(
    ("value", "answer"), [("是", True), ("√", True), ("无", False), ("N", False), (True, True), (0, False)]
)
def test_yes_and_no(value, answer):
    assert read_cell(RawCell(value), "boolean") is answer


def test_choices_are_found_by_any_writing_and_offered_when_not():
    choices = {"新建": "new", "扩建": "extension", "技改（含设备更新）": "upgrade"}
    assert read_cell(RawCell(" 技改(含 设备更新)"), "choice", choices=choices) == "upgrade"
    with pytest.raises(Unreadable, match="不在可选项里，请改为新建、扩建、技改（含设备更新）中的一项"):
        read_cell(RawCell("重建"), "choice", choices=choices)


def test_a_lookup_may_ask_itself():
    def two_of_that_name(text):
        raise Unclear(f"“{text}”有两个。")

    with pytest.raises(Unclear, match="有两个"):
        read_cell(RawCell("城关"), "lookup", lookup=two_of_that_name)
