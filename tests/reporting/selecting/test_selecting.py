"""A selection from 核对 to the pilots' terms: who is chosen, what is frozen, what the meeting decides."""

import json
from datetime import date, timedelta

import pytest

from core.write import Refused
from reporting.models import FrozenPart, PublishedScore
from reporting.publishing import steps
from reporting.publishing.kinds import content_of
from reporting.publishing.proof import broken_publications
from reporting.scoring.results import Outcome
from reporting.selecting import services
from reporting.selecting.publishing import APPLICATIONS, everybody_decided
from tests import factories as make
from tests.selections import AFTER, accepted, applied, called, draft_of, in_checking, on, published, scored
from townships.models import PilotTerm

pytestmark = pytest.mark.django_db
CHOSEN, NOT, UNDECIDED = Outcome.CHOSEN, Outcome.NOT_CHOSEN, Outcome.UNDECIDED


@pytest.fixture
def selection(county):
    return called(county)


@pytest.fixture
def third(county):
    return make.new_township(county)


@pytest.fixture
def contested(selection, township, neighbour, third):
    """Two for one place as 中心镇, 80 and 70 points; one for one place as 特色镇, 60 points."""
    accepted(selection, township)
    accepted(selection, neighbour, type="rising")
    accepted(selection, third, category="special")
    scored(selection, {township: 80, neighbour: 70, third: 60})
    return selection


@pytest.fixture
def tied(selection, township, neighbour):
    accepted(selection, township)
    accepted(selection, neighbour)
    scored(selection, {township: 80, neighbour: 80})
    return selection


def outcomes(selection):
    return {result.unit: result.outcome for result in draft_of(selection).results.units}


def decided(selection, unit, chosen, because="会议按产业基础决定"):
    application = services.own_application(selection, unit)
    with make.writing_as(selection.county, at=AFTER) as writing:
        return services.decide(
            writing, application=application, draft=draft_of(selection), chosen=chosen, because=because
        )


def granted(publication):
    with make.writing_as(publication.county) as writing:
        return services.grant_terms(
            writing, publication=publication, draft=content_of(publication), document="县府发〔2024〕20号"
        )


# -- before 核对 -------------------------------------------------------------------------------------


def test_the_first_of_each_category_is_chosen(contested, township, neighbour, third):
    assert outcomes(contested) == {township.name: CHOSEN, neighbour.name: NOT, third.name: CHOSEN}


def test_checking_begins_after_the_deadline(contested):
    with pytest.raises(Refused, match="申报到2024年7月15日截止"):
        in_checking(contested, at=on(contested.apply_until))
    assert in_checking(contested, at=on(contested.apply_until + timedelta(days=1))).is_selection


def test_checking_waits_for_every_examination(contested, county):
    late = make.new_township(county)
    applied(contested, late)
    with pytest.raises(Refused, match=f"{late}的申报还没有审查"):
        in_checking(contested)


def test_checking_waits_for_the_experts(selection, township):
    accepted(selection, township)
    with pytest.raises(Refused, match=f"{township}还没有总分"):
        in_checking(selection)


def test_checking_needs_somebody_who_takes_part(selection):
    with pytest.raises(Refused, match="没有受理的申报"):
        in_checking(selection)


def test_a_selection_is_never_provisional(contested):
    with pytest.raises(Refused, match="暂定"):
        in_checking(contested, provisional=True)


# -- published ---------------------------------------------------------------------------------------


def test_a_selection_is_announced_before_it_is_published(contested):
    row = in_checking(contested)
    later = AFTER + timedelta(days=9)
    with make.writing_as(contested.county, at=later) as writing, pytest.raises(Refused, match="遴选要公示"):
        steps.approve(writing, publication=row, draft=draft_of(contested), meeting="会议", approved_on=make.TODAY)


def test_what_was_published_is_frozen_and_proved(contested, township):
    row = published(contested)
    assert row.kind == "selection"
    assert not list(broken_publications(contested.county_id))
    content = content_of(row)
    assert next(result for result in content.results.units if result.unit == township.name).outcome == CHOSEN
    frozen = json.loads(row.parts.get(name=APPLICATIONS).text)
    assert frozen["selection"]["name"] == "2025年试点乡镇遴选"
    assert [one["unit"] for one in frozen["applications"] if one["category"] == "special"] != []
    assert not PublishedScore.objects.exists()


def test_an_edited_outcome_is_found(contested, township):
    row = published(contested)
    part = row.parts.get(name="结果")
    FrozenPart.objects.filter(pk=part.pk).update(text=part.text.replace('"chosen"', '"not_chosen"'))
    assert any("冻结的“结果”已被改动" in sentence for sentence in broken_publications(contested.county_id))


# -- the meeting -------------------------------------------------------------------------------------


def test_equals_across_the_last_place_wait_for_the_meeting(tied, township, neighbour):
    row = in_checking(tied)
    assert outcomes(tied) == {township.name: UNDECIDED, neighbour.name: UNDECIDED}
    decided(tied, township, True)
    decided(tied, neighbour, False)
    assert outcomes(tied) == {township.name: CHOSEN, neighbour.name: NOT}
    assert row.stage == "checking"


def test_nothing_is_published_while_the_meeting_has_not_decided(tied, township, neighbour):
    with pytest.raises(Refused, match="并列，名额不够"):
        published(tied)


def test_a_meeting_does_not_choose_more_than_there_are_places(tied, township, neighbour):
    in_checking(tied)
    for unit in (township, neighbour):
        decided(tied, unit, True)
    with pytest.raises(Refused, match="中心镇名额1个，会议决定后入选2个"):
        everybody_decided(draft_of(tied))


def test_the_meeting_decides_nothing_that_the_ranks_decide(contested, neighbour):
    in_checking(contested)
    with pytest.raises(Refused, match="不用会议决定"):
        decided(contested, neighbour, True)


def test_the_meeting_says_why_and_only_while_it_is_checked(tied, township):
    with pytest.raises(Refused, match="核对期内"):
        decided(tied, township, True)
    in_checking(tied)
    with pytest.raises(Refused, match="理由"):
        decided(tied, township, True, because=" ")


# -- the pilots' terms -------------------------------------------------------------------------------


def test_the_chosen_become_pilots_by_category_and_track(contested, township, third):
    terms = granted(published(contested))
    assert {(term.unit, term.category, term.type) for term in terms} == {
        (township, "central", "leading"),
        (third, "special", "leading"),
    }
    first = terms[0]
    assert (first.first_day, first.last_day) == (date(2025, 1, 1), date(2025, 12, 31))
    assert first.document == "县府发〔2024〕20号"


def test_granting_twice_gives_nothing_twice(contested):
    row = published(contested)
    assert len(granted(row)) == 2
    assert granted(row) == []


def test_a_term_that_overlaps_names_the_township_and_nothing_is_given(contested, third):
    with make.writing_as(contested.county) as writing:
        writing.add(PilotTerm(unit=third, category="special", type="rising", first_day=date(2024, 1, 1)))
    with pytest.raises(Refused, match=f"{third}：与这个乡镇已有的试点期重叠"):
        granted(published(contested))
    assert PilotTerm.objects.count() == 1


def test_nothing_is_granted_before_it_is_published(contested):
    row = in_checking(contested)
    with pytest.raises(Refused, match="发布以后"):
        granted(row)
