"""History: what changed in words people use, and the seal that shows nothing was taken out of it."""

import hashlib
import json
from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from core.amounts import say_wan
from core.dates import DateSpan
from core.fields import MoneyField, MonthField, QuantityField
from core.models import AuditEntry, Seal
from core.periods import month_label
from core.row_states import KINDS_OF_CHANGE, Change

NOTHING = "无"
VIEWED = "查看"
TAKEN = "下载"
"""Actions that change nothing: a page opened by somebody whose views are logged; a project's file taken out."""


def describe(record: models.Model, name: str) -> str:
    """The value of a field as a sentence would say it, at this moment: names, not keys.

    A kind of row says what its own way of storing would not: `spoken_fields`, {field: what makes words of its value}.
    """
    value = getattr(record, name)
    if value is None or (isinstance(value, str | list) and not value):
        return NOTHING
    if name == "happened_on":
        return record.happened.label
    field, _, says = _wording(type(record), name)
    return says(record, field, value)


@cache
def _wording(model: type[models.Model], name: str) -> tuple[models.Field, str, Callable[..., str]]:
    """A field, what it is called and how its value is said: by its kind of row, else by its kind of field."""
    field = model._meta.get_field(name)
    spoken = getattr(model, "spoken_fields", {}).get(name)
    says = (lambda record, field, value: str(spoken(value))) if spoken else SAYS.get(type(field), _plain)
    return field, str(field.verbose_name), says


def _plain(record: models.Model, field: models.Field, value: Any) -> str:
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)


def _day(record: models.Model, field: models.Field, value: date) -> str:
    return DateSpan.day(value).label


def moment_label(at: datetime) -> str:
    """2024年3月4日 09:30, in the county's time."""
    local = timezone.localtime(at)
    return f"{DateSpan.day(local.date()).label} {local:%H:%M}"


SAYS = {
    QuantityField: lambda record, field, value: f"{value.normalize():f}",
    MoneyField: lambda record, field, value: f"{say_wan(value)} 万元",
    MonthField: lambda record, field, value: month_label(value),
    models.DateField: _day,
    models.DateTimeField: lambda record, field, value: moment_label(value),
}


def changes_between(before: models.Model | None, after: models.Model, fields: Iterable[str]) -> list[list[str]]:
    """[[field name, 名称, before, after], …] of what differs, out of these fields; for a new row `before` is None."""
    rows = []
    for name in fields:
        old = describe(before, name) if before is not None else NOTHING
        new = describe(after, name)
        if old != new:
            rows.append([name, _wording(type(after), name)[1], old, new])
    return rows


def told_of(change: Change) -> list[list[str]]:
    """`changes_between` over what differs: what is stored alike is said alike."""
    return changes_between(change.before, change.after, _told_among(type(change.after), change.fields))


@lru_cache(KINDS_OF_CHANGE)
def _told_among(model: type[models.Model], fields: frozenset[str]) -> tuple[str, ...]:
    differ = fields | {"happened_on"} if fields & SPAN else fields
    return tuple(name for name in told_fields(model) if name in differ)


SPAN = frozenset({"happened_until", "happened_precision"})
"""What `happened_on` speaks for in one sentence with itself."""


@cache
def told_fields(model: type[models.Model]) -> tuple[str, ...]:
    """Fields whose change is worth a sentence: those of the business, not of the machinery."""
    quiet = getattr(model, "quiet_fields", frozenset()) | MACHINERY
    return tuple(f.name for f in model._meta.concrete_fields if f.name not in quiet)


MACHINERY = frozenset(
    [
        "id",
        "code",
        "row_version",
        "entered_by",
        "entered_as",
        "entered_at",
        "batch",
        "voided_at",
        "county",
        "county_id",
        "unit_id",
        "record_id",
        "password",
        "last_login",
        "date_joined",
        "is_staff",
        "is_superuser",
        "claimed_by",
    ]
)


def _digest(entries: list[AuditEntry], previous: str) -> str:
    sha = hashlib.sha256(previous.encode())
    for entry in entries:
        row = [getattr(entry, f.attname) for f in AuditEntry._meta.concrete_fields]
        sha.update(json.dumps(row, ensure_ascii=False, default=str, sort_keys=True).encode())
    return sha.hexdigest()


def _run(county_id: int, after: int, until: int | None = None) -> list[AuditEntry]:
    rows = AuditEntry.objects.filter(county_id=county_id, pk__gt=after).order_by("pk")
    return list(rows if until is None else rows.filter(pk__lte=until))


@transaction.atomic
def seal(county_id: int, *, at: datetime) -> Seal | None:
    """Chain what was written since the last seal; None when nothing was."""
    last = Seal.objects.filter(county_id=county_id).order_by("-last_id").first()
    entries = _run(county_id, last.last_id if last else 0)
    if not entries:
        return None
    previous = last.sha256 if last else ""
    return Seal.objects.create(
        county_id=county_id,
        first_id=entries[0].pk,
        last_id=entries[-1].pk,
        count=len(entries),
        sha256=_digest(entries, previous),
        previous=previous,
        sealed_at=at,
    )


def broken_seals(county_id: int) -> list[Seal]:
    """Seals that no longer fit the rows under them, or the seal before them."""
    broken, previous, after = [], "", 0
    for stamp in Seal.objects.filter(county_id=county_id).order_by("first_id"):
        entries = _run(county_id, after, stamp.last_id)
        intact = (stamp.previous, stamp.count, stamp.sha256) == (previous, len(entries), _digest(entries, previous))
        if not intact:
            broken.append(stamp)
        previous, after = stamp.sha256, stamp.last_id
    return broken
