"""Shares of credit: whose township a project, its money and its milestones count for.

An amount is split to the 元; what does not divide goes to the landing unit, so that the parts add up.
"""

from collections.abc import Sequence

from django.apps import apps
from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    Exists,
    F,
    FilteredRelation,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce

from core.fields import MoneyField
from core.records import RecordQuerySet

WHOLE = 10_000
"""Shares are kept in hundredths of a percent."""


def split(amount: int, shares: Sequence[int], landing: int) -> list[int]:
    """Split whole 元 by shares (hundredths of a percent, Σ = 10000); `landing` takes the remainder.

    What the database does in `SharedQuerySet`, said in Python.

    >>> split(100, [3333, 3333, 3334], landing=2)
    [33, 33, 34]
    """
    parts = [_truncated(amount * share, WHOLE) for share in shares]
    parts[landing] = amount - sum(part for index, part in enumerate(parts) if index != landing)
    return parts


def _truncated(numerator: int, denominator: int) -> int:
    """Toward zero, as both databases divide integers."""
    return numerator // denominator if numerator >= 0 else -(-numerator // denominator)


class SharedQuerySet(RecordQuerySet):
    """Rows whose credit is shared through their project. `amounts` are the columns that shares divide."""

    amounts: tuple[str, ...] = ()
    project_path = "project"

    def credited_to(self, unit_id: int) -> QuerySet:
        """The rows of which this unit has a share, with `credit_bp` and, per amount, `credited_<amount>`."""
        own = _shares(self.project_path).filter(unit=unit_id)
        rows = self.filter(Exists(own)).annotate(
            credit_bp=Subquery(own.values("percent")[:1]), credit_landing=Subquery(own.values("landing")[:1])
        )
        parts = {f"credited_{name}": self._part(name, "credit_bp", "credit_landing") for name in self.amounts}
        return rows.annotate(**parts)

    def by_unit(self, *, amount: str | None = None, distinct: str | Combinable | None = None) -> QuerySet:
        """{"unit", "rows", "share", "amount", "valued", "distinct"} for every unit with a share, in one query."""
        rows = self._with_credit().order_by().values(unit=F("credit__unit"))
        sums = {"rows": Count("pk"), "share": Sum("credit__percent")}
        if amount:
            part = self._part(amount, "credit__percent", "credit__landing")
            sums |= {"amount": Sum(part), "valued": Count(amount)}
        if distinct:
            sums["distinct"] = Count(distinct, distinct=True)
        return rows.annotate(**sums)

    def with_credits(self, amount: str | None = None) -> QuerySet:
        """Every row once for each unit with a share: `credited_unit`, `credited_bp`, `credited_part` of `amount`."""
        rows = self._with_credit().annotate(credited_unit=F("credit__unit"), credited_bp=F("credit__percent"))
        part = amount and self._part(amount, "credit__percent", "credit__landing")
        return rows.annotate(credited_part=part) if part else rows

    def _with_credit(self) -> QuerySet:
        path = "projectshares" if self.project_path == "pk" else f"{self.project_path}__projectshares"
        current = FilteredRelation(path, condition=Q(**{f"{path}__voided_at": None}))
        return self.annotate(credit=current).filter(credit__isnull=False)

    def _part(self, amount: str, percent: str, landing: str) -> Combinable:
        others = _shares(self.project_path).filter(landing=False).order_by()
        part = _yuan(OuterRef(amount)) * F("percent") / Value(WHOLE)
        # Func, not Sum: an aggregate over an outer column would be summed in the outer query.
        taken = others.annotate(taken=Func(part, function="SUM", output_field=BigIntegerField())).values("taken")
        remainder = _yuan(F(amount)) - _yuan(Coalesce(Subquery(taken, output_field=BigIntegerField()), Value(0)))
        own = _yuan(F(amount)) * F(percent) / Value(WHOLE)
        return Case(When(**{landing: True}, then=remainder), default=own, output_field=MoneyField())


def _shares(project_path: str) -> QuerySet:
    shares = apps.get_model("projects", "ProjectShare").objects.current()
    return shares.filter(project=OuterRef(project_path))


def _yuan(amount: Combinable) -> Cast:
    """Whole 元 as the database's own integer, so that division truncates on both databases."""
    return Cast(amount, BigIntegerField())
