"""公示: the days in which anybody may object, the objections and their answers; publishing comes after."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from core.write import Door, Refused
from reporting.models import Objection, Publication
from reporting.models.publications import PublicationStage
from reporting.publishing.ground import answered, as_it_stands, may_publish

OBJECTIONS = "公示异议"
WANTED = {"announced_from": "公示起", "announced_until": "公示止", "contact": "公示联系人和电话"}


def announcement_named(publication: Publication, announced: Mapping[str, Any]) -> None:
    """An award is approved with the days of its 公示 and somebody to turn to."""
    if publication.must_be_announced:
        what = "遴选" if publication.is_selection else "年度评奖"
        missing = {name: f"{what}要公示，请填写{title}。" for name, title in WANTED.items() if not announced.get(name)}
        if missing:
            raise Refused(missing)


def announced_to_the_end(publication: Publication, today: date) -> None:
    """Raises Refused before the day after 公示止, and while an objection waits for its answer."""
    announced = publication.announced_from and publication.announced_until and publication.contact
    if publication.must_be_announced and not announced:
        raise Refused(f"{publication}要先公示：还没有公示的起止日期和联系人，请撤回后重新办理。")
    if publication.announced_until and today <= publication.announced_until:
        raise Refused(f"公示到{shown_day(publication.announced_until)}，公示期满后才能发布。")
    if count := publication.objections.current().filter(outcome="").count():
        raise Refused(f"还有 {count} 条公示异议没有答复，请先答复。")


def raise_objection(
    writing: Door, *, publication: Publication, raised_by: str, raised_on: date, claim: str
) -> Objection:
    """Write down what somebody objected on a day of the 公示. `raised_by`: a unit, or 群众来信 and its number."""
    may_publish(writing)
    publication = as_it_stands(publication)
    _announced_on(publication, raised_on)
    if raised_on > timezone.localdate(writing.at):
        raise Refused({"raised_on": "提出日期不能晚于今天。"})
    row = Objection(publication=publication, raised_by=raised_by.strip(), raised_on=raised_on, claim=claim.strip())
    return writing.add(row, permission="publish")


def _announced_on(publication: Publication, day: date) -> None:
    if publication.stage != PublicationStage.APPROVED or publication.announced_from is None:
        raise Refused(f"{publication}不在公示，不能登记异议。")
    first, last = publication.announced_from, publication.announced_until
    if not first <= day <= last:
        raise Refused({"raised_on": f"公示期是{shown_day(first)}至{shown_day(last)}，提出日期要在公示期内。"})


def answer_objection(writing: Door, *, objection: Objection, outcome: str, text: str) -> Objection:
    """The county's answer, with its reason; it is given once."""
    return answered(writing, question=Objection.objects.get(pk=objection.pk), outcome=outcome, text=text)


def told_objections(publication: Publication) -> list[dict[str, Any]]:
    """What is frozen of them, in the order in which they came."""
    rows = publication.objections.current().order_by("raised_on", "code")
    return [
        {
            "raised_by": row.raised_by,
            "raised_on": row.raised_on.isoformat(),
            "claim": row.claim,
            "outcome": row.outcome,
            "reply": row.reply,
            "replied_on": row.replied_on.isoformat() if row.replied_on else None,
        }
        for row in rows
    ]


def shown_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
