"""Awards and lists: what follows from the ranks."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from reporting.formula.evaluate import Lookup
from reporting.formula.exact import nine_places
from reporting.scoring.assessment import NO_TASK, Assessment, Condition, condition
from reporting.scoring.figures import FigureTable
from reporting.scoring.ranking import Standing, may_take_award
from reporting.scoring.results import ScoreError
from reporting.scoring.scheme import Award, Move, Scheme


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the conditions on totals and ranks say of a township: tiers up and down, lists, and why."""

    promotions: tuple[Move, ...]
    demotions: tuple[Move, ...]
    lists: tuple[str, ...]
    notes: tuple[str, ...]
    errors: tuple[ScoreError, ...]


@dataclass(frozen=True, slots=True)
class Prize:
    """The tier that a township takes in the end, None for none, and the sentences that say why.

    `earned`: the tier that its rank and total gave, before promotions and demotions moved it.
    """

    award: Award | None
    notes: tuple[str, ...]
    earned: Award | None = None


def judge(scheme: Scheme, figures: FigureTable, assessment: Assessment, standing: Standing) -> Verdict:
    """Reads the promotions, demotions and lists for a ranked township."""
    lookup = ranked_lookup(figures, assessment, standing)
    promotions = [(move, condition(move.when, lookup)) for move in scheme.promotions]
    demotions = [(move, condition(move.when, lookup)) for move in scheme.demotions]
    lists = [(listing, condition(listing.when, lookup)) for listing in scheme.lists]
    labelled = [
        *((f"晋档“{move.when.text}”", found) for move, found in promotions),
        *((f"降档“{move.when.text}”", found) for move, found in demotions),
        *((listing.name, found) for listing, found in lists),
    ]
    return Verdict(
        promotions=tuple(move for move, found in promotions if found.holds),
        demotions=tuple(move for move, found in demotions if found.holds),
        lists=tuple(listing.name for listing, found in lists if found.holds),
        notes=tuple(f"{label}：{NO_TASK}，不适用" for label, found in labelled if found.no_task),
        errors=_errors(assessment.unit.name, labelled),
    )


def ranked_lookup(figures: FigureTable, assessment: Assessment, standing: Standing) -> Lookup:
    """How the conditions that come after the ranking read names: total, rank and number of entrants among them."""
    return figures.lookup_for(
        assessment.unit,
        {
            "总分": assessment.total or Decimal(0),
            "名次": Decimal(standing.rank),
            "参评数": Decimal(standing.entrants),
        },
    )


def decide(scheme: Scheme, assessment: Assessment, standing: Standing, verdict: Verdict) -> Prize:
    """The tier by rank and minimum, then moved by promotions and demotions; both ends stop the move."""
    if not may_take_award(scheme, assessment):
        return Prize(None, ())
    tiers = scheme.awards
    start = next((place for place, award in enumerate(tiers) if _fits(award, assessment, standing)), len(tiers))
    moved = start - _tiers(verdict.promotions) + _tiers(verdict.demotions)
    end = min(max(moved, 0), len(tiers))
    notes = (*_substitution(_tier(tiers, start), standing), *_reasons(tiers, start, end, verdict))
    return Prize(_tier(tiers, end), notes if tiers else (), _tier(tiers, start))


def _fits(award: Award, assessment: Assessment, standing: Standing) -> bool:
    rank = standing.substitute_rank if award.pass_down else standing.rank
    in_ranks = award.ranks is None or award.ranks[0] <= rank <= award.ranks[1]
    total = assessment.total or Decimal(0)
    return in_ranks and (award.minimum is None or nine_places(total) >= nine_places(award.minimum))


def _tiers(moves: Iterable[Move]) -> int:
    return sum(move.tiers for move in moves)


def _tier(tiers: tuple[Award, ...], place: int) -> Award | None:
    return tiers[place] if place < len(tiers) else None


def _substitution(award: Award | None, standing: Standing) -> tuple[str, ...]:
    """Says so where the tier was not earned by the rank itself."""
    if award is None or not award.pass_down or award.ranks is None or standing.rank <= award.ranks[1]:
        return ()
    return (f"依次递补{award.tier}",)


def _reasons(tiers: tuple[Award, ...], start: int, end: int, verdict: Verdict) -> tuple[str, ...]:
    reasons = [f"晋{move.tiers}档：{move.when.text}" for move in verdict.promotions]
    reasons += [f"降{move.tiers}档：{move.when.text}" for move in verdict.demotions]
    if not reasons:
        return ()
    return (*reasons, moved(_tier(tiers, start), _tier(tiers, end)))


def moved(earned: Award | None, award: Award | None) -> str:
    """What promotions and demotions came to."""
    before, after = _called(earned), _called(award)
    return f"奖项由{before}调整为{after}" if earned != award else f"奖项仍为{after}"


def _called(award: Award | None) -> str:
    return "无奖" if award is None else award.tier


def _errors(unit: str, labelled: list[tuple[str, Condition]]) -> tuple[ScoreError, ...]:
    return tuple(ScoreError(unit, label, found.problem) for label, found in labelled if found.problem)
