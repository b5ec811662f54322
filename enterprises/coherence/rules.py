"""What is odd in an enterprise's month: one pure function for each kind of rule; limits come in as values.

A finding is a question in words. None says what the figure ought to be.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from math import exp, log, log10
from statistics import median

from core.periods import month_label
from enterprises.coherence.series import FIGURES, Firm, History, Series, earlier, window


class Kind(StrEnum):
    RATIO = "ratio"
    ZERO = "zero"
    PEERS = "peers"
    SLIP = "slip"
    REPEAT = "repeat"
    LAST_YEAR = "last_year"
    NEGATIVE = "negative"
    SKIPPED = "skipped"


USUAL_SPREAD = 1.4826
"""A median absolute deviation times this is a standard deviation, where the scatter is normal."""
LEAST_SPREAD = 0.05
"""Logs: a series that hardly ever moved would make a question out of every rounding."""
RATIO_POINTS = 6
SLIP_POINTS = 3
PEERS_POINTS = 5
"""Fewer months, or fewer peers, say nothing of what is usual."""
UNIT_POWERS = (1, 2, 3, 4)
"""元, 千元 and 万元 taken for one another, or a digit too many."""
STEADY = ("employees",)
"""Figures that stay alike of themselves."""
MONEY = ("revenue", "output", "invoiced", "tax")


@dataclass(frozen=True)
class Terms:
    """One rule as values. What `limit`, `least` and `months` mean, `LIMITS` says for each kind."""

    key: str
    kind: Kind
    figure: str
    other: str
    limit: Decimal
    least: Decimal
    months: int


LIMITS = {
    Kind.RATIO: ("偏离多少个离散度", "至少偏离百分之几", ""),
    Kind.ZERO: ("", "", "连续几个月"),
    Kind.PEERS: ("同行中位数的倍数", "", ""),
    Kind.SLIP: ("偏离多少个离散度", "倍数允许相差百分之几", ""),
    Kind.REPEAT: ("", "", "至少几项指标"),
    Kind.LAST_YEAR: ("", "", "至少几项指标"),
    Kind.NEGATIVE: ("", "", ""),
    Kind.SKIPPED: ("", "", ""),
}
"""kind → what `limit`, `least` and `months` are called in it; empty: it has no such."""


@dataclass(frozen=True)
class Line:
    """A series as it was seen: `values` by the months of the finding, None where nothing was told."""

    figure: str
    origin: str
    values: tuple[Decimal | None, ...]


@dataclass(frozen=True)
class Finding:
    """`weight`: how far from usual, to choose between findings about one figure."""

    firm: int
    rule: str
    kind: Kind
    figure: str
    sentence: str
    months: tuple[date, ...]
    lines: tuple[Line, ...]
    weight: float

    @property
    def origins(self) -> set[str]:
        return {line.origin for line in self.lines}


@dataclass(frozen=True)
class Case:
    """One firm's month before one rule. `peers`: the same ratio of the others in its group."""

    terms: Terms
    firm: Firm
    month: date
    peers: Sequence[float] = ()

    def pairs(self) -> Iterator[tuple[History, History]]:
        """Histories to compare: the figure as the enterprise reports it, the other from whoever tells it."""
        own = self.firm.own
        if own and self.terms.figure in own.rows.get(self.month, {}):
            yield from ((own, history) for history in self.firm.telling(self.terms.other, self.month))

    def found(self, sentence: str, weight: float, *parts: tuple[str, History]) -> Finding:
        months = (*window(self.month), self.month)
        lines = tuple(Line(name, one.origin, _values(one.series(name), months)) for name, one in parts)
        return Finding(self.firm.pk, self.terms.key, self.terms.kind, parts[0][0], sentence, months, lines, weight)


def _values(series: Series, months: Sequence[date]) -> tuple[Decimal | None, ...]:
    return tuple(series.get(month) for month in months)


# -- own history -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Usual:
    """Centre and spread of logarithms, by median and MAD: one odd month among twelve moves neither."""

    centre: float
    spread: float

    @classmethod
    def of(cls, logs: Sequence[float]) -> "Usual":
        centre = median(logs)
        spread = USUAL_SPREAD * median(abs(one - centre) for one in logs)
        return cls(centre, max(spread, LEAST_SPREAD))

    def distance(self, one: float) -> float:
        """In spreads, with its sign."""
        return (one - self.centre) / self.spread


