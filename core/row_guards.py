"""What the door asks of rows before it writes them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from core.records import Record
from core.refusals import CHANGED_MEANWHILE, Refused, Stale
from core.row_states import already_loaded, attribute, clone, load_relations

AnyRecord = TypeVar("AnyRecord", bound=Record)

VOIDED = "“{}”已作废，不能再修改。"


def check(record: Record) -> None:
    """Everything the model says about a row. Constraints are asked without exception: their unique keys
    begin with the county, which the door itself set."""
    record.full_clean(exclude=already_loaded(record), validate_constraints=False)
    record.validate_constraints()


def nothing_hangs_on(*records: Record) -> None:
    """Of rows of one kind."""
    by_pk = {record.pk: record for record in records}
    for relation in records[0]._meta.get_fields(include_hidden=True):
        model = relation.related_model
        if not relation.one_to_many or not issubclass(model, Record) or relation.field.name in model.loose_fields:
            continue
        hanging = model.objects.current().filter(**{f"{relation.field.name}__in": by_pk})
        if found := hanging.order_by("pk").values_list(relation.field.attname, flat=True):
            first, count = by_pk[found[0]], list(found).count(found[0])
            raise Refused(f"还有 {count} 条{model._meta.verbose_name}与“{first}”相连，请先处理这些记录，再作废它。")


def as_kept(record: Record, values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: attribute(record, name).to_python(value) for name, value in values.items()}


def locked_as_seen(seen: list[AnyRecord]) -> list[AnyRecord]:
    """A copy of each row, in the order of `seen`, locked while nobody had written it since it was seen.

    Every write makes another version, so that a row of the same version still stands as it was seen: only the versions
    are read again.
    """
    by_pk = {row.pk: row for row in seen}
    if len(by_pk) < len(seen):
        raise ValueError("a row is changed once in one act")
    rows = type(seen[0]).objects.select_for_update().filter(pk__in=by_pk).order_by("pk")
    stands = {pk: (version, voided) for pk, version, voided in rows.values_list("pk", "row_version", "voided_at")}
    for pk, row in by_pk.items():
        _as_seen(row, *stands[pk])
    load_relations(seen)
    return [clone(row) for row in seen]


def portions(rows: Sequence[Any], size: int = 500) -> Iterator[Sequence[Any]]:
    return (rows[start : start + size] for start in range(0, len(rows), size))


def as_seen(seen: list[Record], locked: list[Record]) -> None:
    """A judgement is about the rows as its author saw them."""
    by_pk = {row.pk: row for row in seen}
    for row in locked:
        _as_seen(by_pk[row.pk], row.row_version, row.voided_at)


def _as_seen(row: Record, version: int, voided_at: datetime | None) -> None:
    if voided_at:
        raise Refused(VOIDED.format(row))
    if version != row.row_version:
        raise Stale(f"“{row}”：{CHANGED_MEANWHILE}")


def still_valid(record: Record) -> None:
    if record.voided_at:
        raise Refused(VOIDED.format(record))
