"""A scheme read out: points, formulas in words, and its other rules as sentences."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from core.ledgers.kinds import plain_number
from reporting.formula.words import in_words
from reporting.presentation.wording import css_of
from reporting.scoring.assessment import VETO_NOTES
from reporting.scoring.scheme import Award, Extra, Indicator, Move, Scheme, Veto


@dataclass(frozen=True)
class Rule:
    """`points`: 满分, or the cap; `scope`: the groups it is for."""

    name: str
    family: str
    css: str
    points: str
    scope: str
    formula: str
    words: str


@dataclass(frozen=True)
class SchemePage:
    """`totals`: Σ满分 as a sentence for each group where they differ; `rules`: all that is no formula of points."""

    answer: str
    totals: tuple[tuple[str, str], ...]
    indicators: tuple[Rule, ...]
    bonuses: tuple[Rule, ...]
    deductions: tuple[Rule, ...]
    vetoes: tuple[Rule, ...]
    derived: tuple[Rule, ...]
    rules: tuple[str, ...]
    has_groups: bool


MISSING = {
    "redistribute": "没有下达目标的指标按无任务处理，其余指标的得分之和按分值折算。",
    "full": "没有下达目标的指标得满分。",
    "zero": "没有下达目标的指标得0分。",
}
MODES = {"half_up": "四舍五入", "down": "舍去多余位数"}


def scheme_page(rules: Scheme, groups: Iterable[str]) -> SchemePage:
    """`groups`: of the units that take part, in their order; empty names stand for none."""
    totals = _totals(rules, list(dict.fromkeys(groups)))
    return SchemePage(
        answer=_answer(rules, totals),
        totals=totals,
        indicators=tuple(_indicator(indicator) for indicator in rules.indicators),
        bonuses=tuple(_extra(extra) for extra in rules.bonuses),
        deductions=tuple(_extra(extra) for extra in rules.deductions),
        vetoes=tuple(
            Rule(v.name, "", "", VETO_NOTES[v.effect], "", v.when.text, in_words(v.when)) for v in rules.vetoes
        ),
        derived=tuple(Rule(d.name, "", "", "", "", d.formula.text, in_words(d.formula)) for d in rules.derived),
        rules=tuple(_sentences(rules)),
        has_groups=any(indicator.groups for indicator in rules.indicators),
    )


def _totals(rules: Scheme, groups: list[str]) -> tuple[tuple[str, str], ...]:
    """One total where all groups have the same, else one for each."""
    sums = {group: sum((i.points for i in rules.indicators_for(group or None)), Decimal(0)) for group in groups or [""]}
    if len(set(sums.values())) == 1:
        return (("", plain_number(next(iter(sums.values())))),)
    return tuple((group, plain_number(points)) for group, points in sums.items())


def _answer(rules: Scheme, totals: tuple[tuple[str, str], ...]) -> str:
    points = "，".join(f"{group}{total}分" for group, total in totals)
    parts = [f"{len(rules.indicators)}项指标，满分合计{points}"]
    if rules.bonuses:
        cap = "" if rules.bonus_cap is None else f"，合计至多{plain_number(rules.bonus_cap)}分"
        parts.append(f"加分{len(rules.bonuses)}项{cap}")
    if rules.deductions:
        parts.append(f"扣分{len(rules.deductions)}项")
    if rules.vetoes:
        parts.append(f"一票否决{len(rules.vetoes)}项")
    return "；".join(parts) + "。"


def _indicator(rule: Indicator) -> Rule:
    scope = "、".join(rule.groups) if rule.groups else "全部"
    points, words = plain_number(rule.points), in_words(rule.formula)
    return Rule(rule.name, rule.family or "", css_of(rule.family), points, scope, rule.formula.text, words)


def _extra(extra: Extra) -> Rule:
    cap = "不限" if extra.cap is None else plain_number(extra.cap)
    return Rule(extra.name, "", "", cap, "", extra.formula.text, in_words(extra.formula))


def _veto(veto: Veto) -> Rule:
    return Rule(veto.name, "", "", VETO_NOTES[veto.effect], "", veto.when.text, in_words(veto.when))


def _sentences(rules: Scheme) -> Iterator[str]:
    yield "分组排名，各组分别排名次。" if rules.ranking.within == "group" else "全部单位一起排名。"
    if rules.ranking.tie_break:
        yield f"总分相同的，依次比较{'、'.join(rules.ranking.tie_break)}，仍相同的并列。"
    yield MISSING[rules.missing_target]
    yield from _places(rules)
    if rules.floor is not None:
        yield f"总分低于{plain_number(rules.floor)}分的，按{plain_number(rules.floor)}分计。"
    if rules.pass_mark is not None:
        yield f"合格线{plain_number(rules.pass_mark)}分，达不到的{'不入选' if rules.selects else '不评奖'}。"
    if rules.places:
        places = "，".join(f"{group}{count}个" for group, count in rules.places.items())
        yield f"名额：{places}；并列争最后名额的由会议决定。"
    yield from (_award(award) for award in rules.awards)
    yield from (_move("晋", move) for move in rules.promotions)
    yield from (_move("降", move) for move in rules.demotions)
    yield from (f"列入{listing.name}：{in_words(listing.when)}。" for listing in rules.lists)


def _places(rules: Scheme) -> Iterator[str]:
    mode, indicator = MODES[rules.rounding.mode], rules.rounding.indicator
    each = "各项得分不取舍" if indicator is None else f"各项得分{mode}到{indicator}位小数"
    yield f"{each}，总分{mode}到{rules.rounding.total}位小数。"


def _award(award: Award) -> str:
    parts = [award.tier]
    if award.ranks:
        first, last = award.ranks
        parts.append(f"第{first}名" if first == last else f"第{first}至第{last}名")
    if award.minimum is not None:
        parts.append(f"总分不低于{plain_number(award.minimum)}分")
    if award.amount is not None:
        parts.append(f"奖励{plain_number(award.amount)}万元")
    return f"{parts[0]}：{'，'.join(parts[1:]) or '不限名次'}" + ("，空缺依次递补。" if award.pass_down else "。")


def _move(word: str, move: Move) -> str:
    return f"{word}{move.tiers}档：{in_words(move.when)}。"
