"""评奖名单: who takes which award and why, what each tier costs, and the scheme's lists.

Written as values: awards follow from the ranks as they were published, not from a figure changed in the workbook.
The sums alone are live.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from core.spreadsheet.paper import HEADER_ROW, Paper, address, column_range, places_format
from reporting.ranking_workbook.content import Content
from reporting.scoring.reasons import Listed, Reason, Reasons
from reporting.scoring.results import UnitResult

HEADINGS = ("奖项", "名次", "单位", "总分", "奖金（万元）", "理由")
WIDTHS = (12, 9, 16, 10, 12, 90)
AWARD, RANK, UNIT, TOTAL, AMOUNT, WHY = range(len(HEADINGS))
NOTHING = "未获奖"
DASH = "—"


def write_awards(
    paper: Paper, content: Content, reasons: Reasons, *, title: str, head: Sequence[str], footnote_lines: Iterable[str]
) -> None:
    paper.head(title, head)
    row = HEADER_ROW
    if content.scheme.awards:
        row = _write_table(paper, content, reasons)
        row = _write_sums(paper, content, row)
    for listed in reasons.lists:
        row = _write_list(paper, listed, row)
    paper.notes(row, list(footnote_lines))
    paper.set_up((HEADER_ROW, HEADER_ROW))


def _write_table(paper: Paper, content: Content, reasons: Reasons) -> int:
    """The row below the table."""
    for column, heading in enumerate(HEADINGS):
        paper.text(HEADER_ROW, column, heading, "header")
    row = HEADER_ROW + 1
    for group, members in content.sections:
        if group is not None:
            paper.across(row, 0, row, WHY, group, "group")
            paper.keep(row, row + 1)
            row += 1
        for result in members:
            _write_unit(paper, content, result, reasons.awards[result.unit], row)
            row += 1
    return row


def _write_unit(paper: Paper, content: Content, result: UnitResult, reasons: tuple[Reason, ...], row: int) -> None:
    paper.text(row, AWARD, result.award or NOTHING)
    paper.text(row, RANK, f"{'并列' if result.tied else ''}第{result.rank}" if result.rank else DASH)
    paper.text(row, UNIT, result.unit, "name")
    if result.total is None:
        paper.text(row, TOTAL, DASH)
    else:
        paper.number(row, TOTAL, result.total, places=places_format(content.scheme.rounding.total))
    if result.amount is None:
        paper.text(row, AMOUNT, DASH)
    else:
        paper.number(row, AMOUNT, result.amount)
    paper.text(row, WHY, "".join(f"{reason.text}。" for reason in reasons), "name")


def _write_sums(paper: Paper, content: Content, below: int) -> int:
    """Units and money of each tier over the table's own cells."""
    first, last = HEADER_ROW + 1, max(below - 1, HEADER_ROW + 1)
    tiers, amounts = column_range(first, last, AWARD), column_range(first, last, AMOUNT)
    for row in range(below, below + len(content.scheme.awards) + 1):
        for column in range(len(HEADINGS)):
            paper.blank(row, column)
    for award in content.scheme.awards:
        taken = [unit for unit in content.results.units if unit.award == award.tier]
        paper.text(below, AWARD, f"{award.tier}合计", "name")
        name = award.tier.replace('"', '""')
        paper.formula(below, RANK, f'COUNTIF({tiers},"{name}")', len(taken))
        paper.formula(below, AMOUNT, f'SUMIF({tiers},"{name}",{amounts})', _money(taken))
        below += 1
    paper.text(below, AWARD, "全部合计", "header")
    rows = (below - len(content.scheme.awards), below - 1)
    for column, value in ((RANK, _awarded(content)), (AMOUNT, _money(content.results.units))):
        paper.formula(below, column, f"SUM({address(rows[0], column)}:{address(rows[1], column)})", value)
    return below + 2


def _awarded(content: Content) -> int:
    return sum(unit.award is not None for unit in content.results.units)


def _money(units: Iterable[UnitResult]) -> Decimal:
    return sum((unit.amount or Decimal(0) for unit in units), Decimal(0))


def _write_list(paper: Paper, listed: Listed, row: int) -> int:
    paper.across(row, 0, row, WHY, f"{listed.name}（{len(listed.units)}个单位），条件：{listed.rule}", "group")
    for unit, reason in listed.units:
        row += 1
        paper.across(row, 0, row, UNIT, unit, "name")
        paper.across(row, TOTAL, row, WHY, reason.text, "name")
    return row + 2
