"""A scheme (考核方案): data that county staff write, checked whole before anything is calculated."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from typing import Any, Literal, Protocol, TypeVar, cast

from reporting.formula.errors import FormulaError
from reporting.formula.nodes import Figure, Formula, Name, Reference
from reporting.formula.parser import parse
from reporting.scoring import ENGINE_VERSION
from reporting.scoring.errors import SchemeError
from reporting.scoring.section import Section

FULL_POINTS = "满分"
RANKING_NAMES = ("总分", "名次", "参评数")
ASSESSMENT: Literal["assessment"] = "assessment"
PURPOSES = (ASSESSMENT, "selection")
PERIODS = ("month", "quarter", "half_year", "year")
MISSING_TARGETS = ("redistribute", "full", "zero")
MODES = ("half_up", "down")
SCOPES = ("all", "group")
EFFECTS = ("zero", "unranked", "no_award")
MOST_PLACES = 9
MOST_RANK = 999_999_999

Purpose = Literal["assessment", "selection"]
MissingTarget = Literal["redistribute", "full", "zero"]
Mode = Literal["half_up", "down"]
Scope = Literal["all", "group"]
Effect = Literal["zero", "unranked", "no_award"]


@dataclass(frozen=True, slots=True)
class Derived:
    """A metric calculated from others."""

    name: str
    formula: Formula


@dataclass(frozen=True, slots=True)
class Indicator:
    """`points` is 满分, not a cap; `groups` None: for every township (共性), else for those groups (个性)."""

    name: str
    family: str | None
    points: Decimal
    formula: Formula
    groups: tuple[str, ...] | None

    def applies_to(self, group: str | None) -> bool:
        return self.groups is None or group in self.groups


@dataclass(frozen=True, slots=True)
class Extra:
    """A bonus or a deduction, at most `cap` points."""

    name: str
    formula: Formula
    cap: Decimal | None


@dataclass(frozen=True, slots=True)
class Veto:
    name: str
    when: Formula
    effect: Effect


@dataclass(frozen=True, slots=True)
class Rounding:
    """Places of an indicator's score (None: not rounded) and of the total, and how both are rounded."""

    indicator: int | None
    total: int
    mode: Mode


@dataclass(frozen=True, slots=True)
class Ranking:
    """`tie_break`: metrics or derived metrics, the larger first."""

    within: Scope
    tie_break: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Award:
    """`ranks`: first and last; `amount` in 万元 for each that takes it; `pass_down`: what nobody takes goes down."""

    tier: str
    ranks: tuple[int, int] | None
    minimum: Decimal | None
    amount: Decimal | None
    pass_down: bool


@dataclass(frozen=True, slots=True)
class Move:
    """A promotion or a demotion by `tiers`."""

    when: Formula
    tiers: int


@dataclass(frozen=True, slots=True)
class Listing:
    """A red or black list."""

    name: str
    when: Formula


@dataclass(frozen=True, slots=True)
class Scheme:
    """A whole scheme; `derived` in the file's order.

    `purpose`: `assessment` (考核) ranks the units of each period, `selection` (遴选) those that applied and chooses as
    many of each group as `places` has for it.
    """

    engine: int
    name: str
    year: int
    period: str
    derived: tuple[Derived, ...]
    indicators: tuple[Indicator, ...]
    bonuses: tuple[Extra, ...]
    bonus_cap: Decimal | None
    deductions: tuple[Extra, ...]
    vetoes: tuple[Veto, ...]
    missing_target: MissingTarget
    rounding: Rounding
    floor: Decimal | None
    ranking: Ranking
    pass_mark: Decimal | None
    awards: tuple[Award, ...]
    promotions: tuple[Move, ...]
    demotions: tuple[Move, ...]
    lists: tuple[Listing, ...]
    purpose: Purpose = ASSESSMENT
    places: Mapping[str, int] = field(default_factory=dict)

    @property
    def selects(self) -> bool:
        return self.purpose != ASSESSMENT

    def indicators_for(self, group: str | None) -> tuple[Indicator, ...]:
        return tuple(indicator for indicator in self.indicators if indicator.applies_to(group))

    def formulas(self) -> Iterator[tuple[str, Formula, tuple[str, ...]]]:
        """Every formula: where it stands, itself, and the names it may read beside metrics."""
        for derived in self.derived:
            yield f"派生指标“{derived.name}”", derived.formula, ()
        for indicator in self.indicators:
            yield f"指标“{indicator.name}”", indicator.formula, (FULL_POINTS,)
        for bonus in self.bonuses:
            yield f"加分“{bonus.name}”", bonus.formula, ()
        for deduction in self.deductions:
            yield f"扣分“{deduction.name}”", deduction.formula, ()
        for veto in self.vetoes:
            yield f"否决“{veto.name}”", veto.when, ()
        for title, moves in (("晋档", self.promotions), ("降档", self.demotions)):
            for move in moves:
                yield f"{title}“{move.when.text}”", move.when, RANKING_NAMES
        for listing in self.lists:
            yield f"榜单“{listing.name}”", listing.when, RANKING_NAMES

    @property
    def references(self) -> tuple[Reference, ...]:
        """Every name, figure and statistic that some formula mentions."""
        return tuple(reference for _, formula, _ in self.formulas() for reference in formula.references)

    @property
    def names(self) -> frozenset[str]:
        """The names that the formulas and tie breaks read: metrics, derived metrics, 满分 and its like."""
        return frozenset(reference.name for reference in self.references) | frozenset(self.ranking.tie_break)

    @property
    def metric_names(self) -> tuple[str, ...]:
        """The names that only metrics can give, in the order of reading."""
        derived = {derived.name for derived in self.derived}
        read = (
            reference.name
            for _, formula, constants in self.formulas()
            for reference in formula.references
            if not (isinstance(reference, Name) and reference.name in constants)
        )
        return tuple(name for name in dict.fromkeys((*read, *self.ranking.tie_break)) if name not in derived)

    @property
    def functions(self) -> frozenset[str]:
        """The functions around a metric that the formulas use: `时序目标`, `上年同期`, `组内最大` …"""
        return frozenset(reference.function for reference in self.references if not isinstance(reference, Name))

    def derived_in_order(self) -> list[Derived]:
        """The derived metrics, each after those that it reads."""
        by_name = {derived.name: derived for derived in self.derived}
        order = TopologicalSorter({name: _read_by(derived, by_name) for name, derived in by_name.items()})
        return [by_name[name] for name in order.static_order()]