def ratio(case: Case) -> Finding | None:
    """剪刀差: figure ÷ other against the median of the firm's own months."""
    for own, history in case.pairs():
        logs = _log_ratios(own.series(case.terms.figure), history.series(case.terms.other))
        before = [logs[month] for month in window(case.month) if month in logs]
        if case.month not in logs or len(before) < RATIO_POINTS:
            continue
        usual = Usual.of(before)
        away, times = usual.distance(logs[case.month]), exp(logs[case.month] - usual.centre)
        if abs(away) > case.terms.limit and max(times, 1 / times) > 1 + float(case.terms.least) / 100:
            sentence = RATIO.format(*_names(case.terms), month_label(case.month), len(before), told(times), abs(away))
            return case.found(sentence, abs(away), (case.terms.figure, own), (case.terms.other, history))
    return None


RATIO = "{2}{0}与{1}之比是此前{3}个月中位数的{4}倍，偏离{5:.1f}个离散度。请说明两者变化不一致的原因。"


def _log_ratios(one: Series, other: Series) -> dict[date, float]:
    both = (month for month in one if one[month] > 0 and other.get(month, Decimal(0)) > 0)
    return {month: log(one[month] / other[month]) for month in both}


def zero(case: Case) -> Finding | None:
    """有收入无投入; asked anew each time as many months have passed."""
    for own, history in case.pairs():
        run = _run(own.series(case.terms.figure), history.series(case.terms.other), case.month)
        if run and run % case.terms.months == 0:
            sentence = ZERO.format(*_names(case.terms), month_label(case.month), run)
            return case.found(sentence, run, (case.terms.figure, own), (case.terms.other, history))
    return None


ZERO = "截至{2}连续{3}个月有{0}，{1}为零。请说明原因。"


def _run(one: Series, other: Series, month: date) -> int:
    """How many months up to this one have the first, and exactly nothing of the other."""
    months = [month, *reversed(window(month))]
    odd = [one.get(at, Decimal(0)) > 0 and other.get(at) == 0 for at in months]
    return odd.index(False) if False in odd else len(odd)


def slip(case: Case) -> Finding | None:
    """单位错位: about ×10, ×100, ×1000 or ×10000, or one of these parts, of the firm's own median."""
    figures = [case.terms.figure] if case.terms.figure else list(FIGURES)
    for figure in figures:
        for history in case.firm.telling(figure, case.month):
            if finding := _slipped(case, figure, history):
                return finding
    return None


def _slipped(case: Case, figure: str, history: History) -> Finding | None:
    series = history.series(figure)
    before = [log(series[month]) for month in window(case.month) if series.get(month, Decimal(0)) > 0]
    if series[case.month] <= 0 or len(before) < SLIP_POINTS:
        return None
    usual, now = Usual.of(before), log(series[case.month])
    away, times = usual.distance(now), exp(now - usual.centre)
    power = round(abs(log10(times)))
    allowed = log10(1 + float(case.terms.least) / 100)
    if power not in UNIT_POWERS or abs(abs(log10(times)) - power) > allowed or abs(away) <= case.terms.limit:
        return None
    sentence = SLIP.format(FIGURES[figure][0], month_label(case.month), len(before), told(times), FIGURES[figure][1])
    return case.found(sentence, abs(away), (figure, history))


SLIP = "{1}{0}是此前{2}个月中位数的{3}倍，接近整十、整百、整千或整万倍。请核对是否按{4}填写。"


# -- others ----------------------------------------------------------------------------------------


def peers(case: Case) -> Finding | None:
    """The ratio against the median of at least five others of the same industry in the same township."""
    own = case.firm.own
    mine = ratio_of(case.firm, case.terms, case.month)
    if own is None or mine is None or len(case.peers) < PEERS_POINTS:
        return None
    times = mine / median(case.peers)
    if times <= case.terms.limit:
        return None
    sentence = PEERS.format(*_names(case.terms), month_label(case.month), len(case.peers), told(times))
    return case.found(sentence, times, (case.terms.figure, own), (case.terms.other, own))


PEERS = "{2}{0}与{1}之比是本乡镇同行业其他{3}家企业中位数的{4}倍。请说明原因。"


def ratio_of(firm: Firm, terms: Terms, month: date) -> float | None:
    """As the enterprise reports both itself; None where one of them is missing or not above zero."""
    row = firm.own.rows.get(month, {}) if firm.own else {}
    one, other = row.get(terms.figure, Decimal(0)), row.get(terms.other, Decimal(0))
    return float(one / other) if one > 0 and other > 0 else None


# -- what was typed --------------------------------------------------------------------------------


def repeat(case: Case) -> Finding | None:
    return _alike(case, earlier(case.month, 1), "上月")


def last_year(case: Case) -> Finding | None:
    return _alike(case, earlier(case.month, 12), "上年同月")


