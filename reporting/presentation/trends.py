"""Scores stacked by family, unit by unit, and each unit's line over the last periods; numbers beneath both."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.charts import BONUS, FAMILY_COLOURS, LINE_COLOURS, REST, Chart, Series, drawn
from core.periods import Period
from reporting.dashboards.standings import PeriodScores
from reporting.formula.exact import at_places
from reporting.presentation.addresses import ranking_address, score_address
from reporting.presentation.bars import points_by_family
from reporting.presentation.wording import FAMILIES, NONE
from reporting.ranking import Draft
from reporting.scoring.results import UnitResult, shown_total
from townships.models import Unit

ZERO = Decimal(0)
OTHER, ADDED, TAKEN = "其他", "加分", "扣分"

Opened = Callable[[Period, Unit], str]
"""period, unit → where its score of that period is opened"""


@dataclass(frozen=True)
class FamilyRow:
    unit: str
    url: str
    group: str
    parts: tuple[str, ...]
    total: str


@dataclass(frozen=True)
class PeriodHead:
    """`version` is 0 for a draft."""

    label: str
    short: str
    url: str
    version: int


@dataclass(frozen=True)
class LineRow:
    """`scores`: total, rank and page of each period, empty where the unit was not ranked."""

    unit: str
    scores: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class TrendsPage:
    title: str
    answer: str
    families: tuple[str, ...]
    rows: tuple[FamilyRow, ...]
    stacked: Chart
    heads: tuple[PeriodHead, ...]
    lines: tuple[LineRow, ...]
    line_chart: Chart
    url: str


def trends_page(
    draft: Draft, scores: Sequence[PeriodScores], addresses: dict[Period, str], opened: Opened
) -> TrendsPage:
    """`scores`: the oldest first. `addresses`: of each period's ranking; `opened`: of a unit's score in it."""
    units = [unit for unit in draft.results.units if unit.total is not None]
    names = _in_order(draft, scores)
    return TrendsPage(
        title=f"{draft.period.label}得分构成和走势",
        answer=_answer(draft, scores),
        families=tuple(_parts_of(units)),
        rows=tuple(_family_rows(draft, units)),
        stacked=_stacked(draft, units),
        heads=tuple(PeriodHead(s.period.label, _short(s), addresses.get(s.period, ""), s.version) for s in scores),
        lines=tuple(_line_row(draft, name, scores, opened) for name in names),
        line_chart=_lines(draft, names, scores),
        url=ranking_address(draft),
    )


def _answer(draft: Draft, scores: Sequence[PeriodScores]) -> str:
    """与上期相比，3个单位总分上升，升得最多的是澜桥镇（+12.30分）."""
    if len(scores) < 2:
        return f"{draft.period.label}之前没有可以比较的排名。"
    now, before = scores[-1].totals, scores[-2].totals
    gains = {name: now[name] - before[name] for name in now if name in before}
    if not gains:
        return f"{draft.period.label}和上期没有同时参评的单位。"
    up, best = sum(gain > 0 for gain in gains.values()), max(gains, key=lambda name: gains[name])
    words = f"与{scores[-2].period.label}相比，{len(gains)}个单位中{up}个总分上升"
    return f"{words}，升得最多的是{best}（+{at_places(gains[best], 2)}分）。" if gains[best] > 0 else f"{words}。"


# -- scores by family ------------------------------------------------------------------------------


def _parts_of(units: Sequence[UnitResult]) -> list[str]:
    """Families in the scheme's order, then 加分 and 扣分 where there are any."""
    families = dict.fromkeys(family or OTHER for unit in units for family in points_by_family(unit))
    more = [name for name, held in ((ADDED, "bonus"), (TAKEN, "deduction")) if any(getattr(u, held) for u in units)]
    return [*families, *more]


def _points(unit: UnitResult, part: str) -> Decimal:
    if part == ADDED:
        return unit.bonus or ZERO
    if part == TAKEN:
        return -(unit.deduction or ZERO)
    return sum((points for family, points in points_by_family(unit).items() if (family or OTHER) == part), ZERO)


def _family_rows(draft: Draft, units: Sequence[UnitResult]) -> Iterator[FamilyRow]:
    for unit in units:
        yield FamilyRow(
            unit=unit.unit,
            url=score_address(draft, unit.unit),
            group=unit.group or "",
            parts=tuple(at_places(_points(unit, part), 2).replace("-", "−") for part in _parts_of(units)),
            total=shown_total(unit.total, draft.rules.rounding) or NONE,
        )


def _stacked(draft: Draft, units: Sequence[UnitResult]) -> Chart:
    series = [Series(part, drawn([_points(unit, part) for unit in units]), _colour(part)) for part in _parts_of(units)]
    return Chart(
        name="families",
        label=f"{draft.period.label}各单位得分按类构成，数字见下表",
        unit="分",
        categories=tuple(unit.unit for unit in units),
        series=tuple(series),
        sideways=True,
        stacked=True,
    )


def _colour(part: str) -> str:
    if part in (ADDED, TAKEN):
        return BONUS if part == ADDED else REST
    return FAMILY_COLOURS[FAMILIES.index(part)] if part in FAMILIES else FAMILY_COLOURS[-1]


# -- lines -----------------------------------------------------------------------------------------


def _in_order(draft: Draft, scores: Sequence[PeriodScores]) -> list[str]:
    """As they stand now; who takes part no more comes after."""
    now = [unit.unit for unit in draft.results.units]
    return list(dict.fromkeys([*now, *(name for each in scores for name in each.totals)]))


def _line_row(draft: Draft, name: str, scores: Sequence[PeriodScores], opened: Opened) -> LineRow:
    unit = draft.unit_of.get(name)
    return LineRow(name, tuple(_cell(name, each, opened(each.period, unit) if unit else "") for each in scores))


def _cell(name: str, scores: PeriodScores, url: str) -> tuple[str, str, str]:
    total, rank = scores.totals.get(name), scores.ranks.get(name)
    return (NONE, "", "") if total is None else (at_places(total, 2), f"第{rank}" if rank else "", url)


def _lines(draft: Draft, names: Sequence[str], scores: Sequence[PeriodScores]) -> Chart:
    """Five colours at most: beyond the first five units lines are grey."""
    colours = [*LINE_COLOURS, *[REST] * max(len(names) - len(LINE_COLOURS), 0)]
    series = [
        Series(name, drawn([each.totals.get(name) for each in scores]), colour, "line")
        for name, colour in zip(names, colours, strict=False)
    ]
    return Chart(
        name="lines",
        label=f"各单位最近{len(scores)}期总分，数字见下表",
        unit="分",
        categories=tuple(_short(each) for each in scores),
        series=tuple(series),
        from_zero=False,
    )


def _short(scores: PeriodScores) -> str:
    """24年二季度, with a star for a draft."""
    return f"{scores.period.label[2:]}{'' if scores.version else '*'}"
