"""What of the problems waits for whom."""

from townships.models import OWN_UNIT, WHOLE_COUNTY, Duty, Role
from townships.problems.models import Light
from townships.problems.steps import Stage
from townships.waiting import Kind

ENTRY, REVIEW, EITHER = frozenset({Duty.ENTRY}), frozenset({Duty.REVIEW}), frozenset({Duty.ENTRY, Duty.REVIEW})
OFFICE = frozenset({Role.COUNTY})
HANDLING = {"stage": Stage.HANDLING}
KINDS = (
    Kind("逾期", OWN_UNIT, ENTRY, {**HANDLING, "light": Light.RED}, "responsible", "tag tag-overdue"),
    Kind("临期", OWN_UNIT, ENTRY, {**HANDLING, "light": Light.YELLOW}, "responsible", "tag tag-due"),
    Kind("在期限内", OWN_UNIT, ENTRY, {**HANDLING, "light": Light.GREEN}, "responsible", "tag tag-normal"),
    Kind("验收退回", OWN_UNIT, ENTRY, {**HANDLING, "returned": "True"}, "responsible", "tag tag-returned"),
    Kind("待本单位验收", OWN_UNIT, EITHER, {"stage": Stage.APPLIED}, "raised_unit"),
    Kind("待交办", OFFICE, ENTRY, {"stage": Stage.RAISED}),
    Kind("待验收", OFFICE, REVIEW, {"stage": Stage.APPLIED}),
    Kind("逾期", WHOLE_COUNTY, frozenset(), {"light": Light.RED}, "", "tag tag-overdue"),
)
