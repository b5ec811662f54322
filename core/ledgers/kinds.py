"""What a column can hold: how it is typed in a form, shown in a table, written to and read from Excel.

One object per kind, so that a form field, a list cell, an exported cell and an imported cell never disagree.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property, partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone

from core.amounts import read_amount, read_quantity, say_wan, show_wan
from core.dates import DateSpan, read_date
from core.identifiers import read_uscc
from core.periods import month_label
from core.readings import Unclear, Unreadable
from core.spreadsheet.cells import read_cell
from core.spreadsheet.raw import RawCell

EMPTY = "—"


@dataclass(frozen=True)
class Kind:
    """Plain text; the base of the others."""

    name = "text"
    number = False
    excel = "text"

    def show(self, value: Any) -> str:
        return EMPTY if value in (None, "") else str(value)

    def tell(self, value: Any) -> str:
        """As a sentence about a change says it: exact where `show` may round."""
        return self.show(value)

    def export(self, value: Any) -> Any:
        return value

    def from_database(self, *parts: Any) -> Any:
        """The value out of what stands at a column's database paths."""
        (value,) = parts
        return value

    def keep(self, field: Any, value: Any) -> None:
        """Let the field of a row's own form take what the row has now, whatever it offers to others."""

    def form_field(self, seat: Any, **options: Any) -> forms.Field:
        return forms.CharField(max_length=200, **options)

    def initial(self, value: Any) -> Any:
        return value

    def begun_with(self, text: str, seat: Any) -> Any:
        """What a new row's form starts with where the address that opened it says so."""
        return text

    def read(self, cell: RawCell, *, unit: str | None, lookup: Callable[[str], Any] | None) -> Any:
        """The cell's meaning; raises Unreadable (refuse) or Unclear (ask) with a sentence."""
        return read_cell(cell, self.name)


class Text(Kind):
    pass


class LongText(Kind):
    name = "long_text"

    def form_field(self, seat, **options):
        return forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), **options)


class Code(Kind):
    """Identifiers: text that looks like a number and must never become one."""


class UnifiedCode(Code):
    """统一社会信用代码."""

    name = "uscc"

    def form_field(self, seat, **options):
        return ReadField(reader=read_uscc, max_length=40, **options)


@dataclass(frozen=True)
class Money(Kind):
    """Decimal 万元; `signed` where 冲减 is written as a negative amount."""

    signed: bool = False
    name = "money"
    number = True
    excel = "amount"

    def show(self, value):
        return show_wan(value)

    def tell(self, value):
        return say_wan(value)

    def form_field(self, seat, **options):
        widget = forms.TextInput(attrs={"inputmode": "decimal", "data-wan": "", "autocomplete": "off"})
        reader = partial(read_amount, allow_negative=self.signed)
        return ReadField(reader=reader, widget=widget, max_length=40, **options)

    def initial(self, value):
        return None if value is None else plain_number(value)

    def read(self, cell, *, unit, lookup):
        return read_cell(cell, "money", unit=unit, allow_negative=self.signed)


class Integer(Kind):
    name = "integer"
    number = True
    excel = "integer"

    def form_field(self, seat, **options):
        return forms.IntegerField(min_value=0, max_value=10**9, **options)


class Number(Kind):
    """A number of a few places that is no money: a score, a rate."""

    number = True
    excel = "number"

    def show(self, value):
        return EMPTY if value is None else plain_number(value)

    def form_field(self, seat, **options):
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        reader = partial(read_quantity, allow_negative=True)
        return ReadField(reader=reader, widget=widget, max_length=40, **options)

    def initial(self, value):
        return None if value is None else plain_number(value)

    def read(self, cell, *, unit, lookup):
        return read_cell(cell, "quantity", unit=unit, allow_negative=True)


class Share(Kind):
    """A part in hundredths of a percent: 10000 is the whole."""

    number = True
    excel = "rate"

    def show(self, value):
        return EMPTY if value is None else f"{plain_number(Decimal(value) / 100)}%"

    def export(self, value):
        return None if value is None else Decimal(value) / 10_000


