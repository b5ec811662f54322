"""排名: the table that goes to the meeting."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from core.spreadsheet.paper import Paper, Value, places_format, quoted
from reporting.formula.exact import plain
from reporting.formula.live_cells import cell_text, no_task_text
from reporting.ranking_workbook.calculation_sheet import NO_VALUE, rounded_text
from reporting.ranking_workbook.content import FIRST_INDICATOR, HEADER_ROWS, Content, IndicatorColumn
from reporting.scoring.assessment import NO_TASK
from reporting.scoring.inputs import UnitInput
from reporting.scoring.results import UnitResult
from reporting.scoring.rounding import rounded_score
from reporting.scoring.scheme import Indicator

NOT_APPLICABLE = "/"
HEADER_HEIGHT = 40
CLOSING = ("加分", "扣分", "总分", "备注")
OUTCOME = "遴选结果"


def ranking_widths(content: Content) -> list[int]:
    """The last column holds words: 备注, or what a selection decided."""
    return [7, 16, *[11] * (len(content.columns) + len(_closing(content)) - 1), 22]


def write_ranking(
    paper: Paper, content: Content, *, title: str, head: Sequence[str], footnote_lines: Iterable[str]
) -> None:
    """Written last, since it says what all sheets could not hold."""
    last = len(paper.widths) - 1
    paper.head(title, head)
    _write_header(paper, content)
    units = {unit.name: unit for unit in content.inputs.units}
    for group, members in content.sections:
        if group is not None:
            row = content.ranking_row[members[0].unit] - 1
            paper.across(row, 0, row, last, group, "group")
            paper.keep(row, row + 1)
        for result in members:
            _write_unit(paper, content, units[result.unit], result)
    below = max(content.ranking_row.values(), default=HEADER_ROWS[1]) + 1
    below = paper.notes(below, list(footnote_lines))
    paper.notes(below, paper.written.losses)
    paper.make_room(HEADER_ROWS[1], HEADER_HEIGHT)
    paper.set_up(HEADER_ROWS)


def _closing(content: Content) -> tuple[str, ...]:
    return (*CLOSING, OUTCOME) if content.scheme.selects else CLOSING


def _write_header(paper: Paper, content: Content) -> None:
    upper, lower = HEADER_ROWS
    for column, heading in enumerate(("名次", "单位")):
        paper.across(upper, column, lower, column, heading, "header")
    column = FIRST_INDICATOR
    for family, members in groupby(content.columns, key=lambda member: member.family):
        headings = [heading_of(member) for member in members]
        paper.across(upper, column, upper, column + len(headings) - 1, family or "考核指标", "header")
        for number, heading in enumerate(headings):
            paper.text(lower, column + number, heading, "header")
        column += len(headings)
    for number, heading in enumerate(_closing(content)):
        paper.across(upper, column + number, lower, column + number, heading, "header")


def heading_of(column: IndicatorColumn) -> str:
    """The label and, on a line of their own, its full marks; of several groups, each group's."""
    marks = dict.fromkeys(plain(indicator.points) for indicator in column.indicators)
    return f"{column.name}\n（{'/'.join(marks)}分）"


def _write_unit(paper: Paper, content: Content, unit: UnitInput, result: UnitResult) -> None:
    row, closing = content.ranking_row[unit.name], FIRST_INDICATOR + len(content.columns)
    total_places = places_format(content.scheme.rounding.total)
    paper.formula(row, 0, content.cell("rank", unit), result.rank or NO_VALUE, "text")
    paper.text(row, 1, unit.name, "name")
    for number, column in enumerate(content.columns):
        _write_score(paper, content, unit, column, (row, FIRST_INDICATOR + number))
    shown = {"bonus_total": result.bonus, "deduction_total": result.deduction, "total": result.total}
    for number, (key, value) in enumerate(shown.items()):
        formula = f'IFERROR({content.cell(key, unit)},"{NO_VALUE}")'
        paper.formula(row, closing + number, formula, _or_dash(value), places=total_places)
    paper.formula(row, closing + 3, _note_text(content, unit), note_of(content, result), "name")
    if result.outcome is not None:
        paper.text(row, closing + 4, result.notes[0], "name")


def _write_score(
    paper: Paper, content: Content, unit: UnitInput, column: IndicatorColumn, place: tuple[int, int]
) -> None:
    indicator = next((one for one in column.indicators if one.applies_to(unit.group)), None)
    if indicator is None:
        paper.text(*place, NOT_APPLICABLE)
        return
    item = content.item(unit, "indicators", indicator.name)
    value: Value = item.score
    if value is None:
        value = NO_TASK if item.no_task else NO_VALUE
    number_format = places_format(content.scheme.rounding.indicator)
    paper.formula(*place, _score_text(content, unit, indicator), value, places=number_format)


def _score_text(content: Content, unit: UnitInput, indicator: Indicator) -> str:
    """The indicator's formula, rounded as the scheme says; 无任务 by the scheme's rule, — for an error."""
    rounding = content.scheme.rounding
    cells = content.cells(unit, {"满分": f"{indicator.points:f}"})
    text = rounded_text(cell_text(indicator.formula, cells), rounding.indicator, rounding.mode)
    lacking = no_task_text(indicator.formula, cells)
    if lacking:
        full = f"{rounded_score(indicator.points, rounding):f}"
        instead = {"redistribute": f'"{NO_TASK}"', "full": full, "zero": "0"}[content.scheme.missing_target]
        text = f"IF({lacking},{instead},{text})"
    return f'IFERROR({text},"{NO_VALUE}")'


def _note_text(content: Content, unit: UnitInput) -> str:
    """并列 and the vetoes that hold, live like the ranks they explain."""
    rank, ranks = content.cell("rank", unit), content.column("rank", unit)
    parts = [f'IF(AND(ISNUMBER({rank}),COUNTIF({ranks},{rank})>1),"并列 ","")']
    for veto in content.scheme.vetoes:
        cell = content.cell(("veto", veto.name), unit)
        parts.append(f'IF(IFERROR({cell},0)>0,{quoted(f"{veto.name} ")},"")')
    return f"TRIM({'&'.join(parts)})"


def note_of(content: Content, result: UnitResult) -> str:
    held = content.assessments[result.unit].vetoes
    return " ".join([*(["并列"] if result.tied else []), *(veto.name for veto in held)])


def _or_dash(value: Value) -> Value:
    return NO_VALUE if value is None else value
