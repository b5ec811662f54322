"""Adjustments and plans of targets: from which period on they hold, and what stays as it was."""

from datetime import date
from decimal import Decimal as D

import pytest
from django.core.exceptions import ValidationError

from core.periods import Period
from core.write import Refused
from reporting.dashboards.main_figures import main_figures
from reporting.dashboards.reach import Reach
from reporting.models import Target, TargetPart
from reporting.monthly.freezing import statistics_parts, thaw_statistics
from reporting.monthly.statistics import WHOLE, month_statistics
from reporting.presentation.funds import funds_by_month
from reporting.publishing.chain import canonical
from reporting.publishing.freezing import INPUTS
from reporting.publishing.kinds import content_of
from reporting.publishing.proof import broken_publications
from reporting.ranking import draft_ranking
from reporting.supposing.changes import Changes, changed_inputs
from reporting.targeting.in_force import pace, versions
from reporting.targeting.services import adjust_targets, set_plan, set_targets, withdraw_target
from tests import factories as make
from tests.publications import published, published_month

FUND = "本年累计到位资金"
MAY = Period.parse("2024-05")
QUARTERS = {1: "1000", 4: "2000", 7: "1500", 10: "1500"}
FOUND = {"document": "县委办〔2024〕9号", "reason": "项目调整"}


@pytest.fixture
def fund(contest, metrics):
    return metrics[FUND]


def adjust(county, metric, unit, basic, since, **values):
    with make.writing_as(county) as writing:
        given = {(metric, unit): D(basic)}
        return adjust_targets(writing, year=2024, given=given, since=since, **{**FOUND, **values})


def plan(county, metric, unit, amounts, months=3):
    target = Target.objects.current().filter(metric=metric, unit=unit).in_turn().last()
    given = {month: None if text is None else D(text) for month, text in amounts.items()}
    with make.writing_as(county) as writing:
        return set_plan(writing, target=target, months=months, amounts=given)


def inputs_of(scheme, code, unit):
    return next(one for one in draft_ranking(scheme, Period.parse(code)).inputs.units if one.name == unit.name)


def month_of(county, code, metric, unit):
    return month_statistics(county, Period.parse(code)).figures[metric.code, unit.code if unit else WHOLE]


# -- adjusted in mid-year ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("since", "targets"),
    [
        (date(2024, 4, 1), {"2024Q1": 6000, "2024Q2": 5000, "2024Q3": 5000}),
        (date(2024, 6, 30), {"2024Q1": 6000, "2024Q2": 5000, "2024Q3": 5000}),
        (date(2024, 7, 1), {"2024Q1": 6000, "2024Q2": 6000, "2024Q3": 5000}),
        (date(2024, 1, 1), {"2024Q1": 5000, "2024Q2": 5000}),
    ],
)
def test_a_ranking_goes_by_the_version_in_force_on_its_last_day(since, targets, contest, fund, county, township):
    adjust(county, fund, township, 5000, since)
    assert {code: inputs_of(contest, code, township).target[FUND] for code in targets} == targets


@pytest.mark.parametrize(("since", "may", "june"), [(date(2024, 5, 31), 5000, 5000), (date(2024, 6, 1), 6000, 5000)])
def test_a_month_and_the_dashboards_go_by_the_same_version(since, may, june, fund, county, township):
    adjust(county, fund, township, 5000, since)
    for code, target in (("2024-05", may), ("2024-06", june)):
        period = Period.parse(code)
        assert month_of(county, code, fund, township).target == target
        assert month_of(county, code, fund, None).target == target + 4000
        (figure,) = main_figures([fund], Reach(period, period), county, township)
        assert figure.progress.target == target


def test_both_versions_stay_and_say_by_which_document(fund, county, township):
    adjust(county, fund, township, 5000, date(2024, 6, 1))
    told = Target.objects.current().filter(unit=township).in_turn().values_list("basic", "document", "since", "reason")
    assert list(told) == [
        (6000, "县委办〔2024〕2号", None, ""),
        (5000, "县委办〔2024〕9号", date(2024, 6, 1), "项目调整"),
    ]


def test_a_target_may_be_adjusted_again_but_only_later(fund, county, township, contest):
    adjust(county, fund, township, 5000, date(2024, 5, 1))
    for since in (date(2024, 4, 30), date(2024, 5, 1)):
        with pytest.raises(Refused, match="自2024年5月1日起调整过"):
            adjust(county, fund, township, 4000, since)
    adjust(county, fund, township, 4000, date(2024, 5, 2))
    assert inputs_of(contest, "2024Q2", township).target[FUND] == 4000


