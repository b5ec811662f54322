"""Whose credit a row is that belongs to one unit alone (an enterprise, a published score): the whole goes there."""

from typing import ClassVar

from django.db.models import Count, F, IntegerField, QuerySet, Sum, Value
from django.db.models.expressions import Combinable

from core.records import RecordQuerySet

WHOLE = 10_000
"""All of it, in hundredths of a percent, as shares of projects are counted."""


class TownshipQuerySet(RecordQuerySet):
    """Rows that count undivided for one unit. `amounts` are the columns that a metric may add up or list."""

    amounts: ClassVar[tuple[str, ...]] = ()
    township_path: ClassVar[str] = "township"

    def credited_to(self, unit_id: int) -> QuerySet:
        """The rows of that unit, with `credit_bp` and, per amount, `credited_<amount>`."""
        parts = {f"credited_{name}": F(name) for name in self.amounts}
        return self.filter(**{self.township_path: unit_id}).annotate(
            credit_bp=Value(WHOLE, output_field=IntegerField()), **parts
        )

    def by_unit(self, *, amount: str | None = None, distinct: str | Combinable | None = None) -> QuerySet:
        """{"unit", "rows", "share", "amount", "valued", "distinct"} for every unit with rows, in one query."""
        # A model whose own field is called so can't have it annotated again.
        named = {} if self.township_path == "unit" else {"unit": F(self.township_path)}
        rows = self.order_by().values(*(() if named else ("unit",)), **named)
        measures = {"rows": Count("pk"), "share": Count("pk") * WHOLE}
        if amount:
            # In this order: once `amount` names the sum, a column of that name is no longer read.
            measures |= {"valued": Count(amount), "amount": Sum(amount)}
        if distinct:
            measures["distinct"] = Count(distinct, distinct=True)
        return rows.annotate(**measures)

    def with_credits(self, *amounts: str) -> QuerySet:
        """Every row as `credited_to` has it, and `credited_unit`."""
        whole = Value(WHOLE, output_field=IntegerField())
        parts = {f"credited_{name}": F(name) for name in amounts}
        return self.annotate(credited_unit=F(self.township_path), credit_bp=whole, **parts)
