"""Of projects: whom they name as their leader in the office or in the township."""

from datetime import date

from django.db.models import Q

from core.models import User
from projects.models import Project
from townships.handing_over import GIVE, Handing, Source, Thing, source_of

LEADERS = ("county_leader", "township_leader")


def _led(person: User, county_id: int, day: date) -> list[Thing]:
    named = Q(county_leader=person.full_name) | Q(township_leader=person.full_name)
    rows = Project.objects.current().in_county(county_id).filter(named).select_related("landing_unit").order_by("code")
    return [Thing(f"{project}（{project.code}）", _parts(project, person), project) for project in rows]


def _parts(project: Project, person: User) -> str:
    names = [name for name in LEADERS if getattr(project, name) == person.full_name]
    return "、".join(str(Project._meta.get_field(name).verbose_name) for name in names)


def _give(handing: Handing, thing: Thing) -> None:
    project: Project = thing.record
    named = [name for name in LEADERS if getattr(project, name) == handing.giver.full_name]
    values = dict.fromkeys(named, handing.receiver.full_name)
    handing.writing.change(project, action="移交", permission=GIVE, **values)


source_of(Source("联系和分管的项目", _led, _give))
