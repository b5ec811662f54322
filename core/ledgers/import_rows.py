"""The rows of an import as its preview shows them: by kind, page by page, and the choice of some of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from django.core.paginator import Page, Paginator
from django.http import QueryDict

from core.ledgers.columns import Column
from core.ledgers.importing import ERROR, KIND_WORDS, NEW, ROW_WORDS, UPDATE, ImportPlan, PlannedRow
from core.ledgers.tables import Cell
from core.refusals import Refused

ROWS_A_PAGE = 100
WARNING = "warning"
CLEAN, TICKED = "clean", "ticked"
"""What a person may take of a workbook: every row without errors, or those that were ticked."""

CHANGED_SINCE = "您核对期间，台账里有了新的改动，这张表导入后的结果与刚才不同。下面是重新核对的结果，请看过后再导入。"
NOTHING_CHOSEN = "没有选中可以导入的行，请先勾选标为新增或更新的行。"
STILL_WRONG = "表中还有要先改好的地方，请改好后重新上传，或只导入没有错误的行。"


@dataclass(frozen=True)
class Chip:
    """One kind of rows in the filter line; `key` is what the address says."""

    key: str
    word: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class ShownRow:
    number: int
    """Its place among all rows of the plan, which a tick names."""
    word: str
    planned: PlannedRow
    cells: list[Cell]
    may_take: bool


def _is_warned(row: PlannedRow) -> bool:
    return row.kind != ERROR and bool(row.remarks)


def _of_kind(kind: str) -> Callable[[PlannedRow], bool]:
    return lambda row: row.kind == kind


KINDS: dict[str, tuple[str, Callable[[PlannedRow], bool]]] = {
    "": ("全部", lambda row: True),
    **{kind: (word, _of_kind(kind)) for kind, word in ROW_WORDS.items()},
    WARNING: ("提醒", _is_warned),
}
"""Filter → its word and the rows it keeps. A row may stand under 提醒 and under its kind."""


def chips(plan: ImportPlan, chosen: str) -> list[Chip]:
    """The kinds that occur, with their counts; an unknown choice is 全部."""
    chosen = chosen if chosen in KINDS else ""
    counted = [(key, word, sum(map(keeps, plan.rows))) for key, (word, keeps) in KINDS.items()]
    return [Chip(key, word, count, key == chosen) for key, word, count in counted if count or key == chosen]


def page_of_rows(plan: ImportPlan, query: QueryDict) -> Page:
    """One page of `ShownRow`; a page that does not exist is the nearest one."""
    _, keeps = KINDS.get(query.get("kind", ""), KINDS[""])
    columns = shown_columns(plan)
    kept = [(number, row) for number, row in enumerate(plan.rows) if keeps(row)]
    page = Paginator(kept, ROWS_A_PAGE).get_page(query.get("page"))
    page.object_list = [_shown(number, row, columns) for number, row in page.object_list]
    return page


def shown_columns(plan: ImportPlan) -> list[Column]:
    return [c for c in plan.ledger.import_columns if any(c.name in row.values for row in plan.rows)]


def _shown(number: int, row: PlannedRow, columns: list[Column]) -> ShownRow:
    cells = [Cell(c.kind.show(row.values.get(c.name)), c.kind.number) for c in columns]
    return ShownRow(number, ROW_WORDS[row.kind], row, cells, row.kind in (NEW, UPDATE))


def chosen(plan: ImportPlan, seen: str, take: str, ticked: Iterable[str]) -> ImportPlan:
    """What is to be written of a plan: all of it, or what a person took. `seen`: the digest of what they saw.

    Raises Refused where it has become another plan, or nothing of it may be written.
    """
    if seen != plan.digest:
        raise Refused(CHANGED_SINCE)
    if plan.errors and take not in (CLEAN, TICKED):
        raise Refused(STILL_WRONG)
    part = _taken(plan, ticked) if take == TICKED else plan
    if take and not part.writes:
        raise Refused(NOTHING_CHOSEN)
    return part


def _taken(plan: ImportPlan, ticked: Iterable[str]) -> ImportPlan:
    """The plan without the rows that were not ticked. A tick on a row that would not be written counts for nothing."""
    numbers = {int(text) for text in ticked if text.isdecimal()}
    return replace(plan, rows=[row for number, row in enumerate(plan.rows) if number in numbers])


def counted(plan: ImportPlan) -> str:
    """新增 3 条，更新 12 条."""
    return "，".join(f"{word} {plan.counts[kind]} 条" for kind, word in KIND_WORDS.items() if plan.counts[kind])
