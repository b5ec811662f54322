"""核对 → 审定 → 发布: who may, in which order, and what must be there before the next step."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

from django.db.models import Max
from django.utils import timezone

from core.files import store
from core.models import Seal, StoredFile
from core.write import Door, Refused
from reporting.models import Answer, Dispute, FrozenPart, Metric, Publication
from reporting.models.publications import PublicationKind, PublicationStage
from reporting.presentation.wording import counted_until
from reporting.publishing.announcing import (
    OBJECTIONS,
    announced_to_the_end,
    announcement_named,
    shown_day,
    told_objections,
)
from reporting.publishing.approval import CHECKED, MOVED, in_its_time, moved_with_reason, told_answers
from reporting.publishing.chain import bound, canonical, digest
from reporting.publishing.freezing import CORRECTION
from reporting.publishing.ground import answered, as_it_stands, disputable, may_publish, other_versions, versions_of
from reporting.publishing.kinds import KINDS, Content, content_of, correction_of, stand_in
from reporting.ranking import Draft
from reporting.scoring import ENGINE_VERSION
from townships.models import Unit


def open_checking(
    writing: Door, *, draft: Content, answer_by: date, correction: str = "", provisional: bool = False
) -> Publication:
    """Begin 核对期. A period that was published before takes a 更正说明 and gets its next version.

    `provisional`: 暂定, for a year some of whose figures are final only later; never after a final version.
    """
    may_publish(writing)
    KINDS[draft.kind].check_opened(draft, timezone.localdate(writing.at))
    last = versions_of(draft.scheme, draft.period.code, draft.kind).order_by("-version").first()
    _next_version_allowed(last, correction)
    if provisional:
        _may_be_provisional(draft, last)
    if answer_by <= timezone.localdate(writing.at):
        raise Refused({"answer_by": "核对截止日期要晚于今天。"})
    row = Publication(
        kind=draft.kind,
        scheme=draft.scheme,
        period=draft.period.code,
        version=last.version + 1 if last else 1,
        answer_by=answer_by,
        correction=correction.strip(),
        provisional=provisional,
    )
    return writing.add(row, permission="publish")


def _may_be_provisional(draft: Content, last: Publication | None) -> None:
    if draft.period.kind != "year" or draft.kind != PublicationKind.RANKING:
        raise Refused({"provisional": "只有年度的发布可以暂定。"})
    if last and not last.provisional:
        raise Refused({"provisional": f"{last}是正式的，之后的更正不能再暂定。"})


def _next_version_allowed(last: Publication | None, correction: str) -> None:
    if last and not last.is_published:
        raise Refused(f"{last}正在{last.get_stage_display()}，不用再发起。")
    if last and not correction.strip():
        raise Refused({"correction": f"{last}已经发布，再发一版要写更正说明：改了什么，为什么。"})


def confirm(writing: Door, *, publication: Publication, unit: Unit, draft: Content) -> Answer:
    """确认 of a unit's own result. What stood there is kept with it."""
    publication = _takes_answers(publication, timezone.localdate(writing.at))
    stand = stand_in(draft, unit)
    if stand is None:
        raise Refused("本单位不在参评名单里，不用确认。")
    total, rank = stand
    return writing.add(Answer(publication=publication, unit=unit, total=total, rank=rank), permission="confirm")


def dispute(
    writing: Door, *, publication: Publication, unit: Unit, about: Unit, metric: Metric, claim: str, **row: Any
) -> Dispute:
    """申请复核. `row`: row_code, row_label, counted of the line in question; none for the figure as a whole."""
    publication = _takes_answers(publication, timezone.localdate(writing.at))
    if not claim.strip():
        raise Refused({"claim": "请写明申请复核的理由。"})
    if not disputable(publication, metric, about):
        raise Refused(f"{about}{metric}不在{publication}的核对范围内，不能申请复核。")
    found = Dispute(publication=publication, unit=unit, about=about, metric=metric, claim=claim.strip(), **row)
    return writing.add(found, permission="dispute")


def reply(writing: Door, *, dispute: Dispute, outcome: str, text: str) -> Dispute:
    """The county's answer, with its reason; it is given once."""
    return answered(writing, question=Dispute.objects.get(pk=dispute.pk), outcome=outcome, text=text)


