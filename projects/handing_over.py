"""Of projects: whom they name as their leader in the office or in the township."""

from datetime import date

from django.db.models import Q

from core.models import User
from projects.leading import assign_leader
from projects.models import Project
from projects.models.leaders import LeaderKind
from townships.handing_over import GIVE, Handing, Source, Thing, source_of


def _led(person: User, county_id: int, day: date) -> list[Thing]:
    named = Q(county_leader=person.full_name) | Q(township_leader=person.full_name)
    rows = Project.objects.current().in_county(county_id).filter(named).select_related("landing_unit").order_by("code")
    return [Thing(f"{project}（{project.code}）", _parts(project, person), project) for project in rows]


def _parts(project: Project, person: User) -> str:
    kinds = [kind for kind in LeaderKind if getattr(project, kind.value) == person.full_name]
    return "、".join(str(kind.label) for kind in kinds)


def _give(handing: Handing, thing: Thing) -> None:
    """As any change of leader: the old one's time ends with the day before."""
    project: Project = thing.record
    for kind in (kind for kind in LeaderKind if getattr(project, kind.value) == handing.giver.full_name):
        told = {"name": handing.receiver.full_name, "since": handing.on, "permission": GIVE}
        assign_leader(handing.writing, project=project, kind=kind, **told)


source_of(Source("联系和分管的项目", _led, _give))
