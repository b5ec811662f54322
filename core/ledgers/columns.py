"""A column of a ledger, said once for list, form, template, import, export and drill-down."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from typing import Any

from django.db.models import QuerySet

from core.ledgers.kinds import Kind, Text
from core.withheld import withheld_at


@dataclass(frozen=True)
class Column:
    """`name` is the key in values and forms; `source` the path on the row where it differs from the name.

    `order` is the database path to sort by (empty: not sortable). `aliases` are headers met in real
    workbooks. `group` is the heading under which the form shows the field. `on_request` columns stand in a list
    only where somebody chose them; `loads` fetches what such a column reads for all rows at once. `reads` are the
    database paths out of which its kind makes the value, where neither name nor source is one itself: a long list
    is then written without loading its rows. `withheld` says what kind of thing it tells that not everybody reads,
    where it is no field of a model that says so itself.
    """

    name: str
    header: str
    kind: Kind = field(default_factory=Text)
    unit: str = ""
    source: str | Callable[[Any], Any] = ""
    order: str = ""
    aliases: tuple[str, ...] = ()
    required: bool = False
    help: str = ""
    group: str = ""
    initial: Any = None
    in_list: bool = True
    in_form: bool = True
    in_import: bool = True
    in_export: bool = True
    in_detail: bool = True
    only_new: bool = False
    on_request: bool = False
    loads: Callable[[QuerySet], QuerySet] | None = None
    reads: tuple[str, ...] = ()
    withheld: str = ""

    @property
    def choosable(self) -> bool:
        """Whether a list may show it: what is kept out of list and export alike, contacts say, stays out."""
        return self.in_list or self.in_export or self.on_request

    @property
    def heading(self) -> str:
        """The header with its unit, as an official table writes it: 总投资（万元）."""
        return f"{self.header}（{self.unit}）" if self.unit else self.header

    def withheld_in(self, model: Any) -> str:
        return self.withheld or ("" if callable(self.source) else withheld_at(model, self.source or self.name))

    @cached_property
    def value(self) -> Callable[[Any], Any]:
        """A row → its value in this column; None where the way there ends before."""
        if callable(self.source):
            return self.source
        getter = attrgetter(self.source or self.name)

        def value(record: Any) -> Any:
            try:
                return getter(record)
            except AttributeError:
                return None

        return value

    def show(self, record: Any) -> str:
        return self.kind.show(self.value(record))

    def export(self, record: Any) -> Any:
        return self.kind.export(self.value(record))

    def form_field(self, seat: Any) -> Any:
        options: dict[str, Any] = {"label": self.header, "required": self.required, "help_text": self.help}
        if self.initial is not None:
            options["initial"] = self.initial
        made = self.kind.form_field(seat, **options)
        made.group, made.suffix = self.group, self.unit
        return made
