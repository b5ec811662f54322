"""A month's statistics as named parts, read back from them, compared, and proved."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from decimal import Decimal
from functools import lru_cache
from itertools import product
from typing import Any

from core.periods import Period
from reporting.bases import added_by, bases_of
from reporting.dashboards.city import CityPlace
from reporting.formula.exact import nine_places
from reporting.models import Metric, Publication
from reporting.monthly.arithmetic import SLOTS, YEAR_BEFORE, MonthFigure
from reporting.monthly.statistics import WHOLE, FigureKey, MonthStatistics, slot_queries, subject_of
from reporting.publishing.chain import canonical, digest
from reporting.publishing.changes import differences
from reporting.publishing.freezing import (
    BASES,
    COUNTY,
    INPUTS,
    METRICS,
    RESULTS,
    SCHEME,
    UNITS,
    add_bases,
    frozen_frame,
    frozen_sides,
    lines_part,
    lines_parts,
)
from reporting.publishing.lines import figure_of, from_json
from reporting.publishing.thawing import texts_of, thawed_frame
from townships.models import Unit

FRAME = (SCHEME, UNITS, METRICS, INPUTS)
NUMBERS = (*SLOTS, "target", "plan")
SLOT_NAMES = {"month": "本月", "month_before": "上月", "year": "本年累计", "year_before": "上年同期"}


def lines_key(metric: str, slot: str) -> str:
    """Under which a unit's part holds the rows of one of a metric's four figures."""
    return f"{metric} {slot}"


def statistics_parts(found: MonthStatistics) -> Iterator[tuple[str, Any]]:
    """(name, content) of every part; what is derived is derived from the figures as they are frozen."""
    yield from frozen_frame(found.scheme, found.participants, found.metrics)
    figures = _by_metric({k: _inputs(f) for k, f in _frozen(found)})
    city = {"city": {code: asdict(place) for code, place in found.city.items()}} if found.city else {}
    yield INPUTS, {"period": found.period.code, "figures": figures, **city}
    yield RESULTS, derived(found)
    yield from lines_parts(dict(_sides(found)), _places(found))


def _frozen(found: MonthStatistics) -> Iterator[tuple[FigureKey, MonthFigure]]:
    for key, figure in found.figures.items():
        numbers = {name: getattr(figure, name) for name in NUMBERS}
        yield key, replace(figure, **{n: None if v is None else nine_places(v) for n, v in numbers.items()})


def _inputs(figure: MonthFigure) -> dict[str, Any]:
    return {name: _text(value) if name in NUMBERS else value for name, value in asdict(figure).items()}


def _text(value: Decimal | None) -> str | None:
    """Numbers as text, so that nothing is lost on the way through JSON."""
    return None if value is None else f"{value:f}"


def _by_metric(figures: Mapping[FigureKey, Any]) -> dict[str, dict[str, Any]]:
    """{metric code: {unit code, empty for the county: …}}"""
    found: dict[str, dict[str, Any]] = {}
    for (metric, unit), content in figures.items():
        found.setdefault(metric, {})[unit] = content
    return found


def derived(found: MonthStatistics) -> dict[str, Any]:
    """Growth, completion and pace of every figure, as they are published."""
    figures = {key: {name: _text(value) for name, value in figure.derived.items()} for key, figure in _frozen(found)}
    return _by_metric(figures)


def _sides(found: MonthStatistics) -> Iterator[tuple[str, Any]]:
    for metric in found.metrics:
        for slot, (asked, period) in slot_queries(metric, found.period).items():
            sides = frozen_sides(asked, period, _places(found))
            if slot == YEAR_BEFORE:
                add_bases(sides, bases_of([(asked, period)])[0], _places(found))
            yield lines_key(metric.code, slot), sides


def _places(found: MonthStatistics) -> list[Unit | None]:
    """Whose rows are kept: each unit's, and the county's, in which every record counts once."""
    return [*(participant.unit for participant in found.participants), None]


# -- read back --------------------------------------------------------------------------------------


def published_statistics(publication: Publication) -> MonthStatistics:
    """The month exactly as published, from nothing but its own parts."""
    return _thawed(publication.code, publication.sha256, publication.pk)


# The key holds the sum over the content, so what is kept can never be older than what is stored.
@lru_cache(maxsize=32)
def _thawed(code: str, sha256: str, publication_id: int) -> MonthStatistics:
    return thaw_statistics(code, texts_of(publication_id, FRAME))


def thaw_statistics(code: str, texts: Mapping[str, str]) -> MonthStatistics:
    """`texts`: the parts by name. The models in it are values: none of them is a row of the database."""
    scheme, participants, metrics = thawed_frame(texts)
    inputs = json.loads(texts[INPUTS])
    figures = {
        (metric, unit): _figure(content)
        for metric, by_unit in inputs["figures"].items()
        for unit, content in by_unit.items()
    }
    period = Period.parse(inputs["period"])
    city = {metric: CityPlace(**place) for metric, place in inputs.get("city", {}).items()}
    return MonthStatistics(scheme, period, participants, tuple(metrics), figures, publication=code, city=city)


def _figure(content: Mapping[str, Any]) -> MonthFigure:
    # Published before there were plans: without one.
    told = {name: content.get(name) for name in NUMBERS}
    numbers = {name: None if text is None else Decimal(text) for name, text in told.items()}
    return MonthFigure(**numbers, months=content["months"], spread=content["spread"])


# -- what was confirmed, what a correction changed, what no longer fits --------------------------------


def stand_of(found: MonthStatistics, unit: Unit) -> str:
    """One short text for all figures of a unit: another text, other figures."""
    return _stand(found, unit.code)


def _stand(found: MonthStatistics, place: str) -> str:
    own = {metric: _inputs(figure) for (metric, code), figure in _frozen(found) if code == place}
    return digest(canonical(own))[:16]


def decided_statistics(found: MonthStatistics) -> dict[str, str]:
    """What a meeting decides on: the figures of every unit and of the county, by name."""
    names = {participant.unit.code: participant.unit.name for participant in found.participants} | {WHOLE: COUNTY}
    return {name: _stand(found, code) for code, name in names.items()}


def changed_statistics(before: MonthStatistics, after: MonthStatistics) -> Iterator[str]:
    """芦溪镇到位资金本年累计：4500 改为 4600."""
    names = {p.unit.code: p.unit.name for p in (*before.participants, *after.participants)} | {WHOLE: COUNTY}
    was, now = _numbers(before), _numbers(after)
    for code, name in names.items():
        if (code in was) != (code in now):
            yield f"{name}：{'新列入统计' if code in now else '不再列入统计'}"
        else:
            yield from differences(name, "", was[code], now[code])


def _numbers(found: MonthStatistics) -> dict[str, dict[str, Decimal | None]]:
    """unit code → {figure in words: number}"""
    metrics = {metric.code: subject_of(metric) for metric in found.metrics}
    titles = {**SLOT_NAMES, "target": "年度目标", "plan": "时序计划"}
    numbers: dict[str, dict[str, Decimal | None]] = {p.unit.code: {} for p in found.participants} | {WHOLE: {}}
    for (metric, unit), figure in _frozen(found):
        numbers[unit] |= {f"{metrics[metric]}{title}": getattr(figure, name) for name, title in titles.items()}
    numbers[WHOLE] |= {f"{metrics[metric]}全市排位": Decimal(place.place) for metric, place in found.city.items()}
    return numbers


def broken_statistics(found: MonthStatistics, texts: Mapping[str, str]) -> Iterator[str]:
    """Derived columns that do not follow from the frozen figures; figures that their own rows do not add up to."""
    if canonical(derived(found)) != texts.get(RESULTS):
        yield "按冻结的输入重新计算，结果与发布的不同。"
    for place in _places(found):
        lines = json.loads(texts[lines_part(place)])
        for metric, slot in product(found.metrics, SLOTS):
            figure = found.figures[metric.code, place.code if place else WHOLE]
            if not _adds_up(metric, getattr(figure, slot), lines[lines_key(metric.code, slot)]):
                yield f"{place or COUNTY}{metric.name}（{SLOT_NAMES[slot]}）与所列记录之和不符。"


def _adds_up(metric: Metric, figure: Decimal | None, sides: dict[str, Any]) -> bool:
    total = figure_of(metric, [from_json(line) for line in sides["counted"]])
    bases = added_by([from_json(line) for line in sides.get(BASES, ())])
    return not isinstance(total, Decimal) or nine_places(total + bases) == figure
