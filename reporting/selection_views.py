"""遴选; each view fetches, checks, calls, responds."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from core.audit_trail import history_of
from core.files import store
from core.ledgers.forms import ReasonForm, sent
from core.write import Door
from reporting.models import Application, Publication, Scheme, Selection
from reporting.models.publications import PublicationKind
from reporting.models.schemes import SchemePurpose
from reporting.presentation.ranking import ranking_page
from reporting.presentation.score import score_page
from reporting.presentation.selection import selection_page
from reporting.publication_views import begin_checking, kept_file, publishing
from reporting.publishing.kinds import content_of
from reporting.publishing.steps import versions_of
from reporting.ranking import Draft, draft_ranking
from reporting.rating.roster import rosters
from reporting.rating.services import possible_reviewers
from reporting.scheme_views import act
from reporting.selecting import services
from reporting.selecting.forms import (
    ACCEPTED,
    CHOSEN,
    ApplicationForm,
    CallForm,
    DecisionForm,
    ExaminationForm,
    ExpertsForm,
    GrantForm,
)
from reporting.selecting.publishing import applications_of
from reporting.views import business, standing
from townships.models import Role, Seat

NOT_YET = "遴选得分到核对时才给乡镇看。"


def may_arrange(seat: Seat) -> bool:
    return seat.may(services.ARRANGE, Selection(county_id=seat.county_id))


def arranger(request: HttpRequest) -> Seat:
    seat = business(request)
    if not may_arrange(seat):
        raise PermissionDenied("您当前的身份不能办理遴选。")
    return seat


def selection_or_404(seat: Seat, **key: Any) -> Selection:
    return get_object_or_404(Selection.objects.current().visible_to(seat).select_related("scheme"), **key)


def application_or_404(seat: Seat, code: str) -> Application:
    rows = Application.objects.current().visible_to(seat).select_related("selection__scheme", "unit", "paper")
    return get_object_or_404(rows, code=code)


def address(selection: Selection) -> str:
    return reverse("selection", args=[selection.code])


# -- reading ----------------------------------------------------------------------------------------


@require_GET
def selections(request: HttpRequest) -> HttpResponse:
    seat = business(request)
    rows = Selection.objects.current().visible_to(seat).select_related("scheme").order_by("-first_day", "-pk")
    context = {"rows": rows, "may_arrange": may_arrange(seat), "today": timezone.localdate()}
    return render(request, "reporting/selections.html", context)


@require_GET
def selection(request: HttpRequest, code: str) -> HttpResponse:
    """Stages, applicants and, once they may be seen, totals and who is chosen."""
    seat = business(request)
    row = selection_or_404(seat, code=code)
    today = timezone.localdate()
    publication = latest_publication(row)
    draft = content_of(publication) if publication else unchecked(seat, row)
    mine = services.own_application(row, seat.unit) if seat.unit else None
    every = applications_of(row)
    sees_all = seat.sees_county or publication is not None
    terms = services.terms_given(row) if publication and publication.is_published else {}
    sheets = rosters(row.sheets.current().order_by("pk")) if seat.sees_county else []
    context = {
        "selection": row,
        "page": selection_page(row, every, sheets, publication, draft, terms, today),
        "sheets": sheets,
        "publication": publication,
        "superfluous": services.superfluous(draft, terms.values()) if draft and terms else [],
        "sees_all": sees_all,
        "applied": bool(every),
        "scored": draft is not None,
        "mine": mine,
        "readable": set(Application.objects.current().visible_to(seat).values_list("pk", flat=True)),
        "may_apply": applies(seat) and row.takes_applications_on(today),
        "may_arrange": may_arrange(seat),
        "may_publish": seat.may("publish", Publication(county_id=seat.county_id)),
        "to_ask": services.topics_of(row) if may_arrange(seat) and publication is None else [],
        "history": history_of(row, seat) if seat.sees_county else [],
    }
    return render(request, "reporting/selection.html", context)


def unchecked(seat: Seat, row: Selection) -> Draft | None:
    """Today's scores for whoever may see them before 核对."""
    taking_part = row.scheme.participants.current().exists()
    return draft_ranking(row.scheme, row.when) if seat.sees_county and taking_part else None


def latest_publication(row: Selection) -> Publication | None:
    return versions_of(row.scheme, row.when.code, PublicationKind.SELECTION).order_by("-version").first()


def applies(seat: Seat) -> bool:
    of_a_place = seat.unit is not None and seat.role == Role.TOWNSHIP and seat.unit.kind in services.APPLICANTS
    return of_a_place and seat.may(services.APPLY, Application(county_id=seat.county_id, unit=seat.unit))


def draft_or_404(seat: Seat, scheme: str) -> tuple[Selection, Draft]:
    row = selection_or_404(seat, scheme__code=scheme)
    if not seat.sees_county and latest_publication(row) is None:
        raise PermissionDenied(NOT_YET)
    return row, draft_ranking(row.scheme, row.when)


@require_GET
def selection_scores(request: HttpRequest, scheme: str) -> HttpResponse:
    seat = business(request)
    row, draft = draft_or_404(seat, scheme)
    context = {
        "page": ranking_page(draft, {}),
        "draft": draft,
        "selection": row,
        **standing(seat, draft.scheme, draft.period, draft.kind),
    }
    return render(request, "reporting/selection_scores.html", context)