def load_scheme(data: Any, *, unfinished: bool = False) -> Scheme:
    """The scheme in `data`, as `read_json` gives it (numbers Decimal, int or text, never float).

    `unfinished`: one that is still being written may have no indicator yet; everything else holds for it too.

    Raises SchemeError with a Chinese sentence that names the rule broken and where.
    """
    section = Section(data, "", SchemeError)
    scheme = Scheme(
        engine=_engine(section),
        name=section.text("name"),
        year=section.whole("year", 1, 9999),
        period=section.choice("period", PERIODS),
        derived=_read_all(section, "derived", "派生指标", _derived),
        indicators=_read_all(section, "indicators", "指标", _indicator),
        bonuses=_read_all(section, "bonuses", "加分", _extra),
        bonus_cap=section.optional("bonus_cap", section.not_negative),
        deductions=_read_all(section, "deductions", "扣分", _extra),
        vetoes=_read_all(section, "vetoes", "否决", _veto),
        missing_target=cast(MissingTarget, _default(section, "missing_target", MISSING_TARGETS)),
        rounding=_rounding(section.inside("rounding")),
        floor=section.optional("floor", section.number),
        ranking=_ranking(section.inside("ranking")),
        pass_mark=section.optional("pass_mark", section.number),
        awards=_awards(section),
        promotions=_read_all(section, "promotions", "晋档", _move),
        demotions=_read_all(section, "demotions", "降档", _move),
        lists=_read_all(section, "lists", "榜单", _listing),
        purpose=cast(Purpose, _default(section, "purpose", PURPOSES)),
        places=_places(section.inside("places")),
    )
    section.close()
    if not scheme.indicators and not unfinished:
        raise SchemeError("缺少“indicators”，至少要有一个指标")
    _check(scheme)
    return scheme


@lru_cache(maxsize=256)
def scheme_in(text: str, *, unfinished: bool = False) -> Scheme:
    """The scheme in a JSON text, read once for equal texts. Raises SchemeError."""
    return load_scheme(json.loads(text), unfinished=unfinished)


Part = TypeVar("Part")


def _read_all(section: Section, key: str, title: str, read: Callable[[Section], Part]) -> tuple[Part, ...]:
    parts = []
    for inner in section.sections(key, title):
        parts.append(read(inner))
        inner.close()
    return tuple(parts)


def _engine(section: Section) -> int:
    version = section.optional("engine", lambda key: section.whole(key, 1, MOST_RANK)) or ENGINE_VERSION
    if version != ENGINE_VERSION:
        raise section.broken(f"“engine”是{version}，本系统只会按{ENGINE_VERSION}计算")
    return version


def _default(section: Section, key: str, choices: tuple[str, ...]) -> str:
    """The first choice is what an absent key means."""
    return section.optional(key, lambda asked: section.choice(asked, choices)) or choices[0]


def _formula(section: Section, key: str) -> Formula:
    try:
        formula = parse(section.text(key))
    except FormulaError as error:
        raise section.broken(f"“{key}”无法解析，{error}") from error
    if formula.holds_text:
        raise section.broken(f"“{key}”无法解析，文字只能用在逐条计算的公式里")
    return formula


def _derived(section: Section) -> Derived:
    return Derived(section.text("name"), _formula(section, "formula"))


