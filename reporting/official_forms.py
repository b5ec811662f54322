"""官方表样 of what is published: 月统计表, 季排名表, 年奖评表 as the office prints them, every cell a value."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal, localcontext
from typing import BinaryIO

from core.ledgers.official_forms import OfficialForm, declared
from core.spreadsheet.fitting import needed_width
from core.spreadsheet.official_form import Band, Figure, FormColumn, FormSheet, Line, Whole, Wording, filled, write_form
from core.spreadsheet.paper import places_format
from reporting.formula.exact import CONTEXT
from reporting.monthly.statistics import MonthStatistics
from reporting.presentation.monthly import BANDS, Block, Cell, Row, month_page
from reporting.ranking import Draft
from reporting.ranking_workbook.calculation_sheet import NO_VALUE
from reporting.ranking_workbook.content import Content, IndicatorColumn
from reporting.ranking_workbook.ranking_sheet import NOT_APPLICABLE, heading_of, note_of
from reporting.scoring.assessment import NO_TASK
from reporting.scoring.results import UnitResult

MONEY, COUNT = "#,##0.00", "General"
SHARES = {"growth": "+0.0%;-0.0%;0.0%", "rate": "0.0%", "points": "+0.0;-0.0;0.0"}
NO_AWARD = "未获奖"
WIDEST_HEADING = 18
WORDS = ("县", "期间")
Worded = Callable[[OfficialForm, Mapping[str, str]], Wording]
"""How a county words a form, whose title may name these words."""


MONTH = declared(OfficialForm("month", "月统计表", "{县}{期间}统计表", words=WORDS))
RANKING = declared(OfficialForm("ranking", "季排名表", "{县}{期间}乡镇擂台排名表", words=WORDS))
AWARDS = declared(OfficialForm("awards", "年奖评表", "{县}{期间}乡镇擂台奖评表", words=WORDS))
SELECTION = declared(OfficialForm("selection", "遴选结果表", "{县}{期间}乡镇遴选结果表", words=WORDS))


def as_shipped(form: OfficialForm, words: Mapping[str, str]) -> Wording:
    return Wording(filled(form.title, words))


def month_form(found: MonthStatistics, *, county: str, made_on: date, worded: Worded = as_shipped) -> FormSheet:
    """月统计表: a band for each metric with its unit of measure, its units, and the whole county below them."""
    page = month_page(found)
    figures = [
        FormColumn(column.heading, "number", band, needed_width(13, [column.heading], WIDEST_HEADING))
        for band, columns in BANDS
        for column in columns
    ]
    return FormSheet(
        wording=worded(MONTH, {"县": county, "期间": found.period.label}),
        reporter=f"{county}招商办",
        made_on=made_on,
        columns=[FormColumn("单位", width=18), *figures],
        lines=[line for block in page.blocks for line in _block_lines(block)],
        unit="见各项指标",
    )


def write_month(stream: BinaryIO, found: MonthStatistics, lines: Iterable[str], made_at: datetime) -> None:
    """The month as a workbook of its own, with `lines` that say where it comes from."""
    form = month_form(found, county=str(found.scheme.county), made_on=made_at.date())
    write_form(stream, replace(form, notes=tuple(lines)))


def _block_lines(block: Block) -> Iterator[Line]:
    yield Band(f"{block.title}（{block.unit}）")
    for group, rows in block.groups:
        if group:
            yield Band(f"　{group}", restarts=False)
        yield from (_month_cells(block, row) for row in rows)
    yield Whole(_month_cells(block, block.whole))
    if block.city:
        yield Band(f"全市排位：{block.city}", restarts=False)


def _month_cells(block: Block, row: Row) -> tuple[object, ...]:
    return row.name, *(_month_cell(block, cell) for cell in row.cells)


def _month_cell(block: Block, cell: Cell) -> object:
    if cell.number is None:
        return cell.text
    return Figure(cell.number, SHARES.get(cell.kind) or (MONEY if block.is_money else COUNT))


# -- rankings ----------------------------------------------------------------------------------------------


def ranking_form(draft: Draft, *, county: str, made_on: date, worded: Worded = as_shipped) -> FormSheet:
    """季排名表; where the scheme gives awards 年奖评表, with tier and money; where it selects, with the outcome."""
    with localcontext(CONTEXT):
        content = Content(draft.rules, draft.inputs, draft.results)
        lines = list(_ranking_lines(content))
    wording = worded(_form_of(content), {"县": county, "期间": draft.period.label})
    title = f"{wording.title}{'（暂定）' if draft.provisional else ''}"
    document = f"，依据：{draft.scheme.document}" if draft.scheme.document else ""
    return FormSheet(
        wording=replace(wording, title=title),
        reporter=f"{county}招商办",
        made_on=made_on,
        columns=_ranking_columns(content),
        lines=lines,
        unit="分",
        notes=(f"方案：{draft.scheme}{document}",),
        numbered=False,
    )


def _form_of(content: Content) -> OfficialForm:
    if content.scheme.selects:
        return SELECTION
    return AWARDS if content.scheme.awards else RANKING


def _ranking_columns(content: Content) -> list[FormColumn]:
    scores = [FormColumn(heading_of(one), "number", one.family or "考核指标", 13) for one in content.columns]
    totals = [FormColumn(heading, "number", width=10) for heading in ("加分", "扣分", "总分")]
    awards = [FormColumn("等次", band="奖评"), FormColumn("奖金（万元）", "amount", "奖评", 14, summed=True)]
    outcome = [FormColumn("遴选结果", width=12)]
    return [
        FormColumn("名次", "integer", width=7),
        FormColumn("单位", width=16),
        *scores,
        *totals,
        *(awards if content.scheme.awards else []),
        *(outcome if content.scheme.selects else []),
        FormColumn("备注", width=20),
    ]


def _ranking_lines(content: Content) -> Iterator[Line]:
    for group, members in content.sections:
        if group is not None:
            yield Band(group)
        yield from (_ranking_cells(content, result) for result in members)


def _ranking_cells(content: Content, result: UnitResult) -> tuple[object, ...]:
    places = places_format(content.scheme.rounding.total)
    totals = (result.bonus, result.deduction, result.total)
    return (
        result.rank or NO_VALUE,
        result.unit,
        *(_score(content, result, column) for column in content.columns),
        *(NO_VALUE if value is None else Figure(value, places) for value in totals),
        *((result.award or NO_AWARD, result.amount) if content.scheme.awards else ()),
        *((result.notes[0] if result.outcome else NO_VALUE,) if content.scheme.selects else ()),
        note_of(content, result),
    )


def _score(content: Content, result: UnitResult, column: IndicatorColumn) -> object:
    unit = next(one for one in content.inputs.units if one.name == result.unit)
    indicator = next((one for one in column.indicators if one.applies_to(unit.group)), None)
    if indicator is None:
        return NOT_APPLICABLE
    item = content.item(unit, "indicators", indicator.name)
    if item.score is None:
        return NO_TASK if item.no_task else NO_VALUE
    return Figure(Decimal(item.score), places_format(content.scheme.rounding.indicator))
