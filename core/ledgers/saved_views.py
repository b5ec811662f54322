"""视图: a list's filters, columns and order under a name. A link's own query always goes before a view's."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from core.ledgers.filters import RESERVED, bound, narrowed
from core.ledgers.ledger import Ledger
from core.ledgers.query import WHOLE_LIST, ListQuery
from core.models import OpeningView, SavedView
from core.write import Door, Refused

NOT_KEPT = ("page", "view")
GONE = "这个视图已删除，或者不再共享，下面按网址中其余的条件列出。"


@dataclass(frozen=True)
class Fitted:
    """What of a view's query the list still knows; `sentences` say what it no longer does."""

    query: str
    sentences: tuple[str, ...] = ()

    def address(self, view: SavedView) -> str:
        """Of the list under that view: what it asks for, and its name."""
        return "&".join(part for part in (self.query, f"view={view.code}") if part)


@dataclass(frozen=True)
class ViewChoice:
    """The control 视图 of a list; `kept` is the query that saving would keep."""

    views: tuple[SavedView, ...]
    kept: str
    chosen: SavedView | None = None
    changed: bool = False
    sentences: tuple[str, ...] = ()


def views_of(ledger: Ledger, seat: Any) -> QuerySet:
    """This person's own views and the shared ones, each with `opens`."""
    views = SavedView.objects.current().visible_to(seat).filter(ledger=ledger.key)
    return views.with_opening(seat).select_related("owner").order_by("shared", "name", "pk")


def kept_query(data: QueryDict) -> str:
    """Of an address what a view keeps: all but the page, and empty boxes."""
    kept = QueryDict(mutable=True)
    for name, values in data.lists():
        if name not in NOT_KEPT and any(values):
            kept.setlist(name, [value for value in values if value])
    return kept.urlencode(safe=",")


def start_of(ledger: Ledger, data: QueryDict, views: list[SavedView], seat: Any) -> str:
    """The query to go on with where the address asks for a view alone, or for nothing; empty: stay there."""
    if set(data) - {"view"} or data.urlencode() == WHOLE_LIST:
        return ""
    view = _named(views, data) if data else next((view for view in views if view.opens), None)
    address = fitted(ledger, view.query, seat).address(view) if view else ""
    return "" if address == data.urlencode() else address


def view_choice(query: ListQuery, views: list[SavedView]) -> ViewChoice:
    kept, named = kept_query(query.data), query.data.get("view", "")
    chosen = _named(views, query.data)
    if chosen is None:
        lost = bool(named) and f"view={named}" != WHOLE_LIST
        return ViewChoice(tuple(views), kept, sentences=(GONE,) if lost else ())
    fits = fitted(query.ledger, chosen.query, query.seat)
    changed = kept != fits.query
    return ViewChoice(tuple(views), kept, chosen, changed, () if changed else fits.sentences)


def _named(views: list[SavedView], data: QueryDict) -> SavedView | None:
    return next((view for view in views if view.code == data.get("view")), None)


def fitted(ledger: Ledger, text: str, seat: Any) -> Fitted:
    """A view outlives the filters and columns it was made of: keep what the list still has."""
    data, sentences = QueryDict(text, mutable=True), []
    for name in [name for name in data if name not in ledger.filterset.known | RESERVED]:
        data.pop(name)
        sentences.append(f"视图里的筛选条件“{name}”已经没有，下面按其余条件列出。")
    sentences += [*_drop_dead_values(ledger, data, seat), *_drop_dead_columns(ledger, data)]
    return Fitted(kept_query(data), tuple(sentences))


def _drop_dead_values(ledger: Ledger, data: QueryDict, seat: Any) -> list[str]:
    """A value that is gone leaves its filter with the others, and the filter with its last value."""
    wrong = _errors(ledger, data, seat)
    sentences = []
    for name in wrong:
        given = data.getlist(name)
        data.setlist(name, [v for v in given if len(given) > 1 and not _errors(ledger, _only(name, v), seat)])
        label = ledger.filterset.base_filters[name].label
        sentences.append(f"视图里“{label}”的选项有的已经没有，下面按还有的条件列出。")
    return sentences


def _errors(ledger: Ledger, data: QueryDict, seat: Any) -> list[str]:
    used = narrowed(ledger.filterset, ledger.filterset.known & frozenset(data))
    return list(bound(used, data, ledger.model.objects.none(), seat).form.errors)


def _only(name: str, value: str) -> QueryDict:
    data = QueryDict(mutable=True)
    data[name] = value
    return data


def _drop_dead_columns(ledger: Ledger, data: QueryDict) -> list[str]:
    known = {column.name: column for column in ledger.choosable_columns}
    asked = [name for part in data.getlist("columns") for name in part.split(",") if name]
    sentences = [f"视图里的栏目“{name}”已经没有，下面按其余栏目列出。" for name in asked if name not in known]
    if sentences:
        data["columns"] = ",".join(name for name in asked if name in known)
    sort = data.get("sort", "").lstrip("-")
    if sort and (sort not in known or not known[sort].order):
        data.pop("sort")
        sentences.append("视图里的排序已经不能用，下面按台账原来的顺序列出。")
    return sentences


# -- writing ---------------------------------------------------------------------------------------


def save_view(writing: Door, *, ledger: Ledger, user: Any, name: str, query: str, shared: bool = False) -> SavedView:
    view = SavedView(ledger=ledger.key, owner=user, name=name, query=query, shared=shared)
    view.county_id = writing.actor.county_id
    if shared and not writing.actor.may("share_view", view):
        raise Refused({"shared": "只有县招商办可以共享视图。"})
    return writing.add(view, permission="keep_view")


def change_view(writing: Door, *, view: SavedView, name: str, shared: bool) -> SavedView:
    permission = "keep_view" if shared == view.shared else "share_view"
    return writing.change(view, name=name, shared=shared, permission=permission, action="修改")


def replace_view(writing: Door, *, view: SavedView, query: str) -> SavedView:
    """The view goes on under its name, with other filters, columns and order; who shares it shows them to all."""
    return writing.change(view, query=query, permission="keep_view", action="替换")


def open_with(writing: Door, *, view: SavedView, user: Any, wanted: bool) -> None:
    """Make it, or no longer make it, the view with which this person's list begins."""
    place = {"county_id": writing.actor.county_id, "user": user, "ledger": view.ledger}
    present = OpeningView.objects.filter(**place).first()
    if wanted:
        writing.keep(present or OpeningView(**place), view=view, action="设为默认视图")
    elif present and present.view_id == view.pk:
        writing.remove(present, action="取消默认视图")
