"""指标数据: the inputs, which every formula of the workbook reads."""

from decimal import Decimal

from core.spreadsheet.paper import Paper
from reporting.formula.evaluate import Value
from reporting.ranking_workbook.content import Content
from reporting.ranking_workbook.layout import FIRST_COLUMN, FIRST_ROW, MONTHS_CELL, PARTS

NAME_ROW, PART_ROW = FIRST_ROW - 2, FIRST_ROW - 1


def write_data(paper: Paper, content: Content) -> None:
    paper.text(0, 0, f"指标数据（{content.inputs.period}）", "left")
    _write_months(paper, content)
    _write_header(paper, content)
    for unit in content.rows.units:
        unit_row = content.rows.row_of[unit.name]
        paper.text(unit_row, 0, unit.name, "name")
        paper.text(unit_row, 1, unit.group or "")
        for (part, name), first in content.data.first.items():
            _write_figure(paper, unit_row, first, content.data.width[part, name], getattr(unit, part).get(name))
    paper.sheet.set_column(0, 0, 16)
    paper.sheet.set_column(1, max(1, content.data.end - 1), 12)
    paper.set_up(header_rows=(NAME_ROW, PART_ROW), frozen=(FIRST_ROW, FIRST_COLUMN), pages_wide=0)


def _write_months(paper: Paper, content: Content) -> None:
    """What 时序目标 spans, in cells that its formulas read."""
    row, column = MONTHS_CELL
    paper.text(row, column - 1, "涵盖月数", "left")
    paper.number(row, column, Decimal(content.inputs.months_covered))
    for name, (own_row, own_column) in content.data.own_months.items():
        paper.text(own_row, own_column - 1, f"{name}涵盖月数", "left")
        paper.number(own_row, own_column, Decimal(content.inputs.months_for(name)))


def _write_header(paper: Paper, content: Content) -> None:
    paper.across(NAME_ROW, 0, PART_ROW, 0, "单位", "header")
    paper.across(NAME_ROW, 1, PART_ROW, 1, "组别", "header")
    for name in content.data.names:
        parts = content.data.parts_of(name)
        if not parts:
            continue
        last = content.data.first[parts[-1], name] + content.data.width[parts[-1], name] - 1
        paper.across(NAME_ROW, content.data.first[parts[0], name], NAME_ROW, last, name, "header")
        for part in parts:
            _write_part_header(paper, content, part, name)


def _write_part_header(paper: Paper, content: Content, part: str, name: str) -> None:
    first, width = content.data.first[part, name], content.data.width[part, name]
    for number in range(width):
        title = PARTS[part] if width == 1 else f"{PARTS[part]}{number + 1}"
        paper.text(PART_ROW, first + number, title, "header")


def _write_figure(paper: Paper, row: int, first: int, width: int, figure: Value | None) -> None:
    numbers = figure if isinstance(figure, tuple) else (figure if isinstance(figure, Decimal) else None,)
    for number, value in enumerate(numbers):
        paper.number(row, first + number, value)
    # Text in what a list leaves over, which sums and averages pass over, for blanks would look forgotten.
    for number in range(len(numbers), width):
        paper.text(row, first + number, "—")
