"""Filters of a list page. The same set, with the same strictness, decides what a metric counts."""

from functools import lru_cache, reduce
from operator import or_
from types import SimpleNamespace
from typing import Any

import django_filters
from django import forms
from django.db.models import Model, Q, QuerySet
from django.http import QueryDict

from core.dates import read_date
from core.ledgers.kinds import ReadField
from core.periods import FIRST_YEAR, LAST_YEAR
from core.withheld import withheld_at

RESERVED = frozenset({"page", "sort", "columns", "view"})


class StrictFilterSet(django_filters.FilterSet):
    """A name nobody knows, or a value that exists no more, is an error and never a wider list."""

    search_fields: tuple[str, ...] = ()
    known: frozenset[str] = frozenset()
    """Names of all filters of the ledger; `base_filters` may hold fewer."""

    q = django_filters.CharFilter(method="search", label="搜索")

    def search(self, rows: QuerySet, name: str, text: str) -> QuerySet:
        for word in text.split():
            found = reduce(or_, (self._found(rows.model, field, word) for field in self.search_fields))
            # Through a subquery where a row may have several of what is searched, or it would be listed as often.
            several = any(crosses_to_many(rows.model, field) for field in self.search_fields)
            rows = rows.filter(Q(pk__in=rows.model.objects.filter(found).values("pk")) if several else found)
        return rows

    def _found(self, model: type[Model], field: str, word: str) -> Q:
        """What is withheld is not found either, but in the seat's own rows."""
        found, kind, seat = Q(**{f"{field}__icontains": word}), withheld_at(model, field), self.request.seat
        return found if not kind or seat.reads_every(kind) else found & model.own_rows(seat.stands_for)

    def unknown_names(self) -> list[str]:
        return [name for name in self.data if name not in self.known and name not in RESERVED]

    def sentences(self) -> list[str]:
        """What is wrong with the query, one sentence each; empty when it can be run."""
        unknown = [f"没有“{name}”这个筛选条件，请从列表页重新筛选。" for name in self.unknown_names()]
        wrong = [f"筛选条件“{self.base_filters[n].label}”：{' '.join(e)}" for n, e in self.form.errors.items()]
        return unknown + wrong


def crosses_to_many(model: type[Model], path: str) -> bool:
    """Whether one row may have several values at that path."""
    for name in path.split("__"):
        field = model._meta.get_field(name)
        if field.one_to_many or field.many_to_many:
            return True
        model = field.related_model
    return False


class DayFilter(django_filters.Filter):
    """A day, typed as people type days; which end of the row's span it bounds is the lookup's matter."""

    def __init__(self, *, edge: str = "first", **options: Any):
        self.edge = edge
        super().__init__(**options)

    @property
    def field(self) -> forms.Field:
        options = {k: v for k, v in self.extra.items() if k in ("label", "help_text")}
        widget = forms.TextInput(attrs={"autocomplete": "off", "placeholder": "2024-03-31"})
        reader = (lambda text: read_date(text).first) if self.edge == "first" else (lambda text: read_date(text).last)
        return ReadField(reader=reader, label=self.label, required=False, widget=widget, **options)


class YearFilter(django_filters.NumberFilter):
    """Rows of one year, as a period may name it."""

    def __init__(self, field_name: str, label: str):
        super().__init__(field_name=field_name, label=label, min_value=FIRST_YEAR, max_value=LAST_YEAR)


class ListOfChoices(django_filters.MultipleChoiceFilter):
    """Any of the ticked values; an unknown value is an error. Never DISTINCT: a condition keeps rows single."""

    def __init__(self, *, field_name: str, label: str, choices: Any, **options: Any):
        super().__init__(field_name=field_name, label=label, choices=choices, distinct=False, **options)
        self.always_filter = False


class ListOfRows(django_filters.ModelMultipleChoiceFilter):
    """Any of the named rows of another ledger, by code; only rows of the viewer's county can be named."""

    def __init__(
        self, *, rows: Any, label: str, field_name: str | None = None, to_field_name: str = "code", **options: Any
    ):
        super().__init__(
            field_name=field_name,
            label=label,
            queryset=lambda request: rows(request.seat),
            to_field_name=to_field_name,
            distinct=False,
            **options,
        )

    def get_filter_predicate(self, row: Any) -> dict[str, Any]:
        """Named by code, compared by key: the inherited predicate would compare keys with the code."""
        return {self.field_name: row.pk}


def filterset_class(name: str, filters: dict[str, django_filters.Filter], search_fields: tuple[str, ...]) -> type:
    made = type(f"{name}Filters", (StrictFilterSet,), {**filters, "search_fields": search_fields})
    made.known = frozenset(made.base_filters)
    return made


def bound(filterset: type, data: QueryDict, rows: QuerySet, seat: Any) -> StrictFilterSet:
    return filterset(data, queryset=rows, request=SimpleNamespace(seat=seat))


@lru_cache(maxsize=1024)
def narrowed(filterset: type, names: frozenset[str]) -> type:
    """With the filters of these names alone: what runs a query has no need of the page's whole form."""
    made = type(filterset.__name__, (filterset,), {})
    made.base_filters = {name: made_by for name, made_by in filterset.base_filters.items() if name in names}
    return made


def as_query(conditions: dict[str, list[str]]) -> QueryDict:
    """Stored conditions as the list page's own query."""
    query = QueryDict(mutable=True)
    for name, values in conditions.items():
        query.setlist(name, [str(value) for value in values])
    return query


def dated_filters(prefixes: dict[str, tuple[str, str, str]]) -> dict[str, django_filters.Filter]:
    """`{"happened": ("happened_on", "happened_until", "发生"), …}` → happened_from and happened_to.

    An imprecise date is inside only if its whole span is.
    """
    filters: dict[str, django_filters.Filter] = {}
    for prefix, (first, last, label) in prefixes.items():
        filters[f"{prefix}_from"] = DayFilter(field_name=first, lookup_expr="gte", label=f"{label}（起）")
        filters[f"{prefix}_to"] = DayFilter(field_name=last, lookup_expr="lte", label=f"{label}（止）", edge="last")
    return filters
