"""Suppositions: changed values in, a changed ranking out; and nothing of it remains."""

from datetime import date
from decimal import Decimal

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.actors import SystemActor
from core.closing import close_month
from core.dates import DateSpan
from core.periods import Period
from core.rehearsal import rehearsal
from core.write import Refused
from projects.lifecycle import Step
from projects.models import Milestone
from projects.supposing import suppose_reached
from reporting.ranking import draft_ranking
from reporting.scheme_editing.services import change_rules, copy_scheme
from reporting.scoring.engine import score
from reporting.scoring.inputs import load_inputs
from reporting.scoring.scheme import load_scheme
from reporting.supposing import drafts
from reporting.supposing.changes import Changes, changed_inputs, changed_rules
from reporting.supposing.drafts import Supposition, suppose
from tests import factories as make
from tests.reporting.contest import SCHEME

QUARTER = Period.parse("2024Q2")
DAY = date(2024, 6, 20)
STARTS = {"name": "开工", "family": "项目建设", "points": 20, "formula": "MIN(新开工项目数/2, 1)*满分"}

RULES = load_scheme(
    {
        "name": "甲乙",
        "year": 2024,
        "period": "quarter",
        "indicators": [
            {"name": "资金", "points": 60, "formula": "MIN(资金/时序目标(资金), 1)*满分"},
            {"name": "签约", "points": 40, "formula": "MIN(签约/4, 1)*满分", "groups": ["一组"]},
            {"name": "签约", "points": 40, "formula": "MIN(签约/8, 1)*满分", "groups": ["二组"]},
        ],
    }
)
INPUTS = load_inputs(
    {
        "period": "2024Q2",
        "units": [
            {"name": "甲", "group": "一组", "actual": {"资金": 50, "签约": 1}, "target": {"资金": 100}},
            {"name": "乙", "group": "一组", "actual": {"资金": 20, "签约": 4}, "target": {"资金": 100}},
            {"name": "丙", "group": "二组", "actual": {"资金": 10, "签约": 4}, "target": {}},
        ],
    }
)
WHOLE_YEAR = {"资金": "none"}
CHANGES = [
    (Changes(), {"甲": "70.00", "乙": "64.00", "丙": "50.00"}),
    (Changes(points={("资金", None): Decimal(30)}), {"甲": "40.00", "乙": "52.00", "丙": "35.00"}),
    (Changes(points={("签约", ("二组",)): Decimal(80)}), {"甲": "70.00", "乙": "64.00", "丙": "70.00"}),
    (Changes(points={("别的", None): Decimal(80)}), {"甲": "70.00", "乙": "64.00", "丙": "50.00"}),
    (Changes(targets={("乙", "资金"): Decimal(40)}), {"甲": "70.00", "乙": "100.00", "丙": "50.00"}),
    (Changes(targets={("丙", "资金"): Decimal(40)}), {"甲": "70.00", "乙": "64.00", "丙": "50.00"}),
    (Changes(targets={("丙", "资金"): Decimal(20)}, spreads=WHOLE_YEAR), {"甲": "40.00", "乙": "52.00", "丙": "50.00"}),
    (Changes(left_out=frozenset({"甲"})), {"乙": "64.00", "丙": "50.00"}),
    (Changes(left_out=frozenset({"甲", "乙", "丙"})), {}),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "totals"), CHANGES)
def test_changes_make_the_totals_of_changed_rules_and_figures(changes, totals):
    results = score(changed_rules(RULES, changes), changed_inputs(INPUTS, changes))
    assert {unit.unit: f"{unit.total:.2f}" for unit in results.units} == totals


def test_without_any_points_nobody_has_a_total_or_everybody_none():
    changes = Changes(points={(i.name, i.groups): Decimal(0) for i in RULES.indicators})
    totals = {unit.unit: unit.total for unit in score(changed_rules(RULES, changes), INPUTS).units}
    assert (totals["甲"], totals["乙"]) == (0, 0)


# -- through the door and back ------------------------------------------------------------------------


@pytest.fixture
def starts(contest, county):
    """The contest, in which starts count as well."""
    body = {**contest.body, "indicators": [*contest.body["indicators"], STARTS]}
    with make.writing_as(county) as writing:
        change_rules(writing, scheme=contest, body=body)
    return make.fresh(contest)


@pytest.fixture
def waiting(township):
    """Two projects of 芦溪镇 that have not started."""
    return [make.new_project(township, signed=DateSpan.day(date(2024, 4, 2))) for _ in range(2)]


def everything():
    """Each table's rows, whole: what a supposition must leave as it was."""
    return {
        model._meta.label: sorted(map(repr, model._base_manager.values_list()))
        for model in apps.get_models(include_auto_created=True)
    }


def supposing(scheme, projects, **more):
    return Supposition(scheme, Changes(), tuple(projects), **{"step": Step.START, "day": DAY, **more})


def totals(draft):
    return {unit.unit: unit.total for unit in draft.results.units}


def test_projects_that_start_move_the_ranking_and_nothing_remains(starts, waiting):
    now, before = draft_ranking(starts, QUARTER), everything()
    supposed = suppose(now, supposing(starts, waiting), at=make.NOW)
    assert totals(supposed.draft)["芦溪镇"] == totals(now)["芦溪镇"] + 20
    assert totals(supposed.draft)["塔山镇"] == totals(now)["塔山镇"]
    assert [row.late for row in supposed.reached] == [False, False]
    assert everything() == before
    assert draft_ranking(starts, QUARTER).results == now.results


