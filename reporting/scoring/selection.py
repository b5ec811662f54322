"""Who is chosen in a 遴选: the first of each group, as many as it has places.

Pure. Nobody is chosen by chance: where equals stand across the last place the meeting decides, and until then none of
them is chosen.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from reporting.scoring.results import Outcome, UnitResult

SAID = {
    Outcome.CHOSEN: "入选",
    Outcome.NOT_CHOSEN: "未入选",
    Outcome.UNDECIDED: "与并列的单位争最后的名额，由会议决定",
}
BY_MEETING = "（会议决定）"


def choose(
    results: Iterable[UnitResult], places: Mapping[str, int], decided: Mapping[str, bool] | None = None
) -> tuple[UnitResult, ...]:
    """The results with their outcome, said in a note; a group that `places` does not name has none.

    Who is vetoed, unranked or below the pass mark is not chosen, and leaves the place to the next. `decided`: what the
    meeting said, heard only of those between whom the ranks do not decide.
    """
    listed = tuple(results)
    outcomes = [_outcome(result, _rivals(listed, result), places.get(result.group or "", 0)) for result in listed]
    return tuple(_told(result, outcome, decided or {}) for result, outcome in zip(listed, outcomes, strict=True))


def _told(result: UnitResult, outcome: Outcome, decided: Mapping[str, bool]) -> UnitResult:
    said = decided.get(result.unit) if outcome == Outcome.UNDECIDED else None
    if said is None:
        return replace(result, outcome=outcome, notes=(SAID[outcome], *result.notes))
    outcome = Outcome.CHOSEN if said else Outcome.NOT_CHOSEN
    return replace(result, outcome=outcome, notes=(SAID[outcome] + BY_MEETING, *result.notes))


def _outcome(result: UnitResult, rivals: list[int], places: int) -> Outcome:
    if result.rank is None or not _may_be_chosen(result):
        return Outcome.NOT_CHOSEN
    ahead = sum(rank < result.rank for rank in rivals)
    if ahead >= places:
        return Outcome.NOT_CHOSEN
    return Outcome.CHOSEN if ahead + rivals.count(result.rank) <= places else Outcome.UNDECIDED


def _rivals(results: Iterable[UnitResult], result: UnitResult) -> list[int]:
    """The ranks in its group that may be chosen, its own among them."""
    same = [other for other in results if other.group == result.group and _may_be_chosen(other)]
    return [other.rank for other in same if other.rank is not None]


def _may_be_chosen(result: UnitResult) -> bool:
    """`qualified` is None where the scheme has no pass mark."""
    return result.qualified is not False and result.vetoed is None


def overfull(results: Iterable[UnitResult], places: Mapping[str, int]) -> dict[str, int]:
    """{group: chosen} where a meeting chose more than there are places."""
    chosen = [result.group or "" for result in results if result.outcome == Outcome.CHOSEN]
    return {group: chosen.count(group) for group in dict.fromkeys(chosen) if chosen.count(group) > places.get(group, 0)}
