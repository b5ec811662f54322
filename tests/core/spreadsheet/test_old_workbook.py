"""Workbooks of Excel 97–2003 read as the same ones saved anew: every cell, format, merge and hidden row."""

import io
from pathlib import Path

import pytest
from django.conf import settings

from core.spreadsheet.reading import Limits, WorkbookError, open_workbook

SAMPLES = settings.BASE_DIR / "tests/data/workbooks"
OLD = (SAMPLES / "cells.xls").read_bytes()


def message(content, name="名单.xls", **limits):
    file = io.BytesIO(content)
    file.name = name
    with pytest.raises(WorkbookError) as failure:
        open_workbook(file, Limits(**limits))
    return str(failure.value)


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.xls")), ids=lambda path: path.stem)
def test_an_old_workbook_reads_as_the_new_one(path: Path):
    old, new = open_workbook(path), open_workbook(path.with_suffix(".xlsx"))
    assert [sheet.name for sheet in old.sheets] == [sheet.name for sheet in new.sheets]
    for one, other in zip(old.sheets, new.sheets, strict=True):
        assert described(one) == described(other)
        for row in range(1, other.last_row + 1):
            for column in range(1, other.last_column + 1):
                assert one.cell(row, column) == other.cell(row, column), (one.name, row, column)


def described(sheet):
    found = sheet.structure
    merges = sorted((merge.top, merge.left, merge.bottom, merge.right) for merge in found.merges)
    return found.last_row, found.last_column, found.hidden, found.hidden_rows, found.hidden_columns, merges


def test_a_broken_one_is_damaged():
    assert message(OLD[:512] + bytes(1024) + OLD[1536:]) == "文件已损坏，无法打开，请另存为xlsx后再导入。"


def test_one_with_macros_is_refused():
    assert message(OLD + "_VBA_PROJECT_CUR".encode("utf-16-le")) == "文件带有宏，不能导入，请另存为xlsx后再导入。"


def test_one_of_wps_is_named():
    assert message(OLD, name="名单.et") == "这是WPS的et文件，请另存为xlsx后再导入。"


def test_another_compound_file_is_no_workbook():
    content = OLD[:8] + bytes(600)
    assert message(content) == "这不是Excel工作簿，也可能是WPS的et文件，请另存为xlsx后再导入。"


def test_one_with_a_password_says_so():
    assert message(OLD[:8] + bytes(600) + "EncryptedPackage".encode("utf-16-le")).startswith("文件设有打开密码")


def test_limits_hold_for_old_ones_too():
    assert "请拆开后再导入" in message(OLD, cells=20)
    assert message(OLD, sheets=0).startswith("工作簿有1张工作表")
