"""Who may do what with a question at which stage: one table."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices

from townships.models import Duty


class Stage(TextChoices):
    OPEN = "open", "待交办"
    ASKED = "asked", "待答复"
    ANSWERED = "answered", "待核结"
    CLOSED = "closed", "已核结"


class Act(TextChoices):
    ASSIGN = "assign", "交办"
    ANSWER = "answer", "答复"
    RETURN = "return", "退回"
    CLOSE = "close", "核结"


class Outcome(TextChoices):
    """What the answer showed; whichever it is, no figure is changed by it."""

    TRUE = "true", "属实"
    MENDED = "mended", "已更正"
    FALSE = "false", "误报"


class Part(TextChoices):
    OFFICE = "office", "县招商办"
    RESPONSIBLE = "responsible", "答复单位"


ENTRY, REVIEW = frozenset({Duty.ENTRY}), frozenset({Duty.REVIEW})


@dataclass(frozen=True)
class Rule:
    """`who`: part → the duties of which it takes one."""

    at: tuple[Stage, ...]
    leads_to: Stage
    who: Mapping[Part, frozenset[str]]


RULES: dict[Act, Rule] = {
    Act.ASSIGN: Rule((Stage.OPEN, Stage.ASKED), Stage.ASKED, {Part.OFFICE: ENTRY}),
    # The office answers for a unit that works on paper; whoever answered can't close it.
    Act.ANSWER: Rule((Stage.OPEN, Stage.ASKED), Stage.ANSWERED, {Part.OFFICE: ENTRY, Part.RESPONSIBLE: ENTRY}),
    Act.RETURN: Rule((Stage.ANSWERED,), Stage.ASKED, {Part.OFFICE: REVIEW}),
    Act.CLOSE: Rule((Stage.ANSWERED,), Stage.CLOSED, {Part.OFFICE: REVIEW}),
}
ASK = "coherence-ask"
"""The act by which questions come, and by which revised figures settle them."""


def permission(act: Act) -> str:
    """What the door asks of a seat before that act."""
    return f"coherence-{act}"


ACT_OF = {permission(act): act for act in Act}
