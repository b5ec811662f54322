"""Who may do what with a problem at which stage, and where it stands then: one table, no ladder."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices


class Stage(TextChoices):
    RAISED = "raised", "待交办"
    HANDLING = "handling", "办理中"
    APPLIED = "applied", "待验收"
    CLOSED = "closed", "已销号"


class Act(TextChoices):
    ASSIGN = "assign", "交办"
    REPLY = "reply", "填报办理情况"
    APPLY = "apply", "申请销号"
    ACCEPT = "accept", "同意销号"
    RETURN = "return", "退回"
    REASSIGN = "reassign", "改派"
    EXTEND = "extend", "延期"
    REOPEN = "reopen", "重新办理"


class Part(TextChoices):
    """How a seat stands to a problem."""

    OFFICE = "office", "县招商办"
    RESPONSIBLE = "responsible", "责任单位"
    COOPERATING = "cooperating", "配合单位"
    RAISER = "raiser", "提出单位"


ENTRY, REVIEW = frozenset({"entry"}), frozenset({"review"})


@dataclass(frozen=True)
class Rule:
    """`who`: part → the duties of which it takes one."""

    at: Stage
    leads_to: Stage
    who: Mapping[Part, frozenset[str]]


RULES: dict[Act, Rule] = {
    Act.ASSIGN: Rule(Stage.RAISED, Stage.HANDLING, {Part.OFFICE: ENTRY}),
    # The office enters for a department that works on paper; whoever entered it can't accept it.
    Act.REPLY: Rule(
        Stage.HANDLING, Stage.HANDLING, {Part.RESPONSIBLE: ENTRY, Part.COOPERATING: ENTRY, Part.OFFICE: ENTRY}
    ),
    Act.APPLY: Rule(Stage.HANDLING, Stage.APPLIED, {Part.RESPONSIBLE: ENTRY, Part.OFFICE: ENTRY}),
    Act.ACCEPT: Rule(Stage.APPLIED, Stage.CLOSED, {Part.OFFICE: REVIEW, Part.RAISER: ENTRY | REVIEW}),
    Act.RETURN: Rule(Stage.APPLIED, Stage.HANDLING, {Part.OFFICE: REVIEW, Part.RAISER: ENTRY | REVIEW}),
    Act.REASSIGN: Rule(Stage.HANDLING, Stage.HANDLING, {Part.OFFICE: ENTRY}),
    Act.EXTEND: Rule(Stage.HANDLING, Stage.HANDLING, {Part.OFFICE: REVIEW}),
    Act.REOPEN: Rule(Stage.CLOSED, Stage.HANDLING, {Part.OFFICE: REVIEW}),
}


def permission(act: Act) -> str:
    """What the door asks of a seat before that act."""
    return f"problem-{act}"


ACT_OF = {permission(act): act for act in Act}
