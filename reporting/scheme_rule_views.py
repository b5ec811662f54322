"""The tables of a scheme and one rule of it: every button saves what was typed. Fetch, check, call, respond."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core.ledgers.forms import sent
from core.write import door
from reporting.formula.errors import FormulaError
from reporting.formula.parser import FUNCTION_NAMES
from reporting.models import Scheme
from reporting.presentation.scheme import scheme_page
from reporting.scheme_editing import services
from reporting.scheme_editing.forms import FAMILIES, TYPED, RuleForm, TablesForm, slot_name
from reporting.scheme_editing.sections import BY_KEY, Section, filed, moved
from reporting.scheme_editing.trial import Trial, present_period, try_rule
from reporting.scheme_views import edit_address, editor, locked, readable_names, scheme_or_404, told

NEW = "new"


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """All tables in one form. Any button saves what was typed; `do` says what comes next."""
    seat = editor(request)
    scheme = scheme_or_404(seat, code)
    if refusal := locked(request, scheme):
        return refusal
    form = TablesForm(sent(request), scheme=scheme)
    if request.method == "POST" and form.is_valid():
        try:
            return save_tables(request, scheme, form)
        except ValidationError as error:
            form.refuse(error)
    return render(
        request, "reporting/scheme_edit.html", tables_page(scheme, form), status=422 if form.is_bound else 200
    )


def save_tables(request: HttpRequest, scheme: Scheme, form: TablesForm) -> HttpResponse:
    what, section, place = pressed(request.POST.get("do", ""))
    body = form.body()
    if what in ("up", "down"):
        body[section] = moved(body[section], place, 1 if what == "down" else -1)
    elif what == "remove":
        body[section] = [row for number, row in enumerate(body[section]) if number != place]
    given = form.cleaned_data
    with door(request.seat, at=timezone.now(), token=given["token"]) as writing:
        changed = services.change_rules(writing, scheme=scheme, body=body, version=given["version"])
    if changed or what == "save":
        messages.success(request, told(scheme, changed))
    if what in ("open", "new"):
        return redirect("scheme-rule", code=scheme.code, section=section, place=NEW if what == "new" else place + 1)
    return redirect(edit_address(scheme) + (f"#{section}" if section else ""))


def pressed(button: str) -> tuple[str, str, int]:
    """`up-indicators-2` → what to do, in which table, at which place; anything else only saves."""
    what, _, rest = button.partition("-")
    section, _, place = rest.partition("-")
    if section not in BY_KEY or not (what == "new" or place.isdecimal()):
        return "save", "", 0
    return what, section, int(place or 0)


def tables_page(scheme: Scheme, form: TablesForm) -> dict[str, Any]:
    rules = scheme.rules
    groups = list(scheme.participants.current().order_by("group").values_list("group", flat=True))
    named = [group for indicator in rules.indicators for group in indicator.groups or ()]
    return {
        "scheme": scheme,
        "form": form,
        "page": scheme_page(rules, groups or named),
        "lacking": services.what_is_lacking(scheme),
        "families": FAMILIES,
    }


# -- one rule ---------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def rule(request: HttpRequest, code: str, section: str, place: str) -> HttpResponse:
    """One row with its formula: by a preset or typed, tried with the present numbers before it is saved."""
    seat = editor(request)
    scheme = scheme_or_404(seat, code)
    if refusal := locked(request, scheme):
        return refusal
    table, number, row = row_or_404(scheme, section, place)
    names = readable_names(seat, scheme, table, row)
    chosen, what = request.POST.get("rule", ""), request.POST.get("do", "save")
    if request.method == "POST" and what != "rule":
        form = RuleForm(request.POST, section=table, row=row, names=names, rule=chosen)
        form.is_valid()
    else:
        form = RuleForm(section=table, row=row, names=names, rule=chosen, initial=carried(request, scheme))
    if form.is_bound and what.startswith("save") and not form.errors:
        try:
            return save_rule(request, scheme, table, number, form)
        except ValidationError as error:
            form.refuse(error)
    context = rule_page(scheme, table, number, row, form)
    refused = form.is_bound and what.startswith("save")
    return render(request, "reporting/scheme_rule.html", context, status=422 if refused else 200)


def row_or_404(scheme: Scheme, section: str, place: str) -> tuple[Section, int | None, dict[str, Any]]:
    """The table, the place from 0 on (None: a new row) and the row."""
    if section not in BY_KEY:
        raise Http404("方案里没有这张表。")
    rows = scheme.body.get(section) or []
    if place == NEW:
        return BY_KEY[section], None, {}
    if not place.isdecimal() or not 1 <= int(place) <= len(rows):
        raise Http404("这一行已经不在方案里，请回到方案再看。")
    return BY_KEY[section], int(place) - 1, rows[int(place) - 1]


def carried(request: HttpRequest, scheme: Scheme) -> dict[str, Any]:
    """What was typed before another preset was chosen; a typed formula begins with what the preset wrote."""
    typed = {key: value for key, value in request.POST.items() if key not in ("token", "do", "rule", "version")}
    if request.method == "POST":
        typed["version"] = request.POST.get("version")
    else:
        typed["version"] = scheme.row_version
    return {key: value for key, value in typed.items() if value or not key.startswith(slot_name(""))}


def save_rule(
    request: HttpRequest, scheme: Scheme, section: Section, place: int | None, form: RuleForm
) -> HttpResponse:
    rows = list(scheme.body.get(section.key) or [])
    rows[len(rows) if place is None else place : len(rows) if place is None else place + 1] = [form.filed()]
    given = form.cleaned_data
    with door(request.seat, at=timezone.now(), token=given["token"]) as writing:
        body = {**scheme.body, section.key: rows}
        changed = services.change_rules(writing, scheme=scheme, body=body, version=given["version"])
    messages.success(request, told(scheme, changed))
    if request.POST.get("do") == "save-more":
        return redirect("scheme-rule", code=scheme.code, section=section.key, place=NEW)
    return redirect(f"{edit_address(scheme)}#{section.key}")


def rule_page(
    scheme: Scheme, section: Section, place: int | None, row: dict[str, Any], form: RuleForm
) -> dict[str, Any]:
    draft = drafted(section, row, form)
    return {
        "scheme": scheme,
        "section": section,
        "form": form,
        "is_new": place is None,
        "called": row.get("name") or row.get("tier") or "",
        "draft": draft.get(section.formula, "") if section.formula else "",
        "trial": tried(scheme, section, draft) if section.formula else None,
        "not_yet": [
            f"{form[name].label}：{sentence}"
            for name, said in form.errors.items()
            for sentence in said
            if name in form.fields
        ],
        "functions": FUNCTION_NAMES,
        "families": FAMILIES,
        "typing": form.rule_key == TYPED,
    }


def drafted(section: Section, row: dict[str, Any], form: RuleForm) -> dict[str, Any]:
    """The row as the form has it, where that can be read; else as it was saved; empty for a new one."""
    if not form.is_bound:
        return row
    if form.errors:
        return {}
    return filed(section, form.cleaned_data, form.cleaned_data.get("formula", ""))


def tried(scheme: Scheme, section: Section, row: dict[str, Any]) -> Trial | None:
    if not row:
        return None
    try:
        period, metrics = present_period(scheme, timezone.localdate()), services.metric_names(scheme.county_id)
        return try_rule(scheme, section.key, row, period, metrics)
    except FormulaError:
        return None
