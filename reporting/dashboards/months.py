"""A sum month by month, in one query; each month is what the metric itself gives for it."""

from datetime import date
from decimal import Decimal

from django.db.models import Sum

from core.periods import Period, month_of
from reporting.dashboards.main_figures import over_the_year
from reporting.metrics import columns_of, list_query
from reporting.models import Metric
from townships.models import Unit


def by_month(metric: Metric, until: Period, unit: Unit | None = None) -> dict[date, Decimal]:
    """first day of month → figure, for the months of that year up to `until`; months without anything are absent.

    `metric` sums a column. What is dated no more precisely than to a quarter belongs to no month and is left out.
    """
    query = list_query(over_the_year(metric), until, unit)
    start, end = columns_of(query.ledger, metric.basis)
    amount = f"credited_{metric.column}" if unit else metric.column
    rows = query.rows.order_by().values(start, end).annotate(total=Sum(amount))
    months: dict[date, Decimal] = {}
    for row in rows:
        month = month_of(row[end])
        if month == month_of(row[start]):
            months[month] = months.get(month, Decimal(0)) + (row["total"] or Decimal(0))
    return months
