"""Why a township took its award or none, and why it is on a list: each rule in words with the figures it read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import localcontext

from reporting.formula.errors import CalculationError
from reporting.formula.evaluate import Lookup
from reporting.formula.exact import CONTEXT, plain
from reporting.formula.nodes import Formula, Name, Reference
from reporting.formula.substitute import shown
from reporting.formula.words import in_words
from reporting.scoring.assessment import VETO_NOTES
from reporting.scoring.awards import moved, ranked_lookup
from reporting.scoring.engine import Outcome, settled
from reporting.scoring.figures import FigureTable
from reporting.scoring.inputs import Inputs
from reporting.scoring.ranking import Standing, may_take_award, qualified
from reporting.scoring.results import shown_total
from reporting.scoring.scheme import Award, Move, Scheme

Units = Mapping[str, str]
"""metric → its unit of measure"""


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence without its full stop, and the metrics and derived metrics whose figures it quotes."""

    text: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of the scheme: its name, its rule in words, and who is on it, each with the figures that put it there."""

    name: str
    rule: str
    units: tuple[tuple[str, Reason], ...]


@dataclass(frozen=True, slots=True)
class Reasons:
    """`awards`: township → why it took what it took; every township is there, also one that took nothing."""

    awards: dict[str, tuple[Reason, ...]]
    lists: tuple[Listed, ...]


def reasons_for(scheme: Scheme, inputs: Inputs, measured_in: Units | None = None) -> Reasons:
    """The reasons behind `score(scheme, inputs)`, which must have gone through before.

    `measured_in`: {metric: 万元}, what stands behind its figures and its targets.
    """
    units = measured_in or {}
    with localcontext(CONTEXT):
        figures = FigureTable(scheme, inputs)
        outcomes = settled(scheme, figures)
        return Reasons(
            awards={found.assessment.unit.name: tuple(_why(scheme, figures, found, units)) for found in outcomes},
            lists=tuple(_lists(scheme, figures, outcomes, units)),
        )


# -- awards ----------------------------------------------------------------------------------------


def _why(scheme: Scheme, figures: FigureTable, outcome: Outcome, units: Units) -> Iterator[Reason]:
    assessment, standing = outcome.assessment, outcome.standing
    if assessment.total is None:
        yield Reason("数据不全，没有总分，不参加评奖")
        return
    yield from _barred(scheme, figures, outcome, units)
    if standing is None or not may_take_award(scheme, assessment):
        return
    yield Reason(_earned(scheme, outcome, standing))
    lookup = ranked_lookup(figures, assessment, standing)
    yield from (_moved_by("晋", move, lookup, units) for move in outcome.verdict.promotions)
    yield from (_moved_by("降", move, lookup, units) for move in outcome.verdict.demotions)
    if outcome.verdict.promotions or outcome.verdict.demotions:
        yield Reason(moved(outcome.prize.earned, outcome.prize.award))


def _barred(scheme: Scheme, figures: FigureTable, outcome: Outcome, units: Units) -> Iterator[Reason]:
    """What leaves no award: vetoes, and a total below the pass mark."""
    assessment = outcome.assessment
    lookup = figures.lookup_for(assessment.unit)
    for veto in assessment.vetoes:
        text = f"一票否决：{veto.name}，{VETO_NOTES[veto.effect]}{_in_figures(veto.when, lookup, units)}"
        yield Reason(text, _read(veto.when))
    if scheme.pass_mark is not None and qualified(scheme, assessment) is False:
        yield Reason(f"总分{_total(scheme, outcome)}，低于合格线{plain(scheme.pass_mark)}，不合格")


def _earned(scheme: Scheme, outcome: Outcome, standing: Standing) -> str:
    """The tier by rank and total; without one, what was not reached."""
    place, award = f"{'并列' if standing.tied else ''}第{standing.rank}", outcome.prize.earned
    if award is None:
        return _nothing_earned(scheme, outcome, standing, place)
    if award.ranks and standing.rank > award.ranks[1]:
        ahead = standing.rank - standing.substitute_rank
        place += f"，前面有{ahead}个单位不能评奖，依次递补到第{standing.substitute_rank}"
    line = "" if award.minimum is None else f"总分{_total(scheme, outcome)}，达到得分线{plain(award.minimum)}，"
    return f"{place}，{line}评{award.tier}{_ranks(award)}"


def _nothing_earned(scheme: Scheme, outcome: Outcome, standing: Standing, place: str) -> str:
    lines = [(one.tier, one.minimum) for one in scheme.awards if one.minimum is not None and _in_ranks(one, standing)]
    if lines:
        tier, minimum = lines[-1]
        return f"{place}，总分{_total(scheme, outcome)}，没有达到{tier}得分线{plain(minimum)}"
    last = max((award.ranks[1] for award in scheme.awards if award.ranks), default=0)
    return f"{place}，评奖到第{last}" if last else f"{place}，方案没有设奖项"


def _in_ranks(award: Award, standing: Standing) -> bool:
    rank = standing.substitute_rank if award.pass_down else standing.rank
    return award.ranks is None or award.ranks[0] <= rank <= award.ranks[1]


def _ranks(award: Award) -> str:
    """（第2至第3）; empty for a tier that looks at no ranks."""
    if award.ranks is None:
        return ""
    first, last = award.ranks
    return f"（第{first}）" if first == last else f"（第{first}至第{last}）"


def _moved_by(word: str, move: Move, lookup: Lookup, units: Units) -> Reason:
    text = f"{word}{move.tiers}档：{in_words(move.when)}{_in_figures(move.when, lookup, units)}"
    return Reason(text, _read(move.when))


def _total(scheme: Scheme, outcome: Outcome) -> str:
    return shown_total(outcome.assessment.total, scheme.rounding) or ""


# -- lists -----------------------------------------------------------------------------------------


def _lists(scheme: Scheme, figures: FigureTable, outcomes: list[Outcome], units: Units) -> Iterator[Listed]:
    for listing in scheme.lists:
        found = [
            (outcome.assessment.unit.name, Reason(_figures(listing.when, lookup, units), _read(listing.when)))
            for outcome in outcomes
            if outcome.standing and listing.name in outcome.verdict.lists
            for lookup in [ranked_lookup(figures, outcome.assessment, outcome.standing)]
        ]
        yield Listed(listing.name, in_words(listing.when), tuple(found))


# -- figures ---------------------------------------------------------------------------------------


def _in_figures(when: Formula, lookup: Lookup, units: Units) -> str:
    found = _figures(when, lookup, units)
    return f"（{found}）" if found else ""


def _figures(when: Formula, lookup: Lookup, units: Units) -> str:
    """到位资金 12500万元，目标（到位资金） 10000万元: each figure that the rule reads, once, where it has a value."""
    figures = {_called(reference): reference for reference in when.references}
    found = ((name, _value(one, lookup), units.get(one.name, "")) for name, one in figures.items())
    return "，".join(f"{name} {value}{unit}" for name, value, unit in found if value)


def _called(reference: Reference) -> str:
    return reference.name if isinstance(reference, Name) else f"{reference.function}（{reference.name}）"


def _value(reference: Reference, lookup: Lookup) -> str:
    try:
        return shown(lookup(reference))
    except CalculationError:
        return ""


def _read(when: Formula) -> tuple[str, ...]:
    return tuple(dict.fromkeys(reference.name for reference in when.references))
