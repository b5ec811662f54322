"""Asking about a month, acts on a question, and a trial of other limits."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from core.ledgers.forms import sent
from core.ledgers.views import readable, record_url
from core.write import door
from enterprises.coherence import services
from enterprises.coherence.forms import FORMS, ActForm, AskForm, TrialForm
from enterprises.coherence.ledgers import visible_rules
from enterprises.coherence.models import CoherenceQuestion
from enterprises.coherence.steps import ASK, Act
from enterprises.ledgers import visible_enterprises
from townships.models import Role

SERVICES = {
    Act.ASSIGN: services.assign,
    Act.ANSWER: services.answer,
    Act.RETURN: services.send_back,
    Act.CLOSE: services.close,
}
DONE = {
    Act.ASSIGN: "已交办“{}”。",
    Act.ANSWER: "已答复“{}”，等待核结。",
    Act.RETURN: "已退回“{}”，答复单位会看到原因。",
    Act.CLOSE: "已核结“{}”。",
}
MOST_SHOWN = 100


@require_http_methods(["GET", "POST"])
def question_act(request: HttpRequest, code: str, act: str) -> HttpResponse:
    ledger = readable(request, services.LEDGER)
    question = ledger.find(request.seat, code)
    if act not in Act.values:
        raise Http404("没有这个办理步骤。")
    step = Act(act)
    if step not in question.open_acts(request.seat):
        raise PermissionDenied(f"这个疑点现在是“{question.get_stage_display()}”，您当前的身份不能{step.label}。")
    form = FORMS[step](sent(request), request.FILES or None, question=question, seat=request.seat)
    if request.method == "POST" and form.is_valid() and _taken(request, step, question, form):
        return redirect(record_url(ledger, question))
    context = {"ledger": ledger, "record": question, "form": form, "act": step}
    return render(request, "ledgers/question_act.html", context, status=422 if form.errors else 200)


def _taken(request: HttpRequest, act: Act, question: CoherenceQuestion, form: ActForm) -> bool:
    try:
        with door(request.seat, at=timezone.now(), token=form.cleaned_data["token"]) as writing:
            SERVICES[act](writing, question=question, **form.given)
            if upload := form.cleaned_data.get("paper"):
                services.keep_paper(writing, question=question, chunks=upload.chunks(), name=upload.name)
    except ValidationError as error:
        form.refuse(error)
        return False
    messages.success(request, DONE[act].format(question))
    return True


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """One month of the whole county, against the county's rules."""
    ledger = readable(request, services.LEDGER)
    if not request.seat.may(ASK, ledger.blank(request.seat)):
        raise PermissionDenied("核对企业数据由县招商办有“填报”职责的岗位办理。")
    form = AskForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            with door(request.seat, at=timezone.now(), token=form.cleaned_data["token"]) as writing:
                services.take_over_rules(writing)
                given = {name: form.cleaned_data[name] for name in ("month", "deadline")}
                asked = services.ask_month(writing, **given)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, str(asked))
            return redirect(reverse("ledger-list", args=[ledger.key]))
    context = {"ledger": ledger, "form": form}
    return render(request, "ledgers/question_ask.html", context, status=422 if form.errors else 200)


@require_GET
def trial(request: HttpRequest) -> HttpResponse:
    """What a rule with other limits would have asked; nothing is kept."""
    ledger = readable(request, "coherence_rules")
    if request.seat.role != Role.COUNTY:
        raise PermissionDenied("试算界限由县招商办办理。")
    form = TrialForm(request.GET or None, rules=visible_rules(request.seat).order_by("code"))
    context = {"ledger": ledger, "form": form, "found": None}
    if form.is_bound and form.is_valid():
        context |= _tried(request, form)
    return render(request, "ledgers/question_trial.html", context, status=422 if form.errors else 200)


def _tried(request: HttpRequest, form: TrialForm) -> dict:
    rule, month = form.cleaned_data["rule"], form.cleaned_data["month"]
    now = services.would_ask(request.seat.county_id, month, rule)
    found = services.would_ask(request.seat.county_id, month, rule, **form.limits) if form.limits else now
    shown = found[:MOST_SHOWN]
    names = visible_enterprises(request.seat).in_bulk([one.firm for one in shown])
    return {
        "found": [(names[one.firm], one.sentence) for one in shown],
        "count": len(found),
        "now": len(now),
        "rule": rule,
        "month": month,
    }
