import datetime
import io
import re
import zipfile
from pathlib import Path

import pytest

from core.spreadsheet.reading import Limits, WorkbookError, open_workbook
from tests.core.spreadsheet.workbooks import opened, patched, saved, with_part

SHEET = "xl/worksheets/sheet1.xml"
DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


def message(source, **limits):
    with pytest.raises(WorkbookError) as failure:
        open_workbook(source, Limits(**limits))
    return str(failure.value)


def cells(rows, **options):
    sheet = opened(rows, **options).sheets[0]
    return [sheet.cell(1, column) for column in range(1, len(rows[0]) + 1)]


def test_values_keep_their_type():
    moment = datetime.datetime(2023, 5, 1, 8, 30)
    row = [12, 0.5, "文字", True, moment, 1.5e17, datetime.datetime(2023, 5, 1), "00123"]
    values = [cell.value for cell in cells([row])]
    assert values == row
    assert [type(value) for value in values] == [type(value) for value in row]


def test_a_number_longer_than_excel_can_hold_stays_a_float():
    (cell,) = cells([[123456789012345678]])
    assert isinstance(cell.value, float)


def test_an_error_cell_is_no_blank():
    (cell,) = cells([["#REF!"]])
    assert (cell.value, cell.is_error) == ("#REF!", True)


def test_a_formula_without_a_result_is_no_blank():
    formula, blank = cells([["=1+1", None]])
    assert (formula.value, formula.is_formula_without_value) == (None, True)
    assert (blank.value, blank.is_formula_without_value) == (None, False)


def test_a_formula_with_a_result_gives_the_result_even_if_it_is_empty():
    calculated = patched(saved([["=1+1", '=""']]), {SHEET: give_results})
    first, second = (open_workbook(calculated).sheets[0].cell(1, column) for column in (1, 2))
    assert (first.value, first.is_formula_without_value) == (2, False)
    assert second.is_formula_without_value is False


def test_what_stands_beside_a_formula_is_not_its_result():
    spaced = {SHEET: lambda part: part.replace(b"</c><c", b"</c> <c")}
    odd = patched(saved([["=1+1", "文字", "=2+2", "=3+3", 7]]), spaced)
    assert [cell.is_formula_without_value for cell in row_of(odd, 5)] == [True, False, True, True, False]


def test_a_formula_that_fails_shows_its_error():
    failing = b'<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
    odd = patched(saved([["=1+1"]]), {SHEET: lambda part: re.sub(b'<c r="A1".*?</c>', failing, part)})
    (cell,) = row_of(odd, 1)
    assert (cell.value, cell.is_error, cell.is_formula_without_value) == ("#DIV/0!", True, False)


def row_of(stream, columns):
    sheet = open_workbook(stream).sheets[0]
    return [sheet.cell(1, column) for column in range(1, columns + 1)]


def give_results(part):
    part = part.replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>").replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>")
    return part.replace(b'<c r="B1">', b'<c r="B1" t="str">')


def test_number_formats_are_known():
    def set_formats(sheet):
        sheet["A1"].number_format = 'yyyy"年"m"月"'
        sheet["B1"].number_format = "0%"

    month, rate, plain = cells([[datetime.datetime(2023, 5, 1), 0.85, 1]], change=set_formats)
    assert (month.value, month.number_format) == (datetime.datetime(2023, 5, 1), 'yyyy"年"m"月"')
    assert (rate.value, rate.number_format, plain.number_format) == (0.85, "0%", "General")


def test_the_built_in_chinese_month_format_gives_a_date():
    book = saved([[datetime.datetime(2023, 5, 1)]])
    chinese = patched(
        book, {"xl/styles.xml": lambda part: part.replace(b'numFmtId="164" fontId', b'numFmtId="57" fontId')}
    )
    cell = open_workbook(chinese).sheets[0].cell(1, 1)
    assert (cell.value, cell.number_format) == (datetime.datetime(2023, 5, 1), 'yyyy"年"m"月"')


