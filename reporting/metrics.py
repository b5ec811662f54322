"""What a metric counts, what it leaves out and why; always through the ledger's own list query.

The drill-down of a figure is that list page with the same query, so figure and list cannot differ.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, partial
from typing import Any

from django.core.exceptions import FieldError
from django.db.models import BigIntegerField, Count, ExpressionWrapper, F, Q, QuerySet, Sum, Value
from django.http import Http404

from core.actors import SystemActor
from core.fields import wan
from core.ledgers.filters import as_query
from core.ledgers.kinds import plain_number
from core.ledgers.ledger import Ledger, ledger_for
from core.ledgers.query import BadQuery, ListQuery
from core.periods import Period, month_label
from projects.models.projects import CreditScope
from reporting.formula.errors import CalculationError
from reporting.formula.evaluate import Value as Figure
from reporting.measures import (
    PER_DATES,
    ROW_BY_ROW,
    TRUNCATED,
    CreditRule,
    DateBasis,
    Measure,
    MetricError,
    SpanRule,
    told_apart_by,
)
from reporting.models import Metric
from reporting.record_figures import displayed, figure_of_all, figures_by_unit, record_value, why_not_reckoned
from reporting.statements import Prepared, Shared, prepared
from townships.credits import Heirs
from townships.models import Unit, UnitSuccession

BEGINNING = date(1990, 1, 1)
WHOLE = Decimal(10_000)
MEASURED_AS = {
    Measure.COUNT: "rows",
    Measure.SUM: "amount",
    Measure.AVERAGE: "amount",
    **dict.fromkeys((Measure.DISTINCT, *PER_DATES), "distinct"),
}
RowsOf = Callable[[Ledger, Any, date | None], QuerySet]
"""ledger, seat, day → the ledger's rows as of that day."""
Reading = Callable[[Metric, Ledger, QuerySet], Any]
"""A figure made by going through the rows."""

Found = dict[int, Figure | None] | MetricError
"""unit key → figure, or why there is none; None for a unit whose records can't be reckoned or averaged."""


@dataclass(frozen=True)
class Line:
    """A record as it stands behind a figure; `reasons` say why not.

    `amount` and what was `claimed` for it are in the metric's unit, by share.
    """

    code: str
    label: str
    when: str
    share: Decimal | None
    amount: Decimal | None
    claimed: Decimal | None = None
    reasons: tuple[str, ...] = ()
    record: Any = None
    url: str = ""

    @property
    def share_label(self) -> str:
        return "—" if self.share is None else f"{plain_number(self.share * 100)}%"


LinesOf = dict[int | None, list[Line]]
"""unit key, None for the county → its lines"""


def window(metric: Metric, period: Period) -> tuple[date, date]:
    """First and last day that the metric looks at."""
    year = period.year - metric.cohort_age
    return {
        SpanRule.PERIOD: (period.first_day, period.last_day),
        SpanRule.YEAR_TO_DATE: (date(period.year, 1, 1), period.last_day),
        SpanRule.ALL_TIME: (BEGINNING, period.last_day),
        SpanRule.COHORT: (date(year, 1, 1), min(date(year, 12, 31), period.last_day)),
    }[SpanRule(metric.span)]


def conditions(metric: Metric, period: Period, unit: Unit | None = None) -> dict[str, list[str]]:
    """The metric as a list query: its conditions, its days, as of the period's end, for whose credit."""
    first, last = window(metric, period)
    days = {f"{metric.basis}_from": [first.isoformat()], f"{metric.basis}_to": [last.isoformat()]}
    return {**metric.conditions, **days, "as_of": [period.last_day.isoformat()], **credit_of(metric, period, unit)}


def what_it_counts(metric: Metric) -> tuple:
    """The same for two metrics that differ in their spans alone."""
    conditions = tuple((name, tuple(values)) for name, values in sorted(metric.conditions.items()))
    return metric.ledger, conditions, metric.measure, metric.column, metric.basis


def credit_of(metric: Metric, period: Period, unit: Unit | None) -> dict[str, list[str]]:
    """For whose credit, by which shares, and as of which day mergers make the past of one unit another's."""
    scope = {} if metric.credit_scope == CreditScope.GENERAL else {"credit_scope": [metric.credit_scope]}
    later = {"units_on": [period.seen_on.isoformat()]} if period.seen_on != period.last_day else {}
    return {**scope, **later, "credit": [unit.code]} if unit else scope


def _heirs(metric: Metric, period: Period) -> Heirs:
    """Whose past counts for whom in that period, as it is looked upon."""
    return UnitSuccession.objects.heirs(metric.county_id, period.seen_on)


