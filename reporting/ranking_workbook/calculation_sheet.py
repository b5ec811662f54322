"""计算过程: one column per step between the inputs and the ranks, each a live formula with its value."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.spreadsheet.paper import NOT_AVAILABLE, Paper, Value
from reporting.formula.errors import NoTask
from reporting.formula.exact import nine_places
from reporting.formula.live_cells import cell_text, condition_text, no_task_text
from reporting.formula.nodes import Formula, Name
from reporting.ranking_workbook.content import Content, conditions
from reporting.ranking_workbook.layout import FIRST_COLUMN, FIRST_ROW, NAME_ROW, Key
from reporting.scoring.assessment import NO_TASK, Condition, base_points, condition
from reporting.scoring.inputs import UnitInput
from reporting.scoring.scheme import Extra

HEADER_ROWS = (NAME_ROW, FIRST_ROW - 1)
UNIT_WIDTH, STEP_WIDTH = 16, 14
READS = "公式读取“指标数据”和“排名”两张表"
NO_VALUE = "—"
EXCEL_ROUNDING = {"half_up": "ROUND", "down": "ROUNDDOWN"}
# A tie break without a value comes after every number.
LAST = "-1E+300"


@dataclass(frozen=True)
class Column:
    """`formula` and `value` of a township's cell."""

    key: Key
    title: str
    formula: Callable[[UnitInput], str]
    value: Callable[[UnitInput], Value]


def calculation_widths(content: Content) -> list[int]:
    return [UNIT_WIDTH] + [STEP_WIDTH] * (FIRST_COLUMN + len(content.calculation.column_of) - 1)


def write_calculation(paper: Paper, content: Content, *, title: str, head: Sequence[str]) -> None:
    paper.head(title, head)
    _write_heading(paper, 0, "单位")
    _write_heading(paper, 1, "组别")
    for unit in content.rows.units:
        paper.text(content.rows.row_of[unit.name], 0, unit.name, "name")
        paper.text(content.rows.row_of[unit.name], 1, unit.group or "")
    for column in _columns(content):
        _write_column(paper, content, column)
    paper.set_up(HEADER_ROWS)


def _write_heading(paper: Paper, column: int, text: str) -> None:
    paper.across(HEADER_ROWS[0], column, HEADER_ROWS[1], column, text, "header")


def rounded_text(text: str, places: int | None, mode: str) -> str:
    """The scheme's own rounding, nine places first."""
    return text if places is None else f"{EXCEL_ROUNDING[mode]}(ROUND({text},9),{places})"


def _write_column(paper: Paper, content: Content, column: Column) -> None:
    place = content.calculation.column_of[column.key]
    _write_heading(paper, place, column.title)
    for unit in content.rows.units:
        paper.formula(content.rows.row_of[unit.name], place, column.formula(unit), column.value(unit))


def _columns(content: Content) -> Iterator[Column]:
    yield from _derived_columns(content)
    yield from _peer_columns(content)
    yield from _extra_columns(content, "bonus", "bonuses", content.scheme.bonuses)
    yield from _extra_columns(content, "deduction", "deductions", content.scheme.deductions)
    yield from _veto_columns(content)
    yield from _sum_columns(content)
    yield from _tie_columns(content)
    yield from _condition_columns(content)
    yield from _rank_columns(content)


def _derived_columns(content: Content) -> Iterator[Column]:
    for derived in content.scheme.derived:
        name, formula = derived.name, derived.formula

        def outcome(unit: UnitInput, name: str = name) -> Value:
            value = content.figures.number_or_none(unit, name)
            return NOT_AVAILABLE if value is None else value

        def lacks_task(unit: UnitInput, name: str = name) -> bool:
            return isinstance(content.figures.derived[name][unit.name], NoTask)

        yield Column(("derived", name), name, _live(content, formula), outcome)
        if ("no_task", name) in content.calculation:
            yield Column(("no_task", name), f"{name}无任务", _lacking(content, formula), lacks_task)


