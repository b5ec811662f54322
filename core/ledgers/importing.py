"""A workbook into a ledger: read the sheets that fit, plan every row, say everything, then write in one act.

plan = plan_import(ledger, workbook_file, seat)     # nothing is written
if not plan.errors: commit_import(writing, plan)
"""

import hashlib
import json
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, BinaryIO

from django.utils import timezone

from core.amounts import is_slip_of_unit
from core.collecting import uncollected
from core.ledgers.columns import Column
from core.ledgers.identity import KnownRecords
from core.ledgers.kinds import Money, plain_number
from core.ledgers.late_rows import late_cells, locked_cells
from core.ledgers.layouts import ReadTable, known_layouts, read_tables
from core.ledgers.ledger import CODE, Ledger
from core.locks import MonthLocks
from core.models import ImportBatch, ImportLayout, StoredFile
from core.readings import Reading, Unclear, Unreadable
from core.records import Record
from core.spreadsheet.raw import RawCell
from core.spreadsheet.reading import FoundRow, FoundTable, HeaderIndex, SkippedSheet, open_workbook
from core.write import Door, Refused

NEW, UPDATE, SAME, DUPLICATE, ERROR = "created", "updated", "unchanged", "duplicates", "error"
KIND_WORDS = {NEW: "新增", UPDATE: "更新", SAME: "无变化", DUPLICATE: "疑似重复"}
ROW_WORDS = {**KIND_WORDS, ERROR: "错误"}
"""With the rows that are refused: shown, never written, and no part of what the counts promise."""


Heard = Callable[[int, int], None]
"""Told now and then how many rows are done, and of how many."""
ROWS_BETWEEN_WORDS = 250

NOT_A_NAME = re.compile(r"[\d年月个（）()]+|项目|台账|明细|签约|表")
"""What stands beside a township in the name of its sheet: 芦溪镇2024年签约项目."""


@dataclass(frozen=True)
class Remark:
    """Something about a cell that a person should read; `row` is the number seen in Excel."""

    sheet: str
    row: int
    column: str
    value: str
    message: str

    def as_json(self) -> dict[str, Any]:
        return dict(vars(self))


@dataclass
class PlannedRow:
    sheet: str
    row: int
    kind: str
    values: dict[str, Any]
    record: Record | None = None
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    """(header, before, after) of every cell that an update would change."""
    changed: dict[str, Any] = field(default_factory=dict)
    """{column name: value} of the same cells."""
    remarks: list[Remark] = field(default_factory=list)
    """What is said of this row alone: errors first, then warnings."""


@dataclass
class ImportPlan:
    ledger: Ledger
    rows: list[PlannedRow] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)
    errors: list[Remark] = field(default_factory=list)
    totals: dict[str, dict[str, str | None]] = field(default_factory=dict)
    row_count: int = 0
    late_reason: str = ""
    """Why rows of closed months come only now (补录说明); what a row says of itself goes before."""
    late_count: int = 0
    """Cells refused only for want of it."""
    tables: list[ReadTable] = field(default_factory=list)
    """How each table's header was read."""
    new_rows: list[Record] = field(default_factory=list)
    """Rows of other ledgers (townships the county lacks) that must be written first."""

    @cached_property
    def digest(self) -> str:
        """SHA-256 over what a person is asked to confirm: two plans with the same one would do the same."""
        said = [[row.sheet, row.row, row.kind, row.changes, [r.message for r in row.remarks]] for row in self.rows]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()

    def of(self, kind: str) -> list[PlannedRow]:
        return [row for row in self.rows if row.kind == kind]

    @property
    def writes(self) -> bool:
        """Whether anything at all would be written."""
        return any(row.kind in (NEW, UPDATE) for row in self.rows)

    def needed_rows(self) -> list[Record]:
        """Of `new_rows`, those that a row to be written names: a refused row brings no township into being."""
        rows = [*self.of(NEW), *self.of(UPDATE)] if self.new_rows else []
        named = {id(value) for row in rows for value in row.values.values()}
        return [row for row in self.new_rows if id(row) in named]

    @property
    def counts(self) -> dict[str, int]:
        return {kind: len(self.of(kind)) for kind in KIND_WORDS}

    def as_json(self) -> dict[str, Any]:
        """What `import_ledger` prints; amounts are strings in 万元."""
        return {
            "rows": self.row_count,
            **self.counts,
            "warnings": [remark.as_json() for remark in self.warnings],
            "errors": [remark.as_json() for remark in self.errors],
            "totals": self.totals,
        }


