"""The stages of a project as one line."""

from datetime import date
from types import SimpleNamespace

from core.dates import DateSpan
from projects.stage_line import stage_line


def row(step, verdict="pending", day=date(2024, 3, 5)):
    return SimpleNamespace(
        step=step, verdict=verdict, happened=DateSpan.day(day), verified_by=None, verified_as="王（审核）"
    )


def states(marks):
    return {mark.label: mark.state for mark in marks if mark.state}


def test_claimed_and_verified_stages_differ():
    marks = stage_line([row("landing", "accepted"), row("start")], None)
    assert states(marks) == {"落地": "verified", "开工": "claimed"}


def test_the_agreement_stands_for_the_signing():
    assert states(stage_line([], row("", "accepted"))) == {"签约": "verified"}


def test_an_accepted_row_speaks_before_a_later_one_that_was_returned():
    marks = stage_line([row("start", "accepted"), row("start", "returned", date(2024, 4, 1))], None)
    assert states(marks) == {"开工": "verified"}


def test_the_line_is_drawn_through_up_to_the_last_stage():
    marks = stage_line([row("landing"), row("start")], row("", "accepted"))
    assert [mark.label for mark in marks if mark.reached] == ["线索", "在谈", "签约", "落地", "审批"]


def test_a_change_of_status_is_no_stage():
    assert states(stage_line([row("halted")], None)) == {}
