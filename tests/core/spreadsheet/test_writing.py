import csv
import datetime
import io
import subprocess
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from core.spreadsheet.reading import find_tables, open_workbook
from core.spreadsheet.writing import PRINTED, OutColumn, sheet_name, write_table, write_template
from tests.core.spreadsheet.headers import PROJECTS

DAY = datetime.date(2023, 5, 4)
MADE_AT = datetime.datetime(2024, 4, 10, 9, 30)
COLUMNS = [
    OutColumn("项目名称", "text", 30),
    OutColumn("统一社会信用代码", "text", 22),
    OutColumn("总投资", "amount", 14, unit="万元"),
    OutColumn("到位率", "rate", 10),
    OutColumn("项目数", "integer", 10),
    OutColumn("签约时间", "date", 14),
    OutColumn("到位月份", "month", 14),
]
ROWS = [
    ["甲项目", "001234567890123456", Decimal("1234.5678"), Decimal("0.85"), 3, DAY, datetime.date(2023, 5, 1)],
    ["=1+1镇项目", "91350100M000100Y43", Decimal(-2), 0, 0, "2023年5月", None],
]  # fmt: skip
FIRST_ROW = 5


def written(rows=ROWS, columns=COLUMNS, **options):
    stream = io.BytesIO()
    summary = write_table(stream, "项目台账", columns, rows, made_at=MADE_AT, **options)
    return stream, summary


def sheet_of(stream, **options):
    return load_workbook(stream, **options).worksheets[0]


@pytest.fixture
def sheet():
    stream, _ = written(caption_lines=["筛选：2023年签约"])
    return sheet_of(stream)


def test_cells_are_typed(sheet):
    first, second = ([cell.value for cell in row] for row in sheet.iter_rows(FIRST_ROW, FIRST_ROW + 1))
    assert first == [
        "甲项目", "001234567890123456", 1234.5678, 0.85, 3, datetime.datetime(2023, 5, 4), "2023年5月",
    ]  # fmt: skip
    assert second == ["=1+1镇项目", "91350100M000100Y43", -2, 0, 0, "2023年5月", None]


def test_texts_and_codes_stay_texts(sheet):
    for row in (FIRST_ROW, FIRST_ROW + 1):
        assert [sheet.cell(row, column).data_type for column in (1, 2)] == ["s", "s"]
        assert sheet.cell(row, 2).number_format == "@"
    assert sheet.cell(FIRST_ROW, 6).number_format == "yyyy-mm-dd"
    assert sheet.cell(FIRST_ROW, 3).number_format == "#,##0.00##"


@pytest.mark.parametrize(
    "text", ["=1+1", "+8613800000000", "-5", "@SUM(A1)", '=HYPERLINK("http://a.example")', "http://a.example"]
)
def test_what_looks_like_a_formula_or_a_link_stays_a_text(text):
    stream, _ = written([[text]], COLUMNS[:1])
    sheet = sheet_of(stream)
    assert (sheet["A4"].value, sheet["A4"].data_type, sheet["A4"].hyperlink) == (text, "s", None)
    assert sheet["A4"].number_format == "@"  # and so it stays when a person edits the cell


def test_captions_and_header_stand_in_order(sheet):
    assert [sheet.cell(row, 1).value for row in (1, 2, 3, 4)] == [
        "项目台账", "筛选：2023年签约", "制表时间：2024-04-10 09:30", "项目名称",
    ]  # fmt: skip
    assert sheet["C4"].value == "总投资（万元）"
    assert "A1:G1" in [str(merge) for merge in sheet.merged_cells.ranges]


def test_the_sheet_is_ready_for_screen_and_paper(sheet):
    assert sheet.freeze_panes == "A5"
    assert sheet.auto_filter.ref == "A4:G6"
    assert sheet.column_dimensions["A"].width == pytest.approx(30, abs=1)
    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$4:$4"
    assert sheet.oddFooter.center.text == "第&P页，共&N页"


def test_a_wide_table_goes_on_a3():
    stream, _ = written([["甲"] * 10], [OutColumn(f"栏目{number}", "text", 20) for number in range(10)])
    assert int(sheet_of(stream).page_setup.paperSize) == 8


