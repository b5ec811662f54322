"""Who is chosen in a 遴选: the first of each group, as many as it has places.

Pure: results and places in, outcomes out. Nobody is chosen by chance: where equals stand across the last place, the
meeting decides, and until then none of them is chosen.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from reporting.scoring.results import UnitResult


class Outcome(Enum):
    CHOSEN = "chosen"
    NOT_CHOSEN = "not_chosen"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Choice:
    """`unit`: the township's name; `group`: the category it applied for."""

    unit: str
    group: str | None
    outcome: Outcome


def choose(results: Iterable[UnitResult], places: Mapping[str | None, int]) -> tuple[Choice, ...]:
    """One choice for each result, in its order; a group that `places` does not name has none.

    Who is vetoed, unranked or below the pass mark is not chosen, and leaves the place to the next.
    """
    listed = tuple(results)
    ranks = {group: _ranks(listed, group) for group in {result.group for result in listed}}
    return tuple(
        Choice(result.unit, result.group, _outcome(result, ranks[result.group], places.get(result.group, 0)))
        for result in listed
    )


def _outcome(result: UnitResult, ranks: tuple[int, ...], places: int) -> Outcome:
    if result.rank is None or not _may_be_chosen(result):
        return Outcome.NOT_CHOSEN
    ahead = sum(rank < result.rank for rank in ranks)
    if ahead >= places:
        return Outcome.NOT_CHOSEN
    return Outcome.CHOSEN if ahead + ranks.count(result.rank) <= places else Outcome.UNDECIDED


def _ranks(results: Iterable[UnitResult], group: str | None) -> tuple[int, ...]:
    return tuple(_ranks_that_count(result for result in results if result.group == group))


def _ranks_that_count(results: Iterable[UnitResult]) -> Iterator[int]:
    for result in results:
        if result.rank is not None and _may_be_chosen(result):
            yield result.rank


def _may_be_chosen(result: UnitResult) -> bool:
    """`qualified` is None where the scheme has no pass mark."""
    return result.qualified is not False and result.vetoed is None
