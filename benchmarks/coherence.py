"""A simulated county's months with planted oddities: how many the shipped rules find, and how often they ask in vain.

`python -m benchmarks.coherence`: 1 000 enterprises × 36 months, seeded, at ordinary scatter (×1) and at twice that.
Without a database; what a run over one costs is measured by the tests of its statements.
"""

import json
import math
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from enterprises.coherence.rules import Finding, Kind, Terms, findings
from enterprises.coherence.series import Firm, History, earlier

SHIPPED = Path(__file__).resolve().parent.parent / "fixtures" / "coherence-rules.json"
FIRST = date(2022, 1, 1)
SCATTER = {"revenue": 0.10, "power": 0.07, "water": 0.09, "gas": 0.09, "tax": 0.15, "employees": 0.02}
"""Standard deviation of a month's logarithm, besides what moves all of an enterprise's figures together."""
RATES = {"power": 400.0, "water": 20.0, "gas": 9.0, "tax": 0.04, "employees": 0.25}
"""Per 万元 of revenue, an industry's middle."""
TYPICAL = 5
"""One in so many enterprises gets one planted oddity."""
WARMED_UP = 13
"""Months before the first planted one."""
PLANTED = {
    "power": "revenue-power",
    "tax": "revenue-tax",
    "employees": "revenue-employees",
    "water": "revenue-water",
    "gas": "revenue-gas",
    "no-power": "no-power",
    "no-employees": "no-employees",
    "no-tax": "no-tax",
    "slip×10": "units",
    "slip×100": "units",
    "slip×1000": "units",
    "slip×10000": "units",
    "slip÷10": "units",
    "slip÷100": "units",
    "slip÷1000": "units",
    "slip÷10000": "units",
    "last-month": "last-month",
    "last-year": "last-year",
    "negative": "negative",
    "skipped": "skipped",
    "per-head": "per-head",
}
"""What is planted → the shipped rule that is to find it."""
Months = dict[date, dict[str, Decimal]]


@dataclass(frozen=True)
class County:
    """`planted`: (enterprise, month) → what stands there."""

    firms: list[Firm]
    months: list[date]
    planted: dict[tuple[int, date], str]


def shipped_terms() -> tuple[list[Terms], dict[str, int]]:
    """The rules as they come, and in how many months each asks the same enterprise but once."""
    rows = json.loads(SHIPPED.read_text(encoding="utf-8"))
    terms = [
        Terms(
            row["key"],
            Kind(row["kind"]),
            row.get("figure", ""),
            row.get("other", ""),
            Decimal(row.get("limit", 0)),
            Decimal(row.get("least", 0)),
            row.get("months", 1),
        )
        for row in rows
    ]
    return terms, {row["key"]: row.get("rest", 0) for row in rows}