def _live(content: Content, formula: Formula) -> Callable[[UnitInput], str]:
    return lambda unit: cell_text(formula, content.cells(unit))


def _lacking(content: Content, formula: Formula) -> Callable[[UnitInput], str]:
    return lambda unit: no_task_text(formula, content.cells(unit)) or "FALSE"


def _peer_columns(content: Content) -> Iterator[Column]:
    """What is compared among townships, by nine places; one without a value is text, which Excel leaves out."""
    for key in content.calculation.column_of:
        if isinstance(key, tuple) and key[0] == "peers":
            yield _compared_column(content, key, key[1], f"{key[1]}（比较用）", f'"{NO_VALUE}"', NO_VALUE)


def _tie_columns(content: Content) -> Iterator[Column]:
    for name in content.scheme.ranking.tie_break:
        yield _compared_column(content, ("tie", name), name, f"并列时比{name}", LAST, Decimal(LAST))


def _compared_column(content: Content, key: Key, name: str, title: str, none_text: str, none: Value) -> Column:
    metric = Name(start=0, end=0, name=name)

    def formula(unit: UnitInput) -> str:
        cells = content.cells(unit)
        cell = "NA()" if cells.is_list(metric) else cells.number(metric)
        return f"IFERROR(ROUND({cell},9),{none_text})"

    def value(unit: UnitInput) -> Value:
        number = content.figures.number_or_none(unit, name)
        return none if number is None else nine_places(number)

    return Column(key, title, formula, value)


def _extra_columns(content: Content, kind: str, items: str, extras: tuple[Extra, ...]) -> Iterator[Column]:
    """What a bonus or deduction gives, and what counts of it: a negative one is an error, a cap the most."""
    for extra in extras:

        def raw(unit: UnitInput, extra: Extra = extra) -> str:
            text = cell_text(extra.formula, content.cells(unit))
            lacking = no_task_text(extra.formula, content.cells(unit))
            return f"IF({lacking},0,{text})" if lacking else text

        def counted(unit: UnitInput, extra: Extra = extra) -> str:
            cell = content.cell((f"{kind}_value", extra.name), unit)
            capped = cell if extra.cap is None else f"MIN({cell},{extra.cap:f})"
            return f"IF(ROUND({cell},9)<0,NA(),{capped})"

        def value(unit: UnitInput, extra: Extra = extra) -> Value:
            item = content.item(unit, items, extra.name)
            return Decimal(0) if item.no_task else _or_missing(item.value)

        def score(unit: UnitInput, extra: Extra = extra) -> Value:
            return _or_missing(content.item(unit, items, extra.name).score)

        yield Column((f"{kind}_value", extra.name), f"{extra.name}（未封顶）", raw, value)
        yield Column((kind, extra.name), extra.name, counted, score)


def _veto_columns(content: Content) -> Iterator[Column]:
    for veto in content.scheme.vetoes:

        def value(unit: UnitInput, when: Formula = veto.when) -> Value:
            return _flag(condition(when, content.figures.lookup_for(unit)))

        yield Column(("veto", veto.name), f"否决：{veto.name}", _holds(content, veto.when), value)


def _holds(content: Content, when: Formula) -> Callable[[UnitInput], str]:
    """1 where the condition holds, 0 where it does not or reads an absent target."""
    return lambda unit: _holds_text(content, when, unit, None)


def _holds_text(content: Content, when: Formula, unit: UnitInput, constants: dict[str, str] | None) -> str:
    cells = content.cells(unit, constants)
    text, lacking = f"N({condition_text(when, cells)})", no_task_text(when, cells)
    return f"IF({lacking},0,{text})" if lacking else text


def _flag(found: Condition) -> Value:
    return NOT_AVAILABLE if found.problem else Decimal(found.holds)


