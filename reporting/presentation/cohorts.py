"""Signing years side by side, the rule's targets, and the projects that miss them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from core.amounts import show_wan, show_yi
from core.ledgers.kinds import plain_number
from core.ledgers.ledger import ledger_for
from reporting.cohorts import (
    RATES,
    Cohort,
    CohortTarget,
    Group,
    RateName,
    Signed,
    cohort_of,
    missing,
    short_of,
    target_for,
)
from reporting.presentation.wording import NONE, percent

YEARS_SHOWN = 5


@dataclass(frozen=True)
class RateCell:
    """`state` is normal or due beside a target, empty without one; `url` opens the cohort's projects."""

    rate: str
    counts: str
    state: str
    words: str


@dataclass(frozen=True)
class CohortRow:
    year: int
    signed: int
    contract: str
    url: str
    cells: tuple[RateCell, ...]


@dataclass(frozen=True)
class GroupTable:
    name: str
    rows: tuple[CohortRow, ...]


@dataclass(frozen=True)
class ProjectLine:
    """`url` is empty for whoever may not open the project. `marks`: 是, 否 for 履约, 开工, 投产."""

    name: str
    code: str
    url: str
    place: str
    signed: str
    contract: str
    marks: tuple[str, ...]
    arrived: str
    rate: str
    state: str


@dataclass(frozen=True)
class Missed:
    """A target that is not met, with the projects not in its numerator; `short`: how many more it asks for."""

    title: str
    sentence: str
    lines: tuple[ProjectLine, ...]


@dataclass(frozen=True)
class CohortPage:
    title: str
    answer: str
    rates: tuple[str, ...]
    tables: tuple[GroupTable, ...]
    missed: tuple[Missed, ...]
    opened: Missed | None
    rules: tuple[str, ...]


class CohortTables:
    """`projects`: key → what it is in its cohort; `rows`: key → the project, with place and signing to show.

    `seen`: keys of the projects that this visitor may open.
    """

    def __init__(
        self,
        year: int,
        projects: Mapping[int, Signed],
        rows: Mapping[int, Any],
        seen: frozenset[int],
        rules: tuple[Sequence[Group], Sequence[CohortTarget]],
    ):
        self.year, self.projects, self.rows, self.seen = year, projects, rows, seen
        self.groups, self.targets = rules
        self.keys = {signed.code: key for key, signed in projects.items()}
        self.years = [shown for shown in cohort_years(year) if shown > year - 2 or shown >= self._first()]

    def _first(self) -> int:
        """The oldest year with a signing: rows of nothing below it say nothing."""
        return min((project.year for project in self.projects.values()), default=self.year)

    def page(self, opened: tuple[int, str] | None) -> CohortPage:
        missed = tuple(self._missed())
        return CohortPage(
            title=f"{self.year}年签约批次",
            answer=self._answer(len(missed)),
            rates=tuple(RATES.values()),
            tables=tuple(self._table(group) for group in self.groups),
            missed=missed,
            opened=self._opened(*opened) if opened else None,
            rules=tuple(f"{target.words}（{self._group(target.group).name}）" for target in self.targets),
        )

    def _answer(self, missed: int) -> str:
        """开工率：2025年签约的…，2024年签约的60.0%，2023年签约的85.0%；2项批次要求没有达到。"""
        cohorts = [cohort_of(self.projects.values(), year, self.groups[0].key) for year in self.years[:3]]
        known = [(c.year, rate) for c in cohorts if (rate := c.rate("started")) is not None]
        if not known:
            return "这几年没有认定的正式签约。"
        rates = "，".join(f"{year}年签约的{percent(rate)}" for year, rate in known)
        return f"开工率：{rates}；" + (f"{missed}个批次没有达到要求。" if missed else "各批次都达到要求。")

    def _table(self, group: Group) -> GroupTable:
        return GroupTable(group.name, tuple(self._row(group, year) for year in self.years))

    def _row(self, group: Group, year: int) -> CohortRow:
        cohort = cohort_of(self.projects.values(), year, group.key)
        address = reverse("cohorts", args=[self.year])
        return CohortRow(
            year=year,
            signed=cohort.signed,
            contract=show_yi(cohort.contract) if cohort.signed else NONE,
            url=f"{address}?signed={year}&group={group.key}#opened" if cohort.signed else "",
            cells=tuple(self._cell(cohort, name) for name in RATES),
        )

    def _cell(self, cohort: Cohort, name: RateName) -> RateCell:
        rate = cohort.rate(name)
        target = target_for(self.targets, cohort.group, name, self.year - cohort.year)
        held = target is not None and rate is not None
        return RateCell(
            rate=NONE if rate is None else percent(rate),
            counts="" if name == "arrived" or not cohort.signed else f"{cohort.counts[name]}/{cohort.signed}",
            state=("normal" if rate >= target.at_least else "due") if held and rate is not None and target else "",
            words=f"要求{plain_number(target.at_least * 100)}%" if held and target else "",
        )

    def _missed(self) -> Iterator[Missed]:
        for group in self.groups:
            for year in self.years:
                cohort = cohort_of(self.projects.values(), year, group.key)
                for name in RATES:
                    target = target_for(self.targets, group.key, name, self.year - year)
                    if target is not None and (short := short_of(cohort, target)):
                        yield self._unmet(cohort, group, name, target, short)

    def _unmet(self, cohort: Cohort, group: Group, name: RateName, target: CohortTarget, short: int) -> Missed:
        named = "" if group.key == self.groups[0].key else group.name
        found = missing(self.projects.values(), cohort, name)
        step = RATES[name].removesuffix("率")
        return Missed(
            title=f"{cohort.year}年{named}签约项目{RATES[name]}",
            sentence=f"{target.words}，{cohort.signed}个中{cohort.counts[name]}个已{step}，还差{short}个。"
            f"不在分子的{len(found)}个（没有{step}或已经终止）：",
            lines=tuple(self._lines(found)),
        )

    def _opened(self, year: int, key: str) -> Missed:
        members = [p for p in self.projects.values() if p.year == year and key in p.groups]
        named = "" if key == self.groups[0].key else self._group(key).name
        sentence = f"共{len(members)}个，逐个列出；终止的留在分母，不在分子。"
        return Missed(f"{year}年{named}签约项目", sentence, tuple(self._lines(members)))

    def _group(self, key: str) -> Group:
        return next(group for group in self.groups if group.key == key)

    def _lines(self, found: Iterable[Signed]) -> Iterator[ProjectLine]:
        for signed in found:
            key = self.keys[signed.code]
            row = self.rows[key]
            yield ProjectLine(
                name=row.name,
                code=signed.code,
                url=ledger_for("projects").page_of(row) if key in self.seen else "",
                place=str(row.landing_unit),
                signed=ledger_for("projects").happened(row).label,
                contract=show_wan(signed.contract),
                marks=tuple("是" if fact else "否" for fact in (signed.fulfilled, signed.started, signed.produced)),
                arrived=show_wan(signed.arrived),
                rate=percent(signed.arrived / signed.contract) if signed.contract else NONE,
                state="终止" if signed.ended else "",
            )


def cohort_years(year: int) -> list[int]:
    """This year's signings first."""
    return [year - back for back in range(YEARS_SHOWN)]
