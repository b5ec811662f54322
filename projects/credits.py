"""Shares of credit: whose township a project, its money and its milestones count for.

An amount is split to the 元; what does not divide goes to the landing unit, so that the parts add up.
"""

from collections.abc import Sequence
from datetime import date
from typing import Self

from django.apps import apps
from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    DateField,
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
GENERAL = "general"
"""The scope whose shares hold wherever a project has none of its own for a figure."""
EVER, FOREVER = date(1900, 1, 1), date(9999, 12, 31)
"""Since when a share holds that was never agreed anew; and the day of what has not happened yet."""


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
    """Rows whose credit is shared through their project. `amounts` are the columns that shares divide.

    Of a project's sets of shares the one counts that holds at the row's own day, of the scope asked for by
    `shared_by`, or the general one where the project has none of that scope.
    """

    amounts: tuple[str, ...] = ()
    project_path = "project"
    day_path = "happened_on"
    scope = GENERAL

    def _clone(self) -> Self:
        copy = super()._clone()
        copy.scope = self.scope
        return copy

    def shared_by(self, scope: str) -> Self:
        """The same rows, credited by the shares of that scope (分成口径)."""
        rows = self._chain()
        rows.scope = scope
        return rows

    def credited_to(self, unit_id: int) -> QuerySet:
        """The rows of which this unit has a share, with `credit_bp` and, per amount, `credited_<amount>`."""
        rows = self._with_scope()
        own = _shares(self.project_path).filter(
            _in_force(OuterRef("credit_scope"), OuterRef("credit_day")), unit=unit_id
        )
        found = {f"credit_{name}": Subquery(own.values(source)[:1]) for name, source in OF_SHARE.items()}
        rows = rows.filter(Exists(own)).annotate(**found)
        return rows.annotate(**{f"credited_{name}": rows._part(name) for name in self.amounts})

    def shared(self, wanted: bool) -> QuerySet:
        """Those whose project counts for several units in some scope on the row's day; or the others."""
        parts = _shares(self.project_path).filter(_on(OuterRef("credit_day")), percent__lt=WHOLE)
        return self._with_day().filter(Exists(parts) if wanted else ~Exists(parts))

    def by_unit(self, *, amount: str | None = None, distinct: str | Combinable | None = None) -> QuerySet:
        """{"unit", "rows", "share", "amount", "valued", "distinct"} for every unit with a share, in one query."""
        rows = self._with_credit().order_by().values(unit=F("credit__unit"))
        sums = {"rows": Count("pk"), "share": Sum("credit__percent")}
        if amount:
            # In this order: once `amount` names the sum, a column of that name is no longer read.
            sums |= {"valued": Count(amount), "amount": Sum(self._part(amount))}
        if distinct:
            sums["distinct"] = Count(distinct, distinct=True)
        return rows.annotate(**sums)

    def with_credits(self, amount: str | None = None) -> QuerySet:
        """Every row once for each unit with a share: `credited_unit`, `credited_bp`, `credited_part` of `amount`."""
        rows = self._with_credit().annotate(credited_unit=F("credit__unit"), credited_bp=F("credit__percent"))
        return rows.annotate(credited_part=self._part(amount)) if amount else rows

    def _with_credit(self) -> QuerySet:
        path = "projectshares" if self.project_path == "pk" else f"{self.project_path}__projectshares"
        current = FilteredRelation(path, condition=Q(**{f"{path}__voided_at": None}))
        rows = self._with_scope().annotate(credit=current)
        in_force = _in_force(F("credit_scope"), F("credit_day"), "credit__")
        found = {f"credit_{name}": F(f"credit__{source}") for name, source in OF_SHARE.items()}
        return rows.filter(in_force, credit__isnull=False).annotate(**found)

    def _with_scope(self) -> QuerySet:
        """`credit_scope`: of which scope the shares are that count for the row; `credit_day`: as they hold that day."""
        special = _shares(self.project_path).filter(_in_force(Value(self.scope), OuterRef("credit_day")))
        used = Case(When(Exists(special), then=Value(self.scope)), default=Value(GENERAL))
        return self._with_day().annotate(credit_scope=Value(GENERAL) if self.scope == GENERAL else used)

    def _with_day(self) -> QuerySet:
        """What has no date yet goes by the shares agreed last."""
        return self.annotate(credit_day=Coalesce(F(self.day_path), Value(FOREVER), output_field=DateField()))

    def _part(self, amount: str) -> Combinable:
        own_set = {"scope": OuterRef("credit_scope"), "since": OuterRef("credit_since")}
        others = _shares(self.project_path).filter(landing=False, **own_set).order_by()
        part = _yuan(OuterRef(amount)) * F("percent") / Value(WHOLE)
        # Func, not Sum: an aggregate over an outer column would be summed in the outer query.
        taken = others.annotate(taken=Func(part, function="SUM", output_field=BigIntegerField())).values("taken")
        remainder = _yuan(F(amount)) - _yuan(Coalesce(Subquery(taken, output_field=BigIntegerField()), Value(0)))
        own = _yuan(F(amount)) * F("credit_bp") / Value(WHOLE)
        return Case(When(credit_landing=True, then=remainder), default=own, output_field=MoneyField())


OF_SHARE = {"bp": "percent", "landing": "landing", "since": "since"}
"""What a credited row says of its share → where the share keeps it."""


def _shares(project_path: str) -> QuerySet:
    shares = apps.get_model("projects", "ProjectShare").objects.current()
    return shares.filter(project=OuterRef(project_path))


def _in_force(scope: Combinable, day: Combinable, path: str = "") -> Q:
    """Shares (at that path) of that scope which hold on that day. In one filter: a second one joins once more."""
    return _on(day, path) & Q(**{f"{path}scope": scope})


def _on(day: Combinable, path: str = "") -> Q:
    # The usual share holds for ever: asked first, since a row's day may be a question of its own.
    begun = Q(**{f"{path}since": EVER}) | Q(**{f"{path}since__lte": day})
    return begun & (Q(**{f"{path}superseded_from": None}) | Q(**{f"{path}superseded_from__gt": day}))


def _yuan(amount: Combinable) -> Cast:
    """Whole 元 as the database's own integer, so that division truncates on both databases."""
    return Cast(amount, BigIntegerField())
