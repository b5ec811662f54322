"""Acts on a problem, its 交办单 and the county's days of warning."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from core.ledgers.forms import sent
from core.ledgers.views import readable, record_url
from core.write import Door, door
from townships.problems import services
from townships.problems.forms import FORMS, ActForm, DueSoonForm
from townships.problems.ledgers import ProblemLedger
from townships.problems.models import Problem
from townships.problems.steps import Act, Stage

SERVICES = {
    Act.ASSIGN: services.assign,
    Act.REPLY: services.reply,
    Act.REASSIGN: services.reassign,
    Act.APPLY: services.apply_to_close,
    Act.ACCEPT: services.accept,
    Act.RETURN: services.send_back,
    Act.EXTEND: services.extend,
    Act.REOPEN: services.reopen,
}
DONE = {
    Act.ASSIGN: "已交办“{}”。",
    Act.REPLY: "已填报“{}”的办理情况。",
    Act.APPLY: "已申请“{}”销号，等待验收。",
    Act.ACCEPT: "已同意“{}”销号。",
    Act.RETURN: "已退回“{}”，责任单位会看到原因。",
    Act.REASSIGN: "已改派“{}”。",
    Act.EXTEND: "已延长“{}”的办理期限。",
    Act.REOPEN: "已重新办理“{}”。",
}


def found(request: HttpRequest, code: str) -> tuple[ProblemLedger, Problem]:
    ledger = readable(request, services.LEDGER)
    return ledger, ledger.find(request.seat, code)


@require_http_methods(["GET", "POST"])
def problem_act(request: HttpRequest, code: str, act: str) -> HttpResponse:
    ledger, problem = found(request, code)
    if act not in Act.values:
        raise Http404("没有这个办理步骤。")
    step = Act(act)
    if step not in problem.open_acts(request.seat):
        raise PermissionDenied(f"这个问题现在是“{problem.get_stage_display()}”，您当前的身份不能{step.label}。")
    form = FORMS[step](sent(request), request.FILES or None, problem=problem, seat=request.seat)
    if request.method == "POST" and form.is_valid() and _taken(request, step, problem, form):
        return redirect(record_url(ledger, problem))
    told = problem.steps.current().order_by("pk").last() if problem.stage == Stage.APPLIED else None
    context = {"ledger": ledger, "record": problem, "form": form, "act": step, "told": told}
    return render(request, "ledgers/problem_act.html", context, status=422 if form.errors else 200)


def _taken(request: HttpRequest, act: Act, problem: Problem, form: ActForm) -> bool:
    try:
        with door(request.seat, at=timezone.now(), token=form.cleaned_data["token"]) as writing:
            SERVICES[act](writing, problem=problem, **form.given)
            _keep_paper(writing, problem, form)
    except ValidationError as error:
        form.refuse(error)
        return False
    messages.success(request, DONE[act].format(problem))
    return True


def _keep_paper(writing: Door, problem: Problem, form: ActForm) -> None:
    if upload := form.cleaned_data.get("paper"):
        services.keep_paper(writing, problem=problem, chunks=upload.chunks(), name=upload.name)


@require_GET
def problem_sheet(request: HttpRequest, code: str) -> HttpResponse:
    """交办单, on paper: to be stamped and signed for."""
    ledger, problem = found(request, code)
    if problem.stage == Stage.RAISED:
        raise Http404("这个问题还没有交办，交办以后才有交办单。")
    context: dict[str, Any] = {
        "ledger": ledger,
        "problem": problem,
        "assigned": problem.steps.current().filter(act__in=[Act.ASSIGN, Act.REASSIGN]).order_by("pk").last(),
        "at": timezone.localtime(),
    }
    return render(request, "ledgers/problem_sheet.html", context)


@require_http_methods(["GET", "POST"])
def due_soon(request: HttpRequest) -> HttpResponse:
    """How many days before a deadline the light turns yellow, for the whole county."""
    ledger = readable(request, services.LEDGER)
    if not request.seat.may("set_due_soon", ledger.blank(request.seat)):
        raise PermissionDenied("临期提醒由县招商办有“审核”职责的岗位设定。")
    form = DueSoonForm(sent(request), initial={"days": request.seat.county.due_soon_days})
    if request.method == "POST" and form.is_valid():
        try:
            with door(request.seat, at=timezone.now(), token=form.cleaned_data["token"]) as writing:
                services.set_due_soon_days(writing, days=form.cleaned_data["days"])
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, f"已设定：到期前{form.cleaned_data['days']}天起亮黄灯。")
            return redirect(reverse("ledger-list", args=[ledger.key]))
    context = {"ledger": ledger, "form": form}
    return render(request, "ledgers/due_soon.html", context, status=422 if form.errors else 200)