def test_a_figure_that_stays_is_no_adjustment(fund, county, township):
    assert adjust(county, fund, township, 6000, date(2024, 6, 1)) == []
    assert Target.objects.filter(unit=township).count() == 1


@pytest.mark.parametrize(
    ("since", "said", "sentence"),
    [
        (date(2025, 1, 1), {}, "调整要从2024年内的某一天起"),
        (date(2024, 6, 1), {"document": ""}, "调整目标要写文号、自何时起和理由"),
        (date(2024, 6, 1), {"reason": ""}, "调整目标要写文号、自何时起和理由"),
    ],
)
def test_an_adjustment_lies_in_its_year_and_says_why(since, said, sentence, fund, county, township):
    with pytest.raises(ValidationError, match=sentence):
        adjust(county, fund, township, 5000, since, **said)
    assert not Target.objects.exclude(since=None).exists()


def test_what_was_never_set_cannot_be_adjusted(contest, metrics, county, township):
    with pytest.raises(Refused, match="还没有原目标"):
        adjust(county, metrics["新开工项目数"], township, 3, date(2024, 6, 1))


def test_the_database_holds_one_version_a_day(fund, county, township):
    adjust(county, fund, township, 5000, date(2024, 6, 1))
    twin = {"metric": fund, "unit": township, "year": 2024, "basic": D(1), "since": date(2024, 6, 1), **FOUND}
    with pytest.raises(Refused, match="同一天已经调整过"), make.writing_as(county) as writing:
        writing.add_many([Target(**twin)])


def test_an_original_stays_while_an_adjustment_hangs_on_it(fund, county, township):
    adjust(county, fund, township, 5000, date(2024, 6, 1))
    original, adjusted = Target.objects.current().filter(unit=township).in_turn()
    with pytest.raises(Refused, match="后来调整过"), make.writing_as(county) as writing:
        withdraw_target(writing, target=original, reason="撤销")
    for target in (adjusted, original):
        with make.writing_as(county) as writing:
            withdraw_target(writing, target=target, reason="撤销")
    assert not Target.objects.current().filter(unit=township).exists()


def test_a_stretch_target_below_the_new_one_goes(fund, county, township):
    target = Target.objects.get(unit=township)
    with make.writing_as(county) as writing:
        writing.change(target, stretch=D(6500))
    adjust(county, fund, township, 6200, date(2024, 5, 1))
    adjust(county, fund, township, 7000, date(2024, 6, 1))
    assert [row.stretch for row in Target.objects.filter(unit=township).in_turn()] == [6500, 6500, None]


def test_what_is_published_keeps_its_targets(contest, fund, county, township):
    row = published(contest, "2024Q2")
    adjust(county, fund, township, 5000, date(2024, 1, 1))
    frozen = next(one for one in content_of(row).inputs.units if one.name == township.name)
    assert frozen.target[FUND] == 6000
    assert inputs_of(contest, row.period, township).target[FUND] == 5000


def test_a_published_month_keeps_its_plan_and_can_be_proved(contest, fund, county, township):
    plan(county, fund, township, QUARTERS)
    row = published_month(contest, "2024-05")
    plan(county, fund, township, {1: "1", 4: "2"})
    assert content_of(row).figures[fund.code, township.code].due == D("2333.333333333")
    assert list(broken_publications(county.pk)) == []


def test_a_month_published_before_there_were_plans_is_read_back(contest, fund, county, township):
    texts = {name: canonical(content) for name, content in statistics_parts(month_statistics(county, MAY))}
    texts[INPUTS] = texts[INPUTS].replace('"plan":null,', "")
    assert '"plan"' not in texts[INPUTS]
    assert thaw_statistics("FB1", texts).figures[fund.code, township.code].due == 2500


# -- planned by month or quarter -----------------------------------------------------------------------


def test_what_is_due_follows_the_plan(contest, fund, county, township, neighbour):
    plan(county, fund, township, QUARTERS)
    assert {code: inputs_of(contest, code, township).plan[FUND] for code in ("2024Q1", "2024Q2", "2024Q4")} == {
        "2024Q1": 1000, "2024Q2": 3000, "2024Q4": 6000,
    }  # fmt: skip
    assert inputs_of(contest, "2024Q2", neighbour).plan == {}


def test_a_metric_of_the_quarter_has_the_quarters_part(contest, metrics, county, township):
    with make.writing_as(county) as writing:
        set_targets(writing, year=2024, given={(metrics["新签约项目数"], township): D(10)})
    plan(county, metrics["新签约项目数"], township, {1: "2", 4: "5", 7: "2", 10: "1"})
    assert inputs_of(contest, "2024Q2", township).plan == {"新签约项目数": 5}


