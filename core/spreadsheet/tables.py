"""A ledger's table on a sheet: what stands above it, its rows, and the totals it states itself."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from core.spreadsheet.headers import MONEY_UNIT, FoundColumn, Header, HeaderIndex, closest_header, find_header
from core.spreadsheet.lines import (
    NOTE,
    OF_WHICH,
    PLAIN_NUMBER,
    Layout,
    Line,
    LineKind,
    band_of,
    kind_of,
    read_line,
    repeats_header,
    total_word,
)
from core.spreadsheet.raw import RawCell
from core.spreadsheet.text import compact, is_blank, one_line
from core.spreadsheet.workbook import Sheet

BLANK_ROWS_THAT_END = 20
NAMED_ROWS = 10
CAPTION_CELLS = 2
UNIT_LINE = re.compile(rf"单位:?(?:[^:;]{{0,6}}[、,/])?({MONEY_UNIT})")
NEXT_LABEL = r"\s*(?:(?:金额|计量)?单位|填报|填表|制表|联系|时间|日期)[^:：]{0,8}[:：]"
REPORTING_UNIT = re.compile(
    rf"(?:填报|填表|报送|编报|上报|编制)单位[^:：]{{0,8}}[:：]\s*(?P<name>.*?)(?={NEXT_LABEL}|$)"
)
UNIT_CAPTION = re.compile(r"(?:金额|计量|填报|填表|报送|编报|上报|编制)?单位.{0,8}:")
PERSON_CAPTION = re.compile(r"(?:填报|填表|制表|统计)?(?:人|时间|日期).{0,4}:|联系电话")


class FoundRow(NamedTuple):
    """A record: its row as seen in Excel, the band it stands under, column name → cell.

    `filled` names the columns whose cell is merged with another record's, and taken from there: right for a
    township, while of an amount nobody knows how much of it is whose.
    """

    number: int
    band: str | None
    hidden: bool
    cells: Mapping[str, RawCell]
    filled: frozenset[str] = frozenset()


@dataclass(frozen=True)
class FoundBand:
    """A row that heads a group, 一、芦溪镇（5个）; `stated_count` is what it says of itself."""

    number: int
    text: str
    stated_count: int | None


@dataclass(frozen=True)
class StatedTotal:
    """A sum the sheet states. `kind` is total, subtotal or of_which; `band` is the group a subtotal belongs to."""

    number: int
    label: str
    kind: str
    band: str | None
    values: Mapping[str, RawCell]


@dataclass(frozen=True)
class FoundTable:
    """One table of the ledger.

    `unit` is the money unit of the line above the header; a column's own unit comes before it.
    `unknown` are headers the ledger does not know, `notes` the texts around the table,
    `questions` Chinese sentences about what a person should look at.
    """

    sheet: str
    title: str
    reporting_unit: str
    unit: str | None
    header_rows: tuple[int, int]
    columns: tuple[FoundColumn, ...]
    rows: tuple[FoundRow, ...]
    bands: tuple[FoundBand, ...]
    stated: tuple[StatedTotal, ...]
    unknown: tuple[str, ...]
    notes: tuple[str, ...]
    questions: tuple[str, ...]


@dataclass(frozen=True)
class SkippedSheet:
    """A sheet without a table of this ledger; the header that comes nearest, for a person to say what it means."""

    sheet: str
    reason: str
    header_rows: tuple[int, int] = (0, 0)
    columns: tuple[FoundColumn, ...] = ()


@dataclass
class Body:
    """The rows of a table as they are gathered; `next_row` is where the search for another table goes on."""

    layout: Layout
    rows: list[FoundRow] = field(default_factory=list)
    bands: list[FoundBand] = field(default_factory=list)
    stated: list[StatedTotal] = field(default_factory=list)
    notes: dict[int, str] = field(default_factory=dict)
    continued: list[int] = field(default_factory=list)
    last_content: int = 0
    next_row: int = 0

    @property
    def band(self) -> str | None:
        return self.bands[-1].text if self.bands else None


def read_sheet(sheet: Sheet, index: HeaderIndex) -> list[FoundTable | SkippedSheet]:
    """Every table of the ledger on the sheet, or the one reason why there is none."""
    if sheet.last_row == 0:
        return [SkippedSheet(sheet.name, "工作表是空的。")]
    tables: list[FoundTable] = []
    start = 1
    while header := find_header(sheet, index, start):
        body = _read_body(sheet, header, index)
        tables.append(_table(sheet, header, body, tables, start))
        start = body.next_row
    if not tables:
        return [_skipped(sheet, index)]
    return [*tables[:-1], _with_rest(tables[-1], sheet, start)]


def _skipped(sheet: Sheet, index: HeaderIndex) -> SkippedSheet:
    header = closest_header(sheet, index)
    if header is None or not header.named:
        return SkippedSheet(sheet.name, "没有找到表头。")
    return SkippedSheet(sheet.name, _why_not(header, index), (header.top, header.bottom), header.columns)


def _why_not(header: Header, index: HeaderIndex) -> str:
    missing = [key for key in index.keys if key not in header.named]
    if missing:
        return f"没有“{'”“'.join(index.label(key) for key in missing)}”一栏，不是这本台账。"
    known = "、".join(column.text for column in header.named.values())
    return f"只认出{len(header.named)}栏（{known}），不是这本台账。"


def _read_body(sheet: Sheet, header: Header, index: HeaderIndex) -> Body:
    body = _walk(Layout(sheet, header, index))
    if not body.rows:
        # every row numbered 一、二、三: then these are records and no bands
        body = _walk(Layout(sheet, header, index, numerals_are_bands=False))
    return body


def _walk(layout: Layout) -> Body:
    body = Body(layout, last_content=layout.header.bottom)
    last_row = layout.sheet.last_row
    blanks = 0
    ended = False
    for number in range(layout.header.bottom + 1, last_row + 1):
        line = read_line(layout, number)
        kind = kind_of(line)
        blanks = blanks + 1 if kind is LineKind.BLANK else 0
        ended = ended or blanks >= BLANK_ROWS_THAT_END
        if _is_beyond(line, kind, ended):
            _end_before(body, line, kind)
            return body
        ended = ended or kind is LineKind.NOTE
        _take(body, line, kind)
    body.next_row = last_row + 1
    return body


def _is_beyond(line: Line, kind: LineKind, ended: bool) -> bool:
    """Another table's header, or rows after the notes: not this table any more."""
    if kind is LineKind.HEADER:
        return not repeats_header(line)
    return ended and kind in (LineKind.RECORD, LineKind.TOTAL) and not line.is_single


