"""The supposed ranking: another scheme, other points and targets, projects that reach a step."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils import timezone

from core.actors import SystemActor
from core.periods import Period
from core.rehearsal import rehearsal
from projects.lifecycle import Step
from projects.models import Project
from projects.supposing import SUPPOSED, Reached, suppose_reached
from reporting.models import Scheme
from reporting.ranking import Draft, draft_ranking
from reporting.scheme_editing.services import metric_names
from reporting.scheme_editing.trial import try_scheme
from reporting.scoring.engine import score
from reporting.supposing.changes import Changes, changed_inputs, changed_rules
from townships.models import UnitSuccession


@dataclass(frozen=True)
class Supposition:
    """What is supposed of a county; `day` is None where no project is named."""

    scheme: Scheme
    changes: Changes
    projects: tuple[Project, ...] = ()
    step: Step = Step.START
    day: date | None = None


@dataclass(frozen=True)
class Supposed:
    """The ranking that follows, None where the scheme can't rank yet; `missing`: sentences on what it could not use."""

    draft: Draft | None
    reached: tuple[Reached, ...] = ()
    missing: tuple[str, ...] = ()


def recomputed(draft: Draft, changes: Changes) -> Draft:
    """The same figures under other points and targets; nothing is read anew."""
    rules, inputs = changed_rules(draft.rules, changes), changed_inputs(draft.inputs, changes)
    staying = tuple(one for one in draft.participants if one.unit.name not in changes.left_out)
    return replace(draft, rules=rules, inputs=inputs, results=score(rules, inputs), participants=staying)


def suppose(now: Draft, asked: Supposition, *, at: datetime) -> Supposed:
    """`now`: the ranking as it is. Figures are read again only where projects or another scheme change them.

    Raises Refused, by the codes of projects, where the door would not take what is supposed of them.
    """
    if not asked.projects and asked.scheme.pk == now.scheme.pk:
        return Supposed(recomputed(now, asked.changes))
    with _as_if(asked, at) as reached:
        draft, missing = _ranked(asked.scheme, now)
    supposed = recomputed(draft, asked.changes) if draft and asked.changes.any else draft
    return Supposed(supposed, reached, tuple(missing))


@contextmanager
def _as_if(asked: Supposition, at: datetime) -> Iterator[tuple[Reached, ...]]:
    """The county in which the projects have reached their step, for as long as the ranking is read."""
    if not asked.projects or asked.day is None:
        yield ()
        return
    today = timezone.localtime(at).date()
    with rehearsal(SystemActor(asked.scheme.county_id, label=SUPPOSED), at=at) as writing:
        yield suppose_reached(writing, asked.projects, step=asked.step, day=asked.day, today=today)


def _ranked(scheme: Scheme, now: Draft) -> tuple[Draft | None, list[str]]:
    """Another scheme may still be in the making: it is tried as the editor tries it."""
    if scheme.pk == now.scheme.pk:
        return draft_ranking(scheme, now.period), []
    return try_scheme(scheme, now.period, metric_names(scheme.county_id))


def last_year_under(scheme: Scheme, period: Period) -> tuple[Draft, dict[str, str]]:
    """The same period a year earlier as `scheme` ranks it with today's knowledge, without the units that did not
    exist then; unit → why it is not there. What was merged since is there as the sum of those before it."""
    earlier = period.year_earlier().seen_from(period)
    draft = draft_ranking(scheme, earlier)
    heirs = set(UnitSuccession.objects.heirs(scheme.county_id, period.seen_on).values())
    new = [p.unit for p in draft.participants if p.unit.valid_from > earlier.last_day]
    young = {unit.name for unit in new if unit.pk not in heirs}
    left_out = Changes(left_out=frozenset(young))
    return recomputed(draft, left_out) if young else draft, dict.fromkeys(young, f"{earlier.label}时还没有设立")
