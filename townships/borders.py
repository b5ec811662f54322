"""The border between counties, walked along: that no row points across it."""

from collections.abc import Iterator

from django.apps import apps
from django.db.models import F, Field, Model

from townships.models import County, Unit

PLAIN_UNIT = "unit_id"
"""On floor 0 a unit is a plain number, which no foreign key watches."""


def strays() -> Iterator[str]:
    """A sentence for every row that points to a row of another county, or belongs to none."""
    counties = set(County.objects.values_list("pk", flat=True))
    for model in (model for model in apps.get_models() if _has_county(model)):
        for row in model._base_manager.exclude(county_id__in=counties | {0}):
            yield f"{_named(row)}属于不存在的县（{row.county_id}）。"
        for field in model._meta.concrete_fields:
            yield from _strays_by(model, field)


def _has_county(model: type[Model]) -> bool:
    return any(field.attname == "county_id" for field in model._meta.concrete_fields)


def _strays_by(model: type[Model], field: Field) -> Iterator[str]:
    if field.is_relation and field.name != "county" and _has_county(field.related_model):
        rows = model._base_manager.filter(**{f"{field.name}__isnull": False})
        across = rows.exclude(**{f"{field.name}__county_id": F("county_id")})
    elif field.name == PLAIN_UNIT:
        homes = dict(Unit.objects.values_list("pk", "county_id"))
        rows = model._base_manager.filter(unit_id__isnull=False)
        across = [row for row in rows if homes.get(row.unit_id) != row.county_id]
    else:
        return
    for row in across:
        yield f"{_named(row)}的“{field.verbose_name}”不属于本县。"


def _named(row: Model) -> str:
    return f"{row._meta.verbose_name} {getattr(row, 'code', '') or row.pk}（县 {row.county_id}）"
