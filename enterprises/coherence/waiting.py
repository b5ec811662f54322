"""What of the questions waits for whom."""

from enterprises.coherence.steps import Stage
from townships.models import OWN_UNIT, WHOLE_COUNTY, Duty, Role
from townships.problems.models import Light
from townships.waiting import Kind

ENTRY, REVIEW = frozenset({Duty.ENTRY}), frozenset({Duty.REVIEW})
OFFICE = frozenset({Role.COUNTY})
ASKED = {"stage": Stage.ASKED}
KINDS = (
    Kind("逾期未答复", OWN_UNIT, ENTRY, {**ASKED, "light": Light.RED}, "responsible", "tag tag-overdue"),
    Kind("临期", OWN_UNIT, ENTRY, {**ASKED, "light": Light.YELLOW}, "responsible", "tag tag-due"),
    Kind("在期限内", OWN_UNIT, ENTRY, {**ASKED, "light": Light.GREEN}, "responsible", "tag tag-normal"),
    Kind("待交办", OFFICE, ENTRY, {"stage": Stage.OPEN}),
    Kind("待核结", OFFICE, REVIEW, {"stage": Stage.ANSWERED}),
    Kind("逾期未答复", WHOLE_COUNTY, frozenset(), {"light": Light.RED}, "", "tag tag-overdue"),
)
