"""历史基数 beside the records: what a comparison with last year adds for months of which there are none.

One rule: where a unit has a record counted in a month, records alone speak of that month; where it has none, its base
does. A metric's own figure stays what its records come to; only 上年同期 is made of both.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.periods import Period, month_label, month_of
from reporting.formula.evaluate import Value
from reporting.measures import MetricError
from reporting.metrics import Found, Line, columns_of, list_query, what_it_counts, window
from reporting.models import BaseFigure, Metric
from reporting.models.base_figures import why_no_base
from townships.credits import Heirs
from townships.lineage import resolved, until
from townships.models import Unit, UnitSuccession

Asked = Sequence[tuple[Metric, Period]]
SET_ASIDE = "这个月已有计入的记录，按记录计"
Reach = dict[int, list[tuple[date, date]]]
"""unit key → first and last day of its counted rows."""


@dataclass(frozen=True)
class Base:
    """One month's base; `used` unless a record of the unit counts in that month. After a merger `unit` is the heir's
    key, while `unit_name` says of whom the base was told."""

    unit: int
    month: date
    amount: Decimal
    document: str
    code: str
    unit_name: str
    used: bool


def bases_of(asked: Asked) -> list[list[Base]]:
    """For each of them the bases of its months, by unit and month: one statement, and one more for each metric and
    period that has any, however many units and rows there are."""
    rows = _rows_of(asked)
    if not rows:
        return [[] for _ in asked]
    steps = UnitSuccession.objects.current().in_county(asked[0][0].county_id).mergers().steps()
    return [_told(metric, period, rows, resolved(until(steps, period.seen_on))) for metric, period in asked]


def _rows_of(asked: Asked) -> dict[tuple, list[BaseFigure]]:
    """By what a metric counts: a county may keep the same count once by month and once by year."""
    spans = [window(metric, period) for metric, period in asked if not why_no_base(metric)]
    if not spans:
        return {}
    first, last = min(begin for begin, _ in spans), max(end for _, end in spans)
    rows = BaseFigure.objects.current().in_county(asked[0][0].county_id).filter(month__range=(first, last))
    found: dict[tuple, list[BaseFigure]] = defaultdict(list)
    for row in rows.select_related("metric", "unit").order_by("unit__position", "unit__code", "month", "metric__code"):
        found[_kind_of(row.metric)].append(row)
    return found


def _kind_of(metric: Metric) -> tuple:
    return (*what_it_counts(metric), metric.formula)


def _told(metric: Metric, period: Period, rows: Mapping[tuple, list[BaseFigure]], heirs: Heirs) -> list[Base]:
    if why_no_base(metric):
        return []
    first, last = window(metric, period)
    inside = [row for row in rows.get(_kind_of(metric), []) if first <= row.month <= last]
    reach = _reach(metric, period) if inside else {}
    # Entered under both of two metrics that count the same, a month counts once.
    once = {(row.unit_id, row.month): row for row in reversed(inside)}
    return [_base(row, reach, heirs) for row in inside if once[row.unit_id, row.month] is row]


def _base(row: BaseFigure, reach: Reach, heirs: Heirs) -> Base:
    touched = any(month_of(since) <= row.month <= until for since, until in reach.get(row.unit_id, ()))
    heir = heirs.get(row.unit_id, row.unit_id)
    return Base(heir, row.month, row.amount, row.document, row.code, str(row.unit), used=not touched)


def _reach(metric: Metric, period: Period) -> Reach:
    """Empty for a metric that can't be trusted: it has no figure to which anything could be added."""
    try:
        query = list_query(metric, period)
    except MetricError:
        return {}
    start, end = columns_of(query.ledger, metric.basis)
    found: Reach = defaultdict(list)
    rows = query.rows.order_by().with_credits().values_list("credited_unit", start, end).distinct()
    for unit, since, to in rows:
        found[unit].append((since, to))
    return found


def added(bases: Iterable[Base], unit: Unit | int | None = None) -> Decimal:
    """What they add to the figure of a unit, or of the county as a whole."""
    key = unit.pk if isinstance(unit, Unit) else unit
    return sum((base.amount for base in bases if base.used and key in (None, base.unit)), Decimal(0))


def beside(by_unit: Found, bases: Sequence[Base]) -> Found:
    """Figures by unit with what the bases add; what has no figure for want of trust keeps none."""
    if isinstance(by_unit, MetricError) or not bases:
        return by_unit
    units = {base.unit for base in bases if base.used}
    return {**by_unit, **{unit: plus(by_unit.get(unit, Decimal(0)), added(bases, unit)) for unit in units}}


def plus(figure: Value | MetricError | None, amount: Decimal) -> Value | MetricError | None:
    """A figure that can't be reckoned stays so."""
    return figure + amount if isinstance(figure, Decimal) else figure


def added_by(lines: Iterable[Line]) -> Decimal:
    """What lines of bases add: those that were not set aside."""
    return sum((line.amount for line in lines if line.amount is not None and not line.reasons), Decimal(0))


def base_lines(bases: Iterable[Base], unit: Unit | None) -> list[Line]:
    """They as lines of a drill-down; for the county each with its unit's name."""
    shown = [base for base in bases if unit is None or base.unit == unit.pk]
    return [
        Line(
            code=base.code,
            label=f"{'' if unit and unit.name == base.unit_name else base.unit_name}历史基数（来源：{base.document}）",
            when=month_label(base.month),
            share=None,
            amount=base.amount,
            reasons=() if base.used else (SET_ASIDE,),
        )
        for base in shown
    ]