def test_the_chart_of_months_follows_the_plan(fund, county, township, neighbour):
    plan(county, fund, township, QUARTERS)
    due = pace(county.pk, fund.pk, township.pk, MAY)
    assert [round(amount) for amount in due[:6]] == [333, 667, 1000, 1667, 2333, 3000]
    planned, even = (
        funds_by_month(fund, {}, MAY, pace(county.pk, fund.pk, unit.pk, MAY), unit) for unit in (township, neighbour)
    )
    assert (planned.even, planned.chart.series[1].name) == (False, "当月计划")
    assert (even.even, even.chart.series[1].name) == (True, "月均计划")
    assert pace(county.pk, fund.pk, make.new_township(county).pk, MAY) == ()


def test_a_month_takes_its_part_of_the_quarter(fund, county, township):
    plan(county, fund, township, QUARTERS)
    figure = month_of(county, "2024-05", fund, township)
    assert figure.due == D(1000) + D("1333.333333333")
    assert figure.ahead_amount == D(4500) - figure.due
    assert month_of(county, "2024-06", fund, township).due == 3000


def test_the_county_adds_up_plans_and_spreads(fund, county, township):
    plan(county, fund, township, QUARTERS)
    assert month_of(county, "2024-06", fund, None).due == 3000 + 2000


def test_a_span_with_a_gap_goes_by_the_spread(contest, fund, county, township):
    plan(county, fund, township, {4: "2000", 7: "1500"})
    assert inputs_of(contest, "2024Q2", township).plan == {}
    assert month_of(county, "2024-06", fund, township).due == 3000 == D(6000) * 6 / 12


def test_a_plan_is_of_the_version_for_which_it_was_made(contest, fund, county, township):
    plan(county, fund, township, QUARTERS)
    adjust(county, fund, township, 4800, date(2024, 6, 30))
    assert inputs_of(contest, "2024Q1", township).plan == {FUND: 1000}
    assert inputs_of(contest, "2024Q2", township).plan == {}
    plan(county, fund, township, {1: "1000", 4: "1400", 7: "1200", 10: "1200"})
    assert inputs_of(contest, "2024Q2", township).plan == {FUND: 2400}


def test_a_plan_by_months_takes_the_place_of_one_by_quarters(fund, county, township):
    assert plan(county, fund, township, QUARTERS)
    assert not plan(county, fund, township, QUARTERS)
    assert not plan(county, fund, township, dict.fromkeys(range(1, 13)), months=1)
    assert plan(county, fund, township, {1: "500", 2: "500"}, months=1)
    assert list(TargetPart.objects.current().order_by("month").values_list("month", "months")) == [(1, 1), (2, 1)]
    assert plan(county, fund, township, {1: "500", 2: None}, months=1)
    assert plan(county, fund, township, {1: "700", 2: None}, months=1)
    assert [part.amount for part in TargetPart.objects.current()] == [700]


@pytest.mark.parametrize(("month", "months"), [(2, 3), (13, 1), (0, 1), (1, 2)])
def test_the_database_holds_months_and_quarters_alone(month, months, fund, county, township):
    part = TargetPart(target=Target.objects.get(unit=township), month=month, months=months, amount=D(1))
    with pytest.raises(Refused, match="只按月或按季"), make.writing_as(county) as writing:
        writing.add_many([part])


def test_a_withdrawn_target_takes_its_plan_along(fund, county, township):
    plan(county, fund, township, QUARTERS)
    with make.writing_as(county) as writing:
        set_targets(writing, year=2024, given={(fund, township): None})
    assert not TargetPart.objects.current().exists()


def test_a_supposed_target_goes_by_its_spread(contest, fund, county, township):
    plan(county, fund, township, QUARTERS)
    inputs = draft_ranking(contest, Period.parse("2024Q2")).inputs
    supposed = changed_inputs(inputs, Changes(targets={(township.name, FUND): D(12000)}))
    assert next(one for one in supposed.units if one.name == township.name).plan == {}


def test_versions_and_plans_are_read_in_one_statement(fund, county, township, django_assert_num_queries):
    plan(county, fund, township, QUARTERS)
    adjust(county, fund, township, 4800, date(2024, 6, 30))
    with django_assert_num_queries(1):
        found = versions(county.pk, [2024], [fund.pk])
    assert [(one.basic, len(one.parts)) for one in found] == [(6000, 4), (4000, 0), (4800, 0)]