def unheard(done: int, of: int) -> None:
    """Nobody waits for a word."""


@uncollected()
def plan_import(
    ledger: Ledger,
    file: BinaryIO,
    seat: Any,
    *,
    create_units: bool = False,
    late_reason: str = "",
    left_out: Collection[str] = (),
    heard: Heard = unheard,
) -> ImportPlan:
    """What importing this workbook would do. Raises WorkbookError where it can't be read at all.

    `create_units`: townships that the county lacks are entered with it; without it such a name is an error.
    `late_reason` (补录说明): rows of closed months are entered with it; without it each of them is an error.
    `left_out`: names of sheets that a person chose not to read.
    """
    plan = ImportPlan(ledger, late_reason=late_reason.strip())
    planner = _Planner(plan, seat, create_units)
    layouts = known_layouts(ledger, seat.county_id)
    found = list(read_tables(open_workbook(file), header_index(ledger), layouts, left_out))
    row_count = sum(len(part.rows) for part, _ in found if isinstance(part, FoundTable))
    planner.heard = lambda done: heard(done, row_count)
    for part, table in found:
        if table and (layout := layouts.get(table.fingerprint)):
            planner.say_corrected(table, layout)
        planner.skip(part) if isinstance(part, SkippedSheet) else planner.take(part)
    planner.heard(row_count)
    plan.tables = [table for _, table in found if table]
    if not any(isinstance(part, FoundTable) for part, _ in found):
        plan.errors.append(
            Remark("", 0, "", "", f"没有找到{ledger.name}的表：表头里要有“{ledger.column(ledger.import_key).header}”。")
        )
    planner.compare_totals()
    return plan


def header_index(ledger: Ledger) -> HeaderIndex:
    aliases = {c.name: (c.header, *c.aliases) for c in ledger.import_columns}
    shown = [c.header for c in ledger.export_columns if not c.in_import]
    return HeaderIndex(aliases=aliases, keys=(ledger.import_key,), shown=shown)


def headers_of(ledger: Ledger, file: BinaryIO, seat: Any) -> list[ReadTable]:
    """How each table's header is read, sheet by sheet; those of sheets left out too, so that they can come back.

    Raises WorkbookError.
    """
    layouts = known_layouts(ledger, seat.county_id)
    found = read_tables(open_workbook(file), header_index(ledger), layouts)
    return [table for _, table in found if table]


@uncollected()
def commit_import(writing: Door, plan: ImportPlan) -> None:
    """Write the plan, new rows and changed rows each together. Duplicates and refused rows are left alone.

    Raises Refused where two rows of the workbook change one record, Stale where it was changed since it was planned.
    """
    ledger = plan.ledger
    for row in plan.needed_rows():
        writing.add(row)
    ledger.add_all(writing, [row.values for row in plan.of(NEW)])
    changed = plan.of(UPDATE)
    _each_once(changed)
    ledger.change_all(writing, [(row.record, row.values) for row in changed if row.record])


def _each_once(rows: list[PlannedRow]) -> None:
    met: dict[int, PlannedRow] = {}
    for row in rows:
        first = met.setdefault(row.record.pk, row)
        if first is not row:
            raise Refused(
                f"工作表“{first.sheet}”第{first.row}行与“{row.sheet}”第{row.row}行改的是同一条记录“{row.record}”，"
                "请合成一行后再导入。"
            )


def import_into(writing: Door, plan: ImportPlan, stored: StoredFile, name: str) -> ImportBatch:
    """Write the plan as one batch that remembers its workbook; every row it writes names the batch."""
    batch = ImportBatch(
        ledger=plan.ledger.key,
        unit_id=writing.actor.unit_id,
        file=stored,
        file_name=name[:200],
        row_count=len(plan.rows),
        summary=plan.as_json(),
    )
    writing.batch = writing.add(batch)
    commit_import(writing, plan)
    return batch


