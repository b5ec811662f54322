"""视图 of a list: save the present one, rename, share, begin with it, delete."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core.ledgers.forms import TokenForm, sent
from core.ledgers.ledger import Ledger
from core.ledgers.query import BadQuery, ListQuery
from core.ledgers.saved_views import change_view, kept_query, open_with, replace_view, save_view, views_of
from core.ledgers.views import readable
from core.models import SavedView
from core.write import Door, door

DELETE = "delete"


class ViewForm(TokenForm):
    """What this seat may set of a view: its name and sharing where it keeps it, its own beginning always."""

    name = forms.CharField(label="名称", max_length=30, help_text="例如：本季开工待认定。")
    shared = forms.BooleanField(
        label="共享给全县", required=False, help_text="本县各单位都能选用，看到的仍是各自的数据。"
    )
    opens = forms.BooleanField(
        label="作为我的默认视图", required=False, help_text="从菜单打开这本台账时先按它列出；带条件的链接不受影响。"
    )

    def __init__(self, *args: Any, view: SavedView, seat: Any, **kwargs: Any):
        begun = {"name": view.name, "shared": view.shared, "opens": getattr(view, "opens", False)}
        super().__init__(*args, initial=begun, **kwargs)
        keeps = seat.may("keep_view", view)
        for name in ("name", "shared") if not keeps else () if seat.may("share_view", view) else ("shared",):
            del self.fields[name]

    def given(self, view: SavedView) -> dict[str, Any]:
        return {name: self.cleaned_data.get(name, getattr(view, name)) for name in ("name", "shared")}


class SavingForm(ViewForm):
    """A new name, or one of the views that this seat keeps, whose filters the present ones then replace."""

    over = forms.ChoiceField(
        label="替换已有视图", required=False, help_text="选了就不另存：原视图的名称不变，条件换成现在的。"
    )
    field_order = ("over", "name", "shared", "opens", "token")

    def __init__(self, *args: Any, replaceable: Sequence[SavedView], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.replaceable = {view.code: view for view in replaceable}
        self.fields["name"].required = False
        self.fields["over"].choices = [
            ("", "存为新视图"),
            *((code, str(view)) for code, view in self.replaceable.items()),
        ]
        if not replaceable:
            del self.fields["over"]

    @property
    def replaced(self) -> SavedView | None:
        return self.replaceable.get(self.cleaned_data.get("over", ""))

    def clean(self) -> None:
        if not self.replaced and not self.cleaned_data.get("name") and "name" not in self.errors:
            self.add_error("name", "请填写。")


@require_http_methods(["GET", "POST"])
def saved_views(request: HttpRequest, key: str) -> HttpResponse:
    """All views of this list, and the form that keeps the one whose query the address carries."""
    ledger = readable(request, key)
    new = _own_view(request, ledger)
    try:
        query = ListQuery(ledger, request.GET, request.seat)
    except BadQuery as error:
        return render(request, "ledgers/bad_query.html", {"ledger": ledger, "sentences": error.messages}, status=400)
    views = [(view, request.seat.may("keep_view", view)) for view in views_of(ledger, request.seat)]
    kept = [view for view, keeps in views if keeps]
    form = SavingForm(sent(request), view=new, seat=request.seat, replaceable=kept)
    if request.method == "POST" and form.is_valid() and (view := _saved(request, ledger, form, new)):
        messages.success(request, f"已保存视图“{view}”。")
        return redirect(f"{reverse('ledger-list', args=[key])}?view={view.code}")
    context = {
        "ledger": ledger,
        "query": query,
        "form": form,
        "views": views,
    }
    return render(request, "ledgers/saved_views.html", context, status=422 if form.errors else 200)


def _own_view(request: HttpRequest, ledger: Ledger) -> SavedView:
    """A view this seat would save; refuses who keeps none."""
    new = SavedView(county_id=request.seat.county_id, owner=request.seat.user, ledger=ledger.key)
    if not request.seat.may("keep_view", new):
        raise PermissionDenied("您当前的身份不保存视图。")
    return new


def _saved(request: HttpRequest, ledger: Ledger, form: SavingForm, new: SavedView) -> SavedView | None:
    def save(writing: Door) -> SavedView:
        if form.replaced:
            return replace_view(writing, view=form.replaced, query=kept_query(request.GET))
        given = {**form.given(new), "query": kept_query(request.GET)}
        view = save_view(writing, ledger=ledger, user=request.seat.user, **given)
        if form.cleaned_data["opens"]:
            open_with(writing, view=view, user=request.seat.user, wanted=True)
        return view

    return _through_door(request, form, save)


@require_http_methods(["GET", "POST"])
def saved_view(request: HttpRequest, key: str, code: str) -> HttpResponse:
    ledger = readable(request, key)
    _own_view(request, ledger)
    view = get_object_or_404(views_of(ledger, request.seat), code=code)
    keeps = request.seat.may("keep_view", view)
    form = ViewForm(sent(request), view=view, seat=request.seat)
    if keeps and request.POST.get("do") == DELETE:
        form.fields["name"].required = False
    if request.method == "POST" and form.is_valid() and _changed(request, form, view, keeps):
        return redirect("saved-views", key=key)
    context = {"ledger": ledger, "view": view, "form": form, "keeps": keeps}
    return render(request, "ledgers/saved_view.html", context, status=422 if form.errors else 200)


def _changed(request: HttpRequest, form: ViewForm, view: SavedView, keeps: bool) -> bool:
    deletes = keeps and request.POST.get("do") == DELETE

    def change(writing: Door) -> bool:
        open_with(writing, view=view, user=request.seat.user, wanted=form.cleaned_data["opens"] and not deletes)
        if deletes:
            writing.void(view, reason="不再使用", permission="keep_view")
        elif keeps:
            change_view(writing, view=view, **form.given(view))
        return True

    done = bool(_through_door(request, form, change))
    if done:
        messages.success(request, f"已{'删除' if deletes else '保存'}视图“{view}”。")
    return done


def _through_door(request: HttpRequest, form: ViewForm, act: Any) -> Any:
    """What the act gives back; None where the door refused and the form says why."""
    try:
        with door(request.seat, at=timezone.now(), token=form.cleaned_data["token"]) as writing:
            return act(writing)
    except ValidationError as error:
        form.refuse(error)
        return None
