"""What the sentences of a briefing are told about a ranking: figures against targets, points won and lost."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from reporting.briefing.sentences import Reached, Scored
from reporting.measures import ADDED_UP, CreditRule, SpanRule, scopes_of
from reporting.models import Metric
from reporting.presentation.awards import metrics_behind
from reporting.presentation.figures import DraftFigures
from reporting.presentation.wording import PLACES
from reporting.progress import MONTHS_OF_YEAR
from reporting.ranking import Draft
from reporting.scoring.results import UnitResult
from reporting.scoring.scheme import Indicator

THIS = {"month": "本月", "quarter": "本季度", "half_year": "本半年", "year": ""}
LAST = {"month": "上月", "quarter": "上季度", "half_year": "上一个半年", "year": "上年"}


class Facts:
    """Read from the draft alone, which is frozen where it was published."""

    def __init__(self, draft: Draft):
        self.draft = draft
        self.figures = DraftFigures(draft)
        self.inputs = {unit.name: unit for unit in draft.inputs.units}
        self.metrics = list(self._read_by_indicators())

    def _read_by_indicators(self) -> Iterator[Metric]:
        """Single numbers in the scheme's order; a list of numbers is no figure to quote."""
        names = (r.name for indicator in self.draft.rules.indicators for r in indicator.formula.references)
        for name in dict.fromkeys(metrics_behind(self.draft, names)):
            if not any(isinstance(unit.actual.get(name), tuple) for unit in self.inputs.values()):
                yield self.draft.metrics[name]

    @property
    def with_targets(self) -> list[Metric]:
        """Metrics of which some unit has a target."""
        return [m for m in self.metrics if any(self.figures.target(unit, m.name) is not None for unit in self.inputs)]

    def reached(self, unit: str, metric: Metric) -> Reached:
        name, before = metric.name, self.inputs[unit].last_year.get(metric.name)
        return Reached(
            name=name,
            unit=metric.unit_of_measure,
            actual=self.figures.actual(unit, name),
            target=self.figures.target(unit, name),
            due=self._due(unit, name),
            before=before if isinstance(before, Decimal) else None,
            own_period=THIS[self.draft.period.kind] if metric.span == SpanRule.PERIOD else "",
            year_over=self.draft.period.months_elapsed == MONTHS_OF_YEAR,
            whole=self.draft.inputs.prorate.get(name) == "ceil",
        )

    def _due(self, unit: str, name: str) -> Decimal | None:
        """A target that is not spread has no pace, unless somebody planned one."""
        spread = self.draft.inputs.prorate.get(name, "even")
        planned = self.inputs[unit].plan.get(name) is not None
        return self.figures.due(unit, name) if spread != "none" or planned else None

    def each(self, metric: Metric) -> list[tuple[str, Reached]]:
        """In the order of the ranking."""
        return [(result.unit, self.reached(result.unit, metric)) for result in self.draft.results.units]

    def totals(self) -> Iterator[Reached]:
        """All units together, of what can be added up and is money or has a target."""
        asked = {metric.name for metric in self.with_targets}
        for metric in self.metrics:
            if adds_up(metric) and (metric.is_money or metric.name in asked):
                yield _together([reached for _, reached in self.each(metric)])

    def scored(self, result: UnitResult) -> list[Scored]:
        """The indicators that gave a score: 无任务 and those in error gave none."""
        rules = {rule.name: rule for rule in self.draft.rules.indicators_for(result.group)}
        rounding = self.draft.rules.rounding.indicator
        places = PLACES if rounding is None else rounding
        return [
            Scored(item.name, item.score, item.full or Decimal(0), self._behind(result.unit, rules[item.name]), places)
            for item in result.indicators
            if item.score is not None
        ]

    def _behind(self, unit: str, indicator: Indicator) -> tuple[Reached, ...]:
        names = dict.fromkeys(metrics_behind(self.draft, [r.name for r in indicator.formula.references]))
        return tuple(self.reached(unit, metric) for metric in self.metrics if metric.name in names)


def adds_up(metric: Metric) -> bool:
    """Whether units' figures sum to a total in which nothing counts twice."""
    apart = metric.credit == CreditRule.SHARE or len(scopes_of(metric.book)) == 1
    return metric.measure in ADDED_UP and apart


def _together(parts: Sequence[Reached]) -> Reached:
    return replace(
        parts[0],
        actual=_sum([part.actual for part in parts]),
        target=_sum([part.target for part in parts]),
        due=_sum([part.due for part in parts]),
        before=_sum([part.before for part in parts]),
    )


def _sum(values: Sequence[Decimal | None]) -> Decimal | None:
    """None where one is missing: a total of some would pass for a total of all."""
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if len(known) == len(values) else None
