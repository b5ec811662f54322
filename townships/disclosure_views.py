"""栏目可见范围: the page on which a county says who reads telephone numbers, vouchers, tax and power."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core.ledgers.forms import TokenForm, ask_plainly, sent
from core.ledgers.views import readable
from core.withheld import Withheld
from core.write import door
from townships.models import Unit
from townships.models.disclosure import Audience, audiences_of
from townships.services import set_disclosure

COVERED = {
    Withheld.CONTACT: "项目和企业的联系人、联系电话，培育对接人的电话。",
    Withheld.VOUCHER: "到位资金和资金拨付的凭证，以及凭证类材料。",
    Withheld.TAX: "企业月度入库税收，以及纳税申报表、部门回函。",
    Withheld.UTILITIES: "企业月度用电、用水、用气。",
}


class DisclosureForm(TokenForm):
    """One field for each kind; `given` is what the service takes."""

    def __init__(self, *args: Any, seat: Any, changing: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for kind in Withheld:
            field = forms.MultipleChoiceField(
                label=kind.label, choices=Audience.choices, required=False, help_text=COVERED[kind]
            )
            field.widget = forms.CheckboxSelectMultiple(choices=Audience.choices)
            field.initial, field.disabled = sorted(audiences_of(seat.county.disclosed, kind)), not changing
            self.fields[kind] = field
        if changing:
            self.fields["reason"] = forms.CharField(
                label="设定依据", max_length=200, help_text="例如：县招商办2024年6月例会。"
            )
            ask_plainly(self.fields.values())

    @property
    def kinds(self) -> list[forms.BoundField]:
        return [self[kind] for kind in Withheld]

    @property
    def given(self) -> dict[str, list[str]]:
        return {kind.value: self.cleaned_data[kind] for kind in Withheld}


@require_http_methods(["GET", "POST"])
def disclosure(request: HttpRequest) -> HttpResponse:
    """Everybody may see the rule; the county office's reviewers set it."""
    ledger = readable(request, "units")
    may_set = request.seat.may("set_disclosure", Unit(county_id=request.seat.county_id))
    if request.method == "POST" and not may_set:
        raise PermissionDenied("栏目可见范围由县招商办有“审核”职责的岗位设定。")
    form = DisclosureForm(sent(request), seat=request.seat, changing=may_set)
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("token", "reason")}
        try:
            with door(request.seat, at=timezone.now(), **said) as writing:
                set_disclosure(writing, disclosed=form.given)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, "已设定栏目可见范围，即时生效。")
            return redirect("disclosure")
    context = {"ledger": ledger, "form": form, "may_set": may_set, "audiences": Audience.labels}
    return render(request, "townships/disclosure.html", context, status=422 if form.errors else 200)
