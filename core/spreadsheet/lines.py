"""Telling apart what stands below a header: records, band rows, totals, notes and signatures."""

import re
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from core.spreadsheet.headers import ORDINAL_HEADERS, Header, HeaderIndex, read_header
from core.spreadsheet.text import compact
from core.spreadsheet.workbook import Sheet

CHINESE_NUMBER = "[一二三四五六七八九十百]+"
NUMERAL_CELL = re.compile(rf"(?:{CHINESE_NUMBER}[、.,]?|\({CHINESE_NUMBER}\)[、.]?)\Z")
ORDINAL_PREFIX = re.compile(
    rf"(?:{CHINESE_NUMBER}[、.,:]|\({CHINESE_NUMBER}\)[、.]?|第{CHINESE_NUMBER}[类部分批]+[、:]?)"
)
ARABIC_PREFIX = re.compile(r"(?:\d+[、.]|\(\d+\)[、.]?)(?=\D)")
COUNT_SUFFIX = re.compile(r"\((?:共|计|合计)?(\d+)(?:个|项|家|户|宗|条|件|笔)?(?:项目|企业)?\)\Z")
TOTAL_LABEL = re.compile(r"(?P<scope>.{0,20}?)(?P<word>小计|总计|共计|合计|累计)(?:\d+个?|\(.*\))?:?\Z")
TOTAL_WORDS = {"小计", "总计", "共计", "合计"}
LABEL_CELLS = 3  # a total's label stands in one of the first cells: 芦溪镇 | 小计 | 12
OF_WHICH = "其中"
NOTE = re.compile(
    r"(?:备注|附注|说明|注|填表|制表|审核|复核|填报|报送|编报|(?:单位|部门)?(?:负责|主管|分管|主要)|联系|电话|"
    r"截止|截至|(?:数据|资料)来源|(?:金额|计量)?单位)[^:]{0,12}:"
)
NUMBERING_LABELS = set("甲乙丙丁戊己庚辛")
BAND_LENGTH = 20
PLAIN_NUMBER = re.compile(r"-?\d[\d,.]*\Z")


class LineKind(Enum):
    BLANK = "blank"
    NUMBERING = "numbering"
    HEADER = "header"
    TOTAL = "total"
    BAND = "band"
    NOTE = "note"
    RECORD = "record"


@dataclass(frozen=True)
class Layout:
    """What deciding about a line takes: the sheet, the header above it and the ledger's columns."""

    sheet: Sheet
    header: Header
    index: HeaderIndex
    numerals_are_bands: bool = True

    @cached_property
    def key_column(self) -> int:
        return self.columns[self.index.keys[0]]

    @cached_property
    def columns(self) -> dict[str, int]:
        """The ledger's name of a column → its number on the sheet."""
        return {name: column.index for name, column in self.header.named.items()}

    @cached_property
    def header_texts(self) -> dict[int, frozenset[str]]:
        """Column → what its header says, line by line."""
        return {column.index: frozenset(map(compact, column.path)) for column in self.header.columns}

    @cached_property
    def ordinal_column(self) -> int | None:
        return next((column.index for column in self.header.columns if column.is_ordinal), None)


@dataclass(slots=True)
class Line:
    """One row; `columns` are those whose own cell is not blank. Of its texts, folded for comparison, only those that
    every rule asks for are there from the start: its first, its name and its number decide about most rows."""

    number: int
    columns: tuple[int, ...]
    layout: Layout
    first: str = ""
    key: str = ""
    ordinal: str = ""
    is_numbered: bool = False

    def __post_init__(self) -> None:
        if self.columns:
            self.first = self.text(self.columns[0])
            key = self.layout.key_column
            self.key = self.first if key == self.columns[0] else self.text(key)
            self.ordinal = self.text(self.layout.ordinal_column)
            self.is_numbered = bool(PLAIN_NUMBER.match(self.ordinal))

    @property
    def texts(self) -> dict[int, str]:
        return {column: self.text(column) for column in self.columns}

    def text(self, column: int | None) -> str:
        return compact(self.layout.sheet.value(self.number, column)) if column in self.columns else ""

    @property
    def is_single(self) -> bool:
        return len(self.columns) == 1

    @property
    def is_wide(self) -> bool:
        """Whether its first text runs over at least half of the columns."""
        merge = self.layout.sheet.merged.get((self.number, self.columns[0])) if self.columns else None
        return merge is not None and merge.width > 1 and merge.width * 2 >= len(self.layout.header.columns)


def read_line(layout: Layout, number: int) -> Line:
    return Line(number, tuple(layout.sheet.filled_columns(number)), layout)


