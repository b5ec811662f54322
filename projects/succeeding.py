"""Of a unit that was split: its projects with what they count for, its shares in others' projects, its 固投项目."""

from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone

from core.locks import MonthLocks
from core.write import Door
from projects.models import InvestmentProject, Project, ProjectShare
from projects.models.projects import CreditScope
from projects.services import set_shares
from townships.succeeding import SUCCEED, Heir, Holding, holding_of


def _projects() -> QuerySet:
    return Project.objects.current().select_related("landing_unit", "responsible_unit")


def _shares() -> QuerySet:
    """In projects that somebody else is responsible for: one's own go with the project."""
    rows = ProjectShare.objects.current().lasting().select_related("project__responsible_unit", "unit")
    return rows.exclude(unit=F("project__responsible_unit"))


def _investments() -> QuerySet:
    return InvestmentProject.objects.current().select_related("unit", "contract")


def _stands(project: Project) -> str:
    return f"落户{project.landing_unit}"


def give_project(writing: Door, project: Project, heir: Heir) -> None:
    """From the first open month on its credit is the heir's. Where closed months count it, it stays written where it
    landed then."""
    values: dict[str, Any] = {"responsible_unit": heir.successor}
    closed = MonthLocks(project.county_id, timezone.localdate(writing.at)).against_change([project], {"landing_unit"})
    if project.landing_unit_id == heir.predecessor.pk and not closed:
        values["landing_unit"] = heir.successor
    given = writing.change(project, action=heir.act, permission=SUCCEED, **values)
    own = ProjectShare.objects.current().lasting().filter(project=project, unit=heir.predecessor)
    for share in own.select_related("project").order_by("pk"):
        share.project = given
        give_share(writing, share, heir)


def give_share(writing: Door, share: ProjectShare, heir: Heir) -> None:
    """The set to which it belongs, agreed anew with the heir in its place; what the heir had in it already is added."""
    rows = ProjectShare.objects.current().lasting().filter(project=share.project, scope=share.scope)
    parts: dict[Any, tuple[Any, int]] = {}
    for row in rows.select_related("unit").in_order():
        unit = heir.successor if row.unit_id == heir.predecessor.pk else row.unit
        role, percent = parts.get(unit, (row.role, 0))
        parts[unit] = role, percent + row.percent
    shares = [(unit, role, percent) for unit, (role, percent) in parts.items()]
    since, scope = max(heir.month, share.since), CreditScope(share.scope)
    set_shares(writing, project=share.project, shares=shares, scope=scope, since=since, document=share.document)


def give_investment(writing: Door, project: InvestmentProject, heir: Heir) -> None:
    writing.change(project, action=heir.act, permission=SUCCEED, unit=heir.successor)


for holding in (
    Holding("projects", "招商项目", "个", _projects, "responsible_unit", give_project, _stands, moves_credit=True),
    Holding(
        "shares",
        "在别的单位项目中的份额",
        "份",
        _shares,
        "unit",
        give_share,
        lambda share: f"{share.get_scope_display()}，{share.project.responsible_unit}",
        moves_credit=True,
    ),
    Holding("investments", "固投项目", "个", _investments, "unit", give_investment),
):
    holding_of(holding)
