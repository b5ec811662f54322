"""A published ranking computed again from its own inputs, and its figures from their own rows."""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal

from reporting.formula.evaluate import Value
from reporting.formula.exact import nine_places
from reporting.publishing.chain import canonical
from reporting.publishing.freezing import RESULTS, lines_part
from reporting.publishing.lines import figure_of, from_json
from reporting.ranking import Draft


def broken_ranking(draft: Draft, texts: Mapping[str, str]) -> Iterator[str]:
    """`texts`: the parts by name, from which `draft` was read back."""
    if canonical(draft.results.as_json()) != texts.get(RESULTS):
        yield "按冻结的输入重新计算，结果与发布的不同。"
    yield from _unequal_figures(draft, texts)


def _unequal_figures(draft: Draft, texts: Mapping[str, str]) -> Iterator[str]:
    """A figure that its own counted rows do not add up to."""
    inputs = {unit.name: unit for unit in draft.inputs.units}
    for participant in draft.participants:
        unit = participant.unit
        figures = json.loads(texts[lines_part(unit)])
        for name, metric in draft.metrics.items():
            total = figure_of(metric, [from_json(line) for line in figures[metric.code]["counted"]])
            if total is not None and as_frozen(total) != inputs[unit.name].actual.get(name):
                yield f"{unit.name}{name}与所列记录之和不符。"


def as_frozen(figure: Value) -> Value:
    """At the nine places that inputs are kept with."""
    return nine_places(figure) if isinstance(figure, Decimal) else figure
