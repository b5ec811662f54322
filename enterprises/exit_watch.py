"""退库预警名单: who in the library shows a light before the exit window, and why."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from core.ledgers.ledger import ledger_for
from core.periods import months_ended
from core.records import STILL_STANDS
from core.write import Door, Refused
from enterprises.exit_rules import LIGHTS, MONTHS, ExitWarning, Facts, Rule, warn
from enterprises.models import DeclarationStep, DeclarationWindow, Enterprise, EnterpriseMonth, ExitRule, Origin
from enterprises.standards import thresholds_of
from enterprises.thresholds import Threshold, threshold_of

FIXTURE = Path(__file__).resolve().parent.parent / "fixtures" / "exit-rules.json"


@dataclass(frozen=True)
class Watched:
    """An enterprise in the library with a light."""

    enterprise: Enterprise
    facts: Facts
    warning: ExitWarning

    @property
    def light(self) -> str:
        return self.warning.light

    @property
    def reason(self) -> str:
        return "；".join(self.warning.reasons)


@dataclass(frozen=True)
class Reports:
    """What one enterprise reported itself: {month: revenue}."""

    revenue: dict[date, Decimal | None]

    def silent(self, months: Sequence[date]) -> int:
        """Months without a report at the end."""
        told = [place for place, month in enumerate(months, 1) if month in self.revenue]
        return len(months) - max(told, default=0)


@cache
def shipped_rules() -> tuple[Rule, ...]:
    return tuple(Rule(**row) for row in json.loads(FIXTURE.read_text("utf-8")))


def rules_of(county_id: int) -> tuple[Rule, ...]:
    """The county's own rules in use; the shipped ones where it keeps none."""
    rows = list(ExitRule.objects.current().in_county(county_id).order_by("code"))
    own = tuple(Rule(r.signal, r.light, r.bound, r.least_months, r.status) for r in rows if r.in_use)
    return own if rows else shipped_rules()


def add_shipped_rules(writing: Door) -> list[ExitRule]:
    """The shipped rules as the county's own. Raises Refused where it keeps some already."""
    if ExitRule.objects.current().in_county(writing.actor.county_id).exists():
        raise Refused("本县已经有退库预警规则，请逐条修改。")
    rows = [
        ExitRule(signal=r.signal, light=r.light, bound=r.bound, least_months=r.least_months, status=r.status)
        for r in shipped_rules()
    ]
    return writing.add_many(rows)


def watched(seat: Any, day: date) -> list[Watched]:
    """The severest first, by township; what is reported by that day is the month that has ended before it."""
    rows = ledger_for("enterprises").rows(seat).filter(listing=DeclarationStep.LISTED)
    enterprises = list(rows.select_related("township").order_by("township__position", "code"))
    found = judged(enterprises, seat.county_id, day)
    return sorted(found, key=lambda line: LIGHTS.index(line.light))


def judged(enterprises: Sequence[Enterprise], county_id: int, day: date) -> list[Watched]:
    """Those that show a light, in a fixed number of queries."""
    if not enterprises:
        return []
    rules, months = rules_of(county_id), months_before(day)
    reports = reports_of(enterprises, county_id, months)
    anybody = bool(reports) or anybody_reports(county_id, months)
    standards = thresholds_of(county_id)
    lines = [(one, facts_of(one, reports.get(one.pk), months, day, anybody, standards)) for one in enterprises]
    return [Watched(one, facts, found) for one, facts in lines if (found := warn(rules, facts))]


def anybody_reports(county_id: int, months: Sequence[date]) -> bool:
    """Or a county that does not collect months would be told that all are silent."""
    rows = EnterpriseMonth.objects.current().in_county(county_id).filter(origin=Origin.SELF)
    return rows.filter(happened_on__gte=months[0], happened_on__lte=months[-1]).exists()


def months_before(day: date) -> tuple[date, ...]:
    """First days of the twelve months that have ended before that day."""
    return months_ended(day - timedelta(days=1), MONTHS)


def reports_of(enterprises: Sequence[Enterprise], county_id: int, months: Sequence[date]) -> dict[int, Reports]:
    """{enterprise key: what it said itself}; one statement. Whoever never reports stands not in it."""
    rows = EnterpriseMonth.objects.current().in_county(county_id).filter(STILL_STANDS, origin=Origin.SELF)
    rows = rows.filter(happened_on__gte=months[0], happened_on__lte=months[-1])
    rows = rows.filter(enterprise__in=[enterprise.pk for enterprise in enterprises])
    found: dict[int, Reports] = {}
    for key, month, revenue in rows.values_list("enterprise", "happened_on", "revenue"):
        found.setdefault(key, Reports({})).revenue[month] = revenue
    return found


def facts_of(
    enterprise: Enterprise,
    reports: Reports | None,
    months: Sequence[date],
    day: date,
    anybody: bool,
    rows: Iterable[Threshold],
) -> Facts:
    """`anybody`: whether any enterprise of the county reports at all; `rows`: the standard."""
    standard = threshold_of(enterprise.industry, day, rows)
    told = reports or Reports({})
    known = [value for value in told.revenue.values() if value is not None]
    return Facts(
        line=standard.amount if standard else None,
        revenue=sum(known, Decimal(0)),
        reported=len(known),
        silent=told.silent(months) if anybody else None,
        status=enterprise.status,
        status_label=enterprise.get_status_display(),
    )


def next_exit_window(county_id: int, day: date) -> DeclarationWindow | None:
    """The window in which exits are taken next, open or still to come."""
    rows = DeclarationWindow.objects.current().in_county(county_id).not_over(day)
    return rows.filter(takes_exits=True).first()
