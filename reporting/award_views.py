"""Awards and lists of a year, objections raised in their 公示, and the proposals that follow; each view fetches,
checks, calls, responds."""

from decimal import Decimal
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from core.ledgers.forms import sent
from core.ledgers.kinds import plain_number
from reporting.metrics import Line, counted
from reporting.models import Metric, Objection, Publication
from reporting.models.publications import DisputeOutcome
from reporting.presentation.awards import LinesOf, awards_page
from reporting.publication_views import act, leading_to, publication_or_404, publishing, rows_of_today
from reporting.publishing.announcing import answer_objection, raise_objection, shown_day
from reporting.publishing.forms import ObjectionForm, ProposalForm, ReplyForm
from reporting.publishing.kinds import content_of
from reporting.publishing.proposals import awarded_scores, propose_awards
from reporting.publishing.thawing import frozen_lines
from reporting.ranking import Draft
from reporting.views import business, draft_or_404
from townships.models import Seat, Unit


@require_GET
def draft_awards(request: HttpRequest, period: str) -> HttpResponse:
    """What the awards would be by today's records, before anything is opened for checking."""
    draft = draft_or_404(business(request), period)
    return awards_shown(request, draft, partial(live_lines, draft), None)


@require_GET
def awards(request: HttpRequest, code: str) -> HttpResponse:
    """A publication's awards: frozen once it is published, live until then."""
    seat = business(request)
    row = publication_or_404(seat, code)
    if not row.is_ranking:
        raise Http404("月统计没有奖项和榜单。")
    draft = content_of(row)
    lines_of = partial(kept_lines, seat, row) if row.is_published else partial(live_lines, draft)
    return awards_shown(request, draft, lines_of, row)


def awards_shown(request: HttpRequest, draft: Draft, lines_of: LinesOf, row: Publication | None) -> HttpResponse:
    if not draft.rules.awards and not draft.rules.lists:
        raise Http404("这个方案没有奖项和榜单。")
    context = {
        "page": awards_page(draft, lines_of),
        "draft": draft,
        "row": row,
        "publication": row if row and row.is_published else None,
    }
    return render(request, "reporting/awards.html", context)


def live_lines(draft: Draft, unit: Unit, metric: Metric) -> list[Line]:
    return counted(metric, draft.period, unit)


def kept_lines(seat: Seat, row: Publication, unit: Unit, metric: Metric) -> list[Line]:
    """The rows as they were frozen, each leading to its page where it still stands."""
    inside, _ = frozen_lines(row, unit, metric.code)
    live = {found.code: found for found in rows_of_today(seat, metric, inside)}
    return leading_to(metric, inside, live)


# -- 公示 ---------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def objection_new(request: HttpRequest, code: str) -> HttpResponse:
    seat = business(request)
    publishing(seat)
    row = publication_or_404(seat, code)
    if row.announced_from is None:
        raise Http404("没有公示。")
    form = ObjectionForm(sent(request))

    def do(writing: Any, given: dict[str, Any]) -> tuple[str, str]:
        given.pop("token")
        raised = raise_objection(writing, publication=row, **given)
        return f"已登记{raised.raised_by}的异议，请在公示期满后、发布前答复。", row.code

    page = {
        "title": f"登记公示异议：{row}",
        "about": f"公示期{shown_day(row.announced_from)}至{shown_day(row.announced_until)}，有异议没有答复的不能发布。",
        "button": "登记",
        "back": reverse("publication", args=[row.code]),
    }
    return act(request, form, page, do)


@require_http_methods(["GET", "POST"])
def objection_reply(request: HttpRequest, code: str, objection: str) -> HttpResponse:
    seat = business(request)
    publishing(seat)
    row = publication_or_404(seat, code)
    raised = get_object_or_404(Objection.objects.current().visible_to(seat).filter(publication=row), code=objection)
    form = ReplyForm(sent(request))

    def do(writing: Any, given: dict[str, Any]) -> tuple[str, str]:
        answered = answer_objection(writing, objection=raised, outcome=given["outcome"], text=given["reply"])
        return f"已答复{raised.raised_by}的异议：{DisputeOutcome(answered.outcome).label}。", row.code

    page = {
        "title": f"答复{raised.raised_by}的异议",
        "about": f"{shown_day(raised.raised_on)}提出：{raised.claim}",
        "button": "答复",
        "back": reverse("publication", args=[row.code]),
    }
    return act(request, form, page, do)


# -- 奖补建议 -----------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, code: str) -> HttpResponse:
    seat = business(request)
    publishing(seat)
    row = publication_or_404(seat, code)
    form = ProposalForm(sent(request))
    awarded = awarded_scores(row)
    whole = plain_number(sum((score.amount for score in awarded), Decimal(0)))

    def do(writing: Any, given: dict[str, Any]) -> tuple[str, str]:
        rows = propose_awards(writing, publication=row, nature=given["nature"], document=given["document"])
        return f"已提出{len(rows)}条奖补建议，可在奖补建议台账查看和导出。", row.code

    page = {
        "title": f"提出奖补建议：{row}",
        "about": f"为{len(awarded)}个获奖单位各写一条建议，金额按发布的奖金，合计{whole}万元。",
        "button": "提出建议",
        "back": reverse("publication-awards", args=[row.code]),
    }
    return act(request, form, page, do)
