"""The figure that a meeting asks for after the ranks: money, all units together, against the year and its pace."""

from decimal import Decimal

from reporting.presentation.figures import DraftFigures, rate
from reporting.presentation.wording import ahead, money, percent
from reporting.ranking import Draft
from reporting.scoring.figures import MONTHS_OF_YEAR


def headline(draft: Draft, figures: DraftFigures) -> str:
    """4个单位本年累计到位资金4.31亿元，完成年度目标的53.9%，超时序3.9个百分点; empty where the scheme has none.

    It is the first tie break that is money and has a target for every unit. Rates come from raw values.
    """
    units = list(figures.units)
    for name in draft.rules.ranking.tie_break:
        metric = draft.metrics.get(name)
        if metric is None or not metric.is_money:
            continue
        actual = _sum([figures.actual(unit, name) for unit in units])
        target = _sum([figures.target(unit, name) for unit in units])
        if actual is not None and target:
            return f"{len(units)}个单位{name}{money(actual)}，{_progress(draft, name, actual, target)}"
    return ""


def _progress(draft: Draft, name: str, actual: Decimal, target: Decimal) -> str:
    done = rate(actual, target) or Decimal(0)
    sentence = f"完成年度目标的{percent(done)}"
    if draft.inputs.prorate.get(name) == "none":
        return sentence
    pace = Decimal(draft.inputs.months_for(name)) / MONTHS_OF_YEAR
    return f"{sentence}，{ahead(done - pace)}"


def _sum(values: list[Decimal | None]) -> Decimal | None:
    """None where one is missing: a total of some would pass for a total of all."""
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if values and len(known) == len(values) else None
