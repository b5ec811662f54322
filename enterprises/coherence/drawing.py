"""The figures of a question as it was asked: a chart of both series, and the same in a table."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import median
from typing import Any

from core.charts import LINE_COLOURS, Chart, Series, drawn
from core.periods import month_label
from enterprises.coherence.models import CoherenceQuestion
from enterprises.coherence.series import FIGURES
from enterprises.models import Origin

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Told:
    """One series: `heading` with unit and source."""

    heading: str
    values: tuple[Decimal | None, ...]

    @property
    def as_index(self) -> tuple[Decimal | None, ...]:
        """Against its own median as 100, so that 千瓦时 and 万元 stand on one axis; all gaps where there is none."""
        known = [value for value in self.values[:-1] if value is not None] or [
            value for value in self.values if value is not None
        ]
        middle = median(known) if known else Decimal(0)
        return tuple(None if value is None or not middle else value / middle * HUNDRED for value in self.values)


@dataclass(frozen=True)
class Drawing:
    """`rows`: [(month, [value of each series, …]), …], oldest first."""

    chart: Chart
    headings: list[str]
    rows: list[tuple[str, list[Decimal | None]]]


def drawing_of(question: CoherenceQuestion) -> Drawing:
    months = tuple(month_label(_month(text)) for text in question.seen["months"])
    lines = [_told(line) for line in question.seen["lines"]]
    series = tuple(
        Series(line.heading, drawn(line.as_index), colour, "line")
        for line, colour in zip(lines, LINE_COLOURS, strict=False)
    )
    label = f"{question.enterprise}{'、'.join(line.heading for line in lines)}，各自以此前中位数为100"
    rows = [(month, [line.values[place] for line in lines]) for place, month in enumerate(months)]
    return Drawing(Chart("question", label, "中位数=100", months, series), [line.heading for line in lines], rows)


def _month(text: str) -> date:
    return date.fromisoformat(f"{text}-01")


def _told(line: dict[str, Any]) -> Told:
    name, unit = FIGURES[line["figure"]]
    values = tuple(None if value is None else Decimal(value) for value in line["values"])
    return Told(f"{name}（{unit}，{Origin(line['origin']).label}）", values)
