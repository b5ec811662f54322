"""The exported workbook as it is written, before any program recalculates it."""

from datetime import datetime
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from reporting.ranking_workbook import write_ranking_workbook
from reporting.scoring.engine import score
from reporting.scoring.inputs import load_inputs
from reporting.scoring.scheme import load_scheme
from tests.reporting.scoring_files import RICH, input_data, sample, scheme_data, unit_data


def exported(scheme, inputs, *, data_only: bool = False, title: str = "排名表") -> Workbook:
    stream = BytesIO()
    said = {"title": title, "footnote_lines": ["=注：一", "注：二"], "made_at": datetime(2024, 7, 5, 9, 30)}
    write_ranking_workbook(stream, scheme, inputs, score(scheme, inputs), **said)
    return load_workbook(BytesIO(stream.getvalue()), data_only=data_only)


def small(formula: str, *units, data_only: bool = False, **rules) -> Workbook:
    scheme = load_scheme(scheme_data(formula, **rules))
    return exported(scheme, load_inputs(input_data(*units)), data_only=data_only)


def cells(sheet: Worksheet) -> list[str]:
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


@pytest.fixture(scope="module")
def rich() -> Workbook:
    return exported(*sample(RICH))


def test_every_sheet_is_set_up_for_paper(rich: Workbook) -> None:
    assert rich.sheetnames == ["排名", "指标数据", "计算过程", "评奖名单"]
    for sheet in rich:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 8)
        assert sheet.oddFooter.center.text == "第&P页，共&N页"
        assert sheet.print_title_rows
        assert sheet["A2"].value == "制表时间：2024-07-05 09:30"
    assert [sheet["A1"].value for sheet in rich] == ["排名表", "指标数据", "计算过程", "评奖名单"]


def wide(count: int) -> Workbook:
    """A scheme whose figures take more columns than one sheet of A3 shows legibly."""
    formula = "+".join(f"目标(数{number})*0+数{number}" for number in range(count))
    figures = {f"数{number}": 1 for number in range(count)}
    return small(formula, unit_data("甲镇", figures, target=figures))


def test_a_sheet_too_wide_for_a3_breaks_between_metrics_and_shrinks_no_further() -> None:
    data = wide(20)["指标数据"]
    ends = [brk.id for brk in data.col_breaks.brk]
    assert ends
    assert {end % 2 for end in ends} == {0}  # each metric takes two columns, after the unit's two
    assert (data.page_setup.scale, data.sheet_properties.pageSetUpPr.fitToPage) == (80, None)
    assert wide(3)["指标数据"].sheet_properties.pageSetUpPr.fitToPage


def test_what_excel_can_not_hold_is_taken_out_and_said_once() -> None:
    scheme, inputs = load_scheme(scheme_data("x")), load_inputs(input_data(unit_data("甲\x0b镇", {"x": 1})))
    book = exported(scheme, inputs, title="排名\x07表")
    assert book["排名"]["A1"].value == "排名表"
    assert [text for text in cells(book["排名"]) if text.startswith("原文中有")]
    assert [text for text in cells(book["指标数据"]) if text.startswith("原文中有")] == []
    assert book["指标数据"]["A6"].value == "甲镇"


def test_the_ranking_carries_title_unit_line_full_marks_and_groups(rich: Workbook) -> None:
    found = cells(rich["排名"])
    assert found[0] == "排名表"
    assert found[1:3] == ["制表时间：2024-07-05 09:30", "单位：分"]
    for text in ("招商引资", "签约额\n（30/20分）", "到位资金\n（30分）", "中心镇", "特色镇", "未分组", "总分"):
        assert text in found


def test_every_score_total_and_rank_is_a_formula_with_its_value(rich: Workbook) -> None:
    values = exported(*sample(RICH), data_only=True)
    for row, valued in zip(rich["排名"].iter_rows(min_row=5), values["排名"].iter_rows(min_row=5), strict=True):
        if row[2].value is None:
            continue
        for cell, value in list(zip(row, valued, strict=True))[2:-1]:
            assert str(cell.value).startswith("=") or cell.value == "/"
            assert value.value is not None


def test_text_that_looks_like_a_formula_stays_text(rich: Workbook) -> None:
    names = [cell for row in rich["排名"].iter_rows() for cell in row if cell.value in ("=丑镇", "=注：一")]
    assert [cell.data_type for cell in names] == ["s", "s"]


def test_an_absent_figure_is_an_error_and_never_blank(rich: Workbook) -> None:
    data = rich["指标数据"]
    table = data.iter_rows(min_row=6, max_row=17)
    assert all(cell.value is not None for row in table for cell in row if cell.column > 2)
    assert "=NA()" in cells(data)


def test_columns_for_comparisons_hold_what_the_engine_compares(rich: Workbook) -> None:
    found = [text for text in cells(rich["计算过程"]) if text.startswith("=IFERROR(ROUND(") and text.endswith(',"—")')]
    assert found


def test_no_cell_asks_for_a_function_that_excel_2016_lacks(rich: Workbook) -> None:
    for sheet in rich:
        assert not [text for text in cells(sheet) if "IFS(" in text or "RANK(" in text or "XLOOKUP" in text]


def test_a_formula_too_long_for_excel_stands_as_its_value() -> None:
    book = small("+".join(["(x=x)"] * 330), unit_data("甲镇", {"x": 1}))
    assert book["排名"]["C5"].value == 330


def test_a_township_in_error_shows_a_dash_without_total_or_rank() -> None:
    book = small("x", unit_data("甲镇", {"x": 1}), unit_data("乙镇", {"x": None}), data_only=True)
    rows = {row[1].value: [cell.value for cell in row] for row in book["排名"].iter_rows(min_row=5, max_row=6)}
    assert rows["乙镇"][:6] == ["—", "乙镇", "—", 0, 0, "—"]
    assert rows["甲镇"][0] == 1


def test_no_task_is_told_in_the_cell() -> None:
    book = small("目标(x)", unit_data("甲镇", {"x": 1}), data_only=True)
    assert book["排名"]["C5"].value == "无任务"
