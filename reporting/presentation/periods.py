"""The period switcher of a title line."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.periods import Period, PeriodKind
from reporting.dashboards.reach import Reach


@dataclass(frozen=True)
class Choice:
    label: str
    url: str
    current: bool


@dataclass(frozen=True)
class PeriodSwitch:
    """`earlier` and `later`: the neighbours, None at either end; `choices`: the newest first."""

    earlier: Choice | None
    later: Choice | None
    choices: tuple[Choice, ...]


def period_switch(periods: Sequence[Period], current: Period, address: Callable[[Period], str]) -> PeriodSwitch:
    choices = {period: Choice(period.label, address(period), period == current) for period in periods}
    earlier = max((period for period in choices if period < current), default=None)
    later = min((period for period in choices if period > current), default=None)
    return PeriodSwitch(
        earlier=choices[earlier] if earlier else None,
        later=choices[later] if later else None,
        choices=tuple(choices.values()),
    )


KIND_NAMES: dict[PeriodKind, str] = {"month": "月", "quarter": "季", "half_year": "半年", "year": "年"}


@dataclass(frozen=True)
class KindSwitch:
    """The same page for a month, quarter, half-year or year that ends no later, and for the neighbours in time."""

    kinds: tuple[Choice, ...]
    earlier: Choice
    later: Choice


def kind_switch(reached: Reach, kinds: Sequence[PeriodKind], address: Callable[[Period], str]) -> KindSwitch:
    period = reached.period
    around = [Period.containing(reached.day, kind) for kind in kinds]
    earlier, later = period.previous(), period.next()
    return KindSwitch(
        kinds=tuple(Choice(KIND_NAMES[p.kind], address(p), p.kind == period.kind) for p in around),
        earlier=Choice(earlier.label, address(earlier), False),
        later=Choice(later.label, address(later), False),
    )
