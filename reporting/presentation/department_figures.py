"""部门数据 of a month as a page: a row for each unit, a column for each series, what the cells say beside the boxes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.forms import BoundField

from core.amounts import NOTHING
from core.ledgers.kinds import grouped_number
from core.records import Verdict
from reporting.department.forms import FigureGrid, name_of
from reporting.department.month import NOT_YET, STATES, FigureMonth, asked_in, due_on
from reporting.models import DepartmentFigure, FigureSeries
from reporting.models.department_figures import SeriesKind
from townships.models import Unit

CSS = {
    Verdict.PENDING: "tag tag-waiting",
    Verdict.ACCEPTED: "tag tag-done",
    Verdict.RETURNED: "tag tag-returned",
    Verdict.REFUSED: "tag tag-refused",
}
JOINT = "填在2月"


@dataclass(frozen=True)
class FigureCell:
    """`box`: where it is typed, None where it is only read; `asks`: a question, answered by a tick named `ok`.

    `check`: what a tick for the second person sends, empty where there is nothing for this person to check.
    """

    said: str
    state: str
    css: str
    beside: tuple[str, ...]
    why: str = ""
    code: str = ""
    box: BoundField | None = None
    asks: str = ""
    ok: str = ""
    check: str = ""


@dataclass(frozen=True)
class FigureTable:
    """`owners`: (department, how many columns); `sums`: of what is saved, with the month's own sum beneath."""

    owners: tuple[tuple[str, int], ...]
    heads: tuple[tuple[FigureSeries, str], ...]
    rows: tuple[tuple[Unit, tuple[FigureCell, ...]], ...]
    sums: tuple[tuple[str, str], ...]
    missing: int
    waiting: int
    returned: int

    @property
    def answer(self) -> str:
        parts = [("未报", self.missing), ("待核对", self.waiting), ("退回", self.returned)]
        told = "，".join(f"{name} {count} 格" for name, count in parts if count)
        return f"{told}。" if told else "全部报齐并核对。"


def figure_table(
    figures: FigureMonth, grid: FigureGrid | None = None, checkable: Mapping[str, DepartmentFigure] | None = None
) -> FigureTable:
    """`grid`: the boxes, for who fills them in; `checkable`: what this person may check, by what a tick sends."""
    ticks = {row.pk: seen for seen, row in (checkable or {}).items()}
    rows = [(unit, tuple(_cell(figures, one, unit, grid, ticks) for one in figures.series)) for unit in figures.units]
    states = [cell.state for _, cells in rows for cell in cells]
    return FigureTable(
        owners=tuple((str(owner), len(list(own))) for owner, own in groupby(figures.series, lambda one: one.owner)),
        heads=tuple((one, f"{due_on(one, figures.month):%-m月%-d日}前报") for one in figures.series),
        rows=tuple(rows),
        sums=tuple(_sum(figures, one) for one in figures.series),
        missing=states.count(NOT_YET),
        waiting=states.count(STATES[Verdict.PENDING]),
        returned=states.count(STATES[Verdict.RETURNED]),
    )


def _cell(
    figures: FigureMonth, series: FigureSeries, unit: Unit, grid: FigureGrid | None, ticks: Mapping[int, str]
) -> FigureCell:
    if not asked_in(series, figures.month):
        return FigureCell(JOINT, "", "soft", ())
    row = figures.held(series, unit)
    name = name_of(series, unit)
    return FigureCell(
        said=_said(row),
        state=STATES[Verdict(row.verdict)] if row else NOT_YET,
        css=CSS[Verdict(row.verdict)] if row else "soft",
        beside=tuple(_beside(figures, series, unit)),
        why=row.verdict_note if row and row.verdict == Verdict.RETURNED else "",
        code=row.code if row else "",
        box=grid.box(series, unit) if grid else None,
        asks=grid.questions.get(name, "") if grid else "",
        ok=f"ok-{name[2:]}",
        check=ticks.get(row.pk, "") if row else "",
    )


def _said(row: DepartmentFigure | None) -> str:
    if row is None:
        return NOTHING
    return row.get_reply_display() if row.reply else shown(row.reported)


def _beside(figures: FigureMonth, series: FigureSeries, unit: Unit) -> Iterator[str]:
    """本月 as it follows from a sum or a stock, then what was said a month and a year ago."""
    row = figures.held(series, unit)
    if row and row.month_amount is not None and series.kind != SeriesKind.FLOW:
        yield f"本月 {shown(row.month_amount)}（推算）"
    key = series.pk, unit.pk
    for name, rows in (("上月", figures.last), ("上年同期", figures.year_ago)):
        if key in rows:
            yield f"{name} {_said(rows[key])}"


def _sum(figures: FigureMonth, series: FigureSeries) -> tuple[str, str]:
    """What is saved, added up, and the month's own; a reply adds up to nothing."""
    rows = [row for unit in figures.units if (row := figures.held(series, unit)) and row.reported is not None]
    if not rows:
        return NOTHING, ""
    total = sum((row.reported for row in rows), Decimal(0))
    own = sum((row.month_amount for row in rows), Decimal(0))
    return shown(total), "" if series.kind == SeriesKind.FLOW else f"本月 {shown(own)}（推算）"


def shown(value: Decimal) -> str:
    """With a true minus, as tables show it."""
    return grouped_number(value).replace("-", "−")
