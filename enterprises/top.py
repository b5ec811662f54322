"""行业前十: which enterprises, industries and townships make how much of a figure, as enterprises report it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Sum
from django.db.models.functions import Left

from core.ledgers.ledger import ledger_for
from core.periods import Period, month_of
from core.records import STILL_STANDS
from enterprises.coherence.series import FIGURES
from enterprises.industries import divisions, sections
from enterprises.models import EnterpriseMonth, Origin
from townships.models import Unit

FIRST = 10
WHOLE = 10_000
UNKNOWN = "未填行业"
DIVISION = 2


@dataclass(frozen=True)
class Asked:
    """`section`: a letter of GB/T 4754, empty for all; `township`: None for all that the seat sees."""

    figure: str
    month: Period
    whole_year: bool = False
    section: str = ""
    township: Unit | None = None

    @property
    def first_month(self) -> date:
        return date(self.month.year, 1, 1) if self.whole_year else self.month.first_day


@dataclass(frozen=True)
class Line:
    """`share`: of the whole selection, in hundredths of a percent; None where that comes to nothing. `rank`: equals
    have the same. `members`: how many enterprises it is made of."""

    rank: int
    tied: bool
    label: str
    value: Decimal
    share: int | None
    code: str = ""
    township: str = ""
    industry: str = ""
    members: int = 1

    @property
    def percent(self) -> str:
        """15.70%: with two places, as they stand one beneath another."""
        return "—" if self.share is None else f"{Decimal(self.share) / 100:.2f}%"


@dataclass(frozen=True)
class Top:
    total: Decimal
    members: int
    enterprises: list[Line]
    industries: list[Line]
    townships: list[Line]

    @property
    def share_of_first(self) -> int | None:
        """What the enterprises in the list make together."""
        return share(sum((line.value for line in self.enterprises), Decimal(0)), self.total)


@dataclass(frozen=True)
class Member:
    """One enterprise with its figure."""

    code: str
    name: str
    township: str
    industry: str
    value: Decimal


def top_of(seat: Any, asked: Asked) -> Top:
    """Of what this seat may see; one statement."""
    members = _members(seat, asked)
    total = sum((member.value for member in members), Decimal(0))
    return Top(
        total=total,
        members=len(members),
        enterprises=_first([(member.value, [member]) for member in members], total),
        industries=_first(_grouped(members, "industry"), total),
        townships=_first(_grouped(members, "township"), total),
    )


def _members(seat: Any, asked: Asked) -> list[Member]:
    """What was refused or sent back says nothing."""
    rows = ledger_for("enterprise_months").rows(seat).filter(STILL_STANDS, origin=Origin.SELF)
    rows = rows.filter(happened_on__range=(asked.first_month, asked.month.last_day))
    rows = rows.filter(enterprise__voided_at=None, **{f"{asked.figure}__isnull": False})
    if asked.township is not None:
        rows = rows.filter(enterprise__township=asked.township)
    rows = rows.annotate(division=Left("enterprise__industry", DIVISION))
    if asked.section:
        rows = rows.filter(division__in=[division.code for division in sections()[asked.section].divisions])
    told = rows.order_by().values_list("enterprise__code", "enterprise__name", "enterprise__township__name", "division")
    return [
        Member(code, name, township, divisions()[division].name if division else UNKNOWN, Decimal(value))
        for code, name, township, division, value in told.annotate(value=Sum(asked.figure))
    ]


def _grouped(members: Iterable[Member], by: str) -> list[tuple[Decimal, list[Member]]]:
    groups: dict[str, list[Member]] = defaultdict(list)
    for member in members:
        groups[getattr(member, by)].append(member)
    return [(sum((one.value for one in group), Decimal(0)), group) for group in groups.values()]


def _first(groups: Sequence[tuple[Decimal, list[Member]]], total: Decimal) -> list[Line]:
    """The ten largest, and whoever equals the tenth; `groups` of one member are that enterprise's own line."""
    ordered = sorted(groups, key=lambda group: (-group[0], group[1][0].code))
    values = [value for value, _ in ordered]
    lines = [_line(values.index(value) + 1, values.count(value) > 1, value, group, total) for value, group in ordered]
    return [line for line in lines if line.rank <= FIRST]


def _line(rank: int, tied: bool, value: Decimal, group: list[Member], total: Decimal) -> Line:
    one = group[0]
    place = {"code": one.code, "township": one.township, "industry": one.industry}
    return Line(rank, tied, one.name, value, share(value, total), members=len(group), **place)


def share(value: Decimal, total: Decimal) -> int | None:
    return int((value * WHOLE / total).to_integral_value(ROUND_HALF_UP)) if total > 0 else None


def figures_for(seat: Any) -> list[str]:
    """Of which this seat may ask: a unit's people see their own enterprises alone."""
    kinds = EnterpriseMonth.withheld_fields
    return [n for n in FIGURES if n not in kinds or seat.reads_every(kinds[n]) or not seat.sees_county]


def last_told(seat: Any, before: date) -> Period:
    """The last month that is over by that day and of which this seat sees a report; else simply the last."""
    rows = ledger_for("enterprise_months").rows(seat).filter(origin=Origin.SELF, happened_on__lt=month_of(before))
    known = rows.order_by("-happened_on").values_list("happened_on", flat=True).first()
    return Period.containing(known, "month") if known else Period.containing(before, "month").previous()
