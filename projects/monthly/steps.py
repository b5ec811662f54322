"""Who may do what with a monthly report at which stage, and where it stands then: one table, no ladder."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices


class Stage(TextChoices):
    FILLING = "filling", "填报中"
    SIGNING = "signing", "待审核"
    ACCEPTING = "accepting", "待受理"
    ACCEPTED = "accepted", "已受理"
    RETURNED = "returned", "退回修改"


class Act(TextChoices):
    OPEN = "open", "布置"
    FILL = "fill", "填报"
    NOTHING = "nothing", "零报告"
    SUBMIT = "submit", "提交审核"
    RECALL = "recall", "撤回"
    SIGN = "sign", "审核同意"
    PAPER = "paper", "代签"
    REFUSE = "refuse", "退回经办"
    ACCEPT = "accept", "受理"
    RETURN = "return", "退回乡镇"
    REDATE = "redate", "调整期限"
    DROP = "drop", "不用报"


class Part(TextChoices):
    """How a seat stands to a report."""

    OFFICE = "office", "县招商办"
    UNIT = "unit", "填报单位"


ENTRY, REVIEW = frozenset({"entry"}), frozenset({"review"})
WORKING = frozenset({Stage.FILLING, Stage.RETURNED})
OPEN_STAGES = WORKING | {Stage.SIGNING}
"""What has not gone up to the county."""


@dataclass(frozen=True)
class Rule:
    """`who`: part → the duties of which it takes one; `leads_to` None: the report stays where it is."""

    at: frozenset[Stage]
    leads_to: Stage | None
    who: Mapping[Part, frozenset[str]]


RULES: dict[Act, Rule] = {
    Act.OPEN: Rule(frozenset({Stage.FILLING}), None, {Part.UNIT: ENTRY, Part.OFFICE: ENTRY}),
    # 代录: the office enters for a unit that sent its workbook in; whoever submits neither signs nor accepts.
    Act.FILL: Rule(WORKING, None, {Part.UNIT: ENTRY, Part.OFFICE: ENTRY}),
    Act.NOTHING: Rule(WORKING, Stage.SIGNING, {Part.UNIT: ENTRY, Part.OFFICE: ENTRY}),
    Act.SUBMIT: Rule(WORKING, Stage.SIGNING, {Part.UNIT: ENTRY, Part.OFFICE: ENTRY}),
    Act.RECALL: Rule(frozenset({Stage.SIGNING}), Stage.FILLING, {Part.UNIT: ENTRY, Part.OFFICE: ENTRY}),
    Act.SIGN: Rule(frozenset({Stage.SIGNING}), Stage.ACCEPTING, {Part.UNIT: REVIEW}),
    # An officer without an account signs the printed form; its scan is the evidence.
    Act.PAPER: Rule(frozenset({Stage.SIGNING}), Stage.ACCEPTING, {Part.UNIT: ENTRY, Part.OFFICE: ENTRY}),
    Act.REFUSE: Rule(frozenset({Stage.SIGNING}), Stage.RETURNED, {Part.UNIT: REVIEW}),
    Act.ACCEPT: Rule(frozenset({Stage.ACCEPTING}), Stage.ACCEPTED, {Part.OFFICE: REVIEW}),
    Act.RETURN: Rule(frozenset({Stage.ACCEPTING, Stage.ACCEPTED}), Stage.RETURNED, {Part.OFFICE: REVIEW}),
    Act.REDATE: Rule(OPEN_STAGES, None, {Part.OFFICE: ENTRY}),
    Act.DROP: Rule(frozenset({Stage.FILLING}), None, {Part.OFFICE: ENTRY}),
}
IN_WORDS = (Act.REFUSE, Act.RETURN, Act.DROP)
"""Acts that nobody understands without a reason."""
BY_ANOTHER = (Act.SIGN, Act.REFUSE, Act.ACCEPT, Act.RETURN)
"""Acts that judge what was submitted: never for whoever submitted it."""
ON_A_PAGE = (
    Act.SUBMIT,
    Act.NOTHING,
    Act.SIGN,
    Act.PAPER,
    Act.REFUSE,
    Act.RECALL,
    Act.ACCEPT,
    Act.RETURN,
    Act.DROP,
)
"""Acts that have a page of their own."""


def permission(act: Act) -> str:
    """What the door asks of a seat before that act."""
    return f"report-{act}"


ACT_OF = {permission(act): act for act in Act}
