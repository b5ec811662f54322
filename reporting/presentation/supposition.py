"""What was supposed, as sentences for the top of the page."""

from collections.abc import Iterator
from datetime import date

from core.dates import DateSpan
from core.ledgers.kinds import grouped_number, plain_number
from core.periods import month_label
from projects.supposing import Reached
from reporting.ranking import Draft
from reporting.supposing.changes import place_of
from reporting.supposing.drafts import Supposed, Supposition

NAMED = "、"


def told(now: Draft, asked: Supposition, supposed: Supposed) -> list[str]:
    """假设：按…计算; 到位资金的满分由30改为50; 甲镇…的年度目标由6,000改为5,000; 三个项目…开工。"""
    return [sentence for part in (_scheme, _points, _targets, _projects) for sentence in part(now, asked, supposed)]


def _scheme(now: Draft, asked: Supposition, supposed: Supposed) -> Iterator[str]:
    if asked.scheme.pk != now.scheme.pk:
        yield f"按“{asked.scheme}”{'（草稿）' if asked.scheme.is_draft else ''}计算，不按现行的“{now.scheme}”。"


def _points(now: Draft, asked: Supposition, supposed: Supposed) -> Iterator[str]:
    for one in asked.scheme.rules.indicators:
        points = asked.changes.points.get(place_of(one))
        if points is not None:
            groups = f"（{NAMED.join(one.groups)}）" if one.groups else ""
            yield f"“{one.name}”{groups}满分由{plain_number(one.points)}改为{plain_number(points)}。"


def _targets(now: Draft, asked: Supposition, supposed: Supposed) -> Iterator[str]:
    known = {unit.name: unit.target for unit in now.inputs.units}
    for (unit, metric), target in asked.changes.targets.items():
        before = known.get(unit, {}).get(metric)
        was = grouped_number(before) if before is not None else "没有下达"
        of = now.metrics[metric].unit_of_measure if metric in now.metrics else ""
        yield f"{unit}{now.period.year}年“{metric}”目标由{was}改为{grouped_number(target)}{of}。"


def _projects(now: Draft, asked: Supposition, supposed: Supposed) -> Iterator[str]:
    if asked.day is None or not supposed.reached:
        return
    day, step = DateSpan.day(asked.day).label, asked.step.label
    names = NAMED.join(f"“{row.project}”" for row in supposed.reached)
    many = f"{len(supposed.reached)}个项目" if len(supposed.reached) > 1 else ""
    yield f"{names}{many}{day}{step}，并已认定。"
    if late := next((row for row in supposed.reached if row.late), None):
        yield _late(now, late, asked.day)


def _late(now: Draft, row: Reached, day: date) -> str:
    """What would happen in truth: a closed month takes nothing more."""
    into = f"{month_label(day)}的节点已经关账，与真实认定一样补计到{month_label(row.counted)}"
    return (
        f"{into}。"
        if row.counted <= now.period.last_day
        else f"{into}，{now.period.label}的排名里按计入月份统计的指标不会变。"
    )
