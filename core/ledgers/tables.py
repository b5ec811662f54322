"""The table of a list page: django-tables2 for columns, order and paging, the body from ready-made tuples.

Drawing the body through django-tables2's own cell machinery costs several times what a page may take.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import django_tables2
from django.core.paginator import Paginator
from django_tables2.data import TableQuerysetData

from core.ledgers.columns import Column
from core.ledgers.ledger import Ledger
from core.ledgers.query import BadQuery, ListQuery

PAGE_SIZE = 50


@dataclass(frozen=True)
class Cell:
    text: str
    number: bool = False


@dataclass(frozen=True)
class Row:
    code: str
    url: str
    cells: tuple[Cell, ...]


class OrderedKeys(TableQuerysetData):
    """Keys as the list query ordered them; the table only marks the heading they are sorted by."""

    def order_by(self, aliases: Any) -> None:
        pass


def table_class(query: ListQuery, columns: list[Column]) -> type[django_tables2.Table]:
    """Headings and paging for these columns; the order of the rows is the list query's."""
    sortable = query.sortable(columns)
    fields = {
        column.name: django_tables2.Column(
            verbose_name=column.heading,
            accessor=column.order or column.name,
            orderable=column in sortable,
            attrs={"th": {"class": "number" if column.kind.number else ""}},
        )
        for column in columns
    }
    meta = type("Meta", (), {"order_by_field": "sort", "template_name": "ledgers/_table.html"})
    return type(f"{query.ledger.key.title()}Table", (django_tables2.Table,), {**fields, "Meta": meta})


def table_for(query: ListQuery, url_of: Callable[[Any], str]) -> django_tables2.Table:
    """The table with the asked page's rows in `body`. Raises BadQuery for a page that is no number."""
    columns = query.columns
    table = table_class(query, columns)(OrderedKeys(query.keys), order_by=query.data.get("sort") or ())
    table.paginate(page=_page(query), per_page=PAGE_SIZE, paginator_class=_counted(query.totals["count"]))
    shown = query.records([bound.record for bound in table.page.object_list])
    table.body = [row_of(query.ledger, record, columns, query.seat, url_of(record)) for record in shown]
    return table


def row_of(ledger: Ledger, record: Any, columns: list[Column], seat: Any, url: str = "") -> Row:
    return Row(record.code, url, tuple(Cell(ledger.show(c, record, seat), c.kind.number) for c in columns))


def _page(query: ListQuery) -> int:
    text = query.data.get("page") or "1"
    if not text.isdecimal() or not 1 <= int(text) <= 10**6:
        raise BadQuery(["页码要写成从1开始的数字。"])
    last = max(1, -(-query.totals["count"] // PAGE_SIZE))
    return min(int(text), last)


def _counted(total: int) -> type[Paginator]:
    """A paginator that knows the count: the totals above the list have it already."""
    return type("CountedPaginator", (Paginator,), {"count": total})
