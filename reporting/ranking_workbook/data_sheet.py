"""指标数据: the inputs, which every formula of the workbook reads."""

from collections.abc import Sequence
from decimal import Decimal

from core.spreadsheet.paper import Paper
from reporting.formula.evaluate import Value
from reporting.ranking_workbook.content import Content
from reporting.ranking_workbook.layout import FIRST_COLUMN, MONTHS_CELL, MONTHS_ROW, NAME_ROW, PART_ROW, PARTS

UNIT_WIDTH, FIGURE_WIDTH = 16, 12


def data_widths(content: Content) -> list[int]:
    return [UNIT_WIDTH] + [FIGURE_WIDTH] * (max(3, content.data.end) - 1)


def data_parts(content: Content) -> list[int]:
    """Where a page may begin: never within a metric."""
    return [content.data.span(name)[0] for name in content.data.names if content.data.parts_of(name)]


def write_data(paper: Paper, content: Content, *, title: str, head: Sequence[str]) -> None:
    paper.head(title, head)
    _write_header(paper, content)
    _write_months(paper, content)
    for unit in content.rows.units:
        unit_row = content.rows.row_of[unit.name]
        paper.text(unit_row, 0, unit.name, "name")
        paper.text(unit_row, 1, unit.group or "")
        for (part, name), first in content.data.first.items():
            _write_figure(paper, unit_row, first, content.data.width[part, name], getattr(unit, part).get(name))
    paper.set_up((NAME_ROW, MONTHS_ROW))


def _write_header(paper: Paper, content: Content) -> None:
    paper.across(NAME_ROW, 0, PART_ROW, 0, "单位", "header")
    paper.across(NAME_ROW, 1, PART_ROW, 1, "组别", "header")
    for name in content.data.names:
        parts = content.data.parts_of(name)
        if not parts:
            continue
        first, last = content.data.span(name)
        paper.across(NAME_ROW, first, NAME_ROW, last, name, "header")
        for part in parts:
            _write_part_header(paper, content, part, name)


def _write_part_header(paper: Paper, content: Content, part: str, name: str) -> None:
    first, width = content.data.first[part, name], content.data.width[part, name]
    for number in range(width):
        title = PARTS[part] if width == 1 else f"{PARTS[part]}{number + 1}"
        paper.text(PART_ROW, first + number, title, "header")


def _write_months(paper: Paper, content: Content) -> None:
    """What 时序目标 spans, in cells that its formulas read: the period's months, or a metric's own."""
    paper.text(MONTHS_ROW, 0, "涵盖月数", "name")
    paper.number(*MONTHS_CELL, Decimal(content.inputs.months_covered), "text")
    for column in range(FIRST_COLUMN, content.data.end):
        paper.blank(MONTHS_ROW, column)
    for name, (row, first) in content.data.own_months.items():
        paper.number(row, first, Decimal(content.inputs.months_for(name)), "text")


def _write_figure(paper: Paper, row: int, first: int, width: int, figure: Value | None) -> None:
    numbers = figure if isinstance(figure, tuple) else (figure if isinstance(figure, Decimal) else None,)
    for number, value in enumerate(numbers):
        paper.number(row, first + number, value)
    # Text in what a list leaves over, which sums and averages pass over, for blanks would look forgotten.
    for number in range(len(numbers), width):
        paper.text(row, first + number, "—")