def _indicator(section: Section) -> Indicator:
    groups = section.texts("groups")
    if not groups and section.get("groups") is not None:
        raise section.broken("“groups”至少要有一个组，都适用就不写")
    return Indicator(
        name=section.text("name"),
        family=section.optional("family", section.text),
        points=section.not_negative("points"),
        formula=_formula(section, "formula"),
        groups=groups or None,
    )


def _extra(section: Section) -> Extra:
    return Extra(section.text("name"), _formula(section, "formula"), section.optional("cap", section.not_negative))


def _veto(section: Section) -> Veto:
    return Veto(section.text("name"), _formula(section, "when"), cast(Effect, section.choice("effect", EFFECTS)))


def _rounding(section: Section) -> Rounding:
    def places(key: str) -> int:
        return section.whole(key, 0, MOST_PLACES)

    total = section.optional("total", places)
    rounding = Rounding(
        indicator=section.optional("indicator", places),
        total=2 if total is None else total,
        mode=cast(Mode, _default(section, "mode", MODES)),
    )
    section.close()
    return rounding


def _places(section: Section) -> dict[str, int]:
    return {group: section.whole(group, 1, MOST_RANK) for group in section.data}


def _ranking(section: Section) -> Ranking:
    ranking = Ranking(cast(Scope, _default(section, "within", SCOPES)), section.texts("tie_break"))
    section.close()
    return ranking


def _awards(section: Section) -> tuple[Award, ...]:
    """`pass_down` may be said once for all tiers, or for a tier."""
    everywhere = bool(section.optional("pass_down", section.flag))

    def award(inner: Section) -> Award:
        own = inner.optional("pass_down", inner.flag)
        return Award(
            tier=inner.text("tier"),
            ranks=_ranks(inner),
            minimum=inner.optional("minimum", inner.number),
            amount=inner.optional("amount", inner.not_negative),
            pass_down=everywhere if own is None else own,
        )

    return _read_all(section, "awards", "奖项", award)


def _ranks(section: Section) -> tuple[int, int] | None:
    ranks = section.items("ranks")
    if not ranks and section.get("ranks") is None:
        return None
    if len(ranks) != 2:
        raise section.broken("“ranks”应当是起止两个名次")
    first, last = (section.as_whole(rank, "“ranks”", 1, MOST_RANK) for rank in ranks)
    if first > last:
        raise section.broken("“ranks”的起始名次不能大于截止名次")
    return first, last


def _move(section: Section) -> Move:
    return Move(_formula(section, "when"), section.whole("tiers", 1, MOST_RANK))


def _listing(section: Section) -> Listing:
    return Listing(section.text("name"), _formula(section, "when"))


class _Named(Protocol):
    @property
    def name(self) -> str: ...


def _check(scheme: Scheme) -> None:
    _check_labels(scheme)
    _check_derived_names(scheme)
    _check_circles(scheme)
    if scheme.places and not scheme.selects:
        raise SchemeError("“places”是遴选的名额，考核方案不写")


def _check_labels(scheme: Scheme) -> None:
    """Labels are unique; indicators may share one where no township can meet both."""
    for number, indicator in enumerate(scheme.indicators):
        for other in scheme.indicators[:number]:
            if indicator.name == other.name and _meet(indicator, other):
                raise SchemeError(f"指标“{indicator.name}”重名，只有用于不同组的指标才能重名")
    indicator_names = list(dict.fromkeys(indicator.name for indicator in scheme.indicators))
    _check_unique("指标、加分、扣分", [*indicator_names, *_names(scheme.bonuses), *_names(scheme.deductions)])
    _check_unique("否决", _names(scheme.vetoes))
    _check_unique("奖项", [award.tier for award in scheme.awards])
    _check_unique("榜单", _names(scheme.lists))


def _meet(one: Indicator, other: Indicator) -> bool:
    return one.groups is None or other.groups is None or bool(set(one.groups) & set(other.groups))


def _names(parts: Iterable[_Named]) -> list[str]:
    return [part.name for part in parts]


def _check_unique(title: str, names: list[str]) -> None:
    for name, times in Counter(names).items():
        if times > 1:
            raise SchemeError(f"{title}的名称“{name}”重复")


def _check_derived_names(scheme: Scheme) -> None:
    names = _names(scheme.derived)
    _check_unique("派生指标", names)
    for name in names:
        if name in (FULL_POINTS, *RANKING_NAMES):
            raise SchemeError(f"派生指标不能叫“{name}”，这个名称另有所指")


def _check_circles(scheme: Scheme) -> None:
    try:
        scheme.derived_in_order()
    except CycleError as error:
        circle = "→".join(reversed(error.args[1]))
        raise SchemeError(f"派生指标循环引用：{circle}") from error


def _read_by(derived: Derived, by_name: Mapping[str, Derived]) -> set[str]:
    """The derived metrics whose value `derived` needs; figures beside a metric are looked up, never calculated."""
    return {
        reference.name
        for reference in derived.formula.references
        if reference.name in by_name and not isinstance(reference, Figure)
    }
