"""The engine: a scheme and its inputs in, results out, in the order that docs/scoring.md states."""

from dataclasses import dataclass, replace
from decimal import localcontext

from reporting.formula.exact import CONTEXT
from reporting.scoring.assessment import Assessment, assess
from reporting.scoring.awards import Prize, Verdict, decide, judge
from reporting.scoring.figures import FigureTable
from reporting.scoring.inputs import Inputs
from reporting.scoring.names import check_names
from reporting.scoring.ranking import Standing, qualified, rank
from reporting.scoring.results import Results, UnitResult
from reporting.scoring.scheme import Scheme
from reporting.scoring.selection import choose

NO_PRIZE = Prize(None, ())
NO_VERDICT = Verdict((), (), (), (), ())


@dataclass(frozen=True, slots=True)
class Outcome:
    """A township with its standing and what follows; both None and empty for those that are not ranked."""

    assessment: Assessment
    standing: Standing | None
    verdict: Verdict
    prize: Prize


def score(scheme: Scheme, inputs: Inputs) -> Results:
    """The results of all townships. Raises SchemeError or InputError where scheme and inputs do not fit together.

    An error of one township is no exception: it stands in `Results.errors`, and the others are ranked.
    """
    with localcontext(CONTEXT):
        check_names(scheme, inputs)
        outcomes = settled(scheme, FigureTable(scheme, inputs))
        units = tuple(_unit_result(scheme, outcome) for outcome in _in_order(scheme, outcomes))
        return Results(
            scheme=scheme.name,
            period=inputs.period,
            rounding=scheme.rounding,
            units=choose(units, scheme.places, inputs.decided) if scheme.selects else units,
            errors=tuple(error for outcome in outcomes for error in outcome.assessment.errors),
        )


def settled(scheme: Scheme, figures: FigureTable) -> list[Outcome]:
    """Every township's outcome in the order of the inputs. The caller sets the context of the arithmetic."""
    return _settle(scheme, figures, [assess(scheme, unit, figures) for unit in figures.inputs.units])


def _settle(scheme: Scheme, figures: FigureTable, assessments: list[Assessment]) -> list[Outcome]:
    """Ranks until no condition on the ranks is in error: who fails one leaves the ranking and moves the others up."""
    while True:
        standings = rank(scheme, figures, assessments)
        verdicts = {
            assessment.unit.name: judge(scheme, figures, assessment, standings[assessment.unit.name])
            for assessment in assessments
            if assessment.unit.name in standings
        }
        if not any(verdict.errors for verdict in verdicts.values()):
            return [_outcome(scheme, assessment, standings, verdicts) for assessment in assessments]
        assessments = [_without_failed(assessment, verdicts) for assessment in assessments]


def _without_failed(assessment: Assessment, verdicts: dict[str, Verdict]) -> Assessment:
    verdict = verdicts.get(assessment.unit.name, NO_VERDICT)
    return replace(assessment, total=None, errors=verdict.errors) if verdict.errors else assessment


def _outcome(
    scheme: Scheme, assessment: Assessment, standings: dict[str, Standing], verdicts: dict[str, Verdict]
) -> Outcome:
    name = assessment.unit.name
    if name not in standings:
        return Outcome(assessment, None, NO_VERDICT, NO_PRIZE)
    prize = decide(scheme, assessment, standings[name], verdicts[name])
    return Outcome(assessment, standings[name], verdicts[name], prize)


def _in_order(scheme: Scheme, outcomes: list[Outcome]) -> list[Outcome]:
    """By rank (in each group, if ranked within groups), equals in file order; unranked, then errors, last."""
    by_group = scheme.ranking.within == "group"
    groups = list(dict.fromkeys(outcome.assessment.unit.group for outcome in outcomes))

    def place(outcome: Outcome) -> tuple[int, int, int]:
        if outcome.standing is None:
            return (2 if outcome.assessment.errors else 1), 0, 0
        group = groups.index(outcome.assessment.unit.group) if by_group else 0
        return 0, group, outcome.standing.rank

    return sorted(outcomes, key=place)


def _unit_result(scheme: Scheme, outcome: Outcome) -> UnitResult:
    assessment, standing, award = outcome.assessment, outcome.standing, outcome.prize.award
    return UnitResult(
        unit=assessment.unit.name,
        group=assessment.unit.group,
        rank=standing.rank if standing else None,
        tied=standing.tied if standing else False,
        total=assessment.total,
        qualified=qualified(scheme, assessment),
        award=award.tier if award else None,
        amount=award.amount if award else None,
        vetoed="、".join(veto.name for veto in assessment.vetoes) or None,
        bonus=assessment.bonus,
        deduction=assessment.deduction,
        factor=assessment.factor,
        lists=outcome.verdict.lists,
        notes=_notes(scheme, outcome),
        indicators=assessment.indicators,
        bonuses=assessment.bonuses,
        deductions=assessment.deductions,
        derived=assessment.derived,
    )


def _notes(scheme: Scheme, outcome: Outcome) -> tuple[str, ...]:
    standing = outcome.standing
    return (
        *outcome.assessment.notes,
        *(["并列"] if standing and standing.tied else []),
        *(["不合格"] if qualified(scheme, outcome.assessment) is False else []),
        *outcome.verdict.notes,
        *outcome.prize.notes,
    )
