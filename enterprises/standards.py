"""The standard as a county applies it: its own rows before the shipped ones."""

from enterprises.models import LocalThreshold
from enterprises.thresholds import Threshold, read_scope, shipped


def thresholds_of(county_id: int) -> tuple[Threshold, ...]:
    """One statement. Of rows that name as many digits of an industry the county's own goes first."""
    rows = LocalThreshold.objects.current().in_county(county_id).order_by("-valid_from", "code")
    return (*(as_threshold(row) for row in rows), *shipped())


def as_threshold(row: LocalThreshold) -> Threshold:
    return Threshold(
        group=row.scale_group,
        name=row.name,
        codes=read_scope(row.scope),
        indicator=row.indicator,
        amount=row.amount,
        employees=None,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        source=row.source,
    )
