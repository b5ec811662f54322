"""分成: who shares a project's credit, agreed anew by the county office."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core.files import attach, store
from core.ledgers.forms import sent
from core.ledgers.ledger import ledger_for
from core.ledgers.views import readable
from core.write import Door, door
from projects.ledgers.projects import AGREEMENT_SLOT
from projects.models import Project, ProjectShare
from projects.models.projects import CreditScope
from projects.services import set_shares
from projects.share_forms import DROP, MORE, SharesForm, share_sets, typed

WITHDRAW = "withdraw"


@require_http_methods(["GET", "POST"])
def project_shares(request: HttpRequest, code: str) -> HttpResponse:
    """The shares of one 分成口径, `?scope=`; without it, of all figures that have no agreement of their own."""
    project = readable(request, "projects").find(request.seat, code)
    if project.voided_at or not request.seat.may("set_shares", project):
        raise PermissionDenied("您当前的身份不能设定分成，请联系县招商办经办。")
    scope, button = _scope(request), request.POST.get("do", "")
    asked = {"project": project, "scope": scope, "seat": request.seat}
    if button == MORE or button.startswith(DROP):
        return _page(request, project, scope, SharesForm(initial=typed(request.POST, button), **asked))
    form = SharesForm(sent(request), request.FILES or None, **asked)
    if button == WITHDRAW:
        form.fields["document"].required = False
    if request.method == "POST" and form.is_valid() and _agreed(request, project, scope, form, button):
        return redirect("ledger-detail", key="projects", code=project.code)
    return _page(request, project, scope, form)


def _scope(request: HttpRequest) -> CreditScope:
    given = request.GET.get("scope", CreditScope.GENERAL)
    if given not in CreditScope.values:
        raise Http404("没有这种分成口径。")
    return CreditScope(given)


def _agreed(request: HttpRequest, project: Project, scope: CreditScope, form: SharesForm, button: str) -> bool:
    agreed = form.agreed
    if button == WITHDRAW and scope != CreditScope.GENERAL:
        agreed["shares"] = []
    try:
        with door(request.seat, at=timezone.now(), token=form.cleaned_data["token"]) as writing:
            set_shares(writing, project=project, scope=scope, **agreed)
            _keep_paper(writing, project, form)
    except ValidationError as error:
        form.refuse(error)
        return False
    messages.success(request, f"已保存“{project}”的{scope.label}分成。")
    return True


def _keep_paper(writing: Door, project: Project, form: SharesForm) -> None:
    if upload := form.cleaned_data.get("file"):
        stored = store(upload.chunks(), name=upload.name, at=writing.at)
        attach(writing, project, ledger="projects", slot=AGREEMENT_SLOT, name=upload.name, stored=stored)


def _page(request: HttpRequest, project: Project, scope: CreditScope, form: SharesForm) -> HttpResponse:
    shares = (
        ProjectShare.objects.current()
        .visible_to(request.seat)
        .filter(project=project)
        .select_related("unit")
        .in_order()
    )
    address = reverse("project-shares", args=[project.code])
    scopes: list[dict[str, Any]] = [
        {"label": s.label, "url": f"{address}?scope={s}", "here": s == scope} for s in CreditScope
    ]
    context = {
        "ledger": ledger_for("projects"),
        "project": project,
        "scope": scope,
        "general": scope == CreditScope.GENERAL,
        "agreed_apart": scope != CreditScope.GENERAL and bool(form.shares),
        "scopes": scopes,
        "form": form,
        "sets": share_sets(shares),
    }
    return render(request, "projects/shares.html", context, status=422 if form.errors else 200)
