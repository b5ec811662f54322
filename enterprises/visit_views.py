"""A visit's demand on its way to the problems."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core.ledgers.forms import TokenForm, sent
from core.ledgers.views import readable
from core.write import door
from enterprises.visiting import LONGEST_TITLE, RAISE, raise_demand, title_of
from townships.problems.models import Topic


class DemandForm(TokenForm):
    title = forms.CharField(label="问题事项", max_length=LONGEST_TITLE)
    topic = forms.ChoiceField(label="问题类型", choices=[("", "请选择"), *Topic.choices], required=False)


@require_http_methods(["GET", "POST"])
def visit_demand(request: HttpRequest, code: str) -> HttpResponse:
    ledger = readable(request, "visits")
    visit = ledger.find(request.seat, code)
    if visit.voided_at or not request.seat.may(RAISE, visit):
        raise PermissionDenied("您当前的身份不能转办这条诉求。")
    if not visit.waits:
        raise Http404("这次走访没有等待转办的诉求。")
    form = DemandForm(sent(request), initial={"title": title_of(visit)})
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("title", "topic")}
        try:
            with door(request.seat, at=timezone.now(), token=form.cleaned_data["token"]) as writing:
                problem = raise_demand(writing, visit=visit, **given)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, f"已转为问题“{problem}”，等待交办。")
            return redirect("ledger-detail", key="problems", code=problem.code)
    context = {"ledger": ledger, "record": visit, "form": form}
    return render(request, "ledgers/visit_demand.html", context, status=422 if form.errors else 200)