def test_the_1904_calendar_is_honoured():
    def use_1904(sheet):
        sheet.parent.epoch = datetime.datetime(1904, 1, 1)

    (cell,) = cells([[datetime.datetime(2023, 5, 1)]], change=use_1904)
    assert cell.value == datetime.datetime(2023, 5, 1)


def test_a_path_and_a_stream_read_the_same(tmp_path):
    path = tmp_path / "台账.xlsx"
    path.write_bytes(saved([["甲"]]).getvalue())
    for source in (path, str(path), io.BytesIO(path.read_bytes())):
        assert open_workbook(source).sheets[0].cell(1, 1).value == "甲"


@pytest.mark.parametrize("content", ["不是工作簿".encode(), b"", b"<html></html>", b"a,b\n1,2\n"])
def test_another_file_named_xlsx_is_refused(content):
    assert message(io.BytesIO(content)) == "这不是Excel工作簿，请另存为xlsx后再导入。"


def test_an_archive_without_a_workbook_is_refused():
    assert message(with_part(io.BytesIO(), "mimetype", b"x")) == "这不是Excel工作簿，请另存为xlsx后再导入。"


def test_old_and_encrypted_files_are_told_apart():
    magic = bytes.fromhex("D0CF11E0A1B11AE1")
    assert message(io.BytesIO(magic + bytes(600))).startswith("这不是Excel工作簿，也可能是WPS的et文件")
    encrypted = magic + bytes(100) + "EncryptedPackage".encode("utf-16-le")
    assert message(io.BytesIO(encrypted)) == "文件设有打开密码，请取消密码，请另存为xlsx后再导入。"


def test_a_binary_workbook_is_refused():
    assert message(with_part(io.BytesIO(), "xl/workbook.bin", b"x")) == "这是xlsb文件，请另存为xlsx后再导入。"


def test_macros_are_refused_by_part_by_type_and_by_name(tmp_path):
    refused = "文件带有宏，不能导入，请另存为xlsx后再导入。"
    assert message(with_part(saved([["甲"]]), "xl/vbaProject.bin", b"x")) == refused
    macro_type = patched(
        saved([["甲"]]), {"[Content_Types].xml": lambda part: part.replace(b"sheet.main", b"macroEnabled.main")}
    )
    assert message(macro_type) == refused
    path = tmp_path / "台账.xlsm"
    path.write_bytes(saved([["甲"]]).getvalue())
    assert message(path) == refused


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/styles.xml"])
def test_entities_are_refused_in_every_part(part):
    hostile = patched(saved([["甲"]]), {part: lambda content: DOCTYPE + content})
    assert message(hostile) == "文件含有不允许的内容，请另存为xlsx后再导入。"


def test_entities_are_refused_in_another_encoding():
    hostile = patched(
        saved([["甲"]]),
        {SHEET: lambda part: (DOCTYPE.replace(b"?>", b' encoding="UTF-16"?>', 1) + part).decode().encode("utf-16")},
    )
    assert message(hostile) == "文件含有不允许的内容，请另存为xlsx后再导入。"


def test_a_file_too_big_is_refused():
    assert message(saved([["甲"]]), file_size=1000) == "文件超过1000字节，请拆成几个文件后再导入。"


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    bomb = with_part(saved([["甲"]]), "xl/worksheets/sheet2.xml", bytes(30 * 2**20))
    assert len(bomb.getvalue()) < 2**20
    assert message(bomb, unpacked_size=20 * 2**20) == "文件解压后超过20MB，请删去多余内容后再导入。"


def test_a_bomb_that_lies_about_its_size_is_refused():
    bomb = with_part(saved([["甲"]]), "xl/worksheets/sheet9.xml", b"<a>" + bytes(2**20))
    directory = bytearray(bomb.getvalue())
    entry = directory.rindex(b"PK\x01\x02")
    directory[entry + 24 : entry + 28] = (100).to_bytes(4, "little")
    assert message(io.BytesIO(bytes(directory))) == "文件已损坏，无法打开，请另存为xlsx后再导入。"


def test_too_many_entries_are_refused():
    assert message(saved([["甲"]]), entries=3).endswith("多于3个，请另存为xlsx后再导入。")