def list_query(
    metric: Metric, period: Period, unit: Unit | None = None, seat: Any = None, rows_of: RowsOf | None = None
) -> ListQuery:
    """That query, run with the county's eyes unless a seat is given. Raises MetricError."""
    try:
        ledger = ledger_for(metric.ledger)
        asked, seat = as_query(conditions(metric, period, unit)), seat or SystemActor(metric.county_id)
        return ListQuery(ledger, asked, seat, rows_of and partial(rows_of, ledger))
    except Http404 as error:
        raise MetricError(f"指标“{metric}”所用的台账已不存在，请修改指标。") from error
    except BadQuery as error:
        raise MetricError(f"指标“{metric}”的计入条件已失效：{' '.join(error.messages)}") from error


def value(metric: Metric, period: Period, unit: Unit | None = None) -> Figure | None:
    """The figure for one unit, or for the whole county, where every record counts once; None: nothing to average.

    Raises MetricError, also where a 逐条 formula can't reckon one of the records: its sentence names it.
    """
    if metric.measure == Measure.FORMULA:
        query = list_query(metric, period, unit)
        if reason := why_not_reckoned(metric, query.ledger, query.rows):
            raise MetricError(f"指标“{metric}”不能计算：{reason}。")
    if unit is not None:
        return values(metric, period).get(unit.pk, nothing(metric))
    try:
        return _measured(metric, list_query(metric, period))
    except FieldError as error:
        raise _column_gone(metric) from error


def nothing(metric: Metric) -> Figure | None:
    """The figure of a unit without a single record: 0, an empty list, or no average at all."""
    return {Measure.LIST: (), Measure.AVERAGE: None}.get(Measure(metric.measure), Decimal(0))


def values(metric: Metric, period: Period) -> dict[int, Figure | None]:
    """{unit key: figure} for all units with something to count, in one query. Raises MetricError."""
    (found,) = figures([(metric, period)])
    if isinstance(found, MetricError):
        raise MetricError(str(found))  # one that is kept would gather a traceback each time
    return found


def figures(asked: Sequence[tuple[Metric, Period]]) -> list[Found]:
    """For each of them {unit key: figure}, or the error of a metric that can't be trusted.

    Each is summed up from its own list's rows; a hundred of them travel in one statement, besides those that only
    a reading row by row can give.
    """
    sums = prepared(asked, _part)
    found: list[Any] = [{} for _ in asked]
    for number, unit, *measured in sums.rows():
        found[number][unit] = _figure(asked[number][0], *measured)
    return _with_others(found, asked, sums, figures_by_unit)


def totals(asked: Sequence[tuple[Metric, Period]]) -> list[Figure | MetricError | None]:
    """For each of them the county's figure, where every record counts once; like `figures`, a hundred at once."""
    sums = prepared(asked, _whole_part)
    found: list[Any] = [None for _ in asked]
    for number, *measured in sums.rows():
        found[number] = _figure(asked[number][0], *measured)
    return _with_others(found, asked, sums, figure_of_all)


def _with_others(found: list[Any], asked: Sequence[tuple[Metric, Period]], sums: Prepared, read: Reading) -> list[Any]:
    """What no statement gives: figures read row by row, and the errors of metrics that can't be trusted."""
    for number in sums.row_by_row:
        found[number] = _read(*asked[number], read, sums.heirs_on)
    for number, error in sums.broken.items():
        found[number] = error
    return found


def _read(metric: Metric, period: Period, reading: Reading, heirs_on: Callable[[date], Heirs]) -> Any:
    try:
        query = list_query(metric, period)
        return reading(metric, query.ledger, query.rows.inherited(heirs_on(period.seen_on)))
    except MetricError as error:
        return error
    except FieldError:
        return _column_gone(metric)


def _whole_part(number: int, metric: Metric, period: Period, shared: Shared) -> QuerySet:
    """(number, rows, share, measured): every row once, each with the whole of its credit. Raises MetricError."""
    query = list_query(metric, period, rows_of=shared.rows_of)
    try:
        summed = _whole(metric, query.ledger)
        return query.rows.order_by().values(number=Value(number)).annotate(**summed).values_list("number", *summed)
    except FieldError as error:
        raise _column_gone(metric) from error


def _whole(metric: Metric, ledger: Ledger) -> dict[str, Any]:
    if metric.measure in (Measure.SUM, Measure.AVERAGE):
        return {"rows": Count(metric.column), "share": Value(0), "measured": _raw(Sum(metric.column))}
    once = counted_once(metric, ledger)
    measured = _raw(Count(once, distinct=True) if once else Count("pk"))
    return {"rows": Count("pk"), "share": Count("pk") * int(WHOLE), "measured": measured}


