"""评分: the county arranges and reads it, each reviewer answers on a page of their own."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from core.audit_trail import history_of
from core.files import opened, store
from core.ledgers.forms import ReasonForm, TokenForm, sent
from core.models import StoredFile
from core.write import Door
from reporting.models import Rating, RatingSheet, Scheme
from reporting.presentation.rating import sheet_page
from reporting.rating import services
from reporting.rating.forms import RatingForm, ReopenForm, SheetForm
from reporting.rating.roster import Roster, roster_of, rosters
from reporting.rating.services import Opinion
from reporting.scheme_views import act
from reporting.views import business
from townships.models import Seat, Unit

FOR_THE_COUNTY = "各评委的评分只给县里汇总查看，您可以看自己填写的和本单位得到的评分。"


def may_arrange(seat: Seat) -> bool:
    return seat.may(services.ARRANGE, RatingSheet(county_id=seat.county_id))


def arranger(request: HttpRequest) -> Seat:
    seat = business(request)
    if not may_arrange(seat):
        raise PermissionDenied("您当前的身份不能组织评分。")
    return seat


def sheet_or_404(seat: Seat, code: str) -> RatingSheet:
    return get_object_or_404(RatingSheet.objects.current().visible_to(seat), code=code)


def sheet_address(sheet: RatingSheet) -> str:
    return reverse("rating-sheet", args=[sheet.code])


@require_GET
def ratings(request: HttpRequest) -> HttpResponse:
    """All sheets for the county; for everybody else those on which they are asked."""
    seat = business(request)
    rows = RatingSheet.objects.current().visible_to(seat).order_by("-last_day", "-period", "topic")
    mine = {roster.sheet.pk: roster for roster in rosters(rows, of=seat) if roster.asked}
    every = rosters(rows) if seat.sees_county else list(mine.values())
    today = timezone.localdate()
    context = {
        "rows": [(roster, mine.get(roster.sheet.pk), standing(roster, today)) for roster in every],
        "may_arrange": may_arrange(seat),
        "sees_all": seat.sees_county,
    }
    return render(request, "reporting/ratings.html", context)


def standing(roster: Roster, today: Any) -> str:
    """收集中, 已到期 while nobody has closed it, or 已截止."""
    sheet = roster.sheet
    return "已到期" if sheet.is_open and not sheet.takes_answers_on(today) else sheet.get_stage_display()


@require_GET
def rating_sheet(request: HttpRequest, code: str) -> HttpResponse:
    seat = business(request)
    row = sheet_or_404(seat, code)
    if not seat.sees_county:
        raise PermissionDenied(FOR_THE_COUNTY)
    roster = roster_of(row)
    context = {
        "sheet": row,
        "page": sheet_page(roster),
        "standing": standing(roster, timezone.localdate()),
        "may_arrange": may_arrange(seat),
        "asked": row.is_open and any(reviewer.seat_id == seat.pk for reviewer in roster.reviewers),
        "history": history_of(row, seat),
    }
    return render(request, "reporting/rating_sheet.html", context)


# -- arranging --------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def rating_new(request: HttpRequest) -> HttpResponse:
    """A new sheet begins with the units of the ranking that holds; `like` begins with another sheet's answers."""
    seat = arranger(request)
    like = sheet_or_404(seat, request.GET["like"]) if "like" in request.GET else None
    form = sheet_form(request, seat, like=like)

    def do(writing: Door, given: dict[str, Any]) -> tuple[str, str]:
        row = services.open_sheet(writing, **form.values)
        return f"已新建评分表“{row}”，评委在首页就能看到。", sheet_address(row)

    page = {"title": "新建评分表", "back": reverse("ratings")}
    return act(request, form, page, do, "reporting/rating_edit.html")


@require_http_methods(["GET", "POST"])
def rating_edit(request: HttpRequest, code: str) -> HttpResponse:
    seat = arranger(request)
    row = sheet_or_404(seat, code)
    form = sheet_form(request, seat, sheet=row)

    def do(writing: Door, given: dict[str, Any]) -> tuple[str, str]:
        changed = services.change_sheet(writing, sheet=row, version=given["version"], **form.values)
        return f"已保存评分表“{changed}”。", sheet_address(changed)

    page = {"title": f"修改评分表：{row}", "back": sheet_address(row)}
    return act(request, form, page, do, "reporting/rating_edit.html")


def sheet_form(
    request: HttpRequest, seat: Seat, *, sheet: RatingSheet | None = None, like: RatingSheet | None = None
) -> SheetForm:
    today = timezone.localdate()
    ranking = Scheme.objects.current().visible_to(seat).assessing().newest_first().first()
    return SheetForm(
        sent(request),
        today=today,
        units=rateable(seat, sheet),
        seats=services.possible_reviewers(seat.county_id, today, sheet),
        sheet=sheet,
        begun=services.begun_like(like) if like else services.begun_with(ranking, today),
    )


