"""Everything the three sheets are written from: the rules, the figures, the results, and where each cell stands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from core.spreadsheet.paper import address, row_range
from reporting.formula.nodes import Figure, Name, Peers, Reference
from reporting.ranking_workbook.layout import RANKING, CalculationColumns, DataColumns, Key, Rows
from reporting.ranking_workbook.unit_cells import UnitCells
from reporting.scoring.assessment import assess
from reporting.scoring.figures import FigureTable
from reporting.scoring.inputs import Inputs, UnitInput
from reporting.scoring.ranking import rank
from reporting.scoring.results import ItemResult, Results, UnitResult
from reporting.scoring.scheme import Indicator, Scheme

HEADER_ROWS = (2, 3)
FIRST_RANKING_ROW = 4
FIRST_INDICATOR = 2


@dataclass(frozen=True)
class IndicatorColumn:
    """One column of 排名; indicators of different groups that share a label share it too."""

    name: str
    family: str | None
    indicators: tuple[Indicator, ...]


class Content:
    """`assessments` and `standings` are those before the conditions on ranks; `results` is what was published."""

    def __init__(self, scheme: Scheme, inputs: Inputs, results: Results) -> None:
        self.scheme = scheme
        self.inputs = inputs
        self.results = results
        self.result_of = {result.unit: result for result in results.units}
        self.figures = FigureTable(scheme, inputs)
        self.assessments = {unit.name: assess(scheme, unit, self.figures) for unit in inputs.units}
        self.standings = rank(scheme, self.figures, self.assessments.values())
        self.rows = Rows.of(inputs)
        self.data = DataColumns(scheme, inputs, self.rows)
        self.calculation = CalculationColumns(self.rows, _keys(scheme))
        self.columns = _indicator_columns(scheme)
        self.sections = _sections(scheme, results)
        self.ranking_row = dict(self._ranking_rows())

    def _ranking_rows(self) -> Iterator[tuple[str, int]]:
        row = FIRST_RANKING_ROW
        for group, members in self.sections:
            row += group is not None
            for result in members:
                yield result.unit, row
                row += 1

    def cells(self, unit: UnitInput, constants: Mapping[str, str] | None = None) -> UnitCells:
        return UnitCells(self.inputs, self.data, self.calculation, unit, constants)

    def cell(self, key: Key, unit: UnitInput) -> str:
        return self.calculation.cell(key, unit)

    def column(self, key: Key, unit: UnitInput) -> str:
        """The column's cells for those ranked with `unit`."""
        return self.calculation.column(key, unit, group_only=self.scheme.ranking.within == "group")

    def scores(self, unit: UnitInput) -> str:
        """The township's indicator scores on 排名."""
        last = FIRST_INDICATOR + len(self.columns) - 1
        return f"{RANKING}!{row_range(self.ranking_row[unit.name], FIRST_INDICATOR, last)}"

    def score(self, unit: UnitInput, indicator: Indicator) -> str:
        place = next(number for number, column in enumerate(self.columns) if column.name == indicator.name)
        return f"{RANKING}!{address(self.ranking_row[unit.name], FIRST_INDICATOR + place)}"

    def item(self, unit: UnitInput, kind: str, name: str) -> ItemResult:
        """An entry of `indicators`, `bonuses` or `deductions`."""
        items: tuple[ItemResult, ...] = getattr(self.result_of[unit.name], kind)
        return next(item for item in items if item.name == name)


def may_lack_task(scheme: Scheme) -> set[str]:
    """The derived metrics that read a target, directly or through others."""
    found: set[str] = set()
    for derived in scheme.derived_in_order():
        if any(_reads_target(reference, found) for reference in derived.formula.references):
            found.add(derived.name)
    return found


def conditions(scheme: Scheme) -> list[tuple[Key, str]]:
    """Key and title of every `when` that is read after the ranking."""
    return [
        *((("promotion", number), f"晋档{number + 1}") for number in range(len(scheme.promotions))),
        *((("demotion", number), f"降档{number + 1}") for number in range(len(scheme.demotions))),
        *((("list", number), listing.name) for number, listing in enumerate(scheme.lists)),
    ]


def _reads_target(reference: Reference, lacking: set[str]) -> bool:
    if isinstance(reference, Figure):
        return reference.kind in ("目标", "时序目标")
    own = isinstance(reference, Name) or reference.statistic == "名次"
    return own and reference.name in lacking


def _keys(scheme: Scheme) -> Iterator[Key]:
    """The columns of 计算过程 from left to right."""
    compared = (reference.name for reference in scheme.references if isinstance(reference, Peers))
    lacking = may_lack_task(scheme)
    for derived in scheme.derived:
        yield "derived", derived.name
        if derived.name in lacking:
            yield "no_task", derived.name
    for name in dict.fromkeys(compared):
        yield "peers", name
    for kind, extras in (("bonus", scheme.bonuses), ("deduction", scheme.deductions)):
        for extra in extras:
            yield f"{kind}_value", extra.name
            yield kind, extra.name
    for veto in scheme.vetoes:
        yield "veto", veto.name
    yield from ("base", "bonus_total", "deduction_total", "before")
    for name in scheme.ranking.tie_break:
        yield "tie", name
    if conditions(scheme):
        yield from ("before_key", "before_rank", "before_entrants")
        yield from (key for key, _ in conditions(scheme))
    yield from ("total", "key", "rank")


def _indicator_columns(scheme: Scheme) -> tuple[IndicatorColumn, ...]:
    """Families in the order of their first indicator, each kept together under one heading."""
    named: dict[str, list[Indicator]] = {}
    for indicator in scheme.indicators:
        named.setdefault(indicator.name, []).append(indicator)
    families = list(dict.fromkeys(indicator.family for indicator in scheme.indicators))
    columns = [IndicatorColumn(name, shared[0].family, tuple(shared)) for name, shared in named.items()]
    return tuple(sorted(columns, key=lambda column: families.index(column.family)))


def _sections(scheme: Scheme, results: Results) -> list[tuple[str | None, list[UnitResult]]]:
    """The townships under their group headings, or all without one."""
    if scheme.ranking.within == "all":
        return [(None, list(results.units))]
    sections: dict[str, list[UnitResult]] = {}
    for result in results.units:
        sections.setdefault(result.group or "未分组", []).append(result)
    return list(sections.items())
