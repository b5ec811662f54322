"""From 核对 to 发布, and the published pages; each view fetches, checks, calls, responds."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from functools import lru_cache, partial
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.files import opened, store
from core.ledgers.exporting import workbook_response
from core.ledgers.form_wording import wording_of
from core.ledgers.forms import TokenForm, sent
from core.periods import Period
from core.spreadsheet.official_form import write_form
from core.write import door
from reporting.bases import added_by, plus
from reporting.dashboards.main_figures import over_the_year
from reporting.metrics import Figure, Line, counted, not_counted
from reporting.models import Dispute, Metric, Participant, Publication
from reporting.models.publications import DisputeOutcome, PublicationKind
from reporting.monthly.freezing import lines_key
from reporting.presentation.figure import figure_page
from reporting.presentation.publication import newest_first, publication_page
from reporting.presentation.ranking import RankingPage, ranking_page
from reporting.presentation.score import score_page
from reporting.presentation.wording import counted_until
from reporting.publishing import steps
from reporting.publishing.approval import moved_since
from reporting.publishing.forms import (
    ApprovalForm,
    CheckingForm,
    DisputeForm,
    PublishForm,
    ReplyForm,
    WithdrawalForm,
)
from reporting.publishing.kinds import KINDS, Content, content_of
from reporting.publishing.since import changed_since
from reporting.publishing.thawing import frozen_bases, frozen_lines, published_draft
from reporting.ranking import Draft, ranks_before
from reporting.views import business, draft_or_404, may_open_rows
from townships.models import County, Seat, Unit


def publication_or_404(seat: Seat, code: str) -> Publication:
    rows = Publication.objects.visible_to(seat).select_related("scheme", "workbook", "signed_page")
    return get_object_or_404(rows, code=code)


RANKED = (PublicationKind.RANKING, PublicationKind.SELECTION)
"""Kinds that are scored by a scheme; one set of pages shows them."""


def published_or_404(seat: Seat, code: str, *kinds: str) -> Publication:
    """`kinds`: what it has to hold for this page; any where none is named."""
    publication = publication_or_404(seat, code)
    if not publication.is_published:
        raise Http404("还没有发布。")
    if kinds and publication.kind not in kinds:
        raise Http404(f"这次发布的不是{PublicationKind(kinds[0]).label}。")
    return publication


def addresses_of(row: Publication) -> dict[str, str]:
    """Where a publication's draft is, its published page, and the page that begins the next version."""
    live, shown, check = PAGES[row.kind]
    place = row.scheme.code if row.is_selection else row.period
    return {
        "draft_url": reverse(live, args=[place]),
        "shown_url": reverse(shown, args=[row.code]),
        "correct_url": reverse(check, args=[place]),
    }


PAGES: dict[str, tuple[str, str, str]] = {
    PublicationKind.RANKING: ("ranking", "published-ranking", "checking"),
    PublicationKind.STATISTICS: ("month", "published-month", "month-checking"),
    PublicationKind.SELECTION: ("selection-scores", "published-ranking", "selection-checking"),
}


def publishing(seat: Seat) -> None:
    if not seat.may("publish", Publication(county_id=seat.county_id)):
        raise PermissionDenied("您当前的身份不能办理核对、审定和发布。")


@require_GET
def publications(request: HttpRequest) -> HttpResponse:
    seat = business(request)
    rows = Publication.objects.current().visible_to(seat).select_related("scheme")
    return render(request, "reporting/publications.html", {"publications": newest_first(rows)})


@require_GET
def publication(request: HttpRequest, code: str) -> HttpResponse:
    seat = business(request)
    row = publication_or_404(seat, code)
    draft = content_of(row)
    answers = list(row.answers.current().select_related("unit"))
    disputes = list(row.disputes.current().select_related("unit", "about", "metric").order_by("pk"))
    objections = list(row.objections.current().order_by("raised_on", "pk")) if row.announced_from else []
    open_to_answers = row.takes_answers_on(timezone.localdate())
    context = {
        "publication": row,
        "page": publication_page(row, draft, answers, disputes, objections, open_to_answers=open_to_answers),
        "disputes": disputes,
        "objections": objections,
        "awarded": row.is_ranking and draft.rules.awards,
        "listed": row.is_ranking and draft.rules.lists,
        "told": row.correction and row.is_published and steps.correction_told(row),
        "moved": steps.moved_told(row) if row.is_published else {"results": moved_since(row, draft)},
        "proposals": (proposed := row.proposals.current().count()),
        "may_propose": row.is_published and row.must_be_announced and not row.provisional and not proposed,
        "may_publish": seat.may("publish", row),
        "may_confirm": open_to_answers and may_confirm(seat, row, answers),
        "versions": steps.other_versions(row).order_by("-version"),
        "briefed": row.is_published and KINDS[row.kind].tell is not None,
        **addresses_of(row),
        "own": seat.unit,
    }
    return render(request, "reporting/publication.html", context)


