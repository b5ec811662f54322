"""退库预警: which light an enterprise in the library shows and why, by rules that are data; pure.

A light is a question to the enterprise, never a finding: whether it leaves is the statistics office's to say.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from core.amounts import show_wan

LIGHTS = ("red", "amber", "yellow")
"""The severest first."""
MONTHS = 12
PLACES = Decimal("0.1")


@dataclass(frozen=True)
class Rule:
    """`bound`: of `revenue` the percentage of the entry line under which the light is shown; of `unreported` from how
    many months on. `least_months`: from how many reported months on a year's revenue is reckoned. `status`: the
    registration status that shows the light.
    """

    signal: str
    light: str
    bound: int = 0
    least_months: int = 0
    status: str = ""


@dataclass(frozen=True)
class Facts:
    """What is known of one enterprise. 万元. `line`: what its industry asks of a year, None where it asks no revenue.

    `revenue`: of the `reported` ones among the last twelve months. `silent`: months without a report at the end of
    them, None where nobody in the county reports at all.
    """

    line: Decimal | None
    revenue: Decimal
    reported: int
    silent: int | None
    status: str
    status_label: str

    @property
    def yearly(self) -> Decimal | None:
        """The reported months as a whole year; None where none was reported."""
        return self.revenue * MONTHS / self.reported if self.reported else None

    @property
    def share(self) -> Decimal | None:
        """Percent of the line."""
        return self.yearly * 100 / self.line if self.line and self.yearly is not None else None


@dataclass(frozen=True)
class ExitWarning:
    """The severest light, and a sentence for each signal that shows one."""

    light: str
    reasons: tuple[str, ...]


def warn(rules: Iterable[Rule], facts: Facts) -> ExitWarning | None:
    """None: nothing speaks for an exit. Of one signal only its severest light speaks."""
    shown: dict[str, Rule] = {}
    for rule in sorted(rules, key=lambda rule: LIGHTS.index(rule.light)):
        if SIGNALS[rule.signal](rule, facts):
            shown.setdefault(rule.signal, rule)
    if not shown:
        return None
    light = min((rule.light for rule in shown.values()), key=LIGHTS.index)
    return ExitWarning(light, tuple(REASONS[signal](facts) for signal in shown))


def _too_small(rule: Rule, facts: Facts) -> bool:
    """A share is compared exactly; the line itself is large enough."""
    return facts.share is not None and facts.reported >= max(rule.least_months, 1) and facts.share < rule.bound


def _silent(rule: Rule, facts: Facts) -> bool:
    return facts.silent is not None and facts.silent >= rule.bound > 0


def _ceased(rule: Rule, facts: Facts) -> bool:
    return rule.status != "" and facts.status == rule.status


SIGNALS = {"revenue": _too_small, "unreported": _silent, "status": _ceased}


def _revenue_reason(facts: Facts) -> str:
    """Rounded down: 99.99 % must not read as reached."""
    assert facts.share is not None
    assert facts.yearly is not None
    share = facts.share.quantize(PLACES, ROUND_FLOOR)
    line, told = f"入库标准{show_wan(facts.line)}万元", f"近12个月营业收入{show_wan(facts.revenue)}万元"
    if facts.reported == MONTHS:
        return f"{told}，是{line}的{share}%"
    reckoned = show_wan(facts.yearly.quantize(Decimal("0.0001")))
    return f"{told}（已报{facts.reported}个月），折算全年{reckoned}万元，是{line}的{share}%"


def _silent_reason(facts: Facts) -> str:
    if facts.silent == MONTHS:
        return "近12个月没有报过月度数据"
    return f"到上月底已有{facts.silent}个月没有报月度数据"


def _ceased_reason(facts: Facts) -> str:
    return f"登记状态是{facts.status_label}"


REASONS = {"revenue": _revenue_reason, "unreported": _silent_reason, "status": _ceased_reason}
