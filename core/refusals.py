"""How the door says no: in a sentence for the person who asked."""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError

from core.violations import broken_rule

CHANGED_MEANWHILE = "您编辑期间别人已修改了这条记录，您填的内容还在下面，请核对最新内容后再保存。"


class Refused(ValidationError):
    """The door says no, with a sentence for the person who asked."""


class Stale(Refused):
    """Somebody else changed the row meanwhile."""


class SentTwice(Refused):
    """The same form came in a second time; the first one was saved."""


def in_words(error: IntegrityError) -> Refused:
    """The database refused: say which rule it was, in that rule's own sentence."""
    if rule := broken_rule(error):
        return Refused({NON_FIELD_ERRORS: str(rule.get_violation_error_message())})
    return Refused("保存没有成功：与已有记录重复或相互矛盾，请核对后再试。")
