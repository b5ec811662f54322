"""A figure opened: what counts, what doesn't and why, and a total that is the figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.amounts import half_up
from core.periods import Period
from reporting.bases import added_by
from reporting.formula.evaluate import Value
from reporting.measures import ADDED_UP, PER_DATES, CreditRule, Measure
from reporting.metrics import Line
from reporting.models import Metric
from reporting.presentation.wording import NONE, money
from townships.models import Unit

MOST_PLACES, MONEY_PLACES = 4, 2
COUNTY = "全县"


@dataclass(frozen=True)
class ShownLine:
    """A record's line, amounts in the metric's unit; `url` is empty for whoever may not open the record."""

    label: str
    code: str
    url: str
    when: str
    share: str
    counts: str
    claimed: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class FigurePage:
    """`total_label` says how the counted lines make the figure; `counts_heading` is empty where each counts as one.

    `claimed_heading` stands above what was claimed for the lines that do not count; empty where nothing is added up.
    """

    title: str
    answer: str
    counted: tuple[ShownLine, ...]
    not_counted: tuple[ShownLine, ...]
    counts_heading: str
    claimed_heading: str
    shares: bool
    total_label: str
    total: str
    bases: tuple[ShownLine, ...]
    based: str
    """What the figure comes to as 上年同期, in words; empty where there is no 历史基数."""


def figure_page(
    metric: Metric,
    period: Period,
    unit: Unit | None,
    figure: Value | None,
    counted: Sequence[Line],
    not_counted: Sequence[Line],
    seen: frozenset[int],
    bases: Sequence[Line] = (),
) -> FigurePage:
    """`seen`: keys of the records that this visitor may open; `bases`: lines of 历史基数 of the same span.

    `figure` is None where there is nothing to average, `unit` where it is the county's.
    """
    numbers = figure if isinstance(figure, tuple) else [figure] if isinstance(figure, Decimal) else []
    parts = [number for line in counted if (number := _counts(metric, line))]
    places = max(MONEY_PLACES if metric.is_money else 0, 0, *map(decimals, [*numbers, *parts]))
    claimed_places = max(places, *(decimals(line.claimed or Decimal(0)) for line in not_counted), 0)
    return FigurePage(
        title=f"{unit or COUNTY}{metric}",
        answer=_answer(metric, period, unit, figure, len(counted), len(not_counted)),
        counted=tuple(_shown(metric, line, seen, places) for line in counted),
        not_counted=tuple(_shown(metric, line, seen, claimed_places) for line in not_counted),
        counts_heading=_heading(metric),
        claimed_heading=f"申报（{metric.unit_of_measure}）" if metric.measure == Measure.SUM else "",
        shares=metric.measure in (Measure.SUM, Measure.FORMULA)
        and any(line.share not in (None, 1) for line in counted),
        total_label=TOTALS[metric.measure],
        total=in_words(metric, figure, places),
        bases=tuple(_shown_base(line, places) for line in bases),
        based=based_in_words(metric, period, figure, bases),
    )


def _shown_base(line: Line, places: int) -> ShownLine:
    amount = line.amount or Decimal(0)
    counts = shown(amount, max(places, decimals(amount)))
    return ShownLine(line.label, line.code, "", line.when, NONE, counts, NONE, line.reasons)


def based_in_words(metric: Metric, period: Period, figure: Value | None, bases: Sequence[Line]) -> str:
    """What the figure comes to as 上年同期; empty where there is no 历史基数."""
    if not bases or not isinstance(figure, Decimal):
        return ""
    amount = added_by(bases)
    told = _amount(metric, amount), _amount(metric, figure + amount)
    return f"作为{period.year + 1}年的上年同期，另加历史基数{told[0]}，合计{told[1]}。"


SHARED_OUT = (Measure.SUM, Measure.FORMULA)
TOTALS = {
    **dict.fromkeys(ADDED_UP, "合计"),
    **dict.fromkeys((Measure.DISTINCT, *PER_DATES), "去重后"),
    Measure.AVERAGE: "平均",
    Measure.LIST: "共",
}


def in_words(metric: Metric, figure: Value | None, places: int) -> str:
    """A number; how many there are of a list; "—" for none."""
    if isinstance(figure, tuple):
        return f"{len(figure)}个数"
    return shown(figure, places) if isinstance(figure, Decimal) else NONE


def _answer(metric: Metric, period: Period, unit: Unit | None, figure: Value | None, inside: int, outside: int) -> str:
    amount = _amount(metric, figure)
    rest = f"另有{outside}条未计入，原因逐条列出" if outside else "没有未计入的记录"
    made = f"由{inside}条记录构成" if inside else "没有记录计入"
    return f"{unit or COUNTY}{period.label}{metric}{amount}，{made}；{rest}。"


def _amount(metric: Metric, figure: Value | None) -> str:
    if not isinstance(figure, Decimal):
        return "共" + in_words(metric, figure, 0) if figure is not None else "没有可以平均的数"
    return money(figure) if metric.is_money else f"{shown(figure, decimals(figure))}{metric.unit_of_measure}"


def decimals(number: Decimal) -> int:
    """How many places say it exactly, at most the four of money; averages may have more."""
    exponent = number.normalize().as_tuple().exponent
    return min(max(-exponent, 0), MOST_PLACES) if isinstance(exponent, int) else 0


def shown(number: Decimal, places: int) -> str:
    """1,839.50 with a true minus: one number of places down a column, so that it can be added up by eye."""
    return f"{half_up(number, places) + 0:,f}".replace("-", "−")


def _heading(metric: Metric) -> str:
    if metric.measure in (Measure.DISTINCT, *PER_DATES):
        return ""
    return f"计入（{metric.unit_of_measure}）"


def _shown(metric: Metric, line: Line, seen: frozenset[int], places: int) -> ShownLine:
    counts = _counts(metric, line)
    return ShownLine(
        label=line.label,
        code=line.code,
        url=line.url if line.record is not None and line.record.pk in seen else "",
        when=line.when or NONE,
        share=line.share_label,
        counts=NONE if counts is None else shown(counts, places),
        claimed=NONE if line.claimed is None else shown(line.claimed, places),
        reasons=line.reasons,
    )


def _counts(metric: Metric, line: Line) -> Decimal | None:
    if metric.measure == Measure.COUNT:
        return line.share if metric.credit == CreditRule.SHARE else Decimal(1)
    return line.amount
