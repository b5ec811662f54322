"""评奖名单: who takes which award and why, who takes none and why, what it costs, and the scheme's lists."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from core.ledgers.kinds import plain_number
from reporting.metrics import Line
from reporting.models import Metric
from reporting.presentation.addresses import figure_address, score_address
from reporting.presentation.wording import NONE
from reporting.ranking import Draft
from reporting.scoring.reasons import Listed, Reason, reasons_for
from reporting.scoring.results import UnitResult, shown_total
from townships.models import Unit

SCORES = "scores"
"""The ledger of published results: what a rule read of it is evidence from other years."""
LinesOf = Callable[[Unit, Metric], list[Line]]


@dataclass(frozen=True)
class ShownReason:
    """A sentence and the pages of the figures that it quotes: ((metric, address), …)."""

    text: str
    figures: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class AwardRow:
    """`amount` in 万元; `award` and `amount` are a dash for a unit that takes none."""

    unit: str
    url: str
    rank: str
    total: str
    award: str
    amount: str
    taken: bool
    reasons: tuple[ShownReason, ...]


@dataclass(frozen=True)
class TierSum:
    """So many units, so much money in 万元."""

    name: str
    units: int
    amount: str


@dataclass(frozen=True)
class ListedUnit:
    """`evidence`: the published results that the rule read, each with its page."""

    unit: str
    url: str
    reason: ShownReason
    evidence: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ListPage:
    name: str
    rule: str
    units: tuple[ListedUnit, ...]


@dataclass(frozen=True)
class AwardsPage:
    """`gives`: whether the scheme has awards at all; without them the page shows its lists alone."""

    title: str
    answer: str
    gives: bool
    groups: tuple[tuple[str, tuple[AwardRow, ...]], ...]
    sums: tuple[TierSum, ...]
    whole: TierSum
    lists: tuple[ListPage, ...]


def awards_page(draft: Draft, lines_of: LinesOf) -> AwardsPage:
    """`lines_of`: the records that a unit's figure counts, for the evidence behind a list."""
    found = reasons_for(draft.rules, draft.inputs, draft.measured_in)
    sums, whole = tuple(tier_sums(draft)), _sum("合计", [unit for unit in draft.results.units if unit.award])
    gives = bool(draft.rules.awards)
    lists = tuple(_list(draft, listed, lines_of) for listed in found.lists)
    return AwardsPage(
        title=f"{draft.title}{'评奖名单' if gives else '榜单'}",
        answer=_answer(draft, sums, whole) if gives else _answer_of_lists(lists),
        gives=gives,
        groups=tuple(_groups(draft, found.awards)) if gives else (),
        sums=sums,
        whole=whole,
        lists=lists,
    )


def _groups(draft: Draft, reasons: dict[str, tuple[Reason, ...]]) -> Iterator[tuple[str, tuple[AwardRow, ...]]]:
    """As ranked: in each group, or all together; who takes an award before who takes none."""
    within = draft.rules.ranking.within == "group"
    groups: dict[str, list[UnitResult]] = {}
    for result in draft.results.units:
        groups.setdefault(result.group or "" if within else "", []).append(result)
    tiers = [award.tier for award in draft.rules.awards]
    for name, members in groups.items():
        members.sort(key=lambda result: tiers.index(result.award) if result.award else len(tiers))
        yield name, tuple(_row(draft, result, reasons[result.unit]) for result in members)


def _row(draft: Draft, result: UnitResult, reasons: Iterable[Reason]) -> AwardRow:
    return AwardRow(
        unit=result.unit,
        url=score_address(draft, result.unit),
        rank=f"{'并列' if result.tied else ''}第{result.rank}" if result.rank else NONE,
        total=shown_total(result.total, draft.rules.rounding) or NONE,
        award=result.award or NONE,
        amount=plain_number(result.amount) if result.amount is not None else NONE,
        taken=result.award is not None,
        reasons=tuple(_shown(draft, result.unit, reason) for reason in reasons),
    )


def _shown(draft: Draft, unit: str, reason: Reason) -> ShownReason:
    names = dict.fromkeys(metrics_behind(draft, reason.names))
    place = draft.unit_of[unit]
    return ShownReason(reason.text, tuple((n, figure_address(draft, draft.metrics[n], place)) for n in names))


def metrics_behind(draft: Draft, names: Iterable[str]) -> Iterator[str]:
    """The metrics that these names read, through derived ones as well."""
    derived = {derived.name: derived.formula for derived in draft.rules.derived}
    for name in names:
        if name in derived:
            yield from metrics_behind(draft, [reference.name for reference in derived[name].references])
        elif name in draft.metrics:
            yield name


def tier_sums(draft: Draft) -> Iterator[TierSum]:
    """The best tier first, also one that nobody took."""
    for award in draft.rules.awards:
        yield _sum(award.tier, [unit for unit in draft.results.units if unit.award == award.tier])


def _sum(name: str, units: list[UnitResult]) -> TierSum:
    return TierSum(name, len(units), plain_number(sum((unit.amount or Decimal(0) for unit in units), Decimal(0))))


def _answer(draft: Draft, sums: Iterable[TierSum], whole: TierSum) -> str:
    """4个单位参评，3个获奖：一等奖2个，二等奖1个；奖金合计80万元。"""
    entrants = len(draft.results.units)
    if not whole.units:
        return f"{entrants}个单位参评，没有单位获奖。"
    tiers = "，".join(f"{tier.name}{tier.units}个" for tier in sums if tier.units)
    money = f"；奖金合计{whole.amount}万元" if whole.amount != "0" else ""
    return f"{entrants}个单位参评，{whole.units}个获奖：{tiers}{money}。"


def _answer_of_lists(lists: Iterable[ListPage]) -> str:
    return "；".join(f"{shown.name}{len(shown.units)}个单位" for shown in lists) + "。"


# -- lists -----------------------------------------------------------------------------------------


def _list(draft: Draft, listed: Listed, lines_of: LinesOf) -> ListPage:
    units = tuple(_listed(draft, unit, reason, lines_of) for unit, reason in listed.units)
    return ListPage(listed.name, listed.rule, units)


def _listed(draft: Draft, unit: str, reason: Reason, lines_of: LinesOf) -> ListedUnit:
    metrics = [draft.metrics[name] for name in dict.fromkeys(metrics_behind(draft, reason.names))]
    lines = (line for one in metrics if one.ledger == SCORES for line in lines_of(draft.unit_of[unit], one))
    return ListedUnit(
        unit=unit,
        url=score_address(draft, unit),
        reason=_shown(draft, unit, reason),
        evidence=tuple(dict.fromkeys((line.label, line.url) for line in lines)),
    )
