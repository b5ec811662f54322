"""How a workbook's tables were read, what a person corrected in it, and the memory of that for the next time."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import zip_longest

from core.ledgers.kinds import Money
from core.ledgers.ledger import Ledger
from core.models import ImportLayout
from core.spreadsheet.reading import FoundColumn, FoundTable, HeaderIndex, Sheet, SkippedSheet, Workbook, read_sheet
from core.spreadsheet.text import is_blank, one_line
from core.write import Door

EXAMPLE_ROWS = 5
NOT_READ = "不导入"
LEFT_OUT = "按您的选择，没有读取这张工作表。"


@dataclass(frozen=True)
class ReadTable:
    """The header of one table, or of what comes nearest to one: `reason` then says why nothing was read.

    `fingerprint` and `natural` ({column key: name or ""}) are as its header reads by itself; `columns` as corrected.
    `examples`: column number → the first text under the header; `units`: column key → the unit a person said.
    `remembered`: a person has said something of this layout.
    """

    sheet: str
    header_rows: tuple[int, int]
    columns: tuple[FoundColumn, ...]
    fingerprint: str
    natural: Mapping[str, str]
    examples: Mapping[int, str]
    units: Mapping[str, str]
    remembered: bool = False
    reason: str = ""

    @property
    def rows_label(self) -> str:
        top, bottom = self.header_rows
        return f"第{top}行" if top == bottom else f"第{top}至{bottom}行"


def fingerprint(columns: Iterable[FoundColumn]) -> str:
    """SHA-256 over the headers in their order: two tables with the same one are of one layout."""
    return hashlib.sha256("\n".join(column.key for column in columns).encode()).hexdigest()


def known_layouts(ledger: Ledger, county_id: int) -> dict[str, ImportLayout]:
    """{fingerprint: what was said of that layout}."""
    return {row.fingerprint: row for row in ImportLayout.objects.filter(county_id=county_id, ledger=ledger.key)}


def read_tables(
    workbook: Workbook, index: HeaderIndex, layouts: Mapping[str, ImportLayout], left_out: Collection[str] = ()
) -> Iterator[tuple[FoundTable | SkippedSheet, ReadTable | None]]:
    """Every sheet's tables, read as was said of their layouts; beside each how its header was understood."""
    for sheet in workbook.sheets:
        if sheet.name in left_out:
            yield SkippedSheet(sheet.name, LEFT_OUT), None
            continue
        natural = read_sheet(sheet, index)
        said = [layouts[print_] for part in natural if (print_ := fingerprint(part.columns)) in layouts]
        parts = read_sheet(sheet, _corrected(index, said)) if said else natural
        for part, plain in zip_longest(parts, natural[: len(parts)]):
            table = _how_read(sheet, part, plain or part)
            layout = layouts.get(table.fingerprint) if table else None
            yield part, replace(table, units=layout.units, remembered=True) if table and layout else table


def _corrected(index: HeaderIndex, said: Iterable[ImportLayout]) -> HeaderIndex:
    told = {key: name for layout in said for key, name in layout.columns.items()}
    units = {key: unit for layout in said for key, unit in layout.units.items()}
    return replace(index, told=told, units=units)


def _how_read(sheet: Sheet, part: FoundTable | SkippedSheet, plain: FoundTable | SkippedSheet) -> ReadTable | None:
    if not plain.columns:
        return None
    # Where what was said leaves no column at all, the header is still shown, or it could never be taken back.
    rows = part.header_rows if part.columns else plain.header_rows
    columns = part.columns or tuple(replace(column, name=None) for column in plain.columns)
    return ReadTable(
        sheet=sheet.name,
        header_rows=rows,
        columns=columns,
        fingerprint=fingerprint(plain.columns),
        natural={column.key: column.name or "" for column in plain.columns},
        examples={column.index: _example(sheet, rows[1], column.index) for column in columns},
        units={},
        reason=part.reason if isinstance(part, SkippedSheet) else "",
    )


def _example(sheet: Sheet, header_row: int, column: int) -> str:
    below = (sheet.value(row, column) for row in range(header_row + 1, header_row + 1 + EXAMPLE_ROWS))
    return next((one_line(value) for value in below if not is_blank(value)), "")


# -- saying and remembering --------------------------------------------------------------------------


def remember(
    writing: Door, ledger: Ledger, table: ReadTable, *, columns: Mapping[str, str], units: Mapping[str, str]
) -> ImportLayout | None:
    """Keep what a person chose, as far as it differs from what the header says by itself; else forget it.

    `columns`: column key → name or ""; `units`: column key → money unit, where one was chosen.
    """
    known = known_layouts(ledger, writing.actor.county_id).get(table.fingerprint)
    told = {key: name for key, name in columns.items() if name != table.natural.get(key, "")}
    if not told and not units:
        forget(writing, known)
        return None
    layout = known or ImportLayout(county_id=writing.actor.county_id, ledger=ledger.key, fingerprint=table.fingerprint)
    if known and (known.columns, known.units) == (told, dict(units)):
        return known
    values = {"columns": told, "units": dict(units), "says": in_words(ledger, table, told, units)}
    writing.keep(layout, action="指定表头读法", told_as=writing.actor.label, told_at=writing.at, **values)
    return layout


def forget(writing: Door, layout: ImportLayout | None) -> None:
    if layout is not None:
        writing.remove(layout, action="取消表头读法")


def in_words(ledger: Ledger, table: ReadTable, told: Mapping[str, str], units: Mapping[str, str]) -> str:
    """“经费”读作总投资，“备注2”不导入，“经费”按元."""
    texts = {column.key: column.text for column in table.columns}
    named = [
        f"“{texts[key]}”" + (f"读作{ledger.column(name).header}" if name else NOT_READ) for key, name in told.items()
    ]
    return "，".join(named + [f"“{texts[key]}”按{unit}" for key, unit in units.items()])


def is_money(ledger: Ledger, name: str | None) -> bool:
    """Whether the ledger's column of that name holds money; none does where nothing is meant."""
    return bool(name) and isinstance(ledger.column(name).kind, Money)
