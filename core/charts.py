"""A chart as plain values: static/charts.js draws it, the table under it says the same in numbers."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, Literal

FAMILY_COLOURS = ("#2f5d8a", "#b9772a", "#4f8460", "#7a6a92")
ACCENT = "#1f5f7a"
LINE_COLOURS = (ACCENT, "#a34a5c", "#6b7a1f", "#3b3f8f", "#8a5a2b")
REST, PLAN, BONUS = "#b9c0c8", "#1f2733", "#9aa5b1"
"""Units have other colours than families; beyond five they are grey. A plan or target is a thin dark line."""

Form = Literal["bar", "line", "plan"]


@dataclass(frozen=True)
class Series:
    """`values` in the chart's unit, as the axis shows them; None leaves a gap."""

    name: str
    values: tuple[float | None, ...]
    colour: str
    form: Form = "bar"


@dataclass(frozen=True)
class Chart:
    """`sideways`: categories down the side. `stacked`: bars on top of one another.

    `label` says in words what the chart shows, for whoever hears the page.
    """

    name: str
    label: str
    unit: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    sideways: bool = False
    stacked: bool = False
    from_zero: bool = True

    @property
    def script(self) -> str:
        """Where on the page the values stand."""
        return f"chart-{self.name}"

    @property
    def data(self) -> dict[str, Any]:
        return asdict(self)


def drawn(figures: Sequence[Decimal | None], divisor: Decimal = Decimal(1)) -> tuple[float | None, ...]:
    """For the eye only: a chart needs no more than a binary number's fifteen digits."""
    return tuple(None if figure is None else float(figure / divisor) for figure in figures)