def test_forbidden_characters_are_removed_and_counted():
    stream, summary = written([["甲\x00乙\x0b丙\ufffe\ud800", "第一行\r\n第二行\t_x000D_"]], COLUMNS[:2])
    sheet = open_workbook(stream).sheets[0]
    assert [sheet.cell(4, column).value for column in (1, 2)] == ["甲乙丙", "第一行\n第二行\t_x000D_"]
    assert (summary.rows, summary.removed_characters, summary.shortened_texts) == (1, 4, 0)
    assert summary.losses == ["原文中有4个Excel不能保存的字符，已去掉。"]


def test_a_text_too_long_for_a_cell_is_cut_and_counted():
    stream, summary = written([["甲" * 40000]], COLUMNS[:1])
    assert len(sheet_of(stream)["A4"].value) == 32767
    assert summary.shortened_texts == 1


def test_a_value_that_does_not_suit_its_column_is_kept_as_text():
    stream, _ = written([["待定", 5]], [OutColumn("总投资", "amount"), OutColumn("项目名称")])
    assert [cell.value for cell in sheet_of(stream)[4]] == ["待定", "5"]


def test_an_empty_list_is_a_whole_file():
    stream, summary = written([])
    assert summary.rows == 0
    sheet = sheet_of(stream)
    assert [cell.value for cell in sheet[3]] == [column.caption for column in COLUMNS]
    assert [cell.value for cell in sheet[4]] == [None] * 7


def test_columns_of_one_name_stay_two():
    stream, _ = written([["甲", "乙"]], [OutColumn("备注"), OutColumn("备注")])
    assert [cell.value for cell in sheet_of(stream)[4]] == ["甲", "乙"]


def test_an_export_is_read_back_as_it_was_written():
    columns = [COLUMNS[0], COLUMNS[2], COLUMNS[5]]
    rows = [
        ["甲项目", Decimal("0.0001"), datetime.date(2023, 5, 4)],
        ["-乙", Decimal(5), "2023年5月"],
        ["丙", None, "2023年"],
    ]
    stream, _ = written(rows, columns, caption_lines=["填报单位：示例县招商局"])
    (table,) = find_tables(open_workbook(stream), PROJECTS)
    assert [[cell.value for cell in row.cells.values()] for row in table.rows] == [
        ["甲项目", 0.0001, datetime.datetime(2023, 5, 4)], ["-乙", 5, "2023年5月"], ["丙", None, "2023年"],
    ]  # fmt: skip
    assert (table.title, table.reporting_unit) == ("项目台账", "示例县招商局")
    assert table.questions == ()


@pytest.mark.parametrize(
    ("title", "name"),
    [("2023/24年[草稿]", "202324年草稿"), ("一" * 40, "一" * 31), ("??", "Sheet1"), ("'引号'", "引号")],
)
def test_a_title_becomes_a_sheet_name(title, name):
    assert sheet_name(title) == name


def test_text_columns_are_as_wide_as_their_texts_and_rows_as_high():
    columns = [OutColumn("项目", width=12), OutColumn("内容", width=12), OutColumn("总投资", "amount", 14)]
    stream, _ = written([["甲" * 10, "乙" * 60, Decimal(1)], ["甲", "乙", Decimal(2)]], columns)
    sheet = sheet_of(stream)
    assert [round(sheet.column_dimensions[letter].width) for letter in "ABC"] == [24, 41, 15]
    assert [sheet.row_dimensions[row].height for row in (3, 4, 5)] == [None, 60, None]


@pytest.mark.parametrize(("rows", "height"), [(PRINTED - 1, 60), (PRINTED, None)])
def test_a_list_too_long_to_be_printed_keeps_its_rows_low(rows, height):
    stream, summary = written([["乙" * 60]] * rows, [OutColumn("内容")])
    assert summary.rows == rows
    assert sheet_of(stream).row_dimensions[4].height == height


@pytest.mark.parametrize(
    ("columns", "paper", "sheets", "title"), [(7, 9, 1, "A1:G1"), (12, 8, 1, "A1:L1"), (13, 8, 2, "A1:K1")]
)
def test_a_wide_list_stands_on_several_sheets_side_by_side(columns, paper, sheets, title):
    """Each of them legible and with what stands first in a row; the title on the first of them."""
    stream, _ = written([], [OutColumn(f"栏目{number}", "amount", width=20) for number in range(columns)])
    sheet = sheet_of(stream)
    page = sheet.page_setup
    assert (page.paperSize, page.fitToWidth or 1, page.fitToHeight) == (paper, sheets, 0)
    assert (sheet.print_title_cols, sheet.print_title_rows) == ("$A:$A", "$3:$3")
    assert title in {str(merge) for merge in sheet.merged_cells.ranges}