def kind_of(line: Line) -> LineKind:
    """The first rule that fits; what no rule knows is a record, so that nothing is dropped unsaid."""
    for kind, fits in RULES:
        if fits(line):
            return kind
    return LineKind.RECORD


def total_word(line: Line) -> tuple[str, str] | None:
    """(what the total is of, the word) from a label such as 芦溪镇小计, 合计, 其中：工业."""
    if line.is_numbered and not TOTAL_LABEL.fullmatch(line.key):
        return None
    leading = [text for text in map(line.text, line.columns[:LABEL_CELLS]) if text in TOTAL_WORDS]
    for label in dict.fromkeys((line.first, line.key, *leading)):
        if label.startswith(OF_WHICH):
            return label.removeprefix(OF_WHICH).lstrip(":、"), OF_WHICH
        match = TOTAL_LABEL.match(label)
        if match and not (line.is_numbered and match["scope"]):
            return ORDINAL_PREFIX.sub("", match["scope"], count=1), match["word"]
    return None


def band_of(line: Line) -> tuple[str, int | None]:
    """一、芦溪镇（5个） → 芦溪镇, 5."""
    label = line.key if NUMERAL_CELL.match(line.first) and line.key else line.first
    count = COUNT_SUFFIX.search(label)
    name = COUNT_SUFFIX.sub("", label)
    for prefix in (ORDINAL_PREFIX, ARABIC_PREFIX):
        name = re.sub(rf"\A{prefix.pattern}", "", name)
    return name.rstrip(":"), int(count[1]) if count else None


def _is_blank(line: Line) -> bool:
    """Empty, or holding nothing but the number a prepared row comes with."""
    return not line.columns or (line.is_single and line.is_numbered)


def _is_numbering(line: Line) -> bool:
    """甲 乙 1 2 3: the line that numbers the columns of a statistical form."""
    if line.number > line.layout.header.bottom + 2:
        return False
    counted = [text for text in line.texts.values() if text not in NUMBERING_LABELS]
    labelled = len(counted) < len(line.columns)
    steps = [str(number) for number in range(1, len(counted) + 1)]
    return len(line.columns) > 2 and counted == steps and (labelled or line.key in steps)


def repeats_header(line: Line) -> bool:
    """The header again, as it is printed on top of each page."""
    told = line.layout.header_texts
    return len(line.columns) > 1 and all(line.text(column) in told.get(column, ()) for column in line.columns)


def _is_header(line: Line) -> bool:
    """This table's header again, or another table's: it begins with 序号, or half of it is known."""
    if line.is_single or line.is_numbered:
        return False
    return line.first.lower() in ORDINAL_HEADERS or _is_known_header(line) or repeats_header(line)


def _is_known_header(line: Line) -> bool:
    names = line.layout.index.names
    if not any(read_header(text).bare in names for text in {line.first, line.key}):
        return False
    known = sum(read_header(text).bare in names for text in line.texts.values())
    return known > 1 and known * 2 >= len(line.columns)


def _is_total(line: Line) -> bool:
    return total_word(line) is not None


def _is_note(line: Line) -> bool:
    if line.is_numbered:
        return False
    is_sentence = len(line.first) > BAND_LENGTH and not _has_band_marks(line.first)
    return (
        (is_sentence and line.is_single and line.is_wide)
        or bool(NOTE.match(line.first))
        or line.first in ("备注", "说明")
    )


def _is_band(line: Line) -> bool:
    return _is_lone_band(line) or _is_numeral_band(line) or _is_band_with_sums(line)


def _is_lone_band(line: Line) -> bool:
    if not line.is_single or PLAIN_NUMBER.match(line.first):
        return False
    is_short_label = len(line.first) <= BAND_LENGTH and (line.is_wide or line.ordinal == line.first)
    return is_short_label or _has_band_marks(line.first)


def _has_band_marks(text: str) -> bool:
    return bool(ORDINAL_PREFIX.match(text) or COUNT_SUFFIX.search(text))


def _is_numeral_band(line: Line) -> bool:
    is_numeral = bool(NUMERAL_CELL.match(line.ordinal)) and line.ordinal == line.first
    return line.layout.numerals_are_bands and is_numeral and bool(line.key)


def _is_band_with_sums(line: Line) -> bool:
    if not ORDINAL_PREFIX.match(line.first):
        return False
    return all(PLAIN_NUMBER.match(line.text(column)) for column in line.columns[1:])


RULES = (
    (LineKind.BLANK, _is_blank),
    (LineKind.NUMBERING, _is_numbering),
    (LineKind.HEADER, _is_header),
    (LineKind.TOTAL, _is_total),
    (LineKind.NOTE, _is_note),
    (LineKind.BAND, _is_band),
)
