"""申报: the pack's list, the monthly notice of entries, and the acts that fill a county's own lists."""

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from core.ledgers.exporting import workbook_response
from core.ledgers.forms import TokenForm, sent
from core.ledgers.ledger import Ledger
from core.ledgers.query import BadQuery, ListQuery
from core.ledgers.views import readable
from core.periods import Period, PeriodError
from core.spreadsheet.writing import OutColumn, OutTable, write_tables
from core.write import Door, door
from enterprises.declaring import LEDGER, Listed, add_shipped_papers, add_usual_windows, checklists
from enterprises.models import Declaration
from enterprises.notice import notice_of
from townships.ledgers import places

PACK_COLUMNS = (
    OutColumn("序号", "integer", 6),
    OutColumn("企业名称", width=34),
    OutColumn("统一社会信用代码", width=22),
    OutColumn("申报时所在乡镇", width=16),
    OutColumn("国民经济行业", width=24),
    OutColumn("四上类别", width=14),
    OutColumn("申报类型", width=18),
    OutColumn("环节", width=10),
    OutColumn("发生日期", width=18),
    OutColumn("申报批次", width=22),
    OutColumn("应交材料", "integer", 10, "项"),
    OutColumn("已有材料", "integer", 10, "项"),
    OutColumn("还缺材料", width=60),
)
PAPER_COLUMNS = (
    OutColumn("企业名称", width=34),
    OutColumn("材料名称", width=28),
    OutColumn("要求", width=36),
    OutColumn("是否已有", width=10),
)
MOST_IN_PACK = 2000


@require_GET
def declaration_pack(request: HttpRequest) -> HttpResponse:
    """The filtered list of declarations with what each has of its checklist, and each paper on a second sheet."""
    ledger = readable(request, LEDGER)
    try:
        query = ListQuery(ledger, request.GET, request.seat)
        if query.totals["count"] > MOST_IN_PACK:
            raise BadQuery(f"材料清单最多{MOST_IN_PACK}条，请先按环节、乡镇或时间筛选。")
    except BadQuery as error:
        return render(request, "ledgers/bad_query.html", {"ledger": ledger, "sentences": error.messages}, status=400)
    rows = list(query.ordered)
    stream, at, lists = BytesIO(), timezone.localtime(), checklists(rows)
    shown = [f"{word['label']}：{word['value']}" for word in query.shown_words]
    tables = [
        OutTable("申报材料清单", PACK_COLUMNS, _pack_rows(ledger, rows, lists), [query.total_sentence, *shown]),
        OutTable("材料明细", PAPER_COLUMNS, _paper_rows(rows, lists)),
    ]
    write_tables(stream, tables, made_at=at)
    return workbook_response(stream, f"申报材料清单{at:%Y%m%d}.xlsx")


def _pack_rows(ledger: Ledger, rows: Sequence[Declaration], lists: dict[int, list[Listed]]) -> list[list[Any]]:
    shown = [ledger.column(name) for name in ("scale_group", "route", "step", "happened", "submission")]
    return [
        [
            number,
            str(row.enterprise),
            row.enterprise.uscc,
            str(row.township),
            row.enterprise.industry,
            *(column.export(row) for column in shown),
            len(lists[row.pk]),
            sum(line.present for line in lists[row.pk]),
            "、".join(line.paper.name for line in lists[row.pk] if not line.present),
        ]
        for number, row in enumerate(rows, 1)
    ]


def _paper_rows(rows: Sequence[Declaration], lists: dict[int, list[Listed]]) -> list[list[Any]]:
    return [
        [str(row.enterprise), line.paper.name, line.paper.note, "有" if line.present else "缺"]
        for row in rows
        for line in lists[row.pk]
    ]


# -- the monthly notice ----------------------------------------------------------------------------------


@require_GET
def listing_notice_latest(request: HttpRequest) -> HttpResponse:
    """The month before this one."""
    readable(request, LEDGER)
    return redirect("listing-notice", period=Period.containing(timezone.localdate(), "month").previous().code)


@require_GET
def listing_notice(request: HttpRequest, period: str) -> HttpResponse:
    ledger, month = readable(request, LEDGER), _month(period)
    units = [request.seat.unit] if request.seat.unit else list(places(request.seat))
    context = {"ledger": ledger, "notice": notice_of(request.seat, month, units), "at": timezone.localtime()}
    return render(request, "ledgers/listing_notice.html", context)


def _month(code: str) -> Period:
    try:
        period = Period.parse(code)
    except PeriodError as error:
        raise Http404(str(error)) from error
    if period.kind != "month":
        raise Http404("通报按月编制，请在地址里写月份，例如2024-05。")
    return period


# -- a county's own lists, begun with what comes with the product ----------------------------------------


class YearForm(TokenForm):
    year = forms.IntegerField(
        label="年份", min_value=2000, max_value=2099, help_text="建立后请按当年的申报通知逐条核对起止日期。"
    )


@require_http_methods(["GET", "POST"])
def usual_windows(request: HttpRequest) -> HttpResponse:
    form = YearForm(sent(request), initial={"year": timezone.localdate().year})
    told = {
        "title": "按常用时间建立一年的窗口",
        "says": "将建立这一年的月度和年度申报窗口共14个，起止日期是各地常用的时间，不是当年的通知。",
        "button": "建立窗口",
        "done": "已建立{}个申报窗口，请按当年的通知核对。",
    }

    def take(writing: Door) -> int:
        return len(add_usual_windows(writing, year=form.cleaned_data["year"]))

    return taken_over(request, "declaration_windows", form, take, told)


@require_http_methods(["GET", "POST"])
def shipped_materials(request: HttpRequest) -> HttpResponse:
    told = {
        "title": "采用随系统提供的清单",
        "says": "将把随系统提供的申报材料清单登记为本县的清单，此后可以逐条增减。",
        "button": "采用清单",
        "done": "已登记{}项申报材料，请按本县的要求核对。",
    }

    def take(writing: Door) -> int:
        return len(add_shipped_papers(writing))

    return taken_over(request, "declaration_materials", TokenForm(sent(request)), take, told)


def taken_over(
    request: HttpRequest, key: str, form: TokenForm, take: Callable[[Door], int], told: dict[str, str]
) -> HttpResponse:
    """A page that fills the county's own list; `told`: its title, what it says, its button and what was done."""
    ledger = readable(request, key)
    if not request.seat.may("add", ledger.blank(request.seat)):
        raise PermissionDenied(f"您当前的身份不能新增{ledger.noun}。")
    if request.method == "POST" and form.is_valid():
        try:
            with door(request.seat, at=timezone.now(), token=form.cleaned_data["token"]) as writing:
                count = take(writing)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, told["done"].format(count))
            return redirect("ledger-list", key=key)
    context = {"ledger": ledger, "form": form, **told}
    return render(request, "ledgers/take_over.html", context, status=422 if form.errors else 200)