def may_confirm(seat: Seat, row: Publication, answers: list[Any]) -> bool:
    answered = {answer.unit_id for answer in answers}
    return takes_part(row, seat) and "review" in seat.duties and seat.unit_id not in answered


def takes_part(row: Publication, seat: Seat) -> bool:
    return seat.unit_id is not None and row.scheme.participants.current().filter(unit=seat.unit_id).exists()


# -- the steps --------------------------------------------------------------------------------------


def act(
    request: HttpRequest, form: TokenForm, page: dict[str, Any], do: Callable[[Any, dict[str, Any]], tuple[str, str]]
) -> HttpResponse:
    """One form, one act: `do(writing, given)` returns what was done in words, and where to go."""
    if request.method == "POST" and form.is_valid():
        try:
            with door(request.seat, at=timezone.now(), token=form.cleaned_data["token"]) as writing:
                done, code = do(writing, form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, done)
            return redirect("publication", code=code)
    return render(request, "reporting/act.html", {**page, "form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def checking(request: HttpRequest, period: str) -> HttpResponse:
    """发起核对 of a period; the next version where one was published."""
    seat = business(request)
    publishing(seat)
    return begin_checking(request, draft_or_404(seat, period), reverse("ranking", args=[period]))


def begin_checking(request: HttpRequest, draft: Content, back: str) -> HttpResponse:
    last = steps.versions_of(draft.scheme, draft.period.code, draft.kind).order_by("-version").first()
    corrects = last is not None and last.is_published
    of_a_year = draft.period.kind == "year" and draft.kind == PublicationKind.RANKING
    annual = of_a_year and not (corrects and not last.provisional)
    form = CheckingForm(sent(request), corrects=corrects, may_be_provisional=annual)

    def do(writing, given):
        given.pop("token")
        row = steps.open_checking(writing, draft=draft, **given)
        return f"已发起{row}的核对，截止{row.answer_by:%Y年%-m月%-d日}。", row.code

    page = {
        "title": f"发起{draft.period.label}{CHECKED[draft.kind]}核对" + ("（更正）" if corrects else ""),
        "about": "参评单位可以看到草稿和每一条计入、未计入的记录，确认或申请复核。",
        "button": "发起核对",
        "back": back,
    }
    return act(request, form, page, do)


CHECKED: dict[str, str] = {
    PublicationKind.RANKING: "",
    PublicationKind.STATISTICS: "统计",
    PublicationKind.SELECTION: "遴选",
}


@require_POST
def confirm(request: HttpRequest, code: str) -> HttpResponse:
    """确认 of one's own result, as it stands on the page."""
    seat = business(request)
    row = publication_or_404(seat, code)
    if seat.unit is None:
        raise PermissionDenied("参评单位的审核岗位才能确认。")
    try:
        with door(seat, at=timezone.now()) as writing:
            steps.confirm(writing, publication=row, unit=seat.unit, draft=content_of(row))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"{seat.unit}已确认{row}。")
    return redirect("publication", code=code)


@require_http_methods(["GET", "POST"])
def dispute(request: HttpRequest, code: str, metric: str, unit: str) -> HttpResponse:
    """申请复核 of a figure, or of one row of it."""
    seat = business(request)
    row = publication_or_404(seat, code)
    if seat.unit is None or not takes_part(row, seat):
        raise PermissionDenied("参评单位才能申请复核。")
    measured = get_object_or_404(Metric.objects.current().visible_to(seat), code=metric)
    about = get_object_or_404(Unit.objects.current().visible_to(seat), code=unit)
    may_open_rows(seat, measured, about)
    measured = measured if row.has_ranks else over_the_year(measured)
    inside, outside = counted(measured, row.when, about), not_counted(measured, row.when, about)
    form = DisputeForm(sent(request), counted=inside, not_counted=outside)

    def do(writing, given):
        steps.dispute(
            writing,
            publication=row,
            unit=seat.unit,
            about=about,
            metric=measured,
            claim=given["claim"],
            **form.about,
        )
        return f"已提交对{about}{measured}的复核申请。", row.code

    page = {
        "title": f"申请复核：{about}{measured}",
        "about": f"县招商办会在{row.answer_by:%Y年%-m月%-d日}前后逐条答复，申请和答复都保留。",
        "button": "提交",
        "back": reverse("figure", args=[measured.code, row.period, about.code])
        + ("" if row.has_ranks else "?span=year"),
    }
    return act(request, form, page, do)


@require_http_methods(["GET", "POST"])
def reply(request: HttpRequest, code: str, dispute: str) -> HttpResponse:
    seat = business(request)
    publishing(seat)
    row = publication_or_404(seat, code)
    asked = get_object_or_404(Dispute.objects.current().visible_to(seat).filter(publication=row), code=dispute)
    form = ReplyForm(sent(request))

    def do(writing, given):
        answered = steps.reply(writing, dispute=asked, outcome=given["outcome"], text=given["reply"])
        return f"已答复{asked.unit}的复核申请：{DisputeOutcome(answered.outcome).label}。", row.code

    page = {
        "title": f"答复{asked.unit}的复核申请",
        "about": f"{asked.about}{asked.metric}：{asked.row_label or '这个数的整体'}。理由：{asked.claim}",
        "button": "答复",
        "back": reverse("publication", args=[row.code]),
    }
    return act(request, form, page, do)


@require_http_methods(["GET", "POST"])
def approve(request: HttpRequest, code: str) -> HttpResponse:
    seat = business(request)
    publishing(seat)
    row = publication_or_404(seat, code)
    form = ApprovalForm(sent(request), request.FILES or None, announced=row.must_be_announced)

    def do(writing, given):
        upload = given.pop("signed_page", None)
        given.pop("token")
        page = store(upload.chunks(), name=upload.name, at=writing.at) if upload else None
        steps.approve(writing, publication=row, draft=content_of(row), signed_page=page, **given)
        return f"{row}已审定，可以发布。", row.code

    page = {
        "title": f"审定{row}",
        "about": "填写审定的会议和日期，上传签批页"
        + ("，并填写公示的起止日期和联系人；公示期满、异议都已答复后才能发布。" if row.must_be_announced else "。"),
        "button": "审定",
        "back": reverse("publication", args=[row.code]),
        "multipart": True,
    }
    return act(request, form, page, do)


@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, code: str) -> HttpResponse:
    seat = business(request)
    publishing(seat)
    row = publication_or_404(seat, code)
    draft = content_of(row)
    moved = moved_since(row, draft)
    form = PublishForm(sent(request), moved=bool(moved))

    def do(writing, given):
        given.pop("token")
        # Computed again behind the door: what is frozen is what its rows add up to at this moment.
        today = content_of(row)
        before = ranks_before(today) if row.is_ranking else None
        found = steps.publish(writing, publication=row, draft=today, before=before, **given)
        return f"已发布{found}，校验码 {found.sha256[:16]}。", row.code

    frozen = f"{len(draft.participants)}个单位的{FROZEN[row.kind]}和每一条记录"
    page = {
        "title": f"发布{row}",
        "about": f"发布后冻结{frozen}，不能再改；有错只能发下一版。",
        "warned": "审定以后结果有变动：" if moved else "",
        "listed": moved,
        "button": "发布",
        "back": reverse("publication", args=[row.code]),
    }
    return act(request, form, page, do)


