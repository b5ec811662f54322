"""The figures that the four pilots must come to, taken from published reports of a real pilot county:

a year with 23 companies brought in (up 76 %), 42 projects signed (up 220 %) worth 11.28 亿元 (up 44 %), and the half
year after it with 18 companies, 12 projects and 18.6 亿元. The year before follows from the growth, rounded to whole
projects: 13, 13 and 7.83 亿元.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random

STEP = Decimal(10)
"""Invented amounts are whole tens of 万元, as contracts say them."""
SIZES, HOW_OFTEN = (2, 3, 4, 6, 9, 15, 40), (6, 6, 6, 6, 4, 3, 1)
"""How large projects are beside each other: mostly small, now and then a very large one."""


@dataclass(frozen=True)
class Quota:
    """What the pilots sign in a year: projects by month and by township, companies, 万元."""

    year: int
    by_month: tuple[int, ...]
    by_place: tuple[tuple[str, int], ...]
    investors: int
    wan: Decimal
    unsigned_investors: int = 0
    """Companies that settled without a contract of their own: brought in, but nothing signed."""

    @property
    def projects(self) -> int:
        return sum(self.by_month)

    @property
    def last_month(self) -> date:
        return date(self.year, len(self.by_month), 1)

    def months(self) -> Iterator[date]:
        for number, count in enumerate(self.by_month, 1):
            yield from [date(self.year, number, 1)] * count

    def places(self, random: Random) -> list[str]:
        """Each township's projects spread over the year: no quarter without any."""
        turns = [((n + random.random()) / count, name) for name, count in self.by_place for n in range(count)]
        return [name for _, name in sorted(turns)]


QUOTAS = (
    Quota(
        2023,
        (0, 1, 1, 1, 1, 2, 1, 1, 1, 1, 1, 2),
        (("澜桥镇", 5), ("枫渡镇", 3), ("棠湾镇", 3), ("麦浪镇", 2)),
        investors=13,
        wan=Decimal(78_300),
    ),
    Quota(
        2024,
        (2, 2, 4, 3, 4, 5, 3, 3, 4, 4, 4, 4),
        (("澜桥镇", 13), ("枫渡镇", 10), ("棠湾镇", 11), ("麦浪镇", 8)),
        investors=23,
        wan=Decimal(112_800),
    ),
    Quota(
        2025,
        (1, 1, 3, 2, 2, 3),
        (("澜桥镇", 4), ("枫渡镇", 2), ("棠湾镇", 3), ("麦浪镇", 3)),
        investors=12,
        wan=Decimal(186_000),
        unsigned_investors=6,
    ),
)


def divided(total: Decimal, count: int, random: Random) -> list[Decimal]:
    """`count` unlike amounts, in steps of 10 万元, that sum up to `total` exactly."""
    weights = [size * random.randint(70, 130) for size in random.choices(SIZES, weights=HOW_OFTEN, k=count)]
    parts = [(total * weight / sum(weights)).quantize(Decimal(1)) // STEP * STEP for weight in weights]
    parts[weights.index(max(weights))] += total - sum(parts)
    return parts
