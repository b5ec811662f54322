"""Signing years and what became of them: 履约率, 开工率, 投产率, 到位率, and who misses the rule. Pure.

A project that was ended leaves the numerators from that day on and stays in the denominators.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any, Literal

from reporting.progress import ratio

RateName = Literal["fulfilled", "started", "produced", "arrived"]
RATES: dict[RateName, str] = {"fulfilled": "履约率", "started": "开工率", "produced": "投产率", "arrived": "到位率"}


@dataclass(frozen=True)
class Signed:
    """A project of a cohort as it stood on the day asked for; amounts in 万元.

    `fulfilled`: registered, or first funds, or started. `groups`: keys of the groups that it belongs to.
    """

    code: str
    year: int
    fulfilled: bool
    started: bool
    produced: bool
    ended: bool
    contract: Decimal
    arrived: Decimal
    groups: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Group:
    """Which projects are looked at apart; `conditions` are those of the project ledger's list."""

    key: str
    name: str
    conditions: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class CohortTarget:
    """What a cohort of that `age` in years must reach; it holds for older ones until another target does."""

    group: str
    rate: RateName
    age: int
    at_least: Decimal
    words: str


@dataclass(frozen=True)
class Cohort:
    """One signing year of one group. Rates are None where nothing was signed."""

    year: int
    group: str
    signed: int
    fulfilled: int
    started: int
    produced: int
    contract: Decimal
    arrived: Decimal

    def rate(self, name: RateName) -> Decimal | None:
        """到位率 is money over money, the others are projects over projects."""
        if name == "arrived":
            return ratio(self.arrived, self.contract)
        return ratio(Decimal(self.counts[name]), Decimal(self.signed))

    @property
    def counts(self) -> dict[RateName, int]:
        return {"fulfilled": self.fulfilled, "started": self.started, "produced": self.produced}


def cohort_of(projects: Iterable[Signed], year: int, group: str) -> Cohort:
    """到位率 of a cohort keeps what an ended project brought out of the numerator too."""
    members = [project for project in projects if project.year == year and group in project.groups]
    standing = [project for project in members if not project.ended]
    return Cohort(
        year=year,
        group=group,
        signed=len(members),
        fulfilled=sum(project.fulfilled for project in standing),
        started=sum(project.started for project in standing),
        produced=sum(project.produced for project in standing),
        contract=sum((project.contract for project in members), Decimal(0)),
        arrived=sum((project.arrived for project in standing), Decimal(0)),
    )


def target_for(targets: Iterable[CohortTarget], group: str, rate: RateName, age: int) -> CohortTarget | None:
    """The target of the greatest age that this cohort has reached."""
    fitting = [t for t in targets if t.group == group and t.rate == rate and t.age <= age]
    return max(fitting, key=lambda target: target.age, default=None)


def short_of(cohort: Cohort, target: CohortTarget) -> int:
    """How many more projects the target asks for; 0 where it is met or nothing was signed. For rates of projects."""
    counts = cohort.counts
    wanted = (target.at_least * cohort.signed).to_integral_value(ROUND_CEILING)
    return max(int(wanted) - counts[target.rate], 0)


def missing(projects: Iterable[Signed], cohort: Cohort, rate: RateName) -> list[Signed]:
    """The projects of the cohort that are not in the numerator, ended ones too."""
    members = [p for p in projects if p.year == cohort.year and cohort.group in p.groups]
    return [project for project in members if project.ended or not getattr(project, rate)]


def read_rules(data: Mapping[str, Any]) -> tuple[tuple[Group, ...], tuple[CohortTarget, ...]]:
    """From fixtures/cohorts.json; rates are text there, so that they stay exact."""
    groups = tuple(Group(row["key"], row["name"], row["conditions"]) for row in data["groups"])
    targets = tuple(CohortTarget(**{**row, "at_least": Decimal(row["at_least"])}) for row in data["targets"])
    return groups, targets
