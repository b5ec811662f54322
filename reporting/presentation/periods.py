"""The period switcher of a title line."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.periods import Period


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
