"""Finding a ledger's columns under the headers that offices write."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from core.spreadsheet.structure import Merge
from core.spreadsheet.text import compact, is_blank, one_line
from core.spreadsheet.workbook import Sheet

SEPARATOR = "/"
MAX_HEADER_ROWS = 3
SEARCHED_ROWS = 40
MONEY_UNITS = ("亿美元", "万美元", "美元", "百万元", "亿元", "万元", "千元", "元")
AREA_UNITS = ("平方米", "公顷", "亩", "m2")
COUNT_UNITS = ("万人", "人次", "人", "个", "家", "户", "万吨", "吨", "万千瓦时", "千瓦", "kva", "kw", "%", "百分点")
MONEY_UNIT = "|".join(MONEY_UNITS)
ANY_UNIT = "|".join((*MONEY_UNITS, *AREA_UNITS, *COUNT_UNITS))
PARENTHESIS = re.compile(r"[(\[【]([^()\[\]【】]*)[)\]】]")
UNIT_NOTE = re.compile(rf"(?:金额|计量)?(?:单位)?:?({ANY_UNIT})\Z", re.IGNORECASE)
ORDINAL_HEADERS = {"序号", "编号", "序", "no", "no."}
SAID = 10**6  # more specific than any header
# a last part that says nothing without the part above it
GENERIC_PARTS = {"名称", "合计", "小计", "总计", "金额", "总额", "全称"}


class HeaderText(NamedTuple):
    """One header text taken apart: what is compared, the same without any parenthesis, the unit it names."""

    text: str
    bare: str
    unit: str | None


def read_header(value: object) -> HeaderText:
    """总投资 （万元） → text and bare 总投资, unit 万元; a parenthesis that is no unit stays in `text`."""
    whole = compact(value)
    if not PARENTHESIS.search(whole):
        return HeaderText(whole, whole, None)
    units = [match[1] for note in PARENTHESIS.findall(whole) if (match := UNIT_NOTE.match(note))]
    text = PARENTHESIS.sub(lambda note: "" if UNIT_NOTE.match(note[1]) else note[0], whole)
    return HeaderText(text=text, bare=PARENTHESIS.sub("", text), unit=units[0] if units else None)


@dataclass(frozen=True)
class Match:
    """How well a header says a column; greater is more specific."""

    name: str
    covers_path: bool
    own_part: bool
    sure: bool
    literal: bool
    length: int

    @property
    def rank(self) -> tuple[bool, bool, bool, bool, int]:
        return self.covers_path, self.own_part, self.sure, self.literal, self.length


@dataclass(frozen=True)
class HeaderIndex:
    """The columns of one ledger as plain data.

    `aliases`: column name → header texts that mean it, as written in offices; a text may be a path
    such as 投资方/名称. `keys`: columns without which a sheet is not this ledger, the naming one first.
    `minimum`: so many columns at least must be recognised. `shown`: headers of what an exported list shows beside
    its columns; as another word for a column they give way to that column's other headers. `told` and `units` are
    what a person said of single columns, by `FoundColumn.key`: the name meant ("" for none) and the money unit.
    Raises ValueError where one text means two columns.
    """

    aliases: Mapping[str, Iterable[str]]
    keys: tuple[str, ...]
    minimum: int = 3
    shown: Iterable[str] = ()
    told: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for name, texts in self.aliases.items():
            for text in texts:
                key = _lookup_key(read_header(text).text)
                if self.names.setdefault(key, name) != name:
                    raise ValueError(f"header {text} means both {self.names[key]} and {name}")

    @cached_property
    def _shown(self) -> frozenset[str]:
        return frozenset(_lookup_key(read_header(text).text) for text in self.shown)

    def label(self, name: str) -> str:
        """The header a person knows the column by: its first alias."""
        return next(iter(self.aliases[name]), name)

    def meant(self, key: str, path: tuple[str, ...]) -> Match | None:
        """What a person said of this column goes before what its header says."""
        if key not in self.told:
            return self.match([read_header(part) for part in path])
        name = self.told[key]
        return Match(name, covers_path=True, own_part=True, sure=True, literal=True, length=SAID) if name else None

    def match(self, parts: list[HeaderText]) -> Match | None:
        found = (
            Match(
                name,
                covers_path=covers,
                own_part=own,
                sure=_lookup_key(text) not in self._shown,
                literal=text == literal,
                length=len(text),
            )
            for covers, own, literal, text in _readings(parts)
            if (name := self.names.get(_lookup_key(text)))
        )
        return max(found, key=lambda match: match.rank, default=None)


def _lookup_key(text: str) -> str:
    return text.replace(SEPARATOR, "").lower()


def _readings(parts: list[HeaderText]) -> Iterator[tuple[bool, bool, str, str]]:
    """The texts a header path may be recognised by: the path, its ends, and what stands above a generic end."""
    spans = [(parts[start:], start == 0, True) for start in range(len(parts))]
    if len(parts) > 1 and parts[-1].bare in GENERIC_PARTS:
        spans += [(parts[start:-1], False, False) for start in range(len(parts) - 1)]
    for span, covers, own in spans:
        literal = SEPARATOR.join(part.text for part in span)
        yield covers, own, literal, literal
        yield covers, own, literal, SEPARATOR.join(part.bare for part in span)


@dataclass(frozen=True)
class FoundColumn:
    """A column under the header: `path` as written from top to bottom, `header` as compared,
    `unit` where the header names one, `name` where the ledger knows it; `key` tells it from the table's others."""

    index: int
    path: tuple[str, ...]
    header: str
    unit: str | None
    name: str | None
    hidden: bool = False
    key: str = ""

    @property
    def text(self) -> str:
        return SEPARATOR.join(self.path)

    @property
    def is_ordinal(self) -> bool:
        return self.name is None and self.header.lower() in ORDINAL_HEADERS


