"""The statements that sum up metrics: compiled once, and kept until the county writes again.

Building and compiling them takes as long as half of what the database needs to answer. Whether a condition still fits
can only change with a write, and every write leaves a line in the county's log: its last line dates what is kept.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from core.ledgers.ledger import Ledger
from core.models import AuditEntry
from core.periods import Period
from reporting.measures import ROW_BY_ROW, MetricError
from reporting.models import Metric
from townships.credits import Heirs
from townships.lineage import resolved, until
from townships.models import UnitSuccession
from townships.services import NO_COUNTY

Asked = Sequence[tuple[Metric, Period]]


@dataclass(frozen=True)
class Shared:
    """What the parts of one question start from, read once for all of them: a ledger's rows as of a day, and whose
    past counts for whom on a day."""

    rows_of: Callable[[Ledger, Any, Any], QuerySet]
    heirs_on: Callable[[date], Heirs]


Part = Callable[[int, Metric, Period, Shared], QuerySet]
"""number, metric, period, what it starts from → rows of whole numbers, `number` first. Raises MetricError."""

AT_ONCE = 100
"""Figures in one statement: SQLite takes 500 parts and a million characters."""
KEPT = 64
"""Questions of which the statements are kept: the pages that a county opens over and over."""


@dataclass(frozen=True)
class Prepared:
    """What to send for a question; `row_by_row` and `broken` name its pairs by their place. `heirs_on`: whose past
    counts for whom on a day, for those that are read row by row."""

    statements: tuple[tuple[str, tuple[Any, ...]], ...]
    row_by_row: tuple[int, ...]
    broken: Mapping[int, MetricError]
    heirs_on: Callable[[date], Heirs]

    def rows(self) -> Iterator[list[int | None]]:
        """Sums come as PostgreSQL's own decimals; all of them are whole."""
        with connection.cursor() as cursor:
            for sql, parameters in self.statements:
                cursor.execute(sql, parameters)
                yield from ([None if value is None else int(value) for value in row] for row in cursor.fetchall())


@dataclass(frozen=True)
class _Question:
    """Two are the same if nothing was written between them and they ask for the same of the same definitions."""

    part: Part
    last_line: tuple[int, datetime] | None
    definitions: tuple[tuple[str, ...], ...]
    asked: Asked = field(compare=False)


def prepared(asked: Asked, part: Part) -> Prepared:
    """One county's pairs as statements. Inside a transaction nothing is kept: what it wrote may be taken back."""
    if not asked or connection.in_atomic_block:
        return _compiled(asked, part)
    (county,) = {metric.county_id for metric, _ in asked}
    lines = AuditEntry.objects.filter(county_id=county).order_by("-pk").values_list("pk", "at")
    return _kept(_Question(part, lines.first(), tuple(_definition(*pair) for pair in asked), asked))


@lru_cache(maxsize=KEPT)
def _kept(question: _Question) -> Prepared:
    return _compiled(question.asked, question.part)


def _definition(metric: Metric, period: Period) -> tuple[str, ...]:
    """All that a metric says, saved or not, so that nothing added to it later can be forgotten here."""
    return (
        period.code,
        period.seen_on.isoformat(),
        *(str(getattr(metric, column.attname)) for column in metric._meta.concrete_fields),
    )


def _compiled(asked: Asked, part: Part) -> Prepared:
    shared = _shared(asked[0][0].county_id if asked else NO_COUNTY)
    summed = [n for n, (metric, _) in enumerate(asked) if metric.measure not in ROW_BY_ROW]
    row_by_row = tuple(n for n, (metric, _) in enumerate(asked) if metric.measure in ROW_BY_ROW)
    parts, broken = _parts(summed, lambda number: part(number, *asked[number], shared))
    bundles = [parts[begin : begin + AT_ONCE] for begin in range(0, len(parts), AT_ONCE)]
    return Prepared(tuple(s for bundle in bundles for s in _statement(bundle)), row_by_row, broken, shared.heirs_on)


def _shared(county_id: int) -> Shared:
    """Mergers are few: one statement brings them all, whichever days are asked for."""
    steps = cache(UnitSuccession.objects.current().in_county(county_id).mergers().steps)
    rows_of = cache(lambda ledger, seat, day: ledger.rows(seat, day))
    return Shared(rows_of, cache(lambda day: resolved(until(steps(), day))))


def _parts(numbers: Sequence[int], made: Callable[[int], QuerySet]) -> tuple[list[QuerySet], dict[int, MetricError]]:
    parts: list[QuerySet] = []
    broken: dict[int, MetricError] = {}
    for number in numbers:
        try:
            parts.append(made(number))
        except MetricError as error:
            broken[number] = MetricError(str(error))  # without the frames that raised it
    return parts, broken


def _statement(parts: Sequence[QuerySet]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """All of them as one; nothing where the conditions alone say that no row can meet them."""
    first, *others = parts
    try:
        yield (first.union(*others, all=True) if others else first).query.sql_with_params()
    except EmptyResultSet:
        return
