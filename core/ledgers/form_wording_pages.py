"""表样用语: the county office words its printed forms."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from core.audit_trail import history_of
from core.ledgers.form_wording import lines_of, signatures_of, word_form, wording_row
from core.ledgers.forms import TokenForm, sent
from core.ledgers.official_forms import OfficialForm, all_forms
from core.models import FormWording
from core.write import door

WORDED = ("title", "footer_lines", "signatures")
MOST_LINES, MOST_SIGNATURES = 8, 6


class WordingForm(TokenForm):
    title = forms.CharField(label="标题", max_length=100, required=False)
    footer_lines = forms.CharField(
        label="表下说明",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="一行写一条，印在表的下面；不需要可不填。",
    )
    signatures = forms.CharField(
        label="签名",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="一行写一个，例如：审核人：张三；只写“审核人”就留出签名的空位。不填即为制表人、审核人、负责人。",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, shipped: OfficialForm, row: FormWording | None, **kwargs):
        held = {name: getattr(row, name) for name in WORDED} | {"version": row.row_version} if row else {}
        super().__init__(*args, initial=held, **kwargs)
        words = "、".join(f"{{{word}}}" for word in shipped.words)
        self.fields["title"].help_text = f"不填即为“{shipped.title}”。可以写{words}，打印时换成实际的内容。"

    def clean_footer_lines(self) -> str:
        return _counted(self.cleaned_data["footer_lines"], MOST_LINES)

    def clean_signatures(self) -> str:
        text = _counted(self.cleaned_data["signatures"], MOST_SIGNATURES)
        if any(not label for label, _ in signatures_of(text)):
            raise ValidationError("冒号前面要写明是谁签名，例如：审核人：张三。")
        return text


def _counted(text: str, most: int) -> str:
    if len(lines_of(text)) > most:
        raise ValidationError(f"最多写{most}行。")
    return "\n".join(lines_of(text))


def _may_word(request: HttpRequest) -> None:
    seat = request.seat
    if seat is None or not seat.may("word_forms", FormWording(county_id=seat.county_id)):
        raise PermissionDenied("表样用语由县招商办设定。")


@require_GET
def form_wordings(request: HttpRequest) -> HttpResponse:
    _may_word(request)
    rows = FormWording.objects.current().visible_to(request.seat)
    worded = {row.form: row for row in rows}
    shown = [(form, worded.get(form.key, FormWording())) for form in all_forms()]
    return render(request, "ledgers/form_wordings.html", {"shown": shown})


@require_http_methods(["GET", "POST"])
def form_wording(request: HttpRequest, key: str) -> HttpResponse:
    _may_word(request)
    shipped = next((form for form in all_forms() if form.key == key), None)
    if shipped is None:
        raise Http404("没有这张表样。")
    row = wording_row(request.seat.county_id, shipped)
    form = WordingForm(sent(request), shipped=shipped, row=row)
    if request.method == "POST" and form.is_valid() and _worded(request, form, shipped):
        messages.success(request, f"已保存“{shipped.name}”的用语，以后打印都按它。")
        return redirect("form-wordings")
    context = {"shipped": shipped, "form": form, "history": history_of(row, request.seat) if row else []}
    return render(request, "ledgers/form_wording.html", context, status=422 if form.errors else 200)


def _worded(request: HttpRequest, form: WordingForm, shipped: OfficialForm) -> bool:
    given = dict(form.cleaned_data)
    try:
        with door(request.seat, at=timezone.now(), token=given.pop("token")) as writing:
            word_form(writing, form=shipped, **given)
    except ValidationError as error:
        form.refuse(error)
        return False
    return True