def simulate(firms: int, months: int, scatter: float = 1.0, seed: int = 7) -> County:
    """A county of so many enterprises; one in five has one oddity, of each kind in turn."""
    chance = random.Random(seed)
    span = [earlier(FIRST, -number) for number in range(months)]
    kinds, planted, made = list(PLANTED), {}, []
    for pk in range(1, firms + 1):
        kind = "" if pk % TYPICAL else kinds[(pk // TYPICAL) % len(kinds)]
        rows = ordinary(chance, span, scatter, burns_gas=kind == "gas")
        if kind:
            at = span[chance.randrange(WARMED_UP, months)]
            plant(rows, kind, at)
            planted[pk, at] = kind
        made.append(Firm(pk, (pk % 20, f"{pk // 20 % 6 + 13}"), (History("self", rows),)))
    return County(made, span, planted)


def ordinary(chance: random.Random, span: list[date], scatter: float, burns_gas: bool = False) -> Months:
    """A level, a trend, a season; each figure with its own scatter. Every third uses no gas."""
    level, trend = chance.lognormvariate(math.log(150), 0.6), chance.gauss(0.005, 0.004)
    season, phase = chance.uniform(0, 0.25), chance.uniform(0, 2 * math.pi)
    rates = {name: rate * chance.lognormvariate(0, 0.3) for name, rate in RATES.items()}
    if chance.random() < 1 / 3 and not burns_gas:
        del rates["gas"]
    rows: Months = {}
    for number, month in enumerate(span):
        together = math.log(level) + trend * number + season * math.sin(phase + number * math.pi / 6)
        row = {"revenue": Decimal(f"{math.exp(together + chance.gauss(0, SCATTER['revenue'] * scatter)):.2f}")}
        for name, rate in rates.items():
            value = rate * math.exp(
                together * (0.9 if name == "employees" else 1) + chance.gauss(0, SCATTER[name] * scatter)
            )
            row[name] = Decimal(f"{value:.2f}" if name == "tax" else f"{max(value, 1):.0f}")
        rows[month] = row
    return rows


def plant(rows: Months, kind: str, at: date) -> None:
    row = rows[at]
    if kind.startswith("slip"):
        power = Decimal(kind[5:])
        row["revenue"] = (row["revenue"] * power if kind[4] == "×" else row["revenue"] / power).quantize(
            Decimal("0.0001")
        )
    elif kind in ("no-power", "no-employees"):
        row[kind[3:]] = Decimal(0)
    elif kind == "no-tax":
        for back in range(3):
            rows[earlier(at, back)]["tax"] = Decimal(0)
    elif kind in ("last-month", "last-year"):
        rows[at] = dict(rows[earlier(at, 1 if kind == "last-month" else 12)])
    elif kind == "negative":
        row["revenue"] = -row["revenue"]
    elif kind == "skipped":
        rows.pop(earlier(at, 1))
    elif kind == "per-head":
        for month in rows:
            rows[month]["employees"] = max(Decimal(1), (rows[month]["employees"] / 12).quantize(Decimal(1)))
    else:
        row[kind] = max(Decimal(1), (row[kind] / 5).quantize(Decimal("0.01")))


def asked(county: County) -> Iterator[tuple[date, Finding]]:
    """Month by month, as an office runs it, each rule resting as long as it says."""
    terms, rest = shipped_terms()
    last: dict[tuple[int, str], date] = {}
    for month in county.months[1:]:
        told = [firm for firm in county.firms if firm.own and month in firm.own.rows]
        for finding in findings(told, terms, month):
            key = finding.firm, finding.rule
            if key in last and last[key] >= earlier(month, rest[finding.rule]):
                continue
            last[key] = month
            yield month, finding


def judged(county: County) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """(planted, found, asked in vain), the first two by what was planted, the third by rule."""
    found: set[tuple[int, date]] = set()
    vain: Counter[str] = Counter()
    for month, finding in asked(county):
        kind = county.planted.get((finding.firm, month))
        always = [at for (pk, at), what in county.planted.items() if pk == finding.firm and what == "per-head"]
        if kind and PLANTED[kind] == finding.rule:
            found.add((finding.firm, month))
        elif always and finding.rule == "per-head":
            found.add((finding.firm, always[0]))
        elif not _of_the_same(county, finding, month):
            vain[finding.rule] += 1
    return Counter(county.planted.values()), Counter(county.planted[key] for key in found), vain


def _of_the_same(county: County, finding: Finding, month: date) -> bool:
    """Whether it asks about what was planted, from another side or a month beside it."""
    return any(pk == finding.firm and abs((at - month).days) < 93 for pk, at in county.planted)


def main() -> None:
    for scatter in (1.0, 2.0):
        county = simulate(1000, 36, scatter)
        started = time.perf_counter()
        planted, found, vain = judged(county)
        spent = time.perf_counter() - started
        print(
            f"scatter ×{scatter:g}: {sum(found.values())} of {sum(planted.values())} found,"
            f" {sum(vain.values())} in vain, {spent:.1f} s for {len(county.months)} months"
        )
        for kind in PLANTED:
            print(f"  {kind:12} {found[kind]:3} of {planted[kind]:3}")
        print("  in vain:", dict(vain) or "none")


if __name__ == "__main__":
    main()
