"""Writes about who looks after a project: a change ends one leader's time and begins the next one's."""

from datetime import date, timedelta

from django.utils import timezone

from core.dates import DateSpan
from core.write import Door, Refused
from projects.models import Project, ProjectLeader
from projects.models.leaders import LeaderKind


def assign_leader(
    writing: Door,
    *,
    project: Project,
    kind: LeaderKind,
    name: str,
    since: date,
    post: str = "",
    document: str = "",
    permission: str = "change",
) -> ProjectLeader:
    """From that day on this leader looks after the project; the project itself says so from now on.

    Raises Refused where the leader is the present one, or the day is not after the present one's first.
    """
    present = _present(project, kind) or _unwritten(writing, project, kind, permission)
    if present is not None:
        _end(writing, present, name, post, since, permission)
    told = {"kind": kind, "name": name, "post": post, "since": since, "document": document}
    row = writing.add(ProjectLeader(project=project, **told), permission=_adding(permission))
    writing.change(project, permission=permission, **{kind.value: name})
    return row


def follow_leaders(writing: Door, before: Project, after: Project) -> None:
    """Where a form or a workbook put another name on the project, its history goes on from today."""
    today = timezone.localdate(writing.at)
    for kind in LeaderKind:
        old, new = getattr(before, kind.value), getattr(after, kind.value)
        if old == new:
            continue
        present = _present(after, kind) or (_unwritten(writing, before, kind, "change") if old else None)
        if present is not None:
            _leave(writing, present, today)
        if new:
            writing.add(ProjectLeader(project=after, kind=kind, name=new, since=today))


def _present(project: Project, kind: LeaderKind) -> ProjectLeader | None:
    rows = ProjectLeader.objects.current().present().select_related("project")
    return rows.filter(project=project, kind=kind).first()


def _unwritten(writing: Door, project: Project, kind: LeaderKind, permission: str) -> ProjectLeader | None:
    """Who stood on the project before anybody kept the days."""
    name = getattr(project, kind.value)
    row = ProjectLeader(project=project, kind=kind, name=name)
    return writing.add(row, permission=_adding(permission)) if name else None


def _adding(permission: str) -> str:
    """Who may change a project may add what changes it."""
    return "add" if permission == "change" else permission


def _leave(writing: Door, present: ProjectLeader, today: date) -> None:
    """Whose time had not yet begun, or began only today, was entered by mistake."""
    if present.since is not None and present.since >= today:
        writing.void(present, reason="当日更正")
    else:
        writing.change(present, until=today - timedelta(days=1))


def _end(writing: Door, present: ProjectLeader, name: str, post: str, since: date, permission: str) -> None:
    if (present.name, present.post) == (name, post):
        raise Refused({"name": f"{name}已经是{present.get_kind_display()}，不用更换。"})
    if present.since is not None and since <= present.since:
        begun = DateSpan.day(present.since).label
        raise Refused({"since": f"现任{present.name}自{begun}起，接任的日期要晚于这一天。"})
    writing.change(present, until=since - timedelta(days=1), permission=permission)
