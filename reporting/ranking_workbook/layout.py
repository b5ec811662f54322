"""Where everything stands: the rows of the townships and the columns of the three sheets."""

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from core.spreadsheet.paper import address, column_range, row_range
from reporting.formula.nodes import Figure, Name, Peers
from reporting.scoring.inputs import Inputs, UnitInput
from reporting.scoring.scheme import Scheme

RANKING, DATA, CALCULATION, AWARDS = "排名", "指标数据", "计算过程", "评奖名单"
# A figure's part in the inputs → its heading; the order of the columns.
PARTS = {"actual": "实绩", "target": "年度目标", "plan": "计划", "last_year": "上年同期", "last_period": "上期"}
FIGURE_PARTS = {"上年同期": "last_year", "上期": "last_period"}
NAME_ROW, PART_ROW, MONTHS_ROW, FIRST_ROW = 2, 3, 4, 5
"""Of 指标数据; 计算过程 has one high header over the same rows."""
FIRST_COLUMN = 2
MONTHS_CELL = (MONTHS_ROW, 1)

Key = Hashable


@dataclass(frozen=True)
class Rows:
    """One row for each township, the same on 指标数据 and 计算过程; a group's rows lie together."""

    units: tuple[UnitInput, ...]

    @classmethod
    def of(cls, inputs: Inputs) -> "Rows":
        groups = list(dict.fromkeys(unit.group for unit in inputs.units))
        return cls(tuple(sorted(inputs.units, key=lambda unit: groups.index(unit.group))))

    @cached_property
    def row_of(self) -> dict[str, int]:
        return {unit.name: FIRST_ROW + number for number, unit in enumerate(self.units)}

    def span(self, unit: UnitInput, *, group_only: bool) -> tuple[int, int]:
        """First and last row of the townships compared with `unit`."""
        rows = [self.row_of[peer.name] for peer in self.units if not group_only or peer.group == unit.group]
        return rows[0], rows[-1]


class DataColumns:
    """The columns of 指标数据: for each metric its figures, a list taking one column per number."""

    def __init__(self, scheme: Scheme, inputs: Inputs, rows: Rows) -> None:
        self.rows = rows
        self.first: dict[tuple[str, str], int] = {}
        self.width: dict[tuple[str, str], int] = {}
        self.names = tuple(_names(scheme, inputs))
        column = FIRST_COLUMN
        for name in self.names:
            for part in _parts(scheme, inputs, name):
                self.first[part, name] = column
                self.width[part, name] = _width(inputs, part, name)
                column += self.width[part, name]
        self.end = column
        self.own_months = self._own_months(inputs)

    def _own_months(self, inputs: Inputs) -> dict[str, tuple[int, int]]:
        """Where a metric that spans other months than the period says so: under its own name."""
        other = [name for name, months in inputs.covered.items() if months != inputs.months_covered]
        return {name: (MONTHS_ROW, self.span(name)[0]) for name in other if self.parts_of(name)}

    def months(self, name: str) -> str:
        """The months that the metric's 时序目标 spans: the period's, unless the metric has its own."""
        return f"{DATA}!{address(*self.own_months.get(name, MONTHS_CELL))}"

    def cell(self, unit: UnitInput, part: str, name: str) -> str:
        return f"{DATA}!{address(self.rows.row_of[unit.name], self.first[part, name])}"

    def cells(self, unit: UnitInput, part: str, name: str) -> str:
        """All cells of a figure: a list leaves those it does not fill as text, which Excel passes over."""
        first, width = self.first[part, name], self.width[part, name]
        return f"{DATA}!{row_range(self.rows.row_of[unit.name], first, first + width - 1)}"

    def span(self, name: str) -> tuple[int, int]:
        """First and last column of all that is said of a metric."""
        first, *_, last = 2 * self.parts_of(name)
        return self.first[first, name], self.first[last, name] + self.width[last, name] - 1

    def parts_of(self, name: str) -> list[str]:
        return [part for part in PARTS if (part, name) in self.first]


class CalculationColumns:
    """The columns of 计算过程, each found by its key."""

    def __init__(self, rows: Rows, keys: Iterable[Key]) -> None:
        self.rows = rows
        self.column_of = {key: FIRST_COLUMN + number for number, key in enumerate(keys)}

    def __contains__(self, key: Key) -> bool:
        return key in self.column_of

    def cell(self, key: Key, unit: UnitInput) -> str:
        return f"{CALCULATION}!{address(self.rows.row_of[unit.name], self.column_of[key])}"

    def column(self, key: Key, unit: UnitInput, *, group_only: bool) -> str:
        """The column's cells for the townships compared with `unit`."""
        first, last = self.rows.span(unit, group_only=group_only)
        return f"{CALCULATION}!{column_range(first, last, self.column_of[key])}"


def _names(scheme: Scheme, inputs: Inputs) -> Iterator[str]:
    """Metrics in the order in which the inputs first name them, then those that only have targets and the like."""
    found: dict[str, None] = {}
    for part in PARTS:
        for unit in inputs.units:
            found |= dict.fromkeys(getattr(unit, part))
    yield from found


def _parts(scheme: Scheme, inputs: Inputs, name: str) -> list[str]:
    """The parts in which some township has the metric, and those that a formula reads."""
    read = set[str]()
    for reference in scheme.references:
        if reference.name == name:
            read |= _parts_read(reference)
    derived = any(derived.name == name for derived in scheme.derived)
    return [
        part
        for part in PARTS
        if (part in read or any(name in getattr(unit, part) for unit in inputs.units))
        and not (part == "actual" and derived)
    ]


def _parts_read(reference: Name | Figure | Peers) -> set[str]:
    match reference:
        case Figure(kind="目标"):
            return {"target"}
        case Figure(kind="时序目标"):
            return {"target", "plan"}
        case Figure():
            return {FIGURE_PARTS[reference.kind]}
        case _:
            return {"actual"}


def _width(inputs: Inputs, part: str, name: str) -> int:
    figures = (getattr(unit, part).get(name) for unit in inputs.units)
    return max(1, *(len(figure) if isinstance(figure, tuple) else 1 for figure in figures))
