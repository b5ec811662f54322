"""How a metric reckons, and which of that a ledger offers: its conditions, dates, amounts and columns."""

from collections.abc import Iterator
from functools import cache, lru_cache

from django.db import models
from django.db.models import F, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import NullIf, TruncMonth, TruncQuarter
from django_filters import Filter

from core.actors import SystemActor
from core.ledgers.columns import Column
from core.ledgers.kinds import Choice, Day, LongText, Month, Span, YesNo
from core.ledgers.ledger import Ledger, all_ledgers
from projects.models.projects import CreditScope
from reporting.formula.nodes import Formula
from reporting.formula.records import parse_record


class MetricError(ValueError):
    """A metric that can't be trusted any more: its sentence says what no longer fits."""


class Measure(models.TextChoices):
    COUNT = "count", "计数"
    SUM = "sum", "求和"
    AVERAGE = "average", "平均"
    DISTINCT = "distinct", "去重计数"
    MONTHS = "months", "每月只计一次"
    QUARTERS = "quarters", "每季只计一次"
    LIST = "list", "逐个列出"
    FORMULA = "formula", "逐条公式"


class SpanRule(models.TextChoices):
    """Over which days a metric looks, seen from the period it is asked for."""

    PERIOD = "period", "本期"
    YEAR_TO_DATE = "year_to_date", "本年累计"
    ALL_TIME = "all_time", "历年累计"
    COHORT = "cohort", "指定年份"


class DateBasis(models.TextChoices):
    """Which of a row's dates puts it into the span."""

    COUNTED = "counted", "归属期"
    HAPPENED = "happened", "发生日期"
    VERIFIED = "verified", "认定日期"


class CreditRule(models.TextChoices):
    SHARE = "share", "按份额"
    WHOLE = "whole", "每个单位各计一"


class Spread(models.TextChoices):
    """分摊: how much of a year's target is due when the year is not over."""

    EVEN = "even", "按月均分"
    CEIL = "ceil", "均分后进位"
    NONE = "none", "不分摊"


WITH_COLUMN = (Measure.SUM, Measure.AVERAGE, Measure.DISTINCT, Measure.LIST)
ROW_BY_ROW = (Measure.LIST, Measure.FORMULA)
"""What the database can't add up by itself."""
ADDED_UP = (Measure.COUNT, Measure.SUM, Measure.FORMULA)
"""Measures whose figure is the sum of what stands in its lines."""
PER_DATES = (Measure.MONTHS, Measure.QUARTERS)
TRUNCATED = {Measure.MONTHS: TruncMonth, Measure.QUARTERS: TruncQuarter}

UNCOUNTED = (Span, Day, Month, YesNo, LongText)
"""Kinds of columns of which nobody asks how many different ones there are."""
SCOPE_OF_LEDGER = {"arrivals": CreditScope.FUNDS, "progress": CreditScope.FUNDS, "milestones": CreditScope.PROGRESS}
SET_BY_METRIC = frozenset(["credit", "credit_scope", "as_of", "units_on"])
"""Filters that the metric sets itself, by unit and period."""


def metric_ledgers() -> list[Ledger]:
    """The ledgers whose rows have a date and count for a unit."""
    return [ledger for ledger in all_ledgers() if _filters(ledger).keys() >= {"credit", "happened_from"}]


def bases_of(ledger: Ledger) -> list[DateBasis]:
    """The dates by which this ledger's rows can be counted."""
    return [basis for basis in DateBasis if f"{basis}_from" in _filters(ledger)]


def scopes_of(ledger: Ledger) -> list[CreditScope]:
    """分成口径 by which its rows can be credited."""
    return list(CreditScope) if "credit_scope" in _filters(ledger) else [CreditScope.GENERAL]


def scope_for(ledger: Ledger, measure: str) -> CreditScope:
    """The 分成口径 that a figure of that kind goes by unless a county says otherwise."""
    if len(scopes_of(ledger)) == 1:
        return CreditScope.GENERAL
    money = measure in (Measure.SUM, Measure.AVERAGE, Measure.LIST)
    return SCOPE_OF_LEDGER.get(ledger.key, CreditScope.CONTRACT if money else CreditScope.NUMBER)


def condition_names(ledger: Ledger) -> list[str]:
    """The filters of the list page that may be a metric's conditions; its days come from its period."""
    days = {f"{basis}_{end}" for basis in DateBasis for end in ("from", "to")}
    return [name for name in _filters(ledger) if name not in days | SET_BY_METRIC]


def columns_for(ledger: Ledger, measure: str) -> list[Column]:
    """The columns that this measure can take of the ledger."""
    if measure == Measure.SUM:
        return [ledger.column(name) for name in ledger.amounts]
    if measure in (Measure.AVERAGE, Measure.LIST):
        return [ledger.column(name) for name in (*ledger.amounts, *ledger.numbers)]
    if measure == Measure.DISTINCT:
        return list(_told_apart(ledger))
    return []


def _told_apart(ledger: Ledger) -> Iterator[Column]:
    """Columns of names and choices: how many different ones there are can be asked. Remarks and contacts are none."""
    kept = {field.name: field for field in ledger.model._meta.concrete_fields}
    for column in ledger.columns:
        if (
            column.name not in kept
            or column.kind.number
            or isinstance(column.kind, Span | Day | Month | YesNo | LongText)
        ):
            continue
        if column.order or kept[column.name].is_relation or isinstance(column.kind, Choice):
            yield column


def told_apart_by(ledger: Ledger, name: str) -> str | Combinable:
    """The column as something to count once each; an empty text is nothing to count."""
    texts = {f.name for f in ledger.model._meta.concrete_fields if isinstance(f, models.CharField | models.TextField)}
    return NullIf(F(name), Value("")) if name in texts else name


@cache
def formula_columns(ledger: Ledger) -> dict[str, Column]:
    """header → column: what a formula over one record may read. Dates are no numbers and no words."""
    known = {*ledger.rows(SystemActor(county_id=0)).query.annotations, *dir(ledger.model)}
    return {
        column.header: column
        for column in ledger.columns
        if _may_be_read(column)
        # Some columns only ask a new row for what its agreement keeps.
        if column.source or column.name in known
    }


def _may_be_read(column: Column) -> bool:
    """What is kept out of pages and files, contacts say, is read by no formula; a number loaded on request is."""
    shown = (column.in_detail and column.in_export) or (column.loads and column.kind.number)
    return bool(shown) and not isinstance(column.kind, Span | Day | Month)


@lru_cache(maxsize=256)
def record_formula(text: str, ledger: Ledger) -> Formula:
    """A 逐条 formula over the ledger's columns. Raises FormulaError."""
    columns = formula_columns(ledger)
    return parse_record(text, tuple(columns), tuple(header for header, c in columns.items() if not is_number(c)))


def is_number(column: Column) -> bool:
    return column.kind.number or isinstance(column.kind, YesNo)


def is_choice(column: Column) -> bool:
    return isinstance(column.kind, Choice)


def _filters(ledger: Ledger) -> dict[str, Filter]:
    return ledger.filterset.base_filters
