"""Whose credit a row is that belongs to one unit alone (an enterprise, a published score): the whole goes there.

After a merger what a unit did counts for its heir. Rows are told so by `inherited`: the rows stay as they are, and a
period seen from before the merger shows them as it always did.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar, Self

from django.db.models import Case, Count, F, IntegerField, QuerySet, Sum, Value, When
from django.db.models.expressions import Combinable

from core.records import RecordQuerySet
from townships.lineage import standing_for

WHOLE = 10_000
"""All of it, in hundredths of a percent, as shares of projects are counted."""
Heirs = Mapping[int, int]
"""{unit that was merged: unit for which its past counts}"""
NOBODY: Heirs = MappingProxyType({})


class CreditedQuerySet(RecordQuerySet):
    """Rows that count for units. `heirs`: whose past counts for whom, where units were merged."""

    heirs: Heirs = NOBODY

    def _clone(self) -> Self:
        copy = super()._clone()
        copy.heirs = self.heirs
        return copy

    def inherited(self, heirs: Heirs) -> Self:
        """The same rows; those of a unit among `heirs` count for the one that took over from it."""
        rows = self._chain()
        rows.heirs = heirs
        return rows

    def heir_of(self, path: str) -> Combinable:
        """Of the unit at that path the one for which it counts."""
        gone: dict[int, list[int]] = {}
        for unit, heir in self.heirs.items():
            gone.setdefault(heir, []).append(unit)
        if not gone:
            return F(path)
        whens = (When(**{f"{path}__in": sorted(units)}, then=Value(heir)) for heir, units in sorted(gone.items()))
        return Case(*whens, default=F(path), output_field=IntegerField())


class TownshipQuerySet(CreditedQuerySet):
    """Rows that count undivided for one unit. `amounts` are the columns that a metric may add up or list."""

    amounts: ClassVar[tuple[str, ...]] = ()
    township_path: ClassVar[str] = "township"

    def credited_to(self, unit_id: int) -> QuerySet:
        """The rows of that unit, with `credit_bp` and, per amount, `credited_<amount>`."""
        parts = {f"credited_{name}": F(name) for name in self.amounts}
        return self.filter(**{f"{self.township_path}__in": standing_for(self.heirs, unit_id)}).annotate(
            credit_bp=Value(WHOLE, output_field=IntegerField()), **parts
        )

    def by_unit(self, *, amount: str | None = None, distinct: str | Combinable | None = None) -> QuerySet:
        """{"credited_unit", "rows", "share", "amount", "valued", "distinct"} for every unit with rows, in one query."""
        rows = self.order_by().values(credited_unit=self.heir_of(self.township_path))
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
        return self.annotate(credited_unit=self.heir_of(self.township_path), credit_bp=whole, **parts)