def _end_before(body: Body, line: Line, kind: LineKind) -> None:
    """Another table begins here; its title and unit line, right above its header, go with it."""
    number = line.number
    if kind is LineKind.HEADER:
        while number - 1 > body.last_content and _may_stand_above(read_line(body.layout, number - 1)):
            number -= 1
    body.bands = [band for band in body.bands if band.number < number]
    body.notes = {row: text for row, text in body.notes.items() if row < number}
    body.next_row = number


def _may_stand_above(line: Line) -> bool:
    is_title = line.is_single and not NOTE.match(line.first)
    return not line.columns or is_title or bool(UNIT_CAPTION.match(line.first))


def _take(body: Body, line: Line, kind: LineKind) -> None:
    if kind is LineKind.RECORD:
        _take_record(body, line)
    elif kind is LineKind.TOTAL:
        _take_total(body, line)
    elif kind is LineKind.BAND:
        _take_band(body, line)
    elif kind is LineKind.NOTE:
        _take_note(body, line)


def _take_total(body: Body, line: Line) -> None:
    scope, word = total_word(line) or ("", "")
    kind = _total_kind(scope, word, body.band)
    band = body.band if kind == "subtotal" else None
    label = line.first if word in line.first else line.key
    body.stated.append(StatedTotal(line.number, label, kind, band, _stated_values(body, line)))
    body.last_content = line.number


def _total_kind(scope: str, word: str, band: str | None) -> str:
    if word == OF_WHICH:
        return "of_which"
    names_band = bool(scope and band and (scope in band or band in scope))
    return "subtotal" if word == "小计" or names_band else "total"


def _stated_values(body: Body, line: Line) -> dict[str, RawCell]:
    """The cells that hold something else than the label."""
    sheet = body.layout.sheet
    labels = {line.first, line.key} - {text for text in (line.first, line.key) if PLAIN_NUMBER.match(text)}
    texts = line.texts
    return {
        name: sheet.cell(line.number, column.index)
        for name, column in body.layout.header.named.items()
        if column.index in texts and texts[column.index] not in labels
    }


def _take_band(body: Body, line: Line) -> None:
    text, count = band_of(line)
    body.bands.append(FoundBand(line.number, text, count))
    values = _stated_values(body, line)
    if values:
        body.stated.append(StatedTotal(line.number, text, "subtotal", text, values))


def _take_note(body: Body, line: Line) -> None:
    body.notes[line.number] = _row_text(body.layout.sheet, line.number)


def _take_record(body: Body, line: Line) -> None:
    sheet, number = body.layout.sheet, line.number
    body.last_content = number
    if sheet.anchor(number, body.layout.key_column)[0] < number:
        body.continued.append(number)
        return
    columns = body.layout.columns
    cells = dict(zip(columns, sheet.cells(number, columns.values()), strict=True))
    filled = _fill_from_merges(cells, body.layout, number) if number in sheet.merged_rows else frozenset()
    hidden = number in sheet.structure.hidden_rows
    body.rows.append(FoundRow(number, body.band, hidden, cells, filled))


def _fill_from_merges(cells: dict[str, RawCell], layout: Layout, number: int) -> frozenset[str]:
    """Take what a merge shows in this row from its first one; name the columns whose cell other records share."""
    sheet, filled = layout.sheet, set()
    last = _last_row(sheet, number, layout.key_column)
    for name, column in layout.columns.items():
        merge = sheet.merged.get((number, column))
        is_filled = merge is not None and merge.top < number and merge.left == column
        if is_filled:
            cells[name] = sheet.cell(merge.top, column)
        if is_filled or (merge is not None and merge.bottom > last):
            filled.add(name)
    return frozenset(filled)