def _sum_columns(content: Content) -> Iterator[Column]:
    def value(name: str) -> Callable[[UnitInput], Value]:
        return lambda unit: _or_missing(getattr(content.assessments[unit.name], name))

    def base(unit: UnitInput) -> Value:
        assessment = content.assessments[unit.name]
        return _or_missing(base_points(assessment.indicators, assessment.factor))

    cap = content.scheme.bonus_cap
    yield Column("base", "指标得分合计", lambda unit: _base_text(content, unit), base)
    yield Column("bonus_total", "加分合计", lambda unit: _extras_text(content, unit, "bonus", cap), value("bonus"))
    yield Column(
        "deduction_total", "扣分合计", lambda unit: _extras_text(content, unit, "deduction", None), value("deduction")
    )
    yield Column("before", "总分（排名前）", lambda unit: _total_text(content, unit), value("total"))


def _base_text(content: Content, unit: UnitInput) -> str:
    """The indicators' sum, 无任务 redistributed; a score in error shows — and makes the sum an error."""
    indicators = content.scheme.indicators_for(unit.group)
    total = f"SUM({content.scores(unit)})"
    lacking = any(no_task_text(one.formula, content.cells(unit, {"满分": "1"})) for one in indicators)
    if content.scheme.missing_target == "redistribute" and lacking:
        every = sum((indicator.points for indicator in indicators), Decimal(0))
        remaining = "+".join(f"{one.points:f}*ISNUMBER({content.score(unit, one)})" for one in indicators)
        # Only where a task is lacking: points that are all 0 leave nothing to divide by.
        total = f'IF(COUNTIF({content.scores(unit)},"{NO_TASK}")=0,{total},{total}*{every:f}/({remaining}))'
    return f'IF(COUNTIF({content.scores(unit)},"{NO_VALUE}")>0,NA(),{total})'


def _extras_text(content: Content, unit: UnitInput, kind: str, cap: Decimal | None) -> str:
    keys = [key for key in content.calculation.column_of if isinstance(key, tuple) and key[0] == kind]
    total = "+".join(content.cell(key, unit) for key in keys) or "0"
    return total if cap is None else f"MIN({cap:f},{total})"


def _total_text(content: Content, unit: UnitInput) -> str:
    scheme = content.scheme
    base, bonus, deduction = (content.cell(key, unit) for key in ("base", "bonus_total", "deduction_total"))
    total = f"{base}+{bonus}-{deduction}"
    zero = [content.cell(("veto", veto.name), unit) for veto in scheme.vetoes if veto.effect == "zero"]
    other = [content.cell(("veto", veto.name), unit) for veto in scheme.vetoes if veto.effect != "zero"]
    floored = total if scheme.floor is None else f"MAX({total},{scheme.floor:f})"
    if zero:
        # 0 times the sum, not 0: an error must stay one.
        floored = f"IF({'+'.join(zero)}>0,0*({total}),{floored})"
    # A veto in error makes the total one, although it adds nothing.
    watched = "".join(f"+0*{cell}" for cell in other)
    return rounded_text(floored + watched, scheme.rounding.total, scheme.rounding.mode)


def _condition_columns(content: Content) -> Iterator[Column]:
    """The conditions that read total and rank, tried on the ranking without them: one in error ends the rank."""
    if not conditions(content.scheme):
        return
    yield _key_column(content, "before_key", "before", "排名依据（初次）", _before_key(content))
    yield _standing_column(content, "before_rank", "名次（初次）", "before_key", _standing(content, "rank"))
    yield Column(
        "before_entrants",
        "参评数（初次）",
        lambda unit: f"COUNT({content.column('before_key', unit)})",
        lambda unit: Decimal(_entrants(content, unit)),
    )
    scheme = content.scheme
    whens = [rule.when for rule in (*scheme.promotions, *scheme.demotions, *scheme.lists)]
    for (key, title), when in zip(conditions(scheme), whens, strict=True):
        yield _when_column(content, key, title, when)


def _before_key(content: Content) -> Callable[[UnitInput], Value]:
    def value(unit: UnitInput) -> Value:
        assessment = content.assessments[unit.name]
        return assessment.total if assessment.ranked else NO_VALUE

    return value


