"""What a row keeps of the sum of others: changed with each of them, by one statement that the database checks.

A child says in `summed_in` where it is added up; the parent's own CHECK says how far the sum may go. Two people who
write at once can't both find room: the second statement waits for the first, and is refused.
"""

from collections import defaultdict
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
    for summed in getattr(after, "summed_in", ()):
        moved: dict[int, Decimal] = defaultdict(Decimal)
        for row, sign in ((before, -1), (after, 1)):
            if row is not None:
                moved[getattr(row, f"{summed.parent}_id")] += sign * _part(row)
        parents = type(after)._meta.get_field(summed.parent).related_model
        for key, amount in sorted(moved.items()):
            if amount:
                more = F(summed.total) + Value(amount, output_field=MoneyField())
                parents.objects.filter(pk=key).update(**{summed.total: more})


def _part(row: Model) -> Decimal:
    return Decimal(0) if row.voided_at else row.adds_up
