"""The ranking as an Excel workbook whose scores, totals and ranks are live formulas over the inputs beside them.

    排名      the table for the meeting: ranks, scores, bonus, deduction, total
    指标数据  the inputs: one cell per figure, `=NA()` where there is none
    计算过程  derived metrics, columns for comparisons among townships, bonuses, vetoes, totals, tie breaks
    评奖名单  where the scheme has awards: who takes which and why, what they cost, and the scheme's lists

All are read again by any spreadsheet program; every formula cell carries its value too, for programs that
read values only.
"""

from collections.abc import Iterable
from datetime import datetime
from decimal import localcontext
from typing import BinaryIO

import xlsxwriter

from core.spreadsheet.paper import OPTIONS, Paper
from core.spreadsheet.writing import Written
from reporting.formula.exact import CONTEXT
from reporting.ranking_workbook.award_sheet import WIDTHS, write_awards
from reporting.ranking_workbook.calculation_sheet import READS, calculation_widths, write_calculation
from reporting.ranking_workbook.content import Content
from reporting.ranking_workbook.data_sheet import data_parts, data_widths, write_data
from reporting.ranking_workbook.layout import AWARDS, CALCULATION, DATA, RANKING
from reporting.ranking_workbook.ranking_sheet import ranking_widths, write_ranking
from reporting.scoring.inputs import Inputs
from reporting.scoring.reasons import reasons_for
from reporting.scoring.results import Results
from reporting.scoring.scheme import Scheme

TITLE_ENDS = "排名表"
TO_UNITS = "奖金奖给单位，不发给个人"


def write_ranking_workbook(
    stream: BinaryIO,
    scheme: Scheme,
    inputs: Inputs,
    results: Results,
    *,
    title: str,
    footnote_lines: Iterable[str],
    made_at: datetime,
) -> None:
    """Writes the workbook of `results`, which must be what `score(scheme, inputs)` gives; says on its first sheet what
    Excel could not hold."""
    with localcontext(CONTEXT), xlsxwriter.Workbook(stream, OPTIONS) as book:
        content, lines = Content(scheme, inputs, results), tuple(footnote_lines)
        sheets = _sheets(book, content)
        made = f"制表时间：{made_at:%Y-%m-%d %H:%M}"
        write_data(sheets[DATA], content, title=titled(title, DATA), head=(made, "", ""))
        write_calculation(sheets[CALCULATION], content, title=titled(title, CALCULATION), head=(made, "", READS))
        if scheme.awards:
            given = {"title": titled(title, AWARDS), "head": (made, "", TO_UNITS), "footnote_lines": lines}
            write_awards(sheets[AWARDS], content, reasons_for(scheme, inputs), **given)
        write_ranking(sheets[RANKING], content, title=title, head=(made, "", "单位：分"), footnote_lines=lines)


def _sheets(book: xlsxwriter.Workbook, content: Content) -> dict[str, Paper]:
    """In the order in which they are read; what none of them can hold is counted together."""
    written = Written()
    widths = {RANKING: ranking_widths(content), DATA: data_widths(content), CALCULATION: calculation_widths(content)}
    if content.scheme.awards:
        widths[AWARDS] = list(WIDTHS)
    parts = {DATA: data_parts(content)}
    return {
        name: Paper(book, book.add_worksheet(name), written, found, parts.get(name, ()))
        for name, found in widths.items()
    }


def titled(title: str, sheet: str) -> str:
    """2024年乡镇擂台排名表（暂定） → 2024年乡镇擂台评奖名单（暂定）."""
    return title.replace(TITLE_ENDS, sheet) if TITLE_ENDS in title else f"{title}{sheet}"
