"""走访: a demand heard on a visit becomes a problem about the enterprise."""

from core.ledgers.ledger import ledger_for
from core.write import Door, Refused
from enterprises.models import Visit
from townships.problems.models import Problem, Source
from townships.problems.services import raise_problem
from townships.problems.subjects import Subject, kept

RAISE = "raise_demand"
LONGEST_TITLE = 100


def raise_demand(writing: Door, *, visit: Visit, title: str, topic: str = "") -> Problem:
    """The demand as a problem, raised on the day of the visit; the visit names it from then on.

    Raises Refused where there is no demand, or where it was passed on already.
    """
    if not visit.demand:
        raise Refused("这次走访没有登记企业诉求。")
    current = Visit.objects.select_related("problem", "enterprise__township", "township").get(pk=visit.pk)
    if not current.waits:
        raise Refused(f"这条诉求已经转为问题{current.problem.code}，请到问题台账办理。")
    about = Subject.of(ledger_for("enterprises"), current.enterprise)
    problem = raise_problem(
        writing,
        title=title,
        topic=topic,
        description=current.demand,
        source=Source.VISIT,
        source_note=f"{current.visitors}走访（{current.code}）"[:200],
        raised_on=current.happened_on,
        raised_by=current.received_by,
        township=current.township,
        **kept(about),
    )
    writing.change(current, action="转办", permission=RAISE, problem=problem)
    return problem


def title_of(visit: Visit) -> str:
    """The first sentence of the demand, as far as a title goes."""
    sentence = visit.demand.split("。")[0].splitlines()[0] if visit.demand else ""
    return sentence[:LONGEST_TITLE]
