"""Who stands where: rounded totals as people see them, then the tie breaks, and equals share the rank (1, 2, 2, 4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from reporting.formula.exact import nine_places
from reporting.scoring.assessment import Assessment
from reporting.scoring.figures import FigureTable
from reporting.scoring.scheme import Scheme

# One comparable thing per tie break; a township without a value comes after every number.
Key = tuple[tuple[bool, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """`entrants`: how many are ranked in the same scope (参评数); `substitute_rank`: among those fit for awards."""

    rank: int
    tied: bool
    entrants: int
    substitute_rank: int


def rank(scheme: Scheme, figures: FigureTable, assessments: Iterable[Assessment]) -> dict[str, Standing]:
    """Township → standing, for those that are ranked."""
    standings: dict[str, Standing] = {}
    for entrants in _scopes(scheme, assessments):
        keys = {entrant.unit.name: _key(scheme, figures, entrant) for entrant in entrants}
        eligible = {entrant.unit.name for entrant in entrants if may_take_award(scheme, entrant)}
        for name in keys:
            standings[name] = _standing(name, keys, eligible)
    return standings


def may_take_award(scheme: Scheme, assessment: Assessment) -> bool:
    """No veto leaves an award, nor does a total below the pass mark."""
    return assessment.ranked and not assessment.vetoes and qualified(scheme, assessment) is not False


def qualified(scheme: Scheme, assessment: Assessment) -> bool | None:
    """Whether the rounded total reaches the pass mark; None where there is none of either."""
    if scheme.pass_mark is None or assessment.total is None:
        return None
    return nine_places(assessment.total) >= nine_places(scheme.pass_mark)


def _scopes(scheme: Scheme, assessments: Iterable[Assessment]) -> list[list[Assessment]]:
    scopes: dict[str | None, list[Assessment]] = {}
    for assessment in assessments:
        if assessment.ranked:
            scope = assessment.unit.group if scheme.ranking.within == "group" else None
            scopes.setdefault(scope, []).append(assessment)
    return list(scopes.values())


def _key(scheme: Scheme, figures: FigureTable, assessment: Assessment) -> Key:
    values = (figures.number_or_none(assessment.unit, name) for name in scheme.ranking.tie_break)
    return tuple(_comparable(value) for value in (assessment.total, *values))


def _comparable(value: Decimal | None) -> tuple[bool, Decimal]:
    return (False, Decimal(0)) if value is None else (True, nine_places(value))


def _standing(name: str, keys: dict[str, Key], eligible: set[str]) -> Standing:
    ahead = [other for other, key in keys.items() if key > keys[name]]
    return Standing(
        rank=1 + len(ahead),
        tied=sum(key == keys[name] for key in keys.values()) > 1,
        entrants=len(keys),
        substitute_rank=1 + sum(other in eligible for other in ahead),
    )
