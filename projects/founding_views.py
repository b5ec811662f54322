"""登记项目公司: the step from a landed project to the ledger of enterprises."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core.identifiers import read_uscc
from core.ledgers.forms import TokenForm, sent
from core.ledgers.kinds import ReadField, read_day
from core.ledgers.views import readable
from core.write import door
from enterprises.industries import read_industry
from enterprises.models import Enterprise
from projects.founding import awaits_company, found_company


class CompanyForm(TokenForm):
    name = forms.CharField(label="企业名称", max_length=100, help_text="营业执照上的名称。已在企业台账的，会直接关联。")
    uscc = ReadField(reader=read_uscc, label="统一社会信用代码", max_length=40, required=False)
    industry = ReadField(
        reader=read_industry,
        label="国民经济行业",
        max_length=60,
        required=False,
        help_text="行业代码或大类名称，决定入库标准。",
    )
    registered_on = ReadField(reader=read_day, label="登记日期", max_length=40, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @property
    def told(self) -> dict[str, Any]:
        given = self.cleaned_data
        texts = {name: given[name] or "" for name in ("name", "uscc", "industry")}
        return {**texts, "registered_on": given["registered_on"], "version": given["version"]}


@require_http_methods(["GET", "POST"])
def project_company(request: HttpRequest, code: str) -> HttpResponse:
    ledger = readable(request, "projects")
    project = ledger.find(request.seat, code)
    fresh = Enterprise(county_id=project.county_id, township=project.landing_unit)
    if not (request.seat.may("change", project) and request.seat.may("add", fresh)):
        raise PermissionDenied("您当前的身份不能登记这个项目的项目公司。")
    if not awaits_company(project):
        raise Http404("这个项目还没有落地，或者已经登记了项目公司。")
    form = CompanyForm(sent(request), initial={"industry": project.industry, "version": project.row_version})
    if request.method == "POST" and form.is_valid():
        try:
            with door(request.seat, at=timezone.now(), token=form.cleaned_data["token"]) as writing:
                enterprise = found_company(writing, project=project, **form.told)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, f"“{enterprise}”已登记为这个项目的项目公司，列入企业台账。")
            return redirect("ledger-detail", key="enterprises", code=enterprise.code)
    context = {"ledger": ledger, "record": project, "form": form}
    return render(request, "projects/company.html", context, status=422 if form.errors else 200)
