"""The ranking as an Excel workbook whose scores, totals and ranks are live formulas over the inputs beside them.

    排名      the table for the meeting: ranks, scores, bonus, deduction, total
    指标数据  the inputs: one cell per figure, `=NA()` where there is none
    计算过程  derived metrics, columns for comparisons among townships, bonuses, vetoes, totals, tie breaks
    评奖名单  where the scheme has awards: who takes which and why, what they cost, and the scheme's lists

All are read again by any spreadsheet program; every formula cell carries its value too, for programs that
read values only.
"""

from collections.abc import Iterable
from decimal import localcontext
from typing import BinaryIO

import xlsxwriter

from core.spreadsheet.paper import Paper
from reporting.formula.exact import CONTEXT
from reporting.ranking_workbook.award_sheet import write_awards
from reporting.ranking_workbook.calculation_sheet import write_calculation
from reporting.ranking_workbook.content import Content
from reporting.ranking_workbook.data_sheet import write_data
from reporting.ranking_workbook.layout import AWARDS, CALCULATION, DATA, RANKING
from reporting.ranking_workbook.ranking_sheet import write_ranking
from reporting.scoring.inputs import Inputs
from reporting.scoring.reasons import reasons_for
from reporting.scoring.results import Results
from reporting.scoring.scheme import Scheme

# What a person typed stays text, whatever its first character.
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write_ranking_workbook(
    stream: BinaryIO,
    scheme: Scheme,
    inputs: Inputs,
    results: Results,
    *,
    title: str,
    footnote_lines: Iterable[str],
) -> None:
    """Writes the workbook of `results`, which must be what `score(scheme, inputs)` gives."""
    with localcontext(CONTEXT), xlsxwriter.Workbook(stream, OPTIONS) as book:
        content, lines = Content(scheme, inputs, results), tuple(footnote_lines)
        names = (RANKING, DATA, CALCULATION, *([AWARDS] if scheme.awards else []))
        sheets = {name: book.add_worksheet(name) for name in names}
        papers = {name: Paper(book, sheet) for name, sheet in sheets.items()}
        write_ranking(papers[RANKING], content, title=title, footnote_lines=lines)
        write_data(papers[DATA], content)
        write_calculation(papers[CALCULATION], content)
        if scheme.awards:
            reasons = reasons_for(scheme, inputs)
            write_awards(papers[AWARDS], content, reasons, title=awards_title(title), footnote_lines=lines)


def awards_title(title: str) -> str:
    """2024年乡镇擂台排名表（暂定） → 2024年乡镇擂台评奖名单（暂定）."""
    return title.replace("排名表", AWARDS) if "排名表" in title else f"{title}{AWARDS}"