def _takes_answers(publication: Publication, today: date) -> Publication:
    publication = as_it_stands(publication)
    if publication.stage != PublicationStage.CHECKING:
        raise Refused(f"{publication}{publication.get_stage_display()}，核对期已经结束。")
    if not publication.takes_answers_on(today):
        raise Refused(f"核对期到{shown_day(publication.answer_by)}已经结束，没有答复的视为同意。")
    return publication


def approve(
    writing: Door,
    *,
    publication: Publication,
    draft: Content,
    meeting: str,
    approved_on: date,
    signed_page: StoredFile | None = None,
    **announced: Any,
) -> Publication:
    """审定: the meeting, its date, the signed page. `announced`: announced_from, announced_until, contact.

    `draft`: what lay before the meeting; its results are kept.
    """
    may_publish(writing)
    publication, today = as_it_stands(publication), timezone.localdate(writing.at)
    _checked_to_the_end(publication, today)
    announcement_named(publication, announced)
    in_its_time(publication, approved_on, today, announced.get("announced_from"))
    return writing.change(
        publication,
        action="审定",
        permission="publish",
        stage=PublicationStage.APPROVED,
        meeting=meeting.strip(),
        approved_on=approved_on,
        approved_stands=KINDS[draft.kind].decided(draft),
        signed_page=signed_page,
        **announced,
    )


def _checked_to_the_end(publication: Publication, today: date) -> None:
    """Nobody is cut short: every dispute has its answer, and every unit has confirmed or had its time."""
    if publication.stage != PublicationStage.CHECKING:
        raise Refused(f"{publication}{publication.get_stage_display()}，不用再审定。")
    if count := publication.disputes.current().filter(outcome="").count():
        raise Refused(f"还有 {count} 条复核申请没有答复，请先答复。")
    waiting = silent_units(publication)
    if today <= publication.answer_by and waiting:
        names = "、".join(unit.name for unit in waiting)
        raise Refused(f"核对期到{publication.answer_by:%Y年%-m月%-d日}，{names}还没有确认。过期未答复的视为同意。")


def silent_units(publication: Publication) -> list[Unit]:
    """Participants that have neither confirmed nor asked."""
    answered = {*publication.answers.current().values_list("unit", flat=True)}
    answered |= {*publication.disputes.current().values_list("unit", flat=True)}
    participants = publication.scheme.participants.current().select_related("unit").order_by("unit__position")
    return [row.unit for row in participants if row.unit_id not in answered]


def publish(
    writing: Door,
    *,
    publication: Publication,
    draft: Content,
    before: Mapping[str, int] | None = None,
    since_approval: str = "",
) -> Publication:
    """发布: freeze the draft as it is now, bind it to the publication before it, and write down the results.

    `draft` is computed behind the same door, or its figures and its rows might be of two moments. `before`: of a
    ranking, the units' ranks in the period before. `since_approval`: why results are no longer as they were approved.
    """
    may_publish(writing)
    publication = as_it_stands(publication)
    if isinstance(draft, Draft):
        draft = replace(draft, before=before or {}, provisional=publication.provisional)
    _may_be_frozen(publication, draft, timezone.localdate(writing.at))
    texts = {name: canonical(content) for name, content in _parts(publication, draft, since_approval)}
    sums = {name: digest(text) for name, text in texts.items()}
    publication.since_approval = since_approval.strip() if MOVED in texts else ""
    _freeze(publication, writing, draft)
    publication.sha256 = bound(publication, sums)
    writing.add_many(
        [FrozenPart(publication=publication, name=name, text=text, sha256=sums[name]) for name, text in texts.items()],
        permission="publish",
    )
    KINDS[publication.kind].write_down(writing, publication, draft)
    return writing.change(
        publication,
        action="发布",
        permission="publish",
        stage=PublicationStage.PUBLISHED,
        **{name: getattr(publication, name) for name in KNOWN_NOW},
    )