@dataclass(frozen=True)
class Header:
    top: int
    bottom: int
    columns: tuple[FoundColumn, ...]
    questions: tuple[str, ...] = ()

    @cached_property
    def named(self) -> dict[str, FoundColumn]:
        return {column.name: column for column in self.columns if column.name}

    def fits(self, index: HeaderIndex) -> bool:
        return len(self.named) >= index.minimum and all(key in self.named for key in index.keys)


def find_header(sheet: Sheet, index: HeaderIndex, first_row: int = 1) -> Header | None:
    """The first header that fits the ledger, of one to three rows, among the next forty."""
    for top in range(first_row, min(sheet.last_row, first_row + SEARCHED_ROWS - 1) + 1):
        if any(header.fits(index) for header in _windows(sheet, index, top)):
            return _complete(sheet, index, _best(sheet, index, top))
    return None


def closest_header(sheet: Sheet, index: HeaderIndex) -> Header | None:
    """What comes nearest to the ledger's header, to tell a person what is missing."""
    tops = range(1, min(sheet.last_row, SEARCHED_ROWS) + 1)
    windows = (header for top in tops for header in _windows(sheet, index, top))
    closest = max(windows, key=lambda header: (len(header.named), header.top - header.bottom), default=None)
    return closest and _complete(sheet, index, closest)


def _windows(sheet: Sheet, index: HeaderIndex, top: int) -> Iterator[Header]:
    for bottom in range(top, min(top + MAX_HEADER_ROWS - 1, sheet.last_row) + 1):
        yield _header(sheet, index, top, bottom)


def _best(sheet: Sheet, index: HeaderIndex, first_top: int) -> Header:
    """The window with most columns among those that begin here or within the rows the first one covers."""
    tops = range(first_top, min(first_top + MAX_HEADER_ROWS - 1, sheet.last_row) + 1)
    windows = [header for top in tops for header in _windows(sheet, index, top) if header.fits(index)]
    return max(windows, key=lambda header: (len(header.named), header.top - header.bottom))


def _complete(sheet: Sheet, index: HeaderIndex, header: Header) -> Header:
    """Take in the rows that belong to the header although they add no known column."""
    merges = [sheet.merged[row, column.index] for row in (header.top, header.bottom) for column in header.columns
              if (row, column.index) in sheet.merged]  # fmt: skip
    tall = [merge for merge in merges if merge.bottom > merge.top and merge.bottom - merge.top < MAX_HEADER_ROWS]
    top = min([header.top, *(merge.top for merge in tall)])
    bottom = max([header.bottom, *(merge.bottom for merge in tall)])
    if _is_subheader(sheet, bottom):
        bottom += 1
    complete = _header(sheet, index, top, bottom)
    return complete if len(complete.named) >= len(header.named) else header


