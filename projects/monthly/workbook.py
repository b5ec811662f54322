"""A month's report as a workbook: given out with the projects that are asked, read back as what a clerk would type."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import BinaryIO

from core.ledgers.filled_forms import BEFORE, FilledRow, Misfit, filled_rows, filled_table
from core.ledgers.kinds import read_month
from core.ledgers.ledger import ledger_for
from core.periods import month_label
from core.readings import Reading
from core.spreadsheet.reading import FoundTable, HeaderIndex
from core.spreadsheet.writing import OutColumn, write_table
from projects.models import MonthlyReport
from projects.monthly.lines import Line

WORDS = ("progress", "problem", "next_step", "remark")
WRITTEN = ("project", "month", "investment", "unchanged", *WORDS)
WIDTHS = {"project": 30, **dict.fromkeys(WORDS, 28)}
YES = frozenset({"是", "√", "✓", "有", "1", "Y", "y"})
MONEY_UNIT = "万元"
CODE = "project_code"
Typed = dict[str, dict[str, str]]


def write_report(target: BinaryIO | str, report: MonthlyReport, lines: list[Line], *, made_at: datetime) -> None:
    """A row for each project that the month asks for, with what is already said of it."""
    progress = ledger_for("progress")
    columns = [OutColumn("项目编号", width=16)]
    for name in WRITTEN:
        column = progress.column(name)
        kind = column.kind.excel if name == "investment" else "text"
        columns.append(OutColumn(column.header, kind, width=WIDTHS.get(name, 16), unit=column.unit))
    columns += [OutColumn(f"{BEFORE}完成投资", "amount", 16, unit=MONEY_UNIT), OutColumn(f"{BEFORE}形象进度", width=28)]
    captions = [f"{report.unit}，{report.due_on:%-m月%-d日}前报送。没有变化的，“本月无变化”填“是”，其他各栏不填。"]
    rows = (_row(line, report.month) for line in lines)
    write_table(target, f"{month_label(report.month)}月报", columns, rows, made_at=made_at, caption_lines=captions)


def _row(line: Line, month: date) -> list[object]:
    """The amount as a number where it is one; last month's stands behind, to be looked at."""
    typed = line.typed
    amount = line.row.investment if line.row and not line.errors else typed.get("investment") or None
    said = [amount, "是" if typed.get("unchanged") else "", *(typed.get(name, "") for name in WORDS)]
    before = [line.before.investment, line.before.progress] if line.before else [None, ""]
    return [line.project.code, line.project.name, f"{month:%Y-%m}", *said, *before]


def read_report(file: BinaryIO, report: MonthlyReport, lines: list[Line]) -> Typed:
    """{project code: {box: text}} of the rows that say something. Raises Misfit where the workbook is another unit's
    or another month's, or names a project twice or one that is not asked for."""
    known = {_plain(key): line for line in lines for key in (line.project.name, line.project.code)}
    table = filled_table(file, _index())
    typed: Typed = {}
    for row in filled_rows(table):
        line = known.get(_plain(row.texts.get(CODE, ""))) or known.get(_plain(row.texts.get("project", "")))
        said = _said(row, table)
        if not any(said.values()):
            continue
        _of_this_month(row, report.month)
        if line is None:
            name = row.texts.get("project", "")
            raise Misfit(f"第{row.number}行：“{name}”不在{report.unit}本月要报的项目里，请核对名称后再上传。")
        if line.project.code in typed:
            raise Misfit(f"第{row.number}行：“{line.project.name}”填了两次，请留下一行。")
        version = str(line.row.row_version) if line.row else ""
        typed[line.project.code] = {**said, "version": version}
    if not typed:
        raise Misfit("工作簿里没有填写任何项目，请填好后再上传。")
    return typed


def _index() -> HeaderIndex:
    progress = ledger_for("progress")
    aliases = {name: (column.header, *column.aliases) for name in WRITTEN if (column := progress.column(name))}
    return HeaderIndex(aliases={CODE: ("项目编号",), **aliases}, keys=("project", "investment"), minimum=3)


def _said(row: FilledRow, table: FoundTable) -> Mapping[str, str]:
    """The boxes; an amount keeps the unit of its header, so that it is read for what it is."""
    amount = row.texts.get("investment", "")
    unit = next((column.unit for column in table.columns if column.name == "investment"), None) or table.unit
    if amount and unit and unit != MONEY_UNIT and amount[-1].isdigit():
        amount += unit
    unchanged = "on" if row.texts.get("unchanged", "") in YES else ""
    return {"investment": amount, "unchanged": unchanged, **{name: row.texts.get(name, "") for name in WORDS}}


def _of_this_month(row: FilledRow, month: date) -> None:
    said = row.texts.get("month", "")
    try:
        written = read_month(said) if said else month
    except Reading as error:
        raise Misfit(f"第{row.number}行“月份”：{error}") from error
    if written != month:
        raise Misfit(f"第{row.number}行写的是{month_label(written)}，这份月报是{month_label(month)}，请核对。")


def _plain(text: str) -> str:
    return "".join(text.split())