def _alike(case: Case, then: date, word: str) -> Finding | None:
    """Every figure the same; what stays alike of itself, and zeros, prove nothing."""
    own = case.firm.own
    now = own.rows.get(case.month, {}) if own else {}
    telling = [name for name, value in now.items() if value != 0 and name not in STEADY]
    if own is None or len(telling) < case.terms.months or dict(own.rows.get(then, {})) != dict(now):
        return None
    sentence = ALIKE.format(month_label(case.month), len(now), word, month_label(then))
    return case.found(sentence, len(telling), *((name, own) for name in telling[:2]))


ALIKE = "{0}填报的{1}项数据与{2}（{3}）完全相同。请核对是否沿用了旧数。"


def negative(case: Case) -> Finding | None:
    """A figure below zero: then the year's sum falls."""
    own = case.firm.own
    row = own.rows.get(case.month, {}) if own else {}
    below = [name for name in MONEY if row.get(name, Decimal(0)) < 0]
    if own is None or not below:
        return None
    sentence = NEGATIVE.format(month_label(case.month), "、".join(FIGURES[name][0] for name in below))
    return case.found(sentence, len(below), *((name, own) for name in below))


NEGATIVE = "{0}{1}为负数，累计数会比上月减少。请说明冲减的原因。"


def skipped(case: Case) -> Finding | None:
    """A month told before the one that comes first."""
    own, before = case.firm.own, earlier(case.month, 1)
    if own is None or case.month not in own.rows or before in own.rows:
        return None
    known = [month for month in window(case.month) if month in own.rows]
    if not known:
        return None
    sentence = SKIPPED.format(month_label(case.month), month_label(before), month_label(known[-1]))
    return case.found(sentence, 1, (next(iter(own.rows[case.month])), own))


SKIPPED = "{0}的数据先于{1}提交，最近一次填报是{2}。请核对月份是否填错，或者补报缺少的月份。"


CHECKS: Mapping[Kind, Callable[[Case], Finding | None]] = {
    Kind.RATIO: ratio,
    Kind.ZERO: zero,
    Kind.PEERS: peers,
    Kind.SLIP: slip,
    Kind.REPEAT: repeat,
    Kind.LAST_YEAR: last_year,
    Kind.NEGATIVE: negative,
    Kind.SKIPPED: skipped,
}


# -- all of a county's month -----------------------------------------------------------------------


def findings(firms: Sequence[Firm], rules: Sequence[Terms], month: date) -> list[Finding]:
    """What is to be asked of that month; one slip, or one jump, is asked about once and not under every rule."""
    groups = {terms.key: _by_group(firms, terms, month) for terms in rules if terms.kind == Kind.PEERS}
    found = []
    for firm in firms:
        cases = (Case(terms, firm, month, _others(groups, terms, firm)) for terms in rules)
        found += once([finding for case in cases if (finding := CHECKS[case.terms.kind](case))])
    return found


def once(found: Sequence[Finding]) -> list[Finding]:
    """A slipped figure explains every ratio that it spoils; of several ratios of one figure the oddest is asked."""
    slipped = {finding.figure for finding in found if finding.kind == Kind.SLIP}
    kept: list[Finding] = [one for one in found if one.kind not in (Kind.RATIO, Kind.PEERS)]
    spoilt = [one for one in found if one.kind in (Kind.RATIO, Kind.PEERS)]
    spoilt = [one for one in spoilt if not slipped.intersection(line.figure for line in one.lines)]
    odd = sorted((one for one in spoilt if one.kind == Kind.RATIO), key=lambda one: one.weight, reverse=True)
    first = {figure: next(one for one in odd if one.figure == figure) for figure in {one.figure for one in odd}}
    return [*kept, *first.values(), *(one for one in spoilt if one.kind == Kind.PEERS)]


def _by_group(firms: Sequence[Firm], terms: Terms, month: date) -> dict[tuple[int, str], dict[int, float]]:
    found: dict[tuple[int, str], dict[int, float]] = {}
    for firm in firms:
        value = ratio_of(firm, terms, month)
        if value is not None and firm.group[1]:
            found.setdefault(firm.group, {})[firm.pk] = value
    return found


def _others(
    groups: Mapping[str, Mapping[tuple[int, str], Mapping[int, float]]], terms: Terms, firm: Firm
) -> list[float]:
    group = groups.get(terms.key, {}).get(firm.group, {})
    return [value for pk, value in group.items() if pk != firm.pk]


def _names(terms: Terms) -> tuple[str, str]:
    return FIGURES[terms.figure][0], FIGURES[terms.other][0]


def told(times: float) -> str:
    """0.0123 → 0.012, 3.14 → 3.1, 98.7 → 99: two digits that mean something."""
    if times >= 10:
        return f"{times:.0f}"
    return f"{times:.1f}" if times >= 1 else f"{times:.2g}"