def _standing(content: Content, name: str) -> Callable[[UnitInput], Value]:
    def value(unit: UnitInput) -> Value:
        standing = content.standings.get(unit.name)
        return Decimal(getattr(standing, name)) if standing else NO_VALUE

    return value


def _entrants(content: Content, unit: UnitInput) -> int:
    everyone = content.scheme.ranking.within == "all"
    peers = (peer for peer in content.rows.units if everyone or peer.group == unit.group)
    return sum(peer.name in content.standings for peer in peers)


def _when_column(content: Content, key: Key, title: str, when: Formula) -> Column:
    def formula(unit: UnitInput) -> str:
        names = {"总分": "before", "名次": "before_rank", "参评数": "before_entrants"}
        constants = {name: content.cell(column, unit) for name, column in names.items()}
        text = _holds_text(content, when, unit, constants)
        return f'IF(ISNUMBER({content.cell("before_rank", unit)}),{text},"{NO_VALUE}")'

    def value(unit: UnitInput) -> Value:
        standing = content.standings.get(unit.name)
        if standing is None:
            return NO_VALUE
        total = content.assessments[unit.name].total or Decimal(0)
        constants = {"总分": total, "名次": Decimal(standing.rank), "参评数": Decimal(standing.entrants)}
        return _flag(condition(when, content.figures.lookup_for(unit, constants)))

    return Column(key, title, formula, value)


def _rank_columns(content: Content) -> Iterator[Column]:
    keys = [key for key, _ in conditions(content.scheme)]

    def total(unit: UnitInput) -> str:
        before = content.cell("before", unit)
        if not keys:
            return before
        return f"{before}+0*SUM({','.join(content.cell(key, unit) for key in keys)})"

    def result(name: str, none: str) -> Callable[[UnitInput], Value]:
        def value(unit: UnitInput) -> Value:
            found: Value = getattr(content.result_of[unit.name], name)
            return none if found is None else found

        return value

    def key_value(unit: UnitInput) -> Value:
        found = content.result_of[unit.name]
        return NO_VALUE if found.rank is None else found.total

    yield Column("total", "总分", total, result("total", NOT_AVAILABLE))
    yield _key_column(content, "key", "total", "排名依据", key_value)
    yield _standing_column(content, "rank", "名次", "key", result("rank", NO_VALUE))


def _key_column(content: Content, key: Key, total: Key, title: str, value: Callable[[UnitInput], Value]) -> Column:
    """The total of those that are ranked, text for the others."""
    barring = [veto for veto in content.scheme.vetoes if veto.effect == "unranked"]

    def formula(unit: UnitInput) -> str:
        number = f'IFERROR(ROUND({content.cell(total, unit)},9),"{NO_VALUE}")'
        if not barring:
            return number
        held = "+".join(content.cell(("veto", veto.name), unit) for veto in barring)
        return f'IFERROR(IF({held}>0,"{NO_VALUE}",{number}),"{NO_VALUE}")'

    return Column(key, title, formula, value)


def _standing_column(content: Content, key: Key, title: str, by: Key, value: Callable[[UnitInput], Value]) -> Column:
    """1 + those with a larger total, or an equal one and a larger tie break; never RANK, which splits equals."""

    def formula(unit: UnitInput) -> str:
        own, column = content.cell(by, unit), content.column(by, unit)
        ahead = f"ISNUMBER({column})*{_ahead(content, unit, [by, *_ties(content)])}"
        return f'IF(ISNUMBER({own}),1+SUMPRODUCT({ahead}),"{NO_VALUE}")'

    return Column(key, title, formula, value)


def _ties(content: Content) -> list[Key]:
    return [("tie", name) for name in content.scheme.ranking.tie_break]


def _ahead(content: Content, unit: UnitInput, keys: list[Key]) -> str:
    text = ""
    for key in reversed(keys):
        column, own = content.column(key, unit), content.cell(key, unit)
        text = f"(({column}>{own})+({column}={own})*{text})" if text else f"({column}>{own})"
    return text


def _or_missing(value: Decimal | None) -> Value:
    return NOT_AVAILABLE if value is None else value
