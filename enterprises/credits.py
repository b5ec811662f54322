"""Whose credit an enterprise and its rows are: the whole goes to the township where it stands."""

from typing import ClassVar

from django.db.models import Count, F, IntegerField, QuerySet, Sum, Value

from core.records import RecordQuerySet

WHOLE = 10_000
"""All of it, in hundredths of a percent, as shares of projects are counted."""


class TownshipQuerySet(RecordQuerySet):
    """Rows that count undivided for one township. `amounts` are the columns that a metric may add up."""

    amounts: ClassVar[tuple[str, ...]] = ()
    township_path: ClassVar[str] = "township"

    def credited_to(self, unit_id: int) -> QuerySet:
        """The rows of that township, with `credit_bp` and, per amount, `credited_<amount>`."""
        parts = {f"credited_{name}": F(name) for name in self.amounts}
        return self.filter(**{self.township_path: unit_id}).annotate(
            credit_bp=Value(WHOLE, output_field=IntegerField()), **parts
        )

    def by_unit(self, *, amount: str | None = None, distinct: str | None = None) -> QuerySet:
        """{"unit", "rows", "share", "amount", "distinct"} for every township with rows, in one query."""
        rows = self.order_by().values(unit=F(self.township_path))
        measures = {"rows": Count("pk"), "share": Count("pk") * WHOLE}
        if amount:
            measures["amount"] = Sum(amount)
        if distinct:
            measures["distinct"] = Count(distinct, distinct=True)
        return rows.annotate(**measures)
