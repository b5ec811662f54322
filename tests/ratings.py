"""Sheets of 评分 and what reviewers say on them, for tests."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from reporting.models import RatingSheet
from reporting.rating import services
from reporting.rating.roster import roster_of
from reporting.rating.services import Opinion
from tests import factories as make
from townships.models import County, Seat, Unit

DEADLINE = make.TODAY + timedelta(days=5)


def new_sheet(
    county: County, units: Sequence[Unit], reviewers: Sequence[tuple[Seat, str]], **values: Any
) -> RatingSheet:
    """服务和报送 of 2024Q2 out of 100 points, answered by five days from now."""
    given = {"topic": "服务和报送", "period": "2024Q2", "kind": "score", "answer_by": DEADLINE, **values}
    full = {"full_points": Decimal(100) if given["kind"] == "score" else None}
    with make.writing_as(county) as writing:
        return services.open_sheet(writing, units=units, reviewers=reviewers, **{**full, **given})


def say(sheet: RatingSheet, seat: Seat, said: Mapping[Unit, Any], *, on: date = make.TODAY) -> int:
    """What that seat says: {unit: value or (value, reason)}."""
    asked = {unit.pk: reviewer for reviewer, unit in roster_of(sheet, of=seat).asked}
    given = {(asked[unit.pk], unit): opinion(words) for unit, words in said.items()}
    with make.writing_as(seat, at=make.NOW + (on - make.TODAY)) as writing:
        return services.rate(writing, sheet=sheet, given=given)


def opinion(words: Any) -> Opinion:
    value, reason = words if isinstance(words, tuple) else (words, "")
    return Opinion(Decimal(value), reason)


def closed(sheet: RatingSheet) -> RatingSheet:
    with make.writing_as(sheet.county) as writing:
        return services.close_sheet(writing, sheet=sheet)


def reopened(sheet: RatingSheet, reason: str = "漏评一位") -> RatingSheet:
    with make.writing_as(sheet.county) as writing:
        return services.reopen_sheet(writing, sheet=sheet, answer_by=DEADLINE, reason=reason)


def expert(county: County, **values: Any) -> Seat:
    """A person of a department, who belongs to nobody that is rated."""
    return make.new_seat(county, "department", ["entry"], unit=make.new_unit(county, "department"), **values)
