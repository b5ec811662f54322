"""The state of a list as one value: its query string decides rows, totals, order, export and bulk action alike."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.forms import Form
from django.http import QueryDict

from core.amounts import show_wan, show_yi
from core.ledgers.columns import Column
from core.ledgers.filters import bound, narrowed
from core.ledgers.kinds import Money, Share, grouped_number
from core.ledgers.ledger import CODE, Ledger
from core.periods import year_earlier

YI_FROM = Decimal(10_000)
WHOLE_LIST = "view=all"
"""What a link says that means the list without any view, not the one with which the visitor's list begins."""
RowsOf = Callable[[Any, date | None], QuerySet]
"""seat, day → a ledger's rows as of that day."""


class BadQuery(ValidationError):
    """The address asks for something this list can't do; `messages` say what."""


class ListQuery:
    def __init__(self, ledger: Ledger, data: QueryDict, seat: Any, rows_of: RowsOf | None = None):
        """Raises BadQuery. `rows_of` stands for the ledger's own `rows` where many queries start from the same."""
        self.ledger, self.data, self.seat = ledger, data, seat
        self.rows_of = rows_of or ledger.rows
        used = narrowed(ledger.filterset, ledger.filterset.known & frozenset(data))
        self.filterset = bound(used, data, ledger.model.objects.none(), seat)
        sentences = self.filterset.sentences() + self._sort_sentences() + self._column_sentences()
        if sentences:
            raise BadQuery(sentences)

    @property
    def form(self) -> Form:
        """All filters of the ledger, to choose from; `filterset` holds only those that are used."""
        return bound(self.ledger.filterset, self.data, self.ledger.model.objects.none(), self.seat).form

    @property
    def as_of(self) -> date | None:
        return self.filterset.form.cleaned_data.get("as_of")

    @cached_property
    def rows(self) -> QuerySet:
        self.filterset.queryset = self.rows_of(self.seat, self.as_of)
        return self.filterset.qs

    @property
    def ordered(self) -> QuerySet:
        """Every order is total, so that pages never overlap: a ledger's own order ends with the code."""
        return self._displayed(self.rows.order_by(*self._order()))

    @property
    def keys(self) -> QuerySet:
        """The primary keys alone, in that order: what a page is cut from."""
        return self.rows.order_by(*self._order()).values_list("pk", flat=True)

    def records(self, keys: Sequence[int]) -> list[Any]:
        """The rows of these keys in their order: columns that are subqueries are computed for these alone."""
        found = {row.pk: row for row in self._displayed(self.rows.order_by().filter(pk__in=keys))}
        return [found[key] for key in keys if key in found]

    def _displayed(self, rows: QuerySet) -> QuerySet:
        rows = self.ledger.with_display(rows)
        for column in self.chosen:
            rows = column.loads(rows) if column.loads else rows
        return rows

    @property
    def columns(self) -> list[Column]:
        """The list's columns; where rows are credited to a unit, its share and what counts for it come first."""
        first, *rest = self.chosen or self.ledger.list_columns
        return [first, *self.credit_columns, *rest]

    @property
    def written_columns(self) -> list[Column]:
        """The workbook's columns: those chosen, else all that the ledger exports; with 编号 where it may come back."""
        if not self.chosen:
            return [*self.credit_columns, *self.ledger.export_columns]
        return [*self.columns, *([CODE] if self.ledger.import_key else [])]

    @cached_property
    def chosen(self) -> list[Column]:
        """The columns that the address names, in its order; none where it leaves them to the ledger."""
        known = {column.name: column for column in self.ledger.choosable_columns}
        return [known[name] for name in self._column_names() if name in known]

    def _column_names(self) -> list[str]:
        """`columns=a,b` as links write it, or `columns=a&columns=b` as a form of boxes sends it; each once."""
        names = [name for part in self.data.getlist("columns") for name in part.split(",")]
        return list(dict.fromkeys(name for name in names if name))

    def _column_sentences(self) -> list[str]:
        known = {column.name for column in self.ledger.choosable_columns}
        return [f"没有“{name}”这一栏，请重新选择栏目。" for name in self._column_names() if name not in known]

    @property
    def credit_columns(self) -> list[Column]:
        if not self.data.get("credit"):
            return []
        headers = {name: self.ledger.column(name).header for name in self.ledger.amounts}
        amounts = [
            Column(f"credited_{name}", f"计入{header}", Money(), unit="万元") for name, header in headers.items()
        ]
        return [Column("credit_bp", "份额", Share()), *amounts]

    @cached_property
    def totals(self) -> dict[str, Any]:
        found = self.ledger.totals(self.rows, credited=bool(self.data.get("credit")), as_of=self.as_of)
        return {name: value for name, value in found.items() if not self._withholds_sum(name.removeprefix("credited_"))}

    def _withholds_sum(self, name: str) -> bool:
        """Whether the sum over these rows would tell what one of them keeps back from this seat."""
        kind = self.ledger.withheld.get(name, "")
        if not kind or self.seat.reads_every(kind):
            return False
        return self.rows.exclude(self.ledger.model.own_rows(self.seat.stands_for)).exists()

    @cached_property
    def days(self) -> dict[str, date]:
        """{filter: day} of what bounds the list by days."""
        return {name: day for name, day in self.filterset.form.cleaned_data.items() if isinstance(day, date)}

    def year_earlier(self) -> "ListQuery | None":
        """The same list with every day moved back by a year; None unless days of one year bound it on both sides."""
        if not any(_within_a_year(self.days, name.removesuffix("_from")) for name in self.days):
            return None
        data = self.data.copy()
        for name, day in self.days.items():
            data[name] = year_earlier(day).isoformat()
        return ListQuery(self.ledger, data, self.seat)

    @property
    def total_sentence(self) -> str:
        """共 261 个项目，总投资 989.18 亿元."""
        return self.sentence_of(self.totals)

    def sentence_of(self, totals: dict[str, Any]) -> str:
        parts = [f"共 {totals['count']:,} {self.ledger.measure}{self.ledger.noun}"]
        for name, amount in totals.items():
            if name != "count" and amount is not None:
                parts.append(f"{self._amount_label(name)} {self._amount_words(name, amount)}")
        return "，".join(parts)

    def _amount_words(self, name: str, amount: Decimal) -> str:
        """Money in 万元 or 亿元; a count of anything else as the number it is."""
        column = self.ledger.amount_column(name.removeprefix("credited_"))
        return show_large(amount) if isinstance(column.kind, Money) else grouped_number(amount)

    @property
    def shown_words(self) -> list[dict[str, str]]:
        """What is filtered on, as removable words: [{"name", "label", "value", "without"}, …]."""
        fields = self.filterset.form.fields
        names = [n for n in fields if any(v != "" for v in self.data.getlist(n))]
        return [
            {"name": n, "label": fields[n].label, "value": self._word(n), "without": self.without(n)} for n in names
        ]

    def without(self, *names: str) -> str:
        query = self.data.copy()
        for name in (*names, "page", "view"):
            query.pop(name, None)
        return query.urlencode() or WHOLE_LIST

    @property
    def unfiltered(self) -> str:
        """The same columns in the same order of rows, of everything."""
        query = QueryDict(mutable=True)
        for name in ("columns", "sort"):
            query.setlist(name, self.data.getlist(name))
        return query.urlencode() or WHOLE_LIST

    def _word(self, name: str) -> str:
        field, values = self.filterset.form.fields[name], self.data.getlist(name)
        if hasattr(field, "queryset"):
            chosen = self.filterset.form.cleaned_data[name]
            return "、".join(str(row) for row in ([chosen] if isinstance(chosen, Model) else chosen))
        labels = dict(getattr(field, "choices", None) or [])
        return "、".join(str(labels.get(value, value)) for value in values)

    def _amount_label(self, name: str) -> str:
        plain = name.removeprefix("credited_")
        return ("计入" if plain != name else "") + self.ledger.amount_label(plain)

    def _order(self) -> list[str]:
        sort = self.data.get("sort")
        if not sort:
            return list(self.ledger.ordering)
        path = self.ledger.column(sort.lstrip("-")).order
        return [f"-{path}" if sort.startswith("-") else path, "-pk"]

    def _sort_sentences(self) -> list[str]:
        sort = (self.data.get("sort") or "").lstrip("-")
        sortable = {c.name for c in self.sortable(self.ledger.choosable_columns)}
        return [f"不能按“{sort}”排序。"] if sort and sort not in sortable else []

    def sortable(self, columns: Sequence[Column]) -> list[Column]:
        """Not what is withheld in some rows: their place would tell it."""
        withheld = self.ledger.withheld_from(self.seat, columns)
        return [column for column in columns if column.order and column not in withheld]


def _within_a_year(days: dict[str, date], prefix: str) -> bool:
    first, last = days.get(f"{prefix}_from"), days.get(f"{prefix}_to")
    return first is not None and last is not None and first <= last and first.year == last.year


def show_large(amount: Decimal) -> str:
    """Totals in 亿元 from one 亿 on, else 万元."""
    return f"{show_yi(amount)} 亿元" if abs(amount) >= YI_FROM else f"{show_wan(amount)} 万元"
