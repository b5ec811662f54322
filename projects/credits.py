"""Shares of credit: whose township a project, its money and its milestones count for.

An amount is split to the 元; what does not divide goes to the landing unit, so that the parts add up.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Self

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
from townships.credits import CreditedQuerySet
from townships.lineage import standing_for

WHOLE = 10_000
"""Shares are kept in hundredths of a percent."""
GENERAL = "general"
"""The scope whose shares hold wherever a project has none of its own for a figure."""
EVER, FOREVER = date(1900, 1, 1), date(9999, 12, 31)
"""Since when a share holds that was never agreed anew; and the day of what has not happened yet."""
Joint = Callable[[QuerySet], QuerySet]
"""Of the shares of one set those whose units were merged into one."""


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


class SharedQuerySet(CreditedQuerySet):
    """Rows whose credit is shared through their project. `amounts` are the columns that shares divide.

    Of a project's sets of shares the one counts that holds at the row's own day, of the scope asked for by
    `shared_by`, or the general one where the project has none of that scope. Where units of one set were merged,
    their parts of it are one.
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
        rows, units = self._with_scope(), standing_for(self.heirs, unit_id)
        own = _shares(self.project_path).filter(self._in_force(OuterRef), unit__in=units)
        found = {f"credit_{name}": Subquery(own.values(source)[:1]) for name, source in OF_SHARE.items()}
        joint = None
        if len(units) > 1:
            joint = partial(_of_units, units)
            found |= {"credit_bp": _sum(own, F("percent")), "credit_landing": Exists(own.filter(landing=True))}
        rows = rows.filter(Exists(own)).annotate(**found)
        kept = {name: f"credit_{name}" for name in OF_SHARE}
        return rows.annotate(**{f"credited_{name}": self._part(name, kept, joint) for name in self.amounts})

    def shared(self, wanted: bool) -> QuerySet:
        """Those whose project counts for several units in some scope on the row's day; or the others."""
        parts = _shares(self.project_path).filter(_on(OuterRef(self.day_path)), percent__lt=WHOLE)
        return self.with_credit_day().filter(Exists(parts) if wanted else ~Exists(parts))

    def by_unit(self, *, amount: str | None = None, distinct: str | Combinable | None = None) -> QuerySet:
        """{"credited_unit", "rows", "share", "amount", "valued", "distinct"} for every unit with a share, in one
        query."""
        rows = self._with_credit().order_by().values(credited_unit=self.heir_of("credit__unit"))
        # A row of which two merged units had a part is one row of their heir.
        once = {"distinct": bool(self.heirs)}
        sums = {"rows": Count("pk", **once), "share": Sum("credit__percent")}
        if amount:
            # In this order: once `amount` names the sum, a column of that name is no longer read.
            valued = Case(When(**{f"{amount}__isnull": False}, then=F("pk"))) if self.heirs else amount
            sums |= {"valued": Count(valued, **once), "amount": Sum(self._part(amount, JOINED))}
        if distinct:
            sums["distinct"] = Count(distinct, distinct=True)
        return rows.annotate(**sums)

    def with_credits(self, *amounts: str) -> QuerySet:
        """Every row once for each unit with a share: as `credited_to` has it, and `credited_unit`."""
        rows = self._with_credit().annotate(credited_unit=self.heir_of("credit__unit"))
        if not self.heirs:
            rows = rows.annotate(credit_bp=F("credit__percent"))
            return rows.annotate(**{f"credited_{name}": self._part(name, JOINED) for name in amounts})
        own = self._of_same_heir(self._set_of(JOINED))
        # Annotated, then asked: within a filter `credit` would be joined once more.
        rows = rows.annotate(credit_told=Exists(own.filter(pk__lt=OuterRef("credit__pk")))).filter(credit_told=False)
        rows = rows.annotate(credit_bp=_sum(own, F("percent")), credit_landing=Exists(own.filter(landing=True)))
        kept = {**JOINED, "landing": "credit_landing"}
        return rows.annotate(**{f"credited_{name}": self._part(name, kept, self._of_same_heir) for name in amounts})

    def _of_same_heir(self, shares: QuerySet) -> QuerySet:
        """Those of the shares that count for the row's `credited_unit`."""
        return shares.annotate(heir=self.heir_of("unit")).filter(heir=OuterRef("credited_unit"))

    def _with_credit(self) -> QuerySet:
        path = "projectshares" if self.project_path == "pk" else f"{self.project_path}__projectshares"
        current = FilteredRelation(path, condition=Q(**{f"{path}__voided_at": None}))
        rows = self._with_scope().annotate(credit=current)
        return rows.filter(self._in_force(F, "credit__"), credit__isnull=False)

    def _in_force(self, of_row: type[Combinable], path: str = "") -> Q:
        """Shares (at that path) that count for the row. In one filter: a second one joins once more."""
        scope = Value(GENERAL) if self.scope == GENERAL else of_row("credit_by")
        return _on(of_row(self.day_path), path) & Q(**{f"{path}scope": scope})

    def _with_scope(self) -> QuerySet:
        """`credit_by`: of which scope the shares are that count for the row, where it is not the general one."""
        rows = self.with_credit_day()
        if self.scope == GENERAL:
            return rows
        special = _shares(self.project_path).filter(_on(OuterRef(self.day_path)), scope=self.scope)
        used = Case(When(Exists(special), then=Value(self.scope)), default=Value(GENERAL))
        return rows.annotate(credit_by=used)

    def with_credit_day(self) -> QuerySet:
        """With what `day_path` names, where that is no column."""
        return self

    def _set_of(self, share: Mapping[str, str]) -> QuerySet:
        """All shares of the set to which the row's own one belongs."""
        own_set = {"scope": OuterRef(share["scope"]), "since": OuterRef(share["since"])}
        return _shares(self.project_path).filter(**own_set).order_by()

    def _part(self, amount: str, share: Mapping[str, str], joint: Joint | None = None) -> Combinable:
        """Of that amount; `share` says where the row has what its share says, `joint` which shares of the set are
        one with it."""
        others = self._set_of(share).filter(landing=False)
        part = _yuan(OuterRef(amount)) * F("percent") / Value(WHOLE)
        taken, own = _taken(others, part), _yuan(F(amount)) * F(share["bp"]) / Value(WHOLE)
        if joint is not None:
            own = _taken(joint(others), part)
            taken = taken - own
        remainder = _yuan(F(amount)) - taken
        return Case(When(**{share["landing"]: True}, then=remainder), default=own, output_field=MoneyField())


