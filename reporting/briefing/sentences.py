"""The sentences of a briefing, one function each. Pure: values in, plain office Chinese out, without a full stop.

Amounts are Decimal in the metric's own unit of measure, 万元 for money. Rates come from raw values.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.amounts import half_up
from core.growth import growth
from reporting.presentation.wording import ahead, money, percent
from reporting.progress import Progress

MONEY = "万元"


@dataclass(frozen=True)
class Reached:
    """A figure as a sentence needs it; None is what nobody knows.

    `due`: what should be there by now, None where the target has no pace. `own_period`: 本季度 for a figure of the
    period alone, which is held against what was due in it; empty for one that is held against the year. `year_over`:
    whether the year's target is due as a whole. `whole`: small counts, of which a percentage says little.
    """

    name: str
    unit: str
    actual: Decimal | None
    target: Decimal | None = None
    due: Decimal | None = None
    before: Decimal | None = None
    own_period: str = ""
    year_over: bool = False
    whole: bool = False

    @property
    def of_the_year(self) -> bool:
        return not self.own_period or self.due is None

    @property
    def paced(self) -> bool:
        """Whether the year runs on and says how much should be there by now."""
        return self.of_the_year and self.due is not None and not self.year_over

    @property
    def in_points(self) -> bool:
        """Whether being ahead is told in percentage points of the year."""
        return self.paced and not self.whole

    @property
    def yardstick(self) -> Decimal | None:
        """What the completion is of."""
        return self.target if self.of_the_year else self.due

    @property
    def completion(self) -> Decimal | None:
        return None if self.actual is None else Progress(self.actual, self.yardstick, self.due).completion

    @property
    def gap(self) -> Decimal | None:
        """Ahead or behind: a difference of rates where that is told in points, else an amount."""
        if self.actual is None or not self.yardstick:
            return None
        if self.in_points:
            return Progress(self.actual, self.target, self.due).ahead
        return self.actual - (self.due if self.paced and self.due is not None else self.yardstick)


@dataclass(frozen=True)
class Scored:
    """An indicator of one unit; `figures` are the figures behind it, `places` those at which scores are shown."""

    name: str
    score: Decimal
    full: Decimal
    figures: tuple[Reached, ...] = ()
    places: int = 2

    @property
    def lost(self) -> Decimal:
        return max(self.full - self.score, Decimal(0))

    @property
    def rate(self) -> Decimal:
        return self.score / self.full if self.full else Decimal(0)


# -- figures ---------------------------------------------------------------------------------------


def quantity(number: Decimal, places: int = 2) -> str:
    """1,200.5 or 12, at most so many places, with a true minus."""
    shown = f"{half_up(number, places) + 0:,f}"
    return (shown.rstrip("0").rstrip(".") if "." in shown else shown).replace("-", "−")


def amount(number: Decimal, unit: str) -> str:
    return money(number) if unit == MONEY else f"{quantity(number)}{unit}"


def figure(reached: Reached) -> str:
    """本年累计到位资金4.31亿元，完成年度目标的53.9%，超时序3.9个百分点，同比增长12.0%."""
    if reached.actual is None:
        return f"{reached.name}暂缺数据"
    parts = [f"{reached.name}{amount(reached.actual, reached.unit)}", completed(reached), pace(reached)]
    return "，".join(part for part in (*parts, grown(reached.actual, reached.before)) if part)


def completed(reached: Reached) -> str:
    """Held against the year's target, or against the period's part of it; empty where there is none."""
    if reached.actual is None or reached.yardstick is None:
        return ""
    name = "年度目标" if reached.of_the_year else f"{reached.own_period}时序目标"
    if reached.completion is None:
        return f"{name}为零，不计算完成率"
    return f"完成{name}的{percent(reached.completion)}"


def pace(reached: Reached) -> str:
    """超时序3.9个百分点, 欠时序2户; empty where the year's pace is not the question."""
    if not reached.paced or reached.gap is None:
        return ""
    if reached.in_points:
        return ahead(reached.gap)
    return f"{gap(reached)[0]}时序{gap(reached)[1:]}" if reached.gap else "与时序持平"


def grown(now: Decimal | None, before: Decimal | None, rate_word: str = "同比", than: str = "上年同期") -> str:
    """同比增长, 同比下降, 与上年同期持平; or 环比 and 上月. Empty where what was before is not known."""
    if now is None or before is None:
        return ""
    if now == before:
        return f"与{than}持平"
    if (rate := growth(now, before)) is None:
        return f"{than}基数为零，不作比较" if before == 0 else f"{than}基数为负，不作比较"
    if not half_up(rate * 100, 1):
        return f"与{than}基本持平"
    return f"{rate_word}{'增长' if rate > 0 else '下降'}{percent(abs(rate))}"