def test_too_many_sheets_rows_and_columns_are_refused():
    two_sheets = saved([["甲"]], change=lambda sheet: sheet.parent.create_sheet())
    assert message(two_sheets, sheets=1) == "工作簿有2张工作表，多于1张，请拆开后再导入。"
    assert message(saved([["甲"]] * 4), rows=3) == "工作表“Sheet”超过3行，请拆开后再导入。"
    assert message(saved([["甲"] * 4]), columns=3) == "工作表“Sheet”超过3列，请删去多余的列后再导入。"


def test_one_cell_in_the_far_corner_is_refused_before_a_grid_is_made():
    far = patched(
        saved([["甲"], ["乙"]]),
        {SHEET: lambda part: part.replace(b'"A2"', b'"XFD1048576"').replace(b'r="2"', b'r="1048576"')},
    )
    assert message(far) == "工作表“Sheet”超过100000行，请拆开后再导入。"


def test_a_merge_over_the_whole_sheet_costs_nothing():
    small = saved([["甲", "乙"], ["丙", "丁"]], merges=["A1:B1"])
    vast = patched(small, {SHEET: lambda part: part.replace(b'"A1:B1"', b'"A1:XFD1048576"')})
    sheet = open_workbook(vast).sheets[0]
    assert sheet.anchor(2, 2) == (1, 1)
    assert len(sheet.merged) <= 4


@pytest.mark.parametrize("keep", [200, 1500, 4000])
def test_a_file_cut_off_is_refused(keep):
    content = saved([["甲"]]).getvalue()
    assert message(io.BytesIO(content[:keep])) == "文件已损坏，无法打开，请另存为xlsx后再导入。"


def test_a_part_cut_off_is_refused():
    broken = patched(saved([["甲"]]), {SHEET: lambda part: part[:-40]})
    assert message(broken) == "文件已损坏，无法打开，请另存为xlsx后再导入。"


def test_a_password_on_a_part_is_refused():
    content = bytearray(saved([["甲"]]).getvalue())
    entry = content.index(b"PK\x01\x02")
    content[entry + 8] |= 1
    assert message(io.BytesIO(bytes(content))).startswith("文件设有打开密码")


def test_a_missing_path_is_not_called_a_damaged_workbook():
    with pytest.raises(FileNotFoundError):
        open_workbook(Path("没有这个文件.xlsx"))


def test_two_parts_of_one_name_are_refused():
    with pytest.warns(UserWarning, match="Duplicate"):
        twice = with_part(saved([["甲"]]), SHEET, b"<a/>")
    assert zipfile.ZipFile(twice).namelist().count(SHEET) == 2
    assert message(twice) == "文件已损坏，无法打开，请另存为xlsx后再导入。"


@pytest.mark.parametrize("encoding", [b"nonsense", b"gbk", b"rot13"])
def test_a_part_in_an_encoding_that_cannot_be_read_is_damage(encoding):
    declared = b'<?xml version="1.0" encoding="' + encoding + b'"?>'
    broken = patched(saved([["名称"]]), {SHEET: lambda part: declared + part[part.find(b"<worksheet") :]})
    assert message(broken) == "文件已损坏，无法打开，请另存为xlsx后再导入。"


def test_damage_in_a_part_packed_by_another_method_is_damage():
    """Of LZMA, which Excel never writes, the error is of a kind of its own."""
    stream = io.BytesIO()
    with zipfile.ZipFile(saved([["名称"]])) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_LZMA) as target:
        for name in source.namelist():
            target.writestr(name, source.read(name))
    content = bytearray(stream.getvalue())
    begin = content.find(SHEET.encode()) + len(SHEET) + 9
    content[begin : begin + 20] = b"\xff" * 20
    assert message(io.BytesIO(bytes(content))) == "文件已损坏，无法打开，请另存为xlsx后再导入。"


def test_a_style_that_does_not_exist_is_none():
    odd = patched(saved([[12]]), {SHEET: lambda part: part.replace(b'<c r="A1"', b'<c r="A1" s="-1000"', 1)})
    assert open_workbook(odd).sheets[0].cell(1, 1).value == 12