OF_SHARE = {"bp": "percent", "landing": "landing", "since": "since", "scope": "scope"}
"""What a row is told of its share → where the share keeps it."""
JOINED = {name: f"credit__{source}" for name, source in OF_SHARE.items()}
"""The same where row and share are joined."""


def _of_units(units: Sequence[int], shares: QuerySet) -> QuerySet:
    return shares.filter(unit__in=units)


def _sum(shares: QuerySet, each: Combinable) -> Subquery:
    # Func, not Sum: an aggregate over an outer column would be summed in the outer query.
    added = shares.order_by().annotate(added=Func(each, function="SUM", output_field=BigIntegerField()))
    return Subquery(added.values("added"), output_field=BigIntegerField())


def _taken(shares: QuerySet, each: Combinable) -> Cast:
    return _yuan(Coalesce(_sum(shares, each), Value(0)))


def _shares(project_path: str) -> QuerySet:
    shares = apps.get_model("projects", "ProjectShare").objects.current()
    return shares.filter(project=OuterRef(project_path))


def _on(day: Combinable, path: str = "") -> Q:
    """Shares (at that path) that hold on that day, of whatever scope."""
    # The usual share holds for ever: asked first, since a row's day may be a question of its own.
    begun = Q(**{f"{path}since": EVER}) | Q(**{f"{path}since__lte": day})
    return begun & (Q(**{f"{path}superseded_from": None}) | Q(**{f"{path}superseded_from__gt": day}))


def _yuan(amount: Combinable) -> Cast:
    """Whole 元 as the database's own integer, so that division truncates on both databases."""
    return Cast(amount, BigIntegerField())