# -- ranks -----------------------------------------------------------------------------------------


def placed(rank: int | None, *, tied: bool = False, group: str = "", entrants: int = 2) -> str:
    """列中心镇第1名; 列并列第2名; a group of one says so."""
    if rank is None:
        return "不排名"
    alone = "（仅1个单位）" if entrants == 1 else ""
    return f"列{group}{'并列' if tied else ''}第{rank}名{alone}"


def moved(rank: int | None, before: int | None, last: str) -> str:
    """`last` is 上季度: 名次比上季度上升2位; empty where there was no rank before or is none now."""
    if rank is None or before is None:
        return ""
    if rank == before:
        return f"名次与{last}持平"
    return f"名次比{last}{'上升' if rank < before else '下降'}{abs(before - rank)}位"


def listed(names: Iterable[str]) -> str:
    return "、".join(names)


def counted(names: Sequence[str]) -> str:
    """2个（甲镇、乙镇）; 0个."""
    return f"{len(names)}个（{listed(names)}）" if names else "0个"


# -- best and weakest ------------------------------------------------------------------------------


def points(number: Decimal, places: int = 2) -> str:
    return f"{quantity(number, places)}分"


def strongest(scored: Sequence[Scored]) -> str:
    """The indicator with the highest share of its points; of equals the one with the most points."""
    best = max(scored, key=lambda one: (one.rate, one.full), default=None)
    if best is None or best.score <= 0:
        return ""
    if len(scored) > 1 and not any(one.lost for one in scored):
        return "各项指标均得满分"
    shown = points(best.score, best.places)
    return f"得分率最高的是{best.name}，满分{points(best.full)}得{shown}{_in_figures(best.figures)}"


def weakest(scored: Sequence[Scored]) -> str:
    """The indicator that lost the most points; equals are named together."""
    most = max((one.lost for one in scored), default=Decimal(0))
    if not most:
        return ""
    worst = [one for one in scored if one.lost == most]
    if len(worst) > 1:
        return f"失分最多的是{listed(one.name for one in worst)}，各失{points(most, worst[0].places)}"
    only, shown = worst[0], points(most, worst[0].places)
    return f"失分最多的是{only.name}，满分{points(only.full)}失{shown}{_in_figures(only.figures)}"


def _in_figures(figures: Iterable[Reached]) -> str:
    shown = "；".join(figure(one) for one in figures)
    return f"（{shown}）" if shown else ""


# -- who is ahead, who is behind -------------------------------------------------------------------


def gap(reached: Reached) -> str:
    """超3.9个百分点, 欠600.00万元; less than a tenth of a point says so."""
    if not reached.gap:
        return "持平"
    word = "超" if reached.gap > 0 else "欠"
    if not reached.in_points:
        return f"{word}{amount(abs(reached.gap), reached.unit)}"
    shown = half_up(abs(reached.gap) * 100, 1)
    return f"{word}{shown:f}个百分点" if shown else f"{word}不足0.1个百分点"


def standing(reached: Sequence[tuple[str, Reached]]) -> str:
    """Units ahead of the yardstick, level with it and behind, the furthest first; then those nothing is known of."""
    known = [(unit, one, one.gap) for unit, one in reached if one.gap is not None]
    over = sorted((one for one in known if one[2] > 0), key=lambda one: -one[2])
    under = sorted((one for one in known if one[2] < 0), key=lambda one: one[2])
    level = [unit for unit, _, found in known if not found]
    words = _words_for(reached)
    parts = [
        _side(words[0], over),
        f"{words[1]}的{len(level)}个：{listed(level)}" if level else "",
        _side(words[2], under),
        _unknown("没有下达目标", [unit for unit, one in reached if one.yardstick is None]),
        _unknown("目标为零", [unit for unit, one in reached if one.yardstick == 0]),
        _unknown("暂缺数据", [unit for unit, one in reached if one.yardstick and one.actual is None]),
    ]
    return "；".join(part for part in parts if part)


def _words_for(reached: Sequence[tuple[str, Reached]]) -> tuple[str, str, str]:
    """The year's own words where there is no pace any more, or where there never was one."""
    if any(one.paced or not one.of_the_year for _, one in reached):
        return "超时序", "与时序持平", "欠进度"
    return "超额完成", "刚好完成", "没有完成"


def _side(word: str, units: Sequence[tuple[str, Reached, Decimal]]) -> str:
    shown = listed(f"{unit}（{gap(one)}）" for unit, one, _ in units)
    return f"{word}的{len(units)}个：{shown}" if units else ""


def _unknown(word: str, units: Sequence[str]) -> str:
    return f"{word}的{len(units)}个：{listed(units)}" if units else ""