class Span(Kind):
    """A date as precisely as it is known: `DateSpan`."""

    name = "date"
    excel = "date"

    def show(self, value):
        return EMPTY if value is None else value.label

    def from_database(self, first, last, precision):
        return DateSpan(first, last, precision) if first else None

    def export(self, value):
        if value is None:
            return None
        return value.first if value.precision == "day" else value.label

    def form_field(self, seat, **options):
        return ReadField(reader=read_date, max_length=40, **options)

    def initial(self, value):
        return None if value is None else value.label


class Day(Kind):
    """An exact day."""

    name = "date"
    excel = "date"

    def show(self, value):
        return EMPTY if value is None else DateSpan.day(value).label

    def form_field(self, seat, **options):
        return ReadField(reader=read_day, max_length=40, **options)

    def initial(self, value):
        return None if value is None else f"{value:%Y-%m-%d}"

    def read(self, cell, *, unit, lookup):
        return exact_day(read_cell(cell, "date"))


class Month(Kind):
    """First day of a month."""

    name = "month"
    excel = "month"

    def show(self, value):
        return EMPTY if value is None else month_label(value)

    def export(self, value):
        return None if value is None else month_label(value)

    def form_field(self, seat, **options):
        return ReadField(reader=read_month, max_length=20, **options)

    def initial(self, value):
        return None if value is None else f"{value:%Y-%m}"


class Happened(Span):
    """When something happened; a day still ahead is a slip of the year."""

    def form_field(self, seat, **options):
        return ReadField(reader=read_happened, max_length=40, **options)

    def read(self, cell, *, unit, lookup):
        return not_ahead(super().read(cell, unit=unit, lookup=lookup))


class HappenedMonth(Month):
    """The month in which something happened; the present one has begun."""

    def form_field(self, seat, **options):
        return ReadField(reader=read_happened_month, max_length=20, **options)

    def read(self, cell, *, unit, lookup):
        return not_ahead(super().read(cell, unit=unit, lookup=lookup))


class YesNo(Kind):
    name = "boolean"

    def show(self, value):
        return "是" if value else "否"

    def export(self, value):
        return self.show(value)

    def form_field(self, seat, **options):
        return forms.BooleanField(**{**options, "required": False})


def nothing_chosen(options: dict[str, Any]) -> str:
    return "请选择" if options.get("required", True) else "不填"


@dataclass(frozen=True)
class Choice(Kind):
    """One of a fixed list: [(value, 名称), …]; `read_as` adds spellings met in workbooks."""

    choices: tuple[tuple[Any, str], ...] = ()
    read_as: tuple[tuple[str, Any], ...] = ()
    name = "choice"

    @cached_property
    def labels(self) -> dict[Any, str]:
        return dict(self.choices)

    def show(self, value):
        return self.labels.get(value, EMPTY)

    def export(self, value):
        return self.labels.get(value)

    def form_field(self, seat, **options):
        blank = [] if options.get("required", True) and "initial" in options else [("", nothing_chosen(options))]
        return forms.TypedChoiceField(choices=[*blank, *self.choices], empty_value="", **options)

    def read(self, cell, *, unit, lookup):
        spellings = {label: value for value, label in self.choices} | dict(self.read_as)
        return read_cell(cell, "choice", choices=spellings)


@dataclass(frozen=True)
class Reference(Kind):
    """A row of another ledger, of those this seat may see. `few` rows are chosen from a list, many are
    named by code or by a name that only one of them has."""

    rows: Callable[[Any], QuerySet] = lambda seat: QuerySet()
    noun: str = "记录"
    few: bool = False
    label: str = "name"
    """The field that is all of what such a row is called."""
    name = "lookup"

    def keep(self, field, value):
        """What a row names may be no longer offered to new ones: it may go on naming it."""
        if self.few and value is not None:
            field.queryset = field.queryset | type(value)._default_manager.filter(pk=value.pk)

    def form_field(self, seat, **options):
        if self.few:
            rows = self.rows(seat)
            if options.get("required", True) and isinstance(seat.unit, rows.model):
                options.setdefault("initial", seat.unit)
            return forms.ModelChoiceField(rows, empty_label=nothing_chosen(options), **options)
        return NamedRowField(self.rows(seat), self.noun, **options)

    def initial(self, value):
        return value if self.few or value is None else f"{value.code} {value}"

    def begun_with(self, text, seat):
        row = self.rows(seat).filter(code=text).first()
        return self.initial(row) if row else text

    def read(self, cell, *, unit, lookup):
        return read_cell(cell, "lookup", lookup=lookup)


