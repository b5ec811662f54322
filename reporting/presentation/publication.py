"""The page of a publication: where it stands, who has answered, what is in dispute, what comes next."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from reporting.models import Answer, Dispute, Objection, Publication
from reporting.models.publications import PublicationStage
from reporting.monthly.freezing import stand_of
from reporting.monthly.statistics import MonthStatistics
from reporting.presentation.addresses import score_address
from reporting.presentation.wording import NONE
from reporting.ranking import Draft
from reporting.scoring.results import UnitResult, shown_total
from townships.models import Unit

STAGES = (PublicationStage.CHECKING, PublicationStage.APPROVED, PublicationStage.PUBLISHED)


@dataclass(frozen=True)
class Step:
    name: str
    when: str
    reached: bool


@dataclass(frozen=True)
class UnitRow:
    """A participant: what stands now, what it answered, and whether that has changed since.

    `url`: where its score is opened; empty where there is none.
    """

    unit: Unit
    url: str
    rank: str
    total: str
    answer: str
    seen: str
    disputes: int


@dataclass(frozen=True)
class PublicationPage:
    title: str
    answer: str
    steps: tuple[Step, ...]
    units: tuple[UnitRow, ...]


def newest_first(publications: Iterable[Publication]) -> list[Publication]:
    """By the day their periods end, a year before its last quarter; of one document the newest version first."""
    return sorted(publications, key=_place_in_time, reverse=True)


def _place_in_time(row: Publication) -> tuple[Any, ...]:
    return row.when.last_day, -row.when.first_day.toordinal(), row.kind, row.scheme.name, row.version


def publication_page(
    publication: Publication,
    content: Draft | MonthStatistics,
    answers: list[Answer],
    disputes: list[Dispute],
    objections: list[Objection],
    *,
    open_to_answers: bool,
) -> PublicationPage:
    """The units of a ranking in the order of their places, those of statistics as they are listed there."""
    silent = "等待答复" if open_to_answers else "到期未答复，视为同意"
    if isinstance(content, Draft):
        rows = tuple(_rows(content, answers, disputes, silent))
    else:
        rows = tuple(_listed(content, answers, disputes, silent))
    return PublicationPage(
        title=publication.title,
        answer=_answer(publication, rows, disputes, objections),
        steps=tuple(_steps(publication)),
        units=rows,
    )


def _steps(publication: Publication) -> Iterator[Step]:
    reached = STAGES.index(PublicationStage(publication.stage))
    yield Step("核对", f"到{_day(publication.answer_by)}", True)
    yield Step("审定", _day(publication.approved_on) if publication.approved_on else "", reached >= 1)
    if publication.announced_from or publication.must_be_announced:
        until = publication.announced_until
        yield Step("公示", f"到{_day(until)}" if until else "", reached >= 1)
    when = publication.published_at
    yield Step("发布", _day(timezone.localtime(when)) if when else "", reached == len(STAGES) - 1)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _rows(draft: Draft, answers: list[Answer], disputes: list[Dispute], silent: str) -> Iterator[UnitRow]:
    answered = {answer.unit.name: answer for answer in answers}
    for result in draft.results.units:
        unit = draft.unit_of[result.unit]
        total = shown_total(result.total, draft.rules.rounding) or NONE
        answer = answered.get(result.unit)
        yield UnitRow(
            unit=unit,
            url=score_address(draft, unit.name),
            rank=_place(draft, result),
            total=total,
            answer=_answered(answer, silent),
            seen="" if answer is None or answer.total in ("", total) else f"确认时总分{answer.total}",
            disputes=sum(dispute.unit.name == result.unit for dispute in disputes),
        )


def _listed(found: MonthStatistics, answers: list[Answer], disputes: list[Dispute], silent: str) -> Iterator[UnitRow]:
    answered = {answer.unit.name: answer for answer in answers}
    for participant in found.participants:
        unit = participant.unit
        answer = answered.get(unit.name)
        moved = answer is not None and answer.total not in ("", stand_of(found, unit))
        yield UnitRow(
            unit=unit,
            url="",
            rank="",
            total="",
            answer=_answered(answer, silent),
            seen="确认后数字有变动" if moved else "",
            disputes=sum(dispute.unit.name == unit.name for dispute in disputes),
        )


def _place(draft: Draft, result: UnitResult) -> str:
    """中心镇第1; 并列第2; 不排名."""
    if result.rank is None:
        return "不排名"
    group = result.group or "" if draft.rules.ranking.within == "group" else ""
    return f"{group}{'并列' if result.tied else ''}第{result.rank}"


def _answered(answer: Answer | None, silent: str) -> str:
    if answer is None:
        return silent
    when = timezone.localtime(answer.entered_at)
    return f"{when.month}月{when.day}日确认"


def _answer(
    publication: Publication, rows: tuple[UnitRow, ...], disputes: list[Dispute], objections: list[Objection]
) -> str:
    if publication.is_published:
        when = timezone.localtime(publication.published_at)
        mark = "（暂定）" if publication.provisional else ""
        published = f"{_day(when)}由{publication.published_as}发布"
        return f"第{publication.version}版{mark}，{published}，{publication.meeting}审定。"
    confirmed = sum(row.answer.endswith("确认") for row in rows)
    waiting = sum(dispute.is_open for dispute in disputes)
    asked = f"，{waiting}条复核申请待答复" if waiting else ""
    if publication.stage == PublicationStage.APPROVED:
        return f"{publication.meeting}已于{_day(publication.approved_on)}审定，{_announced(publication, objections)}。"
    return f"核对到{_day(publication.answer_by)}，{len(rows)}个单位中{confirmed}个已确认{asked}。"


def _announced(publication: Publication, objections: list[Objection]) -> str:
    """公示到2025年1月20日，期满后可以发布，1条异议待答复; 可以发布."""
    waiting = sum(objection.is_open for objection in objections)
    asked = f"，{waiting}条公示异议待答复" if waiting else ""
    if publication.announced_until is None:
        return "可以发布"
    return f"公示到{_day(publication.announced_until)}，期满后可以发布{asked}"
