"""Scores as stacked bars on one common scale, in SVG units."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from reporting.formula.exact import at_places
from reporting.presentation.wording import css_of
from reporting.scoring.results import UnitResult

WIDTH = Decimal(240)
FULL = Decimal(100)
ZERO = Decimal(0)


@dataclass(frozen=True)
class BarPart:
    """`css` colours a family; `fill` hatches a bonus or a deduction."""

    name: str
    css: str
    fill: str
    x: str
    width: str
    points: str


def common_scale(units: Iterable[UnitResult]) -> Decimal:
    """100, or the longest bar where bonuses carry one beyond."""
    return max([FULL, *(_length(unit) for unit in units)])


def bar(unit: UnitResult, scale: Decimal) -> tuple[BarPart, ...]:
    """Families in the scheme's order, then the bonus; the deduction hatches what it takes off the end."""
    return tuple(_laid_out(unit, scale))


def position(points: Decimal, scale: Decimal) -> str:
    """Where that many points lie on the bar."""
    return f"{points / scale * WIDTH:.1f}"


def _laid_out(unit: UnitResult, scale: Decimal) -> Iterator[BarPart]:
    x = ZERO
    for family, points in points_by_family(unit).items():
        yield _part(family or "其他", points, x, scale, css=css_of(family))
        x += points
    if unit.bonus:
        yield _part("加分", unit.bonus, x, scale, fill="bonus")
        x += unit.bonus
    if unit.deduction:
        taken = min(unit.deduction, x)
        yield _part("扣分", unit.deduction, x - taken, scale, fill="deduction", drawn=taken)


def _part(
    name: str,
    points: Decimal,
    x: Decimal,
    scale: Decimal,
    *,
    css: str = "",
    fill: str = "",
    drawn: Decimal | None = None,
) -> BarPart:
    width = points if drawn is None else drawn
    return BarPart(name, css, fill, position(x, scale), position(width, scale), at_places(points, 2))


def points_by_family(unit: UnitResult) -> dict[str | None, Decimal]:
    """What each family brings to the total: 无任务 redistributed, so that the bar is as long as the score."""
    every, remaining = unit.factor or (Decimal(1), Decimal(1))
    share = every / remaining if remaining else ZERO
    return {family: max(points * share, ZERO) for family, points in unit.family_subtotals().items()}


def _length(unit: UnitResult) -> Decimal:
    return sum(points_by_family(unit).values(), unit.bonus or ZERO)
