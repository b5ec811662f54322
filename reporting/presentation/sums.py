"""How a total comes about, step by step, as someone with a pocket calculator repeats it."""

from collections.abc import Iterator
from decimal import Decimal

from reporting.formula.exact import plain
from reporting.presentation.wording import score_words
from reporting.scoring.assessment import base_points
from reporting.scoring.results import UnitResult, shown_total
from reporting.scoring.scheme import Rounding, Scheme

MODES = {"half_up": "四舍五入", "down": "舍去多余位数"}


def steps_to_total(rules: Scheme, result: UnitResult) -> tuple[str, ...]:
    """Sentences in the order of the arithmetic; none where there is no total."""
    return tuple(_steps(rules, result)) if result.total is not None else ()


def _steps(rules: Scheme, result: UnitResult) -> Iterator[str]:
    yield f"每项按算式代入数字{_rounded_as(rules.rounding)}，得出该项得分。"
    scores = [item.score for item in result.indicators if item.score is not None]
    added = " + ".join(score_words(score, rules.rounding) for score in scores)
    yield f"各项得分相加：{added} = {plain(sum(scores, Decimal(0)))}。"
    if result.factor:
        every, remaining = result.factor
        base = base_points(result.indicators, result.factor)
        yield f"无任务的指标折算：× {plain(every)} ÷ {plain(remaining)} = {plain(base or Decimal(0))}。"
    yield from _extras(rules, result)
    yield f"总分 {shown_total(result.total, rules.rounding)}，保留{rules.rounding.total}位小数{_why(rules, result)}。"


def _rounded_as(rounding: Rounding) -> str:
    if rounding.indicator is None:
        return "，不取舍"
    return f"，{MODES[rounding.mode]}到{rounding.indicator}位小数"


def _extras(rules: Scheme, result: UnitResult) -> Iterator[str]:
    if rules.bonuses:
        cap = "" if rules.bonus_cap is None else f"（合计至多{plain(rules.bonus_cap)}分）"
        yield f"加分{cap}：+ {shown_total(result.bonus, rules.rounding)}。"
    if rules.deductions:
        yield f"扣分：− {shown_total(result.deduction, rules.rounding)}。"


def _why(rules: Scheme, result: UnitResult) -> str:
    """Where the total is not the plain sum: a veto that gives zero, or the floor."""
    base = base_points(result.indicators, result.factor) or Decimal(0)
    whole = base + (result.bonus or 0) - (result.deduction or 0)
    if rules.floor is not None and whole < rules.floor:
        return f"，低于{plain(rules.floor)}分的按{plain(rules.floor)}分计"
    return f"，因{result.vetoed}记零" if result.vetoed and not result.total and whole else ""
