"""台账: one declaration per kind of record, from which its pages, files and imports all follow."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any, ClassVar

import django_filters
from django.db.models import Count, Model, QuerySet, Sum
from django.http import Http404
from django.urls import reverse

from core.dates import PRECISION_LABELS, DateSpan
from core.ledgers.columns import Column
from core.ledgers.filters import filterset_class
from core.ledgers.official_forms import OfficialForm
from core.periods import Period
from core.records import DatedRecord, Record
from core.withheld import NOT_SHOWN
from core.write import Door

CODE = Column(
    "code",
    "编号",
    in_form=False,
    in_list=False,
    aliases=("项目编号", "记录编号", "系统编号"),
    help="改原有记录的，照导出表填写；新增的不填。",
)
"""In every workbook that may come back: by it a row finds its record again, whatever else was changed."""


class Ledger:
    """Subclass, fill in, and `register` it.

    `amounts` names the money columns whose sum stands above the list; `measure` is the counting word.
    """

    key: ClassVar[str]
    name: ClassVar[str]
    noun: ClassVar[str]
    measure: ClassVar[str] = "条"
    model: ClassVar[type[Record]]
    columns: ClassVar[tuple[Column, ...]]
    search_fields: ClassVar[tuple[str, ...]] = ("code",)
    amounts: ClassVar[tuple[str, ...]] = ()
    claimed_in: ClassVar[Mapping[str, str]] = {}
    """An amount as accepted → the amount in which it was claimed: {"verified_amount": "amount"}."""
    numbers: ClassVar[tuple[str, ...]] = ()
    """Number columns that a metric may average or list, though adding them up above the list would say nothing."""
    ordering: ClassVar[tuple[str, ...]] = ("-code",)
    import_key: ClassVar[str] = ""
    """The column without which a row of a workbook is no row of this ledger; empty: not imported."""
    unique_columns: ClassVar[tuple[str, ...]] = ()
    """Columns by each of which an import knows a record, like a code that the state gave."""
    identity_words: ClassVar[str] = "内容"
    """What `identity` goes by, as a sentence names it."""
    evidence_slots: ClassVar[tuple[str, ...]] = ("佐证材料",)
    withheld_slots: ClassVar[Mapping[str, str]] = {}
    """Slots whose files not everybody who sees the row opens → what kind of thing they tell."""
    detail_template: ClassVar[str] = "ledgers/detail.html"
    purpose: ClassVar[str] = ""
    """One sentence for the empty list: what belongs here and what to do next."""
    subject: ClassVar[str] = ""
    """The heading under which the menu has it; empty: further pages lead to it."""
    official_form: ClassVar[OfficialForm | None] = None
    """The table as the office prints it; None where it prints none."""
    confidential: ClassVar[bool] = False
    """Whether its rows are for their own unit and the county alone, even as lines behind a figure."""

    waits: ClassVar[tuple[Any, ...]] = ()
    """What of its rows waits for whom on the first page; the floor that knows roles says of what kind these are."""
    usual_due_day: ClassVar[int] = 0
    """The day of the next month until which a month is in time where the county set none; 0: then it has none."""
    takes_deadlines: ClassVar[bool] = True
    """Whether the county sets a deadline for each of its months; else its rows have their own."""

    def __reduce__(self) -> tuple[Any, ...]:
        """There is one of each kind: what names it, a kept plan say, finds the same one again."""
        return ledger_for, (self.key,)

    # -- reading ---------------------------------------------------------------------------------

    def keeps_back(self, conditions: Mapping[str, Any], seat: Any) -> bool:
        """Whether a figure over these conditions says what its rows would not say to this seat."""
        return False

    def rows(self, seat: Any, as_of: date | None = None) -> QuerySet:
        """The rows this seat may see, with what the columns show; `as_of` shows them as they stood that day."""
        return self.model.objects.current().visible_to(seat)

    def all_rows(self, seat: Any) -> QuerySet:
        """With 作废: for detail pages, where a voided row must still explain itself."""
        return self.model.objects.visible_to(seat)

    def find(self, seat: Any, code: str) -> Any:
        """The visible row of that code, 作废 or not; 404 hides whether another unit has one."""
        try:
            return self.with_display(self.all_rows(seat)).get(code=code)
        except self.model.DoesNotExist as missing:
            raise Http404(f"没有找到编号为 {code} 的{self.noun}。") from missing

    def with_display(self, rows: QuerySet) -> QuerySet:
        """Load what the columns read, in a fixed number of queries."""
        return rows

    def filters(self) -> dict[str, django_filters.Filter]:
        return {}

    @cached_property
    def filterset(self) -> type:
        return filterset_class(self.key.title(), self.filters(), self.search_fields)

    def totals(self, rows: QuerySet, *, credited: bool = False, as_of: date | None = None) -> dict[str, Any]:
        """{"count": n, amount name: 万元, …} of exactly these rows; `credited`: by share. `rows` are as of that day."""
        names = [f"credited_{name}" if credited else name for name in self.amounts]
        return count_and_sums(rows, names)

    def amount_column(self, name: str) -> Column:
        """The column that a name out of `totals` is the sum of."""
        return self.column(name)

    def amount_label(self, name: str) -> str:
        """What a name out of `totals` is called above the list."""
        return self.amount_column(name).header

    # -- columns ---------------------------------------------------------------------------------

    def column(self, name: str) -> Column:
        return next(column for column in (*self.columns, CODE) if column.name == name)

    @cached_property
    def list_columns(self) -> list[Column]:
        return [c for c in self.columns if c.in_list]

    @cached_property
    def choosable_columns(self) -> list[Column]:
        return [c for c in self.columns if c.choosable]

    @cached_property
    def form_columns(self) -> list[Column]:
        return [c for c in self.columns if c.in_form]

    def asked_columns(self, record: Record | None) -> list[Column]:
        """What the form asks: some columns are asked only of a new row and belong to its own rows later."""
        return [c for c in self.form_columns if record is None or not c.only_new]

    @cached_property
    def import_columns(self) -> list[Column]:
        return [*(c for c in self.columns if c.in_import), CODE]

    @cached_property
    def export_columns(self) -> list[Column]:
        return [*(c for c in self.columns if c.in_export), *([CODE] if self.import_key else [])]

    @cached_property
    def withheld(self) -> dict[str, str]:
        """{column: kind of what it tells} of those that not everybody who sees a row reads."""
        return {column.name: kind for column in self.columns if (kind := column.withheld_in(self.model))}

    def withholds(self, column: Column, record: Any, seat: Any) -> bool:
        """Whether this cell is withheld from this seat."""
        kind = self.withheld.get(column.name)
        return bool(kind) and not seat.reads(kind, record)

    def show(self, column: Column, record: Any, seat: Any) -> str:
        return NOT_SHOWN if self.withholds(column, record, seat) else column.show(record)

    def export(self, column: Column, record: Any, seat: Any) -> Any:
        """An empty cell where it is withheld: a workbook that comes back then says nothing of it."""
        return None if self.withholds(column, record, seat) else column.export(record)

    def withholds_paper(self, slot: str, record: Any, seat: Any) -> bool:
        """Whether a file in that slot is withheld from this seat."""
        kind = self.withheld_slots.get(slot)
        return bool(kind) and not seat.reads(kind, record)

    def withheld_from(self, seat: Any, columns: Iterable[Column]) -> list[Column]:
        """Those of the columns that this seat does not read in every row it sees."""
        return [c for c in columns if (kind := self.withheld.get(c.name)) and not seat.reads_every(kind)]

    @property
    def verifiable(self) -> bool:
        return issubclass(self.model, DatedRecord)

    @property
    def closings(self) -> dict[str, type[Record]]:
        """{column: the kind of row whose months close by it}; empty where months lock nothing here."""
        return {}

    def row_to_be(self, model: type[Record], values: Mapping[str, Any]) -> Record:
        """The row of this kind that these values of a workbook would make, as far as its unit follows from them."""
        kept = {field.name for field in model._meta.concrete_fields}
        return model(**{name: value for name, value in values.items() if name in kept and value is not None})

    # -- writing ---------------------------------------------------------------------------------

    def deadlines_moved(self, writing: Door, months: Sequence[date]) -> None:
        """The county set other deadlines for these months: whoever keeps them on its rows moves them."""

    def links(self, seat: Any) -> list[tuple[str, str]]:
        """Further pages that its list leads this seat to: [(what the link is called, address), …]."""
        return []

    def blank(self, seat: Any) -> Record:
        """A row not yet filled in, to ask whether this seat may add one."""
        return self.model(county_id=seat.county_id)

    def add(self, writing: Door, values: Mapping[str, Any]) -> Record:
        return writing.add(self.model(**values))

    def change(self, writing: Door, record: Record, values: Mapping[str, Any], version: int | None = None) -> Record:
        return writing.change(record, version=version, **values)

    def add_all(self, writing: Door, rows: Sequence[Mapping[str, Any]]) -> list[Record]:
        """Many new rows at once, for imports."""
        return writing.add_many([self.model(**values) for values in rows])

    def change_all(self, writing: Door, changes: Sequence[tuple[Record, Mapping[str, Any]]]) -> list[Record]:
        """Many rows, each as it was seen and with values of its own, for imports: one by one, unless a ledger whose
        rows change alone hands them to the door together."""
        return [self.change(writing, row, values, version=row.row_version) for row, values in changes]

    def void(self, writing: Door, record: Record, reason: str) -> Record:
        return writing.void(record, reason=reason)

    def row_behind(self, record: Record, column: str) -> Record | None:
        """The row that a change of this column writes; None where that row is not there yet."""
        return record

    def current_values(self, record: Record) -> dict[str, Any]:
        """What form and import would set, as the row has it now."""
        return {column.name: column.value(record) for column in self.columns if column.in_form or column.in_import}

    def page_of(self, record: Record) -> str:
        """Address of the row's page, or of the page of what it belongs to."""
        ledger = ledger_of(type(record))
        return (
            reverse("ledger-detail", args=[ledger.key, record.code])
            if ledger
            else reverse("ledger-list", args=[self.key])
        )

    def happened(self, record: Any) -> DateSpan | Period | None:
        """When it happened: what a line of a drill-down shows."""
        return record.happened

    def why_not_inside(self, record: Any) -> str:
        """Why a row that touches a span of days, and lies not wholly inside, does not count in it."""
        happened = self.happened(record)
        return f"日期只精确到{PRECISION_LABELS[happened.precision]}（{happened.label}）"

    def line_label(self, record: Any) -> str:
        """The row in a few words, for people who may see that it counts but not the row itself."""
        return str(record)

    def why_not(self, record: Any, name: str, wanted: str) -> str:
        """Why this row fails the condition `name`: for 未计入. `wanted` is the condition's value in words."""
        return f"{self.filterset.base_filters[name].label}不是{wanted}"

    # -- importing -------------------------------------------------------------------------------

    def lookups(self, seat: Any, new_rows: list[Record] | None) -> dict[str, Callable[[str], Any]]:
        """For columns that name other rows: what is written in the cell → the row, or None.

        Where `new_rows` is a list, a look-up may add a row that the county lacks yet to it.
        """
        return {}

    def from_band(self, band: str) -> dict[str, str]:
        """What a band row (一、芦溪镇（5个）) says of the rows under it: {column name: text}."""
        return {}

    def complete(self, values: dict[str, Any], seat: Any) -> dict[str, Any]:
        """Fill in what follows from the other values; raise Unreadable or Unclear with a sentence."""
        return values

    def as_new(self, values: Mapping[str, Any], seat: Any) -> dict[str, Any]:
        """What a row becomes that no record says the same as."""
        return dict(values)

    def identity(self, values: Mapping[str, Any]) -> tuple | None:
        """What makes two rows the same record; None where a row can't be matched."""
        return None

    def existing(self, seat: Any) -> dict[tuple, Record]:
        """identity → row, for all rows an import may meet."""
        return {}

    def stays(self, record: Any, changed: Mapping[str, Any]) -> dict[str, str]:
        """{column name: why} of those of `changed` that an import leaves as they are."""
        return {}

    def written_by(self, batch: Any) -> list[QuerySet]:
        """The rows to verify that one import batch wrote, one QuerySet per kind."""
        return [self.model.objects.filter(batch=batch)] if self.verifiable else []

    def list_links(self, seat: Any) -> list[tuple[str, str]]:
        """What else may be done with the filtered list: [(label, address without the query), …]."""
        return []

    # -- the detail page -------------------------------------------------------------------------

    def slots(self, record: Any) -> Sequence[str]:
        """The kinds of evidence that this row may be given."""
        return self.evidence_slots

    def facts(self, record: Any, seat: Any) -> list[tuple[str, str]]:
        shown = [c for c in self.columns if c.in_detail and not self.withholds(c, record, seat)]
        return [
            (c.header, f"{c.show(record)} {c.unit}" if c.unit and c.value(record) is not None else c.show(record))
            for c in shown
        ]

    def withheld_headers(self, record: Any, seat: Any) -> list[str]:
        """Headers of what `facts` leaves out for this seat."""
        return [c.header for c in self.columns if c.in_detail and self.withholds(c, record, seat)]

    def panels(self, record: Any, seat: Any) -> list[dict[str, Any]]:
        """Further parts of the detail page: [{"title", "ledger", "rows", …}, …]."""
        return []

    def extra_context(self, record: Any, seat: Any) -> dict[str, Any]:
        return {}


