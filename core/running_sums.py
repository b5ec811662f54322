"""What a row keeps of the sum of others: changed with each of them, by one statement that the database checks.

A child says in `summed_in` where it is added up; the parent's own CHECK says how far the sum may go. Two people who
write at once can't both find room: the second statement waits for the first, and is refused.
"""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from django.db.models import F, Model, Value

from core.fields import MoneyField


class Summed(NamedTuple):
    """`parent` names the relation, `total` the parent's MoneyField (万元) that the child's `adds_up` goes into."""

    parent: str
    total: str


def keep_sums(before: Model | None, after: Model) -> None:
    """Take what the row was out of the sum of its old parent, put what it is now into that of its new one."""
    keep_sums_of([(before, after)])


def keep_sums_of(pairs: Sequence[tuple[Model | None, Model]]) -> None:
    """The same for many rows of one kind, (before, after) each: one statement a parent whose sum moves."""
    for summed in getattr(pairs[0][1], "summed_in", ()) if pairs else ():
        moved: dict[int, Decimal] = defaultdict(Decimal)
        for row, sign in ((row, sign) for pair in pairs for row, sign in zip(pair, (-1, 1), strict=True)):
            if row is not None:
                moved[getattr(row, f"{summed.parent}_id")] += sign * _part(row)
        parents = type(pairs[0][1])._meta.get_field(summed.parent).related_model
        for key, amount in sorted(moved.items()):
            if amount:
                more = F(summed.total) + Value(amount, output_field=MoneyField())
                parents.objects.filter(pk=key).update(**{summed.total: more})


def _part(row: Model) -> Decimal:
    return Decimal(0) if row.voided_at else row.adds_up