class ReadField(forms.CharField):
    """Accepts what people type; the reader's sentence is the field's error. A date's box shows how one is written."""

    def __init__(self, *, reader: Callable[[str], Any], **options: Any):
        if reader in DATE_BOXES:
            options.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off", **DATE_BOXES[reader]}))
        super().__init__(**options)
        self.reader = reader

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        try:
            return self.reader(text)
        except (Unreadable, Unclear) as error:
            raise ValidationError(str(error)) from error

    def has_changed(self, initial, data):
        return (initial or "") != (data or "")


class NamedRowField(forms.CharField):
    """One row among many, by its code or its exact name."""

    def __init__(self, rows: QuerySet, noun: str, **options: Any):
        widget = forms.TextInput(attrs={"autocomplete": "off", "placeholder": f"{noun}编号或全名"})
        super().__init__(**{"widget": widget, "max_length": 200, **options})
        self.rows, self.noun = rows, noun

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        found = list(self.rows.filter(code=text.split()[0])[:1]) or list(self.rows.filter(name=text)[:2])
        if len(found) == 1:
            return found[0]
        if found:
            raise ValidationError(f"有不止一个{self.noun}叫“{text}”，请填写编号。")
        raise ValidationError(f"没有找到{self.noun}“{text}”，请填写编号或全名。")


def read_day(text: str) -> date:
    return exact_day(read_date(text))


def exact_day(span: DateSpan | None) -> date | None:
    if span is not None and span.precision != "day":
        raise Unreadable(f"写的是“{span.label}”，请写到哪一天，例如 2024-03-05。")
    return span.first if span else None


def read_month(text: str) -> date:
    span = read_date(text)
    if span.precision != "month" and not (span.precision == "day" and span.first.day == 1):
        raise Unreadable(f"写的是“{text}”，请写到月份，例如 2024-03。")
    return span.first


def read_happened(text: str) -> DateSpan:
    return not_ahead(read_date(text))


def read_happened_month(text: str) -> date:
    return not_ahead(read_month(text))


def not_ahead(when: Any) -> Any:
    """A span or a day as it is, unless it begins after today. Raises Unreadable."""
    first = when.first if isinstance(when, DateSpan) else when
    if first is not None and first > timezone.localdate():
        label = when.label if isinstance(when, DateSpan) else month_label(when)
        raise Unreadable(f"{label}还没有到，请核对年份和日期。")
    return when


SPAN_BOX = {"data-date": "", "placeholder": "2024-03-05 或 2024年3月"}
MONTH_BOX = {"placeholder": "2024-03"}
DATE_BOXES: dict[Any, dict[str, str]] = {
    read_date: SPAN_BOX,
    read_happened: SPAN_BOX,
    read_day: {"data-date": "", "placeholder": "2024-03-05"},
    read_month: MONTH_BOX,
    read_happened_month: MONTH_BOX,
}
"""What a box for a date says in advance; with `data-date` the page says what it reads while one types."""


def plain_number(value: Decimal) -> str:
    """1200.5000 → 1200.5, as a person would type it."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def grouped_number(value: Decimal) -> str:
    """12000.5000 → 12,000.5, as a sentence says it."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def span_of(record: Any, first: str, last: str, precision: str) -> DateSpan | None:
    """A DateSpan out of three annotations of a row; None where there is no date."""
    start = getattr(record, first)
    return DateSpan(start, getattr(record, last), getattr(record, precision)) if start else None
