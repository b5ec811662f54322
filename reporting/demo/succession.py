"""单位沿革 of the demo: a department that is split this month, of which something still waits to be given over."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.utils import timezone

from core.write import door
from townships.models import Seat, Unit, UnitKind
from townships.models.succession import SuccessionKind
from townships.problems.services import raise_problem
from townships.services import add_unit
from townships.succeeding import HOLDINGS
from townships.succession import Given, give_over, succeed

DIVIDED, HEIRS = "县经信商务和科技局", ("县商务局", "县科学技术局")
DOCUMENT = "演示委编〔2026〕5号"
PROBLEMS = (
    ("外贸企业出口退税进度慢", "企业反映出口退税到账慢，资金周转困难。"),
    ("科技创新平台建设资金未到位", "平台建设资金尚未拨付，设备采购停滞。"),
    ("成品油零售网点规划待修编", "两处加油站点位与现行规划不符，手续无法办理。"),
)


def fill_succession(seats: Mapping[tuple[str, str | None], Seat]) -> None:
    on, office = timezone.localdate().replace(day=1), seats["county", None]
    divided = _before(office, on - timedelta(days=20))
    with door(office, at=timezone.now(), reason=DOCUMENT) as writing:
        new = {"kind": UnitKind.DEPARTMENT, "valid_from": on - timedelta(days=1)}
        heirs = [add_unit(writing, name=name, position=110 + place, **new) for place, name in enumerate(HEIRS)]
        for heir in heirs:
            told = {"kind": SuccessionKind.SPLIT, "on": on, "document": DOCUMENT}
            succeed(writing, predecessor=divided, successor=heir, **told)
        holding = HOLDINGS["problems"]
        give_over(writing, unit=divided, given=[Given(holding, holding.of(divided)[0], heirs[0])])


def _before(office: Seat, day: date) -> Unit:
    """The department at work, with what it was given to solve."""
    at = timezone.make_aware(datetime(day.year, day.month, day.day, 10))
    with door(office, at=at) as writing:
        unit = add_unit(writing, name=DIVIDED, kind=UnitKind.DEPARTMENT, position=109)
        for title, words in PROBLEMS:
            given = {"responsible": unit, "deadline": day + timedelta(days=60)}
            told = {"title": title, "description": words, "source": "meeting", "raised_on": day}
            raise_problem(writing, assignment=given, **told)
    return unit