def test_a_whole_number_has_no_point_behind_it():
    stream, _ = written([[Decimal(15)]], [OutColumn("面积", "number")])
    assert sheet_of(stream)["A4"].number_format == "General"


def test_a_template_has_header_instructions_and_choices():
    columns = [
        OutColumn("项目名称", hint="与协议一致", required=True),
        OutColumn("签约类型", choices=("正式合同", "框架协议")),
        OutColumn("总投资", "amount", unit="万元", choices=("甲,乙",)),
        OutColumn("签约时间", "date", choices=tuple(f"第{number}项" for number in range(100))),
    ]
    stream = io.BytesIO()
    write_template(stream, "项目台账", columns)
    table, instructions = load_workbook(stream).worksheets
    assert [cell.value for cell in table[1]] == ["项目名称", "签约类型", "总投资（万元）", "签约时间"]
    assert [(rule.formula1, str(rule.sqref)) for rule in table.data_validations.dataValidation] == [
        ('"正式合同,框架协议"', "B2:B2001")
    ]
    assert (table.freeze_panes, table.print_title_rows) == ("A2", "$1:$1")
    assert table.column_dimensions["A"].number_format == "@"
    assert [cell.value for cell in instructions[2]] == ["项目名称", "必填", "与协议一致", None]
    assert [(page.page_setup.orientation, page.page_setup.fitToWidth) for page in (table, instructions)] == [
        ("landscape", 1)
    ] * 2
    assert instructions.max_row == 5


def test_a_filled_template_is_found_and_its_instructions_are_named():
    stream = io.BytesIO()
    write_template(stream, "项目台账", [OutColumn("项目名称"), OutColumn("总投资", "amount"), OutColumn("签约时间")])
    book = load_workbook(stream)
    book.worksheets[0].append(["甲项目", 5, "2023年5月"])
    book.save(stream)
    table, instructions = find_tables(open_workbook(stream), PROJECTS)
    assert [row.number for row in table.rows] == [2]
    assert instructions.sheet == "填写说明"


@pytest.mark.office
def test_libreoffice_shows_the_same_cells(tmp_path):
    stream, _ = written(caption_lines=["筛选：全部"])
    (tmp_path / "台账.xlsx").write_bytes(stream.getvalue())
    convert(tmp_path, "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true", "台账.xlsx")
    with open(tmp_path / "台账.csv", encoding="utf-8", newline="") as lines:
        shown = list(csv.reader(lines))
    assert [row[0] for row in shown[:4]] == ["项目台账", "筛选：全部", "制表时间：2024-04-10 09:30", "项目名称"]
    assert shown[4] == ["甲项目", "001234567890123456", "1,234.5678", "85.00%", "3", "2023-05-04", "2023年5月"]
    assert shown[5] == ["=1+1镇项目", "91350100M000100Y43", "-2.00", "0.00%", "0", "2023年5月", ""]
    convert(tmp_path, "pdf", "台账.xlsx")
    assert (tmp_path / "台账.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.office
def test_libreoffice_opens_a_template(tmp_path):
    with open(tmp_path / "模板.xlsx", "wb") as stream:
        write_template(stream, "项目台账", COLUMNS)
    convert(tmp_path, "pdf", "模板.xlsx")
    assert (tmp_path / "模板.pdf").read_bytes().startswith(b"%PDF")


def convert(folder, target, name):
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", target, "--outdir", str(folder), str(folder / name)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)


@pytest.mark.parametrize("count", [7, 8, 9, 12])
def test_no_empty_boxes_stand_beside_the_captions_of_a_wide_table(count):
    """A table of two sheets side by side: what is right of the title belongs to a range without borders."""
    columns = [OutColumn(f"第{number}列", width=40) for number in range(count)]
    sheet = sheet_of(written([["甲"] * count], columns)[0])
    bare = [cell for cell in sheet[1] if cell.border.left.style is None and cell.border.bottom.style is None]
    assert len(bare) == count
    assert {merge.max_col for merge in sheet.merged_cells.ranges if merge.min_row == 1} >= {count}
