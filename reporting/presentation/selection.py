"""A selection on one page: where it stands, who applied for what, and who is chosen."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from reporting.models import Application, Publication, Selection
from reporting.models.publications import PublicationStage
from reporting.models.selections import ApplicationStage
from reporting.presentation.addresses import score_address
from reporting.presentation.publication import Step
from reporting.presentation.wording import NONE
from reporting.ranking import Draft
from reporting.rating.roster import Roster
from reporting.scoring.results import Outcome, UnitResult, shown_total
from reporting.scoring.selection import SAID
from townships.models import PilotTerm


@dataclass(frozen=True)
class ApplicantRow:
    """One township; `total`, `rank` and `outcome` are empty until they may be seen."""

    application: Application
    total: str
    rank: str
    outcome: str
    undecided: bool
    decidable: bool
    url: str
    term: str


@dataclass(frozen=True)
class SelectionPage:
    answer: str
    steps: tuple[Step, ...]
    groups: tuple[tuple[str, str, tuple[ApplicantRow, ...]], ...]
    """(category, its places in words, applicants)"""


def selection_page(
    selection: Selection,
    applications: Sequence[Application],
    sheets: Sequence[Roster],
    publication: Publication | None,
    draft: Draft | None,
    terms: Mapping[int, PilotTerm],
    today: date,
) -> SelectionPage:
    """`draft`: None where the scores may not be seen yet; `terms`: what was granted, by the unit's key."""
    results = {result.unit: result for result in draft.results.units} if draft else {}
    rows = [_row(row, results.get(row.unit.name), draft, publication, terms) for row in applications]
    return SelectionPage(
        answer=_answer(selection, applications, sheets, publication, rows, today),
        steps=tuple(_steps(selection, applications, sheets, publication, terms, today)),
        groups=tuple(_groups(selection, rows)),
    )


def _row(
    application: Application,
    result: UnitResult | None,
    draft: Draft | None,
    publication: Publication | None,
    terms: Mapping[int, PilotTerm],
) -> ApplicantRow:
    undecided = result is not None and result.outcome == Outcome.UNDECIDED
    in_checking = publication is not None and publication.stage == PublicationStage.CHECKING
    term = terms.get(application.unit_id)
    return ApplicantRow(
        application=application,
        total=(shown_total(result.total, draft.rules.rounding) if result and draft else None) or NONE,
        rank=_place(result),
        outcome=_outcome(application, result),
        undecided=undecided,
        decidable=in_checking and (undecided or application.decided is not None),
        url=score_address(draft, result.unit) if result and draft and result.total is not None else "",
        term=_days(term) if term else "",
    )


def _place(result: UnitResult | None) -> str:
    if result is None or result.rank is None:
        return NONE
    return f"{'并列' if result.tied else ''}第{result.rank}"


def _outcome(application: Application, result: UnitResult | None) -> str:
    if application.stage == ApplicationStage.REFUSED:
        return "不予受理"
    if result is None or result.rank is None:
        return NONE
    return "待会议决定" if result.outcome == Outcome.UNDECIDED else result.notes[0]


def _groups(selection: Selection, rows: Sequence[ApplicantRow]) -> Iterator[tuple[str, str, tuple[ApplicantRow, ...]]]:
    """The categories that have places, then whatever else was applied for; by rank, then as they are listed."""
    places = selection.scheme.rules.places
    applied = [row.application.get_category_display() for row in rows]
    for group in dict.fromkeys((*places, *applied)):
        members = [row for row in rows if row.application.get_category_display() == group]
        yield group, f"名额{places.get(group, 0)}个", tuple(sorted(members, key=_order))


def _order(row: ApplicantRow) -> tuple[bool, int]:
    digits = "".join(filter(str.isdigit, row.rank))
    return (not digits, int(digits or 0))


def _steps(
    selection: Selection,
    applications: Sequence[Application],
    sheets: Sequence[Roster],
    publication: Publication | None,
    terms: Mapping[int, PilotTerm],
    today: date,
) -> Iterator[Step]:
    accepted = sum(row.stage == ApplicationStage.ACCEPTED for row in applications)
    stage = publication.stage if publication else ""
    yield Step("申报", f"{_day(selection.apply_until)}截止，{len(applications)}个", True)
    yield Step("审查", f"受理{accepted}个" if applications else "", accepted > 0)
    yield Step("专家评分", _scored(sheets), bool(sheets))
    yield Step("核对", f"到{_day(publication.answer_by)}" if publication else "", bool(publication))
    until = publication.announced_until if publication else None
    yield Step("公示", f"到{_day(until)}" if until else "", bool(until))
    when = publication.published_at if publication else None
    yield Step("发布", _day(timezone.localdate(when)) if when else "", stage == PublicationStage.PUBLISHED)
    given = [row for row in applications if row.unit_id in terms]
    yield Step("授予试点", f"{len(given)}个" if given and when else "", bool(given and when))


def _scored(sheets: Sequence[Roster]) -> str:
    if not sheets:
        return ""
    asked, answered = sum(len(s.asked) for s in sheets), sum(s.answered for s in sheets)
    return f"已评{answered}/{asked}"


def _answer(
    selection: Selection,
    applications: Sequence[Application],
    sheets: Sequence[Roster],
    publication: Publication | None,
    rows: Iterable[ApplicantRow],
    today: date,
) -> str:
    """Who is chosen; before that, what is to be done next."""
    chosen = [row for row in rows if row.outcome.startswith(SAID[Outcome.CHOSEN])]
    if publication and chosen:
        names = "，".join(_chosen_in(selection, chosen))
        first = "" if publication.is_published else f"按{publication.get_stage_display()}的得分，"
        return f"{first}入选{names}。"
    if selection.takes_applications_on(today):
        return f"{_day(selection.apply_until)}前申报，已有{len(applications)}个乡镇申报。"
    waiting = sum(row.stage == ApplicationStage.APPLIED for row in applications)
    if waiting:
        return f"申报已截止，还有{waiting}个没有审查。"
    return f"申报已截止，{_scored(sheets) or '还没有下发专家评分表'}。"


def _chosen_in(selection: Selection, chosen: Sequence[ApplicantRow]) -> Iterator[str]:
    for group in selection.scheme.rules.places:
        names = [row.application.unit.name for row in chosen if row.application.get_category_display() == group]
        if names:
            yield f"{group}{'、'.join(names)}"


def _days(term: PilotTerm) -> str:
    end = f"至{_day(term.last_day)}" if term.last_day else "起"
    return f"{_day(term.first_day)}{end}"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
