import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from python_calamine import CalamineError, CalamineWorkbook

from core.spreadsheet.old_workbook import read_old
from core.spreadsheet.package import (
    DAMAGED,
    Limits,
    Parts,
    Source,
    WorkbookError,
    is_old,
    read_content,
    read_parts,
    repack,
)
from core.spreadsheet.raw import BLANK, RawCell
from core.spreadsheet.structure import GENERAL, Merge, Position, SheetStructure, read_structures
from core.spreadsheet.text import is_blank

EXACT_INTEGER = 10**15  # Excel keeps 15 digits: a longer number has already lost some and stays a float
DEFAULT_LIMITS = Limits()


@dataclass(frozen=True)
class Sheet:
    """One worksheet; rows and columns are counted from 1. `values` are by row, and end with the last filled cell."""

    structure: SheetStructure
    values: Sequence[Sequence[object]]

    @property
    def name(self) -> str:
        return self.structure.name

    @property
    def last_row(self) -> int:
        return self.structure.last_row

    @property
    def last_column(self) -> int:
        return self.structure.last_column

    @cached_property
    def merged(self) -> dict[Position, Merge]:
        """The merge that covers a position, its anchor included."""
        return {
            (row, column): merge
            for merge in self.structure.merges
            for row in range(merge.top, merge.bottom + 1)
            for column in range(merge.left, merge.right + 1)
        }

    @cached_property
    def merged_rows(self) -> frozenset[int]:
        return frozenset(row for row, _ in self.merged)

    def anchor(self, row: int, column: int) -> Position:
        """The cell that holds what is seen at this position."""
        merge = self.merged.get((row, column))
        return (merge.top, merge.left) if merge else (row, column)

    def cell(self, row: int, column: int) -> RawCell:
        position, structure = (row, column), self.structure
        return RawCell(
            self.value(row, column),
            structure.formats.get(position, GENERAL),
            position in structure.uncalculated,
            position in structure.errors,
        )

    def cells(self, row: int, columns: Iterable[int]) -> list[RawCell]:
        """`cell` of several columns of a row at once; what is not filled is `BLANK`, whatever its format."""
        if row in self._marked_columns or row > len(self.values):
            return [self.cell(row, column) for column in columns]
        line, formats = self.values[row - 1], self.structure.formats
        return [
            RawCell(value if isinstance(value, str) else _plain(value), formats.get((row, column), GENERAL))
            if column <= len(line) and (value := line[column - 1]) != ""
            else BLANK
            for column in columns
        ]

    def value(self, row: int, column: int) -> object:
        errors = self.structure.errors
        if errors and (error := errors.get((row, column))) is not None:
            return error
        try:
            return _plain(self.values[row - 1][column - 1])
        except IndexError:
            return None

    def filled_columns(self, row: int) -> list[int]:
        """Columns of the row whose own cell is not blank; a formula without a result is not blank."""
        line = self.values[row - 1] if row <= len(self.values) else []
        filled = [number for number, value in enumerate(line, 1) if value != "" and not is_blank(value)]
        marked = self._marked_columns.get(row)
        return sorted(marked.union(filled)) if marked else filled

    @cached_property
    def _marked_columns(self) -> dict[int, set[int]]:
        marked: dict[int, set[int]] = {}
        for row, column in (*self.structure.errors, *self.structure.uncalculated):
            marked.setdefault(row, set()).add(column)
        return marked


@dataclass(frozen=True)
class Workbook:
    sheets: tuple[Sheet, ...]

    def __getitem__(self, name: str) -> Sheet:
        return next(sheet for sheet in self.sheets if sheet.name == name)


def open_workbook(source: Source, limits: Limits = DEFAULT_LIMITS) -> Workbook:
    """Read an .xlsx or .xls from a path or a binary file.

    Raises WorkbookError with a Chinese sentence when the file is too big, has macros or a password,
    defines XML entities, or is no workbook at all; OSError when the path cannot be opened.
    """
    content = read_content(source, limits)
    if is_old(content):
        return Workbook(tuple(Sheet(structure, rows) for structure, rows in read_old(content, limits)))
    parts = read_parts(content, limits)
    structures = read_structures(parts, limits)
    return Workbook(tuple(_with_values(parts, structures)))


def _with_values(parts: Parts, structures: Iterable[SheetStructure]) -> Iterable[Sheet]:
    try:
        with CalamineWorkbook.from_filelike(repack(parts)) as values:
            for structure in structures:
                rows = values.get_sheet_by_name(structure.name).to_python(skip_empty_area=False)
                yield Sheet(structure, rows)
    except (CalamineError, OSError) as failure:
        raise WorkbookError(DAMAGED) from failure


def _plain(value: object) -> object:
    """The reader's value in the few types RawCell promises."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, float) and value.is_integer() and abs(value) < EXACT_INTEGER:
        return int(value)
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return datetime.datetime.combine(value, datetime.time())
    return value