def test_what_is_supposed_is_what_the_truth_would_be(starts, waiting):
    supposed = suppose(draft_ranking(starts, QUARTER), supposing(starts, waiting), at=make.NOW).draft
    for project in waiting:
        make.judge(make.new_milestone(project, Step.START, DateSpan.day(DAY)))
    assert draft_ranking(starts, QUARTER).results == supposed.results


def test_nothing_remains_when_the_computing_fails(starts, waiting, monkeypatch):
    now, before = draft_ranking(starts, QUARTER), everything()
    seen = []

    def breaks(*arguments):
        seen.append(Milestone.objects.count())
        raise ZeroDivisionError

    monkeypatch.setattr(drafts, "draft_ranking", breaks)
    with pytest.raises(ZeroDivisionError):
        suppose(now, supposing(starts, waiting), at=make.NOW)
    assert seen == [2]
    assert everything() == before


@pytest.mark.django_db(transaction=True)
def test_nothing_remains_where_no_transaction_was_open(transactional_db):
    """As on a real request: the rehearsal's own transaction is the outermost one."""
    county = make.new_county()
    project = make.new_project(make.new_township(county))
    before = everything()
    with rehearsal(SystemActor(county.pk), at=make.NOW) as writing:
        suppose_reached(writing, [project], step=Step.START, day=DAY, today=make.TODAY)
        assert Milestone.objects.count() == 1
    assert everything() == before
    with pytest.raises(ZeroDivisionError):
        _fail_half_way(project)
    assert everything() == before
    assert make.new_milestone(project).code == "JD2024-00001"  # the code that was supposed was not used up


def _fail_half_way(project):
    with rehearsal(SystemActor(project.county_id), at=make.NOW) as writing:
        suppose_reached(writing, [project], step=Step.START, day=DAY, today=make.TODAY)
        raise ZeroDivisionError


def test_a_start_that_waits_moves_to_the_day_and_counts_once(starts, waiting):
    make.new_milestone(waiting[0], Step.START, DateSpan.day(date(2024, 6, 28)))
    now, before = draft_ranking(starts, QUARTER), everything()
    supposed = suppose(now, supposing(starts, waiting[:1]), at=make.NOW).draft
    assert totals(supposed)["芦溪镇"] == totals(now)["芦溪镇"] + 10
    assert everything() == before


@pytest.mark.parametrize(("happened", "refused"), [(DAY, True), (date(2024, 6, 19), True), (date(2024, 6, 21), False)])
def test_a_start_that_is_accepted_is_not_supposed_again(happened, refused, starts, waiting):
    make.judge(make.new_milestone(waiting[0], Step.START, DateSpan.day(happened)))
    now, before = draft_ranking(starts, QUARTER), everything()
    if refused:
        with pytest.raises(Refused) as told:
            suppose(now, supposing(starts, waiting), at=make.NOW)
        assert list(told.value.message_dict) == [waiting[0].code]
    else:
        assert suppose(now, supposing(starts, waiting), at=make.NOW).draft
    assert everything() == before


def close(county, *months):
    with make.writing_as(county) as writing:
        for month in months:
            close_month(writing, ledger="milestones", month=month)


def test_a_closed_month_counts_later_as_it_would_in_truth(starts, waiting, county):
    close(county, date(2024, 6, 1))
    now = draft_ranking(starts, QUARTER)
    supposed = suppose(now, supposing(starts, waiting), at=make.NOW)
    assert [(row.counted, row.late) for row in supposed.reached] == [(date(2024, 7, 31), True)] * 2
    assert totals(supposed.draft) == totals(now)


def test_a_closed_month_within_the_period_still_counts_in_it(starts, waiting, county):
    close(county, date(2024, 5, 1))
    now = draft_ranking(starts, QUARTER)
    supposed = suppose(now, supposing(starts, waiting, day=date(2024, 5, 9)), at=make.NOW)
    assert [(row.counted, row.late) for row in supposed.reached] == [(date(2024, 6, 30), True)] * 2
    assert totals(supposed.draft)["芦溪镇"] == totals(now)["芦溪镇"] + 20


def test_what_stands_in_a_closed_month_is_refused_in_words(starts, waiting, county):
    make.new_milestone(waiting[0], Step.START, DateSpan.day(date(2024, 6, 28)))
    close(county, date(2024, 6, 1))
    before = everything()
    with pytest.raises(ValidationError, match="已经关账"):
        suppose(draft_ranking(starts, QUARTER), supposing(starts, waiting), at=make.NOW)
    assert everything() == before


def test_another_version_ranks_by_its_own_rules_without_what_nobody_gives(starts, county):
    with make.writing_as(county) as writing:
        draft = copy_scheme(writing, scheme=starts, name=starts.name, year=starts.year)
        unknown = {"name": "没有的", "points": 5, "formula": "没有的指标*满分"}
        body = {**SCHEME, "indicators": [SCHEME["indicators"][0], unknown]}
        change_rules(writing, scheme=draft, body=body)
    now = draft_ranking(starts, QUARTER)
    supposed = suppose(now, Supposition(make.fresh(draft), Changes()), at=make.NOW)
    assert [one.name for one in supposed.draft.rules.indicators] == ["到位资金"]
    assert "没有的指标" in "".join(supposed.missing)


def test_more_projects_ask_no_more_questions(starts, township, waiting):
    now = draft_ranking(starts, QUARTER)
    more = [make.new_project(township) for _ in range(4)]

    def questions(projects):
        with CaptureQueriesContext(connection) as asked:
            suppose(now, supposing(starts, projects), at=make.NOW)
        return len(asked)

    assert questions(waiting) == questions([*waiting, *more])
