"""单位沿革 of the demo: a department that is split this month, of which something still waits to be given over."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.utils import timezone

from core.models import User
from core.write import door
from townships.models import County, Duty, Role, Seat, Unit, UnitKind
from townships.models.succession import SuccessionKind
from townships.problems.services import raise_problem
from townships.services import add_unit, give_seat, system_of
from townships.succeeding import HOLDINGS
from townships.succession import Given, give_over, left_by, succeed

DIVIDED, HEIRS = "县经信商务和科技局", ("县商务局", "县科学技术局")
DOCUMENT = "演示委编〔2026〕5号"
STAFF = ("演示商务专员", "演示科技专员", "演示外贸专员")
PROBLEMS = (
    ("外贸企业出口退税进度慢", "企业反映出口退税到账慢，资金周转困难。"),
    ("科技创新平台建设资金未到位", "平台建设资金尚未拨付，设备采购停滞。"),
)


def fill_succession(county: County, seats: Mapping[tuple[str, str | None], Seat]) -> None:
    today = timezone.localdate()
    on = today.replace(day=1)
    office = seats["county", None]
    _before(county, office, on - timedelta(days=20))
    with door(office, at=timezone.now(), reason=DOCUMENT) as writing:
        divided = Unit.objects.current().in_county(county.pk).get(name=DIVIDED)
        new = {"kind": UnitKind.DEPARTMENT, "valid_from": on - timedelta(days=1)}
        heirs = [add_unit(writing, name=name, position=110 + place, **new) for place, name in enumerate(HEIRS)]
        for heir in heirs:
            told = {"kind": SuccessionKind.SPLIT, "on": on, "document": DOCUMENT}
            succeed(writing, predecessor=divided, successor=heir, **told)
        first = {holding.key: rows for holding, rows in left_by(divided)}["seats"][0]
        give_over(writing, unit=divided, given=[Given(HOLDINGS["seats"], first, heirs[0])])


def _before(county: County, office: Seat, day: date) -> None:
    """The department at work: its people, and what it was given to solve."""
    at = timezone.make_aware(datetime(day.year, day.month, day.day, 10))
    with door(system_of(county), at=at) as writing:
        unit = add_unit(writing, name=DIVIDED, kind=UnitKind.DEPARTMENT, position=109)
        for number, name in enumerate(STAFF, 1):
            user = User(username=f"bureau{number}", full_name=name)
            user.set_unusable_password()
            writing.keep(user, action="开设账号")
            give_seat(writing, user=user, role=Role.DEPARTMENT, duties=[Duty.ENTRY], unit=unit)
    with door(office, at=at) as writing:
        for title, words in PROBLEMS:
            given = {"responsible": unit, "deadline": day + timedelta(days=60)}
            told = {"title": title, "description": words, "source": "meeting", "raised_on": day}
            raise_problem(writing, assignment=given, **told)
