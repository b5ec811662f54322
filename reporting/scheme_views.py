"""Writing a scheme: from an example or a copy to one in force. Each view fetches, checks, calls, responds."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods

from core.ledgers.forms import ReasonForm, TokenForm, sent
from core.write import Door, door
from reporting.models import Metric, Scheme
from reporting.presentation.scheme import scheme_page
from reporting.presentation.scheme_trial import trial_table
from reporting.scheme_editing import services
from reporting.scheme_editing.differences import differences
from reporting.scheme_editing.examples import BY_KEY as EXAMPLES_BY_KEY
from reporting.scheme_editing.examples import EXAMPLES, example_body
from reporting.scheme_editing.filing import file_text, read_file
from reporting.scheme_editing.forms import (
    CopyForm,
    FileForm,
    NewSchemeForm,
    ParticipantsForm,
)
from reporting.scheme_editing.sections import BY_KEY, Section
from reporting.scheme_editing.settings import SettingsForm
from reporting.scheme_editing.trial import present_period, try_scheme
from reporting.scoring.errors import FileError
from reporting.views import business
from townships.models import Seat, Unit

JSON_TYPE = "application/json; charset=utf-8"


def may_edit(seat: Seat) -> bool:
    return seat.may(services.EDIT, Scheme(county_id=seat.county_id))


def editor(request: HttpRequest) -> Seat:
    seat = business(request)
    if not may_edit(seat):
        raise PermissionDenied("您当前的身份不能编辑考核方案，只能查看。")
    return seat


def scheme_or_404(seat: Seat, code: str) -> Scheme:
    return get_object_or_404(Scheme.objects.current().visible_to(seat), code=code)


def locked(request: HttpRequest, scheme: Scheme) -> HttpResponse | None:
    """The way back where this version was published from: it stays as it is, a new one may be made."""
    if not services.is_published_from(scheme):
        return None
    messages.warning(request, services.PUBLISHED_FROM.format(scheme=scheme))
    return redirect("scheme", code=scheme.code)


def act(
    request: HttpRequest,
    form: TokenForm,
    page: dict[str, Any],
    do: Callable[[Door, dict[str, Any]], tuple[str, str]],
    template: str = "reporting/act.html",
) -> HttpResponse:
    """One form, one act: `do(writing, given)` returns what was done in words, and where to go."""
    if request.method == "POST" and form.is_valid():
        try:
            with door(request.seat, at=timezone.now(), token=form.cleaned_data["token"]) as writing:
                done, address = do(writing, form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, done)
            return redirect(address)
    return render(request, template, {**page, "form": form}, status=422 if form.errors else 200)


def edit_address(scheme: Scheme) -> str:
    return reverse("scheme-edit", args=[scheme.code])


def told(scheme: Scheme, changes: tuple[str, ...]) -> str:
    """What a change did, in words; long ones are cut, the page of differences has all."""
    if not changes:
        return "没有改动。"
    more = f"等{len(changes)}处改动。" if len(changes) > 3 else ""
    return f"已保存{scheme.name}：{''.join(changes[:3])}{more}"


# -- finding, beginning, copying, exchanging --------------------------------------------------------


@require_GET
def schemes(request: HttpRequest) -> HttpResponse:
    seat = business(request)
    rows = Scheme.objects.current().visible_to(seat).newest_first().with_use()
    return render(request, "reporting/schemes.html", {"schemes": rows, "may_edit": may_edit(seat)})


@require_GET
def latest(request: HttpRequest) -> HttpResponse:
    """The scheme that ranks now; before there is one, the newest draft."""
    rows = Scheme.objects.current().visible_to(business(request)).newest_first()
    row = rows.assessing().first() or rows.first()
    return redirect("scheme", code=row.code) if row else schemes(request)


@require_GET
def scheme(request: HttpRequest, code: str) -> HttpResponse:
    """A version read out; who may edit finds the way to do so."""
    seat = business(request)
    row = scheme_or_404(seat, code)
    participants = list(row.participants.current().select_related("unit").order_by("group", "unit__position"))
    others = Scheme.objects.current().visible_to(seat).exclude(pk=row.pk).newest_first()
    context = {
        "scheme": row,
        "page": scheme_page(row.rules, [participant.group for participant in participants]),
        "participants": participants,
        "others": others,
        "may_edit": may_edit(seat),
        "locked": services.is_published_from(row),
    }
    return render(request, "reporting/scheme.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """From nothing, or from one of the examples by one click."""
    seat = editor(request)
    example = request.POST.get("example", "")
    if example in EXAMPLES_BY_KEY:
        return from_example(request, example)
    form = NewSchemeForm(sent(request), initial={"year": timezone.localdate().year})

    def do(writing: Door, given: dict[str, Any]) -> tuple[str, str]:
        body = {key: given[key] for key in ("name", "year", "period", "purpose")}
        row = services.add_draft(writing, body=body)
        return f"已新建“{row}”，是草稿，添好指标和参评单位以后启用。", edit_address(row)

    rows = Scheme.objects.current().visible_to(seat).newest_first()
    return act(request, form, {"examples": EXAMPLES, "schemes": rows}, do, "reporting/scheme_new.html")


def from_example(request: HttpRequest, key: str) -> HttpResponse:
    with door(request.seat, at=timezone.now()) as writing:
        row = services.add_draft(writing, body={**example_body(key), "year": timezone.localdate().year})
    messages.success(request, f"已载入“{row}”，是草稿，可以随意修改。")
    return redirect(edit_address(row))


@require_http_methods(["GET", "POST"])
def copy(request: HttpRequest, code: str) -> HttpResponse:
    scheme = scheme_or_404(editor(request), code)
    form = CopyForm(sent(request), initial={"name": scheme.name, "year": scheme.year})

    def do(writing: Door, given: dict[str, Any]) -> tuple[str, str]:
        row = services.copy_scheme(writing, scheme=scheme, name=given["name"], year=given["year"])
        return f"已复制为“{row}”，参评单位一并带来，是草稿，启用前不影响排名。", edit_address(row)

    page = {
        "title": f"复制{scheme}",
        "about": "指标、算法和参评单位都带过去，成为一份草稿，原来的方案不变。",
        "button": "复制",
        "back": reverse("scheme", args=[scheme.code]),
    }
    return act(request, form, page, do)


@require_http_methods(["GET", "POST"])
def take_in(request: HttpRequest) -> HttpResponse:
    editor(request)
    form = FileForm(sent(request), request.FILES or None)

    def do(writing: Door, given: dict[str, Any]) -> tuple[str, str]:
        row = services.add_draft(writing, body=read_uploaded(given["file"]))
        return f"已导入“{row}”，是草稿，请核对算式里的指标，再勾选参评单位。", edit_address(row)

    page = {
        "title": "导入方案文件",
        "about": "导入以后是一份草稿，不影响现在的排名。",
        "button": "导入",
        "back": reverse("schemes"),
        "multipart": True,
    }
    return act(request, form, page, do)


def read_uploaded(upload: Any) -> dict[str, Any]:
    try:
        return read_file(upload.read())
    except FileError as error:
        raise ValidationError({"file": f"{error}。"}) from error


@require_GET
def give_out(request: HttpRequest, code: str) -> HttpResponse:
    scheme = scheme_or_404(business(request), code)
    response = HttpResponse(file_text(scheme.rules), content_type=JSON_TYPE)
    response["Content-Disposition"] = content_disposition_header(True, f"{scheme}.json")
    return response


@require_GET
def changes(request: HttpRequest, code: str, other: str) -> HttpResponse:
    """What this version says otherwise than `other`."""
    seat = business(request)
    scheme, before = scheme_or_404(seat, code), scheme_or_404(seat, other)
    context = {"scheme": scheme, "before": before, "sentences": differences(before.rules, scheme.rules)}
    return render(request, "reporting/scheme_changes.html", context)


# -- settings, participants, trial, 启用 ------------------------------------------------------------


def readable_names(seat: Seat, scheme: Scheme, section: Section, row: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """What the formula of this row may read, by kind; a derived metric does not read itself."""
    metrics = Metric.objects.current().visible_to(seat).order_by("code").values_list("name", flat=True)
    derived = [one["name"] for one in scheme.body.get("derived") or []]
    own = row.get("name") if section.key == "derived" else None
    return [("指标数据", list(metrics)), ("派生指标", [name for name in derived if name != own])]


@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest, code: str) -> HttpResponse:
    seat = editor(request)
    scheme = scheme_or_404(seat, code)
    if refusal := locked(request, scheme):
        return refusal
    names = readable_names(seat, scheme, BY_KEY["indicators"], {})
    form = SettingsForm(sent(request), scheme=scheme, names=names)

    def do(writing: Door, given: dict[str, Any]) -> tuple[str, str]:
        body = form.body(scheme.body)
        changed = services.change_rules(writing, scheme=scheme, body=body, version=given["version"])
        return told(scheme, changed), edit_address(scheme)

    page = {"scheme": scheme, "back": edit_address(scheme)}
    return act(request, form, page, do, "reporting/scheme_settings.html")


@require_http_methods(["GET", "POST"])
def units(request: HttpRequest, code: str) -> HttpResponse:
    """参评单位: which units, in which groups, by which document."""
    seat = editor(request)
    scheme = scheme_or_404(seat, code)
    if refusal := locked(request, scheme):
        return refusal
    if scheme.selects:
        messages.info(request, "遴选方案的参评单位是受理的申报，在遴选里办理。")
        return redirect(edit_address(scheme))
    ranking_now = Scheme.objects.current().visible_to(seat).assessing().newest_first().first()
    form = ParticipantsForm(sent(request), scheme=scheme, units=assessable(seat, scheme), example=ranking_now)

    def do(writing: Door, given: dict[str, Any]) -> tuple[str, str]:
        changed = services.set_participants(writing, scheme=scheme, groups=form.groups, document=given["document"])
        return f"已保存{len(form.groups)}个参评单位，改动{changed}个。", edit_address(scheme)

    page = {"scheme": scheme, "back": edit_address(scheme)}
    return act(request, form, page, do, "reporting/scheme_units.html")


def assessable(seat: Seat, scheme: Scheme) -> list[Unit]:
    """Places first, then the others that a scheme may compare; those that take part stay, even if dissolved."""
    every = Unit.objects.current().visible_to(seat).listed()
    taking_part = set(scheme.participants.current().values_list("unit_id", flat=True))
    rows = [unit for unit in every if unit.valid_until is None or unit.pk in taking_part]
    return sorted(rows, key=lambda unit: unit.kind not in PLACES)


PLACES = frozenset({"township", "street", "park"})


@require_GET
def trial(request: HttpRequest, code: str) -> HttpResponse:
    """The scheme as saved over the present numbers: ranks nobody, publishes nothing."""
    seat = business(request)
    scheme = scheme_or_404(seat, code)
    period = present_period(scheme, timezone.localdate())
    draft, missing = try_scheme(scheme, period, services.metric_names(scheme.county_id))
    context = {
        "scheme": scheme,
        "period": period,
        "missing": missing,
        "table": trial_table(draft) if draft else None,
        "may_edit": may_edit(seat) and not services.is_published_from(scheme),
    }
    return render(request, "reporting/scheme_trial.html", context)


def said_of_starting(scheme: Scheme) -> str:
    if scheme.selects:
        return "启用后可以用它发起遴选，不影响各期排名；发起核对以前还可以改。"
    return f"启用后，{scheme.year}年起的{scheme.get_period_display()}度排名按这一版计算；发起核对以前还可以改。"


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, code: str) -> HttpResponse:
    scheme = scheme_or_404(editor(request), code)
    if refusal := locked(request, scheme):
        return refusal

    def do(writing: Door, given: dict[str, Any]) -> tuple[str, str]:
        row = services.put_in_force(writing, scheme=scheme)
        said = "可以用它发起遴选" if row.selects else f"{row.year}年起按它排名"
        return f"已启用“{row}”，{said}。", reverse("scheme", args=[row.code])

    page = {
        "title": f"启用{scheme}",
        "about": said_of_starting(scheme),
        "button": "启用",
        "back": edit_address(scheme),
    }
    return act(request, TokenForm(sent(request)), page, do)


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    scheme = scheme_or_404(editor(request), code)
    if refusal := locked(request, scheme):
        return refusal

    def do(writing: Door, given: dict[str, Any]) -> tuple[str, str]:
        services.withdraw_scheme(writing, scheme=scheme, reason=given["reason"])
        return f"已作废“{scheme}”。", reverse("schemes")

    page = {
        "title": f"作废{scheme}",
        "about": "这份方案没有发布过，作废后不再出现；它用到的指标可以改名或作废。",
        "button": "作废",
        "back": edit_address(scheme),
    }
    return act(request, ReasonForm(sent(request)), page, do)
