"""Shares of credit: whose township a project, its money and its milestones count for.

An amount is split to the 元; what does not divide goes to the landing unit, so that the parts add up.
"""

from collections.abc import Sequence

from django.db.models import BigIntegerField, Case, Exists, F, Func, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce

from core.fields import MoneyField

WHOLE = 10_000
"""Shares are kept in hundredths of a percent."""


def split(amount: int, shares: Sequence[int], landing: int) -> list[int]:
    """Split whole 元 by shares (hundredths of a percent, Σ = 10000); `landing` takes the remainder.

    >>> split(100, [3333, 3333, 3334], landing=2)
    [33, 33, 34]
    """
    parts = [_truncated(amount * share, WHOLE) for share in shares]
    parts[landing] = amount - sum(part for index, part in enumerate(parts) if index != landing)
    return parts


def _truncated(numerator: int, denominator: int) -> int:
    """Toward zero, as both databases divide integers."""
    return numerator // denominator if numerator >= 0 else -(-numerator // denominator)


def credited_to(rows: QuerySet, unit_id: int, shares: QuerySet, project: str, amounts: Sequence[str]) -> QuerySet:
    """The rows of which this unit has a share, with `credit_bp` and, per amount, `credited_<amount>`.

    `project` is the path from a row to its project; `shares` the current shares.
    """
    own = shares.filter(project=OuterRef(project), unit=unit_id)
    rows = rows.filter(Exists(own)).annotate(
        credit_bp=Subquery(own.values("percent")[:1]), credit_landing=Subquery(own.values("landing")[:1])
    )
    return rows.annotate(**{f"credited_{name}": _part(name, shares, project) for name in amounts})


def _part(amount: str, shares: QuerySet, project: str) -> Combinable:
    others = shares.filter(project=OuterRef(project), landing=False).order_by()
    part = _yuan(OuterRef(amount)) * F("percent") / Value(WHOLE)
    # Func, not Sum: an aggregate over an outer column would be summed in the outer query.
    taken = others.annotate(taken=Func(part, function="SUM", output_field=BigIntegerField())).values("taken")
    remainder = _yuan(F(amount)) - _yuan(Coalesce(Subquery(taken, output_field=BigIntegerField()), Value(0)))
    own = _yuan(F(amount)) * F("credit_bp") / Value(WHOLE)
    return Case(When(credit_landing=True, then=remainder), default=own, output_field=MoneyField())


def _yuan(amount: Combinable) -> Cast:
    """Whole 元 as the database's own integer, so that division truncates on both databases."""
    return Cast(amount, BigIntegerField())
