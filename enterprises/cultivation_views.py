"""The steps of an entry out of the 培育库 and back."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core.ledgers.forms import TokenForm, sent
from core.ledgers.kinds import ReadField, read_day
from core.ledgers.views import readable
from core.write import Door, door
from enterprises.cultivating import leave, resume
from enterprises.models import Cultivation, LeavingCause
from enterprises.models.cultivation import LEAVE


class StepForm(TokenForm):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class LeaveForm(StepForm):
    left_on = ReadField(reader=read_day, label="出培育库日期", max_length=20, help_text="例如2024-03-05。")
    left_cause = forms.ChoiceField(label="出库原因", choices=[("", "请选择"), *LeavingCause.choices])
    left_note = forms.CharField(label="出库说明", max_length=200, required=False)


@require_http_methods(["GET", "POST"])
def cultivation_leave(request: HttpRequest, code: str) -> HttpResponse:
    row = _found(request, code)
    if row.left_on is not None:
        raise Http404("这家企业已经出培育库。")
    form = LeaveForm(sent(request), initial={"version": row.row_version})

    def take(writing: Door) -> None:
        given = form.cleaned_data
        said = {"on": given["left_on"], "cause": given["left_cause"], "note": given["left_note"]}
        leave(writing, row=row, version=given["version"], **said)

    told = {"title": "出培育库", "says": "出库以后不再计入培育库户数，以前各月的数不变。", "button": "出培育库"}
    return _stepped(request, row, form, take, {**told, "done": "已办理“{}”出培育库。"})


@require_http_methods(["GET", "POST"])
def cultivation_resume(request: HttpRequest, code: str) -> HttpResponse:
    row = _found(request, code)
    if row.left_on is None:
        raise Http404("这家企业没有出培育库。")
    form = StepForm(sent(request), initial={"version": row.row_version})

    def take(writing: Door) -> None:
        resume(writing, row=row, version=form.cleaned_data["version"])

    told = {"title": "撤销出库", "says": "误办了出库的，撤销后恢复为在培育，视同没有出过库。", "button": "撤销出库"}
    return _stepped(request, row, form, take, {**told, "done": "“{}”已恢复培育。"})


def _found(request: HttpRequest, code: str) -> Cultivation:
    row = readable(request, "cultivation").find(request.seat, code)
    if row.voided_at or not request.seat.may(LEAVE, row):
        raise PermissionDenied("您当前的身份不能办理这家企业出培育库。")
    return row


def _stepped(
    request: HttpRequest, row: Cultivation, form: StepForm, take: Callable[[Door], None], told: dict[str, Any]
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            with door(request.seat, at=timezone.now(), token=form.cleaned_data["token"]) as writing:
                take(writing)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, told["done"].format(row.enterprise))
            return redirect("ledger-detail", key="cultivation", code=row.code)
    context = {"record": row, "form": form, **told}
    return render(request, "ledgers/cultivation_step.html", context, status=422 if form.errors else 200)
