"""Where the county stands in its city, as the city's notices say: read for a day, never computed from records."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from core.periods import Period
from reporting.metrics import what_it_counts
from reporting.models import CityRank
from townships.models import County

EARLIER = 4
"""How many earlier places stand beside the present one."""


@dataclass(frozen=True)
class CityPlace:
    """A place as it is shown, published and compared; `period` is a code (2024-05)."""

    period: str
    place: int
    counties: int
    document: str

    @property
    def label(self) -> str:
        return Period.parse(self.period).label

    @property
    def said(self) -> str:
        """第3位（共13个）."""
        return f"第{self.place}位（共{self.counties}个）"


@dataclass(frozen=True)
class CityStanding:
    """Where the county stands, and where it stood in the periods of the same kind before, the last first."""

    now: CityPlace
    earlier: tuple[CityPlace, ...] = ()

    @property
    def history(self) -> str:
        """2024年4月第4位，2024年3月第5位; empty where it is the first."""
        return "，".join(f"{place.label}第{place.place}位" for place in self.earlier)


Standings = Mapping[tuple, CityStanding]
"""what a metric counts (over whatever span) → where the county stands with it"""


def city_standings(county: County, day: date) -> Standings:
    """The places of the periods that end with that day; where several do, the shortest speaks. One statement."""
    rows = CityRank.objects.current().in_county(county.pk).filter(period__gte=str(day.year - 1))
    by_subject: dict[tuple, list[CityRank]] = defaultdict(list)
    for row in rows.select_related("metric").order_by("pk"):
        by_subject[what_it_counts(row.metric)].append(row)
    found = {subject: _standing(known, day) for subject, known in by_subject.items()}
    return {subject: standing for subject, standing in found.items() if standing}


def _standing(rows: Iterable[CityRank], day: date) -> CityStanding | None:
    """Periods are ordered by the day they end, the shorter first."""
    known = sorted(rows, key=lambda row: row.when)
    now = next((row for row in known if row.when.last_day == day), None)
    if now is None:
        return None
    before = [row for row in known if row.when < now.when and row.when.kind == now.when.kind]
    return CityStanding(_place(now), tuple(map(_place, reversed(before[-EARLIER:]))))


def _place(row: CityRank) -> CityPlace:
    return CityPlace(row.period, row.place, row.counties, row.document)