def _raw(aggregate: Any) -> Any:
    """As the database has it: whole 元 of money, a bare number of anything else."""
    return ExpressionWrapper(aggregate, output_field=BigIntegerField())


def _part(number: int, metric: Metric, period: Period, shared: Shared) -> QuerySet:
    """(number, unit key, rows, share, measured) for every unit. Raises MetricError."""
    query = list_query(metric, period, rows_of=shared.rows_of)
    try:
        by_unit = _by_unit(metric, query, shared.heirs_on(period.seen_on))
    except FieldError as error:
        raise _column_gone(metric) from error
    rows = "valued" if metric.measure == Measure.AVERAGE else "rows"
    found = by_unit.annotate(number=Value(number), measured=_raw(F(MEASURED_AS[Measure(metric.measure)])))
    return found.values_list("number", "credited_unit", rows, "share", "measured")


def _column_gone(metric: Metric) -> MetricError:
    return MetricError(f"指标“{metric}”的计算栏“{metric.column}”已不存在或不能这样计算，请修改指标。")


def _by_unit(metric: Metric, query: ListQuery, heirs: Heirs) -> QuerySet:
    amount = metric.column if metric.measure in (Measure.SUM, Measure.AVERAGE) else None
    if amount and amount not in query.rows.amounts:
        raise FieldError(f"{amount} is no amount of this ledger")
    return query.rows.inherited(heirs).by_unit(amount=amount, distinct=counted_once(metric, query.ledger))


def counted_once(metric: Metric, ledger: Ledger) -> Any:
    """What counts once however often it occurs: a column, or the month or quarter in which a row's date ends."""
    if metric.measure in PER_DATES:
        return TRUNCATED[Measure(metric.measure)](F(columns_of(ledger, metric.basis)[1]))
    return told_apart_by(ledger, metric.column) if metric.measure == Measure.DISTINCT else None


def _figure(metric: Metric, rows: int, share: int, measured: int | None) -> Decimal | None:
    """`measured` as the database has it: whole 元 of an amount, else a number of rows or values.

    `rows` are, for an average, those that have an amount.
    """
    if metric.measure == Measure.SUM:
        return wan(measured or 0)
    if metric.measure == Measure.AVERAGE:
        return wan(measured or 0) / rows if rows else None
    if metric.measure == Measure.COUNT:
        return Decimal(rows) if metric.credit == CreditRule.WHOLE else Decimal(share) / WHOLE
    return Decimal(measured or 0)


def _measured(metric: Metric, query: ListQuery) -> Figure | None:
    """For the county as a whole: no shares, each record once."""
    rows = query.rows
    if metric.measure in ROW_BY_ROW:
        return figure_of_all(metric, query.ledger, rows)
    if metric.measure == Measure.COUNT:
        return Decimal(rows.count())
    if once := counted_once(metric, query.ledger):
        return Decimal(rows.aggregate(found=Count(once, distinct=True))["found"])
    found = rows.aggregate(total=Sum(metric.column), valued=Count(metric.column))
    if metric.measure == Measure.AVERAGE:
        return found["total"] / found["valued"] if found["valued"] else None
    return found["total"] or Decimal(0)


# -- 计入与未计入 -----------------------------------------------------------------------------------


def counted(metric: Metric, period: Period, unit: Unit) -> list[Line]:
    """The records behind the figure, each with the unit's share of it."""
    return counted_of(metric, period, [unit])[unit.pk]


def not_counted(metric: Metric, period: Period, unit: Unit) -> list[Line]:
    """The candidates of the same days and unit that something left out, each with what it was."""
    return not_counted_of(metric, period, [unit])[unit.pk]


def counted_of(metric: Metric, period: Period, units: Iterable[Unit | None]) -> LinesOf:
    """What `counted` gives for each of them, in one statement however many they are.

    None stands for the county, where every record counts once and whole.
    """
    query = list_query(metric, period)
    rows = query.rows.inherited(_heirs(metric, period))
    return _lines_of(metric, query.ledger, rows, units, lambda row: ())


def not_counted_of(metric: Metric, period: Period, units: Iterable[Unit | None]) -> LinesOf:
    """What `not_counted` gives for each of them; the number of statements grows with the conditions alone."""
    query = list_query(metric, period)
    left_out = candidates(metric, period).exclude(pk__in=query.rows.order_by().values("pk"))
    passing = cache(partial(_passing, metric, period))
    return _lines_of(metric, query.ledger, left_out, units, partial(_reasons, metric, period, query, passing))


