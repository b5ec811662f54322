"""How wide columns and how high rows have to be for their texts."""

from datetime import date
from decimal import Decimal

import pytest

from core.spreadsheet.fitting import HIGHEST_ROW, display_width, fitting_columns, height_of, lines_of, needed_width


class Named:
    def __str__(self):
        return "十个汉字的名称共有十个"


def test_a_chinese_character_is_two_wide():
    assert display_width("总投资（万元）a") == 15


@pytest.mark.parametrize(("value", "lines"), [
    ("一二三四", 1), ("一二三四五", 2), ("一\n二\n三", 3), ("", 1), (None, 1),
    (Named(), 3), (Decimal("1234567890.12"), 1), (date(2024, 3, 5), 1), (12345678901234, 1),
])  # fmt: skip
def test_lines_of_a_text_in_ten_characters(value, lines):
    """A Chinese font takes 1.15 times what Excel counts; rows that are named in a cell are texts as well."""
    assert lines_of(value, 10) == lines


@pytest.mark.parametrize(("lines", "points"), [(1, 22), (2, 35), (26, 395), (27, HIGHEST_ROW), (900, HIGHEST_ROW)])
def test_a_row_is_as_high_as_its_lines_and_no_higher_than_excel_allows(lines, points):
    assert height_of(lines, room=5, lowest=22) == points


@pytest.mark.parametrize(("texts", "width"), [
    ([], 12), (["短"], 12), (["一二三四五六"], 14), (["很长的文字" * 9], 40), (["一\n二二二二二二二"], 17),
    ([5, None], 12),
])  # fmt: skip
def test_a_column_is_as_wide_as_its_longest_line_within_bounds(texts, width):
    assert needed_width(12, texts, 40) == width


@pytest.mark.parametrize(("widths", "count"), [([100, 100, 45, 1], 3), ([100, 100, 45], 3), ([300, 10], 1), ([10], 1)])
def test_columns_that_stand_on_the_first_sheet(widths, count):
    assert fitting_columns(widths, 245) == count
