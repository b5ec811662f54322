"""What a selection's publication has beside a ranking's: when it may begin, when it is decided, its applications."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from core.write import Refused
from reporting.models import Application, Scheme, Selection
from reporting.models.selections import ApplicationStage
from reporting.publishing.freezing import frozen_parts
from reporting.ranking import Draft
from reporting.scoring.results import Outcome
from reporting.scoring.selection import overfull

APPLICATIONS = "申报"


def selection_of(scheme: Scheme) -> Selection:
    """Raises Refused where nobody was called under this scheme."""
    found = Selection.objects.current().in_county(scheme.county_id).filter(scheme=scheme).first()
    if found is None:
        raise Refused(f"“{scheme}”还没有用来发起遴选，请先发起遴选。")
    return found


def applications_of(selection: Selection) -> list[Application]:
    """Those that stand, in the official order of the townships."""
    rows = Application.objects.current().filter(selection=selection).select_related("unit", "paper")
    return list(rows.order_by("category", "unit__position", "unit__code"))


def applications_answered(draft: Draft, today: date) -> None:
    """核对 begins after the deadline, once every township knows whether it takes part. Raises Refused."""
    selection = selection_of(draft.scheme)
    if selection.takes_applications_on(today):
        raise Refused(f"申报到{selection.apply_until:%Y年%-m月%-d日}截止，截止后才能发起核对。")
    waiting = [row.unit.name for row in applications_of(selection) if row.stage == ApplicationStage.APPLIED]
    if waiting:
        raise Refused(f"{'、'.join(waiting)}的申报还没有审查，请先受理或不予受理。")
    if not draft.participants:
        raise Refused("没有受理的申报，不能发起核对。")
    _everybody_scored(draft)


def everybody_decided(draft: Draft) -> None:
    """Raises Refused while equals wait for the meeting, or where it chose more than there are places."""
    _everybody_scored(draft)
    if waiting := [result.unit for result in draft.results.units if result.outcome == Outcome.UNDECIDED]:
        raise Refused(f"{'、'.join(waiting)}并列，名额不够，请先登记会议的决定。")
    for group, chosen in overfull(draft.results.units, draft.rules.places).items():
        places = draft.rules.places.get(group, 0)
        raise Refused(f"{group}名额{places}个，会议决定后入选{chosen}个，请核对会议的决定。")


def _everybody_scored(draft: Draft) -> None:
    if draft.results.errors:
        names = "、".join(dict.fromkeys(error.unit for error in draft.results.errors))
        raise Refused(f"{names}还没有总分，请补齐数据和专家评分（评分表截止以后才取数）。")


def selection_parts(draft: Draft) -> Iterator[tuple[str, Any]]:
    """(name, content) of every part: a ranking's, and who applied for what."""
    yield from frozen_parts(draft)
    selection = selection_of(draft.scheme)
    yield (
        APPLICATIONS,
        {
            "selection": {"code": selection.code, "name": selection.name, "document": selection.document},
            "first_day": selection.first_day.isoformat(),
            "last_day": selection.last_day.isoformat(),
            "applications": [_told(row) for row in applications_of(selection)],
        },
    )


def _told(row: Application) -> dict[str, Any]:
    return {
        "unit": row.unit.name,
        "category": row.category,
        "type": row.type,
        "paper": row.paper.sha256,
        "stage": row.stage,
        "reply": row.reply,
        "decided": row.decided,
        "decided_because": row.decided_because,
    }