FROZEN: dict[str, str] = {
    PublicationKind.RANKING: "得分、名次",
    PublicationKind.STATISTICS: "每一个统计数",
    PublicationKind.SELECTION: "得分、名次、是否入选",
}


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    seat = business(request)
    publishing(seat)
    row = publication_or_404(seat, code)
    form = WithdrawalForm(sent(request))

    def do(writing, given):
        steps.withdraw(writing, publication=row, reason=given["reason"])
        return f"已撤回{row}。", row.code

    page = {
        "title": f"撤回{row}",
        "about": "撤回后各单位的确认和复核申请仍然保留，可以重新发起核对。",
        "button": "撤回",
        "back": reverse("publication", args=[row.code]),
    }
    return act(request, form, page, do)


# -- what was published -----------------------------------------------------------------------------


@require_GET
def published_ranking(request: HttpRequest, code: str) -> HttpResponse:
    row = published_or_404(business(request), code, *RANKED)
    draft = published_draft(row)
    context = {"page": published_page(draft), "draft": draft, "publication": row}
    return render(request, "reporting/ranking.html", context)


# What was frozen is read back once, and so is its page: neither ever changes.
@lru_cache(maxsize=32)
def published_page(draft: Draft) -> RankingPage:
    return ranking_page(draft, draft.before)


@require_GET
def published_score(request: HttpRequest, code: str, unit: str) -> HttpResponse:
    row = published_or_404(business(request), code, *RANKED)
    draft = published_draft(row)
    participant = next((p for p in draft.participants if p.unit.code == unit), None)
    if participant is None:
        raise Http404("这个单位不在参评名单里。")
    context = {"page": score_page(draft, participant, draft.before), "draft": draft, "publication": row}
    return render(request, "reporting/unit_score.html", context)