class _Planner:
    def __init__(self, plan: ImportPlan, seat: Any, create_units: bool):
        self.plan, self.ledger, self.seat = plan, plan.ledger, seat
        self.lookups = self.ledger.lookups(seat, plan.new_rows if create_units else None)
        self.columns = {column.name: column for column in self.ledger.import_columns}
        self.withheld = self.ledger.withheld_from(seat, self.ledger.import_columns)
        self.known = KnownRecords(self.ledger, seat)
        self.units = self.ledger.lookups(seat, None)
        self.locks = MonthLocks(seat.county_id, timezone.localdate())
        self.seen: dict[tuple, PlannedRow] = {}
        self.computed: dict[str, Decimal] = {}
        self.stated: dict[str, Decimal] = {}
        self.heard: Callable[[int], None] = lambda done: None
        self.read_before: dict[tuple[str, str | None], dict[Any, Any]] = {}
        """What a cell means, by its column and all that it holds: townships, kinds and dates stand in many rows."""
        self.readers: dict[str, Callable[[RawCell], Any]] = {}
        """What reads a cell of each column, as the table at hand has it."""
        self.words_of: dict[str, dict[str, str]] = {}
        self.column_units: dict[str | None, str | None] = {}

    def skip(self, sheet: SkippedSheet) -> None:
        self._warn(sheet.sheet, 0, "", "", f"没有导入：{sheet.reason}")

    def say_corrected(self, table: ReadTable, layout: ImportLayout) -> None:
        when = timezone.localtime(layout.told_at)
        who = f"按{layout.told_as}于{when:%Y-%m-%d}指定的读法读取"
        self._warn(
            table.sheet, table.header_rows[1], "", "", f"这种表头{who}：{layout.says}。不对的，请点【核对表头】。"
        )

    def take(self, table: FoundTable) -> None:
        header = table.sheet, table.header_rows[1]
        for sentence in table.questions:
            self._warn(*header, "", "", sentence)
        present = {column.name for column in table.columns}
        for name, default in self._defaults().items():
            if name not in present:
                column = self.ledger.column(name)
                sentence = f"表中没有“{column.header}”一列，各行按“{column.kind.show(default)}”导入。"
                self._warn(*header, column.header, "", sentence)
        for text in table.unknown:
            self._warn(*header, text, "", f"“{text}”一列没有导入，{self.ledger.name}里没有这一项。")
        self.column_units = {column.name: column.unit or table.unit for column in table.columns}
        self.readers = {column.name: self._reader(column) for column in self.ledger.import_columns}
        for row in table.rows:
            self._take_row(table, row)
        self._take_stated(table)

    def _take_row(self, table: FoundTable, row: FoundRow) -> None:
        if self.plan.row_count % ROWS_BETWEEN_WORDS == 0:
            self.heard(self.plan.row_count)
        self.plan.row_count += 1
        errors, warnings = len(self.plan.errors), len(self.plan.warnings)
        if row.hidden:
            self._warn(table.sheet, row.number, "", "", "这一行在表中是隐藏的，已照常导入。")
        planned = PlannedRow(table.sheet, row.number, NEW, self._values(table, row))
        if len(self.plan.errors) == errors:
            self._add_up(planned.values)
            self._plan(planned)
        if len(self.plan.errors) > errors:
            planned.kind = ERROR
        planned.remarks = self.plan.errors[errors:] + self.plan.warnings[warnings:]
        self.plan.rows.append(planned)

    def _add_up(self, values: dict[str, Any]) -> None:
        for name, value in values.items():
            if isinstance(value, Decimal):
                self.computed[name] = self.computed.get(name, Decimal(0)) + value

    def _values(self, table: FoundTable, row: FoundRow) -> dict[str, Any]:
        """The row's values by column name; a cell that is refused or asked about leaves an error in the plan."""
        band = self._band_cells(table, row)
        cells = {**band, **row.cells} if band else row.cells
        values, before = {}, len(self.plan.errors)
        for column in self.ledger.import_columns:
            if column.name in row.filled and isinstance(column.kind, Money):
                self._refuse(table, row, column, None, "这一格与别的行合并了，看不出各行是多少，请拆分后分别填写。")
            elif column.name in cells:
                values[column.name] = self._read(table, row, column, cells[column.name])
            elif column.required and column.initial is None and not self.known.numbers(row.cells.get(CODE.name)):
                self._refuse(table, row, column, None, f"缺少“{column.header}”，请补上。")
        if len(self.plan.errors) > before:
            return values
        return self._complete(table, row, values)

    def _defaults(self) -> dict[str, Any]:
        """What a required column means where the sheet says nothing: what the form would start with."""
        return {c.name: c.initial for c in self.ledger.import_columns if c.required and c.initial is not None}

    def _complete(self, table: FoundTable, row: FoundRow, values: dict[str, Any]) -> dict[str, Any]:
        try:
            return self.ledger.complete(values, self.seat)
        except Reading as error:
            self._refuse(table, row, self.ledger.column(self.ledger.import_key), None, str(error))
            return values

    def _band_cells(self, table: FoundTable, row: FoundRow) -> dict[str, RawCell]:
        band = self.ledger.from_band(row.band) if row.band else self._sheet_words(table.sheet)
        return {name: RawCell(text) for name, text in band.items()}

    def _sheet_words(self, sheet: str) -> dict[str, str]:
        """What a sheet of one township's own says of its rows; a name that the county does not know says nothing."""
        if sheet not in self.words_of:
            said = self.ledger.from_band(NOT_A_NAME.sub("", sheet))
            self.words_of[sheet] = {name: text for name, text in said.items() if self._names_one(name, text)}
        return self.words_of[sheet]

    def _names_one(self, name: str, text: str) -> bool:
        try:
            return bool(text) and self.units[name](text) is not None
        except Reading:
            return False

    def _read(self, table: FoundTable, row: FoundRow, column: Column, cell: RawCell) -> Any:
        try:
            value = self.readers[column.name](cell)
        except Reading as error:
            question = "（请改清楚后再导入）" if isinstance(error, Unclear) else ""
            self._refuse(table, row, column, cell, f"{error}{question}")
            return None
        if column.required and column.initial is None and value in (None, ""):
            self._refuse(table, row, column, cell, f"“{column.header}”必须填写，请补上。")
        return value

    def _reader(self, column: Column) -> Callable[[RawCell], Any]:
        unit, lookup = self.column_units.get(column.name), self.lookups.get(column.name)
        read, known = column.kind.read, self.read_before.setdefault((column.name, unit), {})

        def meaning(cell: RawCell) -> Any:
            said = type(cell.value), cell
            if said not in known:
                known[said] = read(cell, unit=unit, lookup=lookup)
            return known[said]

        return meaning

    def _plan(self, planned: PlannedRow) -> None:
        try:
            record = self.known.find(planned.values)
            planned.values = planned.values if record else self.known.begun(planned.values)
        except Unreadable as error:
            column = self.ledger.column(self.ledger.import_key)
            self._fault(planned.sheet, planned.row, column, self._called(planned), f"{error}。")
            return
        planned.values.pop(CODE.name, None)
        key = ("record", record.pk) if record else self.ledger.identity(planned.values)
        if key in self.seen:
            first = self.seen[key]
            self._warn(
                planned.sheet,
                planned.row,
                "",
                self._called(planned),
                f"与工作表“{first.sheet}”第{first.row}行疑似重复，没有再导入。",
            )
            planned.kind = DUPLICATE
        else:
            errors = len(self.plan.errors)
            self._compare(planned, record)
            self._meet_closed_months(planned)
            # A refused row is not taken, so the next one like it is no second one.
            if key is not None and len(self.plan.errors) == errors:
                self.seen[key] = planned

    def _called(self, planned: PlannedRow) -> str:
        column = self.ledger.column(self.ledger.import_key)
        return column.kind.show(planned.values.get(column.name))

    def _compare(self, planned: PlannedRow, record: Record | None) -> None:
        if record is None:
            planned.values |= {name: v for name, v in self._defaults().items() if planned.values.get(name) is None}
            return
        planned.record = record
        planned.values = {name: value for name, value in planned.values.items() if value not in (None, "")}
        self._leave_withheld(planned, record)
        current = self.ledger.current_values(record)
        for name, value in list(planned.values.items()):
            column = self.columns.get(name)
            if column and value != current.get(name):
                if value == column.value(record):
                    # What the list shows of several rows together, come back with an export: not the one row's own.
                    del planned.values[name]
                    continue
                planned.changes.append((column.header, column.kind.tell(current.get(name)), column.kind.tell(value)))
                planned.changed[name] = value
                self._doubt_unit(planned, column, current.get(name), value)
        self._leave_as_is(planned, record)
        planned.kind = UPDATE if planned.changes else SAME

    def _leave_withheld(self, planned: PlannedRow, record: Record) -> None:
        """What this seat does not read of the row it does not write either, and learns nothing of by trying."""
        for column in self.withheld:
            if column.name in planned.values and self.ledger.withholds(column, record, self.seat):
                shown = column.kind.show(planned.values.pop(column.name))
                sentence = f"“{column.header}”一栏不对您的岗位公开，没有导入。"
                self._warn(planned.sheet, planned.row, column.header, shown, sentence)

    def _doubt_unit(self, planned: PlannedRow, column: Column, before: Any, after: Any) -> None:
        if isinstance(column.kind, Money) and before and after and is_slip_of_unit(before, after):
            told = f"原来是 {plain_number(before)} 万元，表中读出 {plain_number(after)} 万元，正好差一万倍"
            sentence = f"{told}，请核对表中的金额单位，改好后再导入；确实要改的，请在这条记录的页面上修改。"
            self._fault(planned.sheet, planned.row, column, column.kind.tell(after), sentence)

    def _leave_as_is(self, planned: PlannedRow, record: Record) -> None:
        for name, sentence in self.ledger.stays(record, planned.changed).items():
            column = self.ledger.column(name)
            shown = column.kind.show(planned.changed.pop(name))
            del planned.values[name]
            planned.changes = [change for change in planned.changes if change[0] != column.header]
            message = f"第{planned.row}行“{column.header}”：{sentence}"
            self._warn(planned.sheet, planned.row, column.header, shown, message)

    def _meet_closed_months(self, planned: PlannedRow) -> None:
        """A new row needs its explanation; a row that was there in time stays as it is, explained or not."""
        if planned.record is not None:
            for column, sentence in locked_cells(self.ledger, planned.record, planned.changed, self.locks):
                shown = column.kind.show(planned.changed[column.name])
                self._fault(planned.sheet, planned.row, column, shown, sentence)
            return
        late = [] if planned.values.get("late_reason") else list(late_cells(self.ledger, planned.values, self.locks))
        for column, sentence in late:
            self._explain(planned, column, sentence)

    def _explain(self, planned: PlannedRow, column: Column, sentence: str) -> None:
        shown = column.kind.show(planned.values[column.name])
        if reason := self.plan.late_reason:
            planned.values["late_reason"] = reason
            self._warn(planned.sheet, planned.row, column.header, shown, f"所属月份已经关账，按补录导入：{reason}")
        else:
            self.plan.late_count += 1
            self._fault(planned.sheet, planned.row, column, shown, sentence)

    # -- totals ----------------------------------------------------------------------------------

    def _take_stated(self, table: FoundTable) -> None:
        """The sheet's own 合计: compared with what was read, never imported."""
        for line in table.stated:
            if line.kind != "total":
                continue
            for name, cell in line.values.items():
                if isinstance(self.ledger.column(name).kind, Money):
                    self._add_stated(name, cell, self.column_units.get(name))

    def _add_stated(self, name: str, cell: RawCell, unit: str | None) -> None:
        try:
            value = Money(signed=True).read(cell, unit=unit, lookup=None)
        except Reading:
            return
        if value is not None:
            self.stated[name] = self.stated.get(name, Decimal(0)) + value

    def compare_totals(self) -> None:
        for name, computed in self.computed.items():
            stated = self.stated.get(name)
            header = self.ledger.column(name).header
            self.plan.totals[header] = {"computed": str(computed), "stated": None if stated is None else str(stated)}
            if stated is not None and abs(stated - computed) > Decimal("0.01"):
                told = f"合计为 {plain_number(stated)} 万元，逐行相加为 {plain_number(computed)} 万元，请核对。"
                self._warn("", 0, header, str(stated), f"表中“{header}”{told}")

    # -- saying ----------------------------------------------------------------------------------

    def _refuse(self, table: FoundTable, row: FoundRow, column: Column, cell: RawCell | None, sentence: str) -> None:
        self._fault(table.sheet, row.number, column, "" if cell is None else cell.value, sentence)

    def _fault(self, sheet: str, row: int, column: Column, value: Any, sentence: str) -> None:
        message = f"第{row}行“{column.header}”：{sentence}"
        self.plan.errors.append(Remark(sheet, row, column.header, "" if value is None else str(value), message))

    def _warn(self, sheet: str, row: int, column: str, value: str, message: str) -> None:
        self.plan.warnings.append(Remark(sheet, row, column, value, message))
