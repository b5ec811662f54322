"""The filters of a list as its page offers them: one quiet line, each choice with whether it is on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from core.ledgers.query import ListQuery

SHOWN_FIRST = 4
"""So many lists of choices stand in the line; what follows is under 更多筛选."""
VERDICT = "verdict"
MOST_OPTIONS = 100
"""A longer list is no choice to tick: such a filter is reached by links and kept as it is."""


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Part:
    """One filter; `options` is empty for a box to type in, `single` where only one can be chosen."""

    name: str
    label: str
    options: tuple[Option, ...] = ()
    single: bool = False
    value: str = ""
    placeholder: str = ""

    @property
    def chosen(self) -> int:
        return sum(option.chosen for option in self.options) or bool(self.value)


@dataclass(frozen=True)
class FilterLine:
    """`kept` are the values that the page's form must carry on: [(name, value), …]."""

    search: str
    shown: tuple[Part, ...]
    more: tuple[Part, ...]
    kept: tuple[tuple[str, str], ...]

    @property
    def chosen_more(self) -> int:
        return sum(bool(part.chosen) for part in self.more)


def filter_line(query: ListQuery) -> FilterLine:
    form = query.form
    fields = [form[name] for name in form.fields if name != "q"]
    parts = [(field, part_of(field, query.data.getlist(field.name))) for field in fields]
    choices = [part for field, part in parts if part and part.options and not part.single]
    shown = first_shown(choices)
    others = [part for _, part in parts if part and part not in shown]
    unoffered = [field.name for field, part in parts if part is None]
    kept = tuple(
        (name, value) for name in (*unoffered, "sort", "columns") for value in query.data.getlist(name) if value
    )
    return FilterLine(query.data.get("q", ""), shown, tuple(others), kept)


def first_shown(choices: list[Part]) -> tuple[Part, ...]:
    """The first few; 认定状态 is always among them, since what waits is what a list is opened for."""
    verdicts = [part for part in choices if part.name == VERDICT]
    others = [part for part in choices if part.name != VERDICT]
    shown = (*others[: SHOWN_FIRST - len(verdicts)], *verdicts)
    return tuple(sorted(shown, key=choices.index))


def part_of(bound: BoundField, values: list[str]) -> Part | None:
    field, label = bound.field, str(bound.label)
    if not isinstance(field, forms.ChoiceField):
        placeholder = field.widget.attrs.get("placeholder", "")
        return Part(bound.name, label, value=values[0] if values else "", placeholder=placeholder)
    choices = row_choices(field) if hasattr(field, "queryset") else list(field.choices)
    if len(choices) > MOST_OPTIONS:
        return None
    single = not isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField)
    return Part(bound.name, label, tuple(options_of(choices, set(values))), single)


def row_choices(field: forms.ModelChoiceField) -> list[tuple[Any, str]]:
    """(value, label) of the rows to choose from; one more than can be ticked is enough to know."""
    return [(field.prepare_value(row), field.label_from_instance(row)) for row in field.queryset[: MOST_OPTIONS + 1]]


def options_of(choices: Iterable[tuple[Any, Any]], values: set[str]) -> Iterator[Option]:
    for value, label in choices:
        if str(value):
            yield Option(str(value), str(label), str(value) in values)