@require_GET
def selection_score(request: HttpRequest, scheme: str, unit: str) -> HttpResponse:
    _, draft = draft_or_404(business(request), scheme)
    participant = next((p for p in draft.participants if p.unit.code == unit), None)
    if participant is None:
        raise Http404("这个乡镇没有受理的申报。")
    return render(request, "reporting/unit_score.html", {"page": score_page(draft, participant, {}), "draft": draft})


@require_GET
def application(request: HttpRequest, code: str) -> HttpResponse:
    seat = business(request)
    row = application_or_404(seat, code)
    context = {
        "application": row,
        "selection": row.selection,
        "own": row.unit_id == seat.unit_id and applies(seat),
        "open": row.selection.takes_applications_on(timezone.localdate()) and row.stage == "applied",
        "may_arrange": may_arrange(seat) and latest_publication(row.selection) is None,
    }
    return render(request, "reporting/application.html", context)


@require_GET
def application_paper(request: HttpRequest, code: str) -> HttpResponse:
    """申报书, for whoever may read the application."""
    row = application_or_404(business(request), code)
    return kept_file(row.paper, row.paper_name)


# -- the county calls -------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def selection_new(request: HttpRequest) -> HttpResponse:
    seat = arranger(request)
    form = CallForm(sent(request), schemes=usable_schemes(seat))

    def do(writing: Door, given: dict[str, Any]) -> tuple[str, str]:
        row = services.open_selection(writing, **form.values)
        return f"已发起“{row}”，乡镇在首页就能看到。", address(row)

    page = {
        "title": "发起遴选",
        "about": "乡镇在截止日期以前上传申报书，县里审查后请专家评分，核对、公示、发布，最后授予试点。"
        + ("" if form.schemes else "现在没有可用的遴选方案，请先在考核方案里载入乡镇遴选示例，改好名额后启用。"),
        "button": "发起",
        "back": reverse("selections"),
    }
    return act(request, form, page, do)


def usable_schemes(seat: Seat) -> list[Scheme]:
    rows = Scheme.objects.current().visible_to(seat).in_force().filter(purpose=SchemePurpose.SELECTION).newest_first()
    used = Selection.objects.current().visible_to(seat).values("scheme")
    return list(rows.exclude(pk__in=used))


@require_http_methods(["GET", "POST"])
def selection_edit(request: HttpRequest, code: str) -> HttpResponse:
    row = selection_or_404(arranger(request), code=code)
    form = CallForm(sent(request), selection=row)

    def do(writing: Door, given: dict[str, Any]) -> tuple[str, str]:
        services.change_selection(writing, selection=row, version=given["version"], **form.values)
        return f"已保存“{row}”。", address(row)

    page = {
        "title": f"修改{row}",
        "about": "延长截止日期后，乡镇可以补报。",
        "button": "保存",
        "back": address(row),
    }
    return act(request, form, page, do)


@require_http_methods(["GET", "POST"])
def selection_withdraw(request: HttpRequest, code: str) -> HttpResponse:
    row = selection_or_404(arranger(request), code=code)

    def do(writing: Door, given: dict[str, Any]) -> tuple[str, str]:
        services.withdraw_selection(writing, selection=row, reason=given["reason"])
        return f"已作废“{row}”。", reverse("selections")

    page = {
        "title": f"作废{row}",
        "about": "还没有乡镇申报的才能作废。",
        "button": "作废",
        "back": address(row),
    }
    return act(request, ReasonForm(sent(request)), page, do)


# -- the townships apply ----------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def apply_for(request: HttpRequest, code: str) -> HttpResponse:
    """申报, or a change of one's own until the deadline."""
    seat = business(request)
    if not applies(seat):
        raise PermissionDenied("申报由乡镇的填报岗位办理。")
    row = selection_or_404(seat, code=code)
    held = services.own_application(row, seat.unit)
    form = ApplicationForm(sent(request), request.FILES or None, selection=row, held=held)

    def do(writing: Door, given: dict[str, Any]) -> tuple[str, str]:
        given.pop("token")
        upload = given.pop("paper", None)
        paper = store(upload.chunks(), name=upload.name, at=writing.at) if upload else None
        kept = {"paper": paper, "paper_name": upload.name} if upload else {}
        done = services.apply_for(writing, selection=row, unit=seat.unit, **kept, **given)
        return f"{done}已提交，{row.apply_until:%Y年%-m月%-d日}前可以修改。", reverse("application", args=[done.code])

    page = {
        "title": f"{'修改' if held else ''}申报：{row}",
        "about": row.notice or "申报一个类别，写明理由，上传盖章的申报书。",
        "button": "保存修改" if held else "提交申报",
        "back": address(row),
        "multipart": True,
    }
    return act(request, form, page, do)


