"""What a problem is about: one row of any ledger, named by its code or its name."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from core.ledgers.kinds import EMPTY, Kind
from core.ledgers.ledger import Ledger, all_ledgers
from core.readings import Unclear, Unreadable
from core.spreadsheet.cells import read_cell
from townships.models import CountyRecord, Unit
from townships.problems.models import Problem

CODE = re.compile(r"[A-Z]+[0-9]+-[0-9]+")
"""What a code looks like: an address may say anything, a NUL too, that no database takes."""


@dataclass(frozen=True)
class Subject:
    """A row by its ledger and key; what it is called and where it stands only goes along."""

    ledger: str
    pk: int
    code: str = field(compare=False)
    label: str = field(compare=False)
    township: Unit | None = field(compare=False, default=None)

    @classmethod
    def of(cls, ledger: Ledger, record: Any) -> "Subject":
        township = record.stands_in() if isinstance(record, CountyRecord) else None
        return cls(ledger.key, record.pk, record.code, str(record)[:200], township)

    def __str__(self) -> str:
        return f"{self.code} {self.label}"


def possible_ledgers() -> list[Ledger]:
    """Problems are about anything but problems."""
    return [ledger for ledger in all_ledgers() if ledger.model is not Problem]


def subject_named(seat: Any, text: str) -> Subject | None:
    """The row of that code, or the only one of that name, of those this seat sees. Raises Unclear for several."""
    found = [*_of_that_code(seat, text)] or [*_of_that_name(seat, text)]
    if len(found) > 1:
        raise Unclear(f"有不止一条记录叫“{text}”，请填写编号。")
    return found[0] if found else None


def _of_that_code(seat: Any, text: str) -> Iterator[Subject]:
    code = text.split()[0] if text.split() else ""
    if not CODE.fullmatch(code):
        return
    for ledger in possible_ledgers():
        if code.startswith(ledger.model.code_prefix) and (record := ledger.rows(seat).filter(code=code).first()):
            yield Subject.of(ledger, record)


def _of_that_name(seat: Any, text: str) -> Iterator[Subject]:
    for ledger in possible_ledgers():
        if any(f.name == "name" and isinstance(f, models.CharField) for f in ledger.model._meta.concrete_fields):
            yield from (Subject.of(ledger, row) for row in ledger.rows(seat).filter(name=text.strip())[:2])


def subject_held(problem: Problem) -> Subject | None:
    """As the problem keeps it: by the name that the row had then."""
    if not problem.subject_ledger:
        return None
    return Subject(problem.subject_ledger, problem.subject_id, problem.subject_code, problem.subject_label)


def page_of_subject(problem: Problem, seat: Any) -> str:
    """Address of the row's page; empty where this seat may not see the row."""
    ledger = next((ledger for ledger in possible_ledgers() if ledger.key == problem.subject_ledger), None)
    record = ledger.all_rows(seat).filter(pk=problem.subject_id).first() if ledger else None
    return ledger.page_of(record) if ledger and record else ""


def kept(subject: Subject | None) -> dict[str, Any]:
    """As a problem keeps it."""
    if subject is None:
        return {"subject_ledger": "", "subject_id": None, "subject_code": "", "subject_label": ""}
    return {
        "subject_ledger": subject.ledger,
        "subject_id": subject.pk,
        "subject_code": subject.code,
        "subject_label": subject.label,
    }


def missing(text: str) -> str:
    return f"没有找到“{text}”，请填写项目、企业等记录的编号或全名，没有的请留空。"


class SubjectField(forms.CharField):
    def __init__(self, seat: Any, **options: Any):
        widget = forms.TextInput(attrs={"autocomplete": "off", "placeholder": "编号或全名"})
        super().__init__(**{"widget": widget, "max_length": 250, **options})
        self.seat = seat

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        try:
            found = subject_named(self.seat, text)
        except Unclear as error:
            raise ValidationError(str(error)) from error
        if found is None:
            raise ValidationError(missing(text))
        return found


class SubjectKind(Kind):
    """`Subject` in forms and cells, its name in lists."""

    name = "lookup"

    def show(self, value):
        return value.label if value else EMPTY

    def export(self, value):
        return value.label if value else None

    def form_field(self, seat, **options):
        return SubjectField(seat, **options)

    def initial(self, value):
        return str(value) if value else None

    def begun_with(self, text, seat):
        return str(next(_of_that_code(seat, text), text))

    def read(self, cell, *, unit, lookup):
        return read_cell(cell, "lookup", lookup=lookup)


def subject_lookup(seat: Any) -> Callable[[str], Subject]:
    """For imports: what is written in the cell → the row. Raises Unreadable, Unclear."""

    @cache
    def find(written: str) -> Subject:
        if found := subject_named(seat, written):
            return found
        raise Unreadable(missing(written))

    return find
