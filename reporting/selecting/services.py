"""Writes about a selection: the county calls, townships apply, the county examines; the chosen become pilots."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from core.models import StoredFile
from core.write import Door, Refused
from reporting.models import Application, Metric, Participant, Publication, RatingSheet, Scheme, Selection
from reporting.models.schemes import SchemeStage
from reporting.models.selections import ApplicationStage
from reporting.ranking import Draft
from reporting.rating.services import Asked, open_sheet
from reporting.scoring.results import Outcome
from reporting.selecting.publishing import applications_of
from townships.models import PilotCategory, PilotTerm, Unit, UnitKind

ARRANGE, APPLY, DECIDE = "arrange_selection", "apply", "publish"
EXPERTS = "专家"
APPLICANTS = (UnitKind.TOWNSHIP, UnitKind.STREET)
EXPERT_POINTS = Decimal(100)
RATINGS = "ratings"


# -- the county calls -------------------------------------------------------------------------------


def open_selection(writing: Door, *, scheme: Scheme, **values: Any) -> Selection:
    """发起遴选. `values`: name, document, notice, apply_until, first_day, last_day."""
    _may_arrange(writing)
    _usable(scheme)
    _in_the_future(writing, values["apply_until"])
    if not scheme.document:
        writing.change(scheme, permission="edit_scheme", document=values["document"])
    return writing.add(Selection(scheme=scheme, **values), permission=ARRANGE)


def change_selection(writing: Door, *, selection: Selection, version: int | None = None, **values: Any) -> Selection:
    """While nothing is being checked; a later deadline opens the applications again."""
    _may_arrange(writing)
    _not_yet_checked(selection)
    if values["apply_until"] != selection.apply_until:
        _in_the_future(writing, values["apply_until"])
    return writing.change(selection, version=version, permission=ARRANGE, **values)


def withdraw_selection(writing: Door, *, selection: Selection, reason: str) -> Selection:
    """作废 of a call that nobody answered."""
    _may_arrange(writing)
    if applied := applications_of(selection):
        raise Refused(f"{'、'.join(row.unit.name for row in applied)}已经申报，不能作废。")
    return writing.void(selection, reason=reason, permission=ARRANGE)


def _may_arrange(writing: Door) -> None:
    if not writing.actor.may(ARRANGE, Selection(county_id=writing.actor.county_id)):
        raise Refused(f"您当前的身份（{writing.actor.label}）不能办理遴选，请由县招商办的填报岗位办理。")


def _usable(scheme: Scheme) -> None:
    if not scheme.selects or scheme.stage != SchemeStage.IN_FORCE:
        raise Refused({"scheme": "请选择已经启用的遴选方案。"})


def _in_the_future(writing: Door, day: date) -> None:
    if day < timezone.localdate(writing.at):
        raise Refused({"apply_until": "申报截止日期不能早于今天。"})


def _not_yet_checked(selection: Selection) -> None:
    """From 核对 on everybody has seen who takes part."""
    if row := selection.scheme.publications.current().first():
        raise Refused(f"{row}{row.get_stage_display()}，不能再改。")


# -- the townships apply ----------------------------------------------------------------------------


def apply_for(
    writing: Door,
    *,
    selection: Selection,
    unit: Unit,
    paper: StoredFile | None = None,
    paper_name: str = "",
    version: int | None = None,
    **values: Any,
) -> Application:
    """申报, or a change of it until the deadline. `values`: category, type, statement; `paper`: the 申报书.

    A change without a new paper keeps the one that is there.
    """
    today = timezone.localdate(writing.at)
    if unit.kind not in APPLICANTS:
        raise Refused("遴选试点的对象是乡镇和街道，本单位不能申报。")
    _takes_applications(selection, today)
    _has_places(selection, values["category"])
    held = own_application(selection, unit)
    given = {**values, "applied_on": today, **({"paper": paper, "paper_name": paper_name} if paper else {})}
    if held is None:
        if paper is None:
            raise Refused({"paper": "请上传申报书。"})
        return writing.add(Application(selection=selection, unit=unit, **given), permission=APPLY)
    _not_yet_answered(held)
    return writing.change(held, version=version, action="修改申报", permission=APPLY, **given)


def withdraw_application(writing: Door, *, application: Application, reason: str) -> Application:
    """撤回 by the township, until the deadline; it may apply again until then."""
    _takes_applications(application.selection, timezone.localdate(writing.at))
    _not_yet_answered(application)
    return writing.void(application, reason=reason, permission=APPLY)


def own_application(selection: Selection, unit: Unit) -> Application | None:
    return Application.objects.current().filter(selection=selection, unit=unit).first()


def _takes_applications(selection: Selection, today: date) -> None:
    if not selection.takes_applications_on(today):
        raise Refused(f"申报已于{selection.apply_until:%Y年%-m月%-d日}截止，如需补报请联系县招商办延长期限。")


def _has_places(selection: Selection, category: str) -> None:
    label = PilotCategory(category).label
    if not selection.scheme.rules.places.get(label):
        raise Refused({"category": f"这次遴选没有{label}的名额。"})


def _not_yet_answered(application: Application) -> None:
    if application.stage != ApplicationStage.APPLIED:
        raise Refused(f"县招商办已审查（{application.get_stage_display()}），不能再改，如需修改请联系县招商办。")


# -- the county examines ----------------------------------------------------------------------------


def examine(writing: Door, *, application: Application, accepted: bool, reply: str) -> Application:
    """资格审查: who is accepted takes part in its category's group; who is not is told why."""
    _may_arrange(writing)
    _not_yet_checked(application.selection)
    if not accepted and not reply.strip():
        raise Refused({"reply": "不予受理请写明理由。"})
    stage = ApplicationStage.ACCEPTED if accepted else ApplicationStage.REFUSED
    _take_part(writing, application, accepted)
    return writing.change(application, action=stage.label, permission=ARRANGE, stage=stage, reply=reply.strip())


