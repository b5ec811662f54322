"""The two rows with which a project enters the ledger: its first agreement and its 开工."""

from django.db.models import Prefetch, QuerySet

from core.dates import DateSpan
from projects.lifecycle import Step
from projects.models import Agreement, Milestone, Project


def with_beginnings(projects: QuerySet) -> QuerySet:
    """Load both for all of them, in two queries: an import compares every row with what it began with."""
    return projects.prefetch_related(
        Prefetch("agreements", _signings(), to_attr="loaded_signings"),
        Prefetch("milestones", _starts(), to_attr="loaded_starts"),
    )


def signing_of(project: Project) -> Agreement | None:
    """The agreement that the project's own form and sheet speak of: 正式 before 框架, then the earliest."""
    loaded = getattr(project, "loaded_signings", None)
    if loaded is None:
        return _signings().filter(project=project).first()
    return loaded[0] if loaded else None


def started(project: Project) -> DateSpan | None:
    loaded = getattr(project, "loaded_starts", None)
    start = _starts().filter(project=project).first() if loaded is None else next(iter(loaded), None)
    return start.happened if start else None


def _signings() -> QuerySet:
    return Agreement.objects.current().order_by("kind", "happened_on", "pk")


def _starts() -> QuerySet:
    return Milestone.objects.current().filter(step=Step.START).order_by("happened_on", "pk")
