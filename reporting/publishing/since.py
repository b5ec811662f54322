"""What has changed behind a published figure since: the frozen rows beside those of today."""

from typing import Any

from reporting.metrics import Line, MetricError, counted_of, not_counted_of
from reporting.models import Metric, Publication
from reporting.monthly.statistics import slot_queries
from reporting.publishing.lines import as_json
from townships.models import Unit

Sides = tuple[list[Line], list[Line]]


def changed_since(
    seat: Any, publication: Publication, metric: Metric, unit: Unit | None, frozen: Sides, slot: str = ""
) -> list[str]:
    """Sentences; none where today's rows are those of the publication. `slot`: which figure of a month's four."""
    live = Metric.objects.current().visible_to(seat).filter(code=metric.code).first()
    place = unit and Unit.objects.current().visible_to(seat).filter(code=unit.code).first()
    if live is None or (unit and place is None):
        return ["指标或单位已经撤销，不能与今天的数据比较。"]
    try:
        asked, period = slot_queries(live, publication.when)[slot] if slot else (live, publication.when)
        key = place and place.pk
        today = counted_of(asked, period, [place])[key], not_counted_of(asked, period, [place])[key]
    except MetricError as error:
        return [str(error)]
    return [*differences(frozen, today)]


def differences(frozen: Sides, today: Sides) -> list[str]:
    then, now = placed(frozen), placed(today)
    told = []
    for code in [*then, *(code for code in now if code not in then)]:
        was, stands = then.get(code), now.get(code)
        label = (stands or was)[0].label
        if sentence := _change(was, stands):
            told.append(f"{label}（{code}）：{sentence}")
    return told


def placed(sides: Sides) -> dict[str, tuple[Line, bool]]:
    """code → (line, whether it counts)"""
    counted_lines, left_out = sides
    return {line.code: (line, True) for line in counted_lines} | {line.code: (line, False) for line in left_out}


def _change(was: tuple[Line, bool] | None, stands: tuple[Line, bool] | None) -> str:
    if was is None:
        return "发布后新增，现在计入" if stands and stands[1] else "发布后新增，未计入"
    if stands is None:
        return "现在不在这个单位和期间内"
    if was[1] != stands[1]:
        return "现在计入" if stands[1] else f"现在不计入：{'；'.join(stands[0].reasons)}"
    before, after = as_json(was[0]), as_json(stands[0])
    return "内容有改动" if any(before[name] != after[name] for name in ("when", "share", "amount", "claimed")) else ""