def _lines_of(
    metric: Metric, ledger: Ledger, rows: QuerySet, units: Iterable[Unit | None], why: Callable[[Any], tuple[str, ...]]
) -> LinesOf:
    found: LinesOf = {unit and unit.pk: [] for unit in units}
    amounts = [name for name in dict.fromkeys((metric.column, _claimed(metric, ledger))) if name in rows.amounts]
    keys = [key for key in found if key is not None]
    credited = rows.with_credits(*amounts).filter(credited_unit__in=keys)
    for row in displayed(metric, ledger, credited).order_by(*ledger.ordering):
        found[row.credited_unit].append(_line(metric, ledger, row, why(row)))
    if None in found:
        undivided = {f"credited_{name}": F(name) for name in amounts}
        whole = displayed(metric, ledger, rows.annotate(credit_bp=Value(int(WHOLE)), **undivided))
        found[None] = [_line(metric, ledger, row, why(row)) for row in whole.order_by(*ledger.ordering)]
    return found


def candidates(metric: Metric, period: Period) -> QuerySet:
    """Rows of the county that touch the metric's days by any of their dates, whatever else holds of them."""
    ledger = ledger_for(metric.ledger)
    first, last = window(metric, period)
    rows = ListQuery(ledger, as_query(credit_of(metric, period, None)), SystemActor(metric.county_id)).rows
    touching = Q()
    for basis in (DateBasis.HAPPENED, metric.basis):
        start, end = columns_of(ledger, basis)
        touching |= Q(**{f"{start}__lte": last, f"{end}__gte": first})
    inside = list_query(metric, period).rows.order_by().values("pk")
    return rows.filter(touching | Q(pk__in=inside)).inherited(_heirs(metric, period))


def columns_of(ledger: Ledger, basis: str) -> tuple[str, str]:
    """The two columns, first and last day, of the date by which a metric counts."""
    filters = ledger.filterset.base_filters
    return filters[f"{basis}_from"].field_name, filters[f"{basis}_to"].field_name


def _passing(metric: Metric, period: Period, name: str) -> set[int]:
    """Rows that meet this one condition, all else left open."""
    alone = {name: metric.conditions[name], "as_of": [period.last_day.isoformat()]}
    query = ListQuery(ledger_for(metric.ledger), as_query(alone), SystemActor(metric.county_id))
    return set(query.rows.values_list("pk", flat=True))


def _reasons(
    metric: Metric, period: Period, query: ListQuery, passing: Callable[[str], set[int]], row: Any
) -> tuple[str, ...]:
    if sentence := _date_reason(metric, period, query.ledger, row):
        return (sentence,)
    failed = [name for name in metric.conditions if row.pk not in passing(name)]
    words = {word["name"]: word["value"] for word in query.shown_words}
    return tuple(query.ledger.why_not(row, name, words.get(name, "")) for name in failed) or ("不在所统计的期间内",)


def _date_reason(metric: Metric, period: Period, ledger: Ledger, row: Any) -> str:
    """Said first: where the dates alone keep a row out, the other conditions don't matter."""
    first, last = window(metric, period)
    start, end = columns_of(ledger, metric.basis)
    since, until = getattr(row, start), getattr(row, end)
    if since is None:
        return ""
    if since > last or until < first:
        late = metric.basis == DateBasis.COUNTED and ledger.closings
        return f"计入{month_label(until)}" + ("（补计）" if late else "")
    return "" if first <= since and until <= last else ledger.why_not_inside(row)


def _line(metric: Metric, ledger: Ledger, row: Any, reasons: tuple[str, ...] = ()) -> Line:
    happened = ledger.happened(row)
    return Line(
        code=row.code,
        label=ledger.line_label(row),
        when=happened.label if happened else "—",
        share=Decimal(row.credit_bp) / WHOLE,
        amount=_amount(metric, ledger, row, counts=not reasons),
        claimed=getattr(row, f"credited_{_claimed(metric, ledger)}", None),
        reasons=reasons,
        record=row,
        url=ledger.page_of(row),
    )


def _claimed(metric: Metric, ledger: Ledger) -> str:
    """The column that says what was claimed where the metric's own says what was accepted of it."""
    return ledger.claimed_in.get(metric.column, metric.column)


def _amount(metric: Metric, ledger: Ledger, row: Any, *, counts: bool) -> Decimal | None:
    """What the row adds to the figure, by share; None where rows are only told apart."""
    if metric.measure != Measure.FORMULA:
        return getattr(row, f"credited_{metric.column}", None)
    try:
        return record_value(metric, ledger, row) * row.credit_bp / WHOLE if counts else None
    except CalculationError:
        return None
