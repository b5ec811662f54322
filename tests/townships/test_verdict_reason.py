"""A reviewer's note as one of several reasons in a sentence."""

import pytest

from core.records import Verdict
from townships.ledgers import verdict_reason


@pytest.mark.parametrize(
    ("verdict", "note", "said"),
    [
        (None, "", "未认定"),
        (Verdict.PENDING, "", "未认定"),
        (Verdict.REFUSED, "没有正式合同，不予认定。", "不予认定：没有正式合同，不予认定"),
        (Verdict.RETURNED, "凭证不清", "退回：凭证不清"),
    ],
)
def test_a_note_brings_no_full_stop_into_the_sentence(verdict, note, said):
    assert verdict_reason(verdict, note) == said
