"""What changed between two versions of a scheme, told as the office would tell it in a meeting."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from reporting.scoring.scheme import Award, Extra, Indicator, Listing, Move, Scheme

PERIODS = {"month": "月", "quarter": "季", "half_year": "半年", "year": "年"}
PURPOSES = {"assessment": "考核", "selection": "遴选"}
MISSING = {"redistribute": "其余指标折算", "full": "得满分", "zero": "得0分"}
MODES = {"half_up": "四舍五入", "down": "舍去多余位数"}
SCOPES = {"all": "全部单位一起排", "group": "各组分别排"}
EFFECTS = {"zero": "总分记零", "unranked": "不参加排名", "no_award": "不评奖"}
NONE = "不设"


@dataclass(frozen=True, slots=True)
class Aspect:
    """One thing about a rule that may change, and how it is said."""

    label: str
    of: Callable[[Any], str]


def points(value: Decimal | None) -> str:
    """15分; 不设 where there is none."""
    return NONE if value is None else f"{number(value)}分"


def number(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def scope(indicator: Indicator) -> str:
    return "、".join(indicator.groups) if indicator.groups else "全部单位"


def quoted(formula: Any) -> str:
    return f"“{formula.text}”"


FORMULA = Aspect("算式", lambda part: quoted(part.formula))
WHEN = Aspect("条件", lambda part: quoted(part.when))
INDICATOR = (
    Aspect("满分", lambda part: points(part.points)),
    Aspect("类别", lambda part: part.family or NONE),
    Aspect("适用", scope),
    FORMULA,
)
EXTRA = (Aspect("上限", lambda part: points(part.cap)), FORMULA)
VETO = (Aspect("后果", lambda part: EFFECTS[part.effect]), WHEN)
AWARD = (
    Aspect("名次", lambda part: ranks(part)),
    Aspect("最低分", lambda part: points(part.minimum)),
    Aspect("奖励", lambda part: NONE if part.amount is None else f"{number(part.amount)}万元"),
    Aspect("空缺", lambda part: "依次递补" if part.pass_down else "不递补"),
)
SETTINGS = (
    Aspect("名称", lambda rules: rules.name),
    Aspect("年度", lambda rules: f"{rules.year}年"),
    Aspect("用途", lambda rules: PURPOSES[rules.purpose]),
    Aspect("周期", lambda rules: f"按{PERIODS[rules.period]}"),
    Aspect("加分总上限", lambda rules: points(rules.bonus_cap)),
    Aspect("没有下达目标的指标", lambda rules: MISSING[rules.missing_target]),
    Aspect("各项得分小数位", lambda rules: places(rules.rounding.indicator)),
    Aspect("总分小数位", lambda rules: places(rules.rounding.total)),
    Aspect("取舍", lambda rules: MODES[rules.rounding.mode]),
    Aspect("总分底线", lambda rules: points(rules.floor)),
    Aspect("排名范围", lambda rules: SCOPES[rules.ranking.within]),
    Aspect("并列次序", lambda rules: "、".join(rules.ranking.tie_break) or NONE),
    Aspect("合格线", lambda rules: points(rules.pass_mark)),
    Aspect("名额", lambda rules: "，".join(f"{group}{count}个" for group, count in rules.places.items()) or NONE),
)


def places(count: int | None) -> str:
    return "不取舍" if count is None else f"{count}位"


def ranks(award: Award) -> str:
    if award.ranks is None:
        return "不限"
    first, last = award.ranks
    return f"第{first}名" if first == last else f"第{first}至第{last}名"


def differences(before: Scheme, after: Scheme) -> tuple[str, ...]:
    """Sentences, none where both say the same: settings, then rules in the order of the page."""
    return tuple(_differences(before, after))


def _differences(before: Scheme, after: Scheme) -> Iterator[str]:
    yield from _changed("", SETTINGS, before, after)
    yield from _rules("指标", INDICATOR, before.indicators, after.indicators, _indicator_name, _new_indicator)
    yield from _rules("加分", EXTRA, before.bonuses, after.bonuses, _name, _new_extra)
    yield from _rules("扣分", EXTRA, before.deductions, after.deductions, _name, _new_extra)
    yield from _rules("派生指标", (FORMULA,), before.derived, after.derived, _name, lambda part: quoted(part.formula))
    yield from _rules("一票否决", VETO, before.vetoes, after.vetoes, _name, lambda part: EFFECTS[part.effect])
    yield from _rules("奖项", AWARD, before.awards, after.awards, lambda part: part.tier, ranks)
    yield from _rules("榜单", (WHEN,), before.lists, after.lists, _name, _listed)
    for title, old, new in (
        ("晋档", before.promotions, after.promotions),
        ("降档", before.demotions, after.demotions),
    ):
        yield from _moves(title, old, new)


def _name(part: Any) -> str:
    return str(part.name)


def _indicator_name(indicator: Indicator) -> str:
    """Indicators for different groups may share a label."""
    return indicator.name


def _new_indicator(part: Indicator) -> str:
    return f"{points(part.points)}，适用{scope(part)}，算式{quoted(part.formula)}"


def _new_extra(part: Extra) -> str:
    return f"上限{points(part.cap)}，算式{quoted(part.formula)}"


def _listed(part: Listing) -> str:
    return quoted(part.when)


def _rules(
    title: str,
    aspects: Sequence[Aspect],
    before: Sequence[Any],
    after: Sequence[Any],
    name: Callable[[Any], str],
    told: Callable[[Any], str],
) -> Iterator[str]:
    old, new = _by_label(before, name), _by_label(after, name)
    renamed = dict(_renamed(aspects, old, new))
    yield from (f"{title}“{was[0]}”改名为“{label[0]}”。" for label, was in renamed.items())
    yield from (f"取消{title}“{was[0]}”。" for was in old if was not in new and was not in renamed.values())
    for label, part in new.items():
        if label in old:
            subject = f"“{label[0]}”" if title == "指标" else f"{title}“{label[0]}”"
            yield from _changed(subject, aspects, old[label], part)
        elif label not in renamed:
            yield f"新增{title}“{label[0]}”（{told(part)}）。"
    if [label for label in old if label in new] != [label for label in new if label in old]:
        yield f"调整{title}的排列次序：{'、'.join(label[0] for label in new)}。"


Labels = dict[tuple[str, int], Any]


def _renamed(aspects: Sequence[Aspect], old: Labels, new: Labels) -> Iterator[tuple[tuple[str, int], tuple[str, int]]]:
    """(new label, old label) of rules that differ in nothing else."""
    gone = [label for label in old if label not in new]
    for label, part in new.items():
        same = (was for was in gone if all(aspect.of(old[was]) == aspect.of(part) for aspect in aspects))
        if label not in old and (was := next(same, None)):
            gone.remove(was)
            yield label, was


def _by_label(parts: Sequence[Any], name: Callable[[Any], str]) -> Labels:
    """Parts by label, those that share one numbered in their order."""
    found: Labels = {}
    for part in parts:
        label = name(part)
        found[label, sum(1 for known, _ in found if known == label)] = part
    return found


def _changed(subject: str, aspects: Iterable[Aspect], before: Any, after: Any) -> Iterator[str]:
    for aspect in aspects:
        old, new = aspect.of(before), aspect.of(after)
        if old != new:
            yield f"{subject}{aspect.label}由{old}改为{new}。"


def _moves(title: str, before: Sequence[Move], after: Sequence[Move]) -> Iterator[str]:
    """Moves have no name: one that differs in anything is another one."""
    old, new = {_moved(move) for move in before}, {_moved(move) for move in after}
    yield from (f"取消{title}：{_moved(move)}。" for move in before if _moved(move) not in new)
    yield from (f"新增{title}：{_moved(move)}。" for move in after if _moved(move) not in old)


def _moved(move: Move) -> str:
    return f"{quoted(move.when)}成立时动{move.tiers}档"