@require_GET
def published_figure(request: HttpRequest, code: str, metric: str, unit: str) -> HttpResponse:
    """The rows as they were frozen; beside them what has changed since."""
    seat = business(request)
    row = published_or_404(seat, code, *RANKED)
    draft = published_draft(row)
    place, measured = frozen_unit(draft.participants, unit), frozen_metric(draft.metrics.values(), metric)
    figures = {figures.name: figures.actual for figures in draft.inputs.units}
    figure = figures[place.name].get(measured.name)
    context = frozen_context(seat, row, measured, draft.period, place, figure)
    return render(request, "reporting/figure.html", context)


def frozen_unit(participants: Iterable[Participant], code: str) -> Unit:
    """As it was frozen. Raises Http404."""
    found = next((participant.unit for participant in participants if participant.unit.code == code), None)
    if found is None:
        raise Http404("这个单位不在这次发布的范围内。")
    return found


def frozen_metric(metrics: Iterable[Metric], code: str) -> Metric:
    """As it was frozen. Raises Http404."""
    found = next((metric for metric in metrics if metric.code == code), None)
    if found is None:
        raise Http404("这个指标不在这次发布的范围内。")
    return found


def frozen_context(
    seat: Seat,
    row: Publication,
    metric: Metric,
    period: Period,
    unit: Unit | None,
    figure: Figure | None,
    slot: str = "",
) -> dict[str, Any]:
    """A figure's frozen rows and what has changed since; `slot`: which of a month's four figures it is.

    `unit`: None for the county.
    """
    may_open_rows(seat, metric, unit)
    key = lines_key(metric.code, slot) if slot else metric.code
    inside, outside = frozen = frozen_lines(row, unit, key)
    bases = frozen_bases(row, unit, key)
    live = {found.code: found for found in rows_of_today(seat, metric, [*inside, *outside])}
    return {
        "metric": metric,
        "period": period,
        "unit": unit,
        "ledger": metric.book,
        "publication": row,
        "page": figure_page(
            metric,
            period,
            unit,
            plus(figure, -added_by(bases)),
            leading_to(metric, inside, live),
            leading_to(metric, outside, live),
            frozenset(found.pk for found in live.values()),
            bases,
        ),
        "scored": row.has_ranks,
        "since": changed_since(seat, row, metric, unit, frozen, slot),
    }


def rows_of_today(seat: Seat, metric: Metric, frozen: list[Line]) -> Any:
    """The rows that this visitor may open, as they are now: a line leads there, and says itself what was."""
    book = metric.book
    return book.with_display(book.rows(seat)).filter(code__in=[line.code for line in frozen])


def leading_to(metric: Metric, frozen: list[Line], live: dict[str, Any]) -> list[Line]:
    pages = {code: metric.book.page_of(found) for code, found in live.items()}
    return [replace(line, record=live.get(line.code), url=pages.get(line.code, "")) for line in frozen]


@require_GET
def published_table(request: HttpRequest, code: str) -> HttpResponse:
    """The workbook exactly as it was frozen."""
    row = published_or_404(business(request), code)
    return kept_file(row.workbook, f"{row}.xlsx")


@require_GET
def publication_form(request: HttpRequest, code: str) -> HttpResponse:
    """The office's printed form of it: frozen once it is published, as the draft stands today until then."""
    row = publication_or_404(business(request), code)
    published = timezone.localdate(row.published_at) if row.published_at else None
    said = f"第{row.version}版{'，已发布' if published else '，草稿'}"
    return printed_form(row.county, row.kind, content_of(row), made_on=published or timezone.localdate(), said=said)


def printed_form(county: County, kind: str, content: Content, *, made_on: date, said: str = "草稿") -> HttpResponse:
    """What such a publication holds, or will hold, as the office prints it; `said`: how far it has come."""
    form = KINDS[kind].form(content, county=str(county), made_on=made_on, worded=partial(wording_of, county.pk))
    until, stream = counted_until(content.period, made_on), BytesIO()
    write_form(stream, replace(form, notes=(*form.notes, until, f"{said}；部门台账口径，非统计数据")))
    return workbook_response(stream, f"{form.wording.title}.xlsx")


@require_GET
def draft_form(request: HttpRequest, period: str) -> HttpResponse:
    """The draft of a period as the office prints it."""
    seat = business(request)
    draft = draft_or_404(seat, period)
    return printed_form(seat.county, PublicationKind.RANKING, draft, made_on=timezone.localdate())


@require_GET
def signed_page(request: HttpRequest, code: str) -> HttpResponse:
    row = publication_or_404(business(request), code)
    if row.signed_page is None:
        raise Http404("没有上传签批页。")
    return kept_file(row.signed_page, f"{row}签批页")


def kept_file(stored: Any, name: str) -> FileResponse:
    return FileResponse(opened(stored, name), filename=name, content_type=stored.media_type, as_attachment=True)