@require_http_methods(["GET", "POST"])
def withdraw_own(request: HttpRequest, code: str) -> HttpResponse:
    seat = business(request)
    row = application_or_404(seat, code)
    if not applies(seat) or row.unit_id != seat.unit_id:
        raise PermissionDenied("申报由乡镇自己撤回。")

    def do(writing: Door, given: dict[str, Any]) -> tuple[str, str]:
        services.withdraw_application(writing, application=row, reason=given["reason"])
        return f"已撤回{row}，截止以前可以重新申报。", address(row.selection)

    page = {
        "title": f"撤回{row}",
        "about": "截止以前可以撤回，也可以重新申报；撤回的申报仍保留在历史里。",
        "button": "撤回",
        "back": reverse("application", args=[row.code]),
    }
    return act(request, ReasonForm(sent(request)), page, do)


# -- the county examines, experts score, the meeting decides ------------------------------------------


@require_http_methods(["GET", "POST"])
def examine(request: HttpRequest, code: str) -> HttpResponse:
    row = application_or_404(arranger(request), code)
    form = ExaminationForm(sent(request))

    def do(writing: Door, given: dict[str, Any]) -> tuple[str, str]:
        done = services.examine(writing, application=row, accepted=given["outcome"] == ACCEPTED, reply=given["reply"])
        return f"{done}：{done.get_stage_display()}。", address(row.selection)

    page = {
        "title": f"审查：{row}",
        "about": "受理的参加评分和排名，不予受理的写明理由。发起核对以前可以更正。",
        "button": "保存",
        "back": reverse("application", args=[row.code]),
    }
    return act(request, form, page, do)


@require_http_methods(["GET", "POST"])
def experts(request: HttpRequest, code: str) -> HttpResponse:
    seat = arranger(request)
    row = selection_or_404(seat, code=code)
    topics = services.topics_of(row)
    form = ExpertsForm(sent(request), seats=possible_reviewers(seat.county_id, timezone.localdate()))

    def do(writing: Door, given: dict[str, Any]) -> tuple[str, str]:
        sheets = services.ask_experts(writing, selection=row, reviewers=form.reviewers, answer_by=given["answer_by"])
        return f"已下发{len(sheets)}张评分表，专家在首页就能看到。", address(row)

    page = {
        "title": f"请专家评分：{row}",
        "about": f"每位专家对受理的每个乡镇逐项打分，每项满分100分：{'、'.join(topics)}。"
        if topics
        else "方案里要专家评的事项都已下发评分表。",
        "button": "下发评分表",
        "back": address(row),
    }
    return act(request, form, page, do)


@require_http_methods(["GET", "POST"])
def selection_checking(request: HttpRequest, scheme: str) -> HttpResponse:
    """发起核对 of a selection; the next version where one was published."""
    seat = business(request)
    publishing(seat)
    row, draft = draft_or_404(seat, scheme)
    return begin_checking(request, draft, address(row))


@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, code: str) -> HttpResponse:
    seat = business(request)
    publishing(seat)
    row = application_or_404(seat, code)
    form = DecisionForm(sent(request))

    def do(writing: Door, given: dict[str, Any]) -> tuple[str, str]:
        draft = draft_ranking(row.selection.scheme, row.selection.when)
        chosen = given["outcome"] == CHOSEN
        services.decide(writing, application=row, draft=draft, chosen=chosen, because=given["because"])
        return f"已登记会议决定：{row.unit}{'' if chosen else '不'}入选。", address(row.selection)

    page = {
        "title": f"登记会议决定：{row.unit}",
        "about": "总分和比较次序都相同、名额又不够的，由会议决定谁入选。",
        "button": "登记",
        "back": address(row.selection),
    }
    return act(request, form, page, do)


@require_http_methods(["GET", "POST"])
def grant(request: HttpRequest, code: str) -> HttpResponse:
    """授予试点: the chosen get their pilot term."""
    seat = business(request)
    publishing(seat)
    row = selection_or_404(seat, code=code)
    publication = latest_publication(row)
    if publication is None or not publication.is_published:
        raise Http404("遴选结果发布以后才能授予试点。")
    form = GrantForm(sent(request))

    def do(writing: Door, given: dict[str, Any]) -> tuple[str, str]:
        terms = services.grant_terms(
            writing, publication=publication, draft=content_of(publication), document=given["document"]
        )
        said = f"已授予{'、'.join(term.unit.name for term in terms)}试点" if terms else "入选的乡镇都已有这一期试点"
        return f"{said}。", address(row)

    page = {
        "title": f"授予试点：{row}",
        "about": f"为入选的乡镇各写一段试点期，{row.first_day:%Y年%-m月%-d日}至{row.last_day:%Y年%-m月%-d日}。",
        "button": "授予试点",
        "back": address(row),
    }
    return act(request, form, page, do)


def open_calls(seat: Seat) -> list[tuple[Selection, Application | None]]:
    """What a township is called to, and what it has applied for."""
    if not applies(seat):
        return []
    today = timezone.localdate()
    rows = Selection.objects.current().visible_to(seat).filter(apply_until__gte=today).order_by("apply_until", "pk")
    mine = {
        row.selection_id: row
        for row in Application.objects.current().visible_to(seat).filter(selection__in=rows, unit=seat.unit)
    }
    return [(row, mine.get(row.pk)) for row in rows]