def _is_subheader(sheet: Sheet, row: int) -> bool:
    """Whether the row below holds only texts, and only under headers that are merged sideways."""
    below = sheet.filled_columns(row + 1)
    above = [sheet.merged.get((row, column)) for column in below]
    return bool(below) and all(
        merge is not None and merge.bottom == row and 1 < merge.width < sheet.last_column
        and isinstance(sheet.value(row + 1, column), str)
        for merge, column in zip(above, below, strict=True)
    )  # fmt: skip


def _header(sheet: Sheet, index: HeaderIndex, top: int, bottom: int) -> Header:
    paths = {column: _path(sheet, column, top, bottom) for column in range(1, sheet.last_column + 1)}
    keys = _keys({column: path for column, path in paths.items() if path})
    matches = {column: index.meant(key, paths[column]) for column, key in keys.items()}
    chosen, questions = _choose(paths, matches)
    columns = tuple(
        _found_column(sheet, number, paths[number], chosen.get(number), key, index) for number, key in keys.items()
    )
    return Header(top, bottom, columns, tuple(questions))


def _keys(paths: Mapping[int, tuple[str, ...]]) -> dict[int, str]:
    """A name for each column that survives other spacing and other places: its path, numbered where it repeats."""
    keys: dict[int, str] = {}
    met: dict[str, int] = {}
    for column, path in paths.items():
        text = compact(SEPARATOR.join(path)).lower()
        met[text] = met.get(text, 0) + 1
        keys[column] = text if met[text] == 1 else f"{text}#{met[text]}"
    return keys


def _path(sheet: Sheet, column: int, top: int, bottom: int) -> tuple[str, ...]:
    """The texts above a column, each once; none where the bottom one belongs to a column further left."""
    if sheet.anchor(bottom, column)[1] != column:
        return ()
    parts: list[str] = []
    for anchor in dict.fromkeys(sheet.anchor(row, column) for row in range(top, bottom + 1)):
        value = sheet.value(*anchor)
        if not is_blank(value) and not _is_banner(sheet.merged.get(anchor), sheet):
            parts.append(one_line(value))
    return tuple(dict.fromkeys(parts))


def _is_banner(merge: Merge | None, sheet: Sheet) -> bool:
    """A title runs over the whole sheet and is no part of any column's header."""
    return merge is not None and merge.width == sheet.last_column > 1


def _choose(
    paths: Mapping[int, tuple[str, ...]], matches: Mapping[int, Match | None]
) -> tuple[dict[int, str], list[str]]:
    """Each known column once, by its most specific header; a sentence where that leaves a doubt."""
    chosen: dict[int, str] = {}
    questions = []
    for name in dict.fromkeys(match.name for match in matches.values() if match):
        rivals = {number: match for number, match in matches.items() if match and match.name == name}
        winner = max(rivals, key=lambda number: (rivals[number].rank, -number))
        chosen[winner] = name
        losers = [n for n, rival in rivals.items() if n != winner and rival.covers_path and rival.sure]
        questions += [_doubt(paths[winner], winner, paths[loser], loser) for loser in losers]
    return chosen, questions


def _doubt(winner: tuple[str, ...], winner_column: int, loser: tuple[str, ...], loser_column: int) -> str:
    read, left = SEPARATOR.join(winner), SEPARATOR.join(loser)
    if read == left:
        return f"表头“{read}”出现两次（第{winner_column}列、第{loser_column}列），只读取第{winner_column}列，请核对。"
    return f"表头“{read}”与“{left}”是同一项，只读取“{read}”（第{winner_column}列），请核对。"


def _found_column(
    sheet: Sheet, number: int, path: tuple[str, ...], name: str | None, key: str, index: HeaderIndex
) -> FoundColumn:
    parts = [read_header(part) for part in path]
    return FoundColumn(
        index=number,
        path=path,
        header=SEPARATOR.join(part.text for part in parts),
        unit=index.units.get(key) or next((part.unit for part in reversed(parts) if part.unit), None),
        name=name,
        hidden=number in sheet.structure.hidden_columns,
        key=key,
    )
