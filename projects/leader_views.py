"""更换联系和分管领导 of one project."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core.ledgers.forms import TokenForm, sent
from core.ledgers.kinds import ReadField, read_day
from core.ledgers.views import readable
from core.write import door
from projects.leading import assign_leader
from projects.models import ProjectLeader
from projects.models.leaders import LeaderKind


class LeaderForm(TokenForm):
    kind = forms.ChoiceField(label="类别", choices=LeaderKind.choices)
    name = forms.CharField(label="姓名", max_length=30)
    post = forms.CharField(label="职务", max_length=50, required=False)
    since = ReadField(
        reader=read_day, label="自何日起", max_length=40, help_text="从这一天起由他联系或分管，前任到前一天止。"
    )
    document = forms.CharField(label="依据", max_length=100, required=False, help_text="分工文件或会议纪要。")

    @property
    def told(self) -> dict[str, Any]:
        given = {name: self.cleaned_data[name] for name in ("name", "post", "since", "document")}
        return {**given, "kind": LeaderKind(self.cleaned_data["kind"])}


@require_http_methods(["GET", "POST"])
def project_leaders(request: HttpRequest, code: str) -> HttpResponse:
    ledger = readable(request, "projects")
    project = ledger.find(request.seat, code)
    if project.voided_at or not request.seat.may("change", project):
        raise PermissionDenied("您当前的身份不能更换这个项目的联系和分管领导。")
    form = LeaderForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            with door(request.seat, at=timezone.now(), token=form.cleaned_data["token"]) as writing:
                row = assign_leader(writing, project=project, **form.told)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, f"“{project}”的{row.get_kind_display()}已换为{row.name}，{row.when}。")
            return redirect("ledger-detail", key="projects", code=project.code)
    leaders = ProjectLeader.objects.current().visible_to(request.seat).filter(project=project).in_order()
    context = {"ledger": ledger, "project": project, "form": form, "leaders": leaders}
    return render(request, "projects/leaders.html", context, status=422 if form.errors else 200)