def _parts(publication: Publication, draft: Content, since_approval: str) -> Iterator[tuple[str, Any]]:
    """(name, content) of all that is frozen: the document's own parts, then how it came about."""
    yield from KINDS[publication.kind].parts(draft)
    if publication.version > 1:
        last = other_versions(publication).get(version=publication.version - 1)
        yield CORRECTION, correction_of(content_of(last), draft, publication.correction)
    yield CHECKED, told_answers(publication, silent_units(publication))
    if publication.announced_from:
        yield OBJECTIONS, told_objections(publication)
    if moved := moved_with_reason(publication, draft, since_approval):
        yield MOVED, moved


def _may_be_frozen(publication: Publication, draft: Content, today: date) -> None:
    if publication.is_published:
        raise Refused(f"{publication}已由{publication.published_as}发布，不用再发布。")
    if publication.stage != PublicationStage.APPROVED:
        raise Refused(f"{publication}还没有审定，请先填写审定会议和日期。")
    announced_to_the_end(publication, today)
    if draft.broken:
        raise Refused("有指标不能计算，请先修改：" + "".join(draft.broken.values()))
    KINDS[publication.kind].check_frozen(draft)


def correction_told(publication: Publication) -> dict[str, Any]:
    """What a correction changed, as it was frozen with it; empty for a first version."""
    return _told(publication, CORRECTION)


def moved_told(publication: Publication) -> dict[str, Any]:
    """What moved between 审定 and 发布, as it was frozen; empty where nothing did."""
    return _told(publication, MOVED)


def _told(publication: Publication, name: str) -> dict[str, Any]:
    part = publication.parts.filter(name=name).first()
    return json.loads(part.text) if part else {}


def published_before(publication: Publication) -> Publication | None:
    """The county's publication that this one is chained to: the last one, whatever its period."""
    rows = Publication.objects.in_county(publication.county_id).exclude(position=None)
    return rows.order_by("-position").first()


KNOWN_NOW = (
    "since_approval",
    "position",
    "published_at",
    "published_as",
    "engine",
    "seal",
    "previous",
    "workbook",
    "sha256",
)


def _freeze(publication: Publication, writing: Door, draft: Content) -> None:
    """Everything of the head that only this moment knows."""
    earlier = published_before(publication)
    last = Publication.objects.in_county(publication.county_id).aggregate(last=Max("position"))["last"]
    publication.position = (last or 0) + 1
    publication.previous = earlier.sha256 if earlier else ""
    publication.published_at, publication.published_as = writing.at, writing.actor.label
    publication.engine = ENGINE_VERSION
    seal = Seal.objects.filter(county_id=publication.county_id).order_by("-last_id").first()
    publication.seal = seal.sha256 if seal else ""
    publication.workbook = workbook_of(publication, draft)


def workbook_of(publication: Publication, draft: Content) -> StoredFile:
    """The content as the Excel file that the publication names by its sum."""
    stream = BytesIO()
    at = publication.published_at
    KINDS[publication.kind].write(stream, draft, list(footnote(publication)), timezone.localtime(at))
    return store([stream.getvalue()], name=f"{publication}.xlsx", at=at)


def footnote(publication: Publication) -> Iterable[str]:
    """Lines under a published table: what it is, on which ground, and the sum before it in the chain."""
    scheme = publication.scheme
    yield f"方案：{scheme}" + (f"，依据：{scheme.document}" if scheme.document else "")
    when = timezone.localtime(publication.published_at)
    yield f"第{publication.version}版，{when:%Y-%m-%d %H:%M}发布，{publication.meeting}审定，部门台账口径，非统计数据"
    yield counted_until(publication.when, when.date())
    if publication.correction:
        yield f"更正说明：{publication.correction}"
    if publication.since_approval:
        yield f"审定后变动的原因：{publication.since_approval}"
    yield f"上一发布校验码：{publication.previous[:16] or '无'}，日志封条：{publication.seal[:16] or '无'}"


def withdraw(writing: Door, *, publication: Publication, reason: str) -> Publication:
    """撤回 what was never published; what was answered meanwhile stays with it."""
    may_publish(writing)
    publication = as_it_stands(publication)
    if publication.is_published:
        raise Refused("已发布的不能撤回，要更正请发下一版。")
    return writing.void(publication, reason=reason, permission="publish")