def _last_row(sheet: Sheet, row: int, column: int) -> int:
    """The last row of the merge that covers the cell; its own where none does."""
    merge = sheet.merged.get((row, column))
    return merge.bottom if merge else row


def _table(sheet: Sheet, header: Header, body: Body, earlier: list[FoundTable], start: int) -> FoundTable:
    above = [text for row in range(start, header.top) for text in _row_texts(sheet, row)]
    bands = tuple(band for band in body.bands if _is_band_of(band, body.rows))
    return FoundTable(
        sheet=sheet.name,
        title=next((text for text in above if not _is_caption(text)), ""),
        reporting_unit=_reporting_unit(above),
        unit=_unit(above) or (earlier[-1].unit if earlier else None),
        header_rows=(header.top, header.bottom),
        columns=header.columns,
        rows=tuple(body.rows),
        bands=bands,
        stated=tuple(body.stated),
        unknown=tuple(column.text for column in header.columns if not column.name and not column.is_ordinal),
        notes=_notes(body, bands),
        questions=tuple(_between(sheet, header, start) + _questions(sheet, header, body)),
    )


def _notes(body: Body, bands: tuple[FoundBand, ...]) -> tuple[str, ...]:
    texts = body.notes | {band.number: band.text for band in body.bands if band not in bands}
    return tuple(texts[row] for row in sorted(texts))


def _is_band_of(band: FoundBand, rows: Iterable[FoundRow]) -> bool:
    """A lone text with neither rows nor a count is a note that looked like a band."""
    return band.stated_count is not None or any(row.band == band.text for row in rows)


def _reporting_unit(above: list[str]) -> str:
    """What follows 填报单位（盖章）：, in the same cell or in the next one."""
    for text, following in zip(above, [*above[1:], ""], strict=False):
        match = REPORTING_UNIT.search(text)
        if match:
            return match["name"] or ("" if _is_caption(following) else following)
    return ""


def _is_caption(text: str) -> bool:
    folded = compact(text)
    return bool(UNIT_CAPTION.match(folded) or PERSON_CAPTION.match(folded))


def _unit(above: list[str]) -> str | None:
    """The money unit of 单位：万元; the name of a reporting unit after 填报单位 is none."""
    joined = compact("；".join(REPORTING_UNIT.sub("", text) for text in above))
    match = UNIT_LINE.search(joined)
    return match[1] if match else None


def _between(sheet: Sheet, header: Header, start: int) -> list[str]:
    """Rows between two tables of the ledger that belong to neither."""
    if start == 1:
        return []
    rows = [row for row in range(start, header.top) if len(sheet.filled_columns(row)) > CAPTION_CELLS]
    return [f"第{_listed(rows)}行不属于这本台账的表，没有读取，请核对。"] if rows else []


def _questions(sheet: Sheet, header: Header, body: Body) -> list[str]:
    questions = list(header.questions)
    if sheet.structure.hidden:
        questions.append("工作表是隐藏的，已照样读取，请核对。")
    hidden_rows = [row.number for row in body.rows if row.hidden]
    if hidden_rows:
        questions.append(f"第{_listed(hidden_rows)}行是隐藏行，已照样读取，请核对。")
    hidden_columns = [column.text for column in header.columns if column.hidden and column.name]
    if hidden_columns:
        questions.append(f"“{'”“'.join(hidden_columns)}”是隐藏列，已照样读取，请核对。")
    if body.continued:
        questions.append(f"第{_listed(body.continued)}行与上一行合并为一条，只读取了合并区域的第一行，请核对。")
    return questions + _nameless_columns(sheet, header, body)


def _nameless_columns(sheet: Sheet, header: Header, body: Body) -> list[str]:
    nameless = set(range(1, sheet.last_column + 1)) - {column.index for column in header.columns}
    if nameless:
        nameless &= {column for row in body.rows for column in sheet.filled_columns(row.number)}
    return [f"第{column}列没有表头，没有读取，请核对。" for column in sorted(nameless)]


def _with_rest(table: FoundTable, sheet: Sheet, start: int) -> FoundTable:
    """Say what was left unread below the last table."""
    rest = [row for row in range(start, sheet.last_row + 1) if len(sheet.filled_columns(row)) > 1]
    if not rest:
        return table
    sentence = f"第{rest[0]}行起还有没有读取的内容（{_row_text(sheet, rest[0])}），请核对，或另放一张工作表。"
    return replace(table, questions=(*table.questions, sentence))


def _row_texts(sheet: Sheet, row: int) -> list[str]:
    values = (sheet.value(row, column) for column in sheet.filled_columns(row))
    return [one_line(value) for value in values if not is_blank(value)]


def _row_text(sheet: Sheet, row: int) -> str:
    return " ".join(_row_texts(sheet, row))


def _listed(numbers: list[int]) -> str:
    shown = "、".join(str(number) for number in numbers[:NAMED_ROWS])
    return shown if len(numbers) <= NAMED_ROWS else f"{shown}等{len(numbers)}"
