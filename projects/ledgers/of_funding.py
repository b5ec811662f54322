"""What the ledgers of 专项资金 share: choices, look-ups, rates with their denominators, totals by kind of money."""

from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count, F, Model, QuerySet, Sum, Value
from django.db.models.functions import Concat

from core.ledgers.ledger import Ledger
from core.readings import Unclear
from projects.models import Allocation, FundingDocument
from projects.models.funding import MoneyKind
from townships.ledgers import units
from townships.menu import Subject
from townships.models import UnitKind

WHOLE = 10_000
FISCAL = frozenset([MoneyKind.CENTRAL, MoneyKind.PROVINCE, MoneyKind.CITY, MoneyKind.COUNTY])
"""财政资金, of whatever level: the kinds that may be added up."""


def departments(seat: Any) -> QuerySet:
    """Those that may keep the money: a department's own people name themselves."""
    found = units(seat).filter(kind=UnitKind.DEPARTMENT)
    own = getattr(seat, "unit", None)
    return found.filter(pk=own.pk) if own and own.kind == UnitKind.DEPARTMENT else found


def documents(seat: Any) -> QuerySet:
    """Found in a form by code or 文号."""
    return FundingDocument.objects.current().visible_to(seat).annotate(name=F("number"))


def allocations(seat: Any) -> QuerySet:
    """Found in a form by code, or by unit and 文号 with a blank between them."""
    named = Concat("unit__name", Value(" "), "document__number")
    rows = Allocation.objects.current().visible_to(seat).annotate(name=named)
    return rows.select_related("unit", "project", "document__department")


def by_what_it_is_called(rows: Iterable[Model], noun: str, *more: str) -> Callable[[str], Any]:
    """Code, full name or one of the fields `more`, as a cell has it → the row; raises Unclear where several fit."""
    known: dict[str, set[Any]] = {}
    for row in rows:
        for said in {row.code, str(row), *(getattr(row, name) for name in more)}:
            known.setdefault("".join(said.split()), set()).add(row)

    def find(written: str) -> Any:
        found = known.get("".join(written.split()), set())
        if len(found) > 1:
            raise Unclear(f"有{len(found)}条{noun}都叫“{written}”，请改写编号。")
        return next(iter(found), None)

    return find


def rate(part: Decimal, whole: Decimal) -> int:
    """In hundredths of a percent, as `Share` shows it."""
    return int((part * WHOLE / whole).to_integral_value(ROUND_HALF_UP))


class OfMoneyLedger(Ledger):
    """Amounts of different kinds of money stand side by side above the list and are never added up."""

    subject = Subject.INVESTMENT
    kind_path = "kind"
    sums: tuple[str, ...] = ()
    """The amounts told above the list."""

    def totals(self, rows, *, credited=False, as_of=None):
        """By kind of money; of a unit's credited rows one sum where all are 财政资金 or all of one kind."""
        names = [f"credited_{name}" for name in self.amounts] if credited else list(self.sums)
        kept = rows.order_by().values("pk", *names, money=F(self.kind_path))
        sums = {f"sum_{name}": Sum(name) for name in names}
        found = list(kept.values("money").annotate(count=Count("pk"), **sums).order_by("money"))
        if credited and len({FISCAL if row["money"] in FISCAL else row["money"] for row in found}) <= 1:
            said = {name: sum((row[f"sum_{name}"] or Decimal(0) for row in found), Decimal(0)) for name in names}
        else:
            said = {f"{name}:{row['money']}": row[f"sum_{name}"] for row in found for name in names}
        return {"count": sum(row["count"] for row in found), **said}

    def amount_column(self, name):
        return super().amount_column(name.partition(":")[0])

    def amount_label(self, name):
        kind = name.partition(":")[2]
        return f"{MoneyKind(kind).label if kind else ''}{super().amount_label(name)}"
