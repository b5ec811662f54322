"""The two rows with which a project enters the ledger: its first agreement and its 开工."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet

from core.records import Record
from core.write import Door
from projects import services
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


def start_of(project: Project) -> Milestone | None:
    """As `services.start_of`, out of what is loaded."""
    loaded = getattr(project, "loaded_starts", None)
    if loaded is None:
        return services.start_of(project)
    return loaded[0] if loaded else None


def beginning_to_be(model: type[Record], values: Mapping[str, Any]) -> Record:
    """A new project's agreement or start, as far as its unit follows from the values of a workbook's row."""
    writer = values.get("responsible_unit") or values["landing_unit"]
    return model(project=Project(landing_unit=values["landing_unit"], responsible_unit=writer))


def change_beginnings(writing: Door, given: Sequence[tuple[Project, Mapping[str, Any]]]) -> None:
    """What many rows of a workbook say of them: (project, its "agreement" values and when it "started", or None)."""
    signings = [(signing_of(project), parts["agreement"]) for project, parts in given if parts["agreement"]]
    writing.change_each([(signing, values) for signing, values in signings if signing])
    for project, parts in given:
        start, happened = start_of(project), parts["started"]
        if happened and happened != (start and start.happened):
            services.record_start(writing, project=project, happened=happened)


def _signings() -> QuerySet:
    return Agreement.objects.current().order_by("kind", "happened_on", "pk")


def _starts() -> QuerySet:
    return Milestone.objects.current().filter(step=Step.START).order_by("happened_on", "pk")
