"""Of rankings: what somebody is still asked to score, the drafts they began, and applications on their way."""

from collections.abc import Iterable
from datetime import date

from core.dates import DateSpan
from core.models import User
from core.write import Refused
from reporting.models import Application, Reviewer, Scheme
from reporting.models.ratings import RatingStage
from reporting.models.schemes import SchemeStage
from reporting.models.selections import ApplicationStage
from townships.handing_over import GIVE, Handing, Source, Thing, source_of


def _asked(person: User, county_id: int, day: date) -> list[Thing]:
    rows = Reviewer.objects.current().in_county(county_id).filter(seat__user=person)
    still = rows.filter(sheet__stage=RatingStage.COLLECTING, sheet__voided_at=None)
    return [
        Thing(f"{row.sheet}（{row.group}）", f"评分，{DateSpan.day(row.sheet.answer_by).label}截止", row)
        for row in still.select_related("sheet", "seat__user").order_by("pk")
    ]


def _give_sheet(handing: Handing, thing: Thing) -> None:
    """The place on the sheet, with what was scored so far; each score keeps under whom it was written."""
    row: Reviewer = thing.record
    seat = handing.seats.get(row.seat_id)
    if seat is None:
        raise Refused(f"评委岗位已到期，请先在“{row.sheet}”的评分表里另请评委。")
    same = Reviewer.objects.current().filter(sheet=row.sheet_id, seat=seat, group=row.group)
    if same.exists():
        raise Refused(f"{handing.receiver}已是“{row.sheet}”{row.group}的评委，请先在评分表里去掉其中一位。")
    handing.writing.change(row, action="移交", permission=GIVE, seat=seat)


def _drafts(person: User, county_id: int, day: date) -> Iterable[Thing]:
    rows = Scheme.objects.current().in_county(county_id).filter(stage=SchemeStage.DRAFT, entered_by=person)
    return [Thing(f"{row}（{row.code}）", "方案草稿") for row in rows.order_by("pk")]


def _applied(person: User, county_id: int, day: date) -> Iterable[Thing]:
    rows = Application.objects.current().in_county(county_id).filter(entered_by=person)
    waiting = rows.filter(stage=ApplicationStage.APPLIED).select_related("selection", "unit")
    return [Thing(f"{row.selection}：{row.unit}", "申报，等待审查") for row in waiting.order_by("pk")]


for source in (
    Source("评分", _asked, _give_sheet),
    Source("方案草稿", _drafts),
    Source("遴选申报", _applied),
):
    source_of(source)