def count_and_sums(rows: QuerySet, names: Sequence[str]) -> dict[str, Any]:
    """{"count": n, name: Σ, …}. An aggregate named like an annotation would hide it, hence the detour."""
    # Only what is summed: a list's other annotations would be computed for every row just to be thrown away.
    summed = rows.order_by().values("pk", *names)
    found = summed.aggregate(count=Count("pk"), **{f"sum_{name}": Sum(name) for name in names})
    return {name.removeprefix("sum_"): value for name, value in found.items()}


_LEDGERS: dict[str, Ledger] = {}


def register(ledger_class: type[Ledger]) -> type[Ledger]:
    """Class decorator: the ledger gets its pages from here on."""
    ledger = ledger_class()
    if _LEDGERS.get(ledger.key, ledger).__class__ is not ledger_class:
        raise ValueError(f"two ledgers are called {ledger.key}")
    _LEDGERS[ledger.key] = ledger
    return ledger_class


def ledger_for(key: str) -> Ledger:
    try:
        return _LEDGERS[key]
    except KeyError as missing:
        raise Http404("没有这本台账。") from missing


def all_ledgers() -> list[Ledger]:
    return list(_LEDGERS.values())


def ledger_of(model: type[Model]) -> Ledger | None:
    return next((ledger for ledger in _LEDGERS.values() if ledger.model is model), None)