def rateable(seat: Seat, sheet: RatingSheet | None) -> list[Unit]:
    """The places of the county; those that are on the sheet stay, even if dissolved."""
    held = set(sheet.rated_units.current().values_list("unit_id", flat=True)) if sheet else set()
    every = Unit.objects.current().visible_to(seat).listed()
    return [unit for unit in every if unit.pk in held or (unit.valid_until is None and unit.kind in services.RATED)]


@require_http_methods(["GET", "POST"])
def rating_close(request: HttpRequest, code: str) -> HttpResponse:
    row = sheet_or_404(arranger(request), code)
    silent = roster_of(row).silent_names

    def do(writing: Door, given: dict[str, Any]) -> tuple[str, str]:
        closed = services.close_sheet(writing, sheet=row)
        return f"“{closed}”已截止，评分已进入评分台账。", sheet_address(closed)

    missing = f"还没有评完的：{silent}；截止以后按已有的评分计算。" if silent and not row.is_veto else ""
    page = {
        "title": f"截止{row}",
        "about": f"截止以后评委不能再评，也不能再改，被评单位可以看到本单位的评分，指标开始取数。{missing}",
        "button": "截止",
        "back": sheet_address(row),
    }
    return act(request, TokenForm(sent(request)), page, do)


@require_http_methods(["GET", "POST"])
def rating_reopen(request: HttpRequest, code: str) -> HttpResponse:
    row = sheet_or_404(arranger(request), code)

    def do(writing: Door, given: dict[str, Any]) -> tuple[str, str]:
        opened_again = services.reopen_sheet(
            writing, sheet=row, answer_by=given["answer_by"], reason=given["reason"]
        )  # fmt: skip
        return f"“{opened_again}”重新收集，到{opened_again.answer_by:%Y年%-m月%-d日}截止。", sheet_address(row)

    page = {
        "title": f"重新收集{row}",
        "about": "已有的评分都保留，评委可以补评和更正；再次截止以前，这张表的评分不计入指标。已发布的排名不变。",
        "button": "重新收集",
        "back": sheet_address(row),
    }
    return act(request, ReopenForm(sent(request)), page, do)


@require_http_methods(["GET", "POST"])
def rating_withdraw(request: HttpRequest, code: str) -> HttpResponse:
    row = sheet_or_404(arranger(request), code)

    def do(writing: Door, given: dict[str, Any]) -> tuple[str, str]:
        services.withdraw_sheet(writing, sheet=row, reason=given["reason"])
        return f"已作废评分表“{row}”。", reverse("ratings")

    page = {
        "title": f"作废{row}",
        "about": "还没有人评过的评分表才能作废，作废后评委不再看到。",
        "button": "作废",
        "back": sheet_address(row),
    }
    return act(request, ReasonForm(sent(request)), page, do)


# -- answering --------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def rating_fill(request: HttpRequest, code: str) -> HttpResponse:
    """A reviewer's own rows of a sheet, to fill in while it collects and to read afterwards."""
    seat = business(request)
    row = sheet_or_404(seat, code)
    roster = roster_of(row, of=seat)
    if not roster.asked:
        raise PermissionDenied("这张评分表没有请您评分。")
    form = RatingForm(
        sent(request), request.FILES or None, sheet=row, asked=roster.asked, ratings=roster.ratings
    )  # fmt: skip

    def do(writing: Door, given: dict[str, Any]) -> tuple[str, str]:
        changed = services.rate(writing, sheet=row, given=opinions(form, writing))
        said = f"已保存“{row}”的评分，改动{changed}个单位。" if changed else "没有改动。"
        return said, reverse("rating-fill", args=[row.code])

    page = {
        "sheet": row,
        "roster": roster,
        "takes_answers": row.takes_answers_on(timezone.localdate()),
        "standing": standing(roster, timezone.localdate()),
        "back": reverse("ratings"),
    }
    return act(request, form, page, do, "reporting/rating_fill.html")


def opinions(form: RatingForm, writing: Door) -> dict[Any, Opinion]:
    """The answers with their papers stored; a paper that can't be taken is said beside its unit."""
    found = {}
    for reviewer, unit, value, reason, upload in form.answered:
        stored = kept(upload, unit, writing) if upload else None
        found[reviewer, unit] = Opinion(value, reason, stored, upload.name if upload else "")
    return found


def kept(upload: Any, unit: Unit, writing: Door) -> StoredFile:
    try:
        return store(upload.chunks(), name=upload.name, at=writing.at)
    except ValidationError as error:
        raise ValidationError({f"evidence-{unit.code}": error.messages}) from error


@require_GET
def rating_paper(request: HttpRequest, code: str) -> HttpResponse:
    """The evidence of one answer, for whoever may see the answer."""
    seat = business(request)
    rating = get_object_or_404(Rating.objects.current().visible_to(seat).select_related("evidence"), code=code)
    if rating.evidence is None:
        raise Http404("这条评分没有上传材料。")
    content = opened(rating.evidence, rating.evidence_name)
    return FileResponse(
        content, filename=rating.evidence_name, content_type=rating.evidence.media_type, as_attachment=True
    )