def _take_part(writing: Door, application: Application, accepted: bool) -> None:
    scheme = application.selection.scheme
    held = Participant.objects.current().filter(scheme=scheme, unit=application.unit_id).first()
    if accepted and held is None:
        row = Participant(scheme=scheme, unit=application.unit, group=application.get_category_display())
        writing.add(row, permission=ARRANGE)
    if not accepted and held is not None:
        writing.void(held, reason="申报不予受理", permission=ARRANGE)


def topics_of(selection: Selection) -> list[str]:
    """评分事项 that the scheme reads and for which no sheet has been opened."""
    names = selection.scheme.rules.metric_names
    rows = Metric.objects.current().in_county(selection.county_id).filter(name__in=names, ledger=RATINGS)
    topics = [topic for row in rows.order_by("pk") for topic in row.conditions.get("topic", [])]
    opened = RatingSheet.objects.current().in_county(selection.county_id).filter(period=selection.when.code)
    known = set(opened.values_list("topic", flat=True))
    return [topic for topic in dict.fromkeys(topics) if topic not in known]


def ask_experts(writing: Door, *, selection: Selection, reviewers: Asked, answer_by: date) -> list[RatingSheet]:
    """A sheet for every item that experts score, out of 100 points, about those that take part."""
    _not_yet_checked(selection)
    units = [row.unit for row in applications_of(selection) if row.stage == ApplicationStage.ACCEPTED]
    if not units:
        raise Refused("还没有受理的申报，请先审查申报。")
    topics = topics_of(selection)
    if not topics:
        raise Refused("方案里要专家评的事项都已下发评分表。")
    return [
        open_sheet(
            writing,
            units=units,
            reviewers=reviewers,
            selection=selection,
            topic=topic,
            period=selection.when.code,
            kind="score",
            full_points=EXPERT_POINTS,
            answer_by=answer_by,
            document=selection.document,
        )
        for topic in topics
    ]


# -- the meeting and what follows -------------------------------------------------------------------


def decide(writing: Door, *, application: Application, draft: Draft, chosen: bool, because: str) -> Application:
    """What the meeting said of one of those between whom the ranks do not decide; until 审定 it may be corrected."""
    publication = Publication.objects.current().filter(scheme=draft.scheme).order_by("-version").first()
    if publication is None or publication.stage != "checking":
        raise Refused("会议的决定在核对期内登记。")
    result = next((row for row in draft.results.units if row.unit == application.unit.name), None)
    open_to_it = application.decided is not None or (result and result.outcome == Outcome.UNDECIDED)
    if not open_to_it:
        raise Refused(f"{application.unit}的名次已经分出，不用会议决定。")
    if not because.strip():
        raise Refused({"because": "请写明会议决定的理由。"})
    return writing.change(
        application, action="会议决定", permission=DECIDE, decided=chosen, decided_because=because.strip()
    )


def grant_terms(writing: Door, *, publication: Publication, draft: Draft, document: str) -> list[PilotTerm]:
    """授予试点: the chosen that have no term from that day yet get theirs, by category and track."""
    if not publication.is_published or not publication.is_selection:
        raise Refused("遴选结果发布以后才能授予试点。")
    selection = publication.scheme.selections.current().get()
    chosen = {result.unit for result in draft.results.units if result.outcome == Outcome.CHOSEN}
    rows = [row for row in applications_of(selection) if row.unit.name in chosen]
    held = terms_given(selection)
    return [_grant(writing, selection, row, document) for row in rows if row.unit_id not in held]


def terms_given(selection: Selection) -> Mapping[int, PilotTerm]:
    """{unit's key: the term that begins on the selection's first day}"""
    rows = PilotTerm.objects.current().in_county(selection.county_id).filter(first_day=selection.first_day)
    return {row.unit_id: row for row in rows.select_related("unit")}


def superfluous(draft: Draft, terms: Iterable[PilotTerm]) -> list[PilotTerm]:
    """Terms of applicants that a later version no longer chooses; somebody has to end them by hand."""
    left = {result.unit for result in draft.results.units if result.outcome != Outcome.CHOSEN}
    return [term for term in terms if term.unit.name in left]


def _grant(writing: Door, selection: Selection, row: Application, document: str) -> PilotTerm:
    term = PilotTerm(
        unit=row.unit,
        category=row.category,
        type=row.type,
        first_day=selection.first_day,
        last_day=selection.last_day,
        document=document,
    )
    try:
        return writing.add(term, permission=DECIDE)
    except ValidationError as error:
        raise Refused([f"{row.unit}：{sentence}" for sentence in error.messages]) from error
